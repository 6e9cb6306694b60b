"""What this room's kinds, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.conflicts.workflow import EndKind, LinkKind, OverrideState, RelationKind, RelationState, Subject
from marketplace.web import words

_DECLARED = {
    "same_institution": _l("Work at the same institution"),
    "employment": _l("Earlier employment"),
    "family": _l("Family"),
    "co_authors": _l("Co-authors or joint inventors"),
    "shares": _l("Shares or other financial interest"),
    "other": _l("Another close relation"),
}
words.labels(RelationKind, {kind: _DECLARED[kind.value] for kind in RelationKind})
words.labels(
    LinkKind,
    {
        **{LinkKind(kind): name for kind, name in _DECLARED.items()},
        LinkKind.SAME_PERSON: _l("The same natural person on both sides"),
        LinkKind.SAME_ORGANISATION: _l("The same organisation on both sides"),
        LinkKind.AFFILIATION: _l("Works or worked for the organisation"),
        LinkKind.COLLEAGUES: _l("Work for the same third organisation"),
        LinkKind.SHARED_WORKPLACE: _l("Name the same place of work on their own pages"),
        LinkKind.JOINT_INVENTORS: _l("Inventors of the same registered patent"),
    },
)
words.labels(EndKind, {EndKind.PERSON: _l("a person"), EndKind.ORGANISATION: _l("an organisation")})
words.labels(
    Subject,
    {
        Subject.ORDER: _l("Order"),
        Subject.EVALUATION: _l("Evaluation"),
        Subject.COMPLAINT: _l("Complaint"),
    },
)
words.labels(
    RelationState,
    {
        RelationState.DECLARED: _l("Declared"),
        RelationState.CONFIRMED: _l("Confirmed by the centre"),
        RelationState.REFUSED: _l("Found not to hold"),
        RelationState.WITHDRAWN: _l("Declaration withdrawn"),
    },
)
words.tones(RelationState, {RelationState.DECLARED: "waiting", RelationState.CONFIRMED: "good"})
words.labels(
    OverrideState,
    {
        OverrideState.PROPOSED: _l("Waits for a second person"),
        OverrideState.APPROVED: _l("Approved by two people"),
        OverrideState.REFUSED: _l("Override refused"),
    },
)
words.tones(
    OverrideState,
    {OverrideState.PROPOSED: "waiting", OverrideState.APPROVED: "good", OverrideState.REFUSED: "bad"},
)
words.events(
    "relation",
    {
        "confirm": _l("Confirm the relation"),
        "refuse": _l("Find that it does not hold"),
        "withdraw": _l("Withdraw the declaration"),
    },
)
words.events("override", {"approve": _l("Approve the override"), "refuse": _l("Refuse the override")})
words.refusals(
    {
        "conflicts.own_only": _l("You can declare your own relations, and those of an organisation you own here."),
        "conflicts.owners_only": _l("Only an owner of the organisation's account may declare its relations."),
        "conflicts.declarer_only": _l("Only whoever declared it may withdraw it."),
        "conflicts.officers_only": _l("Only an officer of the centre may do this."),
        "conflicts.about_you": _l("This is about you. Another officer must decide."),
        "conflicts.with_itself": _l("Both sides are the same. Name the other side."),
        "conflicts.wrong_ends": _l("A relation of this kind cannot hold between these two sides."),
        "conflicts.name_needed": _l("Please name the other side."),
        "conflicts.evidence_needed": _l("Please write what shows the relation, so that somebody else can check it."),
        "conflicts.dates": _l("The end is before the beginning."),
        "conflicts.nobody": _l("No such person or organisation is known here. Check the address, code or full name."),
        "conflicts.over": _l("This declaration no longer counts; nothing needs to be identified."),
        "conflicts.known": _l("The other side is known already."),
        "conflicts.no_candidate": _l("Please choose one of the persons or organisations of this name."),
        "conflicts.override_exists": _l("An override of this link is proposed or approved already."),
        "conflicts.reason_needed": _l("Please write the reason."),
    }
)
