"""Two sides and one text: asking, countering, accepting, taking back; a signature holds for one document only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.contracts import service
from marketplace.contracts.jobs import draft_due
from marketplace.contracts.models import Clause, ClauseVersion, Contract, Signature
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.service import negotiating
from marketplace.contracts.terms import ClauseTerms, PlanStep, SignatureTerms
from marketplace.contracts.turns import Move, present_hash, turn_of
from marketplace.contracts.workflow import ClauseKind, ClauseState, ClauseStep, ContractState, Side
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from tests.contracts.scene import GRANT, LOAN, OWN, Scene

K = ClauseKind
BETTER = "争议由双方协商；协商不成的，提交仲裁委员会仲裁。"
OTHER = "争议由双方协商；协商不成的，向乙方所在地人民法院起诉。"


def clause(scene: Scene, kind: ClauseKind = K.DISPUTES) -> Clause:
    query = select(Clause).where(Clause.contract_id == scene.contract_id, Clause.kind == kind)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def ask(scene: Scene, who: str, text: str = BETTER, kind: ClauseKind = K.DISPUTES) -> None:
    service.propose_clause(
        scene.call(who), scene.contract_id, kind, ClauseTerms(text=text), clause(scene, kind).version
    )


def accept(scene: Scene, who: str, kind: ClauseKind = K.DISPUTES) -> None:
    service.accept_clause(scene.call(who), scene.contract_id, kind, clause(scene, kind).version)


def test_a_draft_is_filled_from_order_bid_and_funding(scene: Scene) -> None:
    contract = scene.draft()
    texts = {row.kind: row.text for row in contract.clauses}
    assert contract.price == OWN + GRANT + LOAN == sum(source.amount for source in contract.sources)
    assert [source.fund_id for source in contract.sources] == [None, *(fund.id for fund in scene.funds)]
    assert "肆拾贰万元整" in texts[K.PRICE]
    assert "耐盐雾时间：不低于 1000 h" in texts[K.TARGETS]
    assert "硅烷预处理" in texts[K.ROUTE]
    assert contract.reference == "HT-2027-0001"
    assert sum(step["share"] for step in next(c for c in contract.clauses if c.kind is K.PLAN).plan or []) == 10_000


def test_an_order_has_one_contract(scene: Scene) -> None:
    scene.draft()
    with pytest.raises(Conflict, match="drafted_already"):
        service.draft_contract(scene.make.call(), scene.order.id)


def test_the_clock_drafts_what_is_due_and_nothing_twice(scene: Scene) -> None:
    draft_due(scene.make.call())
    draft_due(scene.make.call())
    assert len(db.session.scalars(select(Contract)).all()) == 1


def test_a_stranger_finds_nothing(scene: Scene) -> None:
    scene.draft()
    with pytest.raises(NotFound):
        queries.get_contract(scene.call("stranger"), scene.contract_id)
    with pytest.raises(NotFound):
        queries.get_clause(scene.call("stranger"), scene.contract_id, K.DISPUTES)


def test_a_text_that_is_asked_for_counts_once_the_other_side_accepts(scene: Scene) -> None:
    before = next(row.text for row in scene.draft().clauses if row.kind is K.DISPUTES)
    ask(scene, "lead")
    assert clause(scene).text == before
    with pytest.raises(Conflict, match="own_proposal"):
        accept(scene, "institution")
    ask(scene, "member", OTHER)
    assert clause(scene).proposed_by is Side.ENTERPRISE
    accept(scene, "lead")
    assert (clause(scene).text, clause(scene).state) == (OTHER, ClauseState.STANDING)
    steps = db.session.scalars(
        select(ClauseVersion.step).where(ClauseVersion.clause_id == clause(scene).id).order_by(ClauseVersion.number)
    ).all()
    assert steps == [ClauseStep.DRAFTED, ClauseStep.PROPOSED, ClauseStep.COUNTERED, ClauseStep.ACCEPTED]


def test_only_who_asked_takes_it_back(scene: Scene) -> None:
    scene.draft()
    ask(scene, "lead")
    with pytest.raises(Conflict, match="not_own_proposal"):
        service.withdraw_clause(scene.call("enterprise"), scene.contract_id, K.DISPUTES, clause(scene).version)
    service.withdraw_clause(scene.call("lead"), scene.contract_id, K.DISPUTES, clause(scene).version)
    assert clause(scene).state is ClauseState.STANDING


def test_somebody_elses_step_in_between_is_stale(scene: Scene) -> None:
    scene.draft()
    seen = clause(scene).version
    ask(scene, "lead")
    with pytest.raises(Stale):
        service.accept_clause(scene.call("enterprise"), scene.contract_id, K.DISPUTES, seen)


@pytest.mark.parametrize("kind", [K.PRICE, K.TARGETS])
def test_what_two_people_approved_is_not_negotiated(scene: Scene, kind: ClauseKind) -> None:
    scene.draft()
    with pytest.raises(Conflict, match="fixed_clause"):
        ask(scene, "lead", "价款为一百万元", kind)


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ((5000, 5000), None),
        ((5000, 4999), "plan_shares"),
        ((), "plan_length"),
        ((10_001, -1), "plan_shares"),
    ],
)
def test_a_plan_sums_to_the_whole_price(scene: Scene, shares: tuple[int, ...], code: str | None) -> None:
    contract = scene.draft()
    steps = tuple(
        PlanStep(f"阶段{n}", "报告", contract.starts_on + timedelta(days=30 * n), share)
        for n, share in enumerate(shares)
    )
    terms = ClauseTerms(plan=steps)
    if code is None:
        service.propose_clause(scene.call("lead"), contract.id, K.PLAN, terms, clause(scene, K.PLAN).version)
        assert "¥210,000.00（合同价款的50%）" in clause(scene, K.PLAN).proposed_text
        return
    with pytest.raises(Invalid, match=code):
        service.propose_clause(scene.call("lead"), contract.id, K.PLAN, terms, clause(scene, K.PLAN).version)


def test_milestones_out_of_order_or_outside_the_term_are_refused(scene: Scene) -> None:
    contract = scene.draft()
    late = PlanStep("迟", "报告", contract.ends_on + timedelta(days=1), 10_000)
    with pytest.raises(Invalid, match="plan_days"):
        service.propose_clause(
            scene.call("lead"), contract.id, K.PLAN, ClauseTerms(plan=(late,)), clause(scene, K.PLAN).version
        )


def test_the_second_signature_commits_the_money_and_starts_the_delivery(scene: Scene) -> None:
    scene.draft()
    assert scene.sign("enterprise").state is ContractState.SIGNING
    assert scene.balances() == [(100_000_000 - GRANT, GRANT, 0, 0), (100_000_000 - LOAN, LOAN, 0, 0)]
    contract = scene.sign("institution")
    assert contract.state is ContractState.IN_FORCE
    assert scene.balances() == [(100_000_000 - GRANT, 0, GRANT, 0), (100_000_000 - LOAN, 0, LOAN, 0)]
    assert db.session.get_one(Order, scene.order.id, populate_existing=True).state is OrderState.IN_DELIVERY
    assert present_hash(contract) == contract.document_hash


def test_an_edit_voids_the_signature_also_when_it_is_undone(scene: Scene) -> None:
    scene.draft()
    scene.sign("enterprise")
    signed = present_hash(scene.contract)
    ask(scene, "lead")
    assert scene.contract.state is ContractState.NEGOTIATING
    service.withdraw_clause(scene.call("lead"), scene.contract_id, K.DISPUTES, clause(scene).version)
    assert present_hash(scene.contract) != signed
    assert scene.sign("institution").state is ContractState.SIGNING
    assert scene.sign("enterprise").state is ContractState.IN_FORCE
    assert len(db.session.scalars(select(Signature)).all()) == 3


def test_without_the_edition_an_undone_edit_would_keep_the_old_signature(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: with the edition standing still, the first signature survives the edit and the second brings it into force."""
    scene.draft()
    scene.sign("enterprise")
    touch = negotiating._touch

    def still(call: object, contract: Contract) -> None:
        edition = contract.edition
        touch(call, contract)  # type: ignore[arg-type]
        contract.edition = edition

    monkeypatch.setattr(negotiating, "_touch", still)
    ask(scene, "lead")
    service.withdraw_clause(scene.call("lead"), scene.contract_id, K.DISPUTES, clause(scene).version)
    assert scene.sign("institution").state is ContractState.IN_FORCE


