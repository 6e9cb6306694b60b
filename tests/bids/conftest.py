"""Fixtures of the bids suite."""

from __future__ import annotations

import pytest

from tests.bids.scene import Scene
from tests.conftest import Clock
from tests.factories import Make


@pytest.fixture
def scene(make: Make, clock: Clock) -> Scene:
    return Scene(make, clock)
