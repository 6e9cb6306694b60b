"""A command with a key happens once: the key is stored with the response in the same transaction as the effect.

A form carries a key that was made when it was shown. Sent twice (double click, back button, a proxy that tries again), the second
finds the first one's response and gives it again; sent with other content, it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from marketplace.approvals.service import content_hash
from marketplace.contracts.models import Reply
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid

LONGEST = 64
SHORTEST = 16


def perform(call: Call, key: str, content: Mapping[str, Any], command: Callable[[], object]) -> Mapping[str, Any]:
    """Run ``command`` (a use case that calls ``keep``) unless this key was answered; return the response either way.

    Raises Invalid without a proper key, Conflict ``contracts.key_reused`` for the same key with another caller or content.
    """
    if not SHORTEST <= len(key) <= LONGEST:
        raise Invalid("contracts.key_needed")
    if (known := _answered(call, key, content)) is not None:
        return known
    try:
        command()
    except Conflict:
        # Lost the race against the same command: its response is there by now.
        db.session.rollback()
        if (known := _answered(call, key, content)) is not None:
            return known
        raise
    answered = _answered(call, key, content)
    assert answered is not None  # the command kept it
    return answered


def keep(call: Call, key: str, content: Mapping[str, Any], response: Mapping[str, Any]) -> None:
    """Store the response inside the running use case; two at once cannot both commit."""
    db.session.add(
        Reply(
            key=key, account_id=call.actor.account, digest=content_hash(content), response=dict(response), at=call.now
        )
    )


def _answered(call: Call, key: str, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    row = db.session.scalar(select(Reply).where(Reply.key == key))
    if row is None:
        return None
    if row.account_id != call.actor.account or row.digest != content_hash(content):
        raise Conflict("contracts.key_reused")
    return row.response
