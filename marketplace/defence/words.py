"""What this room's choices, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.defence.workflow import (
    CaseState,
    ContestState,
    CostRule,
    CovenantKind,
    CovenantState,
    ThreatKind,
    ThreatState,
)
from marketplace.web import words

words.labels(
    ThreatKind,
    {
        ThreatKind.LETTER: _l("Warning letter"),
        ThreatKind.SUIT: _l("Lawsuit"),
        ThreatKind.CUSTOMS: _l("Seizure at customs"),
        ThreatKind.OTHER: _l("Another threat"),
    },
)
words.labels(
    ThreatState,
    {
        ThreatState.REPORTED: _l("Reported"),
        ThreatState.IN_CASE: _l("Taken up in a case"),
        ThreatState.CLOSED: _l("Laid aside"),
    },
)
words.tones(ThreatState, {ThreatState.REPORTED: "waiting", ThreatState.IN_CASE: "info"})
words.labels(
    CaseState,
    {
        CaseState.GATHERING: _l("Gathers members"),
        CaseState.DEFENDING: _l("Defence under way"),
        CaseState.CLOSED: _l("Closed case"),
    },
)
words.tones(CaseState, {CaseState.GATHERING: "waiting", CaseState.DEFENDING: "info", CaseState.CLOSED: "good"})
words.labels(
    CostRule,
    {
        CostRule.EQUAL: _l("Equal shares"),
        CostRule.EXPOSURE: _l("By exposed products"),
        CostRule.REVENUE: _l("By revenue of exposed products"),
    },
)
words.labels(
    ContestState,
    {
        ContestState.PROPOSED: _l("Bounty to be released"),
        ContestState.OPEN: _l("Open contest"),
        ContestState.AWARDING: _l("Award to be confirmed"),
        ContestState.AWARDED: _l("Awarded, to be paid"),
        ContestState.PAID: _l("Bounty paid"),
        ContestState.ENDED: _l("Ended without an award"),
    },
)
words.tones(
    ContestState,
    {
        ContestState.PROPOSED: "waiting",
        ContestState.OPEN: "info",
        ContestState.AWARDING: "waiting",
        ContestState.AWARDED: "waiting",
        ContestState.PAID: "good",
    },
)
words.labels(
    CovenantKind,
    {
        CovenantKind.ON_TRANSFER: _l("Licence on transfer"),
        CovenantKind.NON_ASSERTION: _l("Non-assertion in a field"),
    },
)
words.labels(
    CovenantState,
    {
        CovenantState.PROPOSED: _l("Proposed covenant"),
        CovenantState.IN_FORCE: _l("Covenant in force"),
        CovenantState.REJECTED: _l("Rejected covenant"),
        CovenantState.ENDED: _l("Ended covenant"),
    },
)
words.tones(CovenantState, {CovenantState.PROPOSED: "waiting", CovenantState.IN_FORCE: "good"})
words.events(
    "contest",
    {
        "open": _l("Release the bounty"),
        "propose_award": _l("Propose the award"),
        "think_again": _l("Have it judged anew"),
        "award": _l("Confirm the award"),
        "pay": _l("Note the payment"),
        "end": _l("End the contest"),
    },
)
words.events(
    "covenant",
    {"enact": _l("Put it in force"), "reject": _l("Reject the covenant"), "end": _l("End the covenant")},
)
words.events("threat", {"take_up": _l("Make it a joint case"), "close": _l("Lay it aside")})
words.events("defence_case", {"begin": _l("Begin the defence"), "close": _l("Close the case")})
words.refusals(
    {
        "defence.owners_only": _l("Only the owner of the organisation's account may do this."),
        "defence.staff_only": _l("Only the alliance's secretary and the centre's officers may do this."),
        "defence.not_member": _l("Your organisation is not a member of this alliance."),
        "defence.watch_empty": _l("Give words, the beginning of an IPC symbol, or an applicant."),
        "defence.not_gathering": _l("The case no longer takes members."),
        "defence.joined": _l("Your organisation has joined already."),
        "defence.nobody": _l("Nobody has joined yet."),
        "defence.products": _l("One member states at most %(most)s products."),
        "defence.no_products": _l("State the products of yours that are exposed first: the cost is shared by them."),
        "defence.patents": _l("Choose among the asserted patents of this case."),
        "defence.not_pooled": _l("This patent is not in the alliance's own pool."),
        "defence.counter_known": _l("This patent is on the list already."),
        "defence.funds_only": _l("Only officers and fund managers release bounties."),
        "defence.judges_do_not_enter": _l("Those who judge entries or pay for them cannot enter."),
        "defence.elements": _l("Divide the claim into 1 to %(most)s elements, one on each line."),
        "defence.closes": _l("The contest closes in the future."),
        "defence.fund": _l("Choose an open fund of the alliance."),
        "defence.contest_closed": _l("The contest takes no more entries."),
        "defence.contest_runs": _l("Entries are judged once the contest has closed."),
        "defence.too_young": _l("A document counts when it was published before %(day)s."),
        "defence.chart_empty": _l("Quote the passage for at least one element."),
        "defence.choose_art": _l("Choose the entries that hold."),
        "defence.covenant_field": _l("A promise not to assert names its field."),
        "defence.covenant_not_in_force": _l("The covenant is not in force."),
        "defence.sprung": _l("The covenant has taken effect for this transfer already."),
        "defence.undisclosed": _l(
            "The application is still secret. The covenant can take effect once its publication is in the register."
        ),
        "defence.bound": _l("Your organisation is bound already."),
        "defence.not_bound": _l("Your organisation is not bound."),
        "defence.amount": _l("The amount lies between 0 and ten trillion yuan."),
        "defence.choose": _l("Choose one of your organisations."),
    }
)
