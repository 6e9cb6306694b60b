"""The one box of the site: suggestions while one types, and the page of what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace.kernel.fields import Field
from marketplace.search import queries, subjects  # noqa: F401 - subjects registers its kinds
from marketplace.search.asking import LONGEST, Word
from marketplace.search.highlight import Part, excerpt, marked
from marketplace.search.kinds import KINDS, Kind
from marketplace.search.models import SearchEntry
from marketplace.search.terms import Search
from marketplace.search.views.blueprint import bp
from marketplace.web import words
from marketplace.web.guards import PUBLIC, access
from marketplace.web.pages import Page, paginate

MOST_TOLD = 6
"""Synonyms that are named above the results."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found subject, ready to be shown."""

    kind: Kind
    url: str
    title: list[Part]
    excerpt: list[Part]
    entry: SearchEntry


@bp.get("/search")
@access(PUBLIC)
def index() -> str:
    """What was asked for, among everything the reader may see."""
    wanted = _wanted()
    found = queries.find(g.call.actor, wanted)
    page: Page[SearchEntry] | None = paginate(found.entries) if found else None
    alliances = queries.alliances()
    return render_template(
        "search/index.html",
        wanted=wanted,
        found=found,
        page=page,
        hits=[_hit(entry, found.words) for entry in page.items] if page and found else [],
        tabs=_tabs(wanted, found.counts) if found and found.counts else [],
        synonyms=_synonyms(found.words) if found else [],
        fields=words.choices(Field),
        alliances=alliances,
        alliance_of={alliance.id: alliance for alliance in alliances},
        is_limited=wanted != Search(wanted.text),
    )


@bp.get("/search/suggestions")
@access(PUBLIC)
def suggestions() -> str:
    """A fragment: a few titles that hold what is being typed."""
    text = _text()
    asked, entries = queries.suggest(g.call.actor, text)
    hits = [_hit(entry, asked) for entry in entries]
    return render_template("search/_suggestions.html", hits=hits, text=text, asked=bool(asked))


@bp.app_context_processor
def _box() -> dict[str, Any]:
    """What the frame of every page needs for its search box."""
    return {
        "search_url": url_for("search.index"),
        "suggestions_url": url_for("search.suggestions"),
        "search_text": _text() if request.endpoint == "search.index" else "",
    }


def _text() -> str:
    return request.args.get("q", "").replace("\x00", "").strip()[:LONGEST]


def _wanted() -> Search:
    """Read the question from the address; what no filter knows is ignored."""
    kind, field, alliance = (request.args.get(name, "") for name in ("kind", "field", "alliance"))
    return Search(
        text=_text(),
        kind=kind if kind in KINDS else None,
        field=Field(field) if field in {member.value for member in Field} else None,
        alliance_id=int(alliance) if alliance.isascii() and alliance.isdigit() and len(alliance) < 10 else None,
    )


def _hit(entry: SearchEntry, asked: tuple[Word, ...]) -> Hit:
    kind = KINDS[entry.kind]
    chinese = str(get_locale()).startswith("zh")
    title = (entry.title or entry.title_en) if chinese else (entry.title_en or entry.title)
    values: dict[str, Any] = {kind.argument: entry.subject_id}
    url = url_for(kind.endpoint, **values)
    return Hit(kind, url, marked(title, asked), excerpt(entry.body, asked), entry)


def _tabs(wanted: Search, counts: dict[str, int]) -> list[dict[str, Any]]:
    limits: dict[str, Any] = {
        "q": wanted.text,
        "field": wanted.field and wanted.field.value,
        "alliance": wanted.alliance_id,
    }
    tabs = [
        {
            "label": _("Everything"),
            "url": url_for("search.index", **limits),
            "current": wanted.kind is None,
            "count": sum(counts.values()),
        }
    ]
    tabs += [
        {
            "label": kind.label,
            "url": url_for("search.index", **limits, kind=kind.name),
            "current": wanted.kind == kind.name,
            "count": counts.get(kind.name, 0),
        }
        for kind in KINDS.values()
    ]
    return tabs


def _synonyms(asked: tuple[Word, ...]) -> list[str]:
    return list(dict.fromkeys(told for word in asked for told in word.told))[:MOST_TOLD]
