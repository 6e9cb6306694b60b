"""What the commands of the defence room are called in the journal."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

DEFENCE: dict[str, Any] = {
    "defence.add_watch": _l("Added a watch"),
    "defence.end_watch": _l("Ended a watch"),
    "defence.report": _l("Reported a threat"),
    "defence.close_threat": _l("Laid a threat aside"),
    "defence.open_case": _l("Opened a defence case"),
    "defence.join": _l("Joined a defence case"),
    "defence.begin": _l("Began the defence"),
    "defence.spring": _l("Brought the covenant into effect"),
    "defence.state_product": _l("Stated an exposed product"),
    "defence.drop_product": _l("Took an exposed product back"),
    "defence.add_paper": _l("Added a paper of counsel"),
    "defence.add_counter": _l("Added a counter-patent"),
    "defence.propose_contest": _l("Proposed a prior-art contest"),
    "defence.open_contest": _l("Released a bounty"),
    "defence.enter": _l("Sent prior art"),
    "defence.propose_award": _l("Proposed who earned a bounty"),
    "defence.think_again": _l("Had entries judged anew"),
    "defence.award": _l("Confirmed who earned a bounty"),
    "defence.pay": _l("Noted the payment of a bounty"),
    "defence.end_contest": _l("Ended a prior-art contest"),
    "defence.propose_covenant": _l("Proposed a covenant"),
    "defence.enact": _l("Put a covenant in force"),
    "defence.stop_covenant": _l("Stopped a covenant"),
    "defence.bind": _l("Bound an organisation by a covenant"),
    "defence.unbind": _l("Left a covenant"),
    "defence.close_case": _l("Closed a defence case"),
}
