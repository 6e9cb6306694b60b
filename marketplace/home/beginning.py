"""The first steps of an organisation that is new here: what is done, who must act, what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import exists, select

from marketplace.alliances.models import AllianceMembership
from marketplace.alliances.workflow import MembershipState
from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.orders.models import Order
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationState
from marketplace.talent.models import Capability, Team
from marketplace.talent.workflow import CapabilityState


@dataclass(frozen=True, slots=True)
class FirstStep:
    """``text`` says who acts or why; ``url`` leads to what the reader can do now, "" when it is not the reader's turn."""

    label: str
    done: bool
    text: str = ""
    url: str = ""


def first_steps(actor: Actor) -> Sequence[FirstStep]:
    """Return the steps of the owner of an organisation until its first order or bid; nothing afterwards and for others."""
    owned = {grant.organisation for grant in actor.grants if grant.role in _WAYS and grant.organisation is not None}
    if not owned or _any(select(Order.id).where(Order.organisation_id.in_(owned))) or _any(_bids(owned)):
        return []
    organisation = db.session.get_one(Organisation, min(owned))
    role = Role.ENTERPRISE_OWNER if organisation.is_enterprise else Role.UNIVERSITY_OWNER
    return [_verified(organisation), *_WAYS[role](organisation)]


def _verified(organisation: Organisation) -> FirstStep:
    done = organisation.state is OrganisationState.VERIFIED
    text = {
        OrganisationState.REGISTERED: _("The centre is looking at the registration; you hear by mail."),
        OrganisationState.REJECTED: _("The centre has sent the registration back: please correct it."),
    }
    back = organisation.state is OrganisationState.REJECTED
    url = url_for("organisations.correct_form", organisation_id=organisation.id) if back else ""
    return FirstStep(_("Your organisation is verified"), done, text.get(organisation.state, ""), url)


def _of_enterprise(organisation: Organisation) -> list[FirstStep]:
    verified = organisation.state is OrganisationState.VERIFIED
    states = db.session.scalars(
        select(AllianceMembership.state).where(AllianceMembership.organisation_id == organisation.id)
    ).all()
    member, asked = MembershipState.ACTIVE in states, MembershipState.REQUESTED in states
    text = _("The alliance's secretary is looking at your request.") if asked else _("Possible once you are verified.")
    if verified and not asked:
        text = _("Choose the one of your industry. Its secretary screens your orders.")
    may_ask = verified and not asked and not member
    return [
        FirstStep(_("Join an alliance"), member, text, url_for("alliances.index") if may_ask else ""),
        FirstStep(
            _("Place your first order"),
            False,
            _("Five short steps, kept as a draft at any time.") if member else _("Possible once you are a member."),
            url_for("orders.new") if member else "",
        ),
    ]


def _of_university(organisation: Organisation) -> list[FirstStep]:
    teams = select(Team.id).where(Team.organisation_id == organisation.id)
    shown = select(Capability.id).where(Capability.team_id.in_(teams), Capability.state == CapabilityState.PUBLISHED)
    has_team = _any(teams)
    return [
        FirstStep(
            _("Add a team"),
            has_team,
            _("Who bids, and how many person-days a quarter it has."),
            url_for("talent.new_team", organisation_id=organisation.id),
        ),
        FirstStep(
            _("Publish what it can do"),
            _any(shown),
            _("Enterprises and the matching find teams by their capabilities.")
            if has_team
            else _("Possible once there is a team."),
            url_for("talent.teams") if has_team else "",
        ),
        FirstStep(
            _("Answer an order"),
            False,
            _("You can write a draft at once and submit it when your organisation is verified."),
            url_for("orders.board", stage="open") if has_team else "",
        ),
    ]


_WAYS = {Role.ENTERPRISE_OWNER: _of_enterprise, Role.UNIVERSITY_OWNER: _of_university}


def _bids(owned: set[int]) -> Any:
    return select(Bid.id).join(Team, Team.id == Bid.team_id).where(Team.organisation_id.in_(owned))


def _any(query: Any) -> bool:
    return bool(db.session.scalar(select(exists(query))))
