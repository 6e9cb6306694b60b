"""A licence ends: with its term, by agreement of its sides, or by one of them after its notice of a breach."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.licences import due, policy, queries, wishes
from marketplace.licences import ending as early
from marketplace.licences.models import Licence
from marketplace.licences.service.agreeing import tell
from marketplace.licences.service.chaining import end_below
from marketplace.licences.workflow import LICENCE, Breach, LicenceState, Outlook, Side
from marketplace.patents import queries as patents

TERM_OVER = "期限届满 / the term is over"
"""Why a licence ended by itself: a record in both languages."""
_OTHER = {Side.LICENSOR: Side.LICENSEE, Side.LICENSEE: Side.LICENSOR}


@use_case
def end(call: Call, licence_id: int, reason: str) -> Licence:
    """Ask for the end of a running licence: it ends at once where the caller may end it alone or all others asked already.

    Else it runs until they agree. Where the licensor's patents have come to several owners, each says its word: a right that
    several have together is used together.
    """
    row, side = _held(call, licence_id)
    asked = wishes.ends_asked(row)
    follows = early.outlook(call.actor, row, patents.today(call), asked)
    if follows is Outlook.ALONE:
        _end(call, row, LICENCE.require(row.state, "end"), reason)
        return row
    new = wishes.say_end(call, row, side, reason)
    if follows is Outlook.AGREE:
        _end(call, row, LICENCE.require(row.state, "end"), reason)
        return row
    if new:
        _tell_of_wish(call, row, side)
    audit.record(call, "licences.ask_end", "licence", row.id, {"owners": _known(new)})
    return row


@use_case
def give_notice(call: Call, licence_id: int, breach: Breach, reason: str) -> Licence:
    """A side says what the other broke, and asks to put it right; once the time for it is over, it may end the licence alone.

    Raises Conflict ``licences.noticed`` while an earlier notice stands, Invalid ``licences.no_breach``.
    """
    row, side = _held(call, licence_id)
    if early.notice_of(row, side) is not None:
        raise Conflict("licences.noticed")
    if breach not in early.breaches(row, side, patents.today(call)):
        raise Invalid("licences.no_breach", field="breach")
    early.give(call, row, side, breach, reason)
    _tell_side(call, row, _OTHER[side], "licence_breach")
    audit.record(call, "licences.give_notice", "licence", row.id, {"side": side, "breach": breach})
    return row


@use_case
def let_run(call: Call, licence_id: int) -> Licence:
    """A side takes back that it asked for the end, or its notice of a breach; who did neither turns down what the other asked.

    Raises Conflict ``licences.not_asked`` where there is nothing to take back or turn down.
    """
    row = queries.get_licence(call, licence_id, hold=True)
    policy.may_let_run(call.actor, row).require()
    asked = wishes.ends_asked(row) if row.state is LicenceState.RUNNING else {}
    gone, notice = early.take_back(call.actor, row, asked)
    turned = [] if gone or notice else early.turn_down(call.actor, row, asked)
    if not gone and not turned and notice is None:
        raise Conflict("licences.not_asked")
    for side in turned:
        _tell_side(call, row, side, "licence_end_declined")
    command = "licences.turn_end_down" if turned else "licences.let_run"
    audit.record(call, command, "licence", row.id, {"owners": _known(gone)})
    return row


@use_case
def end_of_term(call: Call, licence_id: int) -> Licence:
    """A licence ends with its term, whether or not anybody says so. Raises Conflict before, and where it runs no more."""
    row = db.session.scalar(select(Licence).where(Licence.id == licence_id).with_for_update())
    if row is None or row.ends_on is None or row.ends_on >= patents.today(call):
        raise Conflict("licences.term_runs")
    _end(call, row, LICENCE.require(row.state, "end"), TERM_OVER)
    return row


@use_case
def remind_of_term(call: Call, licence_id: int) -> None:
    """Tell both sides of a licence once that its term ends soon."""
    row = db.session.get_one(Licence, licence_id)
    for organisation_id in sorted({row.licensee_id} | policy.owners(row)):
        tell(call, row, organisation_id, "licence_ends")
    audit.record(call, due.REMINDED, "licence", row.id)


def _held(call: Call, licence_id: int) -> tuple[Licence, Side]:
    """The licence, held, and the side for which the caller may ask for its end."""
    row = queries.get_licence(call, licence_id, hold=True)
    allowed = policy.may_end(call.actor, row)
    if allowed.reason in {"licences.irrevocable", "licences.handed_on", "licences.owner_outside"}:
        raise Conflict(allowed.reason)
    allowed.require()
    LICENCE.require(row.state, "end")
    return row, early.side_of(call.actor, row, wishes.ends_asked(row)) or Side.LICENSOR


def _known(keys: Iterable[int | None]) -> list[int]:
    return [key for key in keys if key is not None]


def _tell_of_wish(call: Call, row: Licence, side: Side) -> None:
    """The other owners first; the other side once the whole side has asked."""
    words = wishes.ends_asked(row).get(side, {})
    if wishes.said(words):
        _tell_side(call, row, _OTHER[side], "licence_end_proposed")
    for key, word in words.items():
        if word is None and key is not None:
            tell(call, row, key, "licence_end_asked")


def _tell_side(call: Call, row: Licence, side: Side, template: str) -> None:
    keys = {row.licensee_id} if side is Side.LICENSEE else policy.owners(row)
    for organisation_id in sorted(keys):
        tell(call, row, organisation_id, template)


def _end(call: Call, row: Licence, target: LicenceState, reason: str) -> None:
    row.state, row.reason, row.ended_at = target, reason, call.now
    below = end_below(call, row)
    told = {one.licensee_id for one in (row, *below)} | policy.owners(row)
    for organisation_id in sorted(told - call.actor.organisations):
        tell(call, row, organisation_id, "licence_ended")
    audit.record(call, "licences.end", "licence", row.id, {"sublicences": len(below)} if below else None)
