"""A patent as an owner types it, and shortcuts of these tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from marketplace.accounts.models import Account
from marketplace.kernel.fields import Field
from marketplace.kernel.patents import check_digit
from marketplace.organisations.models import Organisation
from marketplace.patents import service
from marketplace.patents.models import Patent
from marketplace.patents.terms import PatentTerms
from marketplace.patents.workflow import PatentKind
from tests.factories import Make

_KINDS = {PatentKind.INVENTION: "1", PatentKind.UTILITY: "2", PatentKind.DESIGN: "3"}


def number(serial: int, kind: PatentKind = PatentKind.INVENTION, year: int = 2020) -> str:
    digits = f"{year}{_KINDS[kind]}{serial:07d}"
    return f"{digits}.{check_digit(digits)}"


def terms(serial: int = 1, **values: Any) -> PatentTerms:
    kind = values.get("kind", PatentKind.INVENTION)
    fields: dict[str, Any] = {
        "number": number(serial, kind),
        "kind": kind,
        "title": f"一种水性防腐涂料 {serial}",
        "title_en": f"Waterborne coating {serial}",
        "field": Field.CHEMISTRY,
        "filed_on": date(2020, 3, 15),
        "published_on": date(2021, 9, 15),
        "granted_on": date(2023, 5, 9),
        "ipc": "C09D 5/08",
        "abstract": "以硅烷与石墨烯构成的水性防腐涂层。",
    }
    return PatentTerms(**{**fields, **values})


def patent(make: Make, owner: Account, organisation: Organisation, serial: int = 1, **values: Any) -> Patent:
    return service.register_patent(make.call(owner), organisation.id, terms(serial, **values))


def secret(**values: Any) -> dict[str, Any]:
    """An application that nobody disclosed yet."""
    return {"published_on": None, "granted_on": None, "filed_on": date(2026, 6, 1), "title": "机密方案", **values}
