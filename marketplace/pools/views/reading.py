"""Pages that everybody reads: the pools, one pool's map and conditions, and an offer."""

from __future__ import annotations

from flask import g, render_template, url_for

from marketplace.alliances.queries import get_alliance
from marketplace.approvals import service as approvals
from marketplace.kernel.call import OWNERS, Call
from marketplace.kernel.policy import YES, no
from marketplace.patents import queries as patents
from marketplace.patents.cards import Part, add_to_card
from marketplace.patents.models import Patent
from marketplace.pools import drawings, policy, queries
from marketplace.pools.models import PoolOffer, PoolRules
from marketplace.pools.views.blueprint import bp
from marketplace.pools.workflow import OFFER, RULES, OfferState
from marketplace.talent.queries import alliances
from marketplace.web import words
from marketplace.web.actions import Action, transition_actions
from marketplace.web.guards import PUBLIC, SIGNED_IN, access


@add_to_card
def pool_card(call: Call, patent: Patent) -> Part | None:
    """In which pool a patent is, and what the pool asks for it alone; on its way in, for those who may know."""
    row = queries.live_offer(patent.id)
    if row is None or not policy.may_see(call.actor, row):
        return None
    admitted = row.state is OfferState.ADMITTED
    takes = admitted and call.actor.has(*OWNERS) and patent.owner_id not in call.actor.organisations
    rules = queries.rules_of(row.alliance_id) if admitted else None
    return Part(
        "pools/on_card.html", {"offer": row, "rules": rules, "takes": takes, "opens": not call.actor.is_visitor}
    )


@bp.get("/pools")
@access(PUBLIC)
def index() -> str:
    rows = alliances()
    return render_template("pools/index.html", alliances=rows, sizes=queries.pool_sizes())


@bp.get("/pools/<int:alliance_id>")
@access(PUBLIC)
def show(alliance_id: int) -> str:
    alliance = get_alliance(g.call, alliance_id)
    offers = queries.pooled(alliance.id)
    actor = g.call.actor
    serves = bool(policy.may_serve(actor, alliance.id))
    heat = drawings.owners_map(offers)
    return render_template(
        "pools/show.html",
        alliance=alliance,
        offers=offers,
        rules=queries.rules_of(alliance.id),
        versions=[(row, _rules_actions(row)) for row in queries.versions_of(alliance.id)] if serves else [],
        waiting=queries.open_offers(actor, alliance.id),
        rows=drawings.expiry_map(offers, patents.today(g.call).year),
        year=patents.today(g.call).year,
        heat=heat,
        heat_rows=[
            [name, *(value or 0 for value in row)] for name, row in zip(heat["rows"], heat["values"], strict=True)
        ],
        owners=len({offer.patent.owner_id for offer in offers}),
        serves=serves,
        takes=actor.has(*OWNERS),
    )


@bp.get("/pool-offers/<int:offer_id>")
@access(SIGNED_IN)
def offer(offer_id: int) -> str:
    row = queries.get_offer(g.call, offer_id)
    inside = bool(policy.may_see_evaluation(g.call.actor, row))
    return render_template(
        "pools/offer.html",
        offer=row,
        inside=inside,
        evaluation=queries.evaluation_of(row.id) if inside else None,
        serves=bool(policy.may_serve(g.call.actor, row.alliance_id)),
        actions=_actions(row),
    )


def _actions(row: PoolOffer) -> list[Action]:
    """What the actor may do to an offer now."""
    actor = g.call.actor
    serves, owns, evaluates = (
        policy.may_serve(actor, row.alliance_id),
        policy.may_withdraw(actor, row),
        policy.may_evaluate(actor, row),
    )
    hidden = no("hidden")
    stood = {e.person_id for e in approvals.endorsements_of("pool_offer", row.id)}
    second = no("approvals.same_person") if actor.person in stood else YES
    posts = {
        "propose": (serves or hidden, lambda: url_for("pools.propose", offer_id=row.id)),
        "admit": (second if serves else hidden, lambda: url_for("pools.admit", offer_id=row.id)),
        "withdraw": (owns or hidden, lambda: url_for("pools.withdraw", offer_id=row.id)),
    }
    links = (("appoint", serves, "pools.appointment"), ("evaluate", evaluates, "pools.evaluation"),
             ("refuse", serves, "pools.refusal"), ("leave", owns, "pools.leaving"))  # fmt: skip
    found = [
        Action(
            words.event_label("pool_offer", event),
            url_for(endpoint, offer_id=row.id),
            method="get",
            kind="primary" if event == "evaluate" else "secondary",
        )
        for event, decision, endpoint in links
        if decision and OFFER.allows(row.state, event)
    ]
    return transition_actions(OFFER, row.state, posts, primary="admit") + found


def _rules_actions(row: PoolRules) -> list[Action]:
    own = row.proposed_by == g.call.actor.account
    offers = {
        "approve": (
            no("approvals.same_person") if own else YES,
            lambda: url_for("pools.approve_rules", rules_id=row.id),
        ),
        "refuse": (YES, lambda: url_for("pools.refuse_rules", rules_id=row.id)),
    }
    return transition_actions(RULES, row.state, offers, primary="approve")
