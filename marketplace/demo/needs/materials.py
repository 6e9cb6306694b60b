"""Needs of the materials and chemistry alliance."""

from marketplace.demo.archetype import AT_LEAST, AT_MOST, Archetype, Wanted
from marketplace.kernel.fields import Field

ARCHETYPES = (
    Archetype(
        field=Field.NEW_MATERIALS,
        alliance="MAT",
        team=("表面防护", "Surface Protection"),
        products=(("户外配电箱", "outdoor switch cabinets"), ("海工紧固件", "marine fasteners"),
                  ("电动车车架", "e-bike frames"), ("空调室外机钣金", "outdoor air-conditioner panels"),
                  ("充电桩外壳", "charging-pile housings")),
        title="{p}用无铬长效防腐涂层研发",
        title_en="Chromium-free long-life anticorrosion coating for {e}",
        problem="我司{p}在沿海高湿地区使用一年左右即出现边角起泡、划痕处锈蚀扩展，售后返修率居高不下。现用工艺为磷化加静电喷粉，"
        "含铬钝化液已不符合客户的限用物质要求。希望开发不含六价铬的前处理与涂层体系，中性盐雾达到{a}小时以上，"
        "附着力不低于{b}级水平，并能在现有烘道温度下固化，单件成本增加不超过百分之十五。",
        background="曾试用两种市售锆系前处理剂，平面部位合格，焊缝和切边部位五百小时内起泡；也试过加厚涂层，但出现橘皮和流挂。",
        confidential="现用前处理槽液配比与客户名单见附页，内部代号 PF-{a}，目标客户年用量约三万套。",
        targets=(
            Wanted("中性盐雾试验时间", AT_LEAST, ("1000", "1500", "800", "1200", "1000"), "h", "GB/T 10125"),
            Wanted("附着力（拉开法）", AT_LEAST, ("5", "8", "5", "6", "5"), "MPa", "GB/T 5210"),
            Wanted("固化温度", AT_MOST, ("180", "200", "180", "190", "180"), "℃", "烘道实测", must_have=False),
        ),
        trl=(3, 7), ceiling=(45, 120),
        skill="{p}无铬防腐前处理与复合涂层技术",
        skill_en="Chromium-free pretreatment and composite coating for {e}",
        summary="以硅烷—锆盐复合转化膜代替含铬钝化，配合片层填料改性的环氧聚酯涂层，提高{p}焊缝和切边部位的防腐能力。"
        "中性盐雾试验最长达到1600小时，划痕单边腐蚀宽度小于2毫米，可沿用现有喷涂线。",
        paper="硅烷锆盐复合转化膜在{p}表面的耐盐雾性能", patent="一种用于{p}的无铬前处理液及其制备方法",
        project="{p}防腐涂层中试线建设",
        plans=(
            "采用硅烷与锆盐复合转化膜替代含铬钝化，面层为石墨烯微片改性环氧聚酯粉末，重点解决{p}切边防腐，盐雾试验分四批进行。",
            "以水性环氧底漆加氟碳改性面漆构成双层体系，先用电化学阻抗谱筛选配方，再以盐雾和附着力试验确认。",
            "对{p}焊缝做局部能谱分析，找到起泡原因后设计含缓蚀微胶囊的自修复底层，划痕处可释放缓蚀剂。",
        ),
    ),
    Archetype(
        field=Field.NEW_MATERIALS,
        alliance="MAT",
        team=("高分子改性", "Polymer Modification"),
        products=(("新能源车充电枪", "EV charging guns"), ("断路器壳体", "circuit-breaker housings"),
                  ("电池包端板", "battery-pack end plates"), ("路由器外壳", "router housings"),
                  ("电动工具壳体", "power-tool housings")),
        title="{p}用无卤阻燃增强材料开发",
        title_en="Halogen-free flame-retardant reinforced plastic for {e}",
        problem="{p}要求材料在1.5毫米厚度下达到最高阻燃等级，同时相比漏电起痕指数不低于{a}伏、缺口冲击强度不低于{b}。"
        "目前采购的进口改性尼龙价格高、交期长，国产替代料在高温高湿老化后出现析出发白，冲击强度下降明显。"
        "希望开发无卤无红磷的阻燃增强配方，注塑流动性满足薄壁件要求，并提供可稳定量产的挤出工艺。",
        background="已验证三家国产改性料，阻燃合格但老化后析出；提高玻纤含量后翘曲超差，装配卡扣断裂。",
        confidential="目标成本为每公斤二十八元以内，指定主机厂验证编号 MK-{b}07，失效件照片另附。",
        targets=(
            Wanted("相比漏电起痕指数", AT_LEAST, ("600", "600", "500", "400", "450"), "V", "GB/T 4207"),
            Wanted("缺口冲击强度", AT_LEAST, ("9", "10", "12", "14", "15"), "kJ/m²", "GB/T 1043.1"),
            Wanted("灼热丝起燃温度", AT_LEAST, ("775", "800", "775", "750", "775"), "℃", "GB/T 5169.13"),
        ),
        trl=(4, 7), ceiling=(60, 150),
        skill="{p}无卤阻燃工程塑料配方与挤出工艺",
        skill_en="Halogen-free flame-retardant compounds for {e}",
        summary="采用次磷酸盐与三嗪类协效体系，通过界面包覆抑制阻燃剂析出，面向{p}形成多个无卤阻燃增强尼龙和聚酯牌号。"
        "在百万次挤出量级下漏电起痕指数稳定在600伏，双八五老化一千小时无发白。",
        paper="次磷酸盐协效阻燃尼龙的析出机理与抑制", patent="{p}用无卤阻燃增强聚酰胺组合物",
        project="无卤阻燃材料在{p}上的量产验证",
        plans=(
            "选用包覆型二乙基次磷酸铝与三聚氰胺聚磷酸盐复配，控制总添加量在百分之十八以内，用扁平玻纤改善{p}翘曲。",
            "以共聚型阻燃尼龙为基体，从分子链上引入含磷单元，从根本上避免析出，双螺杆分段侧喂料保持玻纤长度。",
            "建立配方—流动—翘曲的数值模型，先虚拟试模再挤出小样，按漏电起痕、灼热丝、冲击的顺序逐项验证。",
        ),
    ),
    Archetype(
        field=Field.CHEMISTRY,
        alliance="MAT",
        team=("胶粘剂与界面", "Adhesives and Interfaces"),
        products=(("软包电池模组", "pouch-cell modules"), ("液晶显示模组", "LCD modules"),
                  ("车载摄像头", "car cameras"),
                  ("逆变器功率模块", "inverter power modules"), ("穿戴设备后盖", "wearable back covers")),
        title="{p}装配用低温快固导热结构胶研发",
        title_en="Fast low-temperature thermally conductive adhesive for {e}",
        problem="{p}的元件不能承受八十摄氏度以上的长时间烘烤，现用双组分胶固化需要四小时，占用大量工装。"
        "希望开发在六十摄氏度下{c}分钟内达到搬运强度的结构胶，导热系数不低于{a}，剪切强度不低于{b}兆帕，"
        "并通过冷热冲击和双八五老化，点胶过程不拉丝、无明显挥发物。",
        background="试过光固化胶，阴影区域不能完全固化；试过湿气固化聚氨酯，夏季车间湿度高时表干过快。",
        confidential="现用胶水供应商报价与点胶机参数保密，产线节拍目标为每件 {c}.5 分钟，代号 JN-{c}A1。",
        targets=(
            Wanted("导热系数", AT_LEAST, ("1.5", "0.8", "1.2", "3.0", "0.8"), "W/(m·K)", "ASTM D5470"),
            Wanted("剪切强度", AT_LEAST, ("6", "5", "8", "4", "7"), "MPa", "GB/T 7124"),
            Wanted("达到搬运强度的时间", AT_MOST, ("20", "15", "10", "25", "12"), "min", "60℃ 实测"),
        ),
        trl=(3, 6), ceiling=(40, 110),
        skill="{p}用低温快固导热胶粘剂", skill_en="Fast-curing thermally conductive adhesives for {e}",
        summary="开发潜伏型固化剂与表面处理氧化铝复配的环氧和有机硅胶粘剂，兼顾{p}装配所需的低温快固与储存稳定性。"
        "六十摄氏度十五分钟剪切强度达到7兆帕，室温储存六个月黏度变化小于百分之二十。",
        paper="微胶囊潜伏固化剂的低温释放动力学", patent="一种{p}装配用双固化导热胶及点胶方法",
        project="{p}导热胶国产替代项目",
        plans=(
            "以微胶囊型咪唑为潜伏固化剂，六十摄氏度触发释放，球形氧化铝级配提高导热系数，{p}实装验证三轮。",
            "采用光—热双重固化，光照先定位，余热完成阴影区固化，解决{p}遮挡部位不固化问题。",
            "加成型有机硅体系配合附着力促进剂，低模量吸收热应力，冷热冲击五百次不脱胶。",
        ),
    ),
    Archetype(
        field=Field.CHEMISTRY,
        alliance="MAT",
        team=("绿色精细化工", "Green Fine Chemicals"),
        products=(("木器家具", "wooden furniture"), ("儿童玩具", "toys"),
                  ("塑胶电子外壳", "plastic electronics housings"),
                  ("包装纸盒", "paper packaging"), ("乐器面板", "instrument panels")),
        title="{p}用低挥发水性涂料配方开发",
        title_en="Low-VOC waterborne coating for {e}",
        problem="按新的排放要求，{p}生产线须以水性涂料替代溶剂型涂料。目前水性面漆硬度不足，叠放时粘连，"
        "雨季干燥时间成倍延长，成品耐水和耐醇擦拭不合格。希望开发挥发性有机物含量不高于{a}的水性体系，"
        "铅笔硬度达到{b}H以上，四十摄氏度下表干不超过{c}分钟，喷涂粘度适应现有设备。",
        background="试用过两种水性丙烯酸面漆，硬度只有HB；双组分水性聚氨酯硬度达标但活化期短，浪费严重。",
        confidential="拟替代的溶剂型产品年用量约六十吨，配方由外方提供，合同编号 WB-{a}-{c} 不得公开。",
        targets=(
            Wanted("挥发性有机物含量", AT_MOST, ("80", "50", "120", "60", "90"), "g/L", "GB/T 23986"),
            Wanted("铅笔硬度", AT_LEAST, ("2", "1", "2", "1", "3"), "H", "GB/T 6739"),
            Wanted("表干时间", AT_MOST, ("25", "30", "15", "10", "30"), "min", "GB/T 1728", must_have=False),
        ),
        trl=(4, 8), ceiling=(30, 85),
        skill="{p}水性涂料树脂合成与配方", skill_en="Waterborne resins and coatings for {e}",
        summary="以核壳结构丙烯酸乳液和自交联技术提高水性涂层硬度与抗粘连性，面向{p}形成底面配套体系。"
        "挥发性有机物含量低于60克每升，四十摄氏度二十分钟表干，耐水二十四小时无泛白。",
        paper="核壳自交联丙烯酸乳液的成膜与抗粘连性", patent="{p}用快干水性面漆及其制备方法", project="{p}涂装水性化改造",
        plans=(
            "合成高玻璃化温度核、软壳的自交联乳液，兼顾成膜与硬度，配合红外加中波烘干，雨季也能保持{p}产线节拍。",
            "采用封闭型水性异氰酸酯单组分体系，取消现场混配，活化期不受限制，耐醇擦拭二百次以上。",
            "从树脂、助剂到干燥工艺整体设计，先在企业老线小批量试喷，再根据{p}粘连数据调整壳层交联度。",
        ),
    ),
)  # fmt: skip
