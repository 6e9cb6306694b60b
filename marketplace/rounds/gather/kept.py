"""Compared texts kept between runs: opened plans do not change, so the seconds of comparing them are spent once.

What is kept is found by the fingerprint of everything that was compared; any change of any text means comparing anew, and so
do new vectors of texts and new weights, which the same texts fit differently with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.approvals.service import content_hash
from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.rounds.gather.fit import OrderFit, Piece, PlanFit, TeamFit, Texts, read_by
from marketplace.rounds.models import ComparedTexts

EVIDENCE = 3
"""Telling pieces kept per team: what a candidate's row names."""


def fingerprint(texts: Texts) -> str:
    """Of the comparison of all the orders together."""
    vectors = sorted(f"{encoder}:{key}" for encoder, of in texts.vectors.items() for key in of)
    orders = {str(key): text for key, text in texts.orders.items()}
    return content_hash({**_common(texts), "orders": orders, "vectors": vectors})


def fingerprints(texts: Texts) -> dict[int, str]:
    """Of the comparison of each order alone, by its id: what they share is read once, and a vector counts where it is used.

    It is asked each minute for every open order, mostly when nothing changed.
    """
    shared = [*texts.plans.values(), *(piece.text for piece in texts.pieces)]
    encoders = sorted(name for name, of in texts.vectors.items() if of)
    common = content_hash({**_common(texts), "encoders": encoders, "vectors": read_by(shared, texts.vectors)})
    return {key: content_hash([common, text, read_by([text], texts.vectors)]) for key, text in texts.orders.items()}


def _common(texts: Texts) -> dict[str, Any]:
    return {
        "plans": dict(texts.plans),
        "own": {str(key): list(own) for key, own in texts.own.items()},
        "pieces": [asdict(piece) for piece in texts.pieces],
        "year": texts.year,
        "weights": texts.weights,
    }


def is_known(round_id: int, fingerprint_: str) -> bool:
    """Whether these very texts were compared for this round before."""
    found = select(ComparedTexts.texts_hash).where(ComparedTexts.round_id == round_id)
    return db.session.scalar(found) == fingerprint_


def recall(round_id: int, fingerprint_: str) -> dict[int, OrderFit] | None:
    """What comparing these very texts gave, None when they were not compared."""
    row = db.session.get(ComparedTexts, round_id, populate_existing=True)
    return from_json(row.fits) if row is not None and row.texts_hash == fingerprint_ else None


def keep(round_id: int, fingerprint_: str, fits: Mapping[int, OrderFit], now: datetime) -> None:
    """Replace what is kept for the round: bookkeeping that anybody could compute again."""
    values = {"texts_hash": fingerprint_, "fits": to_json(fits), "made_at": now}
    if execute_alone(update(ComparedTexts).where(ComparedTexts.round_id == round_id).values(**values)):
        return
    try:
        execute_alone(insert(ComparedTexts).values(round_id=round_id, **values))
    except IntegrityError:
        return  # another worker was faster; both compared the same


def to_json(fits: Mapping[int, OrderFit]) -> dict[str, Any]:
    """Teams without words are kept by their score alone: nobody is told anything else of them."""
    return {
        str(order): {
            "plans": {key: [plan.score, list(plan.words)] for key, plan in fit.plans.items()},
            "texts": [fit.texts, fit.unread],
            "teams": {
                str(key): [team.score, list(team.words), [[p.capability_id, p.title] for p in team.pieces[:EVIDENCE]]]
                if team.words
                else [team.score]
                for key, team in fit.teams.items()
            },
        }
        for order, fit in fits.items()
    }


def from_json(kept: Mapping[str, Any]) -> dict[int, OrderFit]:
    return {
        int(order): OrderFit(
            {key: PlanFit(score, tuple(words)) for key, (score, words) in each["plans"].items()},
            {int(key): _team(int(key), told) for key, told in each["teams"].items()},
            *each.get("texts", (0, 0)),
        )
        for order, each in kept.items()
    }


def _team(key: int, told: list[Any]) -> TeamFit:
    words, pieces = (told[1], told[2]) if len(told) > 1 else ((), ())
    return TeamFit(key, told[0], tuple(Piece(capability, key, title) for capability, title in pieces), tuple(words))
