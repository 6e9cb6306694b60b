"""What happens to teams, their equipment and capabilities."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import case, update

from marketplace.accounts.models import AccountGrant
from marketplace.accounts.workflow import GRANT, GrantState
from marketplace.alliances.workflow import Visibility
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.db.versions import require_version
from marketplace.kernel import money
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Invalid, NotFound, Stale
from marketplace.kernel.patents import classifications, patent_reference
from marketplace.organisations.queries import get_organisation
from marketplace.talent import capacity, policy, queries
from marketplace.talent.models import Capability, Equipment, Evidence, Team, TeamQuarter
from marketplace.talent.terms import CapabilityTerms, EquipmentTerms, EvidenceTerms, TeamTerms
from marketplace.talent.workflow import CAPABILITY, EvidenceKind

MOST_DAYS = 100_000
"""Person-days per quarter that no team has: a slip of the keyboard."""

FIRST_YEAR = 1900
DAYS_OF_A_QUARTER = 92


@use_case
def create_team(call: Call, organisation_id: int, terms: TeamTerms) -> Team:
    """Make a team of a university or institute."""
    organisation = get_organisation(call, organisation_id)
    policy.may_found_team(call.actor, organisation).require()
    team = Team(organisation_id=organisation.id, created_at=call.now)
    _write_team(call, team, terms)
    audit.record(call, "talent.create_team", "team", team.id, asdict(terms))
    return team


@use_case
def change_team(call: Call, team_id: int, terms: TeamTerms, version: int) -> Team:
    """Change a team's words, capacity or lead; days already promised stay promised. From an older ``version`` it is Stale."""
    team = queries.get_team(call, team_id)
    policy.may_change_team(call.actor, team).require()
    read, lead = team.version, queries.lead_of(team.id)
    if team.version != version and (lead.account_id if lead else None) != terms.lead:
        raise Stale
    if team.capacity_days != terms.capacity_days:
        _change_quarters(call, team.id, terms.capacity_days)
    _write_team(call, team, terms)
    require_version(team, version, read)
    audit.record(call, "talent.change_team", "team", team.id, asdict(terms))
    return team


@use_case
def add_equipment(call: Call, team_id: int, terms: EquipmentTerms) -> Equipment:
    """Note a machine or instrument that orders may use, and how many days a quarter."""
    team = queries.get_team(call, team_id)
    policy.may_write(call.actor, team).require()
    if not 0 <= terms.days <= DAYS_OF_A_QUARTER:
        raise Invalid("talent.equipment_days", {"most": DAYS_OF_A_QUARTER}, field="days")
    row = Equipment(team_id=team.id, added_at=call.now, **asdict(terms))
    db.session.add(row)
    db.session.flush()
    audit.record(call, "talent.add_equipment", "team", team.id, {"equipment": row.id})
    return row


@use_case
def remove_equipment(call: Call, equipment_id: int) -> int:
    """Take it off the list; returns the team's id."""
    row = db.session.get(Equipment, equipment_id) if 0 < equipment_id < 2**63 else None
    if row is None:
        raise NotFound("equipment")
    policy.may_write(call.actor, queries.get_team(call, row.team_id)).require()
    team_id = row.team_id
    db.session.delete(row)
    audit.record(call, "talent.remove_equipment", "team", team_id, {"equipment": equipment_id})
    return team_id


@use_case
def draft_capability(call: Call, team_id: int, terms: CapabilityTerms) -> Capability:
    """Begin a capability; it is shown to others once published."""
    team = queries.get_team(call, team_id)
    policy.may_write(call.actor, team).require()
    terms = _checked(call, team, terms)
    row = Capability(team_id=team.id, created_at=call.now, **asdict(terms))
    db.session.add(row)
    db.session.flush()
    audit.record(call, "talent.draft_capability", "capability", row.id, {"team": team.id, "title": row.title})
    return row


@use_case
def change_capability(call: Call, capability_id: int, terms: CapabilityTerms, version: int) -> Capability:
    """Change what a capability says, in any state. From an older ``version`` a change is Stale."""
    row = _writable(call, capability_id)
    read = row.version
    terms = _checked(call, row.team, terms, row.alliance_id)
    for name, value in asdict(terms).items():
        setattr(row, name, value)
    require_version(row, version, read)
    audit.record(call, "talent.change_capability", "capability", row.id, {"title": row.title})
    return row


@use_case
def publish_capability(call: Call, capability_id: int) -> Capability:
    """Show it to whom its visibility says: a verified organisation's, with at least one piece of evidence."""
    row = _writable(call, capability_id)
    policy.may_publish(call.actor, row).require()
    row.state, row.published_at = CAPABILITY.require(row.state, "publish"), call.now
    audit.record(call, "talent.publish_capability", "capability", row.id, {"team": row.team_id, "title": row.title})
    return row


