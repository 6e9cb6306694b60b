"""Who may do what to an order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from marketplace.alliances import policy as alliances_policy
from marketplace.kernel.call import ENTERPRISE, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no
from marketplace.orders.workflow import AMENDABLE, EDITABLE, OrderState
from marketplace.organisations.workflow import OrganisationState

if TYPE_CHECKING:
    from marketplace.orders.models import Nda, Order, OrderInvitation
    from marketplace.organisations.models import Organisation
    from marketplace.talent.models import Team


def is_own(actor: Actor, order: Order) -> bool:
    """True for members and owners of the ordering enterprise."""
    return actor.has_for(order.organisation_id, *ENTERPRISE)


def may_see(actor: Actor, order: Order) -> Decision:
    """The enterprise always; screeners and readers of the centre once it was submitted; others once it was published."""
    if actor.is_system or is_own(actor, order):
        return YES
    if order.state is OrderState.DRAFT:
        return no("not_found")
    if actor.reads_everything or actor.serves(order.alliance_id):
        return YES
    if order.published_at is None:
        return no("not_found")
    return alliances_policy.may_see(actor, order.alliance_id, order.visibility)


def may_see_confidential(actor: Actor, order: Order, ndas: Iterable[Nda], now: datetime) -> Decision:
    """The ordering enterprise, its screeners, and teams whose institution signed an agreement that is live ``now``."""
    if is_own(actor, order) or actor.serves(order.alliance_id):
        return YES
    under_nda = any(
        nda.order_id == order.id and nda.is_live(now) and acts_for(actor, nda.organisation_id, nda.team_id)
        for nda in ndas
    )
    return allow_if(under_nda and bool(may_see(actor, order)), "orders.confidential")


def acts_for(actor: Actor, organisation_id: int, team_id: int) -> bool:
    """True for members and owners of the team's institution, and for the team's own lead."""
    if actor.has_for(organisation_id, Role.UNIVERSITY_MEMBER, Role.UNIVERSITY_OWNER):
        return True
    return any(grant.role is Role.TEAM_LEAD and grant.team == team_id for grant in actor.grants)


def may_request_nda(actor: Actor, order: Order, team: Team) -> Decision:
    """A team of a verified university or institute, while it can still answer, never one of the orderer's own people."""
    if not acts_for(actor, team.organisation_id, team.id):
        return no("orders.not_own_team")
    if team.organisation.is_enterprise or order.organisation_id in {team.organisation_id, *actor.organisations}:
        return no("orders.nda_not_for_you")
    if team.organisation.state is not OrganisationState.VERIFIED:
        return no("orders.institution_not_verified")
    return allow_if(order.state in AMENDABLE, "orders.nda_too_late")


def may_sign_nda(actor: Actor, nda: Nda) -> Decision:
    """The institution's authorised signatory, who is its owner on this site; a research group cannot bind it alone."""
    if not acts_for(actor, nda.organisation_id, nda.team_id):
        return no("hidden")
    return allow_if(actor.has_for(nda.organisation_id, Role.UNIVERSITY_OWNER), "orders.signatory_needed")


def may_withdraw_nda(actor: Actor, nda: Nda) -> Decision:
    return allow_if(acts_for(actor, nda.organisation_id, nda.team_id), "hidden")


def may_end_nda(actor: Actor, nda: Nda) -> Decision:
    """The ordering enterprise declines or revokes; it is its secret."""
    return allow_if(is_own(actor, nda.order), "hidden")


def may_see_nda(actor: Actor, nda: Nda) -> Decision:
    """Both parties, the order's screeners and the centre's readers; other teams never learn who asked."""
    team = acts_for(actor, nda.organisation_id, nda.team_id)
    return allow_if(team or reads_ndas(actor, nda.order), "not_found")


def reads_ndas(actor: Actor, order: Order) -> bool:
    """True for those who read the list of everybody who asked for the confidential part."""
    return is_own(actor, order) or actor.serves(order.alliance_id) or actor.reads_everything


