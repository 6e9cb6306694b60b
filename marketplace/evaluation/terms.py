"""What the use cases of evaluation are given, and the criteria that hold where nobody fixed others."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE = 10_000
"""The weights of all criteria together, in basis points."""
MOST_POINTS = 100
MOST_CRITERIA = 10


@dataclass(frozen=True, slots=True)
class CriterionTerms:
    """One thing that is judged; ``weight`` in basis points."""

    name: str
    name_en: str
    weight: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class VoteTerms:
    """One member's vote on one concept: whether its team should be asked for a full bid, points of 100, and why."""

    bid: int
    recommended: bool
    points: int
    why: str


STANDARD = (
    CriterionTerms("技术路线与可行性", "Technical route and feasibility", 4_000, "路线是否讲得通，风险与备选是否讲清"),
    CriterionTerms("团队能力与依据", "Ability of the team and evidence", 2_500, "人员、条件与已有结果是否支撑承诺"),
    CriterionTerms("计划与里程碑", "Plan and milestones", 2_000, "进度是否可信，交付是否可检验"),
    CriterionTerms("成果转化与人才培养", "Use of results and training", 1_500, "知识产权安排、转化与学生培养"),
)
"""The centre's default, shown as such; an order's own criteria are fixed before its opening."""
