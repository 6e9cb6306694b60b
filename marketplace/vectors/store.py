"""Reading and keeping vectors. Bookkeeping, not business: whatever is lost is made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.vectors.models import RankingWeights, TextVector

_BATCH = 400


def known() -> dict[str, dict[str, bytes]]:
    """Return every kept vector, by encoder and by the digest of its text."""
    found: dict[str, dict[str, bytes]] = defaultdict(dict)
    rows = db.session.execute(select(TextVector.encoder, TextVector.digest, TextVector.components))
    for encoder, digest, components in rows:
        found[encoder][digest] = components
    return dict(found)


def keep(made: Sequence[tuple[str, str, bytes]], now: datetime) -> int:
    """Keep vectors given as (encoder, digest, components); return how many. Another worker's are as good as these."""
    rows = [
        {"encoder": encoder, "digest": digest, "components": components, "made_at": now}
        for encoder, digest, components in made
    ]
    kept = 0
    for start in range(0, len(rows), _BATCH):
        chosen = rows[start : start + _BATCH]
        try:
            execute_alone(insert(TextVector).values(chosen))
            kept += len(chosen)
        except IntegrityError:
            continue  # somebody else is making the same; what is lacking after both is made next time
    return kept


def forget(digests: Collection[str]) -> None:
    """Take away the vectors of these texts."""
    chosen = sorted(digests)
    for start in range(0, len(chosen), _BATCH):
        execute_alone(delete(TextVector).where(TextVector.digest.in_(chosen[start : start + _BATCH])))


def learned() -> dict[str, Any] | None:
    """Return the weights that ranking has learned here; None before it has learned any."""
    newest = select(RankingWeights.weights).order_by(RankingWeights.id.desc()).limit(1)
    return db.session.scalar(newest)
