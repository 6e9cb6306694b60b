"""Needs of the information technology alliance: software and artificial intelligence."""

from marketplace.demo.archetype import AT_LEAST, AT_MOST, Archetype, Wanted
from marketplace.kernel.fields import Field

ARCHETYPES = (
    Archetype(
        field=Field.SOFTWARE,
        alliance="ICT",
        team=("工业软件", "Industrial Software"),
        products=(("注塑车间", "injection-moulding shops"), ("表面贴装车间", "SMT shops"),
                  ("五金冲压车间", "stamping shops"),
                  ("家具定制工厂", "custom furniture plants"), ("印刷包装工厂", "printing plants")),
        title="{p}多约束排产引擎开发",
        title_en="Multi-constraint scheduling engine for {e}",
        problem="{p}订单小批量多品种，换型时间与前后顺序有关，插单频繁。计划员用表格排产，每天耗时四小时，"
        "交期达成率不足九成。希望开发考虑模具、人员、物料齐套和换型时间的排产引擎，{a}个工单在{b}分钟内给出方案，"
        "交期达成率提高到{c}%以上，插单后局部重排且说明调整原因，可与现有管理系统双向对接。",
        background="试用过通用排产软件，规则配置复杂，结果与现场不符，计划员仍需逐单修改。",
        confidential="客户等级规则与产能瓶颈数据不公开，接口库表清单代号 PC-{a}，验收以连续三个月数据为准。",
        targets=(
            Wanted("工单规模", AT_LEAST, ("2000", "3000", "1500", "5000", "1200"), "个", "真实数据测试"),
            Wanted("求解时间", AT_MOST, ("5", "5", "3", "10", "3"), "min", "八核服务器实测"),
            Wanted("交期达成率", AT_LEAST, ("97", "96", "97", "95", "98"), "%", "三个月统计"),
        ),
        trl=(5, 8), ceiling=(40, 120),
        skill="{p}高级排产算法与软件", skill_en="Advanced scheduling software for {e}",
        summary="约束规划与大邻域搜索结合的排产内核，支持换型矩阵、齐套约束与滚动重排，面向{p}形成行业模板。"
        "三千工单四分钟求解，交期达成率由88%提高到97%。",
        paper="带顺序换型的柔性车间大邻域搜索", patent="一种{p}插单重排方法及系统", project="{p}智能排产系统上线",
        plans=(
            "以约束规划建模、大邻域搜索求解，{p}换型矩阵由历史数据自动学习，重排时限制已下达工单的变动。",
            "先梳理数据质量与齐套口径，再以混合整数规划求周计划、规则加搜索求日计划，结果逐条给出理由。",
            "采用可解释的目标分层，交期优先、换型次之、能耗最后，计划员可拖动锁定并即时看到影响。",
        ),
    ),
    Archetype(
        field=Field.SOFTWARE,
        alliance="ICT",
        team=("数据安全", "Data Security"),
        products=(("供应链报价", "supply-chain quotations"), ("医疗影像", "medical images"),
                  ("工业图纸", "engineering drawings"),
                  ("跨境电商订单", "cross-border orders"), ("能耗数据", "energy data")),
        title="{p}可信共享与使用管控平台",
        title_en="Trusted sharing and usage control of {e}",
        problem="上下游需要共享{p}，但企业担心二次扩散和泄密，目前只能线下拷贝、人工登记，无法追溯。"
        "希望开发数据可用不可见的共享平台，支持按用途、时限和次数授权，{a}万条规模查询响应不超过{b}秒，"
        "越权访问拦截率{c}%，全部操作留痕可审计，密码算法符合国家商用密码要求。",
        background="用过水印和文档加密软件，影响正常业务，外部伙伴安装客户端阻力大。",
        confidential="伙伴名单与数据目录另行提供，现有系统漏洞报告编号 AQ-{a}{b} 严格保密。",
        targets=(
            Wanted("数据规模", AT_LEAST, ("500", "50", "100", "1000", "800"), "万条", "压力测试"),
            Wanted("查询响应时间", AT_MOST, ("2", "3", "2", "1", "2"), "s", "九十五分位"),
            Wanted("越权访问拦截率", AT_LEAST, ("100", "100", "100", "100", "100"), "%", "渗透测试"),
        ),
        trl=(4, 7), ceiling=(50, 130),
        skill="{p}隐私计算与使用控制", skill_en="Privacy computing and usage control of {e}",
        summary="基于可信执行环境与国密算法的数据沙箱，为{p}提供按用途授权、到期销毁和全程审计。"
        "百万条记录联合查询响应1.6秒，通过第三方渗透测试。",
        paper="面向制造协同的数据使用控制模型", patent="{p}共享的用途绑定授权方法", project="{p}可信流通平台",
        plans=(
            "网页端沙箱加可信执行环境，伙伴无须安装客户端，{p}按用途签发短时令牌，操作日志链式存证。",
            "关键字段采用保留格式加密与安全求交，原始数据不出域，审计人员可逐条复核。",
            "先对现有流转做数据分级，再分阶段接入，权限策略以可读规则书写并自动检查冲突。",
        ),
    ),
    Archetype(
        field=Field.ARTIFICIAL_INTELLIGENCE,
        alliance="ICT",
        team=("机器视觉", "Machine Vision"),
        products=(("柔性电路板", "flexible circuit boards"), ("手机玻璃盖板", "phone cover glass"),
                  ("针织坯布", "knitted fabric"),
                  ("锂电池壳盖", "battery lids"), ("药用胶塞", "rubber stoppers")),
        title="{p}小样本外观缺陷检测算法与系统",
        title_en="Few-shot visual inspection of {e}",
        problem="{p}缺陷种类多、样本少，新品导入时往往只有几十张缺陷图，传统算法调参周期长，过杀率超过一成。"
        "希望开发小样本学习的外观检测系统，漏检率不高于{a}%，过杀率不高于{b}%，新品建模时间不超过{c}小时，"
        "判定结果给出缺陷位置热图，便于质检员复核和持续学习。",
        background="采购的检测设备在换型号后需原厂工程师调试三天以上，夜班无人能调，长期停用。",
        confidential="缺陷图库二万余张仅限签约后使用，判定标准书编号 WG-{c}{b} 属客户所有。",
        targets=(
            Wanted("漏检率", AT_MOST, ("0.1", "0.1", "0.5", "0.05", "0.01"), "%", "一万件盲测"),
            Wanted("过杀率", AT_MOST, ("3", "4", "5", "2", "2"), "%", "一万件盲测"),
            Wanted("新品建模时间", AT_MOST, ("4", "6", "8", "4", "6"), "h", "现场考核"),
        ),
        trl=(4, 8), ceiling=(35, 110),
        skill="{p}小样本缺陷检测", skill_en="Few-shot defect detection on {e}",
        summary="以正常样本自监督建模与缺陷生成增强为核心，解决{p}缺陷样本稀少的问题。"
        "三十张缺陷图即可建模，漏检率0.08%，过杀率2.4%，普通工控机可实时运行。",
        paper="正常样本自监督的工业异常检测与缺陷生成", patent="{p}外观缺陷的小样本检测方法", project="{p}智能质检系统",
        plans=(
            "以正常件自监督建模，缺陷由生成模型扩增，质检员复核结果每晚自动回训，{p}换型当班即可投产。",
            "多角度分时频闪成像凸显浅划伤，再用分割网络判级，按客户标准书设置分区阈值。",
            "边缘推理与云端训练分离，模型版本可回退，漏检争议件自动入库并触发评审。",
        ),
    ),
    Archetype(
        field=Field.ARTIFICIAL_INTELLIGENCE,
        alliance="ICT",
        team=("知识与语言智能", "Language and Knowledge AI"),
        products=(("设备维修", "equipment repair"), ("外贸询盘", "export enquiries"),
                  ("工艺文件", "process documents"),
                  ("售后客服", "after-sales service"), ("招标文件", "tender documents")),
        title="{p}领域大模型本地化部署与知识问答",
        title_en="Locally deployed language model for {e}",
        problem="企业积累了大量{p}资料，分散在纸质、扫描件和聊天记录中，老师傅退休后经验流失。通用大模型回答常出错，"
        "且数据不能外传。希望在本地服务器部署领域模型与检索问答系统，回答准确率不低于{a}%，每条答案附来源，"
        "首字响应不超过{b}秒，没有依据时明确拒答，资料更新当天生效。",
        background="自行搭建过开源模型演示系统，表格和图纸中的参数识别错误多，一线人员不敢使用。",
        confidential="资料目录与权限矩阵不公开，服务器配置清单编号 ZS-{a}，涉密文档不得用于训练。",
        targets=(
            Wanted("回答准确率", AT_LEAST, ("92", "90", "93", "90", "92"), "%", "五百题专家评测"),
            Wanted("首字响应时间", AT_MOST, ("2", "2", "3", "1.5", "3"), "s", "三十并发实测"),
            Wanted("无依据拒答率", AT_LEAST, ("95", "95", "97", "95", "97"), "%", "二百题评测", must_have=False),
        ),
        trl=(4, 7), ceiling=(40, 120),
        skill="{p}检索增强问答系统", skill_en="Retrieval-augmented answering for {e}",
        summary="版面解析、知识图谱与检索增强生成结合的本地问答系统，已用于{p}等场景。"
        "专家评测准确率93%，答案逐句附出处，单机八卡支持五十并发。",
        paper="面向工业文档的版面感知检索增强生成", patent="一种{p}问答的来源核验方法", project="{p}知识库建设",
        plans=(
            "先做扫描件版面解析与术语表，再以混合检索召回、小参数模型生成，{p}答案逐句标注来源页码。",
            "以知识图谱约束生成，参数类问题直接查表，不由模型自由作答，从机制上减少编造。",
            "建立五百题评测集并与老师傅共同校对，按周迭代；权限随文档继承，越权内容不进入检索。",
        ),
    ),
)  # fmt: skip
