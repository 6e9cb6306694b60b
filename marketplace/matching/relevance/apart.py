"""Work on a second core: one thread that stays, for what runs without holding up the interpreter."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

Result = TypeVar("Result")


def apart(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin `work` on the other thread and return what gives its result; on a single core it is done when asked for.

    Whoever asks before the thread has begun does the work alone: nobody waits behind somebody else's.
    """
    if cores() < 2:
        return work
    begun = _thread(os.getpid()).submit(work)
    return lambda: work() if begun.cancel() else begun.result()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=1)
def _thread(_process: int) -> ThreadPoolExecutor:
    """Return the thread of this process: one that a fork left behind would never answer."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="relevance")
