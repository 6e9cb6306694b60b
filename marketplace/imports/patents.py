"""Patents from exports: what each column means, and what is wrong with which line. Reads, and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import select

from marketplace.db.base import db
from marketplace.imports import checks, files, patent_xml
from marketplace.imports.terms import Row, Trouble, Unreadable
from marketplace.kernel.call import Call
from marketplace.kernel.days import LONG_AGO
from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import BASIS, split
from marketplace.kernel.patents import application, classifications
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationState
from marketplace.patents import queries, records
from marketplace.patents.models import Patent
from marketplace.patents.terms import PatentTerms, ShareTerms
from marketplace.patents.workflow import LegalState, PatentKind

E = TypeVar("E", bound=StrEnum)

ALIASES: Mapping[str, str] = {
    "申请号": "number", "申请（专利）号": "number", "专利号": "number", "application_number": "number",
    "类型": "kind", "专利类型": "kind", "名称": "title", "标题": "title", "发明名称": "title", "专利名称": "title",
    "英文名称": "title_en", "摘要": "abstract", "权利要求": "claims", "权利要求书": "claims",
    "ipc分类号": "ipc", "分类号": "ipc", "主分类号": "ipc", "申请人": "applicants", "申请（专利权）人": "applicants",
    "专利权人": "applicants", "发明人": "inventors", "发明（设计）人": "inventors", "同族": "family", "申请日": "filed",
    "优先权日": "priority", "公开日": "published", "公开（公告）日": "published", "公开号": "publication_number",
    "公开（公告）号": "publication_number", "授权日": "granted", "授权公告日": "granted", "法律状态": "state",
    "技术领域": "field", "被引次数": "citations", "终止日": "ended",
}  # fmt: skip
NAMES = frozenset(
    {"number", "kind", "title", "title_en", "abstract", "claims", "ipc", "applicants", "inventors", "family", "filed",
     "priority", "published", "publication_number", "granted", "state", "field", "citations", "ended"}
)  # fmt: skip
COLUMNS = NAMES | frozenset(ALIASES)
NUMBERS = frozenset({"citations", "被引次数", "number", "申请号", "专利号"})
LIMITS = {
    "title": 300, "title_en": 400, "abstract": 20_000, "claims": 20_000, "ipc": 400, "applicants": 1000, "inventors": 1000,
    "family": 60, "publication_number": 30, "number": 40,
}  # fmt: skip
KINDS: Mapping[str, PatentKind] = {
    "发明": PatentKind.INVENTION, "发明专利": PatentKind.INVENTION, "发明公布": PatentKind.INVENTION,
    "发明授权": PatentKind.INVENTION, "实用新型": PatentKind.UTILITY, "外观设计": PatentKind.DESIGN, "外观": PatentKind.DESIGN,
}  # fmt: skip
STATES: Mapping[str, LegalState] = {
    "申请": LegalState.FILED, "公开": LegalState.PUBLISHED, "公布": LegalState.PUBLISHED, "实质审查": LegalState.PUBLISHED,
    "审中": LegalState.PUBLISHED, "授权": LegalState.GRANTED, "有权": LegalState.GRANTED, "有效": LegalState.GRANTED,
    "驳回": LegalState.REFUSED, "撤回": LegalState.WITHDRAWN, "视为撤回": LegalState.WITHDRAWN,
    "未缴年费": LegalState.LAPSED, "权利终止": LegalState.LAPSED, "失效": LegalState.LAPSED,
    "期限届满": LegalState.EXPIRED, "无效": LegalState.INVALIDATED, "全部无效": LegalState.INVALIDATED,
}  # fmt: skip
_AFTER_GRANT = frozenset({LegalState.GRANTED, LegalState.LAPSED, LegalState.EXPIRED, LegalState.INVALIDATED})
_PLACES = {"filed_on": "filed", "granted_on": "granted", "published_on": "published", "priority_on": "priority"}
_BETWEEN = re.compile(r"[;；|\n]+")
ENDINGS = (".xml",)


@dataclass(frozen=True, slots=True)
class Found:
    """A line that passed: the patent, the state its office reports (None = as its days say) and since when it ended."""

    line: int
    office: str
    number: str
    terms: PatentTerms
    state: LegalState | None
    ended_on: date | None


def read(data: bytes, ending: str) -> tuple[list[Row], list[Trouble]]:
    """Return the rows of a file's bytes, columns by our names, and what is wrong. Raises Unreadable."""
    files.require_kind(ending, ENDINGS)
    if not data.strip():
        raise Unreadable("file.empty")
    if ending.lower() == ".xml":
        return patent_xml.rows(data), []
    rows, troubles = files.read_bytes(data, ending, COLUMNS, NUMBERS)
    return [_renamed(row, troubles) for row in rows], troubles


def _renamed(row: Row, troubles: list[Trouble]) -> Row:
    cells: dict[str, str] = {}
    for name, text in row.cells.items():
        ours = ALIASES.get(name, name)
        if ours in cells:
            troubles.append(Trouble(row.line, name, "imports.same_column", {"name": ours}))
        cells[ours] = text
    return Row(row.line, cells)


def organisation_of(uscc: str) -> int:
    """Return the id of a verified organisation. Raises Unreadable: without an owner the whole file makes no sense."""
    query = select(Organisation.id).where(Organisation.uscc == uscc, Organisation.state == OrganisationState.VERIFIED)
    found = db.session.scalar(query)
    if found is None:
        raise Unreadable("imports.no_member", {"uscc": uscc[:40]})
    return found


