"""Password hashing (Argon2id) and keyed digests of identity numbers and tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

MIN_LENGTH = 10
FEWEST_CHARACTERS = 5
"""Different characters in a password: 1212121212 is long and still guessed at once."""

_TRIED_FIRST = """
0123456789 1234567890 12345678910 123456789a 1234567899 0987654321 9876543210 a123456789 a1234567890 aa123456789
abc123456789 abcd123456 abcde12345 abcdefghij admin123456 administrator asdfghjkl123 asdfghjkl; football123
iloveyou1314 iloveyou520 letmein123 passw0rd123 password01 password1! password12 password123 password1234
password2027 q1w2e3r4t5 qazwsxedc123 qwer123456 qwerasdfzxcv qwerty1234 qwerty12345 qwerty123456 qwertyuiop
qwertyuiop123 tripool123 tripool2027 welcome123 woaini1314 woaini520 woaini5201314 wo5201314 zaq12wsxcde zxcvbnm123
1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 5201314520 147258369a 1472583690 p@ssw0rd123 p@ssword123
"""
COMMON = frozenset(_TRIED_FIRST.split())
"""Long enough and still among the first that anybody tries."""


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


def is_common(password: str) -> bool:
    """Return whether guessing programs try this password first, in any letter case."""
    return password.casefold() in COMMON or len(set(password)) < FEWEST_CHARACTERS


def identity_digest(number: str) -> str:
    """Return the keyed digest of an identity document's number; the number itself is never stored."""
    key = hashlib.sha256(b"identity:" + current_app.config["SECRET_KEY"].encode()).digest()
    return hmac.new(key, number.strip().upper().encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is stored of a token: a stolen database signs nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()
