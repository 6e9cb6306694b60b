"""The sheet a bank reads before it lends on a patent: the right, what burdens it, and estimates with every assumption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from marketplace.licences import queries
from marketplace.licences.models import Licence
from marketplace.patents import holders, schedule
from marketplace.patents import queries as patents
from marketplace.patents.deadlines.engine import Due
from marketplace.patents.models import Patent, PatentShare, PatentStep
from marketplace.patents.workflow import SharePart
from marketplace.pools.valuation import Assumptions, Estimate, Signals, remaining_months
from marketplace.web.filters import day, in_language, money, percent
from marketplace.web.words import label

TEMPLATE = Path(__file__).parent / "pledge.typ"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who holds a right on a day, what burdens it, and what was and must be paid to keep it."""

    owners: list[PatentShare]
    dues: list[Due]
    paid: list[PatentStep]
    exclusive: Sequence[Licence]
    running: int


def standing_of(patent: Patent, today: date) -> Standing:
    """Return how the right stands on ``today``."""
    steps = list(patents.steps_of(patent.id))
    done = {(step.rule, step.number) for step in steps}
    return Standing(
        owners=patents.shares_on(patent, SharePart.OWNER, today),
        dues=schedule.to_do(patent, patents.events_of(patent.id), done, today)[:3],
        paid=[step for step in steps if step.paid][-3:],
        exclusive=queries.running_on([patent.id], queries.EXCLUSIVE),
        running=len(queries.running_on([patent.id])),
    )


def way(estimate: Estimate) -> tuple[str, str]:
    """Return the name of a way to value, and in one sentence how it reckons."""
    said = {
        "cost": (
            _("By cost"),
            _(
                "What it costs to invent and file it anew, with the annuities paid so far, for the part of the term left."
            ),
        ),
        "market": (
            _("By market"),
            _(
                "The usual price of such a right, 3 % more for each claim up to 20, 15 % for each right of the family up to "
                "6, 4 % for each citation up to 15, 20 % for each licence up to 5, for the part of the term left; half of "
                "it while it is not granted."
            ),
        ),
        "income": (_("By income"), _("The royalty on the sales of each year left, discounted to today.")),
    }
    return said[estimate.way]


def assumed(assumptions: Assumptions) -> list[list[str]]:
    """Return every assumption with its value, as the sheet and the page show them."""
    return [
        [_("To invent and file it anew"), money(assumptions.cost)],
        [_("Usual price of such a right"), money(assumptions.base)],
        [_("Sales a year under it"), money(assumptions.sales)],
        [_("Royalty on the sales"), percent(assumptions.royalty)],
        [_("Discount a year"), percent(assumptions.discount)],
        [_("Range around the middle"), "± " + percent(assumptions.spread)],
    ]


def burdens(standing: Standing) -> list[str]:
    """Return what a pledgee must know about the right, one sentence each."""
    exclusive = "、".join(row.reference for row in standing.exclusive)
    return [
        _("An exclusive or sole licence runs: %(which)s.", which=exclusive)
        if exclusive
        else _("No exclusive or sole licence runs."),
        ngettext("%(num)d licence runs in all.", "%(num)d licences run in all.", standing.running),
        _("Co-owned: a pledge needs the consent of all owners.") if len(standing.owners) > 1 else _("One owner."),
        *(_("Due %(day)s: %(what)s", day=day(due.due_on), what=_what(due)) for due in standing.dues),
        *(
            _(
                "Paid on %(day)s: %(what)s, %(amount)s",
                day=day(row.done_on),
                what=label(row.rule),
                amount=money(row.paid),
            )
            for row in standing.paid
        ),
    ]


def printed(
    patent: Patent,
    signals: Signals,
    assumptions: Assumptions,
    estimates: Sequence[Estimate],
    standing: Standing,
    today: date,
) -> dict[str, Any]:
    """Return the values of ``pledge.typ``, in the reader's language; amounts as they are written, bars in parts of 1000."""
    top = max(1, *(one.high for one in estimates))
    return {
        "lang": "zh" if str(get_locale()).startswith("zh") else "en",
        "name": _("IP pledge sheet"),
        "number": patent.full_number,
        "title": patent.title,
        "made": _("As of %(day)s", day=day(today)),
        "right": [_("The right"), _rows(patent, signals, standing, today)],
        "burdens": [_("Encumbrances and upkeep"), burdens(standing)],
        "estimates": [_("Estimates"), [_line(one, top) for one in estimates]],
        "middle": _("middle"),
        "assumptions": [_("Assumptions"), assumed(assumptions)],
        "notes": [
            _("An estimate of the owner from the register of this site, not an appraisal."),
            _(
                "A pledge of a patent is registered at the patent office and takes effect then (Civil Code, art. 444); "
                "co-owners must agree (Patent Law, art. 14)."
            ),
        ],
        "signing": [_("Pledgor (seal)"), _("Pledgee (seal)"), _("Appraiser (seal)"), _("Date")],
    }


def _rows(patent: Patent, signals: Signals, standing: Standing, today: date) -> list[list[str]]:
    shares = "；".join(f"{holders.holder(row)} {percent(row.share)}" for row in standing.owners)
    months = remaining_months(signals, today)
    return [
        [_("Patent number"), patent.full_number],
        [_("Title"), in_language(patent, "title")],
        [_("Kind and legal state"), f"{label(patent.kind)} · {label(patent.state)}"],
        [_("IPC"), patent.ipc or "—"],
        [_("Pledgor"), f"{patent.owner.name} · {patent.owner.uscc}"],
        [_("Patent owners"), shares or "—"],
        [_("Filed"), day(patent.filed_on)],
        [_("Granted on"), day(patent.granted_on) if patent.granted_on else "—"],
        [_("End of term"), day(patent.expires_on)],
        [_("Left of the term"), ngettext("%(num)d month", "%(num)d months", months)],
        [
            _("Claims, family, citations"),
            f"{signals.claims} · {signals.family} · {'—' if signals.citations is None else signals.citations}",
        ],
        [_("Licences so far"), str(signals.licences)],
        [_("Royalties so far"), money(signals.royalties)],
    ]


def _line(one: Estimate, top: int) -> dict[str, Any]:
    name, how = way(one)
    return {
        "way": name,
        "how": how,
        "low": money(one.low),
        "middle": money(one.middle),
        "high": money(one.high),
        "bar": [one.low * 1000 // top, one.middle * 1000 // top, one.high * 1000 // top],
    }


def _what(due: Due) -> str:
    number = f" ({_('year %(number)s', number=due.number)})" if due.number else ""
    return f"{label(due.rule)}{number}" + (f", {money(due.fee)}" if due.fee else "")
