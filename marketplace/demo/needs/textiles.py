"""Needs of the textile, footwear and apparel alliance."""

from marketplace.demo.archetype import AT_LEAST, AT_MOST, Archetype, Wanted
from marketplace.kernel.fields import Field

ARCHETYPES = (
    Archetype(
        field=Field.TEXTILES,
        alliance="TEX",
        team=("功能面料", "Functional Fabrics"),
        products=(("户外冲锋衣", "outdoor jackets"), ("医护工作服", "medical workwear"), ("骑行服", "cycling wear"),
                  ("消防员内层服", "firefighter underwear"), ("婴童睡袋", "baby sleeping bags")),
        title="{p}用无氟防水透湿面料研发",
        title_en="Fluorine-free waterproof breathable fabric for {e}",
        problem="出口市场限制全氟化合物后，{p}原有拒水整理剂不能继续使用。市售无氟整理剂初始拒水可达四级，"
        "水洗二十次后降至两级以下，且手感发硬、透湿量下降。希望开发无氟拒水体系和配套涂覆工艺，"
        "水洗{c}次后拒水等级不低于{b}级，透湿量不低于{a}，不影响染色牢度和色光。",
        background="试过石蜡类和有机硅类整理剂，前者不耐洗，后者接缝处胶带剥离强度下降。",
        confidential="目标品牌客户及订单数量不公开，样布编号 TX-{c}-{b}，限供期到明年秋冬季。",
        targets=(
            Wanted("透湿量", AT_LEAST, ("8000", "5000", "10000", "6000", "5000"), "g/(m²·24h)", "GB/T 12704.1"),
            Wanted("水洗后沾水等级", AT_LEAST, ("4", "3", "4", "3", "3"), "级", "GB/T 4745"),
            Wanted("耐水洗次数", AT_LEAST, ("30", "50", "25", "30", "20"), "次", "GB/T 8629"),
        ),
        trl=(4, 7), ceiling=(25, 75),
        skill="{p}无氟耐久拒水整理技术", skill_en="Durable fluorine-free water repellency for {e}",
        summary="以长链烷基改性树枝状聚合物和封端交联剂构建无氟拒水网络，配合微孔聚氨酯膜，适用于{p}面料。"
        "水洗三十次后沾水等级保持四级，透湿量超过9000克。",
        paper="树枝状聚合物无氟拒水整理的耐洗性", patent="一种{p}面料的无氟拒水整理剂", project="{p}面料无氟化量产",
        plans=(
            "用树枝状烷基聚合物替代含氟整理剂，低温等离子预处理提高结合力，{p}接缝处剥离强度同步考核。",
            "泡沫整理单面上浆，外侧拒水、内侧导湿，减少助剂用量，耐洗性由封端异氰酸酯交联保证。",
            "以生物基长链脂肪酸衍生物为主体，设计两浴一步法工艺，企业现有定型机即可完成。",
        ),
    ),
    Archetype(
        field=Field.TEXTILES,
        alliance="TEX",
        team=("绿色染整", "Green Dyeing"),
        products=(("涤棉针织布", "polyester-cotton knits"), ("羊毛混纺纱", "wool-blend yarn"),
                  ("再生涤纶面料", "recycled polyester"),
                  ("牛仔布", "denim"), ("莫代尔内衣布", "modal underwear fabric")),
        title="{p}少水染色工艺与残液回用研究",
        title_en="Low-water dyeing and liquor reuse for {e}",
        problem="{p}染色浴比大、水洗道数多，每吨布耗水超过九十吨，污水处理费用逐年上涨。希望通过助剂、设备参数和"
        "残液回用的整体优化，将每吨布耗水降到{a}吨以下，一次成功率不低于{b}%，回用残液染色的色差不大于{c}，"
        "不降低摩擦和皂洗牢度，改造投资两年内收回。",
        background="试过低浴比溢流机，深色品种色花严重；残液简单过滤后回用，盐分累积造成得色率不稳。",
        confidential="各品种配方卡与能耗台账仅供签约后查阅，车间代号 RZ-{a}{b}，年耗水量见附件。",
        targets=(
            Wanted("每吨布耗水", AT_MOST, ("45", "40", "38", "50", "45"), "t", "车间水表计量"),
            Wanted("一次成功率", AT_LEAST, ("95", "93", "96", "92", "95"), "%", "连续五十缸统计"),
            Wanted("残液回用色差", AT_MOST, ("0.8", "1.0", "0.8", "1.2", "0.8"), "", "GB/T 8424.3"),
        ),
        trl=(4, 8), ceiling=(30, 90),
        skill="{p}少水染色与膜法残液回用", skill_en="Low-water dyeing and membrane reuse for {e}",
        summary="通过代用碱、低盐活性染料和在线浓度检测实现{p}少水染色，残液经纳滤分离后盐水回用。"
        "现场运行吨布耗水38吨，残液回用率达到百分之七十，色差小于0.8。",
        paper="活性染料残液纳滤分盐与回用色差控制", patent="{p}染色残液在线检测与回用装置", project="{p}染色节水改造",
        plans=(
            "先做{p}水平衡测试，再用低盐染料和代用碱减少水洗，残液经纳滤回收盐水，按色号建立回用配方库。",
            "在线分光检测染液浓度，动态调整升温和加料曲线，提高一次成功率；水洗改为逆流多格。",
            "以臭氧脱色加膜分离处理残液，配合色差预测模型，分浅、中、深三类品种逐步推广。",
        ),
    ),
    Archetype(
        field=Field.FOOTWEAR,
        alliance="TEX",
        team=("鞋材发泡", "Foamed Shoe Materials"),
        products=(("马拉松跑鞋", "marathon shoes"), ("篮球鞋", "basketball shoes"), ("护士鞋", "nursing shoes"),
                  ("登山鞋", "hiking boots"), ("儿童运动鞋", "children's sports shoes")),
        title="{p}用超临界发泡轻弹中底材料研发",
        title_en="Supercritical foamed light midsole for {e}",
        problem="{p}中底要求轻量和高回弹兼顾。现用化学发泡中底密度偏高，跑动三百公里后压缩变形明显，"
        "且发泡剂残留有气味投诉。希望采用超临界流体发泡，密度不高于{a}，回弹率不低于{b}%，"
        "压缩永久变形不高于{c}%，尺寸收缩可控，适合模压成型和自动贴合。",
        background="试过两家超临界代工厂，首批手感好，但批次密度波动超过一成，贴合后侧边开胶。",
        confidential="联名款上市时间与定价保密，中底模具编号 FT-{b}-{c}，竞品拆解报告另附。",
        targets=(
            Wanted("中底密度", AT_MOST, ("0.12", "0.16", "0.18", "0.20", "0.15"), "g/cm³", "GB/T 533"),
            Wanted("回弹率", AT_LEAST, ("75", "65", "60", "58", "62"), "%", "GB/T 10652"),
            Wanted("压缩永久变形", AT_MOST, ("25", "30", "30", "28", "30"), "%", "HG/T 2876", must_have=False),
        ),
        trl=(4, 7), ceiling=(35, 95),
        skill="{p}中底超临界二氧化碳发泡技术", skill_en="Supercritical CO2 foaming for {e} midsoles",
        summary="以热塑性聚酯弹性体和共聚酰胺弹性体为基体，采用超临界二氧化碳釜压发泡制备{p}中底。"
        "密度0.11至0.18可调，回弹率最高78%，批次密度偏差小于百分之四。",
        paper="超临界发泡弹性体的泡孔结构与回弹", patent="{p}中底的超临界发泡模具与定型方法", project="{p}轻弹中底量产线",
        plans=(
            "以嵌段共聚酰胺弹性体为基料，饱和压力与泄压速率双闭环控制，{p}中底密度偏差控制在百分之四以内。",
            "采用扩链改性的热塑性聚酯弹性体降低成本，二次模压定型减少收缩，并开发水性处理剂解决贴合开胶。",
            "建立泡孔尺寸与回弹的数据库，用疲劳试验机模拟五百公里使用，优化配方后再放大到吨级。",
        ),
    ),
    Archetype(
        field=Field.FOOTWEAR,
        alliance="TEX",
        team=("制鞋自动化", "Shoe-Making Automation"),
        products=(("休闲鞋", "casual shoes"), ("安全鞋", "safety shoes"), ("帆布鞋", "canvas shoes"),
                  ("女式短靴", "women's boots"), ("轮滑鞋", "skate boots")),
        title="{p}鞋面视觉引导自动喷胶与贴合技术",
        title_en="Vision-guided gluing and lasting for {e}",
        problem="{p}成型线的刷胶工位依靠熟练工，招工难、胶量不均，且长期接触胶水。鞋面绷帮后形状个体差异大，"
        "固定轨迹的机械手经常漏喷或溢胶。希望开发三维视觉引导的喷胶系统，轨迹误差不大于{a}毫米，"
        "单只节拍不超过{b}秒，漏喷溢胶合计不高于{c}%，换款示教时间不超过半小时。",
        background="引进过一台固定轨迹喷胶机，只能做两款鞋，换款示教需要半天，已闲置。",
        confidential="产线布局图与人工成本测算仅向签约方提供，试点线别为 ZX-{b}，计划改造六条线。",
        targets=(
            Wanted("喷胶轨迹误差", AT_MOST, ("0.8", "1.0", "1.0", "0.8", "1.2"), "mm", "现场视觉复测"),
            Wanted("单只节拍", AT_MOST, ("9", "12", "8", "11", "14"), "s", "连续两小时统计"),
            Wanted("漏喷与溢胶率", AT_MOST, ("1.0", "1.5", "1.0", "0.8", "1.5"), "%", "抽检五百双"),
        ),
        trl=(5, 8), ceiling=(50, 130),
        skill="{p}三维视觉喷胶轨迹自动生成", skill_en="Automatic glue path generation for {e}",
        summary="线激光扫描绷帮后鞋面，自动识别子口线并生成喷胶轨迹，适应{p}个体形变。"
        "轨迹误差0.6毫米，换款示教二十分钟，已在三条成型线使用。",
        paper="基于点云子口线提取的鞋面喷胶轨迹规划", patent="{p}鞋面喷胶的三维视觉引导装置", project="{p}成型线自动化改造",
        plans=(
            "双线激光扫描鞋面点云，用曲率特征提取子口线，机械手在线修正轨迹，胶量由比例阀闭环控制。",
            "以深度学习分割胶线区域，结合鞋楦数模配准，解决{p}反光与褶皱造成的误识别，换款只需导入楦型。",
            "先在一条线做人机协作工位，收集缺陷数据，再升级为全自动单元并与生产系统对接。",
        ),
    ),
)  # fmt: skip
