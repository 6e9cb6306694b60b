"""Deny by default: every route says who may come in, and the application refuses to start when one does not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Forbidden
from marketplace.web import expired

V = TypeVar("V", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed_in"
Entry = frozenset[str]


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address: a number no row can have leads nowhere, instead of to a database that refuses it."""

    def __init__(self, url_map: Map, **kwargs: Any) -> None:
        super().__init__(url_map, **{"max": 2**31 - 1, **kwargs})


def access(*who: str) -> Callable[[V], V]:
    """Declare who may call a view: ``PUBLIC``, ``SIGNED_IN`` or some roles. The service still checks the object."""
    if not who:
        raise ValueError("name at least one of PUBLIC, SIGNED_IN or a role")

    def mark(view: V) -> V:
        view.__dict__["access"] = frozenset(who)
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> Entry | None:
    """Return the declared access of an endpoint, None when it has none."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return frozenset({PUBLIC})
    return cast("Entry | None", getattr(app.view_functions[endpoint], "access", None))


def admits(entry: Entry, actor: Actor) -> bool:
    """Return whether ``actor`` passes the door (the object inside has a lock of its own)."""
    if PUBLIC in entry:
        return True
    if actor.is_visitor:
        return False
    return SIGNED_IN in entry or any(role in entry for role in actor.roles)


def install(
    app: Flask, load_actor: Callable[[], Actor], now: Callable[[], Any], ask_who: Callable[[], Response | None]
) -> None:
    """Check that every route is declared, and put the call on ``g`` before each request.

    ``ask_who`` lets a visitor who sent a form sign in on the way: it answers with a page, or with None and a new ``g.call``.
    Raises RuntimeError naming the routes that nobody declared.
    """
    undeclared = sorted(e for e in app.view_functions if access_of(app, e) is None)
    if undeclared:
        raise RuntimeError(f"routes without @access: {', '.join(undeclared)}")

    @app.before_request
    def _enter() -> Response | None:
        actor = Actor.visitor() if request.endpoint == "static" else load_actor()
        g.call = Call(actor=actor, now=now(), request_id=uuid.uuid4().hex[:16])
        g.call = replace(g.call, reads_only=not expired.has_living_token())
        entry = access_of(current_app, request.endpoint) if request.endpoint else frozenset({PUBLIC})
        if entry is not None and actor.is_visitor and not admits(entry, actor) and _is_form():
            answer = ask_who()
            if answer is not None:
                return answer
        return _at_the_door(entry, g.call.actor)


def _is_form() -> bool:
    """Whether somebody typed this on a page of ours: it must not be lost because a session ended meanwhile."""
    return request.method not in expired.SAFE and expired.sent_from_here()


def _at_the_door(entry: Entry | None, actor: Actor) -> Response | None:
    if entry is not None and admits(entry, actor):
        return None
    if actor.is_visitor:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=back), 303)
    raise Forbidden("role_needed")


def roles_in(entry: Entry) -> frozenset[Role]:
    """Return the roles an entry names."""
    return frozenset(role for role in Role if role in entry)
