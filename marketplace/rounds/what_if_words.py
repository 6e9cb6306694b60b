"""What scenarios, their changes and the questions about a run are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.rounds.whatif.refusals import Place
from marketplace.rounds.workflow import Aim, ChangeKind, RunKind, StudyKind, StudyState
from marketplace.web import words

words.labels(
    RunKind,
    {
        RunKind.ROUND: _l("Run of the round"),
        RunKind.SCENARIO: _l("Scenario"),
        RunKind.HAND: _l("Matched by hand"),
        RunKind.AIM: _l("Aim"),
        RunKind.FRONTIER: _l("Point of the frontier"),
        RunKind.WITHOUT_RULE: _l("Without one rule"),
    },
)
words.labels(
    Aim,
    {
        Aim.HIGHEST_VALUE: _l("Highest value"),
        Aim.LEAST_PUBLIC: _l("Least public money for as many matches"),
        Aim.WIDEST: _l("Most orders matched"),
        Aim.MOST_STABLE: _l("As few changes as possible"),
    },
)
words.labels(
    ChangeKind,
    {
        ChangeKind.LOCK: _l("a bid is required"),
        ChangeKind.FORBID: _l("a bid is kept out"),
        ChangeKind.FREE: _l("a bid takes part as any other"),
        ChangeKind.CHOOSE: _l("a choice among equals"),
        ChangeKind.MUST: _l("an order must be matched"),
        ChangeKind.DROP_ORDER: _l("an order is left out"),
        ChangeKind.ADD_ORDER: _l("an order is added"),
        ChangeKind.BUDGET: _l("more or less money in a fund"),
        ChangeKind.CAPACITY: _l("more or fewer days of a team"),
        ChangeKind.OWN_FUNDS: _l("more or less own money for an order"),
        ChangeKind.PRICE: _l("another price"),
        ChangeKind.FLOOR: _l("at least so many matches of a group"),
        ChangeKind.PUBLIC_SHARE: _l("another limit on public money"),
        ChangeKind.WEIGHTS: _l("other weights"),
        ChangeKind.DROP_RULE: _l("without a rule"),
        ChangeKind.PUBLIC_PART: _l("a part of the public budgets"),
        ChangeKind.AIM: _l("another aim"),
        ChangeKind.HAND: _l("a matching by hand"),
        ChangeKind.REPAIR: _l("a repair"),
    },
)
words.labels(
    StudyKind,
    {
        StudyKind.WHY: _l("Why"),
        StudyKind.TIES: _l("What all best answers have in common"),
        StudyKind.RULES: _l("What each rule costs"),
        StudyKind.LEVERS: _l("What a little more would do"),
        StudyKind.REPLAY: _l("Solved again"),
    },
)
words.labels(
    StudyState,
    {
        StudyState.WAITING: _l("Waiting for a worker"),
        StudyState.RUNNING: _l("Being worked out"),
        StudyState.DONE: _l("Answered"),
        StudyState.FAILED: _l("No answer"),
    },
)
words.tones(
    StudyState,
    {
        StudyState.WAITING: "waiting",
        StudyState.RUNNING: "waiting",
        StudyState.DONE: "good",
        StudyState.FAILED: "bad",
    },
)
words.events("study", {"repeat": _l("Work it out again")})
words.refusals(
    {
        "rounds.no_base": _l("This run has no answer yet. Ask what if when it is over."),
        "rounds.no_changes": _l("Change something first."),
        "rounds.too_many_changes": _l("Make at most %(most)s changes at once."),
        "rounds.bid_not_in_run": _l("A chosen bid is not part of this run any more. Choose another one."),
        "rounds.not_in_run": _l("What a change is about is not part of this run any more. Choose something else."),
        "rounds.not_addable": _l(
            "The order %(order)s cannot be added: its bids are not open, or it takes part already."
        ),
        "rounds.not_to_keep": _l(
            "Only the answer of a scenario or of a matching by hand can be kept, once, while the round is open."
        ),
        "rounds.gap_target": _l("Give a distance from 0 to %(most)s %%."),
        "rounds.nothing_to_ask": _l("There is nothing to work out: the order is not decided, or the bid won."),
    }
)
words.labels(
    Place,
    {
        Place.BUDGET: _l("the money of a fund"),
        Place.COST: _l("the cost of a fund"),
        Place.AMOUNT_MIN: _l("the smallest amount of a fund"),
        Place.AMOUNT_MAX: _l("the largest amount of a fund"),
        Place.SHARE_MAX: _l("the largest share of a fund"),
        Place.MATCH_MAX: _l("a fund's ratio to own money"),
        Place.ENTERPRISE_MAX: _l("a fund's limit for one enterprise"),
        Place.OWN_FUNDS: _l("the own money for an order"),
        Place.CAPACITY: _l("the days of a team"),
        Place.PRICE: _l("the price of a bid"),
        Place.VALUE: _l("the value of a bid"),
        Place.USES: _l("the days a bid needs"),
        Place.MATCHED: _l("the matches of a group"),
        Place.PUBLIC_SHARE_MAX: _l("the limit on public money"),
    },
)
words.refusals(
    {
        "rounds.engine_above": _l("This does not fit the run: %(place)s would be larger than a run can hold."),
        "rounds.engine_below": _l("This does not fit the run: %(place)s would be less than a run can hold."),
        "rounds.engine_free": _l("This does not fit the run: the bid %(key)s would cost nothing."),
        "rounds.engine_there": _l("This does not fit the run: the order %(key)s takes part already."),
        "rounds.engine_gone": _l("This does not fit the run: the order %(key)s cannot be added any more."),
        "rounds.engine_twice": _l("This does not fit the run: %(key)s is named twice."),
        "rounds.engine_unknown": _l("This does not fit the run: %(key)s is not part of it."),
        "rounds.engine_else": _l("This does not fit the run: what it was solved from does not hold together."),
    }
)
