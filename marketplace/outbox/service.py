"""Queue a mail inside the use case; a job sends it after the commit, at least once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marketplace.db.base import db
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.outbox.models import Message


def enqueue(call: Call, recipient: str, template: str, values: Mapping[str, Any], locale: str = "zh_Hans_CN") -> None:
    """Queue the mail ``templates/mail/<template>.txt`` (first line: subject) to one address.

    ``values`` may hold names and links, never the content of orders, bids or decisions.
    """
    message = Message(recipient=recipient, locale=locale, template=template, values=dict(values), created_at=call.now)
    db.session.add(message)
    db.session.flush()
    queue.enqueue(call, "outbox.send", message.id)
