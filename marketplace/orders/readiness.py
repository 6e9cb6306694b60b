"""What screening would miss in an order: every gap by name, with its step in the form. Pure: same sheet, same answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from marketplace.kernel import numbers
from marketplace.orders.exemplars import MARK
from marketplace.orders.procedures import RULES, Article, Procedure
from marketplace.orders.terms import Sheet, TargetTerms
from marketplace.orders.workflow import Comparator

CITY = ZoneInfo("Asia/Shanghai")
GOOD_WINDOW = timedelta(days=15)
LEAST_PROBLEM = 30
GOOD_PROBLEM = 120
SHARED_RUN = 8
"""So many Chinese characters or Latin words in a row, found in both parts, look like a secret in the public text."""
LARGEST_VALUE = 10**20
"""No measurement of a target comes near it."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-/]{3,}")
_CONTACT = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}")
_SECRECY = re.compile(
    r"绝密|机密|商业秘密|技术秘密|不得外传|请勿外传|内部资料|trade secret|strictly confidential", re.IGNORECASE
)
"""Words by which a writer says that something should not stand in the public text."""
_NOT_WORD = re.compile(r"[\W_]+")
_UNIT = re.compile(r"[a-z0-9.]+|[\u3400-\u9fff]")


class Severity(StrEnum):
    """``BLOCKING`` gaps refuse the submission; ``ADVICE`` makes better bids likely."""

    BLOCKING = "blocking"
    ADVICE = "advice"


class Step(StrEnum):
    """The steps of the form, in order."""

    NEED = "need"
    TARGETS = "targets"
    TERMS = "terms"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True, slots=True)
class Gap:
    """One missing or vague place: the form field, how bad it is, and the code of the sentence that says what to do.

    ``article`` is the statute that asks for it, where one does.
    """

    step: Step
    place: str
    severity: Severity
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    article: Article | None = None


_CHECKS = {
    "title_missing": (Step.NEED, "title", Severity.BLOCKING),
    "title_en_missing": (Step.NEED, "title_en", Severity.ADVICE),
    "problem_short": (Step.NEED, "problem", Severity.BLOCKING),
    "problem_brief": (Step.NEED, "problem", Severity.ADVICE),
    "background_missing": (Step.NEED, "background", Severity.ADVICE),
    "field_missing": (Step.NEED, "field", Severity.BLOCKING),
    "contact_in_public": (Step.NEED, "problem", Severity.ADVICE),
    "trl_missing": (Step.TARGETS, "trl_now", Severity.ADVICE),
    "trl_backwards": (Step.TARGETS, "trl_wanted", Severity.BLOCKING),
    "no_target": (Step.TARGETS, "targets", Severity.BLOCKING),
    "no_must_have": (Step.TARGETS, "targets", Severity.BLOCKING),
    "target_name": (Step.TARGETS, "targets", Severity.BLOCKING),
    "target_number": (Step.TARGETS, "targets", Severity.BLOCKING),
    "target_range": (Step.TARGETS, "targets", Severity.BLOCKING),
    "target_method": (Step.TARGETS, "targets", Severity.BLOCKING),
    "target_unit": (Step.TARGETS, "targets", Severity.ADVICE),
    "ceiling_missing": (Step.TERMS, "price_ceiling", Severity.BLOCKING),
    "own_funds_missing": (Step.TERMS, "own_funds", Severity.BLOCKING),
    "own_funds_above": (Step.TERMS, "own_funds", Severity.BLOCKING),
    "deadline_missing": (Step.TERMS, "bid_deadline", Severity.BLOCKING),
    "deadline_near": (Step.TERMS, "bid_deadline", Severity.BLOCKING),
    "window_short": (Step.TERMS, "bid_deadline", Severity.ADVICE),
    "start_after_deadline": (Step.TERMS, "bidding_from", Severity.BLOCKING),
    "delivery_missing": (Step.TERMS, "delivery_on", Severity.BLOCKING),
    "delivery_before_deadline": (Step.TERMS, "delivery_on", Severity.BLOCKING),
    "contract_missing": (Step.TERMS, "contract_type", Severity.BLOCKING),
    "ip_missing": (Step.TERMS, "ip_wish", Severity.BLOCKING),
    "procedure_reason_missing": (Step.TERMS, "procedure_reason", Severity.BLOCKING),
    "nobody_invited": (Step.TERMS, "procedure", Severity.BLOCKING),
    "budget_reason_missing": (Step.TERMS, "budget_reason", Severity.ADVICE),
    "template_left": (Step.NEED, "problem", Severity.BLOCKING),
    "secrecy_words": (Step.NEED, "problem", Severity.ADVICE),
    "secret_in_public": (Step.DISCLOSURE, "confidential", Severity.ADVICE),
}
"""Every check: where the gap is and how bad."""

