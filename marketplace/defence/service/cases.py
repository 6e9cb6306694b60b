"""Joint cases: opened, joined with products stated in confidence, fought and closed with what they saved."""

from __future__ import annotations

from werkzeug.datastructures import FileStorage

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.defence import costs, policy, queries
from marketplace.defence.models import CaseMember, CounselPaper, CounterPatent, DefenceCase, ExposedProduct
from marketplace.defence.terms import CaseTerms, ProductTerms
from marketplace.defence.workflow import CASE, THREAT, CaseState
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.pools import queries as pools
from marketplace.storage import service as storage

MOST_PRODUCTS = 200
"""Products that one member states in one case."""


@use_case
def open_case(call: Call, threat_id: int, terms: CaseTerms) -> DefenceCase:
    """Make a case of a threat: its words are written anew, so that nothing the member said in confidence goes on."""
    threat = queries.get_threat(call, threat_id)
    policy.may_serve(call.actor, threat.alliance_id).require()
    if not 0 < terms.budget <= money.MAX_FEN:
        raise Invalid("defence.amount", field="budget")
    threat.state = THREAT.require(threat.state, "take_up")
    row = DefenceCase(
        alliance_id=threat.alliance_id,
        title=terms.title,
        asserted=terms.asserted,
        summary=terms.summary,
        counsel=terms.counsel,
        budget=terms.budget,
        rule=terms.rule,
        opened_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "defence.open_case", "defence_case", row.id, {"rule": terms.rule})
    return row


@use_case
def state_product(call: Call, case_id: int, organisation_id: int, terms: ProductTerms) -> ExposedProduct:
    """Name a product of one's own that is exposed; only one's own organisation and the staff ever read it."""
    row = queries.get_case(call, case_id)
    policy.may_act_for(call.actor, organisation_id).require()
    _gathers(row, organisation_id)
    if not terms.patents or not set(terms.patents) <= set(row.numbers):
        raise Invalid("defence.patents", field="patents")
    if not 0 <= terms.revenue <= money.MAX_FEN:
        raise Invalid("defence.amount", field="revenue")
    if len(queries.products_of(case_id, [organisation_id])) >= MOST_PRODUCTS:
        raise Invalid("defence.products", {"most": MOST_PRODUCTS}, field="name")
    product = ExposedProduct(
        case_id=case_id,
        organisation_id=organisation_id,
        name=terms.name,
        revenue=terms.revenue,
        patents=[number for number in row.numbers if number in terms.patents],
        stated_at=call.now,
    )
    db.session.add(product)
    db.session.flush()
    audit.record(call, "defence.state_product", "defence_case", row.id, {"organisation": organisation_id})
    return product


@use_case
def drop_product(call: Call, product_id: int) -> ExposedProduct:
    """Take a stated product back, before joining."""
    product = queries.get_product(call, product_id)
    policy.may_act_for(call.actor, product.organisation_id).require()
    _gathers(queries.get_case(call, product.case_id), product.organisation_id)
    db.session.delete(product)
    audit.record(
        call, "defence.drop_product", "defence_case", product.case_id, {"organisation": product.organisation_id}
    )
    return product


@use_case
def join(call: Call, case_id: int, organisation_id: int) -> DefenceCase:
    """Join a case with the products one has stated, knowing one's share by the stated rule."""
    row = queries.get_case(call, case_id)
    policy.may_act_for(call.actor, organisation_id).require()
    _gathers(row, organisation_id)
    weight = queries.weight_stated(case_id, organisation_id)
    if not costs.weight_of(row.rule, weight):
        raise Conflict("defence.no_products")
    row.members.append(
        CaseMember(
            organisation_id=organisation_id, exposures=weight.exposures, revenue=weight.revenue, joined_at=call.now
        )
    )
    row.version += 1
    audit.record(call, "defence.join", "defence_case", row.id, {"organisation": organisation_id})
    return row


def _gathers(row: DefenceCase, organisation_id: int) -> None:
    if row.state is not CaseState.GATHERING:
        raise Conflict("defence.not_gathering")
    if any(member.organisation_id == organisation_id for member in row.members):
        raise Conflict("defence.joined")


@use_case
def begin(call: Call, case_id: int) -> DefenceCase:
    """Nobody joins any more: the shares are fixed and the defence begins."""
    row = queries.get_case(call, case_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    if not row.members:
        raise Conflict("defence.nobody")
    row.state = CASE.require(row.state, "begin")
    audit.record(call, "defence.begin", "defence_case", row.id, {"members": len(row.members)})
    return row


@use_case
def add_paper(call: Call, case_id: int, title: str, upload: FileStorage) -> CounselPaper:
    """Lay a paper of counsel behind the wall."""
    row = queries.get_case(call, case_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    file = storage.keep(call, upload, ("pdf", "docx"))
    paper = CounselPaper(case_id=row.id, title=title, file_id=file.id, added_at=call.now)
    db.session.add(paper)
    db.session.flush()
    audit.record(call, "defence.add_paper", "defence_case", row.id, {"paper": paper.id})
    return paper


@use_case
def add_counter(call: Call, case_id: int, patent_id: int, why: str) -> CounterPatent:
    """Note a patent of the alliance's own pool that matters against the attacker."""
    row = queries.get_case(call, case_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    CASE.require(row.state, "close")
    if not pools.pooled(row.alliance_id, [patent_id]):
        raise Invalid("defence.not_pooled", field="patent_id")
    if any(known.patent_id == patent_id for known in queries.counters_of(row.id)):
        raise Invalid("defence.counter_known", field="patent_id")
    counter = CounterPatent(case_id=row.id, patent_id=patent_id, why=why, added_at=call.now)
    db.session.add(counter)
    db.session.flush()
    audit.record(call, "defence.add_counter", "defence_case", row.id, {"patent": patent_id})
    return counter


@use_case
def close_case(call: Call, case_id: int, outcome: str, spent: int, saved: int) -> DefenceCase:
    """Write how it ended, what it cost and what it saved the members."""
    row = queries.get_case(call, case_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    for name, amount in (("spent", spent), ("saved", saved)):
        if not 0 <= amount <= money.MAX_FEN:
            raise Invalid("defence.amount", field=name)
    row.state = CASE.require(row.state, "close")
    row.outcome, row.spent, row.saved, row.closed_at = outcome, spent, saved, call.now
    audit.record(call, "defence.close_case", "defence_case", row.id, {"spent": spent, "saved": saved})
    return row
