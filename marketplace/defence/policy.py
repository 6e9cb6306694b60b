"""Who may read and do what in a defence. Each wall has a canary test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.defence.workflow import ContestState
from marketplace.kernel.call import OWNERS, Actor, Role
from marketplace.kernel.policy import Decision, allow_if

if TYPE_CHECKING:
    from marketplace.defence.models import Contest, Covenant, DefenceCase, PriorArt, Threat


def may_act_for(actor: Actor, organisation_id: int) -> Decision:
    return allow_if(actor.is_system or actor.has_for(organisation_id, *OWNERS), "defence.owners_only")


def may_see_threat(actor: Actor, threat: Threat) -> Decision:
    """The member that reported it, the alliance's secretary and the centre's readers; never another member."""
    own = threat.organisation_id in actor.organisations
    return allow_if(own or actor.reads_everything or actor.serves(threat.alliance_id), "not_found")


def may_serve(actor: Actor, alliance_id: int) -> Decision:
    return allow_if(actor.serves(alliance_id), "defence.staff_only")


def may_see_case(actor: Actor, case: DefenceCase) -> Decision:
    """That a case exists is for the alliance's members: they may be exposed as well."""
    allowed = actor.reads_everything or actor.serves(case.alliance_id) or case.alliance_id in actor.alliances
    return allow_if(allowed, "not_found")


def may_read_counsel(actor: Actor, case: DefenceCase) -> Decision:
    """Counsel's papers stand behind a wall: for those who joined and the staff."""
    joined = {member.organisation_id for member in case.members}
    return allow_if(bool(joined & actor.organisations) or actor.serves(case.alliance_id), "hidden")


def may_see_weights(actor: Actor, case: DefenceCase, organisation_id: int) -> Decision:
    """Products and revenue are the member's own secret; the staff needs them to share the cost."""
    return allow_if(organisation_id in actor.organisations or actor.serves(case.alliance_id), "hidden")


def may_see_contest(actor: Actor, contest: Contest) -> Decision:
    """A contest that was opened is for everybody signed in: whoever knows old documents may help. Before, for its staff."""
    public = contest.state is not ContestState.PROPOSED and not actor.is_visitor
    return allow_if(
        public or actor.reads_everything or actor.serves(contest.case.alliance_id) or pays(actor), "not_found"
    )


def pays(actor: Actor) -> bool:
    """Officers and fund managers are the second person wherever the fund pool's money moves."""
    return actor.has(Role.CENTRE_OFFICER, Role.FUND_MANAGER)


def may_move_bounty(actor: Actor) -> Decision:
    return allow_if(pays(actor), "defence.funds_only")


def may_enter(actor: Actor, contest: Contest) -> Decision:
    """Those who judge entries or pay for them do not enter."""
    judges = actor.serves(contest.case.alliance_id) or pays(actor)
    return allow_if(actor.account is not None and not judges, "defence.judges_do_not_enter")


def may_read_chart(actor: Actor, art: PriorArt) -> Decision:
    """A claim chart is for whoever made it, the staff, and those who joined the case; never for other entrants."""
    own = actor.account is not None and art.account_id == actor.account
    joined = {member.organisation_id for member in art.contest.case.members}
    allowed = own or bool(joined & actor.organisations) or actor.serves(art.contest.case.alliance_id)
    return allow_if(allowed or pays(actor), "hidden")


def may_see_covenant(actor: Actor, covenant: Covenant) -> Decision:
    """Who is bound to whom is for the alliance's members."""
    allowed = actor.reads_everything or actor.serves(covenant.alliance_id) or covenant.alliance_id in actor.alliances
    return allow_if(allowed, "not_found")
