"""What studies found, as the rows of pages: names instead of keys, sentences instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from marketplace.rounds import sentences, told
from marketplace.rounds.answers import answer_of, bids_by_key
from marketplace.rounds.keys import row_of
from marketplace.rounds.models import Run, Study
from marketplace.rounds.names import Names
from marketplace.rounds.workbench import score_parts
from marketplace.rounds.workflow import StudyKind, StudyState
from marketplace.web.filters import money, number


def _(text: str, **values: object) -> str:
    """``gettext`` with a type; the name is what the catalogue's tool looks for."""
    return str(gettext(text, **values))


Studies = Mapping[tuple[StudyKind, str], Study]


@dataclass(frozen=True)
class Finding:
    """One study on a page: the study itself (None = never asked) and the rows of its answer (empty until there is one)."""

    study: Study | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        return self.study is not None and self.study.state is StudyState.DONE

    @property
    def waits(self) -> bool:
        return self.study is not None and self.study.state in {StudyState.WAITING, StudyState.RUNNING}

    @property
    def failed(self) -> bool:
        return self.study is not None and self.study.state is StudyState.FAILED

    @property
    def result(self) -> Mapping[str, Any]:
        return (self.study.result or {}) if self.study is not None else {}


def ties(study: Study | None) -> Finding:
    """How many bids are in every, some or no best answer; the equal ones by name; pairs that would both rather."""
    result = (study.result or {}) if study is not None else {}
    equals, rather = result.get("equals", []), result.get("blocking", [])
    keys = {row["offer"] for row in [*equals, *rather]} | {key for row in rather for key in row["displaced"]}
    bids = bids_by_key(keys)

    def name(key: str) -> str:
        return told.bid_name(bids[key]) if key in bids else key

    return Finding(
        study,
        [{"key": row["offer"], "name": name(row["offer"]), "chosen": row["chosen"]} for row in equals],
        {
            "counts": {share: len(result.get(share, [])) for share in ("every", "some", "none", "unknown")},
            "rather": [
                {**row, "name": name(row["offer"]), "others": [name(k) for k in row["displaced"]]} for row in rather
            ],
        },
    )


def rules(study: Study | None) -> Finding:
    listed = ((study.result or {}) if study is not None else {}).get("rules", [])
    names = Names.of(told.rule_keys(listed))
    rows = [{**row, "name": told.rule(row, names), "keys": " ".join(row["keys"])} for row in listed]
    dear = [row for row in rows if row["value"] > 0]
    return Finding(study, rows, {"dear": dear, "cheap": [row for row in rows if row["value"] <= 0]})


def levers(study: Study | None) -> Finding:
    listed = ((study.result or {}) if study is not None else {}).get("levers", [])
    names = Names.of({row["of"] for row in listed})
    return Finding(study, [{**row, "sentence": told.lever(row, names)} for row in listed])


def replay(study: Study | None) -> Finding:
    return Finding(study)


def order_in(run: Run, key: str) -> Mapping[str, Any] | None:
    """An order of the run's problem with its name, None when it did not take part."""
    order = next((each for each in (run.problem or {}).get("orders", []) if each["id"] == key), None)
    return None if order is None else {**order, "name": Names.of([key])[key], "row": row_of(key)}


def orders_of(run: Run, studies: Studies) -> list[dict[str, Any]]:
    """Every order of the run with whether "why" is answered: the way to each explanation."""
    answer = answer_of(run)
    keys = [order["id"] for order in answer.problem.get("orders", [])]
    names, pairs = Names.of(keys), answer.pairs
    teams = Names.of(pairs.values())
    return [
        {
            "id": row_of(key),
            "name": names[key],
            "team": teams[pairs[key]] if key in pairs else "",
            "answered": (found := studies.get((StudyKind.WHY, key))) is not None and found.state is StudyState.DONE,
        }
        for key in keys
    ]


def why(run: Run, key: str, study: Study | None) -> Finding:
    """Every bid of an order: its score, what it lacked, and the single changes that would have won; what binds the order."""
    result = (study.result or {}) if study is not None else {}
    sheets = (run.scores or {}).get("bids", {})
    offers = {o["id"]: o for o in (run.problem or {}).get("offers", []) if o["order"] == key}
    bids = bids_by_key(offers)
    found = {row["offer"]: row for row in result.get("offers", [])}
    names = Names.of(_keys(result))
    chosen = answer_of(run).pairs.get(key)
    rows = [
        {
            "bid": bids.get(offer_id),
            "key": offer_id,
            "sheet": sheets.get(offer_id, {}),
            "parts": score_parts(sheets.get(offer_id, {})),
            "price": offer["price"],
            "value": offer["value"],
            "chosen": offer_id == chosen,
            "reason": _reason(found.get(offer_id), names),
            "ways": [told.would_win(each, names) for each in found.get(offer_id, {}).get("changes", [])],
            "short": found.get(offer_id, {}).get("short"),
        }
        for offer_id, offer in sorted(offers.items(), key=lambda each: (each[0] != chosen, -each[1]["value"], each[0]))
    ]
    more = {
        "matched": chosen is not None,
        "loss": result.get("loss"),
        "ways": [told.would_win(each, names) for each in result.get("changes", [])],
        "binding": [_binding(each, names) for each in result.get("binding", [])],
        "why": _unmatched(run, key),
    }
    return Finding(study, rows, more)


def _unmatched(run: Run, key: str) -> str:
    told_ = next((each for each in (run.solution or {}).get("unmatched", []) if each["order"] == key), None)
    if told_ is None:
        return ""
    row = _Told(told_["reason"], told_["by"], told_["needs"])
    return sentences.unmatched(row, Names.of({*row.by, *row.needs}))


@dataclass(frozen=True, slots=True)
class _Told:
    """A reason as the solution has it: what ``sentences.unmatched`` reads."""

    reason: str
    by: list[str]
    needs: dict[str, int]


def _reason(row: Mapping[str, Any] | None, names: Names) -> str:
    """What a bid lacked beside the answer as it stands."""
    if row is None or row["chosen"]:
        return ""
    if row["forbidden"]:
        return _("It was kept out of the round by hand.")
    lacks = [sentences.need(key, days, names) for key, days in sorted(row.get("days", {}).items())]
    if row.get("own"):
        lacks.append(_("%(amount)s of money beside the other matches", amount=money(row["own"])))
    if lacks:
        return _("Beside the other matches it lacks %(needs)s.", needs=_(" and ").join(lacks))
    if row.get("short"):
        return _("The round as a whole is worth %(points)s points more without it.", points=number(row["short"] - 1))
    return _("Another bid of the order is worth more to the round.")


def _binding(row: Mapping[str, Any], names: Names) -> str:
    if row["kind"] == "capacity":
        values = {"team": names[row["of"]], "used": number(row["used"]), "most": number(row["most"])}
        return _("%(team)s is full: %(used)s of %(most)s person-days are taken.", **values)
    if row["kind"] == "budget":
        return _("%(fund)s is used up: all %(most)s are given.", fund=names[row["of"]], most=money(row["most"]))
    return _("The enterprise gives all of its own %(most)s.", most=money(row["most"]))


def _keys(result: Mapping[str, Any]) -> Iterable[str]:
    rows = result.get("offers", [])
    listed = [*result.get("changes", []), *result.get("binding", []), *(c for row in rows for c in row["changes"])]
    keys = {key for each in listed for key in (each["of"], *each.get("keys", ()))}
    return keys | {key for row in rows for key in row.get("days", {})}
