"""Sealed bids: what lies in the database before the opening can be read with neither the database nor the web process.

On submission the content goes into an *envelope*, encrypted to the public key of the order's opening (PyNaCl ``SealedBox``, see
``keys``). The private key is with the opener (the worker, ``flask bids …``, or two of three holders); it is neither in the
database nor in the web process. Where a procedure wants two envelopes, the amounts of money lie in one of their own under
another key, which is used only after the technical scores are locked. A salted *commitment* (SHA-256) of each is stored in
clear and given to the bidder, so that anybody can check later that the opened bid is the sealed one. The *owner copy*, a
``SecretBox`` under a key derived from the site's secret, lets the bidder read and replace the bid until the deadline; it is
erased at the opening. Drafts exist as owner copies only. All are padded to blocks of 4 KiB, and the ids of bid, order and team
are inside, so that rows cannot be swapped.

What this protects: a dump, a backup, a log, a report or a curious administrator of the database shows no content before the
opening. What it does not: content crosses this server's memory when it is typed and submitted, and whoever holds both the
database and the site's secret can read owner copies; whoever holds the private key can read envelopes. That bids exist,
and when they came, is visible in the database itself, though on no page and in no export.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from marketplace.bids.terms import FIRST_FORMAT, FORMAT, PRICE_FORMAT, BidTerms, Prices

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
    """What was inside: the content and the salts of its commitments (hexadecimal).

    ``price_salt`` is set where the amounts have an envelope and a commitment of their own; the content's then leaves them out.
    """

    terms: BidTerms
    salt: str
    price_salt: str = ""
    version: str = FORMAT


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def commitment(label: Label, sealed: Sealed) -> str:
    """Return the salted SHA-256 of the canonical content with its ids: the number on the bidder's receipt."""
    return hashlib.sha256(_canonical(label, sealed)).hexdigest()


def price_commitment(label: Label, sealed: Sealed) -> str:
    """Return the salted SHA-256 of the price part, "" where the amounts have no envelope of their own."""
    if not sealed.price_salt:
        return ""
    return hashlib.sha256(_canonical_price(label, sealed.terms.prices, sealed.price_salt)).hexdigest()


def file_of(label: Label, sealed: Sealed) -> bytes:
    """Return the bidder's own file: the canonical content, and on a second line the price part where it lies apart.

    The SHA-256 of each line is the commitment on the receipt, so any tool can check it, and ``read_file`` brings it back.
    """
    lines = [_canonical(label, sealed)]
    if sealed.price_salt:
        lines.append(_canonical_price(label, sealed.terms.prices, sealed.price_salt))
    return b"\n".join(lines)


def read_file(content: bytes, label: Label) -> Sealed:
    """Return what ``file_of`` wrote; raises NotReadable for anything else and for the file of another bid."""
    first, _, second = content.strip().partition(b"\n")
    sealed = _read(_padded(first), label)
    if not second:
        return sealed
    prices, salt = _read_price(_padded(second.strip()), label)
    return replace(sealed, terms=sealed.terms.with_prices(prices), price_salt=salt)


def fingerprint(key: PublicKey) -> bytes:
    """Return the mark of a public key that envelopes carry, so that a wrong key is told from a damaged envelope."""
    return hashlib.sha256(bytes(key)).digest()[:_PRINT]


def mark_of(envelope: bytes) -> bytes:
    """Return the fingerprint of the key that an envelope says it was sealed to."""
    return envelope[len(_MARK) : len(_MARK) + _PRINT]


def seal(label: Label, sealed: Sealed, opener: PublicKey) -> bytes:
    """Return the envelope: readable with the opener's private key only."""
    return _MARK + fingerprint(opener) + SealedBox(opener).encrypt(_padded(_canonical(label, sealed)))


def seal_price(label: Label, sealed: Sealed, opener: PublicKey) -> bytes:
    """Return the envelope of the price part: readable with the private key of the price opening only."""
    content = _canonical_price(label, sealed.terms.prices, sealed.price_salt)
    return _MARK + fingerprint(opener) + SealedBox(opener).encrypt(_padded(content))


def sealed_to(envelope: bytes, opener: PublicKey) -> bool:
    """Return whether the envelope says that it was sealed to this key."""
    return hmac.compare_digest(envelope[: len(_MARK) + _PRINT], _MARK + fingerprint(opener))


def unseal(envelope: bytes, label: Label, expected: str, opener: PrivateKey) -> Sealed:
    """Return what is in the envelope after checking its seal, ids and commitment.

    Raises NotReadable ``tampered`` (bytes altered), ``swapped`` (another bid's envelope) or ``replaced`` (not the content whose
    commitment ``expected`` was given to the bidder).
    """
    sealed = _read(_decrypted(envelope, opener), label)
    if not hmac.compare_digest(commitment(label, sealed), expected):
        raise NotReadable("replaced")
    return sealed


def unseal_price(envelope: bytes, label: Label, expected: str, opener: PrivateKey) -> tuple[Prices, str]:
    """Return the amounts in a price envelope and their salt, after the same checks as ``unseal``."""
    prices, salt = _read_price(_decrypted(envelope, opener), label)
    if not hmac.compare_digest(hashlib.sha256(_canonical_price(label, prices, salt)).hexdigest(), expected):
        raise NotReadable("replaced")
    return prices, salt


