"""What plans are best at, and what limits their parts."""

from flask_babel import lazy_gettext as _l

from marketplace.simulator.plans import Best, Limit
from marketplace.web import words

words.labels(
    Best,
    {
        Best.LEAST_OWN: _l("Least own money"),
        Best.LEAST_PUBLIC: _l("Least public money"),
        Best.FEWEST_SOURCES: _l("Fewest sources"),
        Best.LEAST_INTEREST: _l("Cheapest over the term"),
        Best.FASTEST: _l("Fastest"),
    },
)
words.labels(
    Limit,
    {
        Limit.SHARE: _l("its largest share of the price"),
        Limit.AMOUNT: _l("its largest amount for one order"),
        Limit.MATCH: _l("its ratio to the enterprise's own money"),
        Limit.ENTERPRISE: _l("its limit for one enterprise"),
        Limit.YEARLY: _l("its limit for one enterprise in a year"),
        Limit.PUBLIC: _l("the ceiling on all public money"),
        Limit.AVAILABLE: _l("all that the fund has left"),
        Limit.OWN_FUNDS: _l("all the own money"),
        Limit.NEED: _l("no more is needed"),
    },
)
