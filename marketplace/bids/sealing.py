"""Sealed bids: what lies in the database before the opening can be read with neither the database nor the web process.

On submission the content goes into an *envelope*, encrypted to the opener's public key (PyNaCl ``SealedBox``). The private key
is a file that only the opener reads (the worker, or ``flask bids open-due``); it is neither in the database nor in the web
process. A salted *commitment* (SHA-256) is stored in clear and given to the bidder, so that anybody can check later that the
opened bid is the sealed one. The *owner copy*, a ``SecretBox`` under a key derived from the site's secret, lets the bidder read
and replace the bid until the deadline; it is erased at the opening. Drafts exist as owner copies only. Both are padded to
blocks of 4 KiB, and the ids of bid, order and team are inside, so that rows cannot be swapped.

What this protects: a dump, a backup, a log, a report or a curious administrator of the database shows no content before the
opening. What it does not: content crosses this server's memory when it is typed and submitted, and whoever holds both the
database and the site's secret can read owner copies; whoever holds the private key file can read envelopes. That bids exist,
and when they came, is visible in the database itself, though on no page and in no export.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from marketplace.bids.terms import FORMAT, BidTerms

BLOCK = 4096
SALT_BYTES = 32
_MARK = b"TPB1"
_PRINT = 8
_LENGTH = 4


class NotReadable(Exception):
    """The bytes are not what was sealed: altered, swapped, or sealed to another key. ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Label:
    """Whose bid it is: sealed inside, compared at the opening."""

    bid: int
    order: int
    team: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was inside: the content and the salt of its commitment (hexadecimal)."""

    terms: BidTerms
    salt: str


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def commitment(label: Label, sealed: Sealed) -> str:
    """Return the salted SHA-256 of the canonical content with its ids: the number on the bidder's receipt."""
    return hashlib.sha256(_canonical(label, sealed)).hexdigest()


def fingerprint(key: PublicKey) -> bytes:
    """Return the mark of a public key that envelopes carry, so that a wrong key is told from a damaged envelope."""
    return hashlib.sha256(bytes(key)).digest()[:_PRINT]


def seal(label: Label, sealed: Sealed, opener: PublicKey) -> bytes:
    """Return the envelope: readable with the opener's private key only."""
    return _MARK + fingerprint(opener) + SealedBox(opener).encrypt(_padded(_canonical(label, sealed)))


def sealed_to(envelope: bytes, opener: PublicKey) -> bool:
    """Return whether the envelope says that it was sealed to this key."""
    return hmac.compare_digest(envelope[: len(_MARK) + _PRINT], _MARK + fingerprint(opener))


def unseal(envelope: bytes, label: Label, expected: str, opener: PrivateKey) -> Sealed:
    """Return what is in the envelope after checking its seal, ids and commitment.

    Raises NotReadable ``tampered`` (bytes altered), ``swapped`` (another bid's envelope) or ``replaced`` (not the content whose
    commitment ``expected`` was given to the bidder).
    """
    try:
        plain = SealedBox(opener).decrypt(envelope[len(_MARK) + _PRINT :])
    except (CryptoError, ValueError, TypeError) as error:
        raise NotReadable("tampered") from error
    sealed = _read(plain, label)
    if not hmac.compare_digest(commitment(label, sealed), expected):
        raise NotReadable("replaced")
    return sealed


def keep_copy(label: Label, sealed: Sealed, secret: str) -> bytes:
    """Return the owner copy, readable with the site's secret."""
    return bytes(SecretBox(_copy_key(secret)).encrypt(_padded(_canonical(label, sealed))))


def read_copy(copy: bytes, label: Label, secret: str) -> Sealed:
    """Return what the bidder wrote; raises NotReadable when the copy was altered or belongs to another bid."""
    try:
        plain = SecretBox(_copy_key(secret)).decrypt(copy)
    except (CryptoError, ValueError, TypeError) as error:
        raise NotReadable("tampered") from error
    return _read(plain, label)


def _copy_key(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=SecretBox.KEY_SIZE, person=b"owner-copy").digest()


def _canonical(label: Label, sealed: Sealed) -> bytes:
    document = {
        "format": FORMAT,
        "bid": label.bid,
        "order": label.order,
        "team": label.team,
        "salt": sealed.salt,
        "content": sealed.terms.as_json(),
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _padded(text: bytes) -> bytes:
    whole = len(text).to_bytes(_LENGTH, "big") + text
    return whole + bytes(-len(whole) % BLOCK)


def _read(padded: bytes, label: Label) -> Sealed:
    length = int.from_bytes(padded[:_LENGTH], "big")
    try:
        document: dict[str, Any] = json.loads(padded[_LENGTH : _LENGTH + length])
        found = Label(document["bid"], document["order"], document["team"])
        sealed = Sealed(BidTerms.from_json(document["content"]), str(document["salt"]))
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadable("tampered") from error
    if found != label or document["format"] != FORMAT:
        raise NotReadable("swapped")
    return sealed