@use_case
def withdraw_capability(call: Call, capability_id: int) -> Capability:
    """Take it out of the directory; it can be published again."""
    row = _writable(call, capability_id)
    row.state = CAPABILITY.require(row.state, "withdraw")
    audit.record(call, "talent.withdraw_capability", "capability", row.id, {"team": row.team_id})
    return row


@use_case
def add_evidence(call: Call, capability_id: int, terms: EvidenceTerms) -> Evidence:
    """Add a paper, patent or project; a Chinese patent number must have the right check digit."""
    row = _writable(call, capability_id)
    if terms.kind is EvidenceKind.PATENT:
        terms = replace(terms, reference=patent_reference(terms.reference))
    if terms.year is not None and not FIRST_YEAR <= terms.year <= call.now.year:
        raise Invalid("talent.year", {"first": FIRST_YEAR, "last": call.now.year}, field="year")
    piece = Evidence(capability_id=row.id, **asdict(terms))
    row.evidence.append(piece)
    db.session.flush()
    audit.record(call, "talent.add_evidence", "capability", row.id, {"evidence": piece.id, "kind": piece.kind})
    return piece


@use_case
def remove_evidence(call: Call, evidence_id: int) -> Capability:
    """Take a piece of evidence away; a published capability keeps at least one."""
    piece = db.session.get(Evidence, evidence_id) if 0 < evidence_id < 2**63 else None
    if piece is None:
        raise NotFound("evidence")
    row = _writable(call, piece.capability_id)
    if len(row.evidence) == 1 and CAPABILITY.allows(row.state, "withdraw"):
        raise Conflict("talent.last_evidence")
    row.evidence.remove(piece)
    audit.record(call, "talent.remove_evidence", "capability", row.id, {"evidence": evidence_id})
    return row


def _writable(call: Call, capability_id: int) -> Capability:
    row = queries.get_capability(call, capability_id)
    policy.may_write(call.actor, row.team).require()
    return row


def _checked(call: Call, team: Team, terms: CapabilityTerms, present_alliance: int | None = None) -> CapabilityTerms:
    """Return the terms with IPC symbols in one spelling.

    Raise Invalid for a symbol that is none, ranges that run backwards and an alliance that the team's organisation is not in.
    """
    if not 1 <= terms.trl_from <= terms.trl_to <= 9:
        raise Invalid("talent.trl", field="trl_to")
    if not 0 <= terms.price_from <= terms.price_to <= money.MAX_FEN:
        raise Invalid("talent.price", field="price_to")
    if terms.alliance_id is None:
        if terms.visibility is Visibility.ALLIANCE:
            raise Invalid("talent.alliance_needed", field="alliance_id")
    elif terms.alliance_id != present_alliance and not _member(call, team, terms.alliance_id):
        raise Invalid("talent.other_alliance", field="alliance_id")
    return replace(terms, ipc=classifications(terms.ipc, 200))


def _member(call: Call, team: Team, alliance_id: int) -> bool:
    if call.actor.is_system:
        return True
    return alliance_id in queries.alliances_of(team.organisation_id)


def _write_team(call: Call, team: Team, terms: TeamTerms) -> None:
    if not 0 <= terms.capacity_days <= MOST_DAYS:
        raise Invalid("talent.capacity", {"most": MOST_DAYS}, field="capacity_days")
    if queries.team_name_taken(team.organisation_id, terms.name, team.id):
        raise Invalid("talent.name_taken", {"name": terms.name}, field="name")
    for name in ("name", "name_en", "introduction", "capacity_days"):
        setattr(team, name, getattr(terms, name))
    db.session.add(team)
    db.session.flush()
    _set_lead(call, team, terms.lead)


def _set_lead(call: Call, team: Team, account_id: int | None) -> None:
    """End the present lead's role and give it to ``account_id``, one of the organisation's own people."""
    present = queries.lead_of(team.id)
    if (present.account_id if present else None) == account_id:
        return
    if account_id is not None and account_id not in {a.id for a in queries.members_of(team.organisation_id)}:
        raise Invalid("talent.lead_not_member", field="lead")
    if present is not None:
        present.state, present.ended_at = GRANT.require(present.state, "end"), call.now
    if account_id is not None:
        db.session.add(
            AccountGrant(
                account_id=account_id,
                role=Role.TEAM_LEAD,
                organisation_id=team.organisation_id,
                team_id=team.id,
                state=GrantState.ACTIVE,
                created_at=call.now,
            )
        )


def _change_quarters(call: Call, team_id: int, days: int) -> None:
    """Give quarters from now on the new capacity, or what is already promised in them where that is more."""
    q = TeamQuarter
    db.session.execute(
        update(q)
        .where(q.team_id == team_id, q.quarter >= capacity.quarter_of(call.now.date()))
        .values(capacity_days=case((q.reserved_days > days, q.reserved_days), else_=days))
        .execution_options(synchronize_session=False)
    )
