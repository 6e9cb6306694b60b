"""Scores, reasons and contradictions told as sentences. Staff read names and numbers, parties only what concerns them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from flask_babel import gettext, ngettext

from marketplace.rounds.models import FundingOption, Proposal, Unmatched
from marketplace.rounds.names import Names, group_name
from marketplace.rounds.workflow import Part, WhyNot
from marketplace.web.filters import in_language, money, number, percent, share

OWN = "own"


class Lacks(Protocol):
    """Why an order got nothing, from a row or from a stored solution: reason code, who took it, what would be enough."""

    @property
    def reason(self) -> str: ...
    @property
    def by(self) -> list[str]: ...
    @property
    def needs(self) -> Mapping[str, Any]: ...


def _(text: str, **values: object) -> str:
    """``gettext`` with a type; the name is what the catalogue's tool looks for."""
    return str(gettext(text, **values))


def match(proposal: Proposal, option: FundingOption | None) -> str:
    """A match as one sentence: who can do how much of it, for how much, in what time, and who pays."""
    facts = proposal.scores.get("facts", {})
    said = _(
        "%(team)s of %(organisation)s can meet %(met)s of %(wanted)s required targets for %(price)s in %(months)s months",
        team=in_language(proposal.team),
        organisation=in_language(proposal.team.organisation),
        met=facts.get("met", 0),
        wanted=facts.get("wanted", 0),
        price=money(proposal.price),
        months=facts.get("months", 0),
    )
    paid = pays(option, proposal.price) if option else ""
    return _("%(match)s; %(pays)s.", match=said, pays=paid) if paid else _("%(match)s.", match=said)


def pays(option: FundingOption, price: int) -> str:
    """Who pays which share: "the enterprise pays 70 %, the subsidy 30 %"."""
    told = [
        _("%(source)s pays %(share)s", source=source(part.fund), share=share(part.amount, price))
        for part in option.parts
    ]
    return _(", ").join(told)


def source(fund: object | None) -> str:
    return _("the enterprise itself") if fund is None else in_language(fund)


def why_part(part: Part, sheet: Mapping[str, Any]) -> str:
    """What one part of a score rests on."""
    facts, words = sheet.get("facts", {}), sheet.get("words", [])
    late = facts.get("late_days", 0)
    told = {
        Part.FIT: _fit(facts, words),
        Part.TARGETS: _(
            "%(met)s of %(wanted)s required targets are promised in full; partly counts half.",
            met=facts.get("met", 0),
            wanted=facts.get("wanted", 0),
        ),
        Part.QUALITY: _("The committee gave %(points)s of 1000.", points=facts["committee"])
        if "committee" in facts
        else _record(facts),
        Part.PRICE: _(
            "The price is %(share)s below the ceiling; half the ceiling or less earns all points.",
            share=percent(facts.get("saved", 0)),
        ),
        Part.TIME: (
            ngettext(
                "It ends %(num)d day after the wanted delivery; half a year late earns nothing.",
                "It ends %(num)d days after the wanted delivery; half a year late earns nothing.",
                late,
            )
            if late
            else _("It ends on time.")
        ),
        Part.STABILITY: (
            _("The round's last answer proposed the same match.")
            if sheet.get("parts", {}).get(Part.STABILITY.value)
            else _("The round's last answer did not propose this match.")
        ),
    }
    return told[part]


def _fit(facts: Mapping[str, Any], words: Sequence[str]) -> str:
    told = (
        _("The order's text and the bid's plan and evidence share: %(words)s.", words=_(", ").join(words))
        if words
        else _("The texts have hardly a telling word in common.")
    )
    if not facts.get("milestones"):
        return told
    kept = _(
        "%(on_time)s of %(accepted)s milestones of earlier contracts came on time; what enterprises said counts too.",
        on_time=facts["on_time"],
        accepted=facts["milestones"],
    )
    return f"{told} {kept}"


