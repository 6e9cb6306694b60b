"""A licence is asked for, offered, signed by both sides, and filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.licences import policy, queries
from marketplace.licences.models import Licence, LicencePatent, LicenceSignature
from marketplace.licences.references import take_reference
from marketplace.licences.service.chaining import check_below
from marketplace.licences.terms import OfferTerms, RequestTerms
from marketplace.licences.workflow import LICENCE, FeeMode, LicenceKind, LicenceState, Side
from marketplace.outbox import service as outbox
from marketplace.patents import queries as patents
from marketplace.patents.deadlines.calendar import add_months
from marketplace.pools import queries as pools
from marketplace.pools.models import PoolOffer

MOST_PATENTS = 500
STANDARD_YEARS = 3


@use_case
def request_licence(call: Call, terms: RequestTerms) -> Licence:
    """Ask the owner of a patent, or a pool, for leave to use it."""
    policy.may_ask(call.actor, terms.licensee_id).require()
    row = Licence(
        reference=take_reference(call),
        licensee_id=terms.licensee_id,
        kind=LicenceKind.ORDINARY,
        fee_mode=FeeMode.LUMP,
        purpose=terms.purpose,
        field_of_use=terms.field_of_use,
        territory=terms.territory,
        requested_at=call.now,
    )
    if terms.alliance_id is None:
        _of_owner(call, row, terms)
    else:
        row.alliance_id = terms.alliance_id
        row.parts = _parts(_pooled(terms.alliance_id, terms.patent_ids))
    db.session.add(row)
    db.session.flush()
    audit.record(call, "licences.request", "licence", row.id, {"patents": len(row.parts), "licensee": row.licensee_id})
    return row


@use_case
def take_bundle(call: Call, licensee_id: int, alliance_id: int, patent_ids: Sequence[int], purpose: str) -> Licence:
    """Take a pool's standard licence in one step: its conditions are those in force, and the licensee signs them at once."""
    policy.may_ask(call.actor, licensee_id).require()
    offers = _pooled(alliance_id, patent_ids)
    rules = pools.rules_of(alliance_id)
    if rules is None:
        raise Conflict("licences.no_rules")
    today = patents.today(call)
    free = rules.members_free and alliance_id in call.actor.alliances
    row = Licence(
        reference=take_reference(call),
        licensee_id=licensee_id,
        alliance_id=alliance_id,
        rules_id=rules.id,
        kind=LicenceKind.ORDINARY,
        fee_mode=FeeMode.FREE if free else FeeMode.LUMP,
        lump=0 if free else rules.entry_fee + rules.bundle_price(len(offers)) * STANDARD_YEARS,
        purpose=purpose,
        starts_on=today,
        ends_on=add_months(today, 12 * STANDARD_YEARS),
        state=LICENCE.require(LicenceState.REQUESTED, "offer"),
        requested_at=call.now,
        parts=_parts(offers),
    )
    db.session.add(row)
    db.session.flush()
    _sign(call, row, Side.LICENSEE)
    audit.record(call, "licences.take_bundle", "licence", row.id, {"patents": len(offers), "licensee": licensee_id})
    return row


@use_case
def offer_terms(call: Call, licence_id: int, terms: OfferTerms) -> Licence:
    """Offer conditions, or better ones: what was signed before is void."""
    row = queries.get_licence(call, licence_id)
    policy.may_act_for(call.actor, row, Side.LICENSOR).require()
    _check(row, terms, patents.today(call))
    row.state = LICENCE.require(row.state, "offer")
    row.kind, row.fee_mode = terms.kind, terms.fee_mode
    row.starts_on, row.ends_on, row.pay_from = terms.starts_on, terms.ends_on, terms.pay_from
    row.lump, row.entry_fee, row.rate = terms.lump, terms.entry_fee, terms.rate
    row.field_of_use, row.territory = terms.field_of_use, terms.territory
    row.may_sublicense = terms.may_sublicense
    audit.record(call, "licences.offer", "licence", row.id)
    return row


@use_case
def sign(call: Call, licence_id: int, side: Side) -> Licence:
    """Sign the conditions for one side; the licence runs once both signed exactly the same."""
    row = queries.get_licence(call, licence_id)
    policy.may_act_for(call.actor, row, side).require()
    target = LICENCE.require(row.state, "start")
    signed = _sign(call, row, side)
    if signed == set(Side):
        if row.rests_on is not None and row.rests_on.state is not LicenceState.RUNNING:
            raise Conflict("licences.rests_on_nothing")
        if row.ends_on is not None and row.ends_on < patents.today(call):
            raise Conflict("licences.term_past")
        _require_room(row)
        row.state, row.started_at = target, call.now
    audit.record(call, "licences.sign", "licence", row.id, {"side": side, "running": row.state is LicenceState.RUNNING})
    return row


@use_case
def decline(call: Call, licence_id: int, reason: str) -> Licence:
    """The licensor says no, with words."""
    row = queries.get_licence(call, licence_id)
    policy.may_act_for(call.actor, row, Side.LICENSOR).require()
    row.state, row.reason = LICENCE.require(row.state, "decline"), reason
    audit.record(call, "licences.decline", "licence", row.id)
    return row


@use_case
def withdraw(call: Call, licence_id: int) -> Licence:
    """The asker takes the request back."""
    row = queries.get_licence(call, licence_id)
    policy.may_act_for(call.actor, row, Side.LICENSEE).require()
    row.state = LICENCE.require(row.state, "withdraw")
    audit.record(call, "licences.withdraw", "licence", row.id)
    return row


