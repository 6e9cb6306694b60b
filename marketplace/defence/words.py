"""What this room's choices, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.defence.workflow import CaseState, CostRule, ThreatKind, ThreatState
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
        "defence.products": _l("The number of products lies between 0 and %(most)s."),
        "defence.amount": _l("The amount lies between 0 and ten trillion yuan."),
        "defence.choose": _l("Choose one of your organisations."),
    }
)
