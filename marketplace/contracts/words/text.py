"""What the states, clauses, flaws and refusals of a contract's text are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.contracts.turns import Move
from marketplace.contracts.workflow import ClauseKind, ClauseState, ClauseStep, ContractState, Flaw, Severity, Side
from marketplace.web import words

C, K, F = ContractState, ClauseKind, Flaw

words.labels(Side, {Side.ENTERPRISE: _l("Enterprise (party A)"), Side.TEAM: _l("Institution (party B)")})
words.labels(
    ContractState,
    {
        C.NEGOTIATING: _l("In negotiation"),
        C.SIGNING: _l("Signed by one party"),
        C.IN_FORCE: _l("In force"),
        C.COMPLETED: _l("Fulfilled"),
        C.TERMINATED: _l("Contract ended early"),
        C.ABANDONED: _l("Not concluded"),
    },
)
words.tones(
    ContractState,
    {C.NEGOTIATING: "waiting", C.SIGNING: "waiting", C.IN_FORCE: "info", C.COMPLETED: "good", C.TERMINATED: "bad"},
)
words.labels(ClauseState, {ClauseState.STANDING: _l("Stands"), ClauseState.OPEN: _l("Under negotiation")})
words.tones(ClauseState, {ClauseState.OPEN: "waiting"})
words.labels(
    ClauseStep,
    {
        ClauseStep.DRAFTED: _l("Standard text"),
        ClauseStep.PROPOSED: _l("Another text was asked for"),
        ClauseStep.COUNTERED: _l("Countered"),
        ClauseStep.ACCEPTED: _l("Accepted"),
        ClauseStep.WITHDRAWN: _l("Taken back"),
    },
)
words.labels(
    ClauseKind,
    {
        K.DEFINITIONS: _l("Definitions"),
        K.GOAL: _l("Project, content, scope and requirements"),
        K.ROUTE: _l("Technical route"),
        K.TARGETS: _l("Technical targets and test methods"),
        K.PLAN: _l("Schedule, place and manner of performance"),
        K.PRICE: _l("Price and payment"),
        K.CONTRIBUTIONS: _l("Contributions and division of work"),
        K.OBJECT: _l("Subject technology and warranty of title"),
        K.ACCEPTANCE: _l("Acceptance"),
        K.OWNERSHIP: _l("Ownership of results and licence-back"),
        K.INCOME: _l("Sharing of income and inventors' reward"),
        K.IMPROVEMENTS: _l("Improvements"),
        K.CONFIDENTIALITY: _l("Confidentiality"),
        K.NO_SUBCONTRACT: _l("No subcontracting without consent"),
        K.RISK: _l("Risk of failure"),
        K.BREACH: _l("Breach"),
        K.TERMINATION: _l("Change and termination"),
        K.DISPUTES: _l("Disputes"),
        K.CONTACTS: _l("Contacts and notices"),
        K.COPIES: _l("Entry into force and copies"),
    },
)
words.labels(Severity, {Severity.VOID: _l("Void"), Severity.MISSING: _l("Missing"), Severity.ADVICE: _l("Advice")})
words.tones(Severity, {Severity.VOID: "bad", Severity.MISSING: "bad", Severity.ADVICE: "info"})
words.labels(
    Flaw,
    {
        F.GRANT_BACK: _l("forbids improvements, or takes them without equal terms (one-way grant-back)"),
        F.RIVAL_SOURCES: _l("forbids to obtain similar or rival technology from others"),
        F.MARKET_LIMITS: _l("limits output, price, sales channels or export markets unreasonably"),
        F.TIE_IN: _l("ties in goods, services or people that the technology does not need"),
        F.INPUT_SOURCES: _l("limits where raw materials, parts or equipment may be bought"),
        F.NO_CHALLENGE: _l("forbids to challenge the validity of the intellectual property"),
        F.INVENTORS_FLOOR: _l("gives the inventors less than the law's floor (50 % of net income, 5 % of profit)"),
        F.NO_NAME: _l("the project's name is missing"),
        F.NO_CONTENT: _l("content, scope and requirements are missing"),
        F.NO_PLAN: _l("plan, place and manner of performance are missing"),
        F.NO_SECRECY: _l("confidentiality of information and documents is missing"),
        F.NO_OWNERSHIP: _l("who owns the results is missing"),
        F.NO_ACCEPTANCE: _l("standard and method of acceptance are missing"),
        F.NO_DEFINITIONS: _l("the definitions of terms are missing"),
        F.NO_PRICE: _l("price and manner of payment are missing"),
        F.NO_PATENT_DATA: _l("name, holder, number and term of the patents concerned are missing"),
        F.PLACEHOLDER: _l("a place is not filled in yet"),
        F.NO_METHOD: _l("a target has no test method yet; agree on one with the first milestone"),
    },
)
words.labels(
    Move,
    {
        Move.ANSWER: _l("must answer the other side's text"),
        Move.REPAIR: _l("must repair the clauses that the check stops"),
        Move.SIGN: _l("must sign"),
        Move.NOTHING: _l("nobody"),
    },
)
words.events("contract", {"abandon": _l("Give the contract up")})
words.events("clause", {"accept": _l("Accept this text"), "withdraw": _l("Take my text back")})
words.refusals(
    {
        "contracts.parties_only": _l("Only the two parties of the contract can do this."),
        "contracts.both_sides": _l("You act for both parties. Somebody who acts for one of them only must do this."),
        "contracts.signatories_only": _l(
            "Only an owner of the organisation signs for it; a research group needs its institution's authorisation."
        ),
        "contracts.not_contracting": _l("The order is not ready for a contract: both parties confirm the award first."),
        "contracts.drafted_already": _l("There is a contract for this order already."),
        "contracts.no_bid": _l("The award has no opened bid, so there is nothing to fill the contract from."),
        "contracts.fixed_clause": _l("This clause follows from the approved award and cannot be negotiated."),
        "contracts.same_text": _l("This is the text that stands already. Change it, or leave it."),
        "contracts.empty_text": _l("Write the text that you ask for."),
        "contracts.long_text": _l("A clause has at most %(most)s characters."),
        "contracts.own_proposal": _l("This is your own side's text. The other side must answer."),
        "contracts.not_own_proposal": _l("The other side asked for this text; only that side can take it back."),
        "contracts.plan_length": _l("A plan has 1 to %(most)s milestones."),
        "contracts.plan_shares": _l("The shares of the milestones must be above 0 and sum to 100 per cent."),
        "contracts.plan_days": _l("The milestones must follow each other between %(from)s and %(to)s."),
        "contracts.technology_value": _l("The technology value lies between 0 and the price."),
        "contracts.training_places": _l("Between 0 and 100 students."),
        "contracts.reason_needed": _l("Please write the reason."),
        "contracts.open_clauses": _l("Some clauses are still under negotiation."),
        "contracts.flawed": _l("The check of the clauses found something that must be repaired before anybody signs."),
        "contracts.document_changed": _l("The contract was changed since you opened it. Read it again, then sign."),
        "contracts.signed_already": _l("Your side has signed this document already."),
        "contracts.name_differs": _l("Type your own name as your account has it."),
    }
)
