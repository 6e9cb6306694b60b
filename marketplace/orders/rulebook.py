"""The procedures in words: what each is called, what it is for, and its switches as sentences with their articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.orders.procedures import RULES, Article, Procedure, Rules
from marketplace.web import words

P = Procedure

words.labels(
    Procedure,
    {
        P.QUICK: _l("Quick call"),
        P.OPEN: _l("Open call"),
        P.STRICT: _l("Strict mode (Bidding Law)"),
        P.OPEN_LIST: _l("Open challenge list"),
        P.TWO_STAGE: _l("Two stages"),
        P.INVITATION: _l("Direct invitation"),
        P.FRAMEWORK: _l("Framework pool"),
    },
)
words.labels(
    Article,
    {
        Article.BL_22: _l("Bidding Law, article 22"),
        Article.BL_23: _l("Bidding Law, article 23"),
        Article.BL_24: _l("Bidding Law, article 24"),
        Article.BL_28: _l("Bidding Law, article 28"),
        Article.BL_37: _l("Bidding Law, article 37"),
        Article.REG_21: _l("Implementing Regulation of the Bidding Law, article 21"),
        Article.REG_30: _l("Implementing Regulation of the Bidding Law, article 30"),
        Article.REG_54: _l("Implementing Regulation of the Bidding Law, article 54"),
    },
)

PURPOSE: Mapping[Procedure, object] = {
    P.QUICK: _l("For small and clear needs: one good answer is enough."),
    P.OPEN: _l("The usual way: every team may answer, and at least two answers make a comparison."),
    P.STRICT: _l("For projects that must be tendered by law, or whose money asks for it."),
    P.OPEN_LIST: _l("A hard problem is published with its reward; whoever can solve it takes it up and is reviewed by experts."),
    P.TWO_STAGE: _l("For needs that cannot be specified yet: concepts first, then full bids of the teams that go on."),
    P.INVITATION: _l("Only the teams that are invited may answer. The reason is public."),
    P.FRAMEWORK: _l("Only the teams that were admitted to the alliance's framework pool may answer."),
}  # fmt: skip

SAYS: Mapping[Article, object] = {
    Article.BL_22: _l("Nobody may tell others the names or the number of those who may bid, before the opening."),
    Article.BL_23: _l(
        "Clarifications and changes are given in writing to everybody at least fifteen days before the deadline."
    ),
    Article.BL_24: _l("At least twenty days lie between the first day on which the documents are had and the deadline."),
    Article.BL_28: _l("With fewer than three bidders the tender is held again; late bids are refused."),
    Article.BL_37: _l(
        "The committee is an odd number of at least five; at least two thirds are experts; nobody with an interest sits in it."
    ),
    Article.REG_21: _l("Where fewer than fifteen days are left after such a change, the deadline is put off."),
    Article.REG_30: _l("In the first stage proposals come without a price, in the second with one."),
    Article.REG_54: _l(
        "The result is published within three days, for at least three days; an objection is answered within three days "
        "and stops the process."
    ),
}  # fmt: skip
"""What each article says, in plain words."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One switch as a sentence; ``law`` is (short name, what it says), None where it is the centre's own default."""

    text: str
    law: tuple[str, str] | None = None


def clauses(procedure: Procedure) -> list[Clause]:
    """Return what the procedure asks, sentence by sentence, each with the article that it comes from."""
    rules = RULES[procedure]
    return [Clause(text, cite(rules.citations.get(switch))) for switch, text in _sentences(rules)]


def cite(article: Article | None) -> tuple[str, str] | None:
    """Return the short name of an article and what it says."""
    return (words.label(article), str(SAYS[article])) if article else None


def _sentences(rules: Rules) -> Iterator[tuple[str, str]]:
    yield "sealed", _("Bids stay sealed until the opening; before it nobody learns whether or how many came in.")
    if rules.invited_only:
        yield "invited_only", _("Only teams that are invited or admitted may answer; the order can be read as usual.")
    if rules.concepts_first:
        yield "concepts_first", _("First come concepts without a price; only teams on the shortlist write a full bid.")
    yield (
        "min_days",
        ngettext(
            "Bidding stays open for at least %(num)d day.",
            "Bidding stays open for at least %(num)d days.",
            rules.min_days,
        ),
    )
    if rules.full_days:
        yield (
            "full_days",
            ngettext(
                "The shortlist has at least %(num)d day for the full bids, which are sealed again.",
                "The shortlist has at least %(num)d days for the full bids, which are sealed again.",
                rules.full_days,
            ),
        )
    yield (
        "clarification_days",
        ngettext(
            "Questions are taken until %(num)d day before the deadline.",
            "Questions are taken until %(num)d days before the deadline.",
            rules.clarification_days,
        ),
    )
    yield (
        "extension_days",
        ngettext(
            "When the text changes with less than %(num)d day left, the deadline moves so that this time remains.",
            "When the text changes with less than %(num)d days left, the deadline moves so that this time remains.",
            rules.extension_days,
        ),
    )
    if rules.answers_extend:
        yield "answers_extend", _("An answer to a question counts as such a change.")
    yield (
        "min_bids",
        ngettext(
            "At least %(num)d valid bid at the opening; otherwise the order is unsuccessful and can be tendered again.",
            "At least %(num)d valid bids at the opening; otherwise the order is unsuccessful and can be tendered again.",
            rules.min_bids,
        ),
    )
    if rules.two_envelopes:
        yield "two_envelopes", _("Technology and price lie in separate envelopes; the price opens last.")
    if rules.split_key:
        yield "split_key", _("The key that opens the bids is divided; two of three holders must come together.")
    yield from _committee(rules)
    yield (
        "standstill_days",
        ngettext(
            "The result is published for at least %(num)d working day before a contract is made.",
            "The result is published for at least %(num)d working days before a contract is made.",
            rules.standstill_days,
        ),
    )


def _committee(rules: Rules) -> Iterator[tuple[str, str]]:
    if rules.committee_min < 2:
        return
    if rules.committee_odd:
        yield (
            "committee_min",
            _("A committee of at least %(num)s people evaluates, an odd number.", num=rules.committee_min),
        )
    else:
        yield "committee_min", _("A committee of at least %(num)s people evaluates.", num=rules.committee_min)
    if rules.expert_share:
        share = {6666: _("two thirds"), 5000: _("half")}.get(rules.expert_share, f"{rules.expert_share / 100:g}%")
        yield "expert_share", _("At least %(share)s of its members are experts of the field.", share=share)
