"""A fund's rules as sentences, so that readers need no key to the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from marketplace.funds.models import Fund
from marketplace.kernel.fields import Field
from marketplace.organisations.facts import industry_of
from marketplace.organisations.workflow import Size
from marketplace.web.filters import day, in_language, money, number, percent
from marketplace.web.words import label


def sentences(fund: Fund) -> list[str]:
    """Return every rule of ``fund``: for whom, for what, how much, when."""
    return [*_for_whom(fund), *_how_much(fund), *_as_a_loan(fund), *_when(fund)]


def _for_whom(fund: Fund) -> Iterator[str]:
    if fund.alliance is None:
        yield _("It pays for orders of every alliance of the centre.")
    else:
        yield _("It pays only for orders of %(alliance)s.", alliance=in_language(fund.alliance))
    if fund.fields:
        yield _("Only for these fields: %(fields)s.", fields=_listed(label(Field(field)) for field in fund.fields))
    if fund.sizes:
        yield _("Only for enterprises of these sizes: %(sizes)s.", sizes=_listed(label(Size(s)) for s in fund.sizes))
    if fund.regions:
        yield _("Only for enterprises in these divisions: %(regions)s.", regions=_listed(fund.regions))
    if fund.industries:
        yield _("Only for these industries: %(industries)s.", industries=_listed(map(_industry, fund.industries)))
    if fund.years:
        yield _("Only for orders published in %(years)s.", years=_listed(map(str, fund.years)))


def _how_much(fund: Fund) -> Iterator[str]:
    if fund.share_max is not None:
        yield _("At most %(share)s of the price.", share=percent(fund.share_max))
    if fund.match_max is not None:
        yield _(
            "At most %(own)s for every ¥100 that the enterprise pays itself.", own=money(fund.match_max)
        )  # 1 basis point of ¥100 is 1 fen
    if fund.amount_min:
        yield _("Nothing, or at least %(amount)s for one order.", amount=money(fund.amount_min))
    if fund.amount_max is not None:
        yield _("At most %(amount)s for one order.", amount=money(fund.amount_max))
    if fund.enterprise_max is not None:
        yield _("At most %(amount)s for all orders of one enterprise.", amount=money(fund.enterprise_max))
    if fund.yearly_max is not None:
        yield _("At most %(amount)s for one enterprise in a calendar year.", amount=money(fund.yearly_max))
    if fund.public_share_max is not None:
        yield _("All public money in a match is at most %(share)s of the price.", share=percent(fund.public_share_max))
    if fund.public:
        yield _("It is public money and counts towards the ceiling on public funding of a match.")
    if fund.cost:
        yield _("The matching counts %(cost)s points of cost for every ¥10,000.", cost=number(fund.cost))


def _as_a_loan(fund: Fund) -> Iterator[str]:
    if fund.rate is not None and fund.term_months is not None:
        yield _(
            "A loan at %(rate)s a year, to be paid back within %(months)s months.",
            rate=percent(fund.rate),
            months=number(fund.term_months),
        )
    if fund.guarantee is not None:
        yield _("What stands for it: %(guarantee)s.", guarantee=label(fund.guarantee))
    if fund.instrument is not None:
        yield _("What it gives: %(instrument)s.", instrument=label(fund.instrument))
    if fund.loss_split:
        names = (_("the fund"), _("the bank"), _("the insurer"), _("the appraiser"))
        parts = [f"{name} {part}\N{NO-BREAK SPACE}%" for name, part in zip(names, fund.loss_split, strict=False)]
        yield _("If it is not paid back, the loss is borne by: %(parts)s.", parts=_listed(parts))
    if fund.decision_days is not None:
        yield _("A decision takes about %(days)s days.", days=number(fund.decision_days))


def _when(fund: Fund) -> Iterator[str]:
    if fund.valid_from is not None:
        yield _("It pays from %(day)s.", day=day(fund.valid_from))
    if fund.valid_to is not None:
        yield _("It pays until %(day)s.", day=day(fund.valid_to))


def _industry(code: str) -> str:
    entry = industry_of(code)
    return code if entry is None else f"{code} {in_language(entry)}"


def _listed(items: Iterable[str]) -> str:
    return str(_(", ")).join(items)
