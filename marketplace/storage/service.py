"""Keep and hand out uploaded files; used inside the use cases and views of the rooms that own them."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import PurePath

from flask import current_app, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.storage.models import StoredContent, StoredFile

# The first bytes that a file of each ending must have; () = text, checked to be UTF-8 without control characters.
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "zip": ("application/zip", (b"PK\x03\x04",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "txt": ("text/plain", ()),
    "csv": ("text/csv", ()),
}
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was looked at and may be kept: clean name, what kind it is, its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def checked(upload: FileStorage, allowed: Collection[str] = tuple(KINDS)) -> Upload:
    """Return what was uploaded, its bytes read into memory.

    ``allowed`` are file endings. Raises Invalid on the field ``upload`` for an empty, too large or other kind of file: ending
    and first bytes must both say what it is.
    """
    content = upload.stream.read(current_app.extensions["config"].max_upload + 1)
    name = clean_name(upload.filename or "")
    ending = PurePath(name).suffix.lower().lstrip(".")
    if len(content) > current_app.extensions["config"].max_upload:
        limit = current_app.extensions["config"].max_upload // 1024 // 1024
        raise Invalid("file.too_large", {"limit": limit}, field="upload")
    if ending not in allowed or ending not in KINDS or not _looks_like(ending, content):
        raise Invalid("file.kind", {"allowed": ", ".join(sorted(allowed))}, field="upload")
    if not content:
        raise Invalid("file.empty", field="upload")
    return Upload(name, KINDS[ending][0], content)


def keep(call: Call, upload: FileStorage, allowed: Collection[str] = tuple(KINDS)) -> StoredFile:
    """Store ``upload`` inside the running use case and return its row; refuses what ``checked`` refuses."""
    return store(call, checked(upload, allowed))


def store(call: Call, upload: Upload) -> StoredFile:
    """Store bytes that were checked before, inside the running use case, and return their row."""
    row = StoredFile(
        name=upload.name,
        media_type=upload.media_type,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        uploaded_by=call.actor.account,
        uploaded_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(StoredContent(file_id=row.id, content=upload.content))
    return row


def send(file: StoredFile) -> Response:
    """Answer with a file, always as a download: nothing uploaded is ever shown as a page of this site."""
    stored = db.session.get(StoredContent, file.id)
    if stored is None:
        raise NotFound("file")
    return send_file(
        io.BytesIO(stored.content), mimetype=file.media_type, as_attachment=True, download_name=file.name, etag=False
    )


def clean_name(name: str) -> str:
    """Return a file name without folders, control characters or a length that no disk takes."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:150]}.{ending[:10]}" if dot else kept[:150]


def _looks_like(ending: str, content: bytes) -> bool:
    starts = KINDS[ending][1]
    if starts:
        return content.startswith(starts)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(content) is None
