"""The opener's files. The web process reads the public ones; the private ones are for the worker and ``flask bids``.

Below the folder of ``config.opener_key`` lie: the *standing pair* (``private.key`` there, ``public.key`` in the instance), the
``orders`` folder with one private key per opening, and ``holders``, the public keys of the three office holders among whom the
key of a confidential opening is split. What the opener says in the database (the public key of an opening) it signs with a key
made from the standing one, so that the web process notices a row that somebody else wrote.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from flask import current_app
from nacl.encoding import HexEncoder
from nacl.exceptions import BadSignatureError
from nacl.public import PrivateKey, PublicKey
from nacl.signing import SigningKey, VerifyKey

from marketplace.bids.workflow import Part
from marketplace.config import Config
from marketplace.kernel.errors import Conflict


def public_path(config: Config) -> Path:
    """Return the file of the standing public key, which the web process reads."""
    return config.instance / "opener" / "public.key"


def verify_path(config: Config) -> Path:
    """Return the file of the key that checks the opener's signatures, which the web process reads."""
    return config.instance / "opener" / "verify.key"


def public_key() -> PublicKey:
    """Return the standing key; raises Conflict ``bids.no_key`` before ``flask bids make-keys`` was run."""
    try:
        text = public_path(current_app.extensions["config"]).read_bytes()
        return PublicKey(text.strip(), HexEncoder)
    except (OSError, ValueError, TypeError) as error:
        raise Conflict("bids.no_key") from error


def private_key() -> PrivateKey:
    """Return the standing private key. Only the opener calls this; the web process need not be able to read the file.

    Raises Conflict ``bids.no_private_key`` where the file is missing or no key.
    """
    path = current_app.extensions["config"].opener_key
    try:
        return PrivateKey(path.read_bytes().strip(), HexEncoder)
    except (AttributeError, OSError, ValueError, TypeError) as error:
        raise Conflict("bids.no_private_key") from error


def signing_key() -> SigningKey:
    """Return the key with which the opener signs; made from the standing private key, so it needs no file of its own."""
    seed = hashlib.blake2b(bytes(private_key()), digest_size=32, person=b"opener-sign")
    return SigningKey(seed.digest())


def statement(order_id: int, part: Part, public: bytes) -> bytes:
    """Return what the opener signs about one key."""
    return f"tripool-opening-key/1 {order_id} {part} {public.hex()}".encode()


def is_signed(order_id: int, part: Part, public: bytes, signature: str) -> bool:
    """Return whether the opener of this installation said that this key is for that opening."""
    try:
        path = verify_path(current_app.extensions["config"])
        VerifyKey(path.read_bytes().strip(), HexEncoder).verify(
            statement(order_id, part, public), bytes.fromhex(signature)
        )
    except (BadSignatureError, OSError, ValueError, TypeError):
        return False
    return True


def make_keys(config: Config) -> tuple[Path, Path]:
    """Write a fresh pair, the private key readable by its owner only; return (public, private).

    Raises FileExistsError when either file exists: a lost private key would make every sealed bid unreadable.
    """
    private, public = config.opener_key, public_path(config)
    if private is None:
        raise FileNotFoundError("no place for the private key is configured")
    if public.exists():
        raise FileExistsError(public)
    key = PrivateKey.generate()
    write_new(private, key.encode(HexEncoder), 0o600)
    write_new(public, key.public_key.encode(HexEncoder), 0o644)
    verify_path(config).unlink(missing_ok=True)
    return public, private


def publish_verify_key(config: Config) -> None:
    """Write the public half of the signing key beside the public key, once."""
    if not verify_path(config).exists():
        write_new(verify_path(config), signing_key().verify_key.encode(HexEncoder), 0o644)


def opening_path(order_id: int, part: Part) -> Path:
    """Return the private key file of one opening."""
    private: Path | None = current_app.extensions["config"].opener_key
    if private is None:
        raise Conflict("bids.no_private_key")
    return private.parent / "orders" / f"{order_id}-{part}.key"


def opening_key(order_id: int, part: Part) -> PrivateKey:
    """Return the private key of one opening; raises Conflict ``bids.no_private_key`` where it is missing or damaged."""
    try:
        return PrivateKey(opening_path(order_id, part).read_bytes().strip(), HexEncoder)
    except (OSError, ValueError, TypeError) as error:
        raise Conflict("bids.no_private_key") from error


def make_opening_key(order_id: int, part: Part) -> PrivateKey:
    """Return the private key of one opening, making its file when there is none: run twice, it is the same key."""
    path = opening_path(order_id, part)
    if not path.exists():
        write_new(path, PrivateKey.generate().encode(HexEncoder), 0o600)
    return opening_key(order_id, part)


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that must not exist yet, and see it on the disk: a key is used only once it would survive a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content + b"\n")
        file.flush()
        os.fsync(file.fileno())
