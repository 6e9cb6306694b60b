"""Shares as people type them: one holder a line, “李明 60%”, with an ORCID after it where there is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import BASIS, split
from marketplace.kernel.numbers import basis_points
from marketplace.patents import queries
from marketplace.patents.models import PatentShare
from marketplace.patents.terms import ShareTerms

_LINE = re.compile(
    r"^(?P<name>.+?)"
    r"(?:[\s,，:：]+(?P<share>[0-9０-９]{1,3}(?:[.．][0-9０-９]{1,2})?)\s*[%％]?)?"
    r"(?:[\s,，]+(?P<orcid>[0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]{3}[0-9Xx]))?$"
)
MOST = 60


def parse(text: str, field: str) -> tuple[ShareTerms, ...]:
    """Return the holders of ``text``; when no line names a share, all get the same. Invalid names the line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][: MOST + 1]
    found = [_holder(number, line, field) for number, line in enumerate(lines, 1)]
    if found and all(one.share == 0 for one in found):
        return tuple(replace(one, share=part) for one, part in zip(found, split(BASIS, [1] * len(found)), strict=True))
    for number, one in enumerate(found, 1):
        if one.share == 0:
            raise Invalid("patents.share_line", {"line": number}, field=field)
    return tuple(found)


def _holder(number: int, line: str, field: str) -> ShareTerms:
    matched = _LINE.match(line)
    if matched is None or len(matched["name"]) > 200 or set("%％") & set(matched["name"]):
        raise Invalid("patents.share_line", {"line": number}, field=field)
    share = basis_points(matched["share"]) if matched["share"] else 0
    return ShareTerms(matched["name"].strip(" ,，:："), share, orcid=_orcid(number, matched["orcid"], field))


def _orcid(number: int, text: str | None, field: str) -> str:
    """The check character is that of ISO 7064, mod 11-2."""
    if not text:
        return ""
    digits = text.replace("-", "").upper()
    try:
        mod_11_2.validate(digits)
    except ValidationError as error:
        raise Invalid("patents.orcid", {"line": number}, field=field) from error
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


def known(shares: Sequence[ShareTerms]) -> tuple[ShareTerms, ...]:
    """Return the shares with the member organisations among the holders recognised by their exact names."""
    resolved = []
    for one in shares:
        organisation = queries.find_organisation(one.name)
        resolved.append(replace(one, organisation_id=organisation.id) if organisation else one)
    return tuple(resolved)


def typed(rows: Sequence[PatentShare]) -> str:
    """Return the text that would give these shares."""
    return "\n".join(f"{holder(row)} {Decimal(row.share) / 100:f}% {row.orcid}".strip() for row in rows)


def holder(row: PatentShare) -> str:
    return row.organisation.name if row.organisation is not None else row.name
