"""What the states, grounds, remedies, buttons and refusals of this room are called."""

from flask_babel import lazy_gettext as _l

from marketplace.approvals.workflow import LevelState
from marketplace.awards.workflow import (
    AwardState,
    ComplaintState,
    Finding,
    FindingState,
    Ground,
    Instance,
    NoAward,
    Party,
    Remedy,
    ReversalKind,
    ReversalState,
    Standing,
)
from marketplace.web import words

A, C = AwardState, ComplaintState
words.labels(
    AwardState,
    {
        A.STANDSTILL: _l("Public notice"),
        A.CONTRACTING: _l("Contract being drawn up"),
        A.UNDONE: _l("Award taken back"),
        A.DECLINED: _l("Declined by a party"),
        A.LAPSED: _l("Not confirmed in time"),
    },
)
words.tones(
    AwardState, {A.STANDSTILL: "waiting", A.CONTRACTING: "good", A.UNDONE: "bad", A.DECLINED: "bad", A.LAPSED: "bad"}
)
words.labels(
    NoAward,
    {
        NoAward.NONE_QUALIFIED: _l("No bid qualifies"),
        NoAward.NO_FUNDING: _l("No bid can be funded"),
        NoAward.OTHER: _l("Another reason"),
    },
)
words.labels(Party, {Party.ENTERPRISE: _l("Enterprise"), Party.TEAM: _l("Team")})
words.labels(
    ReversalKind,
    {ReversalKind.UNDO: _l("Take one award back"), ReversalKind.RECALL: _l("Recall a run's release")},
)
words.labels(
    ReversalState,
    {
        ReversalState.PROPOSED: _l("Waits for a second person"),
        ReversalState.DONE: _l("Award taken back"),
        ReversalState.REFUSED: _l("Not taken back"),
    },
)
words.tones(
    ReversalState,
    {ReversalState.PROPOSED: "waiting", ReversalState.DONE: "bad", ReversalState.REFUSED: "neutral"},
)
words.labels(
    Ground,
    {
        Ground.SCORING: _l("Scores or ranking"),
        Ground.QUALIFICATION: _l("Qualification of the winner"),
        Ground.INTEREST: _l("Conflict of interest"),
        Ground.PROCEDURE: _l("Procedure or deadlines"),
        Ground.COLLUSION: _l("Signs of collusion"),
        Ground.OTHER: _l("Something else"),
    },
)
words.labels(Standing, {Standing.BIDDER: _l("A bidder"), Standing.MEMBER: _l("A member of an alliance")})
words.labels(
    ComplaintState,
    {
        C.FILED: _l("Filed"),
        C.ACCEPTED: _l("Being examined"),
        C.INADMISSIBLE: _l("Inadmissible"),
        C.ANSWERED: _l("Answer waits for a second person"),
        C.UPHELD: _l("Upheld"),
        C.DISMISSED: _l("Dismissed"),
        C.APPEALED: _l("Under appeal"),
        C.REVIEWED: _l("Appeal waits for a second person"),
        C.DECIDED: _l("Appeal decided"),
        C.WITHDRAWN: _l("Ended without a decision"),
    },
)
words.tones(
    ComplaintState,
    {
        C.FILED: "waiting",
        C.ACCEPTED: "waiting",
        C.ANSWERED: "waiting",
        C.APPEALED: "waiting",
        C.REVIEWED: "waiting",
        C.UPHELD: "good",
        C.INADMISSIBLE: "neutral",
        C.DISMISSED: "neutral",
        C.DECIDED: "info",
    },
)
words.labels(Instance, {Instance.FIRST: _l("The centre's answer"), Instance.APPEAL: _l("The panel's decision")})
words.labels(
    Finding, {Finding.UPHELD: _l("The objection is right"), Finding.DISMISSED: _l("The objection is not right")}
)
words.labels(
    Remedy,
    {
        Remedy.REEVALUATE: _l("Take the award back and evaluate the order again"),
        Remedy.EXCLUDE_WINNER: _l("Take the award back and exclude the winner's bid"),
        Remedy.STANDS: _l("Correct the mistake; it does not change the result"),
    },
)
words.labels(
    FindingState,
    {
        FindingState.PROPOSED: _l("Waits for a second person"),
        FindingState.APPROVED: _l("Approved by two people"),
        FindingState.RETURNED: _l("Returned"),
        FindingState.DROPPED: _l("Fell away"),
    },
)
words.labels(
    LevelState,
    {
        LevelState.PROPOSED: _l("Waits for a second person"),
        LevelState.ACTIVE: _l("Level in force"),
        LevelState.ENDING: _l("End waits for a second person"),
        LevelState.ENDED: _l("Level ended"),
    },
)
words.tones(LevelState, {LevelState.PROPOSED: "waiting", LevelState.ACTIVE: "good", LevelState.ENDING: "waiting"})
words.events("award", {"start_contract": _l("Start the contract")})
words.events(
    "complaint",
    {
        "accept": _l("Accept for examination"),
        "reject": _l("Find inadmissible"),
        "withdraw": _l("Withdraw the objection"),
        "appeal": _l("Appeal"),
    },
)
words.refusals(
    {
        "awards.staff_only": _l("The centre's officers do this, and secretaries for their own alliance."),
        "awards.not_evaluating": _l("Only an order whose opened bids are being evaluated can end this way."),
        "awards.own_order": _l("You act for the ordering enterprise. Somebody else must decide."),
        "awards.officers_only": _l("Only an officer of the centre may do this."),
        "awards.owner_confirms": _l("An owner of the organisation's account, or the team's lead, gives its word."),
        "awards.own_interest": _l(
            "You act for a party or for whoever objected, through this or another account. Somebody else must decide."
        ),
        "awards.decider_conflict": _l(
            "You are close to a party or to whoever objected. Somebody without an interest must decide."
        ),
        "awards.panel_only": _l("Appeals are decided by officers and fund managers of the centre."),
        "awards.took_part": _l(
            "You had a part in the award or in the first decision. Somebody else must decide the appeal."
        ),
        "awards.sign_in_to_object": _l("Sign in to object."),
        "awards.party_cannot_object": _l(
            "You are a party of this award. Parties decline it instead, or ask the centre."
        ),
        "awards.members_object": _l("Bidders of this order and members of an alliance may object."),
        "awards.not_yours": _l("Only whoever objected may do this."),
        "awards.not_approved": _l("This match is not approved (any more)."),
        "awards.nothing_to_announce": _l("Every approved match of this run is public already."),
        "awards.confirm_over": _l("The time for confirming has passed."),
        "awards.confirmed_already": _l("This side has confirmed already."),
        "awards.not_due": _l("The award does not lapse yet."),
        "awards.standstill": _l("The standstill is not over yet. Until then bidders and members may object."),
        "awards.frozen": _l("An objection is open, or may still be appealed. The contract waits for its end."),
        "awards.unconfirmed": _l("Both parties must confirm the award first."),
        "awards.too_late": _l(
            "Objections were possible until %(when)s and within the standstill only. That time is over."
        ),
        "awards.text_short": _l("Please write at least %(least)s characters."),
        "awards.one_open": _l("Your organisation has an open objection to this award already."),
        "awards.appeal_late": _l("An appeal was possible until %(when)s. That time is over."),
        "awards.appeal_over": _l("The standstill of this award is over, so nothing can be appealed any more."),
        "awards.reason_needed": _l("Please write the reason."),
        "awards.answer_needed": _l("Please write the answer."),
        "awards.summary_needed": _l("Please write what everybody else may read."),
        "awards.remedy_needed": _l(
            "An objection that is right needs what follows from it; any other has nothing that follows."
        ),
        "awards.nothing_waits": _l("Nothing waits for a second person here."),
        "awards.recall_excludes_nobody": _l("A recall takes back all awards of the run and excludes nobody."),
        "awards.level_role": _l("Officers and fund managers approve matches; choose one of them."),
        "awards.reversal_waits": _l("A reversal is proposed already and waits for its second person."),
        "awards.nobody_moves_up": _l("The order is not free for another match now."),
        "awards.no_alternative": _l(
            "No other bid of this run may still win and can be paid. Solve a new run, or end the order."
        ),
    }
)