_SWITCHES = {"deadline_near": "min_days"}
"""The checks that repeat a switch of the procedure, so that its article can be cited."""

CODES = tuple(f"readiness.{name}" for name in _CHECKS)
_OPTIONAL = {"trl_wanted", "bidding_from", "confidential", "procedure", "procedure_reason", "budget_reason"}
_WEIGHTS = {
    place: 3 if any(p == place and s is Severity.BLOCKING for _, p, s in _CHECKS.values()) else 1
    for _, place, _ in _CHECKS.values()
    if place not in _OPTIONAL
}
"""What each place of the form is worth; the optional ones can only lose points."""


def check(sheet: Sheet, now: datetime) -> list[Gap]:
    """Return every gap of ``sheet`` at ``now``, blocking ones first, then in the order of the form."""
    found = [*_need(sheet), *_targets(sheet), *_terms(sheet, now), *_secrets(sheet)]
    cited = {name: RULES[sheet.money.procedure].citations.get(switch) for name, switch in _SWITCHES.items()}
    gaps = [Gap(*_CHECKS[name], f"readiness.{name}", values, cited.get(name)) for name, values in found]
    steps = list(Step)
    return sorted(gaps, key=lambda gap: (gap.severity is Severity.ADVICE, steps.index(gap.step)))


def blocking(gaps: list[Gap]) -> list[Gap]:
    return [gap for gap in gaps if gap.severity is Severity.BLOCKING]


def score(gaps: list[Gap]) -> int:
    """Return how complete the order is, 0 to 100: a blocked place loses all it is worth, an advised one a single point."""
    whole = sum(_WEIGHTS.values())
    lost = {gap.place: 1 for gap in gaps} | {gap.place: _WEIGHTS.get(gap.place, 1) for gap in blocking(gaps)}
    return max(0, whole - sum(lost.values())) * 100 // whole


Found = Iterator[tuple[str, Mapping[str, object]]]


def _need(sheet: Sheet) -> Found:
    need = sheet.need
    length = len(_NOT_WORD.sub("", need.problem))
    if not need.title.strip():
        yield "title_missing", {}
    if not need.title_en.strip():
        yield "title_en_missing", {}
    if length < LEAST_PROBLEM:
        yield "problem_short", {"least": LEAST_PROBLEM, "length": length}
    elif length < GOOD_PROBLEM:
        yield "problem_brief", {"good": GOOD_PROBLEM, "length": length}
    if not need.background.strip():
        yield "background_missing", {}
    if need.field is None:
        yield "field_missing", {}
    if contact := _CONTACT.search(f"{need.title} {need.problem} {need.background}"):
        yield "contact_in_public", {"text": contact[0]}

    if MARK in need.problem:
        yield "template_left", {}
    if word := _SECRECY.search(f"{need.title} {need.problem} {need.background}"):
        yield "secrecy_words", {"text": word[0]}


