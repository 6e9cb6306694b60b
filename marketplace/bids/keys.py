"""The opener's pair of keys: two files below the instance folder, or the private one wherever ``config.opener_key`` says."""

from __future__ import annotations

import os
from pathlib import Path

from flask import current_app
from nacl.encoding import HexEncoder
from nacl.public import PrivateKey, PublicKey

from marketplace.config import Config
from marketplace.kernel.errors import Conflict


def public_path(config: Config) -> Path:
    """Return the file of the public key, which the web process reads."""
    return config.instance / "opener" / "public.key"


def public_key() -> PublicKey:
    """Return the key that bids are sealed to; raises Conflict ``bids.no_key`` before ``flask bids make-keys`` was run."""
    try:
        text = public_path(current_app.extensions["config"]).read_bytes()
        return PublicKey(text.strip(), HexEncoder)
    except (OSError, ValueError, TypeError) as error:
        raise Conflict("bids.no_key") from error


def private_key() -> PrivateKey:
    """Return the key that opens bids. Only the opener calls this; the web process need not be able to read the file.

    Raises Conflict ``bids.no_private_key`` where the file is missing or no key.
    """
    path = current_app.extensions["config"].opener_key
    try:
        return PrivateKey(path.read_bytes().strip(), HexEncoder)
    except (AttributeError, OSError, ValueError, TypeError) as error:
        raise Conflict("bids.no_private_key") from error


def make_keys(config: Config) -> tuple[Path, Path]:
    """Write a fresh pair, the private key readable by its owner only; return (public, private).

    Raises FileExistsError when either file exists: a lost private key would make every sealed bid unreadable.
    """
    private, public = config.opener_key, public_path(config)
    if private is None:
        raise FileNotFoundError("no place for the private key is configured")
    if public.exists():
        raise FileExistsError(public)
    private.parent.mkdir(parents=True, exist_ok=True)
    public.parent.mkdir(parents=True, exist_ok=True)
    key = PrivateKey.generate()
    _write_new(private, key.encode(HexEncoder), 0o600)
    _write_new(public, key.public_key.encode(HexEncoder), 0o644)
    return public, private


def _write_new(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content + b"\n")
