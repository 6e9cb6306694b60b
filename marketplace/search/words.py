"""What the sources of judgements and the parts of a fit are called."""

from flask_babel import lazy_gettext as _l

from marketplace.search.workflow import Source
from marketplace.web import words

words.labels(
    Source,
    {
        Source.STAFF: _l("said by staff"),
        Source.WON: _l("bid won"),
        Source.APPROVED: _l("match approved"),
        Source.REJECTED: _l("match rejected"),
        Source.ANSWERED: _l("invitation answered"),
        Source.INVITED: _l("invited"),
        Source.LOST: _l("bid not chosen"),
    },
)

SIGNALS = {
    "text": _l("Texts"),
    "field": _l("Field"),
    "ipc": _l("IPC"),
    "readiness": _l("TRL"),
    "region": _l("Region"),
    "capacity": _l("Free days"),
    "price": _l("Price"),
    "record": _l("Record"),
    "recency": _l("Recency"),
}
"""What the parts of a team's fit are called, by their names in ``matching.relevance.signals``."""