@pytest.mark.parametrize(
    ("who", "typed", "refusal"),
    [
        ("member", None, Forbidden),
        ("lead", None, Forbidden),
        ("officer", None, Forbidden),
        ("stranger", None, NotFound),
        ("enterprise", "somebody else", Invalid),
    ],
)
def test_only_authorised_signatories_sign_and_only_with_their_name(
    scene: Scene, who: str, typed: str | None, refusal: type[Refused]
) -> None:
    contract = scene.draft()
    name = typed or scene.accounts[who].person.name
    with pytest.raises(refusal):
        service.sign(scene.call(who), contract.id, SignatureTerms(name, present_hash(contract)))


def test_a_document_that_changed_since_it_was_read_is_not_signed(scene: Scene) -> None:
    contract = scene.draft()
    read = present_hash(contract)
    service.set_particulars(scene.call("lead"), contract.id, contract.price, 3)
    with pytest.raises(Conflict, match="document_changed"):
        service.sign(
            scene.call("enterprise"), contract.id, SignatureTerms(scene.accounts["enterprise"].person.name, read)
        )


def test_an_open_or_flawed_clause_stops_the_signature(scene: Scene) -> None:
    scene.draft()
    ask(scene, "lead", "甲方不得对专利权的有效性提出异议。")
    with pytest.raises(Conflict, match="open_clauses"):
        scene.sign("enterprise")
    accept(scene, "enterprise")
    with pytest.raises(Conflict, match="flawed"):
        scene.sign("enterprise")
    assert turn_of(scene.contract, []).move is Move.REPAIR


