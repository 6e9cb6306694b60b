"""Needs of the biomedicine and food alliance."""

from marketplace.demo.archetype import AT_LEAST, AT_MOST, Archetype, Wanted
from marketplace.kernel.fields import Field

ARCHETYPES = (
    Archetype(
        field=Field.BIOMEDICINE,
        alliance="BIO",
        team=("体外诊断", "In-Vitro Diagnostics"),
        products=(("心肌损伤标志物", "cardiac markers"), ("呼吸道病原体", "respiratory pathogens"),
                  ("甲状腺功能", "thyroid function"),
                  ("食源性致病菌", "food-borne pathogens"), ("宠物传染病", "pet infections")),
        title="{p}微流控快速检测芯片与试剂研发",
        title_en="Microfluidic rapid test for {e}",
        problem="基层机构需要{p}的现场快速检测，现有层析试纸灵敏度不足，大型仪器又需送检等待。希望开发自动进样的"
        "微流控芯片和冻干试剂，检出限不高于{a}，{b}分钟内出结果，批内变异系数不高于{c}%，"
        "试剂常温保存十二个月，芯片可注塑量产，并按注册要求完成性能评价。",
        background="自研芯片在注塑后亲水处理不稳定，流速批间差异大；液体试剂需冷链运输。",
        confidential="抗体来源与克隆号保密，芯片流道图编号 WL-{b}{c}，注册路径由我司统一安排。",
        targets=(
            Wanted("检出限", AT_MOST, ("0.02", "200", "0.05", "100", "500"), "规定单位", "性能评价方案"),
            Wanted("出结果时间", AT_MOST, ("12", "40", "15", "60", "30"), "min", "整机实测"),
            Wanted("批内变异系数", AT_MOST, ("8", "5", "8", "10", "10"), "%", "YY/T 1789"),
        ),
        trl=(4, 6), ceiling=(60, 160),
        skill="{p}微流控检测平台", skill_en="Microfluidic test platform for {e}",
        summary="建立微流控芯片设计、注塑、表面改性与试剂冻干一体化平台，完成{p}检测产品原型。"
        "十五分钟出结果，批内变异系数5%，试剂四十五摄氏度加速三个月稳定。",
        paper="注塑微流控芯片亲水稳定性与流速一致性", patent="{p}检测微流控芯片及试剂盒", project="{p}即时检测产品开发",
        plans=(
            "毛细阀定时与离心驱动两种方案并行，等离子接枝保持亲水，{p}试剂冻干成微球预置，开展三批性能评价。",
            "时间分辨荧光提高灵敏度，芯片流道按注塑拔模要求优化，读数仪采用手持式光学模组。",
            "先固定抗体对与冻干保护剂，再优化芯片；全程按设计开发文档要求记录，便于注册申报。",
        ),
    ),
    Archetype(
        field=Field.BIOMEDICINE,
        alliance="BIO",
        team=("医用材料", "Biomedical Materials"),
        products=(("可吸收缝合线", "absorbable sutures"), ("创面敷料", "wound dressings"),
                  ("骨修复支架", "bone scaffolds"),
                  ("导尿管", "urinary catheters"), ("牙科膜", "dental membranes")),
        title="{p}抗菌可控降解材料研究",
        title_en="Antibacterial degradable material for {e}",
        problem="{p}在使用中需要兼顾抗菌、力学和生物相容性。现有含银产品长期细胞毒性偏高，降解速度与组织修复不匹配。"
        "希望开发不依赖重金属的抗菌材料，对金黄色葡萄球菌抑菌率不低于{a}%，力学保持时间不少于{b}天，"
        "细胞相对增殖率不低于{c}%，灭菌后性能不衰减，建立可注册的质量控制方法。",
        background="与院校合作过载药涂层，突释严重，储存三个月后抑菌率下降一半。",
        confidential="原料供应协议与临床机构名单保密，样品批号 YC-{a}{b}，动物试验数据未公开。",
        targets=(
            Wanted("抑菌率", AT_LEAST, ("99", "99", "95", "99", "98"), "%", "GB/T 20944.3"),
            Wanted("力学保持时间", AT_LEAST, ("21", "7", "90", "30", "60"), "d", "体外降解试验"),
            Wanted("细胞相对增殖率", AT_LEAST, ("80", "85", "85", "80", "85"), "%", "GB/T 16886.5"),
        ),
        trl=(3, 6), ceiling=(55, 150),
        skill="{p}抗菌降解材料", skill_en="Antibacterial degradable materials for {e}",
        summary="以季铵化壳聚糖、聚乳酸共聚物和多肽涂层构建无金属抗菌体系，应用于{p}。"
        "抑菌率99.9%，细胞相对增殖率90%，环氧乙烷灭菌后性能保持。",
        paper="季铵化壳聚糖抗菌表面的生物相容性", patent="一种抗菌{p}及其制备方法", project="{p}注册前研究",
        plans=(
            "抗菌多肽共价接枝避免突释，共聚比例调节降解周期，{p}灭菌前后性能对照三批。",
            "以季铵化天然多糖为抗菌组分，纺丝或涂覆两条路线并行，按生物学评价标准逐项试验。",
            "建立降解产物定量方法与加速模型，先体外后动物，形成可用于注册的质量标准草案。",
        ),
    ),
    Archetype(
        field=Field.FOOD,
        alliance="BIO",
        team=("食品保鲜加工", "Food Preservation"),
        products=(("鲜切荔枝", "fresh-cut lychees"), ("即食腊味", "ready-to-eat cured meat"),
                  ("湿米粉", "fresh rice noodles"),
                  ("冷鲜烧鹅", "chilled roast goose"), ("鲜榨甘蔗汁", "fresh sugar-cane juice")),
        title="{p}非热杀菌与保鲜包装技术",
        title_en="Non-thermal preservation and packaging of {e}",
        problem="{p}保质期短，热杀菌后风味和质构明显变差，长途配送损耗高。希望采用超高压、脉冲电场或气调等非热技术，"
        "菌落总数控制在规定限值内，冷藏保质期不少于{a}天，感官评分不低于{b}分，单位加工成本不高于{c}元每公斤，"
        "不新增防腐剂，并完成货架期预测模型和标签合规审查。",
        background="试过巴氏杀菌和真空包装，第五天出现汁液渗出和褐变，消费者投诉口感变差。",
        confidential="配方与门店销售数据保密，工艺试验编号 SP-{a}{b}，新品上市日期未公布。",
        targets=(
            Wanted("冷藏保质期", AT_LEAST, ("14", "60", "10", "15", "30"), "d", "GB 4789.2"),
            Wanted("感官评分", AT_LEAST, ("85", "88", "85", "88", "86"), "分", "十人评价小组"),
            Wanted("单位加工成本", AT_MOST, ("4", "3", "1.5", "5", "2"), "元/kg", "试产核算", must_have=False),
        ),
        trl=(4, 8), ceiling=(25, 75),
        skill="{p}非热加工与气调保鲜", skill_en="Non-thermal processing of {e}",
        summary="开展超高压、脉冲电场与抗菌包装协同保鲜研究，形成{p}加工参数和货架期模型。"
        "冷藏保质期延长两倍以上，风味物质保留率超过九成，通过企业中试。",
        paper="超高压协同气调对岭南食品货架期的影响", patent="{p}保鲜方法及包装", project="{p}冷链保鲜示范",
        plans=(
            "先查明{p}腐败优势菌和褐变酶，再优化压力与保压时间，配合透气率可选的包装膜。",
            "脉冲电场加抗坏血酸浸渍减少褐变，充氮包装，货架期模型以温度波动数据验证。",
            "天然植物提取物控释小袋与气调联用，无需改造产线，成本逐项核算并提供标签建议。",
        ),
    ),
    Archetype(
        field=Field.FOOD,
        alliance="BIO",
        team=("营养与发酵", "Nutrition and Fermentation"),
        products=(("低糖月饼馅", "low-sugar mooncake filling"), ("植物基酸奶", "plant-based yoghurt"),
                  ("老年吞咽食品", "dysphagia foods"),
                  ("陈皮饮品", "tangerine-peel drinks"), ("减盐酱油", "reduced-salt soy sauce")),
        title="{p}配方重构与风味稳定研究",
        title_en="Reformulation and stable flavour of {e}",
        problem="消费者要求{p}减糖减盐而风味不减。现有替代方案后味明显，储存中分层或质构变硬。希望通过酶解、发酵和"
        "胶体复配重构配方，糖或盐降低{a}%以上，感官评分不低于{b}分，储存{c}天不分层不返砂，"
        "功能成分含量可检测，声称符合食品标签规定，原料优先使用本地农产品。",
        background="委托调香公司改过两版，初期风味接受度高，两个月后出现异味，批量退货。",
        confidential="原配方与香精供应商保密，消费者测试报告编号 YY-{a}{c}，不得用于对外宣传。",
        targets=(
            Wanted("糖或盐降低", AT_LEAST, ("40", "30", "25", "50", "35"), "%", "GB 5009 系列"),
            Wanted("感官评分", AT_LEAST, ("86", "85", "82", "86", "88"), "分", "六十人消费者测试"),
            Wanted("储存稳定时间", AT_LEAST, ("90", "21", "180", "270", "365"), "d", "常温或冷藏留样"),
        ),
        trl=(4, 8), ceiling=(20, 65),
        skill="{p}减糖减盐与发酵增香", skill_en="Sugar and salt reduction for {e}",
        summary="筛选本土乳酸菌与酵母，结合酶法增香和胶体质构调控，完成{p}等产品重构。"
        "减糖45%或减盐38%，消费者测试评分88分，储存稳定。",
        paper="本土菌株发酵增香与减盐协同机制", patent="一种{p}及其制备方法", project="{p}新品开发",
        plans=(
            "以酶法产生甜味与鲜味前体，发酵补足风味，{p}质构用多糖复配控制，六十人盲测三轮。",
            "用气相色谱嗅闻确定关键风味缺口，定向添加发酵液，避免香精后味，留样跟踪全保质期。",
            "选用本地原料并做功能成分定量，配方成本与合规同步评估，中试五百公斤后移交。",
        ),
    ),
)  # fmt: skip
