"""Envelopes, commitments and owner copies: what opens, and everything that must not."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from nacl.public import PrivateKey

from marketplace.bids import sealing
from marketplace.bids.sealing import BLOCK, Label, NotReadable, Sealed
from marketplace.bids.terms import Answer, BidTerms, Load
from marketplace.bids.workflow import Meets

KEY = PrivateKey(bytes(range(32)))
LABEL = Label(bid=7, order=3, team=2)
TERMS = BidTerms(
    plan="以硅烷预处理与水性涂层结合 CANARY",
    schedule="第1–3月",
    price=42_000_000,
    start_on=date(2027, 3, 1),
    months=6,
    loads=(Load(9, 5), Load(2, 90)),
    answers=(Answer(2, Meets.NOT, "", "x"), Answer(1, Meets.MEETS, "1000")),
)
SEALED = Sealed(TERMS, "ab" * 32)


def envelope(label: Label = LABEL, sealed: Sealed = SEALED) -> bytes:
    return sealing.seal(label, sealed, KEY.public_key)


def test_an_envelope_opens_to_exactly_what_was_sealed() -> None:
    found = sealing.unseal(envelope(), LABEL, sealing.commitment(LABEL, SEALED), KEY)
    assert found.terms.as_json() == TERMS.as_json()
    assert found.salt == SEALED.salt


def test_an_empty_draft_survives_too() -> None:
    copy = sealing.keep_copy(LABEL, Sealed(BidTerms(), "00"), "secret")
    assert sealing.read_copy(copy, LABEL, "secret").terms == BidTerms()


def test_the_content_is_not_in_the_bytes_and_sealing_is_what_hides_it() -> None:
    marker = b"CANARY"
    assert marker not in envelope()
    assert marker not in sealing.keep_copy(LABEL, SEALED, "secret")
    assert marker in sealing._canonical(LABEL, SEALED)


def test_lengths_tell_nothing_within_a_block() -> None:
    short, long = replace(TERMS, plan="a"), replace(TERMS, plan="a" * 3000)
    assert len(envelope(sealed=Sealed(short, SEALED.salt))) == len(envelope(sealed=Sealed(long, SEALED.salt)))
    overhead = len(envelope()) % BLOCK
    assert len(envelope(sealed=Sealed(replace(TERMS, plan="a" * 9000), SEALED.salt))) % BLOCK == overhead


def test_equal_bids_have_different_envelopes_and_with_other_salt_other_commitments() -> None:
    assert envelope() != envelope()
    assert sealing.commitment(LABEL, SEALED) != sealing.commitment(LABEL, Sealed(TERMS, sealing.new_salt()))


def test_the_order_of_loads_and_answers_does_not_change_the_commitment() -> None:
    turned = replace(TERMS, loads=TERMS.loads[::-1], answers=TERMS.answers[::-1])
    assert sealing.commitment(LABEL, SEALED) == sealing.commitment(LABEL, Sealed(turned, SEALED.salt))


@pytest.mark.parametrize(
    "change",
    [{"price": 42_000_001}, {"months": 7}, {"plan": TERMS.plan + "。"}, {"loads": TERMS.loads[:1]}, {"answers": ()}],
)
def test_any_change_of_the_content_changes_the_commitment(change: dict[str, object]) -> None:
    other = Sealed(replace(TERMS, **change), SEALED.salt)  # type: ignore[arg-type]
    assert sealing.commitment(LABEL, SEALED) != sealing.commitment(LABEL, other)


def test_no_flipped_bit_goes_unnoticed() -> None:
    whole = envelope()
    expected = sealing.commitment(LABEL, SEALED)
    chance = random.Random(1)
    places = chance.sample(range(12, len(whole)), 300)
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        with pytest.raises(NotReadable) as refused:
            sealing.unseal(bytes(damaged), LABEL, expected, KEY)
        assert refused.value.code == "tampered"


@pytest.mark.parametrize("cut", [0, 5, 12, 40, 200])
def test_a_cut_envelope_is_refused(cut: int) -> None:
    with pytest.raises(NotReadable):
        sealing.unseal(envelope()[:cut], LABEL, sealing.commitment(LABEL, SEALED), KEY)


@pytest.mark.parametrize("other", [Label(8, 3, 2), Label(7, 4, 2), Label(7, 3, 1)])
def test_an_envelope_of_another_bid_order_or_team_is_refused(other: Label) -> None:
    with pytest.raises(NotReadable) as refused:
        sealing.unseal(envelope(other), LABEL, sealing.commitment(other, SEALED), KEY)
    assert refused.value.code == "swapped"


def test_a_well_sealed_other_content_does_not_match_the_commitment() -> None:
    forged = envelope(sealed=Sealed(replace(TERMS, price=1), SEALED.salt))
    with pytest.raises(NotReadable) as refused:
        sealing.unseal(forged, LABEL, sealing.commitment(LABEL, SEALED), KEY)
    assert refused.value.code == "replaced"


def test_another_key_opens_nothing_and_is_recognised() -> None:
    stranger = PrivateKey.generate()
    assert sealing.sealed_to(envelope(), KEY.public_key)
    assert not sealing.sealed_to(envelope(), stranger.public_key)
    with pytest.raises(NotReadable):
        sealing.unseal(envelope(), LABEL, sealing.commitment(LABEL, SEALED), stranger)


def test_an_owner_copy_needs_the_site_secret_and_its_own_bid() -> None:
    copy = sealing.keep_copy(LABEL, SEALED, "secret")
    assert sealing.read_copy(copy, LABEL, "secret").terms.plan == TERMS.plan
    for label, secret, code in ((LABEL, "other", "tampered"), (Label(8, 3, 2), "secret", "swapped")):
        with pytest.raises(NotReadable) as refused:
            sealing.read_copy(copy, label, secret)
        assert refused.value.code == code


@pytest.mark.parametrize(
    "change",
    [
        {"price": "1"},
        {"price": True},
        {"price": 2**70},
        {"plan": None},
        {"plan": "a\x00"},
        {"start_on": "soon"},
        {"loads": [[1]]},
        {"answers": [[1, "perhaps", "", ""]]},
    ],
)
def test_a_document_of_another_shape_is_no_bid(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        BidTerms.from_json({**TERMS.as_json(), **change})
