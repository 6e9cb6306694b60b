"""What this room's roles, states, buttons and refusals are called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.kernel.call import Role
from marketplace.web import words

words.labels(
    Role,
    {
        Role.ENTERPRISE_MEMBER: _l("Enterprise staff"),
        Role.ENTERPRISE_OWNER: _l("Enterprise owner"),
        Role.UNIVERSITY_MEMBER: _l("University staff"),
        Role.UNIVERSITY_OWNER: _l("University owner"),
        Role.TEAM_LEAD: _l("Team lead"),
        Role.ALLIANCE_SECRETARY: _l("Alliance secretary"),
        Role.CENTRE_OFFICER: _l("Centre officer"),
        Role.FUND_MANAGER: _l("Fund manager"),
        Role.AUDITOR: _l("Auditor"),
        Role.ADMINISTRATOR: _l("Administrator"),
    },
)
words.labels(
    AccountState,
    {
        AccountState.UNCONFIRMED: _l("E-mail not confirmed"),
        AccountState.ACTIVE: _l("Account active"),
        AccountState.SUSPENDED: _l("Account suspended"),
    },
)
words.tones(
    AccountState,
    {AccountState.UNCONFIRMED: "waiting", AccountState.ACTIVE: "good", AccountState.SUSPENDED: "bad"},
)
words.labels(
    GrantState,
    {
        GrantState.PROPOSED: _l("Waiting for a second administrator"),
        GrantState.ACTIVE: _l("Role in force"),
        GrantState.REJECTED: _l("Role refused"),
        GrantState.ENDED: _l("Role ended"),
    },
)
words.tones(
    GrantState,
    {GrantState.PROPOSED: "waiting", GrantState.ACTIVE: "good", GrantState.REJECTED: "bad"},
)
words.events(
    "account",
    {
        "confirm": _l("Confirm the e-mail address"),
        "suspend": _l("Suspend the account"),
        "restore": _l("Restore the account"),
    },
)
words.events(
    "grant",
    {"approve": _l("Approve the role"), "reject": _l("Refuse the role"), "end": _l("End the role")},
)
words.refusals(
    {
        "accounts.wrong_sign_in": _l("The e-mail address or the password is wrong."),
        "accounts.unconfirmed": _l(
            "Please confirm your e-mail address first, by the link in our mail. Is it lost? “Forgot your password?” sends "
            "another."
        ),
        "accounts.suspended": _l("This account is suspended. Please ask the centre."),
        "accounts.email_taken": _l("There is an account with this e-mail address already. Sign in instead."),
        "accounts.identity_name": _l("The name is not the one we know for this identity document."),
        "accounts.password_length": _l("A password has %(least)s to %(most)s characters."),
        "accounts.password_common": _l("Many people use this password, so it is guessed first. Choose another one."),
        "accounts.prove_again": _l("Type your password again: your sign-in is older than five minutes."),
        "accounts.wrong_password": _l("This is not your present password."),
        "accounts.link": _l("This link is not valid any more. Please ask for a new one."),
        "accounts.administrators_only": _l("Only administrators may do this."),
        "accounts.not_yourself": _l("Nobody decides about their own account or role. Ask another administrator."),
        "accounts.staff_roles_only": _l("Only roles of staff are given here. Organisations invite their own people."),
        "accounts.alliance_needed": _l("A secretary serves one alliance: choose it. Other roles take none."),
        "accounts.role_held": _l("This account has the role already, or it is proposed."),
        "accounts.no_such_account": _l("There is no active account with this e-mail address."),
        "accounts.founded": _l(
            "There are two administrators already. They give roles on the page of people and roles."
        ),
        "accounts.last_administrator": _l("Two administrators must remain. Appoint another one first."),
    }
)

_BROWSERS: Mapping[str, object] = {
    "MicroMessenger": _l("WeChat"),
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""The first that a browser calls itself: all of them also claim to be some that stand further down."""
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def device(agent: str) -> str:
    """Return what a browser calls itself as its owner would: "Chrome · Windows"; what names neither is shown as it is."""
    found = [next((str(said) for sign, said in names.items() if sign in agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or agent
