"""What the states, events, flags and refusals of evaluations are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.evaluation.flags import Finding, Flag
from marketplace.evaluation.terms import STANDARD
from marketplace.evaluation.workflow import EvaluationState, ExclusionState, MemberState
from marketplace.web import words
from marketplace.web.filters import percent

words.labels(
    EvaluationState,
    {
        EvaluationState.SETUP: _l("Committee being formed"),
        EvaluationState.SCORING: _l("Scoring"),
        EvaluationState.LOCKED: _l("Scores locked"),
    },
)
words.tones(EvaluationState, {EvaluationState.SCORING: "waiting", EvaluationState.LOCKED: "good"})
words.events("evaluation", {"begin": _l("Begin the scoring"), "lock": _l("Lock the scores")})
words.labels(
    MemberState,
    {
        MemberState.INVITED: _l("Invited"),
        MemberState.READY: _l("Accepted"),
        MemberState.DONE: _l("Scores handed in"),
        MemberState.REPLACED: _l("Replaced"),
    },
)
words.tones(
    MemberState,
    {MemberState.INVITED: "waiting", MemberState.READY: "info", MemberState.DONE: "good", MemberState.REPLACED: "bad"},
)
words.events(
    "evaluator",
    {"accept": _l("Accept the seat"), "submit": _l("Hand in the scores"), "replace": _l("Replace the member")},
)
words.labels(
    ExclusionState,
    {
        ExclusionState.PROPOSED: _l("Exclusion proposed"),
        ExclusionState.CONFIRMED: _l("Excluded"),
        ExclusionState.REJECTED: _l("Stays in"),
    },
)
words.tones(
    ExclusionState,
    {ExclusionState.PROPOSED: "waiting", ExclusionState.CONFIRMED: "bad", ExclusionState.REJECTED: "good"},
)
words.events("exclusion", {"propose": _l("Propose to exclude the bid")})
words.labels(
    Flag,
    {
        Flag.R003: _l("Short time for bids"),
        Flag.R018: _l("A single bid"),
        Flag.R024: _l("Prices close together"),
        Flag.R028: _l("Identical prices"),
        Flag.R030: _l("A late bid won"),
        Flag.R035: _l("All but the winner excluded"),
        Flag.R036: _l("The lowest bid excluded"),
    },
)

_SENTENCES: Mapping[Flag, object] = {
    Flag.R003: _l("Bids could come in for %(days)s days; fewer than 15 keep many away."),
    Flag.R018: _l("Only one bid was opened, so nothing could be compared."),
    Flag.R024: _l("The two lowest prices are %(apart)s apart."),
    Flag.R028: _l("Several bids name the same price to the fen."),
    Flag.R030: _l("The winning bid came at or after the deadline."),
    Flag.R035: _l("Every bid but the winner's was excluded."),
    Flag.R036: _l("The bid with the lowest price was excluded."),
}


def flag_sentence(finding: Finding) -> str:
    """Return what a flag says about these bids."""
    values = dict(finding.values or {})
    if "apart" in values:
        values["apart"] = percent(int(str(values["apart"])))
    text = str(_SENTENCES[finding.flag])
    return text % values if values else text


def rank_sentence(rank: int, count: int) -> str:
    """Return “Rank 2 of 5”."""
    return str(_("Rank %(rank)s of %(count)s", rank=rank, count=count))


_ABOUT: Mapping[str, object] = dict(
    zip(
        (criterion.about for criterion in STANDARD),
        (
            _l("whether the route is convincing, and risks and alternatives are named"),
            _l("whether people, equipment and earlier results support what is promised"),
            _l("whether the schedule is credible and what is handed over can be checked"),
            _l("how rights, use of the results and training of students are arranged"),
        ),
        strict=True,
    )
)


def about_text(about: str) -> str:
    """Return what a criterion is about: the centre's standard ones in the reader's language, people's as written."""
    return str(_ABOUT.get(about, about))


words.refusals(
    {
        "evaluation.fixed": _l("Bids can come in, so the criteria stay as they are: bidders rely on them."),
        "evaluation.criteria_incomplete": _l("Give each criterion a name and a weight; at most %(most)s criteria."),
        "evaluation.weights": _l("The weights must add up to 100."),
        "evaluation.own_order": _l("You act for the enterprise of this order, so others must lead its evaluation."),
        "evaluation.begun": _l("Scoring has begun; the committee stays as it is."),
        "evaluation.unknown_account": _l("No active account has this address."),
        "evaluation.seated": _l("This person is on the committee, or was replaced."),
        "evaluation.conflict": _l(
            "An interest stands in the way: %(count)s links to the enterprise or a bidder. The page of the evaluation names them."
        ),
        "evaluation.oversees": _l(
            "Whoever leads, confirms or audits evaluations judges no bid: officers of the centre, secretaries of the order's "
            "alliance and auditors cannot sit on the committee. Invite somebody else."
        ),
        "evaluation.reason_needed": _l("Please write the reason; it goes on record."),
        "evaluation.locked": _l("The scores are locked."),
        "evaluation.not_open": _l("A committee is formed after the opening and before the decision."),
        "evaluation.too_small": _l("The committee needs at least %(least)s members; it has %(present)s."),
        "evaluation.even": _l("The committee needs an odd number of members; it has %(present)s."),
        "evaluation.few_experts": _l("The committee needs at least %(wanted)s experts; it has %(present)s."),
        "evaluation.not_accepted": _l("Every member must accept the seat first."),
        "evaluation.no_bids": _l("There is no bid to score."),
        "evaluation.not_scoring": _l("There is nothing to score now."),
        "evaluation.handed_in": _l("Your scores are handed in and stay as they are."),
        "evaluation.own_first": _l("You see the others' scores once your own are handed in."),
        "evaluation.unknown_criterion": _l("The criteria were changed. Reload the page."),
        "evaluation.points": _l("Points go from 0 to %(most)s."),
        "evaluation.incomplete": _l("Bids that are not scored for every criterion yet: %(count)s."),
        "evaluation.no_vote": _l("There is nothing to vote on now."),
        "evaluation.voted": _l("Your vote is handed in and stays as it is."),
        "evaluation.voted_all": _l("Every member has voted, so nobody joins before the shortlist is made."),
        "evaluation.voted_stays": _l("This member has voted; a vote that was given stays until the shortlist is made."),
        "evaluation.vote_incomplete": _l("The concepts were changed. Reload the page and vote on each of them."),
        "evaluation.vote_reason": _l("Please write a reason for every concept; it goes on record."),
        "evaluation.not_all": _l("Every member must hand in complete scores first."),
    }
)
