"""Attachments are encrypted before they touch the database, committed to, and readable to entitled people after the opening."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, Request
from sqlalchemy import select

from marketplace.bids import contents, queries, sealing, service
from marketplace.bids.models import BidFile, OpenedFile
from marketplace.bids.service.attaching import MOST_FILES
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.storage.models import StoredFile
from marketplace.storage.service import Upload
from marketplace.web import uploads
from tests.bids.scene import Scene, fresh

REPORT = Upload("检测报告.pdf", "application/pdf", b"%PDF-1.4 CANARY-REPORT " + bytes(5000))


def stored() -> list[bytes]:
    return list(db.session.scalars(select(BidFile.sealed).order_by(BidFile.id)))


def test_a_file_lies_encrypted_and_padded_and_its_name_is_in_no_table(scene: Scene) -> None:
    bid = scene.drafted()
    service.attach_file(scene.call(), bid.id, REPORT)
    (sealed,) = stored()
    assert b"CANARY" not in sealed
    assert len(sealed) % sealing.BLOCK == 40
    assert list(db.session.scalars(select(StoredFile.name))) == []
    (attachment,) = queries.own_content(queries.get_own(scene.call(), bid.id)).terms.attachments
    assert (attachment.name, attachment.size) == (REPORT.name, len(REPORT.content))
    assert sealing.unseal_bytes(sealed, attachment.key, attachment.sha256) == REPORT.content


def test_on_a_submitted_bid_a_file_counts_at_once_with_a_new_commitment(scene: Scene) -> None:
    bid = scene.submitted()
    first = fresh(bid).commitment
    service.attach_file(scene.call(), bid.id, REPORT)
    second = fresh(bid).commitment
    assert fresh(bid).state is BidState.SUBMITTED
    service.remove_file(scene.call(), bid.id, db.session.scalar(select(BidFile.id)) or 0)
    assert len({first, second, fresh(bid).commitment}) == 3
    assert stored() == []


def test_after_the_opening_entitled_people_read_it_and_the_sealed_bytes_are_gone(scene: Scene, sign_in: Any) -> None:
    bid = scene.submitted()
    service.attach_file(scene.call(), bid.id, REPORT)
    number = db.session.scalar(select(BidFile.id))
    path = f"/bids/{bid.id}/opened-files/{number}"
    rival = sign_in(scene.make.lead(scene.make.team()))
    for client in (sign_in(scene.owner), sign_in(scene.officers[0]), rival):
        assert client.get(path).status_code == 404
    scene.opened()
    assert stored() == []
    for client in (sign_in(scene.owner), sign_in(scene.officers[0]), sign_in(scene.lead)):
        answer = client.get(path)
        assert (answer.status_code, answer.data) == (200, REPORT.content)
    assert rival.get(path).status_code == 404
    assert sign_in(scene.owner).get(f"/bids/{bid.id}/opened-files/999").status_code == 404


def test_a_damaged_file_stays_out_and_the_bid_opens_all_the_same(scene: Scene, sign_in: Any) -> None:
    bid = scene.submitted()
    service.attach_file(scene.call(), bid.id, REPORT)
    row = db.session.scalar(select(BidFile))
    assert row is not None
    row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    db.session.commit()
    scene.opened()
    assert (fresh(bid).state, contents.files_of(bid), len(stored())) == (BidState.OPENED, {}, 1)
    page = sign_in(scene.officers[0]).get(f"/bids/{bid.id}").text
    assert hashlib.sha256(REPORT.content).hexdigest()[:16] in page


def test_two_files_whose_bytes_were_swapped_are_not_taken_for_each_other(scene: Scene) -> None:
    bid = scene.submitted()
    for content in (b"%PDF-1", b"%PDF-2"):
        service.attach_file(scene.call(), bid.id, Upload("a.pdf", "application/pdf", content))
    one, two = list(db.session.scalars(select(BidFile).order_by(BidFile.id)))
    one.sealed, two.sealed = two.sealed, one.sealed
    db.session.commit()
    scene.opened()
    assert list(db.session.scalars(select(OpenedFile))) == []


def test_a_bid_has_few_files_and_none_of_another_bid(scene: Scene) -> None:
    bid, rival = scene.drafted(), scene.rival()
    for _ in range(MOST_FILES):
        service.attach_file(scene.call(), bid.id, REPORT)
    with pytest.raises(Invalid, match="too_many_files"):
        service.attach_file(scene.call(), bid.id, REPORT)
    with pytest.raises(NotFound):
        service.attach_file(scene.call(), rival.id, REPORT)
    foreign = queries.own_content(queries.get_own(scene.call(), bid.id)).terms.attachments
    other = scene.make.team(scene.university)
    lead = scene.make.lead(other)
    second = scene.drafted(other, lead)
    with pytest.raises(Invalid, match="unknown_file"):
        service.submit_bid(scene.call(lead), second.id, scene.terms(other, attachments=foreign))


def test_from_the_deadline_on_no_file_comes_or_goes(scene: Scene) -> None:
    bid = scene.submitted()
    service.attach_file(scene.call(), bid.id, REPORT)
    key = db.session.scalar(select(BidFile.id)) or 0
    scene.past_deadline()
    with pytest.raises(Conflict, match=r"bid\.late"):
        service.attach_file(scene.call(), bid.id, REPORT)
    with pytest.raises(Conflict, match=r"bid\.late"):
        service.remove_file(scene.call(), bid.id, key)


def test_the_page_takes_a_file_gives_it_back_and_refuses_others(scene: Scene, sign_in: Any) -> None:
    bid, team = scene.drafted(), sign_in(scene.lead)
    path = f"/bids/{bid.id}/files"

    def send(content: bytes, name: str) -> int:
        data = {"upload": (BytesIO(content), name)}
        return int(team.post(path, data=data, content_type="multipart/form-data").status_code)

    assert send(REPORT.content, "报告.pdf") == 303
    assert send(b"MZ\x90", "virus.exe") == 422
    assert send(b"not a pdf", "a.pdf") == 422
    assert send(b"", "a.pdf") == 422
    assert team.post(path).status_code == 422
    key = db.session.scalar(select(BidFile.id))
    assert "报告.pdf" in team.get(path).text
    assert team.get(f"{path}/{key}").data == REPORT.content
    assert sign_in(scene.make.lead(scene.make.team())).get(f"{path}/{key}").status_code == 404
    assert team.post(f"/bids/{bid.id}/edit", data={"plan": "x"}).status_code in {303, 422}
    assert team.post(f"{path}/{key}/remove").status_code == 303
    assert stored() == []


@pytest.mark.parametrize("page", ["", "/check", "/edit", "/files"])
def test_every_page_of_a_bid_with_a_file_is_read_before_and_after_submission(
    scene: Scene, sign_in: Any, page: str
) -> None:
    bid = scene.drafted()
    service.save_draft(scene.call(), bid.id, scene.terms())
    service.attach_file(scene.call(), bid.id, REPORT)
    team = sign_in(scene.lead)
    for _ in range(2):
        answer = team.get(f"/bids/{bid.id}{page}")
        assert answer.status_code == 200
        assert (REPORT.name in answer.text) is (page != "/edit")
        service.submit_bid(scene.call(), bid.id)


def test_a_large_upload_never_touches_the_disk(app: Flask) -> None:
    """Flask's own request would put what is above half a megabyte into a temporary file, where a bid could be read."""
    assert app.request_class is uploads.InMemory
    ours = app.request_class({})._get_file_stream(900_000, "multipart/form-data", "a.pdf", None)
    with Request({})._get_file_stream(900_000, "multipart/form-data", "a.pdf", None) as theirs:
        assert isinstance(ours, BytesIO)
        assert not isinstance(theirs, BytesIO)
