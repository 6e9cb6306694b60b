"""Pages that everybody reads: the directory, a capability, a team."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.kernel.call import UNIVERSITY
from marketplace.kernel.fields import Field
from marketplace.organisations.workflow import OrganisationKind
from marketplace.talent import capacity, policy, queries
from marketplace.talent.drawings import price_span
from marketplace.talent.models import Capability
from marketplace.talent.terms import Search
from marketplace.talent.views.blueprint import bp
from marketplace.talent.workflow import CAPABILITY
from marketplace.web import words
from marketplace.web.actions import Action, transition_actions
from marketplace.web.filters import CITY
from marketplace.web.guards import PUBLIC, access
from marketplace.web.pages import paginate

E = TypeVar("E", bound=StrEnum)
QUARTERS_SHOWN = 6


@bp.get("/capabilities")
@access(PUBLIC)
def capabilities() -> str:
    search = _asked()
    page = paginate(queries.directory(g.call.actor, search))
    return render_template(
        "talent/capabilities.html",
        page=page,
        search=search,
        evidence=queries.evidence_counts([row.id for row in page.items]),
        alliances=queries.alliances(),
        fields=words.choices(Field),
        kinds=[pair for pair in words.choices(OrganisationKind) if pair[0] != OrganisationKind.ENTERPRISE],
        is_filtered=search != Search(),
        writes=g.call.actor.has(*UNIVERSITY),
        signed_in=not g.call.actor.is_visitor,
    )


@bp.get("/capabilities/<int:capability_id>")
@access(PUBLIC)
def capability(capability_id: int) -> str:
    row = queries.get_capability(g.call, capability_id)
    return render_template(
        "talent/capability.html",
        capability=row,
        span=price_span(row),
        actions=_capability_actions(row),
        may_write=policy.may_write(g.call.actor, row.team),
    )


@bp.get("/teams/<int:team_id>")
@access(PUBLIC)
def team(team_id: int) -> str:
    row = queries.get_team(g.call, team_id)
    today = g.call.now.astimezone(CITY).date()
    may_see_capacity = policy.may_see_capacity(g.call.actor)
    quarters = capacity.quarters_from(today, QUARTERS_SHOWN)
    return render_template(
        "talent/team.html",
        team=row,
        capabilities=queries.capabilities_of(g.call.actor, row.id),
        equipment=queries.equipment_of(row.id),
        loads=capacity.outlook(row, quarters) if may_see_capacity else [],
        capacity_refused="" if may_see_capacity else words.sentence(may_see_capacity.reason, {}),
        actions=_team_actions(row.id) if policy.may_change_team(g.call.actor, row) else [],
        may_write=policy.may_write(g.call.actor, row),
    )


def _asked() -> Search:
    """Read the filters from the address; what no filter knows is ignored."""
    arguments = request.args
    trl, alliance = arguments.get("trl", ""), arguments.get("alliance", "")
    kind = _member(OrganisationKind, "kind")
    return Search(
        text=arguments.get("q", "").replace("\x00", "").strip()[:100],
        field=_member(Field, "field"),
        trl=int(trl) if trl in set("123456789") else None,
        kind=kind.value if kind else None,
        alliance_id=int(alliance) if alliance.isascii() and alliance.isdigit() and len(alliance) < 10 else None,
    )


def _member(kind: type[E], name: str) -> E | None:
    text = request.args.get(name, "")
    return kind(text) if text in {member.value for member in kind} else None


def _capability_actions(row: Capability) -> list[Action]:
    """What its team may do; others see no buttons at all."""
    decision = policy.may_write(g.call.actor, row.team)
    if not decision:
        return []
    moves = transition_actions(
        CAPABILITY,
        row.state,
        {
            "publish": (policy.may_publish(g.call.actor, row), lambda: url_for("talent.publish", capability_id=row.id)),
            "withdraw": (decision, lambda: url_for("talent.withdraw", capability_id=row.id)),
        },
        primary="publish",
    )
    change = Action(_("Change"), url_for("talent.edit_capability", capability_id=row.id), method="get")
    next_step = "secondary" if row.evidence else "primary"
    evidence = Action(
        _("Add evidence"), url_for("talent.new_evidence", capability_id=row.id), method="get", kind=next_step
    )
    return [*moves, evidence, change]


def _team_actions(team_id: int) -> list[Action]:
    return [
        Action(_("Add a capability"), url_for("talent.new_capability", team_id=team_id), method="get", kind="primary"),
        Action(_("Change the team"), url_for("talent.edit_team", team_id=team_id), method="get"),
    ]
