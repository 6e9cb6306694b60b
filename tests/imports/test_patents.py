"""Patents come in from exports of every kind; a wrong line is named and nothing is half-imported."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.imports import patent_service, patents
from marketplace.imports.models import CheckedFile
from marketplace.imports.terms import Unreadable
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent, PatentEvent, PatentShare
from marketplace.patents.workflow import LegalState, PatentKind, SharePart
from tests.factories import Make
from tests.imports.conftest import Place
from tests.imports.patent_files import ST36, ST96, by_chance, by_hand, line, number, record, sheet, table

HAND = list(by_hand())
CHANCES = list(by_chance(470))


def rows() -> int:
    kinds = (Patent, PatentShare, PatentEvent, AuditRecord, CheckedFile)
    return sum(db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)


def bring(place: Place, data: bytes, ending: str, *options: str) -> Any:
    return place._run("patents", data, ending, "--organisation", place.university.uscc, *options)


@pytest.mark.parametrize(
    ("ending", "data"),
    [(".csv", table(record())), (".csv", table(record()).decode().encode("gb18030")), (".xlsx", sheet(record()))],
)
def test_an_office_s_table_becomes_patents_with_owners_and_inventors(place: Place, ending: str, data: bytes) -> None:
    result = bring(place, data, ending, "--apply")
    assert result.exit_code == 0, result.output + result.stderr
    row = db.session.scalars(select(Patent)).one()
    assert (row.number, row.state, row.granted_on) == (number(1), LegalState.GRANTED, date(2022, 5, 10))
    shares = {(s.part, s.name, s.organisation_id): s.share for s in row.shares}
    assert shares == {
        (SharePart.OWNER, "东江大学", place.university.id): 5000,
        (SharePart.OWNER, "榕湾市某企业", None): 5000,
        (SharePart.INVENTOR, "李明", None): 5000,
        (SharePart.INVENTOR, "王芳", None): 5000,
    }


def test_exchange_documents_of_st36_are_read(place: Place) -> None:
    assert bring(place, ST36.encode(), ".xml", "--apply").exit_code == 0
    row = db.session.scalars(select(Patent)).one()
    assert (row.number, row.publication_number) == (number(1), "CN109876543B")
    assert (row.title, row.title_en, row.ipc) == ("一种水性防腐涂料", "Waterborne coating", "C09D 5/08")
    assert (row.priority_on, row.filed_on, row.granted_on) == (date(2018, 4, 1), date(2019, 3, 15), date(2022, 5, 10))
    assert (row.claim_count, row.family, row.applicants) == (2, "66000001", "东江大学")


def test_publications_of_st96_are_read(place: Place) -> None:
    assert bring(place, ST96.encode(), ".xml", "--apply").exit_code == 0
    row = db.session.scalars(select(Patent)).one()
    assert (row.kind, row.title, row.filed_on) == (PatentKind.UTILITY, "一种喷涂装置", date(2019, 5, 5))
    assert [s.name for s in row.shares if s.part is SharePart.INVENTOR] == ["陈静"]


@pytest.mark.parametrize(
    ("state", "kept"),
    [("未缴年费", LegalState.LAPSED), ("全部无效", LegalState.INVALIDATED), ("lapsed", LegalState.LAPSED)],
)
def test_the_office_s_legal_state_is_kept_and_asks_for_nothing(place: Place, state: str, kept: LegalState) -> None:
    assert bring(place, line(state=state, ended="2025-10-15"), ".jsonl", "--apply").exit_code == 0
    row = db.session.scalars(select(Patent)).one()
    assert (row.state, row.ended_on, row.next_due_on) == (kept, date(2025, 10, 15), None)


def test_without_apply_nothing_is_written_and_a_second_time_is_refused(place: Place) -> None:
    assert "1 patents could be registered" in bring(place, line(), ".jsonl").output
    assert rows() == 0
    assert bring(place, line(), ".jsonl", "--apply").exit_code == 0
    again = bring(place, line(), ".jsonl", "--apply")
    assert (again.exit_code, "imports.known" in again.stderr) == (1, True)


@pytest.mark.parametrize("broken", HAND, ids=[f"{name}{ending}" for name, ending, _ in HAND])
def test_a_broken_file_is_explained_and_leaves_nothing(place: Place, broken: tuple[str, str, bytes]) -> None:
    _name, ending, data = broken
    result = bring(place, data, ending, "--apply")
    assert result.exit_code in {1, 2}, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Nothing was imported." in result.stderr
    assert "This cannot be done" not in result.stderr  # the rule has a sentence
    assert rows() == 0


def test_five_hundred_broken_files_are_imported_whole_or_not_at_all(place: Place, make: Make) -> None:
    """At the reader and planner, which the page and the command share; none of them raises anything but Unreadable."""
    assert len(HAND) + len(CHANCES) >= 500
    call, refused = make.call(), 0
    for name, ending, data in CHANCES:
        try:
            found, troubles = patents.read(data, ending)
            planned, more = patents.plan(call, found)
        except Unreadable:
            refused += 1
            continue
        refused += bool(troubles or more)
        assert len(planned) + len({t.line for t in more}) >= len(found), name
    assert refused >= 250
    assert rows() == 0


def test_one_bad_line_keeps_a_whole_file_out_also_past_the_check(place: Place, make: Make) -> None:
    """The twin of the check: a file whose line goes bad between check and import writes nothing either."""
    owner = make.owner(place.university)
    data = line(1) + line(2)
    kept = patent_service.keep_checked(make.call(owner), place.university.id, data, ".jsonl", 2)
    assert bring(place, line(2), ".jsonl", "--apply").exit_code == 0
    before = rows()
    with pytest.raises(Exception, match=r"imports\.problems"):
        patent_service.import_checked(make.call(owner), kept.id)
    assert rows() == before


def test_an_owner_checks_a_file_and_imports_exactly_that(make: Make, sign_in: Any) -> None:
    university: Organisation = make.university(name="东江大学")
    browser = sign_in(make.owner(university))
    assert browser.get("/imports/patents").status_code == 200
    form = {"organisation_id": str(university.id)}
    wrong = browser.post("/imports/patents", data={**form, "upload": (io.BytesIO(table(record(), record())), "a.csv")})
    assert wrong.status_code == 422
    assert "同一编号" in wrong.text or "imports.twice" not in wrong.text
    answer = browser.post(
        "/imports/patents", data={**form, "upload": (io.BytesIO(table(record(), record(2))), "a.csv")}
    )
    assert answer.status_code == 200
    assert db.session.scalar(select(func.count()).select_from(Patent)) == 0
    address = re.search(r'action="(/imports/patents/\d+/apply)"', answer.text)
    assert address is not None
    rival = sign_in(make.owner(make.enterprise()))
    assert rival.post(address[1]).status_code == 404
    assert browser.post(address[1]).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Patent)) == 2
    assert browser.post(address[1]).status_code == 404


def test_a_large_file_is_imported_at_once(place: Place, make: Make) -> None:
    """``python -m benchmarks.patent_import`` brings ten thousand of each kind of file."""
    found, troubles = patents.read(b"".join(line(n, abstract="涂层。" * 100) for n in range(1, 121)), ".jsonl")
    assert troubles == []
    assert patent_service.import_patents(make.call(), found, place.university.id, "0" * 64) == 120
