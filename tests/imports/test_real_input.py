"""The main job from files to approved matches, on a small part of real needs and results."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.real_input import tell
from benchmarks.relevance_data import data_folder


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_thirty_real_needs_end_in_matches_that_two_officers_approved(tmp_path: Path) -> None:
    data = data_folder()
    if data is None or not (data / "technology_needs").is_dir():
        pytest.skip("no technology_needs: set TRIPOOL_DATA to the folder that holds it")
    report = tell(tmp_path, data, most_needs=30, most_results=600, teams=20, seconds=5)
    assert report.counts["orders taking bids"] + 2 >= report.counts["needs"] == 30
    assert report.counts["bids"] > 60
    assert report.counts["matched"] == report.counts["approved"] > 20
    assert report.counts["matched"] + report.unmatched.total() == report.counts["orders taking bids"]
    assert not report.refused
    assert "solved" in report.run
