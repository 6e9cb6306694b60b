"""Uploaded files: what is kept, what is refused, and that nothing uploaded becomes a page of this site."""

from __future__ import annotations

import hashlib
import io

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marketplace.db.base import db
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.storage import service
from marketplace.storage.models import StoredContent, StoredFile
from tests.factories import Make

PDF = b"%PDF-1.7 content"


def upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def refusal(make: Make, name: str, content: bytes, allowed: tuple[str, ...] = tuple(service.KINDS)) -> str:
    with pytest.raises(Invalid) as refused:
        service.keep(make.call(), upload(name, content), allowed)
    assert refused.value.field == "upload"
    assert db.session.query(StoredFile).count() == 0
    return refused.value.code


def test_a_file_is_kept_with_its_fingerprint(make: Make) -> None:
    account = make.account()
    row = service.keep(make.call(account), upload("说明.PDF", PDF))
    assert (row.name, row.media_type, row.size) == ("说明.PDF", "application/pdf", len(PDF))
    assert (row.sha256, row.uploaded_by) == (hashlib.sha256(PDF).hexdigest(), account.id)
    stored = db.session.get(StoredContent, row.id)
    assert stored is not None
    assert stored.content == PDF
    db.session.rollback()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>"),
        ("page.svg", b"<svg/>"),
        ("page", PDF),
        ("", PDF),
        ("pdf", PDF),
        ("a.pdf.exe", b"MZ"),
        ("a.pdf", b"<html>"),
        ("a.png", PDF),
        ("a.txt", b"a\x00b"),
        ("a.csv", b"\xff\xfe\xfa"),
        ("a.pdf", b""),
    ],
)
def test_a_file_of_another_kind_is_refused(make: Make, name: str, content: bytes) -> None:
    assert refusal(make, name, content) == "file.kind"


def test_a_kind_that_this_place_does_not_take_is_refused(make: Make) -> None:
    assert refusal(make, "a.pdf", PDF, allowed=("xlsx",)) == "file.kind"


def test_an_empty_file_is_refused(make: Make) -> None:
    assert refusal(make, "a.txt", b"") == "file.empty"


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_kept(make: Make) -> None:
    from flask import current_app

    limit = current_app.extensions["config"].max_upload
    assert refusal(make, "a.txt", b"a" * (limit + 1)) == "file.too_large"
    assert service.keep(make.call(), upload("a.txt", b"a" * limit)).size == limit
    db.session.rollback()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\folder\\a.txt", "a.txt"),
        ("a\x00\n\u202eb.txt", "ab.txt"),
        (" . a.txt . ", "a.txt"),
        ("字" * 300 + ".txt", "字" * 150 + ".txt"),
        ("", ""),
    ],
)
def test_a_file_name_is_only_a_name(given: str, kept: str) -> None:
    assert service.clean_name(given) == kept


def test_a_file_is_always_a_download(app: Flask, make: Make) -> None:
    row = service.keep(make.call(), upload("说明.txt", b"<script>"))
    with app.test_request_context():
        answer = service.send(row)
        answer.direct_passthrough = False
        assert answer.get_data() == b"<script>"
        assert answer.mimetype == "text/plain"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        answer.close()
    db.session.rollback()


def test_a_file_without_bytes_is_not_found(app: Flask, make: Make) -> None:
    with app.test_request_context(), pytest.raises(NotFound):
        service.send(StoredFile(id=999))
