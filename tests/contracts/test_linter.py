"""The clause linter finds the six void clauses, what is missing and the inventors' floor, and leaves fair sentences alone."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.contracts.clauses import filling
from marketplace.contracts.clauses.facts import Facts, TargetFact
from marketplace.contracts.clauses.linter import below_floor, lint, stopping, void_in
from marketplace.contracts.terms import PlanStep
from marketplace.contracts.workflow import ClauseKind, Flaw, Severity
from marketplace.orders.workflow import Comparator, ContractType, IpWish

F, K = Flaw, ClauseKind


def facts(
    contract_type: ContractType = ContractType.ENTRUSTED, ip: IpWish = IpWish.TEAM, method: str = "GB/T 10125"
) -> Facts:
    return Facts(
        title="无铬涂层",
        contract_type=contract_type,
        party_a="甲公司",
        party_b="乙大学",
        team="表面工程团队",
        price=42_000_000,
        problem="设备表面锈蚀",
        solution="硅烷预处理与水性涂层结合",
        schedule="",
        targets=(TargetFact("耐盐雾", Comparator.AT_LEAST, "1000", unit="h", method=method),),
        ip=ip,
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
        sources=(("企业自筹资金", 20_000_000), ("补贴", 22_000_000)),
        plan=(PlanStep("方案", "报告", date(2027, 3, 1), 3000), PlanStep("样件", "样件", date(2027, 8, 1), 7000)),
        retention=500,
        place="东莞市",
    )


VOID = [
    (F.GRANT_BACK, "乙方后续改进的成果均归甲方所有。"),
    (F.GRANT_BACK, "乙方不得对标的技术进行改进。"),
    (F.GRANT_BACK, "受让人作出的后续改进应当无偿提供给让与人。"),
    (F.GRANT_BACK, "甲方对该技术的改进须独占许可给乙方。"),
    (F.RIVAL_SOURCES, "甲方不得从第三方获得类似技术。"),
    (F.RIVAL_SOURCES, "合同期内甲方不得采用与标的技术相竞争的技术。"),
    (F.RIVAL_SOURCES, "乙方不得与其他单位开展同类技术的合作研究。"),
    (F.MARKET_LIMITS, "甲方产品的销售价格须经乙方同意。"),
    (F.MARKET_LIMITS, "甲方不得在广东省以外销售该产品。"),
    (F.MARKET_LIMITS, "合同产品的年产量不得超过一万台。"),
    (F.MARKET_LIMITS, "甲方不得出口合同产品。"),
    (F.TIE_IN, "甲方应当一并购买非必需的设备。"),
    (F.TIE_IN, "乙方以购买其检测服务和设备作为许可条件，甲方购买其设备。"),
    (F.INPUT_SOURCES, "原材料只能向乙方指定的供应商采购。"),
    (F.INPUT_SOURCES, "甲方只能从乙方渠道购买零部件。"),
    (F.NO_CHALLENGE, "甲方不得对专利权的有效性提出异议。"),
    (F.NO_CHALLENGE, "被许可人放弃对许可专利提出无效宣告请求。"),
]  # fmt: skip

FAIR = [
    "任何一方均有权对技术成果进行后续改进。",
    "后续改进的成果归改进的一方所有。",
    "专利权人单独对外许可的自由不受影响。",
    "甲方有权自行采购原材料，不限制采购渠道。",
    "本合同不影响任何一方对知识产权有效性提出异议的权利。",
    "未经甲方书面同意，乙方不得将主要研究开发工作转由第三人承担。",
    "甲方应当在收到后十个工作日内书面作出决定。",
    "乙方应当提供测试所需的样品和设备清单。",
    "合同价款由下列来源支付。",
    "保密信息不得向第三方披露。",
]


@pytest.mark.parametrize(("flaw", "sentence"), VOID)
def test_each_void_clause_is_found_with_its_article(flaw: Flaw, sentence: str) -> None:
    found = lint(ContractType.ENTRUSTED, {**filling.draft(facts()), K.IMPROVEMENTS: sentence})
    assert flaw in {finding.flaw for finding in found if finding.severity is Severity.VOID}
    finding = next(finding for finding in found if finding.flaw is flaw)
    assert (finding.kind, finding.excerpt) == (K.IMPROVEMENTS, sentence)
    assert "第十条" in finding.article[0]
    assert "article 10" in finding.article[1]


@pytest.mark.parametrize("sentence", FAIR)
def test_a_fair_sentence_is_left_alone(sentence: str) -> None:
    assert void_in(sentence) == []
    assert below_floor(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "low"),
    [
        ("发明人获得许可净收入的30%作为奖励。", True),
        ("完成人获得转让净收入的百分之四十九作为报酬。", True),
        ("发明人获得许可净收入的50%作为奖励。", False),
        ("对作出重要贡献的人员给予不低于净收入百分之七十的奖励。", False),
        ("每年从营业利润中提取3%奖励完成人。", True),
        ("每年从营业利润中提取5%奖励完成人。", False),
        ("质量保留金为价款的5%。", False),
    ],
)
def test_the_inventors_floor_is_half_of_the_income_and_a_twentieth_of_the_profit(sentence: str, low: bool) -> None:
    assert bool(below_floor(sentence)) is low


@pytest.mark.parametrize("contract_type", ContractType)
@pytest.mark.parametrize("ip", IpWish)
def test_our_own_standard_texts_are_clean(contract_type: ContractType, ip: IpWish) -> None:
    """Only the patent data of a transfer or licence wait for the parties."""
    found = stopping(lint(contract_type, filling.draft(facts(contract_type, ip))))
    waits = contract_type in {ContractType.TRANSFER, ContractType.LICENCE}
    assert [finding.flaw for finding in found] == ([F.PLACEHOLDER] if waits else [])


@pytest.mark.parametrize(
    ("kind", "flaw"),
    [
        (K.DEFINITIONS, F.NO_DEFINITIONS),
        (K.PLAN, F.NO_PLAN),
        (K.CONFIDENTIALITY, F.NO_SECRECY),
        (K.OWNERSHIP, F.NO_OWNERSHIP),
        (K.ACCEPTANCE, F.NO_ACCEPTANCE),
        (K.PRICE, F.NO_PRICE),
    ],
)
def test_what_the_civil_code_wants_is_missed(kind: ClauseKind, flaw: Flaw) -> None:
    found = lint(ContractType.ENTRUSTED, {**filling.draft(facts()), kind: "略。"})
    assert [(finding.flaw, finding.kind, finding.stops) for finding in found] == [(flaw, kind, True)]


def test_a_target_without_a_method_is_an_advice_that_stops_nobody() -> None:
    found = lint(ContractType.ENTRUSTED, filling.draft(facts(method="")))
    assert [(finding.flaw, finding.stops) for finding in found] == [(F.NO_METHOD, False)]


def test_braces_that_somebody_typed_stay_what_they_are() -> None:
    drafted = filling.text_of(K.ROUTE, facts().__class__(**{**_values(facts()), "solution": "{party_a.__class__} {0}"}))
    assert "{party_a.__class__} {0}" in drafted


def _values(row: Facts) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
