"""The procedures' switches are those of the rule book, and every sentence that a statute is behind names it."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.orders import rulebook
from marketplace.orders.models import Order
from marketplace.orders.procedures import RULES, Article, Procedure, Rules, rules_of
from tests.factories import Make

P = Procedure


def test_the_switches_are_as_agreed() -> None:
    rows = {p: (r.min_bids, r.min_days, r.clarification_days, r.extension_days) for p, r in RULES.items()}
    assert rows == {
        P.QUICK: (1, 3, 1, 2),
        P.OPEN: (2, 5, 2, 5),
        P.STRICT: (3, 20, 15, 15),
        P.OPEN_LIST: (1, 15, 5, 5),
        P.TWO_STAGE: (2, 15, 5, 5),
        P.INVITATION: (1, 3, 1, 2),
        P.FRAMEWORK: (1, 3, 1, 2),
    }
    assert {p for p, r in RULES.items() if r.invited_only} == {P.INVITATION, P.FRAMEWORK}
    assert {p for p, r in RULES.items() if r.two_envelopes} == {P.OPEN_LIST, P.TWO_STAGE}


def test_strict_mode_is_the_bidding_law() -> None:
    strict = RULES[P.STRICT]
    assert (strict.committee_min, strict.committee_odd, strict.standstill_days) == (5, True, 3)
    assert strict.citations["min_bids"] is Article.BL_28
    assert strict.citations["min_days"] is Article.BL_24


@pytest.mark.parametrize(("members", "least"), [(5, 4), (7, 5), (9, 6), (11, 8)])
def test_two_thirds_of_a_committee_are_counted_as_the_law_means_it(members: int, least: int) -> None:
    share = RULES[P.STRICT].expert_share
    enough = [experts for experts in range(members + 1) if experts * 10_000 >= share * members]
    assert enough[0] == least


@pytest.mark.parametrize("procedure", list(P))
def test_no_procedure_closes_questions_before_it_opens(procedure: Procedure) -> None:
    rules = RULES[procedure]
    assert 0 < rules.clarification_days < rules.min_days
    assert rules.extension_days <= rules.min_days
    assert rules.committee_min % 2 == 1 or not rules.committee_odd


def test_every_citation_belongs_to_a_switch_that_is_told() -> None:
    for rules in RULES.values():
        assert set(rules.citations) <= {*Rules.__dataclass_fields__, "sealed"}


@pytest.mark.parametrize("procedure", list(P))
def test_each_procedure_is_told_in_sentences_with_its_articles(app: Flask, procedure: Procedure) -> None:
    with app.test_request_context("/"):
        told = rulebook.clauses(procedure)
        cited = {clause.law[0] for clause in told if clause.law}
        wanted = {rulebook.cite(article)[0] for article in RULES[procedure].citations.values()}  # type: ignore[index]
    assert len({clause.text for clause in told}) == len(told) >= 6
    if "committee_odd" in RULES[procedure].citations:
        assert len(cited) >= 6
    assert cited == wanted


def test_an_order_follows_the_open_call_unless_it_says_otherwise(make: Make) -> None:
    assert rules_of(make.order(procedure=P.STRICT)) is RULES[P.STRICT]
    assert Order.__table__.c.procedure.default.arg is P.OPEN  # type: ignore[union-attr]