def _record(facts: Mapping[str, Any]) -> str:
    return _(
        "%(evidence)s pieces of evidence published, %(won)s of %(decided)s decided bids won; few of either count little.",
        evidence=facts.get("evidence", 0),
        won=facts.get("won", 0),
        decided=facts.get("decided", 0),
    )


def unmatched(row: Lacks, names: Names) -> str:
    """Why an order got nothing, for the centre's staff: with names."""
    by = names.listed(row.by)
    told = {
        WhyNot.NO_OFFER: lambda: _("No opened bid could take part."),
        WhyNot.FORBIDDEN: lambda: _("Every bid was kept out of the round by hand."),
        WhyNot.TEAM_TOO_SMALL: lambda: _("Every bid asks more of a team than it has in total: %(by)s.", by=by),
        WhyNot.PRICE_ABOVE_FUNDING: lambda: _("No bid could be paid, even if no other order drew on any fund."),
        WhyNot.VALUE_NEGATIVE: lambda: _("Its funding would cost the round more than the match is worth."),
        WhyNot.CONFLICT: lambda: _("Its bid and a chosen one exclude each other: %(by)s.", by=by),
        WhyNot.TEAM_FULL: lambda: _("Its team works on other matches of the round: %(by)s.", by=by),
        WhyNot.FUND_EXHAUSTED: lambda: _("Other matches use up the fund it would need: %(by)s.", by=by),
        WhyNot.OUTVALUED: lambda: _("Teams and funds it needs make more of other matches: %(by)s.", by=by),
        WhyNot.UNDECIDED: lambda: _("A match would fit, but the search was stopped before it was used."),
    }
    return told[WhyNot(row.reason)]()


def remedy(row: Lacks, names: Names) -> str:
    """What would be enough, as the optimiser proved it; empty when it named nothing."""
    needs = [need(key, amount, names) for key, amount in sorted(row.needs.items())]
    if needs:
        return _("It would take %(needs)s.", needs=_(" and ").join(needs))
    if WhyNot(row.reason) is WhyNot.NO_OFFER:
        return _("Invite a team below, or tender the order again.")
    if WhyNot(row.reason) is WhyNot.UNDECIDED:
        return _("Run the round again with more time.")
    return ""


def need(key: str, amount: int, names: Names) -> str:
    """One thing that is short: money of a fund or the enterprise, or a team's days in a quarter."""
    if key == OWN:
        return _("%(amount)s more of the enterprise's own money", amount=money(amount))
    if key.startswith("f"):
        return _("%(amount)s more in %(fund)s", amount=money(amount), fund=names[key])
    return _("%(days)s more person-days of %(team)s", days=number(amount), team=names[key])


def unmatched_for_enterprise(row: Unmatched) -> tuple[str, str]:
    """(why, what would help) for the ordering enterprise: no names of bidders, and no money but its own."""
    own = row.needs.get(OWN)
    told = {
        WhyNot.NO_OFFER: lambda: (
            _("There was no bid that could take part."),
            _("A clearer problem, measurable targets or a longer bidding time bring more bids."),
        ),
        WhyNot.FORBIDDEN: lambda: (
            _("The centre kept the bids out of this round."),
            _("Ask your secretary for the reason."),
        ),
        WhyNot.TEAM_TOO_SMALL: lambda: (
            _("The bids ask for more person-days than the teams have."),
            _("A smaller order, a longer time or a consortium of teams would fit."),
        ),
        WhyNot.PRICE_ABOVE_FUNDING: lambda: (
            _("Your own money and the funds open to this order do not add up to the price of any bid."),
            _("With %(amount)s more of your own money a match could be paid.", amount=money(own))
            if own
            else _("More own money or a smaller order would help."),
        ),
        WhyNot.VALUE_NEGATIVE: lambda: (
            _("The funding this order needs costs more than the match scores."),
            _("More own money would help."),
        ),
        WhyNot.CONFLICT: lambda: (_("The team's bid could not be taken together with another of its bids."), _later()),
        WhyNot.TEAM_FULL: lambda: (
            _("The teams that answered are fully booked in that time."),
            _("A later start would help."),
        ),
        WhyNot.FUND_EXHAUSTED: lambda: (
            _("The funds open to this order were used up by orders that scored higher."),
            _("More own money would help, or the next round."),
        ),
        WhyNot.OUTVALUED: lambda: (
            _("Teams and funds this order needs made more of other orders in this round."),
            _("More own money or a later start would help."),
        ),
        WhyNot.UNDECIDED: lambda: (_("The round ended before this order could be decided."), _later()),
    }
    return told[WhyNot(row.reason)]()


