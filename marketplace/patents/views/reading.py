"""Pages that everybody reads: the register, a patent's card, and the rules of the calendar."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.kernel.call import OWNERS
from marketplace.kernel.fields import Field
from marketplace.patents import cards, drawings, policy, queries, schedule
from marketplace.patents.deadlines.rules import ANNUITIES, RULES, TERM_YEARS
from marketplace.patents.models import Patent, PatentShare
from marketplace.patents.terms import Search
from marketplace.patents.views.blueprint import bp
from marketplace.patents.words import statute
from marketplace.patents.workflow import ALIVE, LegalState, PatentKind, RuleCode, SharePart
from marketplace.web import words
from marketplace.web.actions import Action
from marketplace.web.filters import in_language
from marketplace.web.guards import PUBLIC, access
from marketplace.web.pages import paginate

E = TypeVar("E", bound=StrEnum)


@bp.app_template_filter("holder")
def _holder(row: PatentShare) -> str:
    """A holder's name in the reader's language."""
    return in_language(row.organisation) if row.organisation is not None else row.name


bp.add_app_template_filter(statute)


@bp.get("/patents")
@access(PUBLIC)
def index() -> str:
    search = _asked()
    own = queries.own_organisations(g.call.actor) if g.call.actor.has(*OWNERS) else []
    return render_template(
        "patents/index.html",
        page=paginate(queries.register(g.call.actor, search)),
        search=search,
        is_filtered=search != Search(),
        counts=queries.counts_by_state(g.call.actor),
        fields=words.choices(Field),
        kinds=words.choices(PatentKind),
        states=words.choices(LegalState),
        own=own,
        member=g.call.actor.has(*policy.MEMBERS),
    )


@bp.get("/patents/<int:patent_id>")
@access(PUBLIC)
def show(patent_id: int) -> str:
    patent = queries.get_patent(g.call, patent_id)
    today = queries.today(g.call)
    inside = bool(policy.may_see_calendar(g.call.actor, patent.owner_id))
    events = queries.events_of(patent.id)
    steps = queries.steps_of(patent.id) if inside else []
    done = {(step.rule, step.number) for step in steps}
    may_change = bool(policy.may_change(g.call.actor, patent))
    return render_template(
        "patents/show.html",
        patent=patent,
        life=drawings.life(patent, today),
        owners=queries.shares_on(patent, SharePart.OWNER, today),
        inventors=queries.shares_on(patent, SharePart.INVENTOR, today),
        family=queries.family_of(g.call.actor, patent),
        events=events,
        inside=inside,
        dues=schedule.to_do(patent, events, done, today) if inside else [],
        steps=steps,
        today=today,
        parts=cards.parts_of(g.call, patent),
        lost=patent.state is LegalState.LAPSED,
        may_change=may_change,
        actions=_actions(patent) if may_change else _noting(patent) if policy.may_note(g.call.actor, patent) else [],
        owns=patent.sold_on is None and g.call.actor.has_for(patent.owner_id, *OWNERS),
        asks=patent.sold_on is None
        and g.call.actor.has(*OWNERS)
        and not g.call.actor.has_for(patent.owner_id, *OWNERS),
    )


@bp.get("/patents/rules")
@access(PUBLIC)
def rules() -> str:
    return render_template(
        "patents/rules.html", rules=RULES, annuities=ANNUITIES, terms=TERM_YEARS, repeated=RuleCode.ANNUITY
    )


def _asked() -> Search:
    """Read the filters from the address; what no filter knows is ignored."""
    owner = request.args.get("owner", "")
    return Search(
        text=request.args.get("q", "").replace("\x00", "").strip()[:100],
        field=_member(Field, "field"),
        kind=_member(PatentKind, "kind"),
        state=_member(LegalState, "state"),
        ipc=request.args.get("ipc", "").replace("\x00", "").strip()[:20],
        owner_id=int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 10 else None,
    )


def _member(kind: type[E], name: str) -> E | None:
    text = request.args.get(name, "")
    return kind(text) if text in {member.value for member in kind} else None


def _noting(patent: Patent) -> list[Action]:
    address = url_for("patents.new_event", patent_id=patent.id)
    return [Action(_("Note what happened"), address, method="get", kind="primary")]


def _actions(patent: Patent) -> list[Action]:
    """What its owner may write; others see no buttons."""
    return [
        *_noting(patent),
        Action(_("Change the description"), url_for("patents.edit", patent_id=patent.id), method="get"),
        *(
            Action(text, url_for("patents.shares", patent_id=patent.id, part=part.value), method="get")
            for part, text in (
                (SharePart.OWNER, _("Change the owners")),
                (SharePart.INVENTOR, _("Change the inventors")),
            )
        ),
        *(
            [Action(_("Hand the patent on"), url_for("patents.transferring", patent_id=patent.id), method="get")]
            if patent.state in ALIVE
            else []
        ),
    ]
