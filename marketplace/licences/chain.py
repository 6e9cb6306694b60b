"""The chain of licences of a patent: who licensed to whom, and which licence rests on which.

The fire-wall holds here as well: an owner reads who may use its patent and until when, never what a sub-licensee pays, and
of a pool only how many bundles cover the patent. Other members read the links that they are a side of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.licences import policy
from marketplace.licences.models import Licence, LicencePatent
from marketplace.licences.workflow import LicenceState
from marketplace.patents.models import Patent

SHOWN = (LicenceState.RUNNING, LicenceState.ENDED)


@dataclass(frozen=True, slots=True)
class Link:
    """One licence at its ``depth`` in the chain, 0 for those that the patent's owner gave; ``opens`` for its readers."""

    licence: Licence
    depth: int
    opens: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """What a reader may know of who uses a patent: links in the order of the tree, and how many of a pool's bundles run."""

    links: tuple[Link, ...]
    bundles: int

    def __bool__(self) -> bool:
        return bool(self.links or self.bundles)


def chain_of(call: Call, patent: Patent) -> Chain:
    """Return the chain of one patent as the caller may read it. Two statements."""
    covering = select(LicencePatent.licence_id).where(LicencePatent.patent_id == patent.id)
    query = select(Licence).where(Licence.id.in_(covering), Licence.state.in_(SHOWN)).order_by(Licence.id)
    sides = (joinedload(Licence.licensee), joinedload(Licence.licensor), joinedload(Licence.alliance))
    patents = selectinload(Licence.parts).joinedload(LicencePatent.patent)
    rows = db.session.scalars(query.options(*sides, patents)).all()
    owns = call.actor.reads_everything or patent.owner_id in call.actor.organisations
    known = [row for row in rows if policy.may_see(call.actor, row) or (owns and row.alliance_id is None)]
    hidden = [row for row in rows if row not in known and row.state is LicenceState.RUNNING]
    return Chain(tuple(_tree(call.actor, known)), len(hidden) if owns else 0)


def below(licence: Licence) -> Sequence[Licence]:
    """Return the sub-licences that rest on a licence, with their licensees."""
    query = select(Licence).where(Licence.rests_on_id == licence.id).options(joinedload(Licence.licensee))
    return db.session.scalars(query.order_by(Licence.id)).all()


def _tree(actor: Actor, rows: Sequence[Licence]) -> Iterator[Link]:
    """Each licence after the one it rests on; one whose support the reader may not know stands at the first level."""
    known, resting = {row.id for row in rows}, defaultdict[int | None, list[Licence]](list)
    for row in rows:
        resting[row.rests_on_id if row.rests_on_id in known else None].append(row)

    def under(key: int | None, depth: int) -> Iterator[Link]:
        for row in resting[key]:
            yield Link(row, depth, bool(policy.may_see(actor, row)))
            yield from under(row.id, depth + 1)

    return under(None, 0)
