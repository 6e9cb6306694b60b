"""Files of patents: good ones of every kind, and 500 broken ones made from them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from marketplace.kernel.patents import check_digit
from tests.imports.broken import workbook

HEADER = ["申请号", "名称", "申请日", "授权公告日", "申请人", "发明人", "IPC分类号", "法律状态"]


def number(serial: int, kind: str = "1", year: int = 2019) -> str:
    digits = f"{year}{kind}{serial:07d}"
    return f"{digits}.{check_digit(digits)}"


def record(serial: int = 1) -> list[str]:
    return [
        number(serial), f"一种水性防腐涂料{serial}", "2019-03-15", "2022-05-10",
        "东江大学；榕湾市某企业", "李明；王芳", "C09D 5/08", "授权",
    ]  # fmt: skip


def table(*rows: list[str]) -> bytes:
    return "\n".join(",".join(row) for row in (HEADER, *rows)).encode() + b"\n"


def sheet(*rows: list[str]) -> bytes:
    return workbook(HEADER, *rows)


def line(serial: int = 1, **values: object) -> bytes:
    cells = {
        "number": number(serial),
        "title": f"一种水性防腐涂料{serial}",
        "filed": "2019-03-15",
        "granted": "2022-05-10",
    }
    return json.dumps({**cells, **values}, ensure_ascii=False).encode() + b"\n"


ST36 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE exchange-documents SYSTEM "exchange-documents.dtd">
<exchange-documents xmlns="http://www.epo.org/exchange">
<exchange-document country="CN" doc-number="109876543" kind="B" family-id="66000001">
 <bibliographic-data>
  <publication-reference><document-id><country>CN</country><doc-number>109876543</doc-number><kind>B</kind><date>20220510</date></document-id></publication-reference>
  <classifications-ipcr><classification-ipcr><text>C09D   5/08        (2006.01)I</text></classification-ipcr></classifications-ipcr>
  <application-reference><document-id><country>CN</country><doc-number>201910000001</doc-number><date>20190315</date></document-id></application-reference>
  <priority-claims><priority-claim><document-id><date>20180401</date></document-id></priority-claim></priority-claims>
  <parties><applicants><applicant><applicant-name><name>东江大学</name></applicant-name></applicant></applicants>
  <inventors><inventor><inventor-name><name>李明</name></inventor-name></inventor><inventor><inventor-name><name>王芳</name></inventor-name></inventor></inventors></parties>
  <invention-title lang="zh">一种水性防腐涂料</invention-title><invention-title lang="en">Waterborne coating</invention-title>
 </bibliographic-data>
 <abstract lang="zh"><p>涂层。</p></abstract>
 <claims><claim><claim-text>一种涂料，其特征在于……</claim-text></claim><claim><claim-text>如权利要求1所述的涂料。</claim-text></claim></claims>
</exchange-document>
</exchange-documents>
"""  # noqa: E501 - documents come like this

ST96 = """<?xml version="1.0" encoding="UTF-8"?>
<pat:PatentPublication xmlns:pat="http://www.wipo.int/standards/XMLSchema/ST96/Patent" xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common">
 <pat:PatentPublicationIdentification><com:IPOfficeCode>CN</com:IPOfficeCode><pat:PublicationNumber>209876543</pat:PublicationNumber><com:PatentDocumentKindCode>U</com:PatentDocumentKindCode><pat:PublicationDate>2020-01-07</pat:PublicationDate></pat:PatentPublicationIdentification>
 <pat:ApplicationIdentification><com:IPOfficeCode>CN</com:IPOfficeCode><pat:ApplicationNumber><com:ApplicationNumberText>201920000001.X</com:ApplicationNumberText></pat:ApplicationNumber><pat:FilingDate>2019-05-05</pat:FilingDate></pat:ApplicationIdentification>
 <pat:InventionTitle com:languageCode="zh">一种喷涂装置</pat:InventionTitle>
 <pat:ApplicantBag><pat:Applicant><com:OrganizationStandardName>东江大学</com:OrganizationStandardName></pat:Applicant></pat:ApplicantBag>
 <pat:InventorBag><pat:Inventor><com:PersonFullName>陈静</com:PersonFullName></pat:Inventor></pat:InventorBag>
</pat:PatentPublication>
"""
ST96 = ST96.replace("201920000001.X", number(1, "2"))

Broken = tuple[str, str, bytes]


def by_hand() -> Iterator[Broken]:
    """Files each of which is certainly wrong."""
    good = record()
    changes = {
        "check digit": (0, "201910000001.0"), "other kind of number": (0, "12345"), "no number": (0, ""), "no title": (1, ""),
        "no day": (2, ""), "no such day": (2, "2019-02-30"), "future": (2, "2090-01-01"),
        "granted before filed": (3, "2018-01-01"),
        "ipc": (6, "Z1"), "long ipc": (6, ";".join(f"A01B{n}/00" for n in range(10, 50))),
        "state": (7, "神秘"), "long title": (1, "长" * 301),
    }  # fmt: skip
    for name, (place, value) in changes.items():
        row = [*good]
        row[place] = value
        yield name, ".csv", table(record(2), row)
        yield name, ".xlsx", sheet(record(2), row)
    yield "twice", ".csv", table(good, good)
    yield "state without grant", ".csv", table([*good[:3], "", *good[4:]])
    yield "unknown column", ".jsonl", line(colour="red")
    yield "two names of one column", ".jsonl", line(申请号=number(3))
    yield "not an export", ".pdf", b"%PDF-1.7"
    yield "empty", ".csv", b"  \n"
    xml = ST36.encode()
    bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>'
    yield (
        "entities",
        ".xml",
        xml.replace(b'<!DOCTYPE exchange-documents SYSTEM "exchange-documents.dtd">', bomb.encode()),
    )
    yield (
        "outside",
        ".xml",
        xml.replace(b' SYSTEM "exchange-documents.dtd">', b' [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    )
    yield "deep", ".xml", b"<a>" * 5000 + b"</a>" * 5000
    yield "cut", ".xml", xml[: len(xml) // 2]
    yield "no documents", ".xml", b"<books><book/></books>"
    yield "utf-16", ".xml", ST36.replace("UTF-8", "UTF-16").encode("utf-16")
    yield "nothing in it", ".xml", b'<exchange-documents><exchange-document country="CN"/></exchange-documents>'


def by_chance(count: int) -> Iterator[Broken]:
    """Good files of every kind with bytes changed, lost or doubled."""
    chance = random.Random(96)
    rows = [record(n) for n in range(1, 6)]
    good = [(".csv", table(*rows)), (".xlsx", sheet(*rows)), (".jsonl", b"".join(line(n) for n in range(1, 6))),
            (".xml", ST36.encode()), (".xml", ST96.encode())]  # fmt: skip
    for n in range(count):
        ending, data = chance.choice(good)
        broken = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(broken))
            match chance.randrange(4):
                case 0:
                    broken[at] = chance.randrange(256)
                case 1:
                    del broken[at : at + chance.randint(1, 40)]
                case 2:
                    broken[at:at] = broken[at : at + chance.randint(1, 40)]
                case _:
                    broken[at:at] = chance.choice(
                        [b"&", b"<", b"]]>", b'"', b"\n", b"\x00", "\ufeff".encode(), b"&#0;"]
                    )
        yield f"chance {n}", ending, bytes(broken)