def _later() -> str:
    return _("It can take part in the next round.")


def limit(kind: str, of: Iterable[str], names: Names) -> str:
    """One demand or limit of a contradiction."""
    keys = list(of)
    who = names.listed(keys)
    told = {
        "must_match": lambda: _("The order “%(who)s” must be matched.", who=who),
        "at_least": lambda: _("A least number of matches is demanded for %(who)s.", who=group_name(keys[0])),
        "locked": lambda: _("The bid of %(who)s is required.", who=who),
        "forbidden": lambda: _("The bid of %(who)s is kept out.", who=who),
        "conflicts": lambda: _("The bids of %(who)s exclude each other.", who=who),
        "capacity": lambda: _("%(who)s has only so many free person-days.", who=who),
        "own_funds": lambda: _("The enterprise of “%(who)s” has only so much own money.", who=who),
        "budget": lambda: _("%(who)s has only so much money left.", who=who),
        "orders": lambda: _("%(who)s may pay for certain orders only.", who=who),
        "amount_min": lambda: _("%(who)s has a smallest grant.", who=who),
        "amount_max": lambda: _("%(who)s has a largest grant.", who=who),
        "share_max": lambda: _("%(who)s pays only a share of a price.", who=who),
        "match_max": lambda: _("%(who)s pays only in proportion to the enterprise's own money.", who=who),
        "enterprise_max": lambda: _("%(who)s pays one enterprise only so much.", who=who),
        "public_share_max": lambda: _("Public money may pay only a share of each price."),
    }
    return told[kind]() if kind in told else kind


def change(kind: str, of: Iterable[str], by: int | None, names: Names) -> str:
    """One change of a repair: what to drop or to move, and by how much."""
    keys = list(of)
    who = names.listed(keys)
    if kind == "at_least" and by is not None:
        return _("demand %(by)s fewer matches for %(who)s", by=by, who=group_name(keys[0]))
    if by is None:
        return _("drop the demand: %(demand)s", demand=limit(kind, keys, names))
    if kind == "capacity":
        return need(keys[0], by, names)
    if kind == "own_funds":
        return _("%(amount)s more own money for “%(who)s”", amount=money(by), who=who)
    if kind in {"share_max", "match_max"}:
        return _("raise the share of %(who)s by %(by)s", who=who, by=percent(by))
    if kind == "public_share_max":
        return _("raise the limit on public money by %(by)s", by=percent(by))
    if kind == "amount_min":
        return _("lower the smallest grant of %(who)s by %(by)s", who=who, by=money(by))
    if kind == "budget":
        return need(keys[0], by, names)
    return _("raise the limit of %(who)s by %(by)s", who=who, by=money(by))


def keys_in(rows: Iterable[Lacks], solution: Mapping[str, Any]) -> set[str]:
    """Every key that the sentences about these rows and this solution may name."""
    keys: set[str] = set()
    for row in rows:
        keys |= {*row.by, *row.needs}
    for each in solution.get("conflict", []):
        keys |= set(each["of"])
    for repair in solution.get("repairs", []):
        for each in repair["changes"]:
            keys |= set(each["of"])
    return keys
