"""What happens around open orders before their deadline: agreements, questions, a changed text, invitations, lots."""

from __future__ import annotations

from datetime import timedelta

from marketplace.alliances.workflow import Visibility
from marketplace.audit import service as audit
from marketplace.db.base import Base, db
from marketplace.db.transaction import use_case
from marketplace.demo.ordering import Orders
from marketplace.demo.society import Society, save
from marketplace.demo.talents import Talents
from marketplace.kernel.call import Call
from marketplace.orders import agreement
from marketplace.orders.amending import public_part
from marketplace.orders.models import Nda, Order, OrderAmendment, OrderInvitation, PoolPlace, Question, Umbrella
from marketplace.orders.workflow import InvitationState, NdaState, OrderState, PoolState, QuestionState
from marketplace.talent.models import Team
from marketplace.web.filters import CITY

ASKED = (
    ("样件由企业提供还是团队自备？", "由企业提供，每周不少于五十件，快递费用由企业承担。"),
    ("验收检测可否委托第三方机构？", "可以，须具备相应检测资质，费用计入项目经费。"),
    ("现有产线的节拍能否在试验期间调整？", "试验期间可以降低一成，正式验收须按现有节拍。"),
    ("指标中的寿命是否接受加速试验换算？", ""),
)
WHY = "近三年在本领域有公开成果，且具备所需的检测条件。"
OPEN = 24
"""So many of the open orders are talked about."""


@use_case
def talk(call: Call, society: Society, talents: Talents, orders: Orders) -> None:
    """Let teams ask for the confidential part and for answers, and enterprises change, invite and divide."""
    open_now = [row for row in orders.of(OrderState.BIDDING) if row.bid_deadline and row.bid_deadline > call.now]
    made = 0
    for number, row in enumerate([row for row in open_now if row.visibility is Visibility.PUBLIC][:OPEN]):
        work, _variant = orders.kinds[row.id]
        teams = talents.doing(work)[:3]
        if number % 2 == 0:
            save([_nda(call, society, talents, row, team, place) for place, team in enumerate(teams)])
        if number % 3 == 0:
            save([_question(call, row, place) for place in range(1 + number % len(ASKED))])
        if number % 8 == 1:
            _change(call, row)
        if number % 4 == 2:
            save([_invitation(call, row, team) for team in teams[:2]])
        made += 1
    _divide(open_now)
    _pool(call, society, talents)
    audit.record(call, "demo.talk", "demo", None, {"orders": made})


def _nda(call: Call, society: Society, talents: Talents, order: Order, team: Team, place: int) -> Nda:
    """The first two teams have signed, the third waits for its institution."""
    asked = call.now - timedelta(days=3, hours=place)
    row = Nda(
        order_id=order.id,
        team_id=team.id,
        organisation_id=team.organisation_id,
        state=NdaState.REQUESTED,
        requested_by=talents.leads[team.id].id,
        requested_at=asked,
    )
    if place < 2:
        signatory = society.owners[team.organisation_id]
        row.state, row.signed_by, row.signed_at = NdaState.SIGNED, signatory.id, asked + timedelta(hours=20)
        row.signatory = signatory.person.name
        row.expires_at = row.signed_at + agreement.ACCESS
        row.digest = agreement.fingerprint(order, team)
    return row


def _question(call: Call, order: Order, place: int) -> Question:
    text, answer = ASKED[place]
    asked = call.now - timedelta(days=4 - place)
    return Question(
        order_id=order.id,
        state=QuestionState.ANSWERED if answer else QuestionState.ASKED,
        text=text,
        asked_on=asked.astimezone(CITY).date(),
        answer=answer,
        decided_at=asked + timedelta(hours=18) if answer else None,
    )


def _change(call: Call, order: Order) -> None:
    before, deadline = public_part(order), order.bid_deadline
    assert deadline is not None
    order.background = f"{order.background}试验所需样件由企业提供，每周不少于五十件。"
    note = "补充样件供应条件"
    change = {"order_id": order.id, "at": call.now - timedelta(days=2), "note": note, "changed_by": order.created_by}
    row = OrderAmendment(
        **change, deadline_before=deadline, deadline_after=deadline, before=before, after=public_part(order)
    )
    save([row])


def _invitation(call: Call, order: Order, team: Team) -> OrderInvitation:
    return OrderInvitation(
        order_id=order.id,
        team_id=team.id,
        state=InvitationState.INVITED,
        why=WHY,
        invited_by=order.created_by,
        invited_at=call.now - timedelta(days=3),
    )


def _divide(open_now: list[Order]) -> None:
    """Two open orders of one enterprise become the lots of one project."""
    by_owner: dict[int, list[Order]] = {}
    for row in open_now:
        by_owner.setdefault(row.organisation_id, []).append(row)
    pair = next((rows[:2] for rows in by_owner.values() if len(rows) > 1), [])
    if not pair:
        return
    umbrella = Umbrella(
        organisation_id=pair[0].organisation_id,
        title=f"{pair[0].title}等技术升级项目",
        title_en=f"Upgrade: {pair[0].title_en} and more",
        created_by=pair[0].created_by,
        created_at=pair[0].created_at,
    )
    save([umbrella])
    for number, row in enumerate(pair, 1):
        row.lot_of, row.lot_number = umbrella.id, number
    db.session.flush()


def _pool(call: Call, society: Society, talents: Talents) -> None:
    """Each alliance has a small framework pool, and one application that waits."""
    rows: list[Base] = []
    for place, alliance in enumerate(society.alliances.values()):
        for number, team in enumerate(talents.teams[place * 3 : place * 3 + 4]):
            admitted = number < 3
            rows.append(
                PoolPlace(
                    alliance_id=alliance.id,
                    team_id=team.id,
                    state=PoolState.ADMITTED if admitted else PoolState.APPLIED,
                    statement="近三年完成同类项目三项，具备中试条件，两周内可以启动。",
                    applied_by=talents.leads[team.id].id,
                    applied_at=call.now - timedelta(days=60),
                    decided_at=call.now - timedelta(days=50) if admitted else None,
                    expires_at=call.now + timedelta(days=680) if admitted else None,
                )
            )
    save(rows)
