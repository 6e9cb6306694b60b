"""Patents of the city's schools and enterprises: what their teams' evidence speaks of, with believable lives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.demo import names
from marketplace.demo.archetype import Archetype
from marketplace.demo.needs import ARCHETYPES
from marketplace.demo.society import Society, save
from marketplace.demo.talents import Talents
from marketplace.kernel.call import Call
from marketplace.kernel.money import BASIS, split
from marketplace.kernel.patents import check_digit
from marketplace.organisations.models import Organisation
from marketplace.patents import queries, records, schedule
from marketplace.patents.deadlines.calendar import add_months
from marketplace.patents.deadlines.rules import annuity
from marketplace.patents.models import Patent, PatentEvent, PatentStep
from marketplace.patents.terms import PatentTerms, ShareTerms
from marketplace.patents.workflow import EventKind, LegalState, PatentKind, RuleCode

PATENTS = 240
_PENDING_EVERY, _SECRET_EVERY, _LAPSED_EVERY, _SHARED_EVERY, _UTILITY_EVERY = 9, 31, 27, 6, 5
_FORGOTTEN_EVERY = 8
_DIGITS = {PatentKind.INVENTION: "1", PatentKind.UTILITY: "2", PatentKind.DESIGN: "3"}


@dataclass
class Portfolio:
    """The patents, and the kind of work each comes from by patent id."""

    patents: list[Patent] = field(default_factory=list)
    works: dict[int, Archetype] = field(default_factory=dict)


@use_case
def patent(call: Call, society: Society, talents: Talents, seed: int) -> Portfolio:
    """Put patents of every kind, age and legal state into the register."""
    random = Random(seed)  # noqa: S311 - a demo must be the same every time
    today = queries.today(call)
    portfolio = Portfolio()
    works = []
    for serial, (work, variant) in zip(range(PATENTS), _variants(), strict=False):
        owner, other = _owners(random, society, talents, work, serial)
        row = records.new_patent(call, owner.id, _terms(random, work, variant, serial, owner, other, today), today)
        portfolio.patents.append(row)
        works.append(work)
    save(list(portfolio.patents))
    portfolio.works = {row.id: work for row, work in zip(portfolio.patents, works, strict=True)}
    db.session.add_all([event for row in portfolio.patents for event in _events(call, row, today)])
    db.session.add_all([step for row in portfolio.patents for step in _steps(call, row, today)])
    db.session.flush()
    audit.record(call, "demo.patent", "demo", None, {"patents": len(portfolio.patents)})
    return portfolio


def _variants() -> Iterator[tuple[Archetype, int]]:
    """Every kind of work for every product, and once more with another means."""
    for round_ in range(2):
        for variant in range(5):
            yield from ((work, variant + 5 * round_) for work in ARCHETYPES)


def _owners(
    random: Random, society: Society, talents: Talents, work: Archetype, serial: int
) -> tuple[Organisation, Organisation | None]:
    """Schools have two thirds; now and then a school and an enterprise have one together."""
    school = next(s for s in society.schools if s.id == talents.doing(work)[serial % 3].organisation_id)
    enterprise = random.choice(society.members[work.alliance])
    owner = enterprise if serial % 3 == 1 else school
    return owner, (enterprise if owner is school else school) if serial % _SHARED_EVERY == 0 else None


def _terms(
    random: Random,
    work: Archetype,
    variant: int,
    serial: int,
    owner: Organisation,
    other: Organisation | None,
    today: date,
) -> PatentTerms:
    kind = PatentKind.UTILITY if serial % _UTILITY_EVERY == 3 else PatentKind.INVENTION
    filed, published, granted = _days(random, kind, serial, today)
    digits = f"{filed.year}{_DIGITS[kind]}{1_000_000 + serial * 7_919 % 900_000:07d}"
    title = work.say(work.patent, variant)
    title = title if title.startswith("一种") else f"一种{title}"
    means = ("及其应用", "及其制备方法", "及系统")[serial % 3] if variant >= 5 else ""
    means = "" if "及" in title[-7:] else means
    people = names.people()
    inventors = [people[(serial * 5 + n) % len(people)] for n in range(random.randint(2, 4))]
    holders = [owner, *([other] if other is not None else [])]
    shares = (BASIS,) if other is None else (6_000, 4_000)
    claim = work.say(work.summary, variant).split("。")[0]
    return PatentTerms(
        number=f"{digits}.{check_digit(digits)}",
        kind=kind,
        title=f"{title}{means}",
        title_en=work.say(work.skill_en, variant),
        field=work.field,
        filed_on=filed,
        abstract=work.say(work.summary, variant),
        claims=f"1. {title}，其特征在于：{claim}。\n2. 根据权利要求1所述的方案，其特征在于：工艺参数可在线检测和调整。",
        ipc=work.ipc,
        applicants="；".join(holder.name for holder in holders),
        citations=random.choice((0, 0, 1, 2, 3, 5, 8)),
        published_on=published,
        publication_number=f"CN{100_000_000 + serial * 7_919 % 20_000_000}B" if granted else "",
        granted_on=granted,
        inventors=tuple(
            ShareTerms(name, part)
            for name, part in zip(inventors, split(BASIS, range(len(inventors), 0, -1)), strict=True)
        ),
        owners=tuple(ShareTerms("", part, holder.id) for holder, part in zip(holders, shares, strict=True)),
        inventor_share=None if owner.is_enterprise else random.choice((None, 6_000, 7_000)),
    )


def _days(random: Random, kind: PatentKind, serial: int, today: date) -> tuple[date, date | None, date | None]:
    """Filed, published, granted; some only published, a few still secret."""
    if serial % _SECRET_EVERY == 7:
        return today - timedelta(days=random.randint(30, 300)), None, None
    if serial % _PENDING_EVERY == 4 and kind is PatentKind.INVENTION:
        filed = today - timedelta(days=random.randint(600, 1_000))
        return filed, add_months(filed, 18), None
    span = (700, 3_300) if kind is PatentKind.UTILITY else (1_200, 4_600)
    filed = today - timedelta(days=random.randint(*span))
    if kind is PatentKind.UTILITY:
        return filed, None, filed + timedelta(days=random.randint(180, 330))
    return filed, add_months(filed, 18), filed + timedelta(days=random.randint(760, 1_150))


def _events(call: Call, row: Patent, today: date) -> list[PatentEvent]:
    """The history its days tell; a few rights have just lapsed for want of a fee."""
    events = records.first_events(call, row)
    if row.state is LegalState.GRANTED and row.id % _LAPSED_EVERY == 0:
        day = today - timedelta(days=20)
        lapse = PatentEvent(patent_id=row.id, kind=EventKind.LAPSE, on=day, note="逾期未缴年费", recorded_at=call.now)
        row.state, row.ended_on = LegalState.LAPSED, day
        events.append(lapse)
        schedule.refresh(row, events, (), today)
    return events


def _steps(call: Call, row: Patent, today: date) -> list[PatentStep]:
    """The annual fee that is due was paid, but for a few owners who forgot it."""
    late = row.next_rule is RuleCode.ANNUITY and row.next_due_on is not None and row.next_due_on < today
    if not late or row.next_due_on is None or row.id % _FORGOTTEN_EVERY == 0:
        return []
    year, day = row.next_number, row.next_due_on - timedelta(days=9)
    fee = annuity(row.kind, year)
    schedule.refresh(row, (), {(RuleCode.ANNUITY, year)}, today)
    return [
        PatentStep(patent_id=row.id, rule=RuleCode.ANNUITY, number=year, done_on=day, paid=fee, recorded_at=call.now)
    ]