def plan(call: Call, rows: Sequence[Row]) -> tuple[list[Found], list[Trouble]]:
    """Return the patents of the rows, in their order, and everything that is wrong."""
    troubles: list[Trouble] = []
    members = _members()
    today = queries.today(call)
    found = [one for row in rows if (one := _found(row, members, today, troubles)) is not None]
    _require_new(found, troubles)
    return found, troubles


def _members() -> dict[str, int]:
    query = select(Organisation.name, Organisation.id).where(Organisation.state == OrganisationState.VERIFIED)
    return {row.name: row.id for row in db.session.execute(query)}


def _found(row: Row, members: Mapping[str, int], today: date, troubles: list[Trouble]) -> Found | None:
    wrong: list[Trouble] = []
    checks.require(row, ("number", "title", "filed"), LIMITS, wrong)
    days = {
        name: checks.day_of(row, name, wrong, LONG_AGO)
        for name in ("filed", "priority", "published", "granted", "ended")
    }
    state = _choice(row, "state", STATES, LegalState, "imports.legal_state", wrong)
    if state in _AFTER_GRANT and days["granted"] is None and "granted" not in row.cells:
        wrong.append(Trouble(row.line, "granted", "imports.state_days"))
    found = None
    if not wrong:
        try:
            terms = _terms(row, days, members, wrong)
            office, number = records.number_of(terms)
            records.check_days(terms, today)
            records.check_shares(terms.inventors, "inventors")
            classifications(terms.ipc, LIMITS["ipc"])
            found = Found(row.line, office, number, terms, state, days["ended"])
        except Invalid as error:
            place = _PLACES.get(error.field or "", "number" if error.field == "reference" else error.field or "")
            wrong.append(Trouble(row.line, place, error.code, error.values))
    troubles += wrong
    return None if wrong else found


def _terms(row: Row, days: Mapping[str, date | None], members: Mapping[str, int], wrong: list[Trouble]) -> PatentTerms:
    cells = row.cells
    office, number = application(cells["number"])
    kind = _choice(row, "kind", KINDS, PatentKind, "imports.patent_kind", wrong)
    kind = kind or (records.kind_of(number) if office == "CN" else PatentKind.INVENTION)
    title, abstract = cells["title"], cells.get("abstract", "")
    applicants = [name.strip() for name in _BETWEEN.split(cells.get("applicants", "")) if name.strip()]
    return PatentTerms(
        number=cells["number"],
        kind=kind,
        title=title,
        field=checks.field_of(row, wrong) or checks.guess_field(title + abstract),
        filed_on=days["filed"] or date.min,
        title_en=cells.get("title_en", ""),
        abstract=abstract,
        claims=cells.get("claims", ""),
        ipc=cells.get("ipc", ""),
        applicants="；".join(applicants),
        family=cells.get("family", ""),
        citations=checks.count_of(row, "citations", wrong),
        priority_on=days["priority"],
        published_on=days["published"],
        publication_number=cells.get("publication_number", ""),
        granted_on=days["granted"],
        inventors=_equal([name.strip() for name in _BETWEEN.split(cells.get("inventors", "")) if name.strip()], {}),
        owners=_equal(applicants, members),
    )


def _equal(names: Sequence[str], members: Mapping[str, int]) -> tuple[ShareTerms, ...]:
    """Exports name holders without shares: all get the same until the owner writes better ones."""
    if not names:
        return ()
    shares = split(BASIS, [1] * len(names))
    return tuple(
        ShareTerms(name[:200], part, members.get(name)) for name, part in zip(names, shares, strict=True) if part
    )


def _choice(row: Row, column: str, known: Mapping[str, E], kind: type[E], code: str, wrong: list[Trouble]) -> E | None:
    text = row.cells.get(column, "")
    if not text:
        return None
    if text in known:
        return known[text]
    if text.lower() in set(kind):
        return kind(text.lower())
    wrong.append(Trouble(row.line, column, code, {"known": "、".join(known)}))
    return None


def _require_new(found: Sequence[Found], troubles: list[Trouble]) -> None:
    """Note numbers that an earlier line or the register has."""
    first: dict[tuple[str, str], int] = {}
    wanted = [one.number for one in found]
    known: set[tuple[str, str]] = set()
    for at in range(0, len(wanted), 500):
        query = select(Patent.office, Patent.number).where(Patent.number.in_(wanted[at : at + 500]))
        known |= {(row.office, row.number) for row in db.session.execute(query)}
    for one in found:
        key = (one.office, one.number)
        if key in first:
            troubles.append(Trouble(one.line, "number", "imports.twice", {"first": first[key]}))
        elif key in known:
            troubles.append(Trouble(one.line, "number", "imports.known"))
        first.setdefault(key, one.line)


def make(call: Call, owner_id: int, found: Found, today: date) -> Patent:
    """Return the row of a line that passed, in the state its office reports, not saved."""
    patent = records.new_patent(call, owner_id, found.terms, today)
    if found.state is not None and found.state is not patent.state:
        patent.state = found.state
        patent.ended_on = found.ended_on
        if found.state is LegalState.PUBLISHED and patent.disclosed_on is None:
            patent.disclosed_on = patent.published_on = found.terms.published_on or today
    elif patent.expires_on < today:
        patent.state, patent.ended_on = LegalState.EXPIRED, patent.expires_on
    if patent.ended_on is not None or patent.state not in {LegalState.FILED, LegalState.PUBLISHED, LegalState.GRANTED}:
        patent.next_rule = patent.next_due_on = patent.remind_on = patent.lapses_on = None
    return patent
