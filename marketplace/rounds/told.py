"""Changes, differences between answers and findings of studies, as sentences with names. Staff read these; parties do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from marketplace.bids.models import Bid
from marketplace.matching.solution import Limit
from marketplace.rounds import queries, sentences
from marketplace.rounds.answers import answer_of, bids_by_key
from marketplace.rounds.models import Run
from marketplace.rounds.names import Names, group_name
from marketplace.rounds.whatif.figures import Delta, Figures, Move, difference
from marketplace.rounds.workflow import Aim, ChangeKind, Part, RunKind
from marketplace.web.filters import in_language, money, number, percent
from marketplace.web.words import label

NAMED_KEYS = 5
"""Of a rule's keys so many are in the name of the run without it."""


def _(text: str, **values: object) -> str:
    """``gettext`` with a type; the name is what the catalogue's tool looks for."""
    return str(gettext(text, **values))


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One order whose match changes, with names; money in fen."""

    order: str
    before: str
    after: str
    public: int
    own: int
    value: int


@dataclass(frozen=True, slots=True)
class DeltaRows:
    """A difference with names, and where it comes from and goes to."""

    before: Figures
    after: Figures
    wins: list[MoveRow]
    losses: list[MoveRow]
    changes: list[MoveRow]
    repaid: list[MoveRow]
    nothing: bool

    @property
    def kinds(self) -> list[tuple[list[MoveRow], str]]:
        """The rows by what happens to an order, with the name of that."""
        return [
            (self.wins, _("Win a match")),
            (self.losses, _("Lose their match")),
            (self.changes, _("Get another team")),
            (self.repaid, _("Are paid differently")),
        ]


def run_title(run: Run) -> str:
    """What a run is called: by its own name, else by what it is and its number; aims and points by what they aim at."""
    first: Mapping[str, Any] = run.changes[0] if run.changes else {}
    if run.kind is RunKind.AIM and "aim" in first:
        return label(Aim(first["aim"]))
    if run.kind is RunKind.FRONTIER and "by" in first:
        return _("%(share)s of the public budgets", share=percent(first["by"]))
    if run.own_label:
        return run.own_label
    if run.kind is RunKind.WITHOUT_RULE and "rule" in first:
        keys = first.get("keys", [])[:NAMED_KEYS]
        return _("Without: %(rule)s", rule=rule({"rule": first["rule"], "keys": keys}, Names.of(keys)))
    if run.kind is RunKind.ROUND:
        return _("Run no. %(number)s", number=run.id)
    return _("%(kind)s no. %(number)s", kind=label(run.kind), number=run.id)


def names_for(changes: Iterable[Mapping[str, Any]], delta: Delta | None = None) -> Names:
    """The names of everything that changes and a difference mention."""
    keys = {key for change in changes for key in (change.get("of", ""), *change.get("keys", ())) if key}
    moves = [] if delta is None else [*delta.wins, *delta.losses, *delta.changes, *delta.repaid]
    keys |= {key for move in moves for key in (move.order, move.before, move.after) if key}
    return Names.of(keys)


def before(run: Run) -> Run | None:
    """The answer that a run is held against: the one it starts from, else the round's last; None without one."""
    found = run.base if run.base is not None else queries.run_before(run)
    return found if found is not None and found.solution else None


def difference_between(before: Run, after: Run) -> DeltaRows:
    return rows_of(difference(answer_of(before), answer_of(after)))


def rows_of(delta: Delta) -> DeltaRows:
    """A difference with the names of its orders and bids."""
    names = names_for((), delta)

    def row(move: Move) -> MoveRow:
        was, now = (names[key] if key else "" for key in (move.before, move.after))
        return MoveRow(names[move.order], was, now, move.public, move.own, move.value)

    return DeltaRows(
        delta.before,
        delta.after,
        [row(move) for move in delta.wins],
        [row(move) for move in delta.losses],
        [row(move) for move in delta.changes],
        [row(move) for move in delta.repaid],
        delta.nothing,
    )


def bid_names(keys: Iterable[str]) -> dict[str, str]:
    """“Team for Order”, by bid key: a team may have bid for several orders."""
    return {key: bid_name(bid) for key, bid in bids_by_key(keys).items()}


def bid_name(bid: Bid) -> str:
    return _("%(team)s for “%(order)s”", team=in_language(bid.team), order=in_language(bid.order, "title"))