@use_case
def record_filing(call: Call, licence_id: int, day: date, number: str) -> Licence:
    """Note that the licence was recorded at the patent office, due within three months (rules 15)."""
    row = queries.get_licence(call, licence_id)
    policy.may_act_for(call.actor, row, Side.LICENSOR).require()
    if row.state is not LicenceState.RUNNING:
        raise Conflict("licences.not_running")
    if day > patents.today(call):
        raise Invalid("patents.future", field="day")
    row.recorded_on, row.recorded_number = day, number
    audit.record(call, "licences.record", "licence", row.id, {"number": number})
    return row


def _of_owner(call: Call, row: Licence, terms: RequestTerms) -> None:
    """Patents of one owner; nobody asks for leave to use what one owns or may not see."""
    found = [patents.get_patent(call, patent_id) for patent_id in dict.fromkeys(terms.patent_ids)]
    if any(patent.sold_on is not None for patent in found):
        raise Conflict("patents.sold")
    if not found or len(found) > MOST_PATENTS:
        raise Invalid("licences.no_patents", field="patents")
    owners = {patent.owner_id for patent in found}
    if len(owners) > 1:
        raise Invalid("licences.one_owner", field="patents")
    if terms.licensee_id in owners:
        raise Conflict("licences.own")
    row.licensor_id = owners.pop()
    row.parts = [LicencePatent(patent_id=patent.id, patent=patent, weight=1) for patent in found]


def _pooled(alliance_id: int, patent_ids: Sequence[int]) -> Sequence[PoolOffer]:
    wanted = set(patent_ids)
    found = pools.pooled(alliance_id, wanted) if wanted else []
    if not found or len(found) != len(wanted) or len(found) > MOST_PATENTS:
        raise Invalid("licences.no_patents", field="patents")
    return found


def _parts(offers: Sequence[PoolOffer]) -> list[LicencePatent]:
    return [LicencePatent(patent_id=offer.patent_id, patent=offer.patent, weight=offer.weight) for offer in offers]


def _check(row: Licence, terms: OfferTerms, today: date) -> None:
    if row.alliance_id is not None and terms.kind is not LicenceKind.ORDINARY:
        raise Invalid("licences.pool_ordinary", field="kind")
    if row.alliance_id is not None and terms.may_sublicense:
        raise Invalid("licences.pool_no_leave", field="may_sublicense")
    if row.rests_on is not None:
        check_below(row.rests_on, terms)
    if terms.ends_on < terms.starts_on:
        raise Invalid("licences.term", field="ends_on")
    if terms.ends_on < today:
        raise Invalid("licences.term_past", field="ends_on")
    if terms.starts_on < min(part.patent.filed_on for part in row.parts):
        raise Invalid("licences.before_patents", field="starts_on")
    if terms.fee_mode is FeeMode.PAY_LATER and terms.pay_from is not None and terms.pay_from > terms.ends_on:
        raise Invalid("licences.never_paid", field="pay_from")
    last = max(part.patent.expires_on for part in row.parts)
    if terms.ends_on > last:
        raise Invalid("licences.beyond_patents", {"day": last}, field="ends_on")
    for name in ("lump", "entry_fee"):
        if not 0 <= getattr(terms, name) <= money.MAX_FEN:
            raise Invalid("licences.amount", field=name)
    if not 0 <= terms.rate <= money.BASIS:
        raise Invalid("licences.rate", field="rate")
    needed = {
        FeeMode.LUMP: ("lump", terms.lump),
        FeeMode.RUNNING: ("rate", terms.rate),
        FeeMode.ENTRY_RUNNING: ("entry_fee", terms.entry_fee and terms.rate),
        FeeMode.PAY_LATER: ("pay_from", terms.pay_from is not None and terms.rate),
    }
    if terms.fee_mode in needed and not needed[terms.fee_mode][1]:
        raise Invalid("licences.fee_missing", field=needed[terms.fee_mode][0])


def _sign(call: Call, row: Licence, side: Side) -> set[Side]:
    """Write the signature and return which sides signed these very terms. The two must be two natural persons."""
    if call.actor.person is None or call.actor.account is None:
        raise Forbidden("approvals.no_person")
    mark = queries.fingerprint(row)
    valid = [one for one in row.signatures if one.content_hash == mark]
    if any(one.side is side for one in valid):
        raise Conflict("approvals.already")
    if any(one.person_id == call.actor.person for one in valid):
        raise Forbidden("approvals.same_person")
    signature = LicenceSignature(
        licence_id=row.id,
        side=side,
        content_hash=mark,
        person_id=call.actor.person,
        account_id=call.actor.account,
        at=call.now,
    )
    row.signatures.append(signature)
    db.session.flush()
    return {one.side for one in valid} | {side}


def _require_room(row: Licence) -> None:
    """An exclusive or sole licence leaves no room for others, and none may run before it; a sub-licence is under its roof."""
    ids = [part.patent_id for part in row.parts]
    db.session.scalars(select(LicencePatent).where(LicencePatent.patent_id.in_(ids)).with_for_update()).all()
    running = [one for one in queries.running_on(ids) if one.id not in {row.id, row.rests_on_id}]
    if running and row.is_exclusive:
        raise Conflict("licences.others_run")
    if any(one.is_exclusive for one in running):
        raise Conflict("licences.exclusive_runs")


def tell(call: Call, row: Licence, organisation_id: int, template: str) -> None:
    """Queue a mail with a link to the owners of one side."""
    for address in patents.owners_mail(organisation_id):
        outbox.enqueue(call, address, template, {"reference": row.reference, "licence_id": row.id})
