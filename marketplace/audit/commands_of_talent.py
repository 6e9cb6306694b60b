"""What the commands of the talent room are called in the journal."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

TALENT: dict[str, Any] = {
    "talent.create_team": _l("Created a team"),
    "talent.change_team": _l("Changed the team"),
    "talent.add_equipment": _l("Added equipment"),
    "talent.remove_equipment": _l("Removed equipment"),
    "talent.write_profile": _l("Wrote a researcher's page"),
    "talent.add_affiliation": _l("Added an affiliation"),
    "talent.remove_affiliation": _l("Removed an affiliation"),
    "talent.add_work": _l("Added a work"),
    "talent.remove_work": _l("Removed a work"),
    "talent.offer_programme": _l("Offered a training programme"),
    "talent.close_programme": _l("Closed a training programme"),
    "talent.ask_place": _l("Asked for a training place"),
    "talent.decide_place": _l("Decided on a training place"),
    "talent.leave_place": _l("Gave a training place back"),
    "talent.draft_capability": _l("Drafted a capability"),
    "talent.change_capability": _l("Changed a capability"),
    "talent.publish_capability": _l("Published a capability"),
    "talent.withdraw_capability": _l("Withdrew a capability"),
    "talent.add_evidence": _l("Added evidence"),
    "talent.remove_evidence": _l("Removed evidence"),
}
