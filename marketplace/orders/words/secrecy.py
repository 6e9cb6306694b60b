"""What the states, events and refusals of confidentiality agreements are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from marketplace.orders.models import Nda
from marketplace.orders.workflow import NdaState
from marketplace.web import words

N = NdaState

words.labels(
    NdaState,
    {
        N.REQUESTED: _l("Waits for the signature"),
        N.SIGNED: _l("Signed"),
        N.DECLINED: _l("Declined"),
        N.WITHDRAWN: _l("Taken back"),
        N.EXPIRED: _l("Expired"),
        N.REVOKED: _l("Revoked"),
    },
)
words.tones(
    NdaState,
    {N.REQUESTED: "waiting", N.SIGNED: "good", N.DECLINED: "bad", N.REVOKED: "bad"},
)
words.events(
    "nda",
    {
        "sign": _l("Sign for the institution"),
        "withdraw": _l("Take the request back"),
        "decline": _l("Decline the request"),
        "revoke": _l("End the access"),
    },
)
words.refusals(
    {
        "orders.not_own_team": _l("You do not act for this team."),
        "orders.nda_not_for_you": _l(
            "Teams of universities and institutes ask for it, never the orderer's own people."
        ),
        "orders.institution_not_verified": _l("Your institution has not been verified yet, so it cannot sign."),
        "orders.nda_too_late": _l("The confidential part can be asked for until the deadline for bids."),
        "orders.no_secret": _l("This order has no confidential part."),
        "orders.nda_already": _l("Your team has already asked for it."),
        "orders.signatory_needed": _l("Only the owner of the institution's account signs for it."),
        "orders.nda_changed": _l(
            "The text of the agreement changed since the page was opened. Read it again before signing."
        ),
    }
)

_SAYS: Mapping[NdaState, object] = {
    N.REQUESTED: _l("The owner of the institution's account reads and signs it next."),
    N.SIGNED: _l("The team reads the confidential part."),
    N.DECLINED: _l("The enterprise declined; the team may ask again."),
    N.WITHDRAWN: _l("The team took its request back."),
    N.EXPIRED: _l("Its term is over; the duty of secrecy goes on."),
    N.REVOKED: _l("The enterprise ended the access; the duty of secrecy goes on."),
}


def nda_status(nda: Nda) -> str:
    """Return the sentence that says what the state means and who acts next."""
    return str(_SAYS[nda.state])


def pool_event(event: str) -> str:
    """Return the verb of an event of the framework pool's table."""
    return words.event_label("pool", event)


def nda_event(event: str) -> str:
    """Return the verb of an event of the agreement's table."""
    return words.event_label("nda", event)
