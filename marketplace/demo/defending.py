"""A threat, two defence cases and a few watches of the demo's alliances."""

from __future__ import annotations

from datetime import timedelta

from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.defence.models import CaseMember, DefenceCase, Threat, Watch
from marketplace.defence.workflow import CaseState, CostRule, ThreatKind, ThreatState
from marketplace.demo.society import Society, save
from marketplace.kernel.call import Call
from marketplace.kernel.money import FEN_PER_YUAN

WAN = 10_000 * FEN_PER_YUAN


@use_case
def defend(call: Call, society: Society) -> None:
    """Let the electronics alliance stand together against a letter, and have won a case before."""
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
        save(
            [
                CaseMember(
                    case_id=case.id,
                    organisation_id=member.id,
                    products=2 + turn,
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
    audit.record(call, "demo.defend", "demo", None, {"cases": 2})


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