def _targets(sheet: Sheet) -> Found:
    terms = sheet.targets
    if terms.trl_now is None or terms.trl_wanted is None:
        yield "trl_missing", {}
    elif terms.trl_wanted < terms.trl_now:
        yield "trl_backwards", {"now": terms.trl_now, "wanted": terms.trl_wanted}
    if not terms.targets:
        yield "no_target", {}
    elif not any(target.must_have for target in terms.targets):
        yield "no_must_have", {}
    for number, target in enumerate(terms.targets, 1):
        yield from _target(number, target)


def _target(number: int, target: TargetTerms) -> Found:
    values = {"number": number, "name": target.name}
    between = target.comparator is Comparator.BETWEEN
    low, high = as_number(target.value), as_number(target.value_to)
    if not target.name.strip():
        yield "target_name", values
    if low is None or (between and high is None):
        yield "target_number", values
    elif between and high is not None and high <= low:
        yield "target_range", values
    if not target.method.strip():
        yield "target_method", values
    if not target.unit.strip():
        yield "target_unit", values


def as_number(text: str) -> Decimal | None:
    """Return the number that ``text`` writes ("67", "1.80", "－0.5"), None when it is not one."""
    try:
        number = numbers.decimal(text)
    except ValueError:
        return None
    return number if abs(number) < LARGEST_VALUE else None


def _terms(sheet: Sheet, now: datetime) -> Found:
    money = sheet.money
    if money.price_ceiling is None:
        yield "ceiling_missing", {}
    if money.own_funds is None:
        yield "own_funds_missing", {}
    elif money.price_ceiling is not None and money.own_funds > money.price_ceiling:
        yield "own_funds_above", {}
    if money.contract_type is None:
        yield "contract_missing", {}
    if money.ip_wish is None:
        yield "ip_missing", {}
    if money.procedure is Procedure.INVITATION and not money.procedure_reason.strip():
        yield "procedure_reason_missing", {}
    if money.procedure is Procedure.INVITATION and not sheet.invited:
        yield "nobody_invited", {}
    if money.price_ceiling is not None and not money.budget_reason.strip():
        yield "budget_reason_missing", {}
    if money.delivery_on is None:
        yield "delivery_missing", {}
    if money.bid_deadline is None:
        yield "deadline_missing", {}
        return
    least = RULES[money.procedure].least_window
    opens = max(money.bidding_from or now, now)
    if money.bidding_from is not None and money.bidding_from >= money.bid_deadline:
        yield "start_after_deadline", {}
    elif money.bid_deadline - opens < least:
        yield "deadline_near", {"days": least.days}
    elif money.procedure is Procedure.OPEN and money.bid_deadline - opens < GOOD_WINDOW:
        yield "window_short", {"days": GOOD_WINDOW.days}
    if money.delivery_on is not None and money.delivery_on <= money.bid_deadline.astimezone(CITY).date():
        yield "delivery_before_deadline", {}


def _secrets(sheet: Sheet) -> Found:
    need = sheet.need
    public = [need.title, need.title_en, need.problem, need.background]
    public += [f"{target.name} {target.method}" for target in sheet.targets.targets]
    if leaked := repeated(sheet.disclosure.confidential, "\n".join(public)):
        yield "secret_in_public", {"text": leaked}


def repeated(secret: str, public: str) -> str:
    """Return the first thing of ``secret`` that ``public`` repeats: a code such as ``PX-2041``, or SHARED_RUN units in a row."""
    codes = {code.strip(".-/") for code in _CODE.findall(public)}
    for code in _CODE.findall(secret):
        if (plain := code.strip(".-/")) in codes and any(c.isdigit() for c in plain) and len(plain) > 3:
            return str(plain)
    hidden, shown = _UNIT.findall(secret.lower()), _UNIT.findall(public.lower())
    runs = {tuple(shown[i : i + SHARED_RUN]) for i in range(len(shown) - SHARED_RUN + 1)}
    for i in range(len(hidden) - SHARED_RUN + 1):
        if tuple(run := hidden[i : i + SHARED_RUN]) in runs:
            return " ".join(run) if run[0].isascii() else "".join(run)
    return ""
