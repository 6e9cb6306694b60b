"""Funds of five kinds with different rules and the money in them; rules and a contribution that wait for their second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from marketplace.approvals.models import Endorsement, Step
from marketplace.approvals.service import content_hash
from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.demo.society import Society, save
from marketplace.demo.talents import WAN
from marketplace.funds import ledger
from marketplace.funds.models import Fund, FundContribution, FundRules
from marketplace.funds.service.rules import fingerprint
from marketplace.funds.versions import plain_of
from marketplace.funds.workflow import (
    ContributionState,
    FundKind,
    FundState,
    Guarantee,
    Instrument,
    Movement,
    RulesState,
)
from marketplace.kernel.call import Call
from marketplace.kernel.fields import Field
from marketplace.organisations.workflow import Size

SME = [Size.MICRO.value, Size.SMALL.value, Size.MEDIUM.value]
_KINDS: tuple[dict[str, Any], ...] = (
    {"code": "ZC-GG", "name": "榕湾市关键技术攻关补助", "name_en": "Rongwan Key Technology Grant", "kind": FundKind.SUBSIDY,
     "public": True, "share_max": 3000, "amount_max": 80 * WAN, "amount_min": 5 * WAN,
     "enterprise_max": 160 * WAN, "yearly_max": 120 * WAN, "decision_days": 45,
     "about": "支持企业委托高校院所攻关共性关键技术，补助不超过合同金额的30%，单个企业累计不超过160万元。",
     "money": 980, "source": "市级财政年度预算"},
    {"code": "ZC-CX", "name": "中小微企业研发创新券", "name_en": "SME Innovation Voucher", "kind": FundKind.SUBSIDY,
     "public": True, "share_max": 4000, "amount_max": 20 * WAN, "amount_min": 2 * WAN,
     "enterprise_max": 40 * WAN, "decision_days": 15,
     "sizes": SME, "regions": ["441900"],
     "about": "面向本市中小微企业，用于抵扣委托研发费用，不超过合同金额的40%，单项不超过20万元。",
     "money": 360, "source": "市级财政年度预算"},
    {"code": "ZC-LS", "name": "绿色制造专项资金", "name_en": "Green Manufacturing Fund", "kind": FundKind.SUBSIDY,
     "public": True, "share_max": 3500, "amount_max": 100 * WAN, "match_max": 10_000, "decision_days": 60,
     "fields": [Field.ENERGY.value, Field.ENVIRONMENT.value, Field.CONSTRUCTION.value, Field.CHEMISTRY.value],
     "about": "支持节能、减污、资源循环利用技术研发，资助额不高于企业自筹部分。",
     "money": 260, "source": "省级专项转移支付"},
    {"code": "LM-CL", "name": "新材料联盟协同研发基金", "name_en": "Materials Alliance Fund", "kind": FundKind.ALLIANCE,
     "public": False, "cost": 2, "share_max": 2500, "amount_max": 60 * WAN, "decision_days": 12, "alliance": "MAT",
     "about": "由联盟成员共同出资，支持成员企业委托研发，成果优先进入联盟专利池。",
     "money": 260, "source": "联盟成员年度出资"},
    {"code": "LM-ZN", "name": "智能制造联盟首台套基金", "name_en": "First-of-a-Kind Machines Fund", "kind": FundKind.ALLIANCE,
     "public": False, "cost": 2, "share_max": 3000, "amount_max": 90 * WAN, "alliance": "MFG",
     "about": "支持联盟企业研制首台（套）装备和核心零部件。",
     "money": 280, "source": "联盟成员年度出资"},
    {"code": "DK-CG", "name": "科技成果转化贷", "name_en": "Technology Transfer Loan", "kind": FundKind.LOAN,
     "public": False, "cost": 9, "share_max": 5000, "amount_min": 20 * WAN, "amount_max": 300 * WAN,
     "rate": 365, "term_months": 24, "loss_split": [60, 40], "decision_days": 10, "guarantee": Guarantee.CREDIT,
     "about": "合作银行向有订单、有合同的企业提供研发贷款，额度不超过合同金额的50%，按季付息。",
     "money": 800, "source": "合作银行授信额度"},
    {"code": "DK-ZY", "name": "知识产权质押融资", "name_en": "IP-Backed Loan", "kind": FundKind.LOAN,
     "public": False, "cost": 7, "share_max": 4000, "amount_min": 30 * WAN, "amount_max": 200 * WAN,
     "rate": 420, "term_months": 36, "loss_split": [54, 26, 16, 4], "decision_days": 20,
     "guarantee": Guarantee.IP_PLEDGE,
     "sizes": [Size.SMALL.value, Size.MEDIUM.value, Size.LARGE.value],
     "about": "以专利权质押取得研发资金，风险由银行与风险补偿资金共担。",
     "money": 420, "source": "合作银行授信额度"},
    {"code": "CY-YD", "name": "榕湾产业引导基金", "name_en": "Rongwan Industry Fund", "kind": FundKind.INDUSTRY,
     "public": False, "cost": 5, "instrument": Instrument.EQUITY_NOTE,
     "share_max": 4000, "amount_min": 40 * WAN, "amount_max": 250 * WAN,
     "fields": [Field.ELECTRONICS.value, Field.OPTICS.value, Field.ARTIFICIAL_INTELLIGENCE.value, Field.ROBOTICS.value,
                Field.BIOMEDICINE.value, Field.ENERGY.value],
     "about": "重点支持战略性新兴产业的研发与中试，以可转换方式投入。",
     "money": 520, "source": "引导基金首期出资"},
    {"code": "CY-JK", "name": "健康产业专项基金", "name_en": "Health Industry Fund", "kind": FundKind.INDUSTRY,
     "public": False, "instrument": Instrument.GRANT, "cost": 4, "share_max": 3000, "amount_max": 120 * WAN, "alliance": "BIO",
     "about": "支持医疗器械、生物制剂和健康食品企业开展注册前研发。",
     "money": 240, "source": "龙头企业与社会资本出资"},
    {"code": "ZC-JW", "name": "装备更新改造补助（已收官）", "name_en": "Equipment Renewal Grant (over)", "kind": FundKind.SUBSIDY,
     "public": True, "share_max": 2000, "amount_max": 50 * WAN,
     "about": "上一年度专项，申报已截止，仅办理余款结算。", "money": 120, "source": "上一年度结转",
     "state": FundState.CLOSED},
    {"code": "ZC-RC", "name": "人才团队引育补助（筹备中）", "name_en": "Talent Grant (in preparation)", "kind": FundKind.SUBSIDY,
     "public": True, "share_max": 2000, "amount_max": 30 * WAN, "about": "规则征求意见中，尚未开放。", "money": 0,
     "source": "", "state": FundState.DRAFT},
    {"code": "HF-XY", "name": "科技成果先用后付周转金", "name_en": "Use-First, Pay-Later Facility",
     "kind": FundKind.PAY_LATER, "public": False, "cost": 6, "share_max": 3000, "amount_min": 10 * WAN,
     "amount_max": 60 * WAN, "rate": 0, "term_months": 18, "decision_days": 7, "industries": ["C"],
     "sizes": SME, "about": "先使用成果、见效后付款：周转金先行垫付，企业在十八个月内分期归还，不计利息。",
     "money": 180, "source": "运营中心自有资金"},
)  # fmt: skip


@use_case
def endow(call: Call, society: Society) -> list[Fund]:
    """Make the funds and bring their first money in, each amount proposed by one fund manager and approved by the other."""
    funds, amounts = [], []
    for kind in _KINDS:
        values = dict(kind)
        amounts.append((values.pop("money") * WAN, values.pop("source")))
        code = values.pop("alliance", None)
        values.setdefault("state", FundState.OPEN)
        funds.append(
            Fund(
                **values,
                alliance_id=society.alliances[code].id if code else None,
                valid_from=date(call.now.year, 1, 1) - timedelta(days=365),
                valid_to=date(call.now.year + 1, 12, 31),
                created_at=call.now - timedelta(days=365),
            )
        )
    save(list(funds))
    _rule(call, society, funds)
    contributions = [
        _contribution(society, fund, amount, source)
        for fund, (amount, source) in zip(funds, amounts, strict=True)
        if amount
    ]
    waiting = _contribution(society, funds[1], 300 * WAN, "市级财政追加预算")
    waiting.state, waiting.decided_by, waiting.decided_at = ContributionState.PROPOSED, None, None
    waiting.proposed_at = call.now - timedelta(days=2)
    save([*contributions, waiting])
    _endorse(society, contributions, waiting)
    for row in contributions:
        key = f"contribution:{row.id}"
        then = replace(call, now=row.decided_at or call.now)
        ledger.move(
            then, row.fund_id, Movement.CONTRIBUTE, row.amount, key=key, subject_kind="contribution", subject_id=row.id,
            memo=row.source,
        )  # fmt: skip
    audit.record(call, "demo.endow", "demo", None, {"funds": len(funds), "contributions": len(contributions)})
    return funds


def _contribution(society: Society, fund: Fund, amount: int, source: str) -> FundContribution:
    return FundContribution(
        fund_id=fund.id,
        amount=amount,
        source=source,
        state=ContributionState.APPROVED,
        proposed_by=society.staff["funds1"].id,
        proposed_at=fund.created_at,
        decided_by=society.staff["funds2"].id,
        decided_at=fund.created_at + timedelta(days=1),
    )


def _rule(call: Call, society: Society, funds: list[Fund]) -> None:
    """The first version of each fund's rules, and one for next month that cuts the first fund's share and waits."""
    rows = [_version(society, fund, 1, plain_of(fund), fund.state is not FundState.DRAFT) for fund in funds]
    cut = _version(society, funds[0], 2, {**plain_of(funds[0]), "share_max": 2500}, False)
    cut.why, cut.proposed_at = "下年度财政预算压减，补助比例相应下调。", call.now - timedelta(days=1)
    cut.effective_on = (call.now.date().replace(day=28) + timedelta(days=4)).replace(day=1)
    save([*rows, cut])
    endorsements = []
    for row in [*rows, cut]:
        endorsements += _steps(society, "fund_rules", row, fingerprint(row))
    save(list(endorsements))


def _version(society: Society, fund: Fund, number: int, rules: dict[str, Any], holds: bool) -> FundRules:
    since = fund.created_at if holds else None
    return FundRules(
        fund_id=fund.id,
        number=number,
        rules=rules,
        effective_on=fund.created_at.date(),
        state=RulesState.IN_FORCE if holds else RulesState.PROPOSED,
        proposed_by=society.staff["funds1"].id,
        proposed_at=fund.created_at,
        decided_by=society.staff["funds2"].id if holds else None,
        decided_at=since,
        applied_at=since,
    )


def _endorse(society: Society, contributions: list[FundContribution], waiting: FundContribution) -> None:
    """The two managers stood for each contribution; only the first one for the waiting one."""
    rows = []
    for row in [*contributions, waiting]:
        rows += _steps(society, "contribution", row, content_hash(fingerprint_of(row)))
    save(list(rows))


def _steps(society: Society, kind: str, row: FundContribution | FundRules, digest: str) -> list[Endorsement]:
    """Who stood for a row: the first manager, and the second one where it was decided."""
    steps = [(society.staff["funds1"], Step.PROPOSED, row.proposed_at)]
    if row.decided_at is not None:
        steps.append((society.staff["funds2"], Step.APPROVED, row.decided_at))
    return [
        Endorsement(
            subject_kind=kind,
            subject_id=row.id,
            content_hash=digest,
            step=step,
            person_id=account.person_id,
            account_id=account.id,
            at=at,
        )
        for account, step, at in steps
    ]


def fingerprint_of(row: FundContribution) -> dict[str, Any]:
    """What both people stand for, as ``funds.service`` hashes it."""
    return {"fund": row.fund_id, "amount": row.amount, "source": row.source}
