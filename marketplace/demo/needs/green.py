"""Needs of the energy, environment and construction alliance."""

from marketplace.demo.archetype import AT_LEAST, AT_MOST, Archetype, Wanted
from marketplace.kernel.fields import Field

ARCHETYPES = (
    Archetype(
        field=Field.ENERGY,
        alliance="GRN",
        team=("储能安全", "Storage Safety"),
        products=(("工商业储能柜", "commercial storage cabinets"), ("换电柜", "battery-swap cabinets"),
                  ("户用储能", "home storage"),
                  ("钠离子电池模组", "sodium-ion modules"), ("梯次利用电池", "second-life batteries")),
        title="{p}热失控早期预警与抑制技术",
        title_en="Early warning and suppression of thermal runaway in {e}",
        problem="{p}现有电池管理系统仅监测电压和温度，报警时热失控往往已经发生。希望研究气体、膨胀力与阻抗等多参量"
        "早期预警方法，预警提前量不小于{a}分钟，误报率不高于{b}%，并配套模组级抑制装置，"
        "触发后相邻电芯最高温度不超过{c}摄氏度，满足并网和消防验收要求。",
        background="加装过可燃气体探头，安装位置不同结果差别大；全淹没灭火后仍有复燃。",
        confidential="电芯供应商及事故分析报告不公开，柜体编号 CN-{a}{c}，试验视频不得外传。",
        targets=(
            Wanted("预警提前量", AT_LEAST, ("10", "5", "15", "8", "12"), "min", "加热触发试验"),
            Wanted("误报率", AT_MOST, ("0.5", "1", "0.3", "1", "1"), "%/年", "一年运行统计"),
            Wanted("相邻电芯最高温度", AT_MOST, ("90", "100", "85", "95", "100"), "℃", "GB/T 36276"),
        ),
        trl=(4, 7), ceiling=(60, 160),
        skill="{p}多参量安全预警与抑制", skill_en="Multi-parameter safety warning for {e}",
        summary="融合氢气、膨胀力与在线阻抗的早期预警算法，配套相变隔热与微胶囊灭火片，用于{p}。"
        "加热触发试验平均提前14分钟预警，相邻电芯温度低于85摄氏度。",
        paper="氢气与膨胀力融合的锂电热失控早期预警", patent="{p}热失控预警与抑制模组", project="{p}安全监测系统示范",
        plans=(
            "在模组内布置氢敏与薄膜压力传感，阻抗在线测量每小时一次，融合判据由{p}历史数据校准，误报逐级确认。",
            "电芯间采用气凝胶加相变复合隔热片，顶部微胶囊全氟己酮替代物定点释放，避免复燃。",
            "先做单体、模组、整柜三级触发试验，建立预警与抑制联动策略，再进行一年示范运行。",
        ),
    ),
    Archetype(
        field=Field.ENERGY,
        alliance="GRN",
        team=("余热与热泵", "Waste Heat and Heat Pumps"),
        products=(("印染定型机", "stenter frames"), ("注塑车间冷却水", "moulding cooling water"),
                  ("食品烘干线", "food dryers"),
                  ("数据机房", "data rooms"), ("铝型材时效炉", "ageing furnaces")),
        title="{p}余热回收高温热泵系统研发",
        title_en="High-temperature heat pump recovering heat from {e}",
        problem="{p}大量中低温余热直接排放，同时厂内又用天然气锅炉供热。希望研制高温热泵回收余热，出水温度不低于{a}摄氏度，"
        "系统能效比不低于{b}，换热器耐油污和纤维积垢，清洗周期不短于{c}天，"
        "冷媒满足低全球变暖潜能要求，投资回收期不超过三年。",
        background="安装过一套板式换热回收装置，三个月后油污堵塞，压降增大，最终拆除。",
        confidential="燃气费用与生产负荷曲线不公开，改造点位编号 YR-{a}{c}，拟复制到五家分厂。",
        targets=(
            Wanted("出水温度", AT_LEAST, ("110", "80", "95", "75", "120"), "℃", "现场测试"),
            Wanted("系统能效比", AT_LEAST, ("2.8", "4.0", "3.2", "4.2", "2.5"), "", "GB/T 25861"),
            Wanted("清洗周期", AT_LEAST, ("60", "120", "45", "180", "90"), "d", "运行记录", must_have=False),
        ),
        trl=(4, 7), ceiling=(50, 150),
        skill="{p}高温热泵与抗垢换热", skill_en="High-temperature heat pumps and fouling-resistant exchangers for {e}",
        summary="研制双级压缩高温热泵与疏油涂层换热器，用于{p}余热利用。"
        "出水温度最高125摄氏度，能效比2.9，换热器连续运行九十天免清洗。",
        paper="含油纤维烟气中疏油换热表面的积垢特性", patent="{p}余热回收热泵系统", project="{p}余热利用改造",
        plans=(
            "先测{p}余热的温度与流量曲线，采用双级压缩加喷气增焓，换热器涂疏油层并自动反吹。",
            "以低全球变暖潜能工质为基础优化压缩机容积比，蓄热罐削峰，按分时电价控制运行。",
            "模块化机组先上一台验证三个月，再按能效与积垢数据放大，交付运维规程。",
        ),
    ),
    Archetype(
        field=Field.ENVIRONMENT,
        alliance="GRN",
        team=("工业水处理", "Industrial Water Treatment"),
        products=(("电镀废水", "electroplating waste water"), ("线路板含铜废水", "copper-bearing PCB water"),
                  ("印染浓水", "dyeing concentrate"), ("食品发酵废水", "fermentation waste water"),
                  ("垃圾渗滤液", "landfill leachate")),
        title="{p}深度处理与资源化回收技术",
        title_en="Deep treatment and resource recovery from {e}",
        problem="{p}现有物化加生化工艺出水波动，化学需氧量和总氮难以稳定达到新的排放限值，污泥按危险废物外运费用高。"
        "希望通过分质收集、膜分离和资源回收组合工艺，出水化学需氧量不高于{a}，水回用率不低于{b}%，"
        "污泥减量{c}%以上，运行成本每吨水不高于现有水平。",
        background="试过臭氧氧化和活性炭吸附，出水能达标但药剂成本翻倍；反渗透膜两个月即污堵。",
        confidential="水质全分析报告与药剂用量不公开，排口编号 SC-{a}-{b}，环保检查记录另行查阅。",
        targets=(
            Wanted("出水化学需氧量", AT_MOST, ("50", "50", "60", "60", "80"), "mg/L", "HJ 828"),
            Wanted("水回用率", AT_LEAST, ("65", "75", "60", "50", "55"), "%", "流量计量"),
            Wanted("污泥减量", AT_LEAST, ("40", "50", "30", "40", "30"), "%", "台账统计"),
        ),
        trl=(5, 8), ceiling=(50, 150),
        skill="{p}膜法资源化处理", skill_en="Membrane-based recovery from {e}",
        summary="以电渗析、特种纳滤和高级氧化组合处理{p}，同步回收金属或盐。"
        "连续运行一年出水化学需氧量低于45毫克每升，水回用率78%，污泥减量过半。",
        paper="选择性电渗析用于工业废水分盐与金属回收", patent="{p}分质处理与回收系统", project="{p}回用工程",
        plans=(
            "源头分质后以选择性电渗析回收有价组分，余水经催化氧化与膜生物反应器，{p}水质波动由均质池和在线监测消纳。",
            "特种纳滤截留有机物，浓水电催化氧化，膜污染用周期气擦洗控制，全流程成本按吨水核算。",
            "先开展三个月连续中试，取得膜通量衰减数据，再给出工程设计包与达标保证值。",
        ),
    ),
    Archetype(
        field=Field.ENVIRONMENT,
        alliance="GRN",
        team=("废气与固废治理", "Air and Solid Waste"),
        products=(("喷涂有机废气", "painting exhaust"), ("制鞋胶水废气", "shoe-glue fumes"),
                  ("铸造废砂", "foundry sand"),
                  ("废旧锂电池", "spent lithium batteries"), ("边角塑料", "plastic offcuts")),
        title="{p}低成本治理与循环利用技术研究",
        title_en="Low-cost treatment and recycling of {e}",
        problem="{p}浓度和成分随生产批次变化，现有治理设施能耗高、耗材更换频繁，处理后的物料没有稳定出路。"
        "希望开发适应波动工况的治理与循环利用工艺，去除率或回收率不低于{a}%，吨处理能耗降低{b}%以上，"
        "连续稳定运行不少于{c}小时，产物达到可再利用的质量标准。",
        background="使用活性炭箱或外委处置，费用逐年上涨；自建小试装置因批次差异大而停用。",
        confidential="处置合同价格与产量数据不公开，设施编号 FQ-{a}{b}，异味投诉记录内部掌握。",
        targets=(
            Wanted("去除率或回收率", AT_LEAST, ("97", "95", "90", "95", "92"), "%", "第三方检测"),
            Wanted("单位能耗降低", AT_LEAST, ("30", "25", "20", "30", "25"), "%", "对比测试"),
            Wanted("连续稳定运行", AT_LEAST, ("2000", "2000", "1000", "720", "1000"), "h", "运行记录"),
        ),
        trl=(4, 7), ceiling=(35, 110),
        skill="{p}治理与循环利用", skill_en="Treatment and recycling of {e}",
        summary="针对{p}成分波动，开发分子筛转轮、低温催化和分选再生成套技术，按批次自动调节。"
        "去除率98%，单位能耗降低35%，再生产物通过用户验证。",
        paper="波动工况下吸附—催化协同治理的能耗优化", patent="{p}自适应处理装置", project="{p}循环利用示范",
        plans=(
            "在线检测入口成分，动态调整吸附与催化切换周期，减少空耗；{p}产物按用途分级出料。",
            "低温等离子与催化剂复合，起燃温度降低六十摄氏度，余热回用预热进气。",
            "建立批次指纹数据库，先小试筛选工艺，再建设移动式中试装置到厂连续运行。",
        ),
    ),
    Archetype(
        field=Field.CONSTRUCTION,
        alliance="GRN",
        team=("低碳建材", "Low-Carbon Materials"),
        products=(("装配式内墙板", "prefabricated wall panels"), ("市政透水砖", "permeable pavers"),
                  ("管廊预制件", "utility-tunnel segments"),
                  ("外墙保温板", "insulation boards"), ("码头面层混凝土", "wharf concrete")),
        title="利用工业固废制备{p}的配方与工艺",
        title_en="Industrial-waste-based {e}: mix design and process",
        problem="{p}水泥用量高、碳排放大，而周边矿渣、污泥灰等固废缺少消纳途径。希望以固废替代水泥{a}%以上，"
        "二十八天抗压强度不低于{b}兆帕，干燥收缩不大于{c}，早期强度满足一天脱模，重金属浸出达标，"
        "并给出碳足迹核算方法，便于申报绿色建材认证。",
        background="试配过矿渣粉大掺量配比，后期强度合格，但冬季脱模慢、表面泛碱，客户拒收。",
        confidential="固废来源与采购价格不公开，配合比编号 JC-{a}{b}，试点工程名称暂不披露。",
        targets=(
            Wanted("固废替代率", AT_LEAST, ("50", "60", "40", "45", "35"), "%", "配合比核算"),
            Wanted("二十八天抗压强度", AT_LEAST, ("15", "40", "50", "10", "55"), "MPa", "GB/T 50081"),
            Wanted("干燥收缩", AT_MOST, ("0.05", "0.06", "0.04", "0.08", "0.04"), "%", "GB/T 50082", must_have=False),
        ),
        trl=(5, 8), ceiling=(25, 80),
        skill="{p}固废胶凝材料", skill_en="Waste-based binders for {e}",
        summary="利用矿渣、钢渣与污泥焚烧灰制备碱激发和碳化养护胶凝材料，用于{p}。"
        "固废替代率最高70%，一天强度满足脱模，浸出毒性低于限值。",
        paper="多源固废胶凝材料的早强与泛碱控制", patent="一种固废基{p}及制备方法", project="{p}固废利用生产线",
        plans=(
            "以矿渣—钢渣—石膏三元体系替代水泥，纳米晶核促早强，{p}泛碱由孔结构调控和表面处理解决。",
            "采用二氧化碳养护，十二小时达到脱模强度，同时固碳，碳足迹由全流程台账核算。",
            "先测固废成分波动，建立配合比自动调整表，在企业搅拌站连续试产二十批。",
        ),
    ),
    Archetype(
        field=Field.CONSTRUCTION,
        alliance="GRN",
        team=("智能建造", "Smart Construction"),
        products=(("深基坑", "deep excavations"), ("高支模", "high formwork"), ("老旧幕墙", "ageing curtain walls"),
                  ("跨江桥梁", "river bridges"), ("地下管网", "underground pipes")),
        title="{p}安全监测与风险预警系统研发",
        title_en="Safety monitoring and early warning for {e}",
        problem="{p}监测仍以人工巡测为主，数据滞后，恶劣天气时无法测量。希望研制低成本自动监测与风险预警系统，"
        "变形测量精度不低于{a}毫米，预警提前时间不少于{b}小时，设备免维护{c}天以上，"
        "预警结论可解释，并能接入城市安全监管平台。",
        background="安装过一批倾角和位移传感器，供电与通信故障多，阈值报警频繁误报，现场已不再关注。",
        confidential="工程位置与结构图属受控资料，监测点布置编号 JZ-{b}{c}，历史险情记录不公开。",
        targets=(
            Wanted("变形测量精度", AT_MOST, ("1", "2", "1", "0.5", "3"), "mm", "GB 50497"),
            Wanted("预警提前时间", AT_LEAST, ("12", "2", "24", "24", "12"), "h", "历史数据回放"),
            Wanted("免维护时间", AT_LEAST, ("180", "90", "365", "365", "365"), "d", "现场考核"),
        ),
        trl=(4, 7), ceiling=(35, 100),
        skill="{p}视觉与光纤融合监测", skill_en="Vision and fibre-optic monitoring of {e}",
        summary="融合视觉位移、分布式光纤和微功耗节点，结合力学模型给出可解释预警，已用于{p}。"
        "位移精度0.5毫米，成功预警两次险情，单点成本下降六成。",
        paper="力学模型与数据融合的结构风险预警", patent="{p}变形视觉监测装置", project="{p}安全监测示范",
        plans=(
            "视觉靶标与微功耗节点互为备份，{p}力学模型实时反演，预警给出原因与处置建议。",
            "分布式光纤覆盖全断面，太阳能与温差取能供电，断网时本地存储并补传。",
            "以历史险情回放标定阈值，先并行运行三个月对照人工巡测，再正式接管。",
        ),
    ),
)  # fmt: skip
