"""What the sides of a licence, and several owners of its patents, do only together: each says its word, until all have.

A word counts for exactly these owners: when a patent changes hands, everybody is asked anew.
"""

from __future__ import annotations

from collections.abc import Collection

from marketplace.approvals import service as approvals
from marketplace.approvals.models import Endorsement
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Forbidden
from marketplace.licences import policy
from marketplace.licences.models import Licence, RoyaltyStatement
from marketplace.licences.workflow import Side

END, ACCEPT = "licence_end", "statement_accept"

Words = dict[int | None, Endorsement | None]
"""By owner, None for the staff of a pool: the word it gave."""


def mark(licence: Licence, owner: int | None, statement: RoyaltyStatement | None = None) -> str:
    """What an owner stands for: the end of a licence, or a statement as it was filed."""
    held = sorted(key or 0 for key in policy.keepers(licence))
    content: dict[str, object] = {"licence": licence.id, "owner": owner, "owners": held}
    if statement is not None:
        content |= {"statement": statement.id, "sales": statement.sales, "filed": str(statement.filed_at)}
    return approvals.content_hash(content)


def ends_asked(licence: Licence, known: Collection[Endorsement] | None = None) -> dict[Side, Words]:
    """Both sides of a licence with their wishes to end it; of the licensor's each owner, None for a pool or somebody outside."""
    held: Collection[int | None] = policy.keepers(licence) or {licence.licensor_id}
    known = approvals.endorsements_of(END, licence.id) if known is None else known
    found = {(one.subject_id, one.content_hash): one for one in known}
    keys = {Side.LICENSOR: held, Side.LICENSEE: {licence.licensee_id}}
    return {side: {key: found.get((licence.id, mark(licence, key))) for key in keys[side]} for side in Side}


def said(words: Words) -> bool:
    """Whether a side has given its word: each of several owners has."""
    return all(words.values())


def speaking(actor: Actor, licence: Licence, side: Side) -> frozenset[int | None]:
    """For whom on a side an actor speaks."""
    if side is Side.LICENSOR:
        return speaks_as(actor, licence)
    return frozenset({licence.licensee_id} if policy.is_licensee(actor, licence) else ())


def accepted(statement: RoyaltyStatement, known: Collection[Endorsement] | None = None) -> Words:
    """Each owner in the register, None for the staff of a pool, with its word on a statement as it was filed."""
    held: Collection[int | None] = policy.owners(statement.licence) or {None}
    known = approvals.endorsements_of(ACCEPT, statement.id) if known is None else known
    found = {(one.subject_id, one.content_hash): one for one in known}
    return {key: found.get((statement.id, mark(statement.licence, key, statement))) for key in held}


def speaks_as(actor: Actor, licence: Licence) -> frozenset[int | None]:
    """For which of those on the licensor's side, None for the staff of a pool, an actor speaks."""
    if licence.licensor_id is None:
        return frozenset({None} if policy.may_act_for(actor, licence, Side.LICENSOR) else ())
    return frozenset(policy.spoken_for(actor, licence))


def say_end(call: Call, licence: Licence, side: Side, reason: str) -> list[int | None]:
    """Note the wish of those on a side the caller acts for, and return them. Nobody agrees with a person's own proposal."""
    asked = ends_asked(licence)
    words = asked.get(side, {})
    mine = speaking(call.actor, licence, side)
    others = [word for each in asked.values() for key, word in each.items() if key not in words]
    if any(word is not None and word.person_id == call.actor.person for word in others):
        raise Forbidden("approvals.same_person")
    new = [key for key in sorted(words, key=_by_id) if key in mine and words[key] is None]
    for owner in new:
        approvals.propose(call, END, licence.id, mark(licence, owner), reason)
    return new


def take_end_back(licence: Licence, words: Words, keys: Collection[int | None]) -> list[int | None]:
    """Take the wishes of these ``keys`` back; return whose there were."""
    gone = [key for key in sorted(keys, key=_by_id) if words.get(key) is not None]
    for owner in gone:
        approvals.take_back(END, licence.id, mark(licence, owner))
    return gone


def _by_id(key: int | None) -> int:
    return key or 0


def say_accept(call: Call, statement: RoyaltyStatement) -> tuple[list[int], bool]:
    """Note that those the caller acts for accept a statement; return the owners among several, and whether all have now."""
    done = accepted(statement)
    speaking = speaks_as(call.actor, statement.licence)
    new = [key for key in sorted(done, key=_by_id) if key in speaking and done[key] is None]
    for owner in new:
        approvals.propose(call, ACCEPT, statement.id, mark(statement.licence, owner, statement))
    owners = [key for key in new if key is not None] if len(done) > 1 else []
    return owners, all(ok or key in new for key, ok in done.items())
