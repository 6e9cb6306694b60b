"""Fixtures of the bids suite."""

from __future__ import annotations

import pytest
from nacl.pwhash import argon2id

from marketplace.bids import holders
from tests.bids.scene import Scene
from tests.conftest import Clock
from tests.factories import Make


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passphrases be stretched with the least work the library allows."""
    monkeypatch.setattr(holders, "OPSLIMIT", argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(holders, "MEMLIMIT", argon2id.MEMLIMIT_MIN)


@pytest.fixture
def scene(make: Make, clock: Clock) -> Scene:
    return Scene(make, clock)
