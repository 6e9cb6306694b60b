"""A signed or drafted document as printed pages read it: headings, numbered clauses, tables; the same for PDF and DOCX."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from marketplace.contracts.clauses.facts import day, figures, in_words, percent
from marketplace.contracts.clauses.standard import HEADINGS
from marketplace.contracts.workflow import ClauseKind, Side
from marketplace.kernel.lazy import LazyModule
from marketplace.orders.workflow import ContractType
from marketplace.web.filters import CITY

cn2an = LazyModule("cn2an")

TYPES_EN = {
    ContractType.ENTRUSTED: "Technology development contract (entrusted)",
    ContractType.JOINT: "Technology development contract (joint)",
    ContractType.TRANSFER: "Technology transfer contract",
    ContractType.LICENCE: "Technology licence contract",
    ContractType.CONSULTING: "Technical consulting contract",
    ContractType.SERVICE: "Technical service contract",
}
PREAMBLE = (
    "甲乙双方经平等协商，依据《中华人民共和国民法典》第八百四十三条至第八百八十七条的规定，订立本合同，共同遵守。"
)


def printed(document: dict[str, Any], document_hash: str, signatures: Sequence[Any]) -> dict[str, Any]:
    """Return everything the printed contract shows as text; ``signatures`` are those under ``document_hash``."""
    signed = {signature.side: signature for signature in signatures}
    draft = len(signed) < len(Side)
    return {
        "reference": document["reference"],
        "name": document["name"],
        "title": document["title"],
        "hash": document_hash,
        "draft": draft,
        "mark": "草案，未经双方签署不生效" if draft else "已由双方签署",
        "party_a": document["party_a"][0],
        "party_b": document["party_b"][0],
        "head": _head(document, signed),
        "preamble": PREAMBLE,
        "clauses": _clauses(document),
        "signing": _signing(signed),
        "summary": _summary(document),
        "plan_head": ["No.", "Milestone", "Due", "Share", "Amount (CNY)"],
        "plan": [
            [str(n), step["title"], step["due_on"], percent(step["share"]), figures(step["amount"])]
            for n, step in enumerate(document["plan"], 1)
        ],
        "outline": _outline(document),
    }


def _head(document: dict[str, Any], signed: dict[Side, Any]) -> list[list[str]]:
    last = max((signature.at for signature in signed.values()), default=None) if len(signed) == len(Side) else None
    return [
        ["项目名称", document["title"]],
        ["甲方", f"{document['party_a'][0]}\n统一社会信用代码　{document['party_a'][2]}"],
        ["乙方", f"{document['party_b'][0]}\n统一社会信用代码　{document['party_b'][2]}"],
        ["项目组", document["team"][0]],
        ["合同价款", f"人民币{in_words(document['price'])}（{figures(document['price'])}）"],
        ["履行期限", f"{_day(document['starts_on'])}至{_day(document['ends_on'])}"],
        ["签订时间", _moment(last) if last else "以双方最后签署的时间为准"],
        ["研发订单", document["order"]],
    ]


def _clauses(document: dict[str, Any]) -> list[dict[str, str]]:
    found = [
        {"number": f"第{cn2an.an2cn(n)}条", "heading": HEADINGS[ClauseKind(kind)][0], "text": text}
        for n, (kind, text) in enumerate(document["clauses"], 1)
    ]
    if places := document["training_places"]:
        text = f"乙方在本项目中与甲方联合培养学生{places}名，双方各指派一名导师，培养情况记入平台。"
        found.append({"number": f"第{cn2an.an2cn(len(found) + 1)}条", "heading": "联合培养", "text": text})
    return found


def _outline(document: dict[str, Any]) -> list[str]:
    headings = [HEADINGS[ClauseKind(kind)][1] for kind, _ in document["clauses"]]
    if places := document["training_places"]:
        headings.append(f"Joint training (students: {places})")
    return [f"{number}.  {heading}" for number, heading in enumerate(headings, 1)]


def _signing(signed: dict[Side, Any]) -> list[list[str]]:
    sides = [signed.get(Side.ENTERPRISE), signed.get(Side.TEAM)]
    return [
        ["授权签署人", *(each.typed_name if each else "（待签署）" for each in sides)],
        ["签署时间", *(_moment(each.at) if each else "" for each in sides)],
    ]


def _summary(document: dict[str, Any]) -> list[list[str]]:
    def english(pair: Sequence[str]) -> str:
        return f"{pair[1]} ({pair[0]})" if pair[1] else pair[0]

    return [
        ["Contract", f"{document['reference']}: {TYPES_EN[ContractType(document['type'])]}"],
        ["Project", english([document["title"], document["title_en"]])],
        ["Party A (orders and pays)", english(document["party_a"])],
        ["Party B (does the work)", english(document["party_b"])],
        ["Research team", english(document["team"])],
        ["Price", f"CNY {figures(document['price'])[1:]}"],
        ["Paid by", "\n".join(f"{en or zh}: CNY {figures(fen)[1:]}" for zh, en, fen in document["sources"])],
        ["Term", f"{document['starts_on']} to {document['ends_on']}"],
        ["Retention", f"{percent(document['retention'])} of each payment" if document["retention"] else "none"],
        ["Governing law", "Civil Code of the People's Republic of China, articles 843 to 887"],
    ]


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _moment(at: datetime) -> str:
    local = at.astimezone(CITY)
    return f"{day(local.date())} {local:%H:%M:%S}（北京时间）"
