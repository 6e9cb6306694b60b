"""Forms of a round, its filling, its runs and its decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # the stubs know an older release
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from marketplace.alliances.models import Alliance
from marketplace.funds.models import Fund
from marketplace.rounds.models import Proposal, Round, RoundFund
from marketplace.rounds.names import group_name
from marketplace.rounds.terms import (
    MAX_GAP,
    MAX_SECONDS,
    MAX_WEIGHT,
    MIN_SECONDS,
    BidTreatment,
    FundPick,
    RoundTerms,
    RunTerms,
)
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, Part
from marketplace.web.fields import DecimalField, WholeField
from marketplace.web.filters import in_language
from marketplace.web.forms import Form, MoneyField, number_or_none, visible
from marketplace.web.meanwhile import MarkedForm

MOST_FLOORS = 40


ROOM = [Length(max=200, message=_l("At most %(max)d characters."))]
NEEDED = InputRequired(_l("Please fill this in."))
WEIGHT = [NEEDED, NumberRange(0, MAX_WEIGHT, _l("A whole number from 0 to 100."))]


def clean(text: str | None) -> str:
    """Keep what can be seen."""
    return (visible(text) or "").strip()


class FloorForm(PlainForm):
    """A group of orders of which a least number must be matched."""

    group = SelectField(_l("Group of orders"), choices=[], validate_choice=False)
    matched = WholeField(
        _l("At least this many matches"), [Optional(), NumberRange(0, 100_000, _l("A number from 0 to 100,000."))]
    )


class RoundForm(MarkedForm):
    """A round's frame."""

    title = StringField(_l("Title"), [InputRequired(_l("Give the round a title.")), *ROOM], filters=[clean])
    alliance_id = SelectField(_l("Scope"), coerce=number_or_none, validate_choice=False)
    fit = WholeField(_l("Fit"), WEIGHT)
    targets = WholeField(_l("Targets"), WEIGHT)
    quality = WholeField(_l("Track record"), WEIGHT)
    price = WholeField(_l("Price"), WEIGHT)
    time = WholeField(_l("On time"), WEIGHT)
    stability = WholeField(_l("Stability"), WEIGHT)
    public_share_max = DecimalField(
        _l("Public money pays at most this share of a price (per cent)"),
        [Optional(), NumberRange(0, 100, _l("A share from 0 to 100."))],
        places=None,
    )
    time_limit = WholeField(
        _l("Search for at most this many seconds"),
        [NEEDED, NumberRange(MIN_SECONDS, MAX_SECONDS, _l("A number from 1 to 3600."))],
    )
    floors = FieldList(FormField(FloorForm), _l("Group of orders"), min_entries=1, max_entries=MOST_FLOORS)

    def __init__(
        self, alliances: Sequence[Alliance], *, whole_centre: bool, kept: Round | None = None, **kwargs: Any
    ) -> None:
        """``kept`` is the round that is edited: it stays where it is."""
        super().__init__(**kwargs)
        everybody = [SelectChoice("", _l("The whole centre"))] if whole_centre else []
        choices = [*everybody, *(SelectChoice(str(a.id), in_language(a)) for a in alliances)]
        stays = "" if kept is None or kept.alliance_id is None else str(kept.alliance_id)
        self.alliance_id.choices = choices if kept is None else [c for c in choices if c.value == stays]
        self._groups = ["sme", "first_timer", *(f"alliance:{alliance.code}" for alliance in alliances)]
        self._offer_groups()

    def _offer_groups(self) -> None:
        for floor in self.floors:
            floor.form.group.choices = [SelectChoice(group, group_name(group)) for group in self._groups]

    def change_rows(self, add: bool, remove: str) -> None:
        """Add a row, or remove the one whose field is called ``remove``, for browsers without scripts."""
        if add and len(self.floors) < MOST_FLOORS:
            self.floors.append_entry()
        self.floors.entries = [entry for entry in self.floors.entries if entry.name != remove]
        self._offer_groups()

    @classmethod
    def values_of(cls, row: Round | None) -> dict[str, Any]:
        """What an empty form (None) or the form of a round starts with."""
        if row is None:
            return {**{part.value: weight for part, weight in DEFAULT_WEIGHTS.items()}, "time_limit": 60}
        share = row.rules.get("public_share_max")
        return {
            "title": row.title,
            "alliance_id": row.alliance_id,
            **row.weights,
            "public_share_max": None if share is None else Decimal(share) / 100,
            "time_limit": row.rules.get("time_limit", 60),
            "floors": row.rules.get("at_least", []),
        }

    def to_terms(self) -> RoundTerms:
        share = self.public_share_max.data
        return RoundTerms(
            title=self.title.data or "",
            alliance_id=self.alliance_id.data,
            weights={part: self[part.value].data for part in Part},
            public_share_max=None if share is None else int(share * 100),
            at_least={
                floor.form.group.data: floor.form.matched.data or 0 for floor in self.floors if floor.form.matched.data
            },
            time_limit=self.time_limit.data or 0,
        )


