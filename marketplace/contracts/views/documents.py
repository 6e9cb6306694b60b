"""Downloads: the contract as PDF and DOCX, the registration form as PDF."""

from __future__ import annotations

from datetime import datetime

from flask import g
from werkzeug.wrappers import Response

from marketplace.contracts.documents import docx, pdf
from marketplace.contracts.documents.content import document_of
from marketplace.contracts.documents.reading import printed
from marketplace.contracts.documents.registration import form_of
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.turns import present_hash
from marketplace.contracts.views.blueprint import READERS, bp

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/contracts/<int:contract_id>/contract.pdf")
@READERS
def contract_pdf(contract_id: int) -> Response:
    contract = queries.get_contract(g.call, contract_id)
    return _file(contract, pdf.render("contract", _printed(contract), _date(contract)), PDF, "pdf")


@bp.get("/contracts/<int:contract_id>/contract.docx")
@READERS
def contract_docx(contract_id: int) -> Response:
    contract = queries.get_contract(g.call, contract_id)
    return _file(contract, docx.render(_printed(contract)), DOCX, "docx")


@bp.get("/contracts/<int:contract_id>/registration.pdf")
@READERS
def registration_pdf(contract_id: int) -> Response:
    contract = queries.get_contract(g.call, contract_id)
    form = form_of(contract, document_of(contract))
    return _file(contract, pdf.render("registration", form, _date(contract)), PDF, "pdf", "-registration")


def _date(contract: Contract) -> datetime:
    """What was signed keeps its date, so that it is the same file for ever."""
    return contract.signed_at or contract.changed_at


def _printed(contract: Contract) -> dict[str, object]:
    document_hash = present_hash(contract)
    return printed(document_of(contract), document_hash, queries.signatures_of(contract, document_hash))


def _file(contract: Contract, content: bytes, media_type: str, ending: str, suffix: str = "") -> Response:
    name = f"{contract.reference}{suffix}.{ending}"
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