def may_order(actor: Actor, organisation: Organisation) -> Decision:
    """Whoever acts for an enterprise may draft, also before it is verified."""
    if not organisation.is_enterprise:
        return no("orders.not_enterprise")
    return allow_if(actor.has_for(organisation.id, *ENTERPRISE), "orders.not_own")


def may_edit(actor: Actor, order: Order) -> Decision:
    if not is_own(actor, order):
        return no("hidden")
    return allow_if(order.state in EDITABLE, "orders.not_editable")


def may_submit(actor: Actor, order: Order) -> Decision:
    if not is_own(actor, order):
        return no("hidden")
    return allow_if(order.organisation.state is OrganisationState.VERIFIED, "orders.not_verified")


def may_screen(actor: Actor, order: Order) -> Decision:
    """The secretary of the order's alliance or an officer, unless that person acts for the enterprise as well."""
    if not actor.serves(order.alliance_id):
        return no("hidden")
    return allow_if(order.organisation_id not in actor.organisations, "orders.own_screening")


def may_amend(actor: Actor, order: Order) -> Decision:
    if not is_own(actor, order):
        return no("hidden")
    return allow_if(order.state in AMENDABLE, "orders.not_amendable")


def may_ask(actor: Actor, order: Order) -> Decision:
    """Whoever acts for a team of a university or institute and not for the enterprise."""
    if not actor.has(Role.UNIVERSITY_MEMBER, Role.UNIVERSITY_OWNER, Role.TEAM_LEAD):
        return no("hidden")
    return allow_if(order.organisation_id not in actor.organisations, "orders.nda_not_for_you")


def reads_all_questions(actor: Actor, order: Order) -> bool:
    """True for those who read questions before they are answered: the enterprise and its screeners. Nobody reads who asked."""
    return is_own(actor, order) or actor.serves(order.alliance_id)


def may_propose_deadline(actor: Actor, order: Order) -> Decision:
    """The enterprise or a screener asks for a later deadline; a screener, another natural person, decides."""
    return allow_if(is_own(actor, order) or actor.serves(order.alliance_id), "hidden")


def may_invite(actor: Actor, order: Order) -> Decision:
    """The enterprise from the draft on, a screener once it was handed in, both while teams can still answer."""
    if not (is_own(actor, order) or (order.state not in EDITABLE and actor.serves(order.alliance_id))):
        return no("hidden")
    return allow_if(order.state in EDITABLE | AMENDABLE | {OrderState.SCREENING}, "orders.not_amendable")


def reads_invitations(actor: Actor, order: Order) -> bool:
    """True for those who read whom an order was offered to; teams learn of their own invitation only."""
    if is_own(actor, order):
        return True
    return order.state is not OrderState.DRAFT and (actor.serves(order.alliance_id) or actor.reads_everything)


def may_see_invitation(actor: Actor, invitation: OrderInvitation) -> Decision:
    team = invitation.team
    own = acts_for(actor, team.organisation_id, team.id) and invitation.order.published_at is not None
    return allow_if(own or reads_invitations(actor, invitation.order), "not_found")


def may_apply(actor: Actor, team: Team) -> Decision:
    """A team of a verified university or institute asks for a place in the pool."""
    if not acts_for(actor, team.organisation_id, team.id):
        return no("orders.not_own_team")
    return allow_if(team.organisation.state is OrganisationState.VERIFIED, "orders.institution_not_verified")


def may_keep_pool(actor: Actor, alliance_id: int) -> Decision:
    """The alliance's secretary or an officer decides who is in the framework pool."""
    return allow_if(actor.serves(alliance_id), "hidden")


def may_retender(actor: Actor, order: Order) -> Decision:
    """The enterprise, once its order ended without a valid answer."""
    if not is_own(actor, order):
        return no("hidden")
    return allow_if(order.state is OrderState.UNSUCCESSFUL, "orders.not_unsuccessful")


def may_cancel(actor: Actor, order: Order) -> Decision:
    """The enterprise at any time the table allows; the centre once the order came to it."""
    if is_own(actor, order):
        return YES
    return allow_if(order.state is not OrderState.DRAFT and actor.serves(order.alliance_id), "hidden")
