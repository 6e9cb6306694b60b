"""One switch for compiled code: numba where it is installed, the same functions interpreted where it is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

try:
    import numba
except ImportError:  # numba is a speed-up, never a requirement
    numba = None  # type: ignore[assignment]

# NUMBA_DISABLE_JIT is numba's own switch; honouring it lets one environment variable choose the plain path everywhere.
AVAILABLE = numba is not None and os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")
if AVAILABLE and not os.environ.get("NUMBA_CACHE_DIR"):
    # A compiled function is cached by its own file alone, though it contains what it calls: so every state of these files
    # gets a folder of its own, and one that can be written wherever the package itself lies.
    _SOURCES = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    _STATE = sha256(b"".join(source for source in _SOURCES if b"@compiled" in source)).hexdigest()[:16]
    _HOME = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    numba.config.CACHE_DIR = str(  # type: ignore[attr-defined]
        _HOME / "tripool-matching" / _STATE
    )
CHUNKS = 8  # a fixed number, so that no result depends on how many threads there are


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` once per machine (cached on disk, runs without the interpreter's lock), or leave it as it is.

    No fast-math: the interpreted and the compiled function give the same bits.
    """
    if not AVAILABLE:
        return function
    ready: Callable[P, R] = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return ready


def in_chunks(work: Callable[[int, int], Any], count: int, threads: int) -> list[Any]:
    """work(begin, end) over a fixed division of range(count); results in order whatever the number of threads."""
    edges = [count * chunk // CHUNKS for chunk in range(CHUNKS + 1)]
    parts = [(begin, end) for begin, end in pairwise(edges) if end > begin]
    if threads < 2 or not AVAILABLE or count < 2_000:
        return [work(begin, end) for begin, end in parts]
    return list(_pool(threads).map(lambda part: work(*part), parts))


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Threads kept from call to call, because a step of the dual takes only milliseconds."""
    return ThreadPoolExecutor(threads)


os.register_at_fork(after_in_child=_pool.cache_clear)  # a forked process has none of these threads
