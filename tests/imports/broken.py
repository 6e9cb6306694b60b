"""Files that strangers break, made rather than stored: name, ending and bytes of each."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator

GOOD = {"id": "n1", "title": "防护涂层", "content": "设备表面在潮湿环境中三个月内开始锈蚀。"}
HEADER = "id,title,content\n"
SHEET = "xl/worksheets/sheet1.xml"
Broken = tuple[str, str, bytes]


def line(**values: object) -> bytes:
    return json.dumps({**GOOD, **values}, ensure_ascii=True).encode() + b"\n"


def workbook(*rows: list[str], cell: str = "", **parts: bytes) -> bytes:
    """A minimal workbook with inline texts; ``cell`` is added as raw XML, ``parts`` replace or add parts by short name."""
    xml = ["<sheetData>"]
    for n, row in enumerate(rows, 1):
        texts = (f'<c r="{chr(65 + i)}{n}" t="inlineStr"><is><t>{text}</t></is></c>' for i, text in enumerate(row))
        xml.append(f'<row r="{n}">{"".join(texts)}</row>')
    xml += [cell, "</sheetData>"]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    contents = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>'.encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        SHEET: f'<worksheet xmlns="{main}">{"".join(xml)}</worksheet>'.encode(),
    }
    named = {"sheet": SHEET, "book": "xl/workbook.xml", "extra": "xl/media/image1.png"}
    contents |= {named[name]: part for name, part in parts.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in contents.items():
            archive.writestr(name, part)
    return target.getvalue()


def good_workbook() -> bytes:
    return workbook(list(GOOD), list(GOOD.values()))


def lying(data: bytes) -> bytes:
    """The same archive, claiming in its directory that every part unpacks to one byte."""
    changed = bytearray(data)
    at = 0
    while (at := changed.find(b"PK\x01\x02", at)) >= 0:
        changed[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at += 4
    return bytes(changed)


def by_hand() -> Iterator[Broken]:
    """One file per way to be broken that somebody thought of."""
    json_lines = {
        "empty": b"",
        "only spaces": b" \n\t\n",
        "only a mark": b"\xef\xbb\xbf",
        "half a line": b'{"id": "1", "title": ',
        "two objects on a line": line().strip() + line(),
        "a list": b'["id", "title"]\n',
        "a word": b"null\n",
        "a number": b"12\n",
        "an empty object": b"{}\n",
        "a name twice": b'{"id": "1", "id": "2", "title": "x"}\n',
        "not a number": b'{"id": NaN, "title": "x"}\n',
        "endless nesting": b'{"title": ' + b"[" * 100_000 + b"\n",
        "endless number": b'{"id": ' + b"9" * 10_000 + b', "title": "x"}\n',
        "bad utf-8": b'{"id": "1", "title": "\xff\xfe"}\n',
        "utf-16": json.dumps(GOOD).encode("utf-16"),
        "gb18030 in json": json.dumps(GOOD, ensure_ascii=False).encode("gb18030"),
        "nul byte": line().replace(b"n1", b"n\x001"),
        "nul escaped": line(title="a\0b"),
        "bell": line(content="a\x07b"),
        "half a character": line(title="\ud800"),
        "no title": b'{"id": "1"}\n',
        "no id": b'{"title": "x"}\n',
        "title is null": line(title=None),
        "title is a number": line(title=12),
        "title is a list": line(title=["x"]),
        "title is an object": line(title={"x": 1}),
        "title is true": line(title=True),
        "title is long": line(title="长" * 201),
        "content is huge": line(content="长" * 20_001),
        "id is long": line(id="x" * 201),
        "unknown column": line(colour="red"),
        "column of escape codes": line(**{"\x1b[2J": "x"}),
        "same id twice": line() + line(),
        "unknown field": line(field="alchemy"),
        "funds are words": line(own_funds="viel"),
        "funds are negative": line(own_funds=-5),
        "funds are infinite": line(own_funds=1e308) + line(id="2", own_funds=10**30),
        "funds are overflowing": line().replace(b'"n1"', b'"n1", "own_funds": 1e999'),
        "ceiling is nothing": line(price_ceiling=0),
        "deadline is no day": line(deadline="2027-13-40"),
        "deadline is past": line(deadline="2001-01-01"),
        "deadline is far": line(deadline="9999-12-31"),
        "deadline in an order of its own": line(deadline="6/30/2027"),
        "deadline is a month": line(deadline="2027年6月"),
        "unknown owner": line(organisation="91441900MA9999999X"),
        "owner is sql": line(organisation="' OR 1=1 --"),
        "good then bad": line() + b"{\n",
        "too many": b"".join(b'{"id":"%d","title":"x"}\n' % n for n in range(20_001)),
    }
    yield from ((name, ".jsonl", data) for name, data in json_lines.items())
    tables = {
        "empty": b"",
        "only a header": HEADER.encode(),
        "no header": b"\n\n",
        "column twice": b"id,title,title\n1,x,y\n",
        "nameless column": b"id,,title\n1,x,y\n",
        "open quotation": HEADER.encode() + b'1,"x,y\n',
        "text after quotation": HEADER.encode() + b'1,"x"y,z\n',
        "huge cell": HEADER.encode() + b"1," + b"x" * 200_000 + b",y\n",
        "too many cells": HEADER.encode() + b"1,x,y,z\n",
        "too few cells": HEADER.encode() + b"1\n",
        "unknown column": b"id,title,colour\n1,x,red\n",
        "semicolons": b"id;title;content\n1;x;y\n",
        "nul": HEADER.encode() + b"1,\0,y\n",
        "utf-16": (HEADER + "1,x,y\n").encode("utf-16"),
        "neither utf-8 nor gb18030": HEADER.encode() + b"1,\xff\xff\xff,y\n",
        "picture": b"\x89PNG\r\n\x1a\n\x00\x00",
        "control": HEADER.encode() + b"1,\x1b[31mx,y\n",
        "json inside": line(),
    }
    yield from ((name, ".csv", data) for name, data in tables.items())
    good = good_workbook()
    head = list(GOOD)
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    books = {
        "empty": b"",
        "not a zip": b"hello world, this is text",
        "cut": good[: len(good) // 2],
        "zip of nothing": workbook()[:4] + b"\0" * 40,
        "no rows": workbook(),
        "only a header": workbook(head),
        "bomb": workbook(head, extra=b"\0" * (51 * 1024 * 1024)),
        "lying bomb": lying(workbook(head, extra=b"\0" * (51 * 1024 * 1024))),
        "far corner": workbook(head, cell=corner),
        "far corner, other quotes": workbook(head, cell=corner.replace('"', "'")),
        "far corner, escaped": workbook(head, cell=corner.replace("XFD", "&#88;FD")),
        "broken sheet": workbook(head, sheet=b"<worksheet><sheetData><row"),
        "sheet is text": workbook(head, sheet=b"hello"),
        "broken book": workbook(head, book=b"<workbook"),
        "entities": workbook(head, sheet=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'),
        "unknown column": workbook(["id", "title", "colour"], ["1", "x", "red"]),
        "no title": workbook(head, ["1", "", "x"]),
        "control": workbook(head, ["1", "_x0007_", "x"], ["1", "y", "z"]),
        "csv inside": HEADER.encode() + b"1,x,y\n",
    }
    yield from ((name, ".xlsx", data) for name, data in books.items())
    yield "old word file", ".doc", b"\xd0\xcf\x11\xe0"
    yield "no ending", "", line()


def by_chance(count: int) -> Iterator[tuple[str, str, bytes]]:
    """Good files of each kind with bytes cut, doubled or overwritten: some stay good, none may crash."""
    rng = random.Random(2027)
    sources = {
        ".jsonl": line() + line(id="n2", own_funds="48万") + line(id="n3", field="chemistry"),
        ".csv": (HEADER + '1,"甲，乙","丙\n丁"\n2,戊,己\n').encode(),
        ".xlsx": good_workbook(),
    }
    for n in range(count):
        ending, data = list(sources.items())[n % 3]
        changed = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(changed))
            match rng.randrange(3):
                case 0:
                    changed[at] = rng.randrange(256)
                case 1:
                    del changed[at : at + rng.randint(1, 20)]
                case _:
                    changed[at:at] = changed[at : at + rng.randint(1, 20)]
        yield f"chance {n}", ending, bytes(changed)
