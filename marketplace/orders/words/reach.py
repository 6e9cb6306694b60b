"""What the states and refusals of invitations, the framework pool and lots are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.orders.workflow import Frequency, InvitationState, PoolState
from marketplace.web import words

words.labels(
    InvitationState,
    {
        InvitationState.INVITED: _l("Invited"),
        InvitationState.DECLINED: _l("Declined by the team"),
        InvitationState.WITHDRAWN: _l("Withdrawn"),
    },
)
words.tones(InvitationState, {InvitationState.INVITED: "info"})
words.labels(
    PoolState,
    {
        PoolState.APPLIED: _l("Applied"),
        PoolState.ADMITTED: _l("Admitted"),
        PoolState.REFUSED: _l("Not admitted"),
        PoolState.ENDED: _l("Ended"),
    },
)
words.tones(
    PoolState,
    {PoolState.APPLIED: "waiting", PoolState.ADMITTED: "good", PoolState.REFUSED: "bad", PoolState.ENDED: "bad"},
)
words.labels(Frequency, {Frequency.DAILY: _l("Daily"), Frequency.WEEKLY: _l("Weekly")})
words.events("pool", {"admit": _l("Admit"), "refuse": _l("Refuse"), "end": _l("End the place")})
words.refusals(
    {
        "orders.own_team": _l("A team of the ordering organisation itself cannot be invited."),
        "orders.statement_needed": _l("Please write what your team stands for."),
        "orders.pool_already": _l("The team has applied or is admitted already."),
        "orders.is_lot": _l("This order is a lot or a repeated tender already."),
        "orders.many_lots": _l("An order has at most %(most)s lots."),
        "orders.lots_together": _l(
            "The lots of this order are handed in and published together. Do it on their common page."
        ),
        "orders.no_lots": _l("There is no lot that could be published."),
    }
)
