"""The garbage collector while many rows are read or written at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting_collector() -> Iterator[None]:
    """Let the collector of reference cycles rest: it would look at every loaded row again and again, and find nothing to free.

    Measured on a round of 1,000 orders and 3,000 bids: reading it takes half the time. It rests for the whole process; of
    threads that overlap, the first to end wakes it, which costs the others time and nothing else.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
