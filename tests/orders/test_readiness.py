"""What the readiness check finds, place by place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from marketplace.kernel.fields import Field
from marketplace.orders.procedures import RULES, Article, Procedure
from marketplace.orders.readiness import (
    CODES,
    Severity,
    Step,
    as_number,
    blocking,
    check,
    repeated,
    score,
)
from marketplace.orders.terms import DisclosureTerms, MoneyTerms, NeedTerms, Sheet, TargetsTerms, TargetTerms
from marketplace.orders.workflow import Comparator, ContractType, IpWish
from tests.conftest import START

PROBLEM = "设备表面在潮湿环境中三个月内开始锈蚀，返修率高达百分之八，客户投诉多。" * 5
TARGET = TargetTerms("耐盐雾时间", Comparator.AT_LEAST, "1000", "", "h", "GB/T 10125", True)
GOOD = Sheet(
    NeedTerms(1, "无铬长效防护涂层", "Chromium-free coating", PROBLEM, "试过两种市售涂料", Field.NEW_MATERIALS),
    TargetsTerms(3, 6, (TARGET,)),
    MoneyTerms(
        20_000_000,
        50_000_000,
        None,
        START + timedelta(days=20),
        date(2028, 1, 1),
        ContractType.ENTRUSTED,
        IpWish.ENTERPRISE,
        budget_reason="两个同类项目分别为42万和46万",
    ),
    DisclosureTerms(),
)


def need(**values: Any) -> Sheet:
    return replace(GOOD, need=replace(GOOD.need, **values))


def targets(**values: Any) -> Sheet:
    return replace(GOOD, targets=replace(GOOD.targets, **values))


def target(**values: Any) -> Sheet:
    return targets(targets=(replace(TARGET, **values),))


def money(**values: Any) -> Sheet:
    return replace(GOOD, money=replace(GOOD.money, **values))


def codes(sheet: Sheet) -> set[str]:
    return {gap.code.removeprefix("readiness.") for gap in check(sheet, START)}


CASES: list[tuple[str, Sheet]] = [
    ("title_missing", need(title=" ")),
    ("title_en_missing", need(title_en="")),
    ("problem_short", need(problem="锈蚀")),
    ("problem_short", need(problem="！？…  " * 100)),
    ("problem_brief", need(problem="锈" * 40)),
    ("background_missing", need(background="")),
    ("field_missing", need(field=None)),
    ("contact_in_public", need(problem=PROBLEM + "请致电13800138000")),
    ("contact_in_public", need(background="write to li.na@example.test")),
    ("trl_missing", targets(trl_now=None)),
    ("trl_backwards", targets(trl_now=6, trl_wanted=3)),
    ("no_target", targets(targets=())),
    ("no_must_have", target(must_have=False)),
    ("target_name", target(name="")),
    ("target_number", target(value="尽可能高")),
    ("target_number", target(value="")),
    ("target_number", target(comparator=Comparator.BETWEEN, value="1", value_to="")),
    ("target_range", target(comparator=Comparator.BETWEEN, value="5", value_to="5")),
    ("target_method", target(method=" ")),
    ("target_unit", target(unit="")),
    ("ceiling_missing", money(price_ceiling=None)),
    ("own_funds_missing", money(own_funds=None)),
    ("own_funds_above", money(own_funds=50_000_001)),
    ("deadline_missing", money(bid_deadline=None)),
    ("deadline_near", money(bid_deadline=START + timedelta(days=5, seconds=-1))),
    ("deadline_near", money(bid_deadline=START + timedelta(days=19, hours=23), procedure=Procedure.STRICT)),
    ("deadline_near", money(bidding_from=START + timedelta(days=16))),
    ("deadline_near", money(bid_deadline=START - timedelta(days=1))),
    ("window_short", money(bid_deadline=START + timedelta(days=10))),
    ("start_after_deadline", money(bidding_from=START + timedelta(days=21))),
    ("delivery_missing", money(delivery_on=None)),
    ("delivery_before_deadline", money(delivery_on=(START + timedelta(days=20)).date())),
    ("procedure_reason_missing", replace(money(procedure=Procedure.INVITATION, procedure_reason=" "), invited=1)),
    ("nobody_invited", money(procedure=Procedure.INVITATION, procedure_reason="x")),
    ("budget_reason_missing", money(budget_reason=" ")),
    ("secrecy_words", need(background="配方属商业秘密")),
    ("template_left", need(problem=PROBLEM + "影响：【每年损失】")),
    ("contract_missing", money(contract_type=None)),
    ("ip_missing", money(ip_wish=None)),
    (
        "secret_in_public",
        replace(
            need(background="现用PX-2041底漆"), disclosure=DisclosureTerms(confidential="配方代号 PX-2041，含锆盐")
        ),
    ),
]


def test_a_complete_order_has_no_gap_and_the_full_score() -> None:
    assert check(GOOD, START) == []
    assert score([]) == 100


@pytest.mark.parametrize(("code", "sheet"), CASES)
def test_each_gap_is_named(code: str, sheet: Sheet) -> None:
    assert codes(sheet) == {code}


def test_every_check_has_a_case() -> None:
    assert {f"readiness.{code}" for code, _ in CASES} == set(CODES)


def test_an_empty_draft_is_blocked_in_each_step_that_asks_for_something() -> None:
    empty = Sheet(NeedTerms(1, ""), TargetsTerms(), MoneyTerms(), DisclosureTerms())
    gaps = check(empty, START)
    assert {gap.step for gap in blocking(gaps)} == {Step.NEED, Step.TARGETS, Step.TERMS}
    assert [gap.severity for gap in gaps] == sorted((g.severity for g in gaps), key=lambda s: s is Severity.ADVICE)
    assert score(gaps) == 0


def test_a_blocking_gap_costs_more_than_an_advice() -> None:
    assert score(check(need(field=None), START)) < score(check(need(background=""), START)) < 100


@pytest.mark.parametrize("procedure", list(Procedure))
def test_exactly_the_days_of_the_procedure_are_enough(procedure: Procedure) -> None:
    least = timedelta(days=RULES[procedure].min_days)
    assert "deadline_near" not in codes(money(bid_deadline=START + least, procedure=procedure))
    assert "deadline_near" in codes(money(bid_deadline=START + least - timedelta(seconds=1), procedure=procedure))


def test_a_rule_of_law_is_cited_where_it_refuses() -> None:
    near = money(bid_deadline=START + timedelta(days=4), procedure=Procedure.STRICT)
    assert [gap.article for gap in check(near, START)] == [Article.BL_24]
    assert [gap.article for gap in check(money(bid_deadline=START + timedelta(days=4)), START)] == [None]


@pytest.mark.parametrize("procedure", [p for p in Procedure if p is not Procedure.OPEN])
def test_only_the_open_call_is_advised_to_stay_open_longer(procedure: Procedure) -> None:
    short = money(bid_deadline=START + RULES[procedure].least_window, procedure=procedure, procedure_reason="x")
    assert codes(replace(short, invited=1)) == set()


def test_two_vague_targets_are_named_by_their_number() -> None:
    sheet = targets(targets=(TARGET, replace(TARGET, value="好"), replace(TARGET, value="快")))
    assert [gap.values["number"] for gap in check(sheet, START)] == [2, 3]


@pytest.mark.parametrize(
    ("text", "number"),
    [("67", "67"), ("1.80", "1.80"), ("－0.5", "-0.5"), ("１２", "12"), (" 3 ", "3"), ("−2", "-2"), ("1，000", "1000")],
)
def test_numbers_are_read_as_people_type_them(text: str, number: str) -> None:
    assert as_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "1e30", "1,00", "≥5", "NaN", "9" * 30, "٣", "1.2.3", "\x00"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert as_number(text) is None


@pytest.mark.parametrize(
    ("secret", "public", "found"),
    [
        ("代号PX-2041", "用PX-2041打底", "PX-2041"),
        ("采用锆盐与硅烷复配的预处理液", "我们采用锆盐与硅烷复配的方法", "采用锆盐与硅烷复"),
        (
            "the zirconium salt is added at 40 degrees before rinsing",
            "ZIRCONIUM salt is added at 40 degrees before it",
            "zirconium salt is added at 40 degrees before",
        ),
        ("采用锆盐", "采用锆盐", ""),
        ("a coating for machines", "a coating for machines", ""),
        ("", "锆盐", ""),
    ],
)
def test_secrets_that_the_public_text_repeats_are_found(secret: str, public: str, found: str) -> None:
    assert repeated(secret, public) == found
