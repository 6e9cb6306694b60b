"""Mail leaves only after the commit, in the reader's language, and again when it failed."""

from __future__ import annotations

import smtplib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.outbox import jobs, service
from marketplace.outbox.models import Message, MessageState
from tests.factories import Make

VALUES = {"reference": "RD-2027-0001", "order_id": 1}


@use_case
def tell(call: Call, *, fails: bool = False, locale: str = "zh_Hans_CN") -> None:
    service.enqueue(call, "someone@example.test", "order_published", VALUES, locale)
    audit.record(call, "test.tell", "order", 1)
    if fails:
        raise OSError("the use case failed")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    mails: list[Any] = []
    monkeypatch.setattr(jobs, "deliver", lambda mail, key: mails.append(mail))
    return mails


def the_message() -> Message:
    return db.session.query(Message).populate_existing().one()


def test_mail_leaves_after_the_commit(make: Make, sent: list[Any]) -> None:
    tell(make.call())
    message = the_message()
    assert (message.state, message.sent_at) == (MessageState.SENT, make.clock())
    assert [mail["To"] for mail in sent] == ["someone@example.test"]
    assert sent[0]["Message-ID"] == f"<outbox-{message.id}@tripool>"


def test_no_mail_leaves_when_the_use_case_fails(make: Make, sent: list[Any]) -> None:
    with pytest.raises(OSError, match="the use case failed"):
        tell(make.call(), fails=True)
    assert (sent, db.session.query(Message).count()) == ([], 0)


def test_mail_is_written_in_the_recipients_language(make: Make, sent: list[Any]) -> None:
    tell(make.call())
    tell(make.call(), locale="en")
    chinese, english = (mail["Subject"] + mail.get_content() for mail in sent)
    assert any("一" <= letter <= "鿿" for letter in chinese)
    assert not any("一" <= letter <= "鿿" for letter in english)


def test_mail_that_was_sent_is_not_sent_again(make: Make, sent: list[Any]) -> None:
    tell(make.call())
    key = the_message().id
    jobs.send(make.call(), key)
    jobs.send(make.call(), key + 1)
    assert len(sent) == 1


def test_mail_that_failed_stays_queued_and_leaves_later(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch, sent: list[Any]
) -> None:
    def down(mail: Any, key: int) -> None:
        raise smtplib.SMTPServerDisconnected("down")

    monkeypatch.setitem(app.config, "TESTING", False)
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "deliver", down)
        tell(make.call())
    assert (the_message().state, sent) == (MessageState.QUEUED, [])
    assert queue.sweep() == 1
    assert (the_message().state, len(sent)) == (MessageState.SENT, 1)


def test_without_a_mail_host_mail_lies_in_a_folder(app: Flask, make: Make) -> None:
    tell(make.call())
    folder: Path = app.extensions["config"].instance / "mail"
    text = (folder / f"{the_message().id:06d}.eml").read_bytes()
    assert b"someone@example.test" in text
