"""Keep the Chinese catalogues complete: ``python tools/translations.py check|update|compile``.

Sentences are written in English in code and templates. Each room has a catalogue of its own,
``translations/zh_Hans_CN/LC_MESSAGES/<room>.po``; a sentence may be translated in any one of them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations" / "zh_Hans_CN" / "LC_MESSAGES"
METHODS = [("marketplace/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
OPTIONS = {"**": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "lazy_gettext": None, "_n": (1, 2)}
PLACE = re.compile(r"%\((\w+)\)[sd]")


def wanted() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield (room, sentence) for every sentence in the program."""
    found = extract_from_dir(str(ROOT), METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_ours)
    for path, _line, sentence, _comments, _context in found:
        parts = Path(path).parts
        room = parts[1] if len(parts) > 2 else "web"
        yield {"macros": "look", "db": "web"}.get(room, room), sentence


def _ours(folder: str | bytes) -> bool:
    return Path(str(folder)).name in {"marketplace", "templates"} or any(
        part in {"marketplace", "templates"} for part in Path(str(folder)).relative_to(ROOT).parts
    )


def catalogues() -> dict[str, Catalog]:
    """Return every room's catalogue."""
    read = {}
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            read[path.stem] = read_po(file, locale="zh_Hans_CN", domain=path.stem, abort_invalid=True)
    return read


def translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def missing() -> list[tuple[str, str | tuple[str, ...]]]:
    """Return (room, sentence) without a Chinese translation, in order."""
    known = catalogues()
    lacking = {}
    for room, sentence in wanted():
        key = sentence[0] if isinstance(sentence, tuple) else sentence
        if not any(translated(catalogue.get(key)) for catalogue in known.values()):
            lacking[room, sentence] = None
    return list(lacking)


def broken() -> list[str]:
    """Return what is wrong inside the catalogues: places such as %(name)s that differ from the sentence's."""
    wrong = []
    for room, catalogue in catalogues().items():
        for message in catalogue:
            if not message.id:
                continue
            ids = message.id if isinstance(message.id, (tuple, list)) else [message.id]
            strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
            places = {place for text in ids for place in PLACE.findall(text)}
            wrong += [
                f"{room}: {text!r} has other places than {ids[0]!r}"
                for text in strings
                if text and not set(PLACE.findall(text)) <= places
            ]
    return wrong


def update() -> None:
    """Add every untranslated sentence, with an empty translation, to its room's catalogue."""
    known = catalogues()
    changed = set()
    for room, sentence in missing():
        catalogue = known.setdefault(room, Catalog(locale="zh_Hans_CN", domain=room, project="Tripool"))
        catalogue.add(sentence)
        changed.add(room)
    for room in changed:
        with (FOLDER / f"{room}.po").open("wb") as file:
            write_po(file, known[room], omit_header=False, width=120, no_location=True, sort_output=True)


def compile_all() -> None:
    """Write the .mo files that the application reads."""
    for room, catalogue in catalogues().items():
        with (FOLDER / f"{room}.mo").open("wb") as file:
            write_mo(file, catalogue)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["check"]:
            lines = [f"{room}: not translated: {sentence!r}" for room, sentence in missing()] + broken()
            print("\n".join(lines) or "every sentence has a translation")
            return 1 if lines else 0
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
