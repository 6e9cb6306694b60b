"""Large libraries that few requests need: named when the program starts, loaded when first used."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any


class LazyModule:
    """Module ``name``, imported at the first use of one of its attributes.

    The import system's own lock makes that safe in threads; ``importlib.util.LazyLoader`` is not before Python 3.12.
    Raises ModuleNotFoundError at once when it is not installed: a missing package must not surprise a later visitor.
    """

    def __init__(self, name: str) -> None:
        if importlib.util.find_spec(name) is None:
            raise ModuleNotFoundError(f"no module named {name!r}", name=name)
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)
