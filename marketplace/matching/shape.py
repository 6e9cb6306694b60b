"""Reading decoded JSON strictly: every complaint is one line that names the place."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path


class BadProblem(ValueError):
    """The input cannot be read; str() is one clear line naming the place, e.g. `offers[17].price: -5 is below 0`."""


def read_json(path: Path) -> object:
    """Decode a UTF-8 JSON file; raises BadProblem when it is missing, not JSON, or repeats a key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadProblem(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise BadProblem(f"{path}: not UTF-8 at byte {error.start}") from None
    try:
        return json.loads(text, object_pairs_hook=_once)
    except BadProblem as error:
        raise BadProblem(f"{path}: {error}") from None
    except json.JSONDecodeError as error:
        raise BadProblem(f"{path}: not JSON at line {error.lineno} column {error.colno}: {error.msg}") from None
    except (ValueError, RecursionError):
        # Python refuses integers of more than 4300 digits and nesting deeper than its stack.
        raise BadProblem(f"{path}: not JSON this program can hold") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise BadProblem(f"key {key!r} is given twice")
        found[key] = value
    return found


def mapping(value: object, at: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadProblem(f"{at}: {told(value)} is not an object")
    return value


def rows(top: Mapping[str, object], name: str) -> Iterator[Row]:
    """The rows of a list of objects; an absent list is empty."""
    for i, row in enumerate(_list(top.get(name), name)):
        yield Row(mapping(row, f"{name}[{i}]"), f"{name}[{i}]")


@dataclass(frozen=True, slots=True)
class Row:
    """One JSON object and where it stands; a getter per kind of value."""

    data: Mapping[str, object]
    at: str

    def text(self, key: str) -> str:
        if key not in self.data:
            raise BadProblem(f"{self.at}.{key}: missing")
        return _text(self.data[key], f"{self.at}.{key}")

    def optional_text(self, key: str) -> str | None:
        return None if self.data.get(key) is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...] | None:
        if self.data.get(key) is None:
            return None
        at = f"{self.at}.{key}"
        return tuple(_text(each, f"{at}[{i}]") for i, each in enumerate(_list(self.data[key], at)))

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number; an absent key gives the default, null never does."""
        if key not in self.data:
            if default is None:
                raise BadProblem(f"{self.at}.{key}: missing")
            return default
        return _whole(self.data[key], f"{self.at}.{key}")

    def optional_whole(self, key: str) -> int | None:
        return None if self.data.get(key) is None else self.whole(key)

    def optional_fraction(self, key: str) -> Fraction | None:
        """A number exactly as it was written; NaN and infinities are refused."""
        value = self.data.get(key)
        return None if value is None else Fraction(repr(_finite(value, f"{self.at}.{key}")))

    def numbers(self, key: str) -> dict[str, float]:
        found = mapping(self.data.get(key) or {}, f"{self.at}.{key}")
        return {name: float(_finite(each, f"{self.at}.{key}.{name}")) for name, each in found.items()}

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise BadProblem(f"{self.at}.{key}: {told(value)} is not true or false")
        return value

    def amounts(self, key: str) -> dict[str, int]:
        if self.data.get(key) is None:
            return {}
        found = mapping(self.data[key], f"{self.at}.{key}")
        return {name: _whole(amount, f"{self.at}.{key}.{name}") for name, amount in found.items()}

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        at = f"{self.at}.{key}"
        found = []
        for i, pair in enumerate(_list(self.data.get(key), at)):
            both = _list(pair, f"{at}[{i}]")
            if len(both) != 2:
                raise BadProblem(f"{at}[{i}]: {told(pair)} is not a pair")
            found.append((_text(both[0], f"{at}[{i}][0]"), _text(both[1], f"{at}[{i}][1]")))
        return tuple(found)

    def rows(self, key: str) -> Iterator[Row]:
        at = f"{self.at}.{key}"
        for i, row in enumerate(_list(self.data.get(key), at)):
            yield Row(mapping(row, f"{at}[{i}]"), f"{at}[{i}]")

    def refuse_unknown(self, concerns: Callable[[str], bool], known: set[str], kind: str) -> None:
        for key in self.data:
            if concerns(key) and key not in known:
                raise BadProblem(f"{self.at}.{key}: unknown {kind}")


def told(value: object) -> str:
    """A value as it can be shown inside one line."""
    text = json.dumps(value, ensure_ascii=True, default=repr)
    return text if len(text) <= 40 else text[:37] + "..."


def _list(value: object, at: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadProblem(f"{at}: {told(value)} is not a list")
    return value


def _text(value: object, at: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadProblem(f"{at}: {told(value)} is not a non-empty string")
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise BadProblem(f"{at}: {told(value)} holds half a character")
    return value


def _whole(value: object, at: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadProblem(f"{at}: {told(value)} is not a whole number")
    return value


def _finite(value: object, at: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadProblem(f"{at}: {told(value)} is not a number")
    return value
