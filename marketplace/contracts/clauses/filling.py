"""The standard contract, filled: which clauses a type of contract has, and the text of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from marketplace.contracts.clauses.facts import Facts, day, figures, in_words, numbered, percent
from marketplace.contracts.clauses.standard import NAMES, ONLY, OWNERSHIP, TEXTS
from marketplace.contracts.terms import PlanStep
from marketplace.contracts.workflow import ClauseKind
from marketplace.kernel import money
from marketplace.orders.workflow import ContractType

K, T = ClauseKind, ContractType
REVIEW_DAYS = 10
"""Working days in which the enterprise decides on what was delivered."""
NOTICE_DAYS = 5
"""Working days after a reminder, after which silence counts as acceptance."""
EXPERT_FROM = 100_000_000
"""Fen from which a milestone needs an independent expert's opinion: one million yuan, the centre's default."""
LONGEST = 1500
NO_METHOD = "按双方在首个里程碑确认的试验大纲"

SCOPE = {
    T.ENTRUSTED: "甲方委托乙方研究开发上述项目，乙方按约定完成研究开发工作并交付技术成果。",
    T.JOINT: "双方就上述项目共同进行研究开发，按约定投入、分工，共享成果、共担风险。",
    T.TRANSFER: "乙方将标的技术的权利转让给甲方，并提供实施该技术所需的资料和技术指导。",
    T.LICENCE: "乙方许可甲方实施标的技术，并提供实施该技术所需的资料和技术指导。",
    T.CONSULTING: "乙方就上述事项进行调查、分析和论证，向甲方提交咨询报告。",
    T.SERVICE: "乙方以其技术知识为甲方解决上述特定技术问题，完成约定的服务项目。",
}


def kinds_of(contract_type: ContractType) -> list[ClauseKind]:
    """Return the clauses of a type of contract in printing order."""
    return [kind for kind in ClauseKind if contract_type in ONLY.get(kind, frozenset(ContractType))]


def draft(facts: Facts) -> dict[ClauseKind, str]:
    """Return the standard text of every clause of the contract, filled from ``facts``."""
    return {kind: text_of(kind, facts) for kind in kinds_of(facts.contract_type)}


def text_of(kind: ClauseKind, facts: Facts) -> str:
    if kind is K.TARGETS:
        return targets_text(facts)
    if kind is K.PLAN:
        return plan_text(facts.plan, facts.price, facts.place)
    if kind is K.PRICE:
        return price_text(facts)
    if kind is K.OWNERSHIP:
        return OWNERSHIP[facts.ip]
    texts = TEXTS[kind]
    return _fill(texts.get(facts.contract_type, texts.get(None, "")), facts)


def _fill(text: str, facts: Facts) -> str:
    """Put the facts into the places; braces that people typed stay what they are."""
    places = {
        "title": facts.title,
        "problem": _paragraph(facts.problem),
        "solution": _paragraph(facts.solution),
        "scope": SCOPE[facts.contract_type],
        "party_b": facts.party_b,
        "team": facts.team,
        "review_days": str(REVIEW_DAYS),
        "notice_days": str(NOTICE_DAYS),
        "expert_from": f"人民币{in_words(EXPERT_FROM)}",
    }
    return text.format_map(places)


def _paragraph(text: str) -> str:
    """One paragraph that ends as a sentence does; what is longer than a contract should repeat is cut at the bid's own words."""
    whole = " ".join(text.split())
    if len(whole) > LONGEST:
        whole = whole[:LONGEST] + "……（其余见投标文件，为本合同的组成部分）"
    return whole if whole.endswith(("。", "；", "！", "？", ".", "）")) else f"{whole}。"


def targets_text(facts: Facts) -> str:
    lines = []
    for target in facts.targets:
        method = target.method or NO_METHOD
        promised = f"，乙方承诺值 {target.promised} {target.unit}".rstrip() if target.promised else ""
        must = "" if target.must_have else "（期望指标，不作为不通过的理由）"
        lines.append(f"{target.name}：{target.demand}{promised}；测试方法：{method}{must}")
    return numbered(lines) if lines else "本合同不设量化指标，以“验收标准和方法”一条为准。"


def plan_text(plan: Iterable[PlanStep], price: int, place: str) -> str:
    """Return the clause that the milestones make; amounts are exact and sum to the price."""
    steps = list(plan)
    amounts = money.split(price, [step.share for step in steps])
    lines = [
        f"{step.title}：{day(step.due_on)}前完成，交付{step.deliverables}；本阶段价款{figures(amount)}（合同价款的{percent(step.share)}）"
        for step, amount in zip(steps, amounts, strict=True)
    ]
    return f"双方按下列里程碑履行：\n{numbered(lines)}\n履行地点：{place}。履行方式：通过平台提交成果，需要现场试验的，在甲方所在地进行。"


def price_text(facts: Facts) -> str:
    parts = [f"{name}{figures(amount)}" for name, amount in facts.sources]
    held = (
        f"每期付款预留{percent(facts.retention)}作为质量保留金，全部里程碑验收通过满九十日后一次付清。"
        if facts.retention
        else "不设质量保留金。"
    )
    return (
        f"合同价款总额为人民币{in_words(facts.price)}（{figures(facts.price)}），由下列来源支付：{'；'.join(parts)}。\n"
        f"价款按里程碑分期支付：每个里程碑验收通过后三十日内，各出资来源按其剩余应付金额支付该期价款；"
        f"资金规则要求企业自筹资金配比的，自筹资金先行支付。{held}\n"
        "甲方有权查阅乙方与提成或者费用支出有关的账目（《民法典》第八百四十六条）。"
    )


def with_plan(facts: Facts, plan: tuple[PlanStep, ...]) -> Facts:
    return replace(facts, plan=plan)


def title_of(contract_type: ContractType) -> str:
    return NAMES[contract_type]
