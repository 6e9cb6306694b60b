"""Vectors are kept once, found again, and forgotten with their texts."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from marketplace.db.base import db
from marketplace.vectors import store
from marketplace.vectors.models import TextVector
from tests.conftest import Clock
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("make")


def test_what_is_kept_is_known_by_encoder_and_text(clock: Clock) -> None:
    assert store.keep([("general", "a" * 64, b"\x01\xff"), ("chinese", "a" * 64, b"\x02")], clock()) == 2
    assert store.known() == {"general": {"a" * 64: b"\x01\xff"}, "chinese": {"a" * 64: b"\x02"}}


def test_what_another_worker_kept_meanwhile_stays(make: Make, clock: Clock) -> None:
    row = {"digest": "a" * 64, "encoder": "general", "components": b"\x01", "made_at": clock()}
    db.session.execute(insert(TextVector).values(row))
    db.session.commit()
    assert store.keep([("general", "a" * 64, b"\x02")], clock()) == 0
    assert store.known() == {"general": {"a" * 64: b"\x01"}}


def test_forgotten_texts_are_gone_for_every_encoder(clock: Clock) -> None:
    store.keep([(name, key * 64, b"\x01") for name in ("general", "chinese") for key in "ab"], clock())
    store.forget({"a" * 64})
    assert store.known() == {"general": {"b" * 64: b"\x01"}, "chinese": {"b" * 64: b"\x01"}}