def _decrypted(envelope: bytes, opener: PrivateKey) -> bytes:
    try:
        if not sealed_to(envelope, opener.public_key):
            raise NotReadable("tampered")
        return SealedBox(opener).decrypt(envelope[len(_MARK) + _PRINT :])
    except (CryptoError, ValueError, TypeError) as error:
        raise NotReadable("tampered") from error


def keep_copy(label: Label, sealed: Sealed, secret: str) -> bytes:
    """Return the owner copy, readable with the site's secret."""
    return bytes(SecretBox(_copy_key(secret)).encrypt(_padded(_whole(label, sealed))))


def read_copy(copy: bytes, label: Label, secret: str) -> Sealed:
    """Return what the bidder wrote; raises NotReadable when the copy was altered or belongs to another bid."""
    try:
        plain = SecretBox(_copy_key(secret)).decrypt(copy)
    except (CryptoError, ValueError, TypeError) as error:
        raise NotReadable("tampered") from error
    return _read(plain, label)


def keep_part(part: dict[str, Any], secret: str) -> bytes:
    """Return a member's part of a consortium, encrypted like an owner copy."""
    return bytes(SecretBox(_copy_key(secret)).encrypt(_padded(_json(part))))


def read_part(kept: bytes, secret: str) -> dict[str, Any]:
    """Return what ``keep_part`` kept; raises NotReadable when it was altered."""
    try:
        plain = SecretBox(_copy_key(secret)).decrypt(kept)
        part: dict[str, Any] = json.loads(plain[_LENGTH : _LENGTH + int.from_bytes(plain[:_LENGTH], "big")])
    except (CryptoError, ValueError, TypeError) as error:
        raise NotReadable("tampered") from error
    return part


def digest_of(part: dict[str, Any]) -> str:
    """Return the digest that binds an authorisation to a part; the part has a salt of its own."""
    return hashlib.sha256(_json(part)).hexdigest()


def seal_bytes(content: bytes) -> tuple[bytes, str]:
    """Return an attachment encrypted and padded, and its fresh key (hexadecimal), which belongs into the bid's content."""
    key = secrets.token_bytes(SecretBox.KEY_SIZE)
    return bytes(SecretBox(key).encrypt(_padded(content))), key.hex()


def unseal_bytes(sealed: bytes, key: str, sha256: str) -> bytes:
    """Return an attachment's bytes after comparing their digest with the one in the content."""
    try:
        plain = SecretBox(bytes.fromhex(key)).decrypt(sealed)
    except (CryptoError, ValueError, TypeError) as error:
        raise NotReadable("tampered") from error
    content = plain[_LENGTH : _LENGTH + int.from_bytes(plain[:_LENGTH], "big")]
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256):
        raise NotReadable("replaced")
    return content


def _copy_key(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=SecretBox.KEY_SIZE, person=b"owner-copy").digest()


def _canonical(label: Label, sealed: Sealed) -> bytes:
    """The content as it is sealed and committed to: without amounts where those lie apart."""
    terms = sealed.terms.without_prices() if sealed.price_salt else sealed.terms
    return _json(_document(label, sealed, terms))


def _canonical_price(label: Label, prices: Prices, salt: str) -> bytes:
    ids = {"bid": label.bid, "order": label.order, "team": label.team}
    return _json({"format": PRICE_FORMAT, **ids, "salt": salt, "content": prices.as_json()})


def _whole(label: Label, sealed: Sealed) -> bytes:
    document = _document(label, sealed, sealed.terms)
    if sealed.price_salt:
        document["price_salt"] = sealed.price_salt
    return _json(document)


def _document(label: Label, sealed: Sealed, terms: BidTerms) -> dict[str, Any]:
    return {
        "format": sealed.version,
        "bid": label.bid,
        "order": label.order,
        "team": label.team,
        "salt": sealed.salt,
        "content": terms.as_json(sealed.version),
    }


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _padded(text: bytes) -> bytes:
    whole = len(text).to_bytes(_LENGTH, "big") + text
    return whole + bytes(-len(whole) % BLOCK)


def _parsed(padded: bytes, label: Label, formats: frozenset[str]) -> dict[str, Any]:
    """Return the document in padded bytes when it is of one of ``formats`` and belongs to ``label``."""
    length = int.from_bytes(padded[:_LENGTH], "big")
    try:
        document: dict[str, Any] = json.loads(padded[_LENGTH : _LENGTH + length])
        found, name = Label(document["bid"], document["order"], document["team"]), document["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotReadable("tampered") from error
    if found != label or name not in formats:
        raise NotReadable("swapped")
    return document


def _read(padded: bytes, label: Label) -> Sealed:
    document = _parsed(padded, label, frozenset({FIRST_FORMAT, FORMAT}))
    try:
        terms = BidTerms.from_json(document["content"])
        price_salt = str(document.get("price_salt", ""))
        return Sealed(terms, str(document["salt"]), price_salt, str(document["format"]))
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadable("tampered") from error


def _read_price(padded: bytes, label: Label) -> tuple[Prices, str]:
    document = _parsed(padded, label, frozenset({PRICE_FORMAT}))
    try:
        return Prices.from_json(document["content"]), str(document["salt"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadable("tampered") from error
