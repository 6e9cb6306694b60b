"""What the keys of a problem are called: names of orders, teams and funds, read in one statement each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.funds.models import Fund
from marketplace.orders.models import Order
from marketplace.rounds.keys import quarter_of, row_of
from marketplace.talent.models import Team
from marketplace.web.filters import in_language


@dataclass
class Names:
    """Names by key; a key whose row is gone is shown as it is."""

    _known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, keys: Iterable[str]) -> Names:
        """Read the names of all ``keys`` (see ``keys``); others, such as groups, are left to ``group_name``."""
        wanted = {key for key in keys if key[:1] in "obtf" and key[1:2].isdigit()}
        names = cls()
        for letter, (model, attribute) in _MODELS.items():
            ids = {row_of(key) for key in wanted if key.startswith(letter)}
            if ids:
                rows = db.session.execute(select(model.id, model).where(model.id.in_(ids)))
                names._known.update({f"{letter}{key}": in_language(row, attribute) for key, row in rows})
        teams = {row_of(key) for key in wanted if key.startswith("t")}
        if teams:
            of = joinedload(Team.organisation)
            told = team_names(db.session.scalars(select(Team).where(Team.id.in_(teams)).options(of)))
            names._known.update({f"t{key}": name for key, name in told.items()})
        bids = {row_of(key) for key in wanted if key.startswith("b")}
        if bids:
            of = joinedload(Bid.team).joinedload(Team.organisation)
            found = db.session.scalars(select(Bid).where(Bid.id.in_(bids)).options(of)).all()
            told = team_names(bid.team for bid in found)
            names._known.update({f"b{bid.id}": told[bid.team_id] for bid in found})
        return names

    def __getitem__(self, key: str) -> str:
        """The row's name, for a team with its quarter."""
        whole, quarter = key.partition("@")[0], quarter_of(key)
        name = self._known.get(whole, key)
        return f"{name} ({quarter})" if quarter and whole.startswith("t") else name

    def listed(self, keys: Iterable[str]) -> str:
        """Return the names in a row, each once, a few at most."""
        names = list(dict.fromkeys(self[key] for key in keys))
        shown = _(", ").join(names[:MOST_LISTED])
        return str(shown if len(names) <= MOST_LISTED else _("%(names)s and others", names=shown))


MOST_LISTED = 4
_Named = type[Order] | type[Fund]
_MODELS: dict[str, tuple[_Named, str]] = {"o": (Order, "title"), "f": (Fund, "name")}


def team_names(teams: Iterable[Team]) -> dict[int, str]:
    """Return the name of each team by id; teams of one name are told apart by their institutions."""
    known = {team.id: team for team in teams}
    held = Counter(in_language(team) for team in known.values())
    return {
        key: name
        if held[name := in_language(team)] == 1
        else _("%(team)s (%(institution)s)", team=name, institution=in_language(team.organisation))
        for key, team in known.items()
    }


def group_name(group: str) -> str:
    """What a group of orders is called in the rules."""
    if group == "sme":
        return str(_("orders of small and medium enterprises"))
    if group == "first_timer":
        return str(_("orders of enterprises that order for the first time"))
    return str(_("orders of the alliance %(code)s", code=group.partition(":")[2]))
