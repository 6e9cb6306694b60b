"""What makes the demonstration easy to walk through; on a real installation none of it answers."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template

from marketplace.accounts.views.blueprint import bp
from marketplace.kernel.errors import NotFound
from marketplace.web.guards import PUBLIC, access

NEWEST = 50
"""Mails shown."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that would have been sent; ``lines`` are its text."""

    subject: str
    recipient: str
    lines: tuple[str, ...]


def demo_accounts() -> str:
    """Return the list of accounts a newcomer may try, '' outside the demonstration."""
    config = current_app.extensions["config"]
    path = config.instance / "demo-accounts.txt"
    return path.read_text(encoding="utf-8") if config.demo and path.is_file() else ""


@bp.get("/mailbox")
@access(PUBLIC)
def mailbox() -> Any:
    """Show the mails of the demonstration, the newest first, so that their links can be followed."""
    config = current_app.extensions["config"]
    if not config.demo:
        raise NotFound
    paths = sorted((config.instance / "mail").glob("*.eml"), reverse=True)[:NEWEST]
    return render_template("accounts/mailbox.html", mails=[_read(path.read_bytes()) for path in paths])


def _read(content: bytes) -> Mail:
    message = email.message_from_bytes(content, policy=email.policy.default)
    text = message.get_content()
    return Mail(str(message["Subject"]), str(message["To"]), tuple(text.splitlines()))
