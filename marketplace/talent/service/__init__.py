"""What happens to teams, researchers and training programmes."""

from marketplace.talent.service.people import (
    add_affiliation,
    add_work,
    remove_affiliation,
    remove_work,
    write_profile,
)
from marketplace.talent.service.teams import (
    DAYS_OF_A_QUARTER,
    MOST_DAYS,
    add_equipment,
    add_evidence,
    change_capability,
    change_team,
    create_team,
    draft_capability,
    publish_capability,
    remove_equipment,
    remove_evidence,
    withdraw_capability,
)
from marketplace.talent.service.training import ask_place, close_programme, decide_place, leave_place, offer_programme

__all__ = [
    "DAYS_OF_A_QUARTER",
    "MOST_DAYS",
    "add_affiliation",
    "add_equipment",
    "add_evidence",
    "add_work",
    "ask_place",
    "change_capability",
    "change_team",
    "close_programme",
    "create_team",
    "decide_place",
    "draft_capability",
    "leave_place",
    "offer_programme",
    "publish_capability",
    "remove_affiliation",
    "remove_equipment",
    "remove_evidence",
    "remove_work",
    "withdraw_capability",
    "write_profile",
]
