"""What this room's choices, states, buttons and refusals are called."""

from flask_babel import lazy_gettext as _l

from marketplace.organisations.workflow import InvitationState, OrganisationKind, OrganisationState, Size
from marketplace.web import words

words.labels(
    OrganisationKind,
    {
        OrganisationKind.ENTERPRISE: _l("Enterprise"),
        OrganisationKind.UNIVERSITY: _l("University"),
        OrganisationKind.INSTITUTE: _l("Research institute"),
    },
)
words.labels(
    Size,
    {
        Size.MICRO: _l("Micro enterprise"),
        Size.SMALL: _l("Small enterprise"),
        Size.MEDIUM: _l("Medium enterprise"),
        Size.LARGE: _l("Large enterprise"),
    },
)
words.labels(
    OrganisationState,
    {
        OrganisationState.REGISTERED: _l("Waiting for verification"),
        OrganisationState.VERIFIED: _l("Verified"),
        OrganisationState.REJECTED: _l("Sent back"),
        OrganisationState.SUSPENDED: _l("Suspended"),
    },
)
words.tones(
    OrganisationState,
    {
        OrganisationState.REGISTERED: "waiting",
        OrganisationState.VERIFIED: "good",
        OrganisationState.REJECTED: "bad",
        OrganisationState.SUSPENDED: "bad",
    },
)
words.labels(
    InvitationState,
    {
        InvitationState.OPEN: _l("Open"),
        InvitationState.ACCEPTED: _l("Accepted"),
        InvitationState.WITHDRAWN: _l("Withdrawn"),
    },
)
words.tones(InvitationState, {InvitationState.OPEN: "waiting", InvitationState.ACCEPTED: "good"})
words.events(
    "organisation",
    {
        "verify": _l("Verify the organisation"),
        "reject": _l("Send the registration back"),
        "correct": _l("Correct the registration"),
        "suspend": _l("Suspend the organisation"),
        "restore": _l("Restore the organisation"),
    },
)
words.events("invitation", {"accept": _l("Accept the invitation"), "withdraw": _l("Withdraw the invitation")})
words.refusals(
    {
        "uscc.length": _l("A unified social credit code has 18 characters."),
        "uscc.form": _l("A unified social credit code has digits and capital letters, but never I, O, S, V or Z."),
        "uscc.check_digit": _l("The last character does not fit the others. Please look for a slip."),
        "identity.form": _l("Give an 18-character resident identity number or a passport number such as E12345678."),
        "identity.check_digit": _l("This identity number contradicts itself. Please look for a slip."),
        "organisations.known": _l(
            "An organisation with this code is registered already. Ask its owner to invite you, or ask the centre."
        ),
        "organisations.size_needed": _l("Choose the size of the enterprise."),
        "organisations.region": _l("Choose a city from the list."),
        "organisations.industry": _l("Choose an industry from the list."),
        "organisations.staff_only": _l("Only an officer of the centre or a secretary of an alliance may do this."),
        "organisations.officers_only": _l("Only an officer of the centre may do this."),
        "organisations.own": _l("You act for this organisation yourself. Somebody else must decide."),
        "organisations.owners_only": _l("Only an owner of the organisation's account may do this."),
        "organisations.role": _l("This role does not exist in an organisation of this kind."),
        "organisations.member_already": _l("This person acts for the organisation already."),
        "organisations.invited_already": _l("This address has an open invitation. Withdraw it to send another one."),
        "organisations.invitation_over": _l("This invitation has run out. Ask for a new one."),
        "organisations.invitation_other": _l(
            "This invitation is for another e-mail address. Sign in with that account."
        ),
        "organisations.sign_in_first": _l("There is an account with this address. Sign in to accept the invitation."),
        "organisations.last_owner": _l("An organisation keeps at least one owner. Name another one first."),
        "organisations.not_member": _l("This person does not act for the organisation."),
        "organisations.reason_needed": _l("Please write the reason."),
    }
)
