"""What several owners of a licence's patents do only together: each says its word, and it is done once all have.

A word counts for exactly these owners: when a patent changes hands, everybody is asked anew.
"""

from __future__ import annotations

from collections.abc import Collection

from marketplace.approvals import service as approvals
from marketplace.approvals.models import Endorsement
from marketplace.kernel.call import Actor, Call
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


def ends_asked(licence: Licence, known: Collection[Endorsement] | None = None) -> dict[int | None, Endorsement | None]:
    """Each of several owners, None for somebody outside, with its wish to end the licence; empty where one alone may end it."""
    held = policy.keepers(licence)
    if len(held) < 2:
        return {}
    known = approvals.endorsements_of(END, licence.id) if known is None else known
    found = {(one.subject_id, one.content_hash): one for one in known}
    return {key: found.get((licence.id, mark(licence, key))) for key in held}


def accepted(statement: RoyaltyStatement, known: Collection[Endorsement] | None = None) -> Words:
    """Each owner in the register, None for the staff of a pool, with its word on a statement as it was filed."""
    held: Collection[int | None] = policy.owners(statement.licence) or {None}
    known = approvals.endorsements_of(ACCEPT, statement.id) if known is None else known
    found = {(one.subject_id, one.content_hash): one for one in known}
    return {key: found.get((statement.id, mark(statement.licence, key, statement))) for key in held}


def speaks_as(actor: Actor, licence: Licence) -> frozenset[int | None]:
    """For which of those who accept its statements an actor speaks."""
    if licence.licensor_id is None:
        return frozenset({None} if policy.may_act_for(actor, licence, Side.LICENSOR) else ())
    return frozenset(policy.spoken_for(actor, licence))


def say_end(call: Call, licence: Licence, reason: str) -> tuple[list[int], list[int]]:
    """Note the wish of the owners the caller acts for; return those that asked now and those that have not yet."""
    asked = ends_asked(licence)
    new = [key for key in sorted(policy.spoken_for(call.actor, licence)) if key in asked and asked[key] is None]
    for owner in new:
        approvals.propose(call, END, licence.id, mark(licence, owner), reason)
    return new, [key for key, wish in asked.items() if key is not None and wish is None and key not in new]


def take_end_back(call: Call, licence: Licence) -> list[int]:
    """Take the wish of the owners the caller acts for back; return them."""
    asked = ends_asked(licence)
    gone = [key for key in sorted(policy.spoken_for(call.actor, licence)) if asked.get(key) is not None]
    for owner in gone:
        approvals.take_back(END, licence.id, mark(licence, owner))
    return gone


def say_accept(call: Call, statement: RoyaltyStatement) -> tuple[list[int], bool]:
    """Note that those the caller acts for accept a statement; return the owners among several, and whether all have now."""
    done = accepted(statement)
    speaking = speaks_as(call.actor, statement.licence)
    new = [key for key in sorted(done, key=lambda key: key or 0) if key in speaking and done[key] is None]
    for owner in new:
        approvals.propose(call, ACCEPT, statement.id, mark(statement.licence, owner, statement))
    owners = [key for key in new if key is not None] if len(done) > 1 else []
    return owners, all(ok or key in new for key, ok in done.items())
