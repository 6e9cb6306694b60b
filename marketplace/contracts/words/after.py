"""What changes, students, results and their refusals are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.contracts.workflow import ChangeKind, ChangeState, ResultKind, TrainingLevel, TrainingState
from marketplace.web import words

X, R = ChangeKind, ResultKind

words.labels(
    ChangeKind,
    {
        X.EXTENSION: _l("More time"),
        X.FORCE_MAJEURE: _l("Force majeure"),
        X.THIRD_PARTY: _l("Third parties or approvals"),
        X.TECHNICAL: _l("Another technical route"),
        X.QUALITY: _l("Better deliverables"),
        X.SCOPE_CUT: _l("Less work for less money"),
        X.PRICE_CUT: _l("Lower price"),
        X.END_AGREED: _l("End by agreement"),
        X.END_BREACH: _l("End for breach"),
        X.END_PUBLISHED: _l("End because others published the technology"),
        X.END_FAILED: _l("End because the development failed"),
    },
)
words.labels(
    ChangeState,
    {
        ChangeState.PROPOSED: _l("Waits for the other side"),
        ChangeState.ACCEPTED: _l("Change agreed"),
        ChangeState.REJECTED: _l("Rejected"),
        ChangeState.WITHDRAWN: _l("Change taken back"),
    },
)
words.tones(ChangeState, {ChangeState.PROPOSED: "waiting", ChangeState.ACCEPTED: "good", ChangeState.REJECTED: "bad"})
words.events("change", {"accept": _l("Agree to the change"), "reject": _l("Reject"), "withdraw": _l("Take it back")})
words.labels(
    TrainingState,
    {
        TrainingState.ACTIVE: _l("In training"),
        TrainingState.FINISHED: _l("Training completed"),
        TrainingState.LEFT: _l("Left before the end"),
    },
)
words.tones(TrainingState, {TrainingState.ACTIVE: "info", TrainingState.FINISHED: "good"})
words.labels(
    TrainingLevel,
    {
        TrainingLevel.BACHELOR: _l("Bachelor"),
        TrainingLevel.MASTER: _l("Master"),
        TrainingLevel.DOCTOR: _l("Doctoral"),
        TrainingLevel.POSTDOC: _l("Postdoctoral"),
    },
)
words.labels(
    ResultKind,
    {
        R.PATENT: _l("Patent application"),
        R.KNOW_HOW: _l("Know-how"),
        R.PAPER: _l("Paper"),
        R.SOFTWARE: _l("Software"),
        R.STANDARD: _l("Standard"),
        R.PRODUCT: _l("New product"),
    },
)
words.refusals(
    {
        "contracts.change_open": _l("Another change still waits for its answer."),
        "contracts.own_change": _l("Your own side asked for this. The other side must answer."),
        "contracts.not_own_change": _l("The other side asked for this; only that side can take it back."),
        "contracts.change_stale": _l("The milestones have changed meanwhile. Ask anew from the present ones."),
        "contracts.no_change": _l("Nothing differs from the present milestones."),
        "contracts.change_amount": _l(
            "The amount of “%(title)s” may only fall, and must stay above what was accepted of it."
        ),
        "contracts.change_kind": _l("This kind of change does not allow that. Choose the kind that fits."),
        "contracts.earned": _l("The amount lies between 0 and the price."),
        "contracts.money_under_way": _l("Money is on its way. Wait for the bank's answer, then end the contract."),
        "contracts.centre_decides": _l("The sides did not agree, so two officers of the centre decide on this."),
        "contracts.nothing_to_settle": _l("This is no end that the centre settles, or it is decided already."),
        "contracts.notice_runs": _l("The notice of %(days)s days to the other side still runs."),
        "contracts.training_days": _l("The end is before the beginning."),
        "contracts.not_over": _l("Ratings are given when the contract has ended."),
        "contracts.score": _l("Scores go from 1 to 5."),
        "contracts.rated_already": _l("Your side has rated already."),
    }
)