def change(told: Mapping[str, Any], names: Names, bids: Mapping[str, str]) -> str:
    """One change of a scenario: what was done, to whom, by how much."""
    kind, key, by = ChangeKind(told["kind"]), told.get("of", ""), told.get("by", 0)
    bid = bids.get(key, names[key] if key else "")
    said: dict[ChangeKind, Callable[[], str]] = {
        ChangeKind.LOCK: lambda: _("the bid of %(bid)s is required", bid=bid),
        ChangeKind.CHOOSE: lambda: _("chosen by hand among equally good answers: %(bid)s", bid=bid),
        ChangeKind.FORBID: lambda: _("the bid of %(bid)s is kept out", bid=bid),
        ChangeKind.FREE: lambda: _("the bid of %(bid)s takes part as any other", bid=bid),
        ChangeKind.MUST: lambda: _("“%(order)s” must be matched", order=names[key]),
        ChangeKind.DROP_ORDER: lambda: _("without the order “%(order)s”", order=names[key]),
        ChangeKind.ADD_ORDER: lambda: _("with the order “%(order)s” as well", order=names[key]),
        ChangeKind.BUDGET: lambda: _more_or_less(by, _("in %(fund)s", fund=names[key])),
        ChangeKind.OWN_FUNDS: lambda: _more_or_less(by, _("of own money for “%(order)s”", order=names[key])),
        ChangeKind.CAPACITY: lambda: days(by, names, told),
        ChangeKind.PRICE: lambda: _("%(bid)s asks %(amount)s less", bid=bid, amount=money(-by)),
        ChangeKind.FLOOR: lambda: _("at least %(by)s matches for %(group)s", by=by, group=group_name(key)),
        ChangeKind.PUBLIC_SHARE: lambda: (
            _("no limit on the share of public money")
            if by is None
            else _("public money pays at most %(share)s of a price", share=percent(by))
        ),
        ChangeKind.WEIGHTS: lambda: _("weights: %(weights)s", weights=weights(told["weights"])),
        ChangeKind.DROP_RULE: lambda: _(
            "without the rule: %(rule)s", rule=sentences.limit(told["rule"], told["keys"], names)
        ),
        ChangeKind.PUBLIC_PART: lambda: _("%(share)s of the public budgets", share=percent(by)),
        ChangeKind.AIM: lambda: label(Aim(told["aim"])),
        ChangeKind.REPAIR: lambda: sentences.change(told["limit"], told["keys"], by, names),
        ChangeKind.HAND: lambda: ngettext("%(num)d match by hand", "%(num)d matches by hand", len(told["keys"])),
    }
    return str(said[kind]())


def days(by: int, names: Names, told: Mapping[str, Any]) -> str:
    """More or fewer person-days, in the quarters that are named."""
    keys: Sequence[str] = told.get("keys") or [told["of"]]
    if by < 0:
        return _("%(days)s fewer person-days of %(team)s", days=number(-by), team=names.listed(keys))
    if len(keys) > 1:
        return _("%(days)s more person-days in each of: %(team)s", days=number(by), team=names.listed(keys))
    return _("%(days)s more person-days of %(team)s", days=number(by), team=names.listed(keys))


def _more_or_less(by: int, where: str) -> str:
    if by < 0:
        return _("%(amount)s less %(where)s", amount=money(-by), where=where)
    return _("%(amount)s more %(where)s", amount=money(by), where=where)


def weights(told: Mapping[str, int]) -> str:
    return _(", ").join(f"{label(part)} {told.get(part.value, 0)}" for part in Part)


def would_win(told: Mapping[str, Any], names: Names) -> str:
    """A single change that would have been enough, as a condition."""
    kind, by = ChangeKind(told["kind"]), told["by"]
    if kind is ChangeKind.PRICE:
        return _("a price lower by %(amount)s", amount=money(-by))
    if kind is ChangeKind.CAPACITY:
        return days(by, names, told)
    if kind is ChangeKind.BUDGET:
        return _("%(amount)s more in %(fund)s", amount=money(by), fund=names[told["of"]])
    if kind is ChangeKind.OWN_FUNDS:
        return _("%(amount)s more of the enterprise's own money", amount=money(by))
    return _("letting the bid take part")


def rule(told: Mapping[str, Any], names: Names) -> str:
    return sentences.limit(told["rule"], told["keys"], names)


def rule_keys(rules: Iterable[Mapping[str, Any]]) -> set[str]:
    return {key for each in rules for key in Limit(each["rule"], tuple(each["keys"])).of}


def lever(told: Mapping[str, Any], names: Names) -> str:
    """“¥100,000 more in fund F would match 3 more orders and raise the value by 228.”"""
    if told["kind"] == "budget":
        cause = _("%(amount)s more in %(fund)s", amount=money(told["by"]), fund=names[told["of"]])
    else:
        cause = _("%(days)s more person-days a quarter of %(team)s", days=number(told["by"]), team=names[told["of"]])
    count, value = told["matches"], number(round(told["value"]))
    if not told["value"]:
        return _("%(cause)s would change nothing.", cause=cause)
    if count > 0:
        more = ngettext("would match %(num)d more order", "would match %(num)d more orders", count)
        return _("%(cause)s %(more)s and raise the value by %(value)s.", cause=cause, more=more, value=value)
    return _("%(cause)s would match no more orders, but raise the value by %(value)s.", cause=cause, value=value)
