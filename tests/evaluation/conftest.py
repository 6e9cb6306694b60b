"""Fixtures of the evaluation suite."""

from __future__ import annotations

import pytest

from tests.conftest import Clock
from tests.evaluation.court import Court
from tests.factories import Make


@pytest.fixture
def court(make: Make, clock: Clock) -> Court:
    return Court(make, clock)
