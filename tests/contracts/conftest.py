"""Fixtures of the contracts' tests."""

from __future__ import annotations

import pytest

from tests.contracts.scene import Scene, awarded
from tests.factories import Make


@pytest.fixture
def scene(make: Make) -> Scene:
    """An awarded order: own money 200,000 yuan, a grant of 150,000 and a loan of 70,000."""
    return awarded(make)
