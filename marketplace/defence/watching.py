"""Watches run over patents that came in: what fits is noted, and the members who watch are told by a mail with a link."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.db.base import db
from marketplace.defence.models import Watch, WatchHit
from marketplace.kernel.call import Call
from marketplace.outbox import service as outbox
from marketplace.patents.models import Patent
from marketplace.patents.queries import owners_mail


def fits(watch: Watch, patent: Patent) -> bool:
    """Every part of a watch that is given must fit; own and undisclosed patents never do."""
    if not patent.is_public or patent.owner_id == watch.organisation_id:
        return False
    text = f"{patent.title} {patent.title_en} {patent.abstract}".casefold()
    return (
        all(word in text for word in watch.words.casefold().split())
        and (not watch.ipc or any(s.startswith(watch.ipc.upper()) for s in patent.ipc.split("；")))
        and (not watch.applicant or watch.applicant.casefold() in patent.applicants.casefold())
    )


def look(call: Call, patents: Sequence[Patent]) -> int:
    """Run every live watch over ``patents``, inside the running use case; return how many fit."""
    watches = db.session.scalars(select(Watch).where(Watch.ended_at.is_(None)).order_by(Watch.id)).all()
    found = [(watch, patent) for watch in watches for patent in patents if fits(watch, patent)]
    db.session.add_all([WatchHit(watch_id=w.id, patent_id=p.id, found_at=call.now) for w, p in found])
    for organisation_id in sorted({watch.organisation_id for watch, _ in found}):
        for address in owners_mail(organisation_id):
            outbox.enqueue(call, address, "watch_hit", {})
    return len(found)
