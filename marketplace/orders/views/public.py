"""Pages for readers: the board, one order, its files."""

from __future__ import annotations

from flask import g, render_template, request
from werkzeug.wrappers import Response

from marketplace.kernel.call import ENTERPRISE, Call
from marketplace.kernel.fields import Field
from marketplace.orders import asking, board, inviting, lots, ndas, policy, queries, readiness, rulebook, words
from marketplace.orders.amending import questions_until
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of
from marketplace.orders.terms import BoardFilter
from marketplace.orders.timeline import timeline
from marketplace.orders.views.actions import order_actions, room_tabs
from marketplace.orders.views.blueprint import bp
from marketplace.orders.workflow import ORDER, ContractType
from marketplace.storage import service as storage
from marketplace.web.forms import plain
from marketplace.web.guards import PUBLIC, access
from marketplace.web.pages import paginate
from marketplace.web.words import label


@bp.get("/orders", endpoint="board")
@access(PUBLIC)
def show_board() -> str:
    """The public board."""
    wanted = _wanted()
    named = {word: _fields_named(word) for word in board.words_of(wanted.text)}
    return render_template(
        "orders/board.html",
        page=paginate(board.list_board(g.call.actor, wanted, g.call.now, named)),
        wanted=wanted,
        asked=request.args,
        choices=words.filter_choices(),
        is_open=board.is_open,
        alliances=board.alliances_on_board(),
        tabs=room_tabs(g.call.actor),
        may_order=g.call.actor.has(*ENTERPRISE),
    )


@bp.get("/orders/<int:order_id>")
@access(PUBLIC)
def show(order_id: int) -> str:
    """One order: what is wanted, on which terms, how far it is, what one may do."""
    order = queries.get_order(g.call, order_id)
    secret = queries.sees_confidential(g.call, order)
    return render_template(
        "orders/show.html",
        order=order,
        who_acts=words.who_acts(order, g.call.now),
        confidential=queries.confidential_text(order) if secret else None,
        attachments=queries.attachments_of(g.call, order),
        amendments=queries.amendments_of(order),
        moments=timeline(order),
        actions=order_actions(g.call, order),
        gaps=screening_gaps(g.call, order),
        questions=asking.questions_of(g.call, order),
        questions_until=questions_until(order, rules_of(order)) if asking.takes_questions(order, g.call.now) else None,
        may_answer=policy.is_own(g.call.actor, order),
        umbrella=lots.get_umbrella(g.call, order.lot_of) if order.lot_of else None,
        invited=inviting.of_actor(g.call, order) if queries.is_open(order, g.call.now) else [],
        has_secret=ndas.has_secret(order),
        retenders=queries.retenders(g.call, order),
        purpose=rulebook.PURPOSE[order.procedure],
        clauses=rulebook.clauses(order.procedure),
        contract_law=words.CONTRACT_LAW.get(order.contract_type) if order.contract_type else None,
        ip_law=words.IP_LAW.get(order.ip_wish) if order.ip_wish else None,
    )


def screening_gaps(call: Call, order: Order) -> list[readiness.Gap]:
    """Return what the readiness check finds, for a screener whose decision is due; nothing for others."""
    if not (ORDER.allows(order.state, "publish") and call.actor.serves(order.alliance_id)):
        return []
    return readiness.check(queries.sheet_of(order, queries.confidential_text(order)), call.now)


@bp.get("/orders/<int:order_id>/files/<int:file_id>")
@access(PUBLIC)
def attachment(order_id: int, file_id: int) -> Response:
    """A file of an order, for those who may read it."""
    return storage.send(queries.get_attachment(g.call, order_id, file_id))


def _wanted() -> BoardFilter:
    """Read the board's filters from the address; what makes no sense is ignored."""
    args = request.args
    return BoardFilter(
        text=plain(args.get("q", ""))[:100],
        fields=frozenset(f for f in Field if f.value in args.getlist("field")),
        alliance=_number(args.get("alliance", "")),
        stage=args.get("stage", "") if args.get("stage") in board.STAGES else "",
        contract_type=next((c for c in ContractType if c.value == args.get("contract")), None),
        price=board.PRICES.get(args.get("price", "")),
        sort=args.get("sort", "") if args.get("sort") in board.SORTS else board.SORTS[0],
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _fields_named(word: str) -> frozenset[Field]:
    return frozenset(field for field in Field if word.casefold() in label(field).casefold())
