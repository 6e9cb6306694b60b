"""The hand-written texts of the demo city."""

from __future__ import annotations

import re

import pytest
from stdnum.cn import uscc

from marketplace.demo import names
from marketplace.demo.archetype import Archetype
from marketplace.demo.needs import ARCHETYPES
from marketplace.kernel.fields import Field
from marketplace.kernel.patents import classifications
from marketplace.orders.readiness import GOOD_PROBLEM, as_number, repeated

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_field_has_needs_and_no_two_teams_share_a_name() -> None:
    assert {each.field for each in ARCHETYPES} == set(Field)
    assert all(each.ipc == classifications(each.ipc, 200) for each in ARCHETYPES)
    assert len({each.team for each in ARCHETYPES}) == len(ARCHETYPES)


@pytest.mark.parametrize("work", ARCHETYPES, ids=lambda work: work.team[1])
def test_a_need_says_enough_in_every_variant(work: Archetype) -> None:
    assert len(work.products) == 5
    for variant in range(5):
        problem = work.say(work.problem, variant)
        assert len(CHINESE.findall(problem)) >= GOOD_PROBLEM * 3 // 4, problem
        assert "{" not in problem + work.say(work.confidential, variant) + work.say(work.plans[0], variant)
        assert not CHINESE.search(work.say(work.title_en, variant) + work.say(work.skill_en, variant))
        assert repeated(work.say(work.confidential, variant), problem) == ""
        assert all(as_number(target.value(variant)) is not None for target in work.targets)
    assert work.trl[0] < work.trl[1]
    assert work.ceiling[0] < work.ceiling[1]
    assert any(target.must_have for target in work.targets)


@pytest.mark.parametrize("enterprise", [True, False])
def test_credit_codes_have_right_check_digits(enterprise: bool) -> None:
    codes = [names.credit_code(serial, enterprise=enterprise) for serial in range(50)]
    assert all(uscc.is_valid(code) for code in codes)
    assert len(set(codes)) == 50
