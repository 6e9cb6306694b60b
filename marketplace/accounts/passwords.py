"""Password hashing (Argon2id) and keyed digests of identity numbers and tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

MIN_LENGTH = 10


def _hasher() -> PasswordHasher:
    if current_app.config["TESTING"]:
        return PasswordHasher.from_parameters(profiles.CHEAPEST)
    return PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Return whether ``password`` is right; an empty hash costs the same time and never matches."""
    try:
        return _hasher().verify(password_hash or _dummy(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


_DUMMY: dict[bool, str] = {}


def _dummy() -> str:
    """A hash of nothing anybody knows, so that an unknown e-mail takes as long as a wrong password."""
    testing = bool(current_app.config["TESTING"])
    if testing not in _DUMMY:
        _DUMMY[testing] = hash_password(secrets.token_hex(16))
    return _DUMMY[testing]


def identity_digest(number: str) -> str:
    """Return the keyed digest of an identity document's number; the number itself is never stored."""
    key = hashlib.sha256(b"identity:" + current_app.config["SECRET_KEY"].encode()).digest()
    return hmac.new(key, number.strip().upper().encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is stored of a token: a stolen database signs nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()
