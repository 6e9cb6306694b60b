"""The three office holders among whom the key of a confidential opening is split: any two open, one alone cannot.

Each holder has a key file, locked with a passphrase that only the holder knows and kept away from this machine. Its public half
lies with the opener. When an opening is prepared, its private key is split, each share is sealed to one holder and the key is
forgotten; so preparing needs nobody, and opening needs two people with their files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from nacl import pwhash, utils
from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from marketplace.bids import keys, sharing
from marketplace.kernel.errors import Conflict, Invalid

HOLDERS = 3
NEEDED = 2
FORMAT = "tripool-holder/1"
LEAST_PASSPHRASE = 12
OPSLIMIT, MEMLIMIT = pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE
_NAME = re.compile(r"[\w-]{1,40}")

Shares = list[list[str]]
"""What lies in the database: pairs of a holder's name and the share sealed to that holder, hexadecimal."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder who has unlocked the own key file."""

    name: str
    key: PrivateKey


def folder() -> Path:
    """Return where the public halves lie."""
    private: Path | None = current_app.extensions["config"].opener_key
    if private is None:
        raise Conflict("bids.no_private_key")
    return private.parent / "holders"


def found() -> dict[str, PublicKey]:
    """Return the holders by name."""
    files = sorted(folder().glob("*.pub")) if folder().is_dir() else []
    return {path.stem: PublicKey(path.read_bytes().strip(), HexEncoder) for path in files}


def are_complete() -> bool:
    return len(found()) == HOLDERS


def enrol(name: str, passphrase: str, target: Path) -> None:
    """Write a new holder's locked key file to ``target`` and the public half to the opener.

    Raises Invalid for a bad name, a short passphrase or a fourth holder, FileExistsError where one of the files exists.
    """
    if not _NAME.fullmatch(name):
        raise Invalid("bids.holder_name")
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Invalid("bids.holder_passphrase", {"least": LEAST_PASSPHRASE})
    if len(found()) >= HOLDERS:
        raise Invalid("bids.holders_complete", {"count": HOLDERS})
    key, salt = PrivateKey.generate(), utils.random(pwhash.argon2id.SALTBYTES)
    locked = SecretBox(_stretched(passphrase, salt)).encrypt(bytes(key))
    document = {"format": FORMAT, "name": name, "salt": salt.hex(), "locked": bytes(locked).hex()}
    keys.write_new(target, json.dumps(document).encode(), 0o600)
    keys.write_new(folder() / f"{name}.pub", key.public_key.encode(HexEncoder), 0o644)


def unlock(source: Path, passphrase: str) -> Holder:
    """Return the holder of a key file; raises Invalid ``bids.holder_locked`` for a wrong passphrase or another file."""
    try:
        document = json.loads(source.read_bytes())
        box = SecretBox(_stretched(passphrase, bytes.fromhex(document["salt"])))
        key = PrivateKey(box.decrypt(bytes.fromhex(document["locked"])))
        return Holder(str(document["name"]), key)
    except (CryptoError, OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid("bids.holder_locked") from error


def share_out(key: PrivateKey) -> Shares:
    """Return the key's shares, each sealed to its holder; raises Conflict unless there are exactly three holders."""
    holders = found()
    if len(holders) != HOLDERS:
        raise Conflict("bids.holders_missing", {"count": HOLDERS})
    parts = sharing.split(bytes(key), HOLDERS, NEEDED)
    return [
        [name, SealedBox(public).encrypt(part).hex()]
        for (name, public), part in zip(holders.items(), parts, strict=True)
    ]


def put_together(shares: Shares, present: Sequence[Holder], public: PublicKey) -> PrivateKey:
    """Return the private key from the shares of the holders who are present.

    Raises Conflict ``bids.needs_holders`` when that are too few or their shares do not give the key of ``public``.
    """
    by_name = {holder.name: holder.key for holder in present}
    try:
        opened = [SealedBox(by_name[name]).decrypt(bytes.fromhex(share)) for name, share in shares if name in by_name]
        key = PrivateKey(sharing.join(opened))
    except (CryptoError, ValueError, TypeError) as error:
        raise Conflict("bids.needs_holders", {"count": NEEDED}) from error
    if bytes(key.public_key) != bytes(public):
        raise Conflict("bids.needs_holders", {"count": NEEDED})
    return key


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return pwhash.argon2id.kdf(SecretBox.KEY_SIZE, passphrase.encode(), salt, opslimit=OPSLIMIT, memlimit=MEMLIMIT)
