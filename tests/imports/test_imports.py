"""Needs become orders and results evidence: from every kind of file, once, and only when asked."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.imports import results
from marketplace.imports.checks import guess_field
from marketplace.imports.terms import Row
from marketplace.kernel.fields import Field
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.talent.models import Capability, Evidence, Team
from tests.factories import Make
from tests.imports.broken import GOOD, good_workbook, line
from tests.imports.conftest import Place

LONG = "设备表面在潮湿环境中三个月内开始锈蚀，返修率高，客户投诉多，需要一种不含铬的长效防护涂层。"
TABLE = "ID,Title,content\r\nn1,防护涂层,设备表面在潮湿环境中三个月内开始锈蚀。\r\n"


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        (".jsonl", line()),
        (".jsonl", b"\xef\xbb\xbf" + line() + b"\r\n\n"),
        (".csv", TABLE.encode("utf-8-sig")),
        (".csv", TABLE.encode("gb18030")),
        (".xlsx", good_workbook()),
    ],
)
def test_every_kind_of_file_gives_the_same_draft(place: Place, ending: str, data: bytes) -> None:
    result = place.needs(data, ending, "--apply")
    assert result.exit_code == 0, result.output
    order = db.session.scalars(select(Order)).one()
    assert (order.title, order.problem, order.state) == (GOOD["title"], GOOD["content"], OrderState.DRAFT)
    assert order.organisation_id == place.enterprise.id


def test_without_apply_nothing_is_written(place: Place) -> None:
    result = place.needs(line(), ".jsonl")
    assert "1 needs could become orders" in result.output
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0


def test_one_bad_row_keeps_all_others_out_and_is_named_by_its_line(place: Place) -> None:
    result = place.needs(line() + line(id="n2", title="") + line(id="n3"), ".jsonl", "--apply")
    assert result.exit_code == 1
    assert "2: title: This is missing. [imports.missing]" in result.stderr
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0


def test_a_file_imported_twice_is_refused_the_second_time(place: Place) -> None:
    assert place.needs(line(), ".jsonl", "--apply").exit_code == 0
    again = place.needs(line(), ".jsonl", "--apply")
    assert (again.exit_code, "imports.known" in again.stderr) == (1, True)


def test_the_journal_has_one_record_per_file(place: Place) -> None:
    place.needs(line() + line(id="n2", title="另一个"), ".jsonl", "--apply")
    record = db.session.scalars(select(AuditRecord)).one()
    assert (record.command, record.detail["orders"], len(record.detail["file"])) == ("imports.needs", 2, 64)


def test_a_cell_keeps_what_the_file_says_about_money_and_time(place: Place) -> None:
    data = line(own_funds="12万", price_ceiling=480000, deadline="2027-06-30", field="chemistry")
    assert place.needs(data, ".jsonl", "--apply").exit_code == 0
    order = db.session.scalars(select(Order)).one()
    assert (order.own_funds, order.price_ceiling, order.field) == (12_000_000, 48_000_000, Field.CHEMISTRY)
    assert order.bid_deadline is not None
    assert order.bid_deadline.isoformat() == "2027-06-30T15:59:00+00:00"


@pytest.mark.parametrize("deadline", ["２０２７-０６-３０", "2027年6月30日", "2027/6/30", "2027.6.30 00:00"])
def test_a_cell_is_read_as_people_type_days_and_amounts(place: Place, deadline: str) -> None:
    data = line(own_funds="１２３，４５６．７８", price_ceiling="４８万", deadline=deadline)
    assert place.needs(data, ".jsonl", "--apply").exit_code == 0
    order = db.session.scalars(select(Order)).one()
    assert (order.own_funds, order.price_ceiling) == (12_345_678, 48_000_000)
    assert order.bid_deadline is not None
    assert order.bid_deadline.isoformat() == "2027-06-30T15:59:00+00:00"


def test_published_needs_take_bids_and_thin_ones_stay_drafts(place: Place) -> None:
    data = line(content=LONG) + line(id="n2", title="太短", content="一句话")
    result = place.needs(data, ".jsonl", "--apply", "--published", "--days", "20")
    assert "1 take bids, 1 are drafts" in result.output
    states = {order.title: order.state for order in db.session.scalars(select(Order))}
    assert states == {GOOD["title"]: OrderState.BIDDING, "太短": OrderState.DRAFT}


def test_an_enterprise_outside_the_alliance_owns_no_imported_order(place: Place, make: Make) -> None:
    stranger = make.enterprise()
    result = place.needs(line(organisation=stranger.uscc), ".jsonl", "--apply")
    assert "imports.no_organisation" in result.stderr


def test_results_become_evidence_of_published_capabilities(place: Place) -> None:
    data = b"".join(
        b'{"id": "a%d", "text": "%s"}\n' % (n, text.encode())
        for n, text in enumerate(["氟化锂 制备 方法", "导电 纤维 织物", "锂离子 电池 材料", "污水 处理 工艺"])
    )
    result = place.capabilities(data, ".jsonl", "--apply", "--teams", "2")
    assert result.exit_code == 0, result.output
    assert db.session.scalar(select(func.count()).select_from(Team)) == 2
    assert {row.reference for row in db.session.scalars(select(Evidence))} == {"a0", "a1", "a2", "a3"}
    assert "氟化锂制备方法" in {row.title for row in db.session.scalars(select(Evidence))}
    assert all(row.published_at for row in db.session.scalars(select(Capability)))
    again = place.capabilities(data, ".jsonl", "--apply")
    assert "imports.known" in again.stderr


def test_results_go_to_the_institution_and_team_they_name(place: Place, make: Make) -> None:
    team = make.team(make.university(name="南岭研究院"), name="涂层组")
    data = '{"id": "a", "title": "涂层", "institution": "南岭研究院", "team": "涂层组", "year": 2024}\n'.encode()
    assert place.capabilities(data, ".jsonl", "--apply").exit_code == 0
    assert db.session.scalars(select(Capability)).one().team_id == team.id


@pytest.mark.parametrize("year", ["24", "1066", "2999", "二〇二四", "²⁰²⁴"])
def test_a_year_that_is_none_is_refused(place: Place, year: str) -> None:
    result = place.capabilities(f'{{"id": "a", "title": "x", "year": "{year}"}}\n'.encode(), ".jsonl", "--apply")
    assert "imports.year" in result.stderr


def test_dealing_gives_every_team_its_equal_part() -> None:
    fields = list(Field)
    found = [results.Result(Row(n, {}), 1, "", "x", "", fields[n % 16], None) for n in range(100)]
    dealt = results.deal(found, 5)
    sizes: dict[str, int] = {}
    for (_organisation, team, _field), part in dealt.items():
        sizes[team] = sizes.get(team, 0) + len(part)
    assert list(sizes.values()) == [20] * 5


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("防爆锂离子电池的研发", Field.ENERGY),
        ("花椒食品中苦味的去除", Field.FOOD),
        ("高活性氟化锂催化合成", Field.CHEMISTRY),
        ("xyz", Field.NEW_MATERIALS),
    ],
)
def test_words_hint_at_a_field(text: str, field: Field) -> None:
    assert guess_field(text) is field


def test_the_command_answers_in_chinese_by_default(place: Place) -> None:
    file = place.folder / "x.jsonl"
    file.write_bytes(b"")
    result = place.app.test_cli_runner().invoke(args=["import", "needs", str(file), "--alliance", "NM"])
    assert "文件" in result.stderr
