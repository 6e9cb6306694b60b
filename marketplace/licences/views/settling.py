"""The statements on a licence's page: who accepted each, and what the reader may do about it."""

from __future__ import annotations

from flask import g, url_for
from flask_babel import gettext as _

from marketplace.approvals import service as approvals
from marketplace.approvals.models import Endorsement
from marketplace.kernel.policy import YES
from marketplace.licences import policy, queries, wishes
from marketplace.licences.models import Licence, RoyaltyStatement
from marketplace.licences.workflow import STATEMENT, Side, StatementState
from marketplace.web import words
from marketplace.web.actions import Action, transition_actions
from marketplace.web.filters import in_language

Said = list[tuple[str, Endorsement | None]]


def rows_of(row: Licence) -> list[tuple[RoyaltyStatement, Said, list[Action]]]:
    """The statements with who accepted each and, where several must, who has not yet: both are between the owners."""
    found = queries.statements_of(row.id)
    known = approvals.endorsements_of(wishes.ACCEPT, *(one.id for one in found)) if found else []
    told = []
    for one in found:
        done = wishes.accepted(one, known)
        said = done if policy.may_read_wishes(g.call.actor, row) else {}
        waits = one.state is StatementState.FILED and any(said.values())
        names = [(owner_name(row, key), word) for key, word in sorted(said.items(), key=lambda each: each[0] or 0)]
        told.append((one, [each for each in names if each[1] or waits], _actions(one, done)))
    return told


def owner_name(row: Licence, owner: int | None) -> str:
    """What one on the licensor's side is called: an owner in the register, or the pool."""
    if owner is None:
        return _("Pool of %(name)s", name=in_language(row.alliance)) if row.alliance else ""
    found = [row.licensor, *(part.patent.owner for part in row.parts)]
    return next((in_language(each) for each in found if each is not None and each.id == owner), "")


def _actions(row: RoyaltyStatement, done: wishes.Words) -> list[Action]:
    actor, licence, found = g.call.actor, row.licence, list[Action]()
    if policy.may_act_for(actor, licence, Side.LICENSEE) and STATEMENT.allows(row.state, "file"):
        found.append(
            Action(
                words.event_label("royalty_statement", "file"),
                url_for("licences.statement", statement_id=row.id),
                method="get",
                kind="primary",
            )
        )
    if Side.LICENSOR in policy.sides(actor, licence) and policy.may_act_for(actor, licence, Side.LICENSOR):
        if any(done.get(key) is None for key in wishes.speaks_as(actor, licence)):
            found += transition_actions(
                STATEMENT,
                row.state,
                {"accept": (YES, lambda: url_for("licences.accept_statement", statement_id=row.id))},
            )
        if STATEMENT.allows(row.state, "question"):
            found.append(
                Action(
                    words.event_label("royalty_statement", "question"),
                    url_for("licences.questioning", statement_id=row.id),
                    method="get",
                )
            )
    return found
