"""A first plan for the parties to change: the bid's own milestones, or three over the time that the bid promises."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from marketplace.bids.terms import Milestone
from marketplace.contracts.terms import PlanStep
from marketplace.kernel import money
from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import BASIS
from marketplace.orders.workflow import ContractType
from marketplace.web.filters import CITY

MOST_STEPS = 12
LONGEST_RESULT = 300
_DEVELOPMENT = (
    ("方案设计", "技术方案与试验大纲", 3000, 20),
    ("样品试制与测试", "样品、测试数据与阶段报告", 4000, 70),
    ("工程验证与总验收", "全部技术成果与总结报告", 3000, 100),
)
_BY_TYPE = {
    ContractType.TRANSFER: (
        ("技术资料交付", "全部技术资料", 4000, 30),
        ("技术指导与试生产", "试生产报告", 4000, 75),
        ("权属变更与总验收", "权属变更证明与总结报告", 2000, 100),
    ),
    ContractType.LICENCE: (
        ("技术资料交付", "全部技术资料", 4000, 30),
        ("技术指导与试生产", "试生产报告", 4000, 75),
        ("达产验收", "达产测试报告", 2000, 100),
    ),
    ContractType.CONSULTING: (
        ("调研与提纲", "调研提纲与数据清单", 3000, 35),
        ("咨询报告初稿", "咨询报告初稿", 4000, 75),
        ("咨询报告定稿", "咨询报告定稿与汇报材料", 3000, 100),
    ),
}


def default_plan(contract_type: ContractType, starts_on: date, ends_on: date) -> list[PlanStep]:
    """Return three milestones whose shares are 100 %; each is due at a part of the time between the two days."""
    days = (ends_on - starts_on).days
    return [
        PlanStep(title, deliverables, starts_on + timedelta(days=days * part // 100), share)
        for title, deliverables, share, part in _BY_TYPE.get(contract_type, _DEVELOPMENT)
    ]


def plan_of_bid(milestones: Iterable[Milestone], starts_on: date, ends_on: date) -> list[PlanStep]:
    """Return the bid's own milestones as the contract's plan; an empty list when their shares are not the whole price.

    A step that the bid gave no share is handed over with the next one that has a share; without any shares all weigh the same.
    """
    steps = sorted(milestones, key=lambda step: step.month)
    if steps and all(step.share is None for step in steps):
        equal = money.split(BASIS, [1] * len(steps))
        steps = [replace(step, share=share) for step, share in zip(steps, equal, strict=True)]
    paid = [step for step in steps if step.share]
    if not paid or sum(step.share or 0 for step in paid) != BASIS:
        return []
    plan = []
    for place, step in enumerate(paid):
        since = steps.index(paid[place - 1]) + 1 if place else 0
        until = len(steps) if step is paid[-1] else steps.index(step) + 1
        results = "；".join(each.result or each.title for each in steps[since:until])
        due = min(last_day(starts_on, steps[until - 1].month), ends_on)
        plan.append(PlanStep(step.title, shortened(results), due, step.share or 0))
    return plan


def shortened(text: str) -> str:
    """At most as much as the plan's form takes."""
    return text if len(text) <= LONGEST_RESULT else f"{text[: LONGEST_RESULT - 1]}…"


def last_day(starts_on: date, months: int) -> date:
    """Return the same day ``months`` later, or that month's last where it is shorter."""
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + months, 12)
    return date(year, month + 1, min(starts_on.day, monthrange(year, month + 1)[1]))


def require_sound(plan: tuple[PlanStep, ...], starts_on: date, ends_on: date) -> None:
    """Raise Invalid unless the milestones follow each other inside the contract's time and are 100 % of the price."""
    if not 1 <= len(plan) <= MOST_STEPS:
        raise Invalid("contracts.plan_length", {"most": MOST_STEPS}, field="steps")
    if any(step.share <= 0 for step in plan) or sum(step.share for step in plan) != BASIS:
        raise Invalid("contracts.plan_shares", field="steps")
    days = [step.due_on for step in plan]
    if days != sorted(days) or days[0] < starts_on or days[-1] > ends_on:
        raise Invalid("contracts.plan_days", {"from": starts_on, "to": ends_on}, field="steps")


def working_days_after(moment: datetime, days: int) -> datetime:
    """Return the same time ``days`` working days later; Saturdays and Sundays do not count."""
    while days:
        moment += timedelta(days=1)
        if moment.astimezone(CITY).weekday() < 5:
            days -= 1
    return moment
