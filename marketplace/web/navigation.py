"""The main menu: rooms add their entries, each shown to those whom its route admits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import lazy_gettext as _l

from marketplace.kernel.call import Actor
from marketplace.web.guards import access_of, admits

ENTRIES: tuple[tuple[str, Any, str], ...] = (
    ("home.dashboard", _l("My work"), "home"),
    ("orders.board", _l("Orders"), "clipboard"),
    ("talent.capabilities", _l("Capabilities"), "bulb"),
    ("patents.index", _l("Patents"), "certificate"),
    ("licences.index", _l("Licences"), "license"),
    ("defence.index", _l("Joint defence"), "shield-half"),
    ("bids.mine", _l("My bids"), "send"),
    ("rounds.index", _l("Rounds"), "route"),
    ("awards.notices", _l("Award notices"), "circle-check"),
    ("contracts.index", _l("Contracts"), "file-text"),
    ("funds.index", _l("Funds"), "coins"),
    ("insights.index", _l("Statistics"), "chart-bar"),
    ("alliances.index", _l("Alliances"), "users"),
    ("organisations.index", _l("Organisations"), "building"),
    ("audit.index", _l("Audit"), "shield"),
)
"""(endpoint, label, icon), in the order of the menu."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the menu; ``current`` marks the room the reader is in."""

    label: str
    url: str
    icon: str
    current: bool


def items() -> list[NavItem]:
    """Return the entries the present actor may open."""
    call = g.get("call")
    actor = call.actor if call else Actor.visitor()
    shown = []
    for endpoint, label, icon in ENTRIES:
        entry = access_of(current_app, endpoint) if endpoint in current_app.view_functions else None
        if entry is not None and admits(entry, actor):
            here = (request.endpoint or "").split(".")[0] == endpoint.split(".")[0]
            shown.append(NavItem(str(label), url_for(endpoint), icon, here))
    return shown


def install(app: Flask) -> None:
    @app.context_processor
    def _menu() -> dict[str, Any]:
        call = g.get("call")
        return {"nav_items": items(), "actor": call.actor if call else Actor.visitor()}
