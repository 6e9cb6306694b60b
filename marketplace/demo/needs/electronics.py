"""Needs of the information technology alliance: electronics and optics."""

from marketplace.demo.archetype import AT_LEAST, AT_MOST, Archetype, Wanted
from marketplace.kernel.fields import Field

ARCHETYPES = (
    Archetype(
        field=Field.ELECTRONICS,
        alliance="ICT",
        team=("功率电子", "Power Electronics"),
        products=(("电竞笔记本适配器", "gaming-laptop adapters"), ("储能变流器", "storage converters"),
                  ("车载充电机", "on-board chargers"),
                  ("服务器电源", "server power supplies"), ("植物照明驱动", "grow-light drivers")),
        title="{p}用氮化镓高功率密度电源方案",
        title_en="GaN power stage with high density for {e}",
        problem="{p}体积与温升受限，现用硅器件方案效率和功率密度都已到瓶颈。改用氮化镓后，驱动振荡和电磁干扰超标，"
        "量产一致性差。希望完成拓扑、磁件、驱动与散热的整体设计，满载效率不低于{a}%，功率密度不低于{b}，"
        "传导辐射留有{c}分贝以上裕量，提供可量产的设计文件和测试报告。",
        background="公司样机在满载时效率达标，但电磁兼容摸底超标九分贝，增加滤波器后体积又超出。",
        confidential="客户规格书与物料价格不公开，样机代号 GN-{b}W，整改记录仅供签约团队参考。",
        targets=(
            Wanted("满载效率", AT_LEAST, ("95.5", "98.2", "96.5", "97.0", "95.0"), "%", "功率分析仪"),
            Wanted("功率密度", AT_LEAST, ("1.8", "3.0", "2.5", "4.5", "1.2"), "W/cm³", "外形实测"),
            Wanted("电磁兼容裕量", AT_LEAST, ("3", "3", "6", "4", "3"), "dB", "GB/T 9254.1"),
        ),
        trl=(4, 7), ceiling=(45, 140),
        skill="{p}氮化镓高频电源设计", skill_en="High-frequency GaN power design for {e}",
        summary="掌握氮化镓驱动抑振、平面磁集成与低干扰布板技术，为{p}提供高密度电源设计。"
        "满载效率最高98.4%，电磁兼容裕量大于5分贝，三款产品量产。",
        paper="氮化镓桥臂寄生参数与共模干扰抑制", patent="{p}用平面磁集成氮化镓变换器", project="{p}电源小型化",
        plans=(
            "采用图腾柱无桥加全桥谐振两级拓扑，平面变压器绕组内置屏蔽层，{p}干扰从源头抑制。",
            "以双脉冲试验提取寄生参数，优化驱动电阻与布板回路，再做热—电磁联合仿真，缩短整改。",
            "提供三轮样机：原理、工程、试产，每轮都做高低温与电磁兼容测试，交付完整设计文件。",
        ),
    ),
    Archetype(
        field=Field.ELECTRONICS,
        alliance="ICT",
        team=("柔性传感电子", "Flexible Electronics"),
        products=(("智能鞋垫", "smart insoles"), ("电池包泄漏监测", "battery leak detection"),
                  ("座椅压力监测", "seat pressure sensing"),
                  ("可穿戴心电", "wearable ECG"), ("机器人触觉皮肤", "robot tactile skin")),
        title="{p}柔性传感器印刷制造与信号处理",
        title_en="Printed flexible sensors for {e}",
        problem="{p}需要大面积、可弯折的传感阵列，进口薄膜传感器单价高，弯折后零点漂移。希望以印刷电子工艺实现"
        "国产化，灵敏度偏差不大于{a}%，弯折寿命不低于{b}万次，长期漂移不大于{c}%，"
        "配套低功耗采集电路和温湿度补偿算法，良品率满足批量供货。",
        background="与印刷厂试制过碳浆传感器，批次间电阻差异大，潮湿环境中漂移超过两成。",
        confidential="终端客户与年度需求量保密，浆料配比试验编号 RX-{a}{b}，不得在论文中披露。",
        targets=(
            Wanted("灵敏度偏差", AT_MOST, ("5", "8", "6", "3", "8"), "%", "批内一百片"),
            Wanted("弯折寿命", AT_LEAST, ("50", "5", "20", "10", "30"), "万次", "半径五毫米弯折"),
            Wanted("长期漂移", AT_MOST, ("5", "4", "5", "2", "6"), "%", "千小时老化"),
        ),
        trl=(3, 6), ceiling=(35, 95),
        skill="{p}印刷柔性传感器", skill_en="Printed flexible sensors for {e}",
        summary="以银纳米线—弹性体复合浆料和卷对卷丝印制备{p}所需柔性阵列，并配套补偿算法。"
        "批内灵敏度偏差4%，弯折五十万次无断线，已建成百平方米每日的中试线。",
        paper="卷对卷丝印柔性压力阵列的一致性控制", patent="一种{p}用柔性传感阵列及补偿方法", project="{p}传感器中试",
        plans=(
            "采用微结构介电层电容方案降低温漂，卷对卷丝印，{p}每片激光修调电阻，良率目标百分之九十五。",
            "浆料以银包铜纳米片降低成本，表面封装疏水层，采集端差分读出抑制湿度影响。",
            "先做五十片小批考核漂移机理，再固化浆料与固化曲线，同步开发标定治具。",
        ),
    ),
    Archetype(
        field=Field.OPTICS,
        alliance="ICT",
        team=("光学设计与镀膜", "Optical Design and Coating"),
        products=(("车载抬头显示", "head-up displays"), ("增强现实眼镜", "AR glasses"),
                  ("激光雷达窗口", "lidar windows"),
                  ("内窥镜镜头", "endoscope lenses"), ("投影仪镜头", "projector lenses")),
        title="{p}光学系统设计与高透抗污镀膜",
        title_en="Optical design and durable coating for {e}",
        problem="{p}在强光和大温差环境下出现杂散光、重影和膜层脱落，良率不到七成。希望重新设计光学系统与膜系，"
        "可用波段透过率不低于{a}%，畸变不大于{b}%，膜层经高温高湿和摩擦试验后水接触角不低于{c}度，"
        "公差分配适应国内注塑与模压能力，控制总成本。",
        background="外协镀膜样品初始透过率达标，双八五三百小时后边缘起雾；杂散光测试没有定量方法。",
        confidential="整机结构与客户名称不公开，镜片图号 GX-{a}-{b}，竞品逆向数据仅供内部比较。",
        targets=(
            Wanted("透过率", AT_LEAST, ("92", "85", "96", "95", "90"), "%", "分光光度计"),
            Wanted("畸变", AT_MOST, ("2", "1.5", "1", "5", "0.8"), "%", "GB/T 27667"),
            Wanted("老化后水接触角", AT_LEAST, ("100", "105", "100", "95", "95"), "°", "GB/T 30693", must_have=False),
        ),
        trl=(4, 7), ceiling=(50, 140),
        skill="{p}光学系统与功能膜层", skill_en="Optical systems and functional coatings for {e}",
        summary="具备自由曲面设计、杂散光分析与离子辅助镀膜能力，服务{p}等产品。"
        "膜层双八五一千小时不脱落，透过率最高97%，水接触角老化后仍大于103度。",
        paper="自由曲面成像系统的杂散光定量分析", patent="{p}用增透抗污复合膜系", project="{p}光学模组国产化",
        plans=(
            "以自由曲面校正畸变，公差反演分配到各镜片，杂散光用光线追迹与实测双重验证，{p}样机两轮定型。",
            "过渡层采用氧化硅梯度膜提高附着力，表层为全氟聚醚替代物，满足限用要求，老化后接触角保持。",
            "先复现起雾失效机理，再优化清洗和离子源参数，提供镀膜作业指导书与检测治具。",
        ),
    ),
    Archetype(
        field=Field.OPTICS,
        alliance="ICT",
        team=("激光制造", "Laser Processing"),
        products=(("钙钛矿电池", "perovskite cells"), ("陶瓷手机后盖", "ceramic phone backs"),
                  ("微型发光二极管", "micro-LEDs"),
                  ("心血管支架", "vascular stents"), ("铜箔集流体", "copper current collectors")),
        title="{p}超快激光精密加工工艺与装备",
        title_en="Ultrafast laser processing of {e}",
        problem="{p}加工要求热影响极小，现用纳秒激光边缘有熔渣和微裂纹，后续清洗成本高。希望开发超快激光工艺和"
        "同轴监测装备，热影响区不大于{a}微米，加工速度不低于{b}毫米每秒，良率不低于{c}%，"
        "能够自动补偿焦点和材料批次差异，关键部件优先采用国产激光器。",
        background="送三家设备商打样，两家热影响合格但速度慢一半，另一家边缘锥度超差。",
        confidential="材料叠层结构与产能规划保密，打样记录编号 JG-{a}{b}，不接受向第三方展示。",
        targets=(
            Wanted("热影响区", AT_MOST, ("5", "10", "3", "8", "6"), "μm", "金相显微镜"),
            Wanted("加工速度", AT_LEAST, ("1500", "60", "800", "20", "2000"), "mm/s", "装备实测"),
            Wanted("良率", AT_LEAST, ("98", "95", "99", "97", "98"), "%", "三批统计"),
        ),
        trl=(4, 7), ceiling=(60, 160),
        skill="{p}超快激光微加工", skill_en="Ultrafast laser micromachining of {e}",
        summary="拥有飞秒与皮秒加工平台，掌握脉冲串整形、光束整形和同轴断层监测技术，完成{p}工艺开发。"
        "热影响区小于4微米，速度提高两倍，三台装备交付使用。",
        paper="脉冲串整形对脆性材料超快激光加工的影响", patent="{p}激光加工的同轴焦点补偿装置", project="{p}激光装备研制",
        plans=(
            "以脉冲串与平顶光束降低热积累，同轴相干断层实时测焦，{p}批次差异由首件标定自动补偿。",
            "多光束并行加工提高速度，国产皮秒光源加自研振镜校正，良率由在线图像闭环控制。",
            "先建立单脉冲烧蚀阈值库，优化扫描策略消除熔渣，再设计吸尘与清洁方案。",
        ),
    ),
)  # fmt: skip
