"""An alliance with an enterprise, a university, and the command as people type it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from marketplace.organisations.models import Organisation
from tests.factories import Make


@dataclass
class Place:
    """Where files go: ``needs`` and ``capabilities`` write the bytes to a file and run the command over it."""

    folder: Path
    app: Flask
    enterprise: Organisation
    university: Organisation

    def _run(self, kind: str, data: bytes, ending: str, *options: str) -> Result:
        file = self.folder / f"input{ending}"
        file.write_bytes(data)
        return self.app.test_cli_runner().invoke(args=["import", kind, str(file), "--language", "en", *options])

    def needs(self, data: bytes, ending: str, *options: str) -> Result:
        owner = ("--alliance", "NM", "--organisation", self.enterprise.uscc)
        return self._run("needs", data, ending, *owner, *options)

    def capabilities(self, data: bytes, ending: str, *options: str) -> Result:
        return self._run("capabilities", data, ending, "--organisation", self.university.uscc, *options)


@pytest.fixture
def place(make: Make, app: Flask, tmp_path: Path) -> Place:
    alliance = make.alliance(code="NM")
    return Place(tmp_path, app, make.enterprise(alliance=alliance), make.university(name="东江大学"))
