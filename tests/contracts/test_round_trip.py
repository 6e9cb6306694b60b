"""The bank's clerk fills in our own payment order and uploads it: our headings are understood in both languages."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.contracts import exports, receipts
from marketplace.contracts.models import PaymentOrder
from marketplace.contracts.terms import ReceiptLine

LINE: dict[str, Any] = {
    "reference": "HT-2027-0001-1-1",
    "payee": "滨海中试基地",
    "payee_uscc": "91330000000000000X",
    "fund": "制造业资金",
    "amount": 123_456,
    "purpose": "研发款",
}


@pytest.mark.parametrize(
    ("language", "number", "outcome", "paid"),
    [("en", "Number", "Outcome", "paid"), ("zh_Hans_CN", "流水号", "结果", "成功")],
)
def test_our_own_export_is_read_once_number_and_outcome_are_added(
    app: Flask, language: str, number: str, outcome: str, paid: str
) -> None:
    with app.test_request_context(), force_locale(language):
        exported = exports.csv_of(PaymentOrder(lines=[LINE])).decode("utf-8-sig")
    head, line = csv.reader(io.StringIO(exported, newline=""))
    answer = io.StringIO(newline="")
    csv.writer(answer).writerows([[*head, number, outcome], [*line, "B1", paid]])
    assert receipts.read(answer.getvalue().encode()) == [ReceiptLine("B1", LINE["reference"], "paid", 123_456)]
