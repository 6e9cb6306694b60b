"""What each owner and each inventor got, booking by booking, as a workbook to hand on. Licensees are not named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from marketplace.funds import exports
from marketplace.funds.exports import Cell
from marketplace.kernel.money import yuan
from marketplace.licences.models import RoyaltyEntry
from marketplace.licences.queries import Earned
from marketplace.licences.workflow import Account
from marketplace.patents.models import Patent
from marketplace.web.filters import CITY, in_language
from marketplace.web.words import label


@dataclass(frozen=True, slots=True)
class Holder:
    """The owner (``name`` empty) or one inventor, and the fen of all patents together."""

    account: Account
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class _Title:
    name: str


def holders(earned: Sequence[Earned]) -> list[Holder]:
    """Return everybody who got something, those with the most first."""
    sums: dict[tuple[Account, str], int] = defaultdict(int)
    for row in earned:
        sums[row.account, row.name] += row.amount
    return [Holder(*key, amount) for key, amount in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))]


def workbook(bookings: Sequence[tuple[RoyaltyEntry, Patent]], title: str) -> bytes:
    """Return an XLSX file: one line for each booking, oldest first, and the sum in yuan."""
    head = [_("Time"), _("Patent number"), _("Title"), _("For whom"), _("Name"), _("Amount (yuan)")]
    lines: list[list[Cell]] = [
        [
            entry.transaction.at.astimezone(CITY),
            patent.full_number,
            in_language(patent, "title"),
            str(label(entry.account)),
            entry.name,
            yuan(entry.amount),
        ]
        for entry, patent in bookings
    ]
    total = sum((yuan(entry.amount) for entry, _patent in bookings), Decimal(0))
    return exports.as_xlsx(_Title(title), head, [*lines, [None, "", "", "", _("Together"), total]])
