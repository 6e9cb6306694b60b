"""The contract as a Word file: paragraphs and tables in a dozen lines of WordprocessingML, no library and no macros."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EPOCH = (2020, 1, 1, 0, 0, 0)
"""Every entry's time, so that the same contract gives the same bytes."""

CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
DOCUMENT_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
FONT = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>'
BOLD_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="黑体" w:cs="Arial"/>'
STYLES = (
    f'{HEAD}<w:styles xmlns:w="{WORDS}"><w:docDefaults><w:rPrDefault><w:rPr>{FONT}<w:sz w:val="21"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
    '<w:spacing w:after="80" w:line="340" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:spacing w:before="240" w:after="240"/><w:jc w:val="center"/></w:pPr>'
    f'<w:rPr>{BOLD_FONT}<w:b/><w:sz w:val="40"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:keepNext/><w:spacing w:before="280" w:after="100"/><w:outlineLvl w:val="0"/></w:pPr>'
    f'<w:rPr>{BOLD_FONT}<w:b/><w:sz w:val="24"/></w:rPr></w:style></w:styles>'
)


def render(values: dict[str, Any]) -> bytes:
    """Return the printed contract (see ``reading.printed``) as DOCX."""
    body = "".join(_body(values))
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1361" w:right="1417" w:bottom="1247" w:left="1417" w:header="720" w:footer="720" w:gutter="0"/>'
        "</w:sectPr>"
    )
    document = f'{HEAD}<w:document xmlns:w="{WORDS}"><w:body>{body}{page}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        "word/styles.xml": STYLES,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _body(values: dict[str, Any]) -> Iterator[str]:
    yield _paragraph(f"合同编号　{values['reference']}　　{values['mark']}")
    yield _paragraph(values["name"], "Title")
    yield _table(values["head"])
    yield _paragraph(values["preamble"], indent=True)
    for clause in values["clauses"]:
        yield _paragraph(f"{clause['number']}　{clause['heading']}", "Heading1")
        for line in clause["text"].splitlines():
            yield _paragraph(line, indent=True)
    yield _paragraph("签署", "Heading1")
    yield _table([["", f"甲方　{values['party_a']}", f"乙方　{values['party_b']}"], *values["signing"]])
    yield _paragraph(f"文件指纹 SHA-256　{values['hash']}")
    yield '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    yield _paragraph("Summary in English", "Title")
    yield _paragraph("For information only. The Chinese text is the contract.")
    yield _table(values["summary"])
    yield _paragraph("Milestones", "Heading1")
    yield _table([values["plan_head"], *values["plan"]])
    yield _paragraph("Clauses", "Heading1")
    for line in values["outline"]:
        yield _paragraph(line)


def _paragraph(text: str, style: str = "", *, indent: bool = False, bold: bool = False) -> str:
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + (
        '<w:ind w:firstLineChars="200" w:firstLine="420"/>' if indent else ""
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{_run(text, bold)}</w:p>"


def _run(text: str, bold: bool = False) -> str:
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(_clean(line))}</w:t>' for line in text.split("\n"))
    return f"<w:r>{weight}{pieces}</w:r>"


def _clean(text: str) -> str:
    """Drop what XML 1.0 cannot hold."""
    return "".join(c for c in text if c == "\t" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")


def _table(rows: Sequence[Sequence[str]]) -> str:
    border = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    width = 9000 // max(len(row) for row in rows)
    grid = f'<w:gridCol w:w="{width}"/>' * max(len(row) for row in rows)
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc>{_paragraph(cell, bold=n == 0)}</w:tc>" for n, cell in enumerate(row)) + "</w:tr>"
        for row in rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{border}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"
    )
