"""Sending of queued mail: by SMTP where a host is configured, into ``instance/mail`` otherwise."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import update

from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.jobs.queue import job
from marketplace.kernel.call import Call
from marketplace.outbox.models import Message, MessageState


@job("outbox.send")
def send(call: Call, argument: int | None) -> None:
    """Send one message unless it was sent; a failure is raised, so that the job is tried again."""
    message = db.session.get(Message, argument)
    if message is None or message.state is MessageState.SENT:
        return
    key = message.id
    deliver(compose(message), key)
    execute_alone(update(Message).where(Message.id == key).values(state=MessageState.SENT, sent_at=call.now))


def compose(message: Message) -> EmailMessage:
    """Return the mail of a message in the recipient's language."""
    config = current_app.extensions["config"]
    with current_app.test_request_context(base_url=config.base_url), force_locale(message.locale):
        text = render_template(f"mail/{message.template}.txt", base_url=config.base_url, **message.values)
    subject, _, body = text.partition("\n")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = config.mail_from, message.recipient, subject.strip()
    mail["Message-ID"] = f"<outbox-{message.id}@tripool>"
    mail.set_content(body.strip() + "\n")
    return mail


def deliver(mail: EmailMessage, key: int) -> None:
    config = current_app.extensions["config"]
    if config.mail_host:
        with smtplib.SMTP(config.mail_host, timeout=20) as server:
            server.send_message(mail)
        return
    folder = config.instance / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{key:06d}.eml").write_bytes(bytes(mail))
