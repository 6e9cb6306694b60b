"""Teams, what they can do and what shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from marketplace.accounts.models import Account
from marketplace.alliances.workflow import Visibility
from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.demo import names
from marketplace.demo.archetype import Archetype
from marketplace.demo.needs import ARCHETYPES
from marketplace.demo.society import Register, Society, grant, save
from marketplace.kernel.call import Call, Role
from marketplace.kernel.money import FEN_PER_YUAN
from marketplace.talent.models import Capability, Evidence, Team
from marketplace.talent.workflow import CapabilityState, EvidenceKind

TEAMS_PER_SCHOOL = 3
WAN = 10_000 * FEN_PER_YUAN
_DRAFT_EVERY, _WITHDRAWN_EVERY, _ALLIANCE_EVERY, _CENTRE_EVERY = 29, 37, 11, 7


@dataclass
class Talents:
    """Teams with the kinds of work each does (its own first), and the account of each team's lead by team id."""

    teams: list[Team] = field(default_factory=list)
    works: dict[int, tuple[Archetype, Archetype]] = field(default_factory=dict)
    leads: dict[int, Account] = field(default_factory=dict)

    def doing(self, archetype: Archetype) -> list[Team]:
        """Return the teams that work on ``archetype``, then others of its field, then others of its alliance."""

        def distance(team: Team) -> int:
            works = self.works[team.id]
            if archetype in works:
                return works.index(archetype)
            if any(work.field is archetype.field for work in works):
                return 2
            return 3 if any(work.alliance == archetype.alliance for work in works) else 4

        return sorted((team for team in self.teams if distance(team) < 4), key=lambda team: (distance(team), team.id))


@use_case
def train(call: Call, society: Society, seed: int) -> Talents:
    """Give every school its teams with published capabilities, evidence and a lead who can sign in."""
    random, talents = Random(seed), Talents()  # noqa: S311 - a demo must be the same every time
    owners = [work for school in society.schools for work in [school] * TEAMS_PER_SCHOOL]
    works = [_works(number) for number in range(len(owners))]
    for school, (own, _) in zip(owners, works, strict=True):
        talents.teams.append(
            Team(
                organisation_id=school.id,
                name=f"{own.team[0]}团队",
                name_en=f"{own.team[1]} Group",
                introduction=f"{school.name}{own.team[0]}团队，现有教师、工程师与研究生{random.randint(8, 26)}人，"
                f"长期与企业联合攻关，可承接从方案验证到中试放大的研发任务。",
                capacity_days=random.choice((160, 200, 240, 280, 320, 400)),
                created_at=call.now - timedelta(days=380),
            )
        )
    save(list(talents.teams))
    talents.works = {team.id: pair for team, pair in zip(talents.teams, works, strict=True)}
    _leads(call, talents)
    capabilities = _capabilities(call, random, society, talents)
    audit.record(call, "demo.train", "demo", None, {"teams": len(talents.teams), "capabilities": capabilities})
    return talents


def _works(number: int) -> tuple[Archetype, Archetype]:
    own = ARCHETYPES[number % len(ARCHETYPES)]
    near = [each for each in ARCHETYPES if each is not own and each.field is own.field]
    near = near or [each for each in ARCHETYPES if each is not own and each.alliance == own.alliance]
    return own, near[number // len(ARCHETYPES) % len(near)]


def _leads(call: Call, talents: Talents) -> None:
    register = Register(call, names.people()[::-1], first=1000)
    accounts = [register.account(f"t{number:02d}") for number, _ in enumerate(talents.teams, 1)]
    save(list(accounts))
    talents.leads = {team.id: account for team, account in zip(talents.teams, accounts, strict=True)}
    save(
        [
            grant(call, account, Role.TEAM_LEAD, organisation_id=team.organisation_id, team_id=team.id)
            for team, account in zip(talents.teams, accounts, strict=True)
        ]
    )


def _capabilities(call: Call, random: Random, society: Society, talents: Talents) -> int:
    rows = []
    for number, team in enumerate(talents.teams):
        for turn, work in enumerate(talents.works[team.id]):
            rows.append(_capability(call, random, team, work, number // len(ARCHETYPES) * 2 + turn))
    for number, row in enumerate(rows):
        alliance = society.alliances[talents.works[row.team_id][number % 2].alliance]
        row.alliance_id = alliance.id
        if number % _ALLIANCE_EVERY == 0:
            row.visibility = Visibility.ALLIANCE
        elif number % _CENTRE_EVERY == 0:
            row.visibility = Visibility.CENTRE
        if number % _DRAFT_EVERY == 1:
            row.state, row.published_at = CapabilityState.DRAFT, None
        elif number % _WITHDRAWN_EVERY == 2:
            row.state = CapabilityState.WITHDRAWN
    save(list(rows))
    return len(rows)


def _capability(call: Call, random: Random, team: Team, work: Archetype, variant: int) -> Capability:
    low, high = work.ceiling
    now, wanted = work.trl
    published = call.now - timedelta(days=random.randint(20, 360))
    return Capability(
        team_id=team.id,
        title=work.say(work.skill, variant),
        title_en=work.say(work.skill_en, variant),
        summary=work.say(work.summary, variant),
        field=work.field,
        ipc=work.ipc,
        trl_from=max(1, now - random.randint(0, 1)),
        trl_to=min(9, wanted + random.randint(0, 1)),
        price_from=low * WAN * random.randint(6, 9) // 10,
        price_to=high * WAN,
        state=CapabilityState.PUBLISHED,
        published_at=published,
        created_at=published - timedelta(days=2),
        evidence=_evidence(random, work, variant, call.now.year),
    )


def _evidence(random: Random, work: Archetype, variant: int, year: int) -> list[Evidence]:
    body = work.say(work.summary, variant)
    first = body.split("。")[0] + "。"
    paper = Evidence(kind=EvidenceKind.PAPER, title=work.say(work.paper, variant), body=body, year=year - 1)
    patent = Evidence(
        kind=EvidenceKind.PATENT,
        title=work.say(work.patent, variant),
        body=f"发明专利。{first}",
        year=year - random.randint(1, 4),
    )
    project = Evidence(
        kind=EvidenceKind.PROJECT,
        title=work.say(work.project, variant),
        body=f"企业委托项目，已通过验收。{first}",
        year=year - random.randint(1, 3),
    )
    return [paper, patent, project][: random.randint(1, 3)]
