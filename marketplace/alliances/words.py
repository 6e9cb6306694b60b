"""What this room's choices, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.alliances.workflow import MembershipState, Visibility
from marketplace.web import words

words.labels(
    Visibility,
    {
        Visibility.ALLIANCE: _l("Members of the alliance"),
        Visibility.CENTRE: _l("Members of any alliance"),
        Visibility.PUBLIC: _l("Everybody"),
    },
)
words.labels(
    MembershipState,
    {
        MembershipState.REQUESTED: _l("Asked to join"),
        MembershipState.ACTIVE: _l("Member"),
        MembershipState.REFUSED: _l("Refused"),
        MembershipState.ENDED: _l("Membership ended"),
    },
)
words.tones(
    MembershipState,
    {
        MembershipState.REQUESTED: "waiting",
        MembershipState.ACTIVE: "good",
        MembershipState.REFUSED: "bad",
    },
)
words.events(
    "membership",
    {
        "request": _l("Ask to join"),
        "admit": _l("Admit"),
        "refuse": _l("Refuse"),
        "end": _l("End the membership"),
    },
)
words.refusals(
    {
        "alliances.owners_only": _l("Only an owner of the organisation's account may ask to join."),
        "alliances.secretary_only": _l("Only the alliance's secretary or an officer of the centre may do this."),
        "alliances.not_verified": _l("The centre has not verified the organisation yet. It can join once it has."),
        "alliances.own": _l("You act for this organisation yourself. Somebody else must decide."),
        "alliances.reason_needed": _l("Please write the reason."),
    }
)
