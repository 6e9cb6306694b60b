"""What the sources of judgements are called."""

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
