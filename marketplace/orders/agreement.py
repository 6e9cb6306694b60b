"""The confidentiality agreement: its text, clause by clause, and the fingerprint that a signature is bound to."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from marketplace.approvals.service import content_hash
from marketplace.orders.models import Nda, Order
from marketplace.talent.models import Team
from marketplace.web.filters import in_language

EDITION = 1
"""Counts up whenever the meaning of a clause changes: a page that was open before then cannot be signed any more."""

ACCESS = timedelta(days=365)
SECRECY_YEARS = 3


def clauses(nda: Nda) -> list[str]:
    """Return the clauses in the reader's language."""
    parties = {
        "enterprise": in_language(nda.order.organisation),
        "institution": in_language(nda.organisation),
        "team": in_language(nda.team),
        "reference": nda.order.reference,
        "days": ACCESS.days,
        "years": SECRECY_YEARS,
    }
    return [
        text % parties
        for text in (
            _("%(enterprise)s opens the confidential part of order %(reference)s to the team “%(team)s” of %(institution)s."),
            _("It is used only to judge whether and how the team can answer this order, and for the answer itself."),
            _("Only people of this team and those of the institution who must help read it; each is bound like the institution."),
            _("What was public, was known before, or comes lawfully from others is not confidential."),
            _("Access lasts %(days)s days from the signature. The enterprise may end it earlier with a reason."),
            _("When access ends, copies are destroyed. The duty of secrecy lasts %(years)s years from the signature."),
            _("The agreement grants no right in the technology and no duty to place or to accept an order."),
            _("Whoever discloses or misuses it pays for the damage."),
        )
    ]  # fmt: skip


def fingerprint(order: Order, team: Team) -> str:
    """Return the hash of what a signature stands for: the edition of the text, the parties and the terms."""
    parties = [order.organisation.name, team.organisation.name, team.name]
    return content_hash([EDITION, order.id, order.reference, *parties, ACCESS.days, SECRECY_YEARS])
