"""A lazy module is the module itself, only later; a missing one is found at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from marketplace.kernel.lazy import LazyModule


def test_it_is_imported_at_its_first_use_only() -> None:
    program = (
        "import sys; from marketplace.kernel.lazy import LazyModule; words = LazyModule('wave'); "
        "assert 'wave' not in sys.modules; assert words.open; assert 'wave' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, capture_output=True).returncode == 0


def test_a_missing_one_is_refused_when_it_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        LazyModule("no_such_library")
