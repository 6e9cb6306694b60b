"""Patent documents in XML after WIPO ST.36 (exchange documents) and ST.96, read by the local names of their elements.

Nothing outside the file is ever fetched, entities of the file's own are refused, and depth is counted while reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast
from xml.etree import ElementTree as ET

from marketplace.imports.terms import Row, Unreadable
from marketplace.kernel.errors import Invalid
from marketplace.kernel.patents import application, check_digit

MOST_DEPTH = 64
MOST_DOCUMENTS = 20_000
_DOCUMENTS = frozenset(
    {
        "exchange-document",
        "cn-patent-document",
        "us-patent-grant",
        "us-patent-application",
        "patent-document",
        "PatentPublication",
    }
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\s+[^\s\[>]+(?:\s+(?:SYSTEM|PUBLIC)(?:\s+(?:\"[^\"]*\"|'[^']*')){1,2})?\s*>")
_SYMBOL = re.compile(r"([A-H][0-9]{2}[A-Z])\s*([0-9]{1,4})\s*/\s*([0-9]{2,6})")
_GRANTED = frozenset("BCUSY")
_TITLES = ("invention-title", "InventionTitle")
_ABSTRACTS = ("abstract", "Abstract")
_CHUNK = 1 << 16
Node = ET.Element


def rows(data: bytes) -> list[Row]:
    """Return one row for each patent document, numbered in their order. Raises Unreadable."""
    root = _tree(_decoded(data))
    documents = [node for node in root.iter() if _name(node) in _DOCUMENTS]
    if not documents:
        raise Unreadable("imports.xml_documents")
    if len(documents) > MOST_DOCUMENTS:
        raise Unreadable("imports.many_rows", {"most": MOST_DOCUMENTS})
    return [Row(number, {k: v for k, v in _cells(node).items() if v}) for number, node in enumerate(documents, 1)]


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise Unreadable("imports.nul")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise Unreadable("imports.xml_entities")
        return text
    raise Unreadable("imports.encoding", {"encodings": "utf-8, gb18030"})


def _tree(text: str) -> Node:
    parser: ET.XMLPullParser[Node] = ET.XMLPullParser(["start", "end"])
    depth, root = 0, None
    try:
        for at in range(0, len(text), _CHUNK):
            parser.feed(text[at : at + _CHUNK])
            for event, node in cast("Iterator[tuple[str, Node]]", parser.read_events()):
                depth += 1 if event == "start" else -1
                root = node if root is None else root
                if depth > MOST_DEPTH:
                    raise Unreadable("imports.xml_deep", {"most": MOST_DEPTH})
        parser.close()
    except (ET.ParseError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable("imports.xml", line=getattr(error, "position", (0, 0))[0]) from error
    if root is None:
        raise Unreadable("imports.xml")
    return root


def _name(node: Node) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _all(node: Node | None, *names: str) -> Iterator[Node]:
    if node is not None:
        yield from (one for one in node.iter() if one is not node and _name(one) in names)


def _first(node: Node | None, *names: str) -> Node | None:
    return next(_all(node, *names), None)


def _text(node: Node | None) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())


def _cells(document: Node) -> dict[str, str]:
    office, number = _application(document)
    publication, published, code = _publication(document, office)
    by_office = published if code[:1] in _GRANTED and office == "CN" else ""
    granted = _day(_text(_first(document, "GrantDate"))) or by_office
    return {
        "number": number,
        "kind": _kind(office, code),
        "title": _spoken(document, "zh", *_TITLES) or _text(_first(document, *_TITLES)),
        "title_en": _spoken(document, "en", *_TITLES),
        "abstract": _spoken(document, "zh", *_ABSTRACTS) or _text(_first(document, *_ABSTRACTS)),
        "claims": "\n".join(_claims(document)),
        "ipc": ";".join(_symbols(document)),
        "applicants": "；".join(_names(document, ("applicant", "Applicant"))),
        "inventors": "；".join(_names(document, ("inventor", "Inventor"))),
        "filed": _filed(document),
        "priority": _priority(document),
        "publication_number": publication,
        "published": "" if granted == published else published,
        "granted": granted,
        "family": document.get("family-id", ""),
    }


def _kind(office: str, code: str) -> str:
    return {"U": "utility", "Y": "utility", "S": "design"}.get(code[:1], "invention") if office == "CN" else "invention"


def _priority(document: Node) -> str:
    """The earliest day claimed."""
    claims = _all(document, "priority-claim", "PriorityClaim")
    return min(filter(None, (_day(_text(_first(one, "date", "FilingDate"))) for one in claims)), default="")


def _application(document: Node) -> tuple[str, str]:
    reference = _first(document, "application-reference", "ApplicationNumber", "ApplicationIdentification")
    office = _text(_first(reference, "country", "IPOfficeCode")) or document.get("country", "")
    number = _text(_first(reference, "doc-number", "ApplicationNumberText", "ST13ApplicationNumber")) or _text(
        reference
    )
    number = re.sub(r"\s+", "", number)
    if office == "CN" or not office:
        number = number.removeprefix("CN")
        return "CN", f"{number}.{check_digit(number)}" if _lacks_digit(number) else number
    return office, number if number.startswith((office, "PCT/")) else office + number


def _lacks_digit(number: str) -> bool:
    """Exchange documents carry Chinese numbers without their check digit: twelve digits of a new one, eight of an old one."""
    if not (number.isascii() and number.isdigit() and len(number) in {8, 12}):
        return False
    try:
        application(number)
    except Invalid:
        return True
    return False


def _publication(document: Node, office: str) -> tuple[str, str, str]:
    reference = _first(
        document, "publication-reference", "PublicationIdentification", "PatentPublicationIdentification"
    )
    number = _text(_first(reference, "doc-number", "PublicationNumber")) or document.get("doc-number", "")
    code = _text(_first(reference, "kind", "PatentDocumentKindCode")) or document.get("kind", "")
    day = _day(_text(_first(reference, "date", "PublicationDate")))
    country = _text(_first(reference, "country", "IPOfficeCode")) or office
    number = re.sub(r"\s+", "", number)
    return (f"{country}{number}{code}" if number else ""), day, code


def _filed(document: Node) -> str:
    reference = _first(document, "application-reference")
    day = _day(_text(_first(reference, "date")))
    if day:
        return day
    claims = {id(one) for claim in _all(document, "PriorityClaim") for one in _all(claim, "FilingDate")}
    return next((_day(_text(one)) for one in _all(document, "FilingDate") if id(one) not in claims), "")


def _spoken(document: Node, language: str, *names: str) -> str:
    for node in _all(document, *names):
        said = next(
            (value for key, value in node.attrib.items() if key.rpartition("}")[2] in {"lang", "languageCode"}), ""
        )
        if said.lower()[:2] == language:
            return _text(node)
    return ""


def _claims(document: Node) -> Iterator[str]:
    claims = _first(document, "claims", "Claims")
    for number, claim in enumerate(_all(claims, "claim", "Claim"), 1):
        text = _text(claim)
        yield text if text[:1].isdigit() else f"{number}. {text}"


def _symbols(document: Node) -> list[str]:
    places = [*_all(document, "classification-ipcr", "classification-ipc", "IPCClassification", "IPCRClassification")]
    found = [match for place in places for match in _SYMBOL.findall(_text(place))]
    return list(dict.fromkeys(f"{a} {b}/{c}" for a, b, c in found))


def _names(document: Node, holders: tuple[str, ...]) -> list[str]:
    found = []
    for holder in _all(document, *holders):
        whole = _text(_first(holder, "orgname", "name", "OrganizationStandardName", "EntityName", "PersonFullName"))
        last, first = _text(_first(holder, "last-name", "LastName")), _text(_first(holder, "first-name", "FirstName"))
        found.append(whole or f"{last} {first}".strip())
    return list(dict.fromkeys(name for name in found if name))


def _day(text: str) -> str:
    digits = text.strip().replace("-", "")[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 and digits.isdigit() else ""
