"""Two of three shares give the key back; one tells nothing at all."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bids import sharing


@given(st.binary(min_size=1, max_size=40), st.integers(2, 6), st.data())
def test_any_shares_that_suffice_give_the_secret_back(secret: bytes, shares: int, data: st.DataObject) -> None:
    threshold = data.draw(st.integers(2, shares))
    parts = sharing.split(secret, shares, threshold)
    for chosen in combinations(parts, threshold):
        assert sharing.join(chosen) == secret
    assert sharing.join(parts) == secret


def test_multiplication_is_that_of_the_field() -> None:
    assert sharing._times(0x57, 0x83) == 0xC1
    for a in range(1, 256):
        assert sharing._times(a, sharing._inverse(a)) == 1
        assert sharing._times(a, 0) == 0


def test_one_share_is_compatible_with_every_secret() -> None:
    """For each share of one place and each secret there is exactly one line through both: the share says nothing."""
    for place in (1, 2, 3):
        for share in (0, 1, 77, 255):
            slopes = {secret: sharing._times(secret ^ share, sharing._inverse(place)) for secret in range(256)}
            assert len(set(slopes.values())) == 256
            assert all(sharing._value(bytes([s, slope]), place) == share for s, slope in slopes.items())


def test_one_share_alone_gives_another_secret_than_two() -> None:
    secret = bytes(range(32))
    for part in sharing.split(secret, 3, 2):
        assert sharing.join([part]) != secret


@pytest.mark.parametrize(
    "shares", [[], [b"\x01"], [b"\x00ab"], [b"\x01ab", b"\x01ab"], [b"\x01ab", b"\x02a"], [b"", b"\x02a"]]
)
def test_what_is_no_set_of_shares_is_refused(shares: list[bytes]) -> None:
    with pytest.raises(ValueError, match="shares"):
        sharing.join(shares)


@pytest.mark.parametrize(("shares", "threshold"), [(3, 1), (2, 3), (256, 2), (0, 0)])
def test_senseless_numbers_are_refused(shares: int, threshold: int) -> None:
    with pytest.raises(ValueError, match="split"):
        sharing.split(b"x", shares, threshold)
