"""How long 10,000 patents take into the register, and what malformed files leave: ``python -m benchmarks.patent_import``.

Every file goes through ``flask import patents … --apply`` as a person types it, over a database of its own. Exit code 1 when a
kind of file needs more than LIMIT seconds by the clock, when a refusal has no clear sentence, or when a refused file left a row.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from marketplace.app import create_app
from marketplace.audit.models import AuditRecord
from marketplace.config import Config
from marketplace.db.base import db
from marketplace.kernel.clock import fixed_clock
from marketplace.patents.models import Patent, PatentEvent, PatentShare
from marketplace.search.models import SearchEntry
from tests.factories import Make
from tests.imports.patent_files import ST36, by_chance, by_hand, number, record, sheet, table

LIMIT = 30
FIRST = 100_000
"""Serial numbers above those of the broken files, of which a few make sense and are imported."""
NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
_BEGIN, _END = ST36.index("<exchange-document country"), ST36.index("</exchange-documents>")


def documents(serials: range) -> bytes:
    """Return an ST.36 file of as many exchange documents, numbers without check digit as such files have them."""
    one = ST36[_BEGIN:_END].replace("<p>涂层。</p>", f"<p>{'一种含硅烷的水性防腐涂层。' * 20}</p>")
    body = "".join(one.replace("201910000001", number(n).partition(".")[0]) for n in serials)
    return (ST36[:_BEGIN] + body + ST36[_END:]).encode()


def records(serials: range) -> list[list[str]]:
    return [record(n) for n in serials]


MAKERS: dict[str, Callable[[range], bytes]] = {
    ".csv": lambda serials: table(*records(serials)),
    ".xlsx": lambda serials: sheet(*records(serials)),
    ".xml": documents,
}


def rows() -> int:
    kinds = (Patent, PatentShare, PatentEvent, SearchEntry, AuditRecord)
    return sum(db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)


class Bench:
    def __init__(self, app: Flask, folder: Path, uscc: str) -> None:
        self._app, self._folder, self._uscc = app, folder, uscc

    def bring(self, data: bytes, ending: str) -> tuple[int, str]:
        """Run the command; return its exit code and what it said."""
        file = self._folder / f"input{ending}"
        file.write_bytes(data)
        arguments = ["import", "patents", str(file), "--organisation", self._uscc, "--language", "en", "--apply"]
        result = self._app.test_cli_runner().invoke(args=arguments)
        crashed = result.exception is not None and not isinstance(result.exception, SystemExit)
        return (99 if crashed else result.exit_code), result.output + result.stderr

    def large(self, count: int) -> bool:
        """Import ``count`` patents of each kind of file and say how long it took."""
        fine = True
        for at, (ending, make) in enumerate(MAKERS.items()):
            data = make(range(FIRST + at * count, FIRST + (at + 1) * count))
            wall, own = time.perf_counter(), time.process_time()
            code, said = self.bring(data, ending)
            wall, own = time.perf_counter() - wall, time.process_time() - own
            fine = fine and code == 0 and wall <= LIMIT
            size = len(data) // 1024
            print(
                f"{count:,} patents from {ending} ({size:,} KiB): {wall:.1f} s, processor {own:.1f} s; {said.strip()[-60:]}"
            )
        return fine

    def malformed(self, least: int) -> bool:
        """Bring broken files until ``least`` were refused; each refusal must name a rule and leave nothing."""
        said: Counter[str] = Counter()
        whole = wrong = 0
        for name, ending, data in self._broken():
            before = rows()
            code, text = self.bring(data, ending)
            db.session.rollback()
            after = rows()
            if code == 0:
                whole += 1
                continue
            clear = (
                code in {1, 2} and "Nothing was imported." in text and "[" in text and "This cannot be done" not in text
            )
            if not clear or after != before:
                wrong += 1
                print(f"{name}{ending}: code {code}, {after - before} rows, {text[:200]}")
            said[text[text.find("[") + 1 : text.find("]")] if clear else "unclear"] += 1
            if said.total() >= least:
                break
        print(
            f"{said.total()} malformed files refused, {wrong} unclear or half-imported; {whole} damaged ones made sense"
        )
        print("first rule named: " + ", ".join(f"{code} {times}" for code, times in said.most_common()))
        return wrong == 0 and said.total() >= least

    @staticmethod
    def _broken() -> Iterator[tuple[str, str, bytes]]:
        yield from by_hand()
        yield from by_chance(5_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patents", type=int, default=10_000)
    parser.add_argument("--malformed", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder), database_url=f"sqlite:///{folder}/import.db", secret_key="benchmark")
        app = create_app(config, fixed_clock(NOW))
        with app.app_context():
            db.create_all()
            bench = Bench(app, Path(folder), Make(lambda: NOW).university(name="东江大学").uscc)
            small = bench.malformed(given.malformed)
            fine = bench.large(given.patents) and small
            db.session.remove()
            db.engine.dispose()
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