class OrdersForm(Form):
    """Tick the orders to take in."""

    orders = SelectMultipleField(_l("Orders"), coerce=number_or_none, validate_choice=False)

    @property
    def chosen(self) -> list[int]:
        return [order for order in self.orders.data or [] if order is not None]


class BidForm(MarkedForm):
    """How a bid takes part."""

    part = RadioField(
        _l("This bid"),
        choices=[
            SelectChoice("", _l("takes part")),
            SelectChoice("locked", _l("is required")),
            SelectChoice("forbidden", _l("is kept out")),
        ],
        default="",
    )
    reason = StringField(_l("Reason (the bidder reads it)"), [Length(max=500)], filters=[clean])

    def to_terms(self, bid_id: int) -> BidTreatment:
        part = self.part.data
        return BidTreatment(bid_id, part == "locked", part == "forbidden", self.reason.data or "")


class FundRowForm(PlainForm):
    """One fund: in or not, and up to what; ``row_title`` is its name, for the summary of what is wrong."""

    row_title = ""

    fund_id = HiddenField()
    take = BooleanField(_l("Draw on this fund"))
    ceiling = MoneyField(_l("At most (yuan)"), [Optional()])


class FundsForm(MarkedForm):
    """The funds a round may draw on."""

    rows = FieldList(FormField(FundRowForm), _l("Funds of the round"))

    @classmethod
    def values_of(cls, funds: Iterable[Fund], picked: Iterable[RoundFund]) -> dict[str, Any]:
        ceilings = {each.fund_id: each.ceiling for each in picked}
        return {
            "rows": [
                {"fund_id": str(fund.id), "take": fund.id in ceilings, "ceiling": ceilings.get(fund.id)}
                for fund in funds
            ]
        }

    def to_terms(self) -> list[FundPick]:
        picks = []
        for row in self.rows:
            fund_id = number_or_none(row.form.fund_id.data)
            if row.form.take.data and fund_id is not None:
                ceiling: int | None = row.form.ceiling.data  # type: ignore[assignment]
                picks.append(FundPick(fund_id, ceiling))
        return picks


class RunForm(Form):
    """Start a run."""

    label = StringField(
        _l("Name of this run"),
        [Optional(), Length(max=120, message=_l("At most %(max)d characters."))],
        filters=[clean],
    )
    time_limit = WholeField(
        _l("Search for at most this many seconds"),
        [NEEDED, NumberRange(MIN_SECONDS, MAX_SECONDS, _l("A number from 1 to 3600."))],
    )
    gap_target = DecimalField(
        _l("Good enough at this distance from the best (per cent)"),
        [Optional(), NumberRange(0, MAX_GAP // 100, _l("A number from 0 to 10."))],
        places=None,
    )

    def to_terms(self) -> RunTerms:
        share = self.gap_target.data or 0
        return RunTerms(self.label.data or "", self.time_limit.data or 0, gap_target=int(share * 100))


class ProposeForm(Form):
    """Choose one funding option."""

    option = RadioField(_l("Funding option"), coerce=number_or_none, validate_choice=False)

    def offer(self, proposal: Proposal) -> None:
        """Set the choices; the optimiser's own option is ticked at first."""
        self.option.choices = [SelectChoice(str(option.id), option.label) for option in proposal.options]
        if self.option.data is None and proposal.options:
            self.option.data = proposal.option_id or proposal.options[0].id


class ApproveForm(Form):
    """The fingerprint of the content the approver saw."""

    seen = HiddenField()
