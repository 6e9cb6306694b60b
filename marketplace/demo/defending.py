"""A threat, two defence cases and a few watches of the demo's alliances."""

from __future__ import annotations

from datetime import date, timedelta

from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.defence.models import (
    CaseMember,
    Contest,
    Covenant,
    CovenantMember,
    DefenceCase,
    ExposedProduct,
    PriorArt,
    Threat,
    Watch,
)
from marketplace.defence.workflow import (
    CaseState,
    ContestState,
    CostRule,
    CovenantKind,
    CovenantState,
    ThreatKind,
    ThreatState,
)
from marketplace.demo.society import Society, save
from marketplace.funds import ledger
from marketplace.funds.models import Fund
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Call
from marketplace.kernel.fields import Field
from marketplace.kernel.money import FEN_PER_YUAN, split

WAN = 10_000 * FEN_PER_YUAN

PRODUCTS = ("无线充电线圈", "接收模组", "发射底座", "整机套件", "磁吸支架", "车载充电座")


@use_case
def defend(call: Call, society: Society, funds: list[Fund]) -> None:
    """Let the electronics alliance stand together against a letter, and have won a case before; materials look for old art."""
    alliance = society.alliances["ICT"]
    members = society.members["ICT"]
    save(
        [
            Threat(
                organisation_id=members[3].id,
                alliance_id=alliance.id,
                kind=ThreatKind.LETTER,
                asserted="US9876543B2",
                who="某境外专利运营公司",
                text="来函称出口的显示模组落入其专利权利要求，要求三十日内答复并支付许可费。",
                state=ThreatState.REPORTED,
                reported_at=call.now - timedelta(days=2),
            )
        ]
    )
    gathering = _case(
        call, alliance.id, "无线充电模组海外警告函联合应对", "US10123456B2", 120, CostRule.EXPOSURE, days=12
    )
    closed = _case(call, alliance.id, "背光驱动专利诉讼联合应对", "CN107346452B", 80, CostRule.EQUAL, days=240)
    closed.state, closed.closed_at = CaseState.CLOSED, call.now - timedelta(days=30)
    closed.outcome = "提交三篇现有技术后，对方撤回全部主张。"
    closed.spent, closed.saved = 62 * WAN, 640 * WAN
    save([gathering, closed])
    for case, joined in ((gathering, members[4:7]), (closed, members[6:11])):
        save([product for turn, member in enumerate(joined) for product in _products(case, member.id, turn)])
        save(
            [
                CaseMember(
                    case_id=case.id,
                    organisation_id=member.id,
                    exposures=2 + turn,
                    revenue=(300 + 120 * turn) * WAN,
                    joined_at=case.opened_at + timedelta(days=3),
                )
                for turn, member in enumerate(joined)
            ]
        )
    watched = (("涂料", "无铬 前处理"), ("面料", "无氟"), ("机器人", "协作 机器人"))
    save(
        [
            Watch(organisation_id=society.members[code][0].id, name=name, words=words, created_at=call.now)
            for code, (name, words) in zip(("MAT", "TEX", "MFG"), watched, strict=True)
        ]
    )
    _contest(call, society, next(fund for fund in funds if fund.code == "LM-CL"))
    _covenants(call, society)
    audit.record(call, "demo.defend", "demo", None, {"cases": 3})


def _case(
    call: Call, alliance_id: int, title: str, asserted: str, budget: int, rule: CostRule, days: int
) -> DefenceCase:
    return DefenceCase(
        alliance_id=alliance_id,
        title=title,
        asserted=asserted,
        summary="多家成员产品采用同类方案，联盟统一委托代理机构检索现有技术并准备无效宣告请求。",
        counsel="初步检索得到三篇对比文件，权利要求1的新颖性存疑；建议先行提交公众意见，再视情况提起无效宣告。",
        budget=budget * WAN,
        rule=rule,
        state=CaseState.GATHERING,
        opened_at=call.now - timedelta(days=days),
    )


def _products(case: DefenceCase, member_id: int, turn: int) -> list[ExposedProduct]:
    """What a member stated before it joined: together as many products and as much revenue as its figures say."""
    number, whole = 2 + turn, (300 + 120 * turn) * WAN
    return [
        ExposedProduct(
            case_id=case.id,
            organisation_id=member_id,
            name=f"{PRODUCTS[at % len(PRODUCTS)]} {chr(65 + turn)}{at + 1}",
            revenue=part,
            patents=case.numbers,
            stated_at=case.opened_at + timedelta(days=2),
        )
        for at, part in enumerate(split(whole, [1] * number))
    ]


