"""Orders, capabilities, teams and patents as search sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.db.base import db
from marketplace.orders.models import Order, Target
from marketplace.orders.queries import visible_to as visible_orders
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent, PatentShare
from marketplace.patents.queries import visible_to as visible_patents
from marketplace.search.indexing import register
from marketplace.search.kinds import Kind, Text, Watch
from marketplace.talent.models import Capability, Evidence, Team
from marketplace.talent.queries import teams_visible_to
from marketplace.talent.queries import visible_to as visible_capabilities

_NAMES = frozenset({"name", "name_en"})
CLAIMS_READ = 2_000
"""Characters of a patent's claims that can be found; the first ones say what the right is about."""


def _chosen(column: ColumnElement[int] | Any, ids: Sequence[int] | None) -> list[Any]:
    return [] if ids is None else [column.in_(ids)]


def _of_organisation(query: Select[int]) -> Callable[[Organisation], Sequence[int]]:
    def subjects(row: Organisation) -> Sequence[int]:
        return db.session.scalars(query.where(Organisation.id == row.id)).all()

    return subjects


def _orders(ids: Sequence[int] | None) -> Iterator[Text]:
    query = select(Order).where(*_chosen(Order.id, ids)).order_by(Order.id)
    for row in db.session.scalars(query.options(joinedload(Order.organisation), selectinload(Order.targets))):
        wanted = " · ".join(" ".join(filter(None, [t.name, t.value, t.unit, t.method])) for t in row.targets)
        parts = [row.reference, row.problem, row.background, wanted, row.ipc, _names(row.organisation)]
        yield Text(
            row.id,
            row.title,
            row.title_en,
            "\n".join(filter(None, parts)),
            row.field,
            row.alliance_id,
            row.published_at or row.created_at,
        )


def _capabilities(ids: Sequence[int] | None) -> Iterator[Text]:
    query = select(Capability).where(*_chosen(Capability.id, ids)).order_by(Capability.id)
    for row in db.session.scalars(query.options(joinedload(Capability.team), selectinload(Capability.evidence))):
        shown = [f"{piece.title}\n{piece.body}".strip() for piece in row.evidence]
        parts = [row.summary, row.ipc, _names(row.team), *shown]
        yield Text(
            row.id,
            row.title,
            row.title_en,
            "\n".join(filter(None, parts)),
            row.field,
            row.alliance_id,
            row.published_at or row.created_at,
        )


def _teams(ids: Sequence[int] | None) -> Iterator[Text]:
    query = select(Team).where(*_chosen(Team.id, ids)).order_by(Team.id).options(joinedload(Team.organisation))
    for row in db.session.scalars(query):
        body = "\n".join(filter(None, [row.introduction, _names(row.organisation)]))
        yield Text(row.id, row.name, row.name_en, body, None, None, row.created_at)


def _patents(ids: Sequence[int] | None) -> Iterator[Text]:
    """What the office publishes of a patent; evaluations, charts, licences and prices are no part of it."""
    query = select(Patent).where(*_chosen(Patent.id, ids)).order_by(Patent.id)
    for row in db.session.scalars(query.options(joinedload(Patent.owner), selectinload(Patent.shares))):
        people = _once([row.applicants, *(share.name for share in row.shares), row.owner.name, row.owner.name_en])
        numbers = " ".join(filter(None, [row.number, f"ZL{row.number}", row.publication_number, row.ipc]))
        parts = [row.abstract, people, numbers, row.claims[:CLAIMS_READ]]
        filed = datetime.combine(row.filed_on, time(), UTC)
        yield Text(row.id, row.title, row.title_en[:300], "\n".join(filter(None, parts)), row.field, None, filed)


def _once(names: Sequence[str]) -> str:
    """Return the names without those that an earlier one holds: owners mostly are applicants, and inventors have shares."""
    told: list[str] = []
    for name in names:
        if name and not any(name in earlier for earlier in told):
            told.append(name)
    return " ".join(told)


def _names(row: Organisation | Team) -> str:
    return " ".join(filter(None, [row.name, row.name_en]))


register(
    Kind(
        name="order",
        label=_l("Orders"),
        icon="clipboard",
        endpoint="orders.show",
        argument="order_id",
        visible=visible_orders,
        texts=_orders,
        watches={
            Order: Watch(
                frozenset(
                    {"reference", "title", "title_en", "problem", "background", "field", "ipc", "alliance_id"}
                    | {"published_at", "organisation_id"}
                ),
                lambda row: [row.id],
            ),
            Target: Watch(frozenset({"name", "value", "unit", "method", "position"}), lambda row: [row.order_id]),
            Organisation: Watch(_NAMES, _of_organisation(select(Order.id).join(Order.organisation))),
        },
    )
)
register(
    Kind(
        name="capability",
        label=_l("Capabilities"),
        icon="bulb",
        endpoint="talent.capability",
        argument="capability_id",
        visible=visible_capabilities,
        texts=_capabilities,
        watches={
            Capability: Watch(
                frozenset({"title", "title_en", "summary", "field", "ipc", "alliance_id", "published_at", "team_id"}),
                lambda row: [row.id],
            ),
            Evidence: Watch(frozenset({"title", "body"}), lambda row: [row.capability_id]),
            Team: Watch(
                _NAMES,
                lambda row: db.session.scalars(select(Capability.id).where(Capability.team_id == row.id)).all(),
            ),
        },
    )
)
register(
    Kind(
        name="team",
        label=_l("Teams"),
        icon="users",
        endpoint="talent.team",
        argument="team_id",
        visible=teams_visible_to,
        texts=_teams,
        watches={
            Team: Watch(_NAMES | {"introduction", "organisation_id"}, lambda row: [row.id]),
            Organisation: Watch(_NAMES, _of_organisation(select(Team.id).join(Team.organisation))),
        },
    )
)
register(
    Kind(
        name="patent",
        label=_l("Patents"),
        icon="license",
        endpoint="patents.show",
        argument="patent_id",
        visible=visible_patents,
        texts=_patents,
        watches={
            Patent: Watch(
                frozenset(
                    {
                        "title",
                        "title_en",
                        "abstract",
                        "claims",
                        "applicants",
                        "field",
                        "ipc",
                        "number",
                        "publication_number",
                    }
                    | {"filed_on", "owner_id"}
                ),
                lambda row: [row.id],
            ),
            PatentShare: Watch(frozenset({"name"}), lambda row: [row.patent_id]),
            Organisation: Watch(_NAMES, _of_organisation(select(Patent.id).join(Patent.owner))),
        },
    )
)
