"""What the commands of the talent room are called in the journal."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

TALENT: dict[str, Any] = {
    "talent.create_team": _l("Created a team"),
    "talent.change_team": _l("Changed the team"),
    "talent.draft_capability": _l("Drafted a capability"),
    "talent.change_capability": _l("Changed a capability"),
    "talent.publish_capability": _l("Published a capability"),
    "talent.withdraw_capability": _l("Withdrew a capability"),
    "talent.add_evidence": _l("Added evidence"),
    "talent.remove_evidence": _l("Removed evidence"),
}
