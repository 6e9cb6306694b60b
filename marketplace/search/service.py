"""What happens to the index of site search as a whole; single changes follow their subjects by themselves."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.search import indexing


@use_case
def rebuild(call: Call) -> dict[str, int]:
    """Make every entry anew, in one transaction: readers see the old index until the new one is whole."""
    counted = indexing.rebuild()
    audit.record(call, "search.rebuild", "system", None, counted)
    return counted
