"""Researchers' pages, equipment and joint-training programmes of the city."""

from __future__ import annotations

from datetime import date, timedelta

from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.demo.society import Society, save
from marketplace.demo.talents import Talents
from marketplace.kernel.call import Call
from marketplace.kernel.fields import Field
from marketplace.talent.models import Affiliation, Equipment, Place, Programme, Researcher, Work
from marketplace.talent.workflow import PlaceState, ProgrammeKind, WorkKind

_LED = 12
_COURSES = (
    (
        ProgrammeKind.COURSE,
        Field.NEW_MATERIALS,
        "MAT",
        "无铬前处理工艺实训",
        "两周：配方、线上调试与盐雾评价，含企业产线实操。",
        12,
    ),
    (
        ProgrammeKind.PLACEMENT,
        Field.ELECTRONICS,
        "ICT",
        "显示模组失效分析实习岗",
        "三个月驻企，导师一对一，完成两份失效分析报告。",
        4,
    ),
    (
        ProgrammeKind.MENTORING,
        Field.MACHINERY,
        "MFG",
        "装备结构轻量化导师计划",
        "每月两次辅导，半年内完成一个企业课题。",
        6,
    ),
    (ProgrammeKind.COURSE, Field.TEXTILES, "TEX", "无氟防水整理与检测", "五天：整理剂选型、耐洗性检测与标准解读。", 20),
)
_TOOLS = (
    ("盐雾试验箱 1000 升", "涂层与镀层腐蚀试验", 45),
    ("扫描电子显微镜", "断口与涂层形貌", 20),
    ("六轴协作机器人工作站", "装配与打磨验证", 30),
)


@use_case
def teach(call: Call, society: Society, talents: Talents) -> None:
    """Let a dozen team leads show their pages, teams their equipment, and schools their programmes."""
    today = call.now.date()
    for number, team in enumerate(talents.teams[:_LED]):
        work = talents.works[team.id][0]
        row = Researcher(
            account_id=talents.leads[team.id].id,
            introduction=f"主持{work.team[0]}方向的企业委托研发，指导研究生与企业工程师。",
            listed=True,
            expert_fields=[work.field.value],
            created_at=call.now - timedelta(days=90),
        )
        row.affiliations = [
            Affiliation(organisation=team.organisation.name, post="教授", from_on=date(today.year - 6, 9, 1)),
            Affiliation(
                organisation="滨海材料研究所",
                post="副研究员",
                from_on=date(today.year - 11, 7, 1),
                until_on=date(today.year - 6, 8, 31),
            ),
        ]
        row.works = [
            Work(kind=WorkKind.PAPER, title=work.say(work.paper, number), year=today.year - 1),
            Work(kind=WorkKind.PROJECT, title=work.say(work.project, number), year=today.year - 2),
        ]
        name, purpose, days = _TOOLS[number % len(_TOOLS)]
        save([row, Equipment(team_id=team.id, name=name, purpose=purpose, days=days, added_at=call.now)])
    for number, (kind, field, code, title, text, places) in enumerate(_COURSES):
        starts = today + timedelta(days=30 + 20 * number)
        row_of = Programme(
            organisation_id=society.schools[number % len(society.schools)].id,
            alliance_id=society.alliances[code].id if number % 2 else None,
            kind=kind,
            field=field,
            title=title,
            text=text,
            starts_on=starts,
            ends_on=starts + timedelta(days=60),
            places=places,
            taken=1,
            created_at=call.now - timedelta(days=12),
        )
        save([row_of])
        asking = [society.owners[member.id] for member in society.members[code][:2]]
        states = (PlaceState.GIVEN, PlaceState.ASKED)
        save(
            [
                Place(programme_id=row_of.id, account_id=who.id, state=state, asked_at=call.now - timedelta(days=5))
                for who, state in zip(asking, states, strict=True)
            ]
        )
    audit.record(call, "demo.teach", "demo", None, {"programmes": len(_COURSES)})