def test_one_natural_person_does_not_sign_for_both(scene: Scene) -> None:
    scene.draft()
    scene.sign("enterprise")
    twice = scene.make.account(
        Role.UNIVERSITY_OWNER, organisation=scene.team.organisation, person=scene.accounts["enterprise"].person
    )
    scene.accounts["twice"] = twice
    with pytest.raises(Forbidden, match="same_person"):
        scene.sign("twice")
    assert scene.contract.state is ContractState.SIGNING


def test_a_contract_that_is_given_up_frees_the_money_and_ends_the_order(scene: Scene) -> None:
    scene.draft()
    service.abandon(scene.call("enterprise"), scene.contract_id, "产品线停产")
    assert scene.balances() == [(100_000_000, 0, 0, 0)] * 2
    assert db.session.get_one(Order, scene.order.id, populate_existing=True).state is OrderState.TERMINATED
    with pytest.raises(Conflict):
        scene.sign("institution")


def test_a_signed_contract_is_neither_edited_nor_given_up(scene: Scene) -> None:
    scene.in_force()
    with pytest.raises(Conflict):
        ask(scene, "lead")
    with pytest.raises(Conflict):
        service.abandon(scene.call("enterprise"), scene.contract_id, "反悔")


@pytest.mark.parametrize(("signed", "waits"), [((), {Side.ENTERPRISE, Side.TEAM}), (("enterprise",), {Side.TEAM})])
def test_the_site_says_whose_turn_it_is(scene: Scene, signed: tuple[str, ...], waits: set[Side]) -> None:
    scene.draft()
    for who in signed:
        scene.sign(who)
    contract = scene.contract
    turn = turn_of(contract, queries.signatures_of(contract, present_hash(contract)))
    assert (turn.move, turn.sides) == (Move.SIGN, waits)
