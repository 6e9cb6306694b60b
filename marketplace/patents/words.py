"""What this room's choices, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.patents.workflow import (
    Delivery,
    Duty,
    EventKind,
    LegalState,
    PatentKind,
    Route,
    RuleCode,
    SharePart,
    Trigger,
)
from marketplace.web import words

words.labels(
    PatentKind,
    {
        PatentKind.INVENTION: _l("Invention"),
        PatentKind.UTILITY: _l("Utility model"),
        PatentKind.DESIGN: _l("Design"),
    },
)
words.labels(Route, {Route.DIRECT: _l("Filed directly"), Route.PCT: _l("International (PCT)")})
words.labels(SharePart, {SharePart.OWNER: _l("Patent owner"), SharePart.INVENTOR: _l("Inventor")})
words.labels(
    LegalState,
    {
        LegalState.FILED: _l("Filed, not published"),
        LegalState.PUBLISHED: _l("Published, pending"),
        LegalState.GRANTED: _l("Granted, in force"),
        LegalState.REFUSED: _l("Refused by the office"),
        LegalState.WITHDRAWN: _l("Withdrawn"),
        LegalState.LAPSED: _l("Lapsed"),
        LegalState.EXPIRED: _l("Term over"),
        LegalState.INVALIDATED: _l("Declared invalid"),
    },
)
words.tones(
    LegalState,
    {
        LegalState.FILED: "waiting",
        LegalState.PUBLISHED: "waiting",
        LegalState.GRANTED: "good",
        LegalState.REFUSED: "bad",
        LegalState.LAPSED: "bad",
        LegalState.INVALIDATED: "bad",
    },
)
words.events(
    "patent",
    {
        "publish": _l("Note the publication"),
        "grant": _l("Note the grant"),
        "refuse": _l("Note the refusal"),
        "withdraw": _l("Note the withdrawal"),
        "lapse": _l("Note the lapse"),
        "restore": _l("Note the restoration"),
        "expire": _l("Note the end of the term"),
        "invalidate": _l("Note the invalidation"),
    },
)
words.labels(
    EventKind,
    {
        EventKind.FILE: _l("Filed"),
        EventKind.PUBLISH: _l("Application published"),
        EventKind.GRANT: _l("Granted"),
        EventKind.REFUSE: _l("Refused"),
        EventKind.WITHDRAW: _l("Withdrawn"),
        EventKind.LAPSE: _l("Lapsed"),
        EventKind.RESTORE: _l("Restored"),
        EventKind.EXPIRE: _l("Term over"),
        EventKind.INVALIDATE: _l("Declared invalid"),
        EventKind.OFFICE_ACTION: _l("First office action"),
        EventKind.FURTHER_ACTION: _l("Further office action"),
        EventKind.CORRECTION: _l("Notice to correct formalities"),
        EventKind.GRANT_NOTICE: _l("Notice of grant received"),
        EventKind.TRANSFER: _l("Transferred"),
    },
)
words.labels(
    RuleCode,
    {
        RuleCode.PRIORITY: _l("File abroad with priority"),
        RuleCode.PUBLICATION: _l("Publication by the office"),
        RuleCode.EXAMINATION: _l("Request substantive examination"),
        RuleCode.NATIONAL_PHASE: _l("Enter the national phases"),
        RuleCode.RESPONSE: _l("Answer the office action"),
        RuleCode.REEXAMINATION: _l("Request re-examination"),
        RuleCode.REGISTRATION: _l("Register the grant"),
        RuleCode.REWARD: _l("Reward the inventors"),
        RuleCode.ANNUITY: _l("Pay the annual fee"),
        RuleCode.RESTORATION: _l("Ask for restoration of the right"),
        RuleCode.EXPIRY: _l("End of the term"),
    },
)
words.labels(
    Duty,
    {Duty.OWNER: _l("Patent owner"), Duty.EMPLOYER: _l("Employer of the inventors"), Duty.OFFICE: _l("Patent office")},
)
words.labels(
    Delivery,
    {
        Delivery.ELECTRONIC: _l("In the office's electronic system"),
        Delivery.POST: _l("By post"),
        Delivery.HAND: _l("Handed over"),
    },
)
words.labels(
    Trigger,
    {
        Trigger.PRIORITY: _l("Priority date"),
        Trigger.FILED: _l("Filing date"),
        Trigger.OFFICE_ACTION: _l("First office action"),
        Trigger.FURTHER_ACTION: _l("Further office action"),
        Trigger.CORRECTION: _l("Notice to correct formalities"),
        Trigger.GRANT_NOTICE: _l("Notice of grant received"),
        Trigger.GRANTED: _l("Granted"),
        Trigger.REFUSED: _l("Refused"),
        Trigger.LAPSED: _l("Lapsed"),
    },
)
_STATUTES = (
    ("专利法", _l("Patent Law")),
    ("实施细则", _l("Implementing Rules")),
    ("审查指南", _l("Examination Guidelines")),
    ("；", _l("; ")),
    ("五.七.", _l("V-7-")),
)


def statute(citation: str) -> str:
    """Return where a rule comes from in the reader's language."""
    for written, read in _STATUTES:
        citation = citation.replace(written, str(read))
    return citation


words.refusals(
    {
        "patents.owners_only": _l("Only the owner of the organisation's account may write its patents."),
        "patents.taken": _l("%(number)s is already in the register."),
        "patents.kind": _l("The number says %(kind)s. Please choose the same kind."),
        "patents.future": _l("This day has not come yet."),
        "patents.order_of_days": _l("This day may not be before the filing date."),
        "patents.priority": _l("The priority date may not be after the filing date."),
        "patents.shares": _l("The shares together are %(sum)s %%; they must be exactly 100 %%."),
        "patents.share": _l("Each share lies between 0.01 and 100 %."),
        "patents.share_line": _l("Line %(line)s: write a name and its share, such as “Li Ming 60%%”."),
        "patents.orcid": _l("Line %(line)s: the ORCID is wrong. Please look for a slip."),
        "patents.shares_day": _l("Shares can only change after the last change, on %(day)s."),
        "patents.no_due": _l("The calendar does not ask for this, or it is done already."),
        "patents.reward_low": _l("The reward must be at least ¥%(least)s, unless a contract says otherwise."),
        "patents.reason": _l("Please write the reason or the number of the paper."),
        "patents.no_feed": _l("There is no such subscription."),
        "patents.not_alive": _l("Only a pending application or a right in force can be handed on."),
        "patents.own_buyer": _l("The buyer is the owner already."),
        "patents.no_share": _l(
            "The shares say that your organisation owns nothing of it. Please correct the shares first."
        ),
        "patents.take_back_first": _l(
            "A sale is entered already. Enter its former keeper as the buyer to take it back; then enter the sale that is right."
        ),
        "patents.owner_leaves": _l(
            "Your organisation is not among the owners any more: please use “Hand the patent on”."
        ),
        "patents.sold": _l("The patent was sold to somebody outside; this row is its history."),
        "patents.not_member": _l("Choose one of your organisations."),
        "patents.foreign_kind": _l("International and foreign applications are entered as inventions or designs."),
    }
)
