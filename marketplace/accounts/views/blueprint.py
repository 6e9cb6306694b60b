"""The room's blueprint, and who the header of every page says is reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, g, request, url_for
from flask_babel import lazy_gettext as _l

from marketplace.accounts import queries, words
from marketplace.kernel.call import STAFF, Actor, Role
from marketplace.web.words import label

bp = Blueprint("accounts", __name__)
bp.add_app_template_filter(words.device, "device")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the menu under the reader's name."""

    label: Any
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who the header shows; ``organisation`` is asked of the database only where a page shows it."""

    actor: Actor

    @property
    def name(self) -> str:
        return self.actor.name

    @property
    def organisation(self) -> str:
        """Staff read their roles here, everybody else their organisations."""
        staff = [label(role) for role in Role if role in self.actor.roles & STAFF]
        return " · ".join(staff or queries.organisation_names(self.actor.organisations).values())

    @property
    def links(self) -> list[Link]:
        links = [Link(_l("My account"), url_for("accounts.profile"), "user-circle")]
        if self.actor.has(Role.ADMINISTRATOR):
            links.append(Link(_l("People and roles"), url_for("accounts.people"), "users"))
        if current_app.extensions["config"].demo:
            links.append(Link(_l("Demo mailbox"), url_for("accounts.mailbox"), "mail"))
        return links

    @property
    def sign_out_url(self) -> str:
        return url_for("accounts.sign_out")


@bp.app_context_processor
def _header() -> dict[str, Any]:
    call = g.get("call")
    if call is not None and call.actor.account is not None:
        return {"account": Reader(call.actor)}
    return {"account": None, "sign_in_url": url_for("accounts.sign_in", next=_here())}


def _here() -> str | None:
    """Return the page to come back to after signing in, None for this room's own and for the results of forms."""
    if request.method != "GET" or request.endpoint is None or request.blueprint == "accounts":
        return None
    return request.full_path.rstrip("?")


def local_path(address: str | None) -> str | None:
    """Return ``address`` when it is a path of this site, None for anything that could lead elsewhere."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or any(ord(character) < 33 for character in address):
        return None
    return address
