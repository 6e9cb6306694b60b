"""ORCID iDs: sixteen characters whose last is a check digit after ISO/IEC 7064, MOD 11-2."""

from __future__ import annotations

import re
import unicodedata

from stdnum.iso7064 import mod_11_2

from marketplace.kernel.errors import Invalid

_FORM = re.compile(r"^[0-9]{15}[0-9X]$")


def orcid(text: str) -> str:
    """Return ``text`` as 0000-0002-1825-0097; addresses of the registry and spaces are allowed.

    Raises Invalid ``talent.orcid`` for another form and ``talent.orcid_digit`` for a wrong check digit.
    """
    compact = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper().rsplit("/", 1)[-1]
    if not _FORM.match(compact):
        raise Invalid("talent.orcid", {"number": text}, field="orcid")
    if not mod_11_2.is_valid(compact):
        right = mod_11_2.calc_check_digit(compact[:-1])
        raise Invalid("talent.orcid_digit", {"number": text, "right": right}, field="orcid")
    return "-".join(compact[place : place + 4] for place in range(0, 16, 4))
