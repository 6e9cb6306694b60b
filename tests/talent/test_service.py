"""What happens to teams, capabilities and evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import GrantState
from marketplace.alliances.workflow import Visibility
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationState
from marketplace.talent import capacity, service
from marketplace.talent.models import Team
from marketplace.talent.terms import CapabilityTerms, EvidenceTerms, TeamTerms
from marketplace.talent.workflow import CapabilityState, EvidenceKind
from tests.factories import Make

TEAM = TeamTerms(name="表面工程团队", name_en="Surface", capacity_days=240)
OFFER = CapabilityTerms(
    title="无铬防腐涂层",
    summary="以硅烷预处理与水性涂层结合，中性盐雾试验超过一千小时。",
    field=Field.NEW_MATERIALS,
    trl_from=3,
    trl_to=7,
    price_from=10_000_000,
    price_to=60_000_000,
)
PAPER = EvidenceTerms(kind=EvidenceKind.PAPER, title="硅烷膜的耐蚀性", year=2025)


@pytest.fixture
def university(make: Make) -> Organisation:
    return make.university(alliance=make.alliance())


@pytest.fixture
def owner(make: Make, university: Organisation) -> Account:
    return make.owner(university)


@pytest.fixture
def team(make: Make, university: Organisation) -> Team:
    return make.team(university)


def commands() -> list[str]:
    return list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.id)))


def test_an_owner_makes_a_team_and_names_its_lead(make: Make, university: Organisation, owner: Account) -> None:
    member = make.account(Role.UNIVERSITY_MEMBER, organisation=university)
    team = service.create_team(make.call(owner), university.id, replace(TEAM, lead=member.id))
    assert make.call(member).actor.teams == {team.id}
    assert commands() == ["talent.create_team"]


def test_changing_the_lead_ends_the_old_ones_role_at_once(make: Make, university: Organisation, owner: Account) -> None:
    first, second = (make.account(Role.UNIVERSITY_MEMBER, organisation=university) for _ in range(2))
    team = service.create_team(make.call(owner), university.id, replace(TEAM, lead=first.id))
    service.change_team(make.call(owner), team.id, replace(TEAM, lead=second.id), team.version)
    assert make.call(first).actor.teams == frozenset()
    assert make.call(second).actor.teams == {team.id}
    service.change_team(make.call(owner), team.id, TEAM, team.version)
    assert make.call(second).actor.teams == frozenset()
    ended = db.session.scalars(select(AccountGrant).where(AccountGrant.state == GrantState.ENDED)).all()
    assert [grant.ended_at for grant in ended] == [make.clock(), make.clock()]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "已有团队"}, "talent.name_taken"),
        ({"capacity_days": -1}, "talent.capacity"),
        ({"capacity_days": 100_001}, "talent.capacity"),
        ({"lead": 999_999}, "talent.lead_not_member"),
    ],
)
def test_a_team_that_breaks_a_rule_is_not_made(
    make: Make, university: Organisation, owner: Account, change: dict[str, Any], code: str
) -> None:
    make.team(university, name="已有团队")
    with pytest.raises(Invalid) as refused:
        service.create_team(make.call(owner), university.id, replace(TEAM, **change))
    assert refused.value.code == code
    assert len(db.session.scalars(select(Team)).all()) == 1
    assert commands() == []


def test_somebody_elses_member_cannot_lead(make: Make, university: Organisation, owner: Account) -> None:
    stranger = make.account(Role.UNIVERSITY_MEMBER, organisation=make.university())
    with pytest.raises(Invalid, match="lead_not_member"):
        service.create_team(make.call(owner), university.id, replace(TEAM, lead=stranger.id))


def test_strangers_and_leads_do_not_change_the_team_itself(make: Make, team: Team) -> None:
    for account in (make.lead(team), make.owner(make.university()), make.officer()):
        with pytest.raises(Forbidden, match="owners_only"):
            service.change_team(make.call(account), team.id, TEAM, team.version)


def test_an_edit_of_an_older_version_is_stale(make: Make, owner: Account, team: Team) -> None:
    service.change_team(make.call(owner), team.id, TEAM, team.version)
    with pytest.raises(Stale):
        service.change_team(make.call(owner), team.id, replace(TEAM, name="别名"), team.version - 1)


def test_less_capacity_leaves_promised_days_promised(make: Make, owner: Account, team: Team) -> None:
    """The clock shows 2027Q1: the past is as it was, later quarters follow the team."""
    capacity.reserve(make.call(), {(team.id, q): 150 for q in ("2026Q4", "2027Q1")} | {(team.id, "2027Q2"): 20})
    db.session.commit()
    service.change_team(make.call(owner), team.id, replace(TEAM, capacity_days=100), team.version)
    loads = capacity.outlook(team, ["2026Q4", "2027Q1", "2027Q2", "2027Q3"])
    assert [(load.capacity, load.reserved) for load in loads] == [(200, 150), (150, 150), (100, 20), (100, 0)]


def test_a_capability_goes_from_draft_to_the_directory_and_back(make: Make, team: Team) -> None:
    call = make.call(make.lead(team))
    row = service.draft_capability(call, team.id, OFFER)
    assert row.state is CapabilityState.DRAFT
    with pytest.raises(Forbidden, match="no_evidence"):
        service.publish_capability(call, row.id)
    service.add_evidence(call, row.id, PAPER)
    service.publish_capability(call, row.id)
    assert (row.state, row.published_at) == (CapabilityState.PUBLISHED, call.now)
    service.change_capability(call, row.id, replace(OFFER, title="新标题"), row.version)
    service.withdraw_capability(call, row.id)
    assert row.state is CapabilityState.WITHDRAWN
    assert commands() == [
        "talent.draft_capability",
        "talent.add_evidence",
        "talent.publish_capability",
        "talent.change_capability",
        "talent.withdraw_capability",
    ]


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (CapabilityState.PUBLISHED, service.publish_capability),
        (CapabilityState.DRAFT, service.withdraw_capability),
        (CapabilityState.WITHDRAWN, service.withdraw_capability),
    ],
)
def test_what_the_life_of_a_capability_forbids_is_refused(
    make: Make, team: Team, state: CapabilityState, act: Any
) -> None:
    row = make.capability(team, state=state)
    with pytest.raises(Conflict, match="not_now"):
        act(make.call(make.lead(team)), row.id)


def test_an_unverified_organisation_does_not_publish(make: Make) -> None:
    team = make.team(make.university(state=OrganisationState.REGISTERED))
    row = make.capability(team, state=CapabilityState.DRAFT, published_at=None)
    with pytest.raises(Forbidden, match="not_verified"):
        service.publish_capability(make.call(make.lead(team)), row.id)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"trl_from": 8}, "talent.trl", "trl_to"),
        ({"trl_from": 0}, "talent.trl", "trl_to"),
        ({"trl_to": 10}, "talent.trl", "trl_to"),
        ({"price_from": 60_000_001}, "talent.price", "price_to"),
        ({"price_to": 10**16}, "talent.price", "price_to"),
        ({"visibility": Visibility.ALLIANCE}, "talent.alliance_needed", "alliance_id"),
        ({"alliance_id": 999_999}, "talent.other_alliance", "alliance_id"),
    ],
)
def test_an_offer_that_breaks_a_rule_names_its_field(
    make: Make, team: Team, change: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.draft_capability(make.call(make.lead(team)), team.id, replace(OFFER, **change))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_capability_belongs_only_to_an_alliance_of_its_organisation(make: Make, team: Team) -> None:
    mine = next(iter(make.call(make.lead(team)).actor.alliances))
    call = make.call(make.lead(team))
    shown = replace(OFFER, visibility=Visibility.ALLIANCE, alliance_id=mine)
    assert service.draft_capability(call, team.id, shown).alliance_id == mine
    with pytest.raises(Invalid, match="other_alliance"):
        service.draft_capability(call, team.id, replace(OFFER, alliance_id=make.alliance().id))


def test_nobody_else_writes_and_an_invisible_capability_is_simply_not_there(make: Make, team: Team) -> None:
    shown, draft = make.capability(team), make.capability(team, state=CapabilityState.DRAFT, published_at=None)
    stranger = make.call(make.owner(make.university()))
    with pytest.raises(Forbidden, match="team_only"):
        service.withdraw_capability(stranger, shown.id)
    for missing in (draft.id, 999_999, 0, 10**30):
        with pytest.raises(NotFound):
            service.change_capability(stranger, missing, OFFER, 1)
        with pytest.raises(NotFound):
            service.remove_evidence(stranger, missing + 10**6)
    with pytest.raises(NotFound):
        service.remove_evidence(stranger, draft.evidence[0].id)


def test_patent_evidence_is_kept_in_one_spelling_or_refused(make: Make, team: Team) -> None:
    row, call = make.capability(team), make.call(make.lead(team))
    patent = EvidenceTerms(kind=EvidenceKind.PATENT, title="一种涂料", reference="zl 2017 1 0601862.3", year=2017)
    assert service.add_evidence(call, row.id, patent).reference == "ZL201710601862.3"
    with pytest.raises(Invalid, match="check_digit"):
        service.add_evidence(call, row.id, replace(patent, reference="ZL201710601862.4"))


@pytest.mark.parametrize("year", [1899, 2028])
def test_evidence_from_the_future_or_the_middle_ages_is_refused(make: Make, team: Team, year: int) -> None:
    with pytest.raises(Invalid, match=r"talent\.year"):
        service.add_evidence(make.call(make.lead(team)), make.capability(team).id, replace(PAPER, year=year))


def test_a_published_capability_keeps_its_last_evidence(make: Make, team: Team) -> None:
    row, call = make.capability(team), make.call(make.lead(team))
    with pytest.raises(Conflict, match="last_evidence"):
        service.remove_evidence(call, row.evidence[0].id)
    service.add_evidence(call, row.id, PAPER)
    service.remove_evidence(call, row.evidence[0].id)
    assert len(row.evidence) == 1
    service.withdraw_capability(call, row.id)
    service.remove_evidence(call, row.evidence[0].id)
    assert row.evidence == []


def test_ipc_symbols_are_kept_in_one_spelling_and_a_wrong_one_is_refused(
    make: Make, owner: Account, team: Team
) -> None:
    row = service.draft_capability(make.call(owner), team.id, replace(OFFER, ipc="c09d5/08,C23C"))
    assert row.ipc == "C09D 5/08；C23C"
    with pytest.raises(Invalid, match=r"patent\.ipc"):
        service.change_capability(make.call(owner), row.id, replace(OFFER, ipc="9D"), row.version)
    typed = "；".join(f"A01B{n}/00" for n in range(10, 30))
    with pytest.raises(Invalid, match=r"patent\.ipc_long"):
        service.change_capability(make.call(owner), row.id, replace(OFFER, ipc=typed), row.version)
