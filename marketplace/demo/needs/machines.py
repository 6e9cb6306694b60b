"""Needs of the intelligent manufacturing alliance."""

from marketplace.demo.archetype import AT_LEAST, AT_MOST, Archetype, Wanted
from marketplace.kernel.fields import Field

ARCHETYPES = (
    Archetype(
        field=Field.MACHINERY,
        alliance="MFG",
        team=("精密加工", "Precision Machining"),
        products=(("手机中框", "phone frames"), ("谐波减速器柔轮", "harmonic-drive flexsplines"),
                  ("涡旋压缩机动盘", "scroll plates"),
                  ("医用骨板", "bone plates"), ("光通信套筒", "optical sleeves")),
        title="{p}薄壁件高速铣削颤振抑制与刀具寿命提升",
        title_en="Chatter suppression and longer tool life in thin-wall milling of {e}",
        problem="{p}壁厚最薄处不足一毫米，高速精铣时出现振纹，只能降低转速和切深，节拍难以满足交付。刀具平均加工"
        "两百余件即崩刃，换刀后首件尺寸波动。希望建立在线颤振识别与主轴转速自适应调整方法，表面粗糙度不高于{a}微米，"
        "单刀加工件数不少于{b}件，不更换现有机床。",
        background="做过模态锤击试验，得到的稳定区在装夹状态变化后失准；更换进口刀具成本增加三成，寿命仅提高一成。",
        confidential="机台清单与客户图号不公开，试验夹具编号 JG-{b}，节拍目标比现有缩短百分之十八。",
        targets=(
            Wanted("表面粗糙度 Ra", AT_MOST, ("0.4", "0.2", "0.8", "0.4", "0.1"), "μm", "GB/T 1031"),
            Wanted("单刀加工件数", AT_LEAST, ("450", "300", "600", "380", "500"), "件", "连续三批统计"),
            Wanted("加工节拍缩短", AT_LEAST, ("15", "12", "20", "15", "10"), "%", "现场计时", must_have=False),
        ),
        trl=(4, 7), ceiling=(40, 110),
        skill="{p}高速铣削颤振在线识别与抑制", skill_en="Online chatter detection and suppression for {e}",
        summary="采集主轴电流与振动信号，提前识别颤振征兆并自动调整转速，适用于{p}等薄壁零件。"
        "现场应用后振纹报废率下降八成，刀具寿命平均提高百分之六十。",
        paper="薄壁件铣削变模态参数的颤振稳定性预测", patent="一种{p}铣削颤振在线抑制方法", project="{p}高效精密加工示范线",
        plans=(
            "在主轴端加装三向加速度与电流传感，小波能量熵识别颤振征兆，通过机床接口实时修调转速，保护{p}已加工面。",
            "建立随材料去除变化的工件模态模型，离线给出变转速程序，再以少量试切修正，无需改造机床。",
            "设计随形真空与石蜡复合辅助支撑夹具，提高薄壁刚度，同时优化刀具螺旋角与涂层。",
        ),
    ),
    Archetype(
        field=Field.MACHINERY,
        alliance="MFG",
        team=("模具与成形", "Moulds and Forming"),
        products=(("汽车大灯饰圈", "headlamp bezels"), ("连接器端子", "connector terminals"),
                  ("咖啡机内胆", "coffee-machine liners"),
                  ("笔记本外壳", "laptop shells"), ("医用注射器", "syringes")),
        title="{p}模具随形冷却与成形质量预测",
        title_en="Conformal cooling and quality prediction for moulds of {e}",
        problem="{p}成形周期长、翘曲大，试模平均需要五轮。传统直孔水路无法贴近型腔，局部温差超过二十摄氏度。"
        "希望采用增材制造随形水路镶件并结合模内传感，成形周期缩短{a}%以上，关键尺寸翘曲不大于{b}毫米，"
        "并在开模前预测缺陷，把试模次数降到两轮以内。",
        background="外购过一套打印镶件，使用三万模次后水路锈堵，疲劳开裂，没有形成设计规范。",
        confidential="模具三维数据须签署保密协议，模号 MJ-{a}-K，年产量与客户分配比例另行提供。",
        targets=(
            Wanted("成形周期缩短", AT_LEAST, ("25", "15", "20", "18", "22"), "%", "同机台对比"),
            Wanted("关键尺寸翘曲", AT_MOST, ("0.15", "0.03", "0.20", "0.10", "0.05"), "mm", "三坐标测量"),
            Wanted("镶件寿命", AT_LEAST, ("300000", "1000000", "200000", "300000", "800000"), "模次", "生产记录"),
        ),
        trl=(4, 7), ceiling=(35, 100),
        skill="{p}随形冷却模具设计与打印", skill_en="Conformally cooled moulds for {e}",
        summary="提供随形水路设计、模具钢激光选区熔化成形、热处理与防锈镀层成套工艺，用于{p}模具。"
        "成形周期缩短百分之二十八，镶件寿命超过五十万模次。",
        paper="随形水路模具钢镶件的热疲劳寿命", patent="{p}注塑模随形冷却镶件", project="{p}模具快速试制平台",
        plans=(
            "以模流与热疲劳联合仿真确定水路走向，马氏体时效钢打印镶件，内壁化学镀镍磷防锈，{p}关键尺寸在线监测。",
            "只在热点区域嵌接打印镶件，其余沿用传统水路，降低成本；模内压力温度传感用于缺陷预测。",
            "建立试模数据与仿真参数的校准方法，第一轮试模即可给出工艺窗口，减少修模次数。",
        ),
    ),
    Archetype(
        field=Field.ROBOTICS,
        alliance="MFG",
        team=("协作机器人", "Collaborative Robots"),
        products=(("无序堆叠铸件", "randomly piled castings"), ("柔性线束", "flexible wire harnesses"),
                  ("蛋糕裱花", "cake decorating"),
                  ("快递软包", "soft parcels"), ("玻璃盖板", "cover glass")),
        title="面向{p}的机器人抓取与操作系统研发",
        title_en="Robotic picking and handling of {e}",
        problem="{p}形态多变、相互遮挡或表面反光，现有示教式机器人抓取成功率不足八成，仍需专人看守。"
        "希望研制视觉与力觉融合的抓取系统，一次抓取成功率不低于{a}%，单次节拍不超过{b}秒，"
        "新品种导入时间不超过一天，并满足人机协作安全要求。",
        background="采购过两套三维相机方案，静态演示良好，现场光照变化和粉尘条件下误识别明显增加。",
        confidential="目标客户与设备售价不公开，样机代号 XT-{a}{b}，首批计划配套十二台。",
        targets=(
            Wanted("一次抓取成功率", AT_LEAST, ("98", "95", "97", "99", "99"), "%", "连续一千次统计"),
            Wanted("单次节拍", AT_MOST, ("6", "12", "9", "4", "7"), "s", "现场计时"),
            Wanted("新品种导入时间", AT_MOST, ("8", "24", "12", "8", "8"), "h", "现场考核", must_have=False),
        ),
        trl=(4, 7), ceiling=(55, 160),
        skill="{p}视觉力觉融合抓取技术", skill_en="Vision and force fused grasping of {e}",
        summary="融合点云分割、抓取位姿网络与末端六维力控制，解决{p}的识别与柔顺抓取问题。"
        "现场一次成功率98.6%，新品种通过仿真数据训练，导入时间小于六小时。",
        paper="仿真到现实迁移的杂乱场景抓取位姿估计", patent="面向{p}的自适应抓取末端及控制方法", project="{p}自动上下料单元",
        plans=(
            "用合成数据训练抓取网络，现场只需少量标注；末端集成力传感与真空夹爪复合手，失败后自动重试，适应{p}遮挡。",
            "多视角结构光配合偏振成像抑制反光，力位混合控制保护工件，安全功能按协作机器人标准设计。",
            "先以遥操作采集熟练工动作，再用模仿学习得到操作策略，逐步替代人工看守。",
        ),
    ),
    Archetype(
        field=Field.ROBOTICS,
        alliance="MFG",
        team=("移动机器人", "Mobile Robots"),
        products=(("电子车间物料", "electronics materials"), ("洁净室晶圆盒", "cleanroom wafer boxes"),
                  ("冷库托盘", "cold-store pallets"),
                  ("喷涂挂具", "paint-line racks"), ("医院药品", "hospital medicines")),
        title="{p}多移动机器人调度与高精度对接",
        title_en="Fleet dispatching and precise docking for {e}",
        problem="{p}转运已使用二十余台移动机器人，高峰期路口拥堵死锁，平均等待超过四分钟；与设备对接误差大，"
        "每班人工扶正十余次。希望开发混合车型统一调度系统和末端对接方法，对接误差不大于{a}毫米，"
        "高峰任务吞吐提高{b}%以上，支持与生产执行系统对接，断网时可安全降级运行。",
        background="现有两家供应商的调度系统互不相通，只能分区管理；贴码定位在地面磨损后漂移。",
        confidential="车间平面图与生产计划接口文档不公开，项目代号 DD-{b}，拟覆盖三个厂区。",
        targets=(
            Wanted("对接误差", AT_MOST, ("3", "1", "5", "5", "5"), "mm", "激光跟踪仪"),
            Wanted("高峰吞吐提高", AT_LEAST, ("25", "20", "30", "25", "20"), "%", "同班次对比"),
        ),
        trl=(5, 8), ceiling=(50, 140),
        skill="{p}多机混合调度与视觉对接", skill_en="Mixed-fleet scheduling and visual docking for {e}",
        summary="提供异构移动机器人统一调度内核与视觉激光融合对接，适用于{p}转运。"
        "六十台规模无死锁运行，吞吐提高百分之三十二，对接误差2毫米以内。",
        paper="时空走廊约束下的多移动机器人无死锁规划", patent="{p}转运机器人的视觉伺服对接方法", project="{p}智能转运系统",
        plans=(
            "以时间窗路径规划和路口资源预约避免死锁，统一两家车型的通信协议，{p}高峰期按任务等级动态分配。",
            "末端采用反光柱与二维码双基准视觉伺服，对接失败自动退让重试；调度系统双机热备。",
            "先建立数字孪生评估瓶颈，再分区上线，离线时各车按本地规则降速安全停靠。",
        ),
    ),
    Archetype(
        field=Field.INSTRUMENTS,
        alliance="MFG",
        team=("无损检测", "Non-Destructive Testing"),
        products=(("动力电池极片", "battery electrodes"), ("碳纤维车架", "carbon-fibre frames"),
                  ("铝合金压铸件", "die castings"),
                  ("陶瓷基板", "ceramic substrates"), ("焊接钢管", "welded pipes")),
        title="{p}在线无损检测仪器研制",
        title_en="Inline non-destructive tester for {e}",
        problem="{p}内部缺陷目前靠离线抽检，漏检件流到客户端造成批量索赔。人工看图效率低，判定标准不一。"
        "希望研制可嵌入产线的在线检测仪器，最小可检缺陷{a}毫米，单件检测时间不超过{b}秒，"
        "漏检率不高于{c}%，检测数据可追溯到批次，并给出缺陷类型与位置。",
        background="比对过超声、涡流和射线三种方法，实验室均能发现缺陷，但速度或成本不满足产线要求。",
        confidential="索赔记录与缺陷样件库仅供签约团队使用，样件编号 QX-{a}-{c}，不得复制。",
        targets=(
            Wanted("最小可检缺陷", AT_MOST, ("0.05", "0.5", "0.3", "0.02", "0.4"), "mm", "标准缺陷样块"),
            Wanted("单件检测时间", AT_MOST, ("1", "30", "8", "3", "15"), "s", "产线实测"),
            Wanted("漏检率", AT_MOST, ("0.1", "0.5", "0.3", "0.2", "0.5"), "%", "一千件盲测"),
        ),
        trl=(4, 7), ceiling=(60, 150),
        skill="{p}在线无损检测与智能判读", skill_en="Inline NDT with automatic reading for {e}",
        summary="集成激光超声、红外热成像与深度学习判读，为{p}提供在线无损检测仪器。"
        "最小可检缺陷0.03毫米，漏检率低于0.2%，已有两台样机连续运行一年。",
        paper="激光超声与热像融合的近表面缺陷识别", patent="{p}缺陷在线检测装置及判读方法", project="{p}全检系统研制",
        plans=(
            "脉冲红外热像与线阵相机同步采集，缺陷分割网络实时判读，{p}检测结果写入批次追溯系统。",
            "空气耦合超声阵列实现非接触扫描，结合合成孔径成像提高分辨率，标准样块每班自校。",
            "微焦点射线快速透视与重建相结合，先全检可疑区再局部精扫，平衡速度与成本。",
        ),
    ),
    Archetype(
        field=Field.INSTRUMENTS,
        alliance="MFG",
        team=("智能传感", "Smart Sensors"),
        products=(("注塑机液压站", "injection-press hydraulics"), ("空压机群", "air compressors"),
                  ("高速电主轴", "motor spindles"),
                  ("电梯曳引机", "lift traction machines"), ("冷水机组", "chillers")),
        title="{p}状态监测低功耗无线传感器研发",
        title_en="Low-power wireless condition sensors for {e}",
        problem="{p}故障停机每次损失数万元，现有点检每月一次，无法及时发现早期劣化。有线监测布线成本高，"
        "市售无线传感器采样率低、电池半年更换。希望研制边缘计算振动温度传感器，采样带宽不低于{a}千赫，"
        "电池寿命不低于{b}年，早期故障预警准确率不低于{c}%，防护等级满足油雾和高湿环境。",
        background="部署过二十个市售节点，误报多，运维人员不再查看告警；金属遮挡处通信中断。",
        confidential="历史停机记录与设备台账保密，试点机组编号 CG-{a}{b}，目标采购价每点六百元以内。",
        targets=(
            Wanted("采样带宽", AT_LEAST, ("10", "8", "20", "6", "8"), "kHz", "标准振动台"),
            Wanted("电池寿命", AT_LEAST, ("3", "3", "2", "5", "4"), "年", "功耗测算与加速试验"),
            Wanted("早期故障预警准确率", AT_LEAST, ("92", "90", "93", "95", "90"), "%", "半年现场统计"),
        ),
        trl=(4, 7), ceiling=(35, 90),
        skill="{p}边缘智能振动传感器", skill_en="Edge-intelligent vibration sensors for {e}",
        summary="自研低功耗采集电路与端侧特征提取算法，用于{p}等旋转和往复设备的预测性维护。"
        "采样带宽12千赫，电池寿命3.5年，轴承早期故障预警准确率94%。",
        paper="端侧稀疏特征提取的轴承早期故障诊断", patent="{p}状态监测传感节点及唤醒方法", project="{p}预测性维护平台",
        plans=(
            "采用事件唤醒与端侧包络分析，只上传特征值，异常时再传原始波形，{p}告警由现场维修结果持续校正。",
            "压电取能辅助供电延长寿命，自组网中继绕过金属遮挡，外壳灌封满足油雾环境。",
            "以少样本学习建立机型基线，先运行四周自学习，再分级告警，降低误报。",
        ),
    ),
)  # fmt: skip