def _contest(call: Call, society: Society, fund: Fund) -> None:
    """A case of the materials alliance with an open contest and two entries of university people."""
    case = _case(
        call, society.alliances["MAT"].id, "无铬转化膜专利主张联合应对", "US8765432B1", 60, CostRule.REVENUE, days=20
    )
    save([case])
    members = society.members["MAT"][2:5]
    names = ("卷铝前处理线配套钝化液", "铝型材无铬钝化剂", "五金件转化膜处理液")
    for turn, (member, name) in enumerate(zip(members, names, strict=True)):
        revenue = (220 + 90 * turn) * WAN
        at = case.opened_at + timedelta(days=2 + turn)
        save(
            [
                ExposedProduct(
                    case_id=case.id,
                    organisation_id=member.id,
                    name=name,
                    revenue=revenue,
                    patents=case.numbers,
                    stated_at=at,
                ),
                CaseMember(case_id=case.id, organisation_id=member.id, exposures=1, revenue=revenue, joined_at=at),
            ]
        )
    contest = Contest(
        case_id=case.id,
        number="US8765432B1",
        claim="1",
        elements=["含氟锆酸的酸性水溶液", "含有机硅烷偶联剂", "pH 值在 3.5 至 5.0 之间", "处理后无需水洗直接烘干"],
        before_on=date(2011, 3, 18),
        bounty=6 * WAN,
        fund_id=fund.id,
        closes_at=call.now + timedelta(days=21),
        state=ContestState.OPEN,
        proposed_at=call.now - timedelta(days=9),
    )
    save([contest])
    ledger.move(
        call,
        fund.id,
        Movement.RESERVE,
        contest.bounty,
        key=f"contest:{contest.id}:reserve",
        subject_kind="contest",
        subject_id=contest.id,
        memo=contest.number,
    )
    entrants = [society.owners[school.id] for school in society.schools[:2]]
    found = (
        ("金属表面前处理用锆系组合物", "JP2006-213958A", date(2006, 8, 17),
         ["权利要求1：氟锆酸 0.1–5 g/L", "说明书第[0021]段：氨基硅烷", "", "第[0034]段：免水洗，80 ℃烘干"]),
        ("铝合金无铬转化膜工艺研究（学位论文）", "榕湾图书馆 TG174-2008-117", date(2008, 6, 1),
         ["第三章 3.2 节", "", "第三章表 3-4：pH 3.8–4.6", ""]),
    )  # fmt: skip
    save(
        [
            PriorArt(
                contest_id=contest.id,
                account_id=entrant.id,
                title=title,
                reference=reference,
                published_on=day,
                passages=passages,
                entered_at=call.now - timedelta(days=5 - turn),
            )
            for turn, (entrant, (title, reference, day, passages)) in enumerate(zip(entrants, found, strict=True))
        ]
    )


def _covenants(call: Call, society: Society) -> None:
    """One covenant of each kind, with members bound on different days."""
    begun = call.now - timedelta(days=200)
    rows = [
        Covenant(
            alliance_id=society.alliances["ICT"].id,
            kind=CovenantKind.ON_TRANSFER,
            title="数字经济联盟转让即许可公约",
            text="成员将专利转让给仅以主张权利为业的主体时，其他成员在转让前一刻即获得该专利的免费普通许可。\n"
            "许可随专利转移，对退出成员此前持有的专利继续有效。",
            state=CovenantState.IN_FORCE,
            proposed_at=begun,
            in_force_at=begun + timedelta(days=7),
        ),
        Covenant(
            alliance_id=society.alliances["MAT"].id,
            kind=CovenantKind.NON_ASSERTION,
            field=Field.NEW_MATERIALS,
            title="新材料领域互不主张公约",
            text="成员之间在无铬前处理及水性涂层领域互不主张专利权，争议先由联盟秘书处调解。",
            state=CovenantState.IN_FORCE,
            proposed_at=begun,
            in_force_at=begun + timedelta(days=12),
        ),
    ]
    save(list(rows))
    for row, code in zip(rows, ("ICT", "MAT"), strict=True):
        bound = [*society.members[code][:5], *society.schools[:2]]
        save(
            [
                CovenantMember(
                    covenant_id=row.id, organisation_id=member.id, bound_since=begun + timedelta(days=15 + 11 * turn)
                )
                for turn, member in enumerate(bound)
            ]
        )
