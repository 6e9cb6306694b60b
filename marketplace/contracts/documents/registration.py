"""技术合同认定登记: the application that the seller hands in where it is located, filled from the signed contract."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import force_locale

from marketplace.contracts.clauses.facts import day, figures, in_words
from marketplace.contracts.models import Contract
from marketplace.kernel.fields import Field
from marketplace.kernel.money import yuan
from marketplace.orders.workflow import ContractType, IpWish
from marketplace.web.dates import CITY
from marketplace.web.words import label

EXPERT_REVIEW_FROM = 500_000_000
"""Fen from which the registry takes 30 working days with experts instead of 15: five million yuan."""

CLASSES = {
    ContractType.ENTRUSTED: "技术开发（委托开发）",
    ContractType.JOINT: "技术开发（合作开发）",
    ContractType.TRANSFER: "技术转让",
    ContractType.LICENCE: "技术许可",
    ContractType.CONSULTING: "技术咨询",
    ContractType.SERVICE: "技术服务",
}
OWNERS = {
    IpWish.ENTERPRISE: "归委托方（甲方）",
    IpWish.TEAM: "归研究开发方（乙方）",
    IpWish.JOINT: "双方共有",
    IpWish.POOL: "归研究开发方（乙方），纳入专利池",
    IpWish.OPEN: "归研究开发方（乙方），开放许可",
}


def form_of(contract: Contract, document: dict[str, Any]) -> dict[str, Any]:
    """Return the form's rows, attachments and notes."""
    price, technology = document["price"], document["technology_value"]
    days = "30个工作日（组织专家评审）" if price >= EXPERT_REVIEW_FROM else "15个工作日"
    signed = day(contract.signed_at.astimezone(CITY).date()) if contract.signed_at else "合同尚未生效"
    rows = [
        ["合同编号", document["reference"]],
        ["项目名称", document["title"]],
        ["合同类别", CLASSES[ContractType(document["type"])]],
        ["卖方（申请登记方）", f"{document['party_b'][0]}　{document['party_b'][2]}"],
        ["买方", f"{document['party_a'][0]}　{document['party_a'][2]}"],
        ["合同成交额", f"{_wan(price)}万元　{figures(price)}　{in_words(price)}"],
        ["其中：技术交易额", f"{_wan(technology)}万元　{figures(technology)}　{in_words(technology)}"],
        ["非技术性款项", figures(price - technology) + "（设备、材料等购置费用，不计入技术交易额）"],
        ["合同签订日期", signed],
        ["合同起止时间", " 至 ".join(day(date.fromisoformat(document[name])) for name in ("starts_on", "ends_on"))],
        ["支付方式", f"分期支付，共{len(document['plan'])}期，按里程碑验收后支付"],
        ["经费来源", "；".join(f"{zh} {figures(fen)}" for zh, _en, fen in document["sources"])],
        ["知识产权归属", OWNERS.get(contract.order.ip_wish or IpWish.TEAM, "按合同约定")],
        ["技术领域", _in_chinese(contract.order.field) if contract.order.field else "未填写"],
    ]
    return {
        "title": "技术合同认定登记申请表",
        "reference": document["reference"],
        "rows": rows,
        "attachments": [
            "经双方签署的技术合同文本（本平台导出的 PDF，含文件指纹）",
            "卖方统一社会信用代码证明",
            "技术交易额核定说明（存在非技术性款项时）",
            "涉及专利的，专利证书或者申请受理通知书",
        ],
        "notes": [
            f"由卖方在合同生效后向所在地技术合同登记机构一次性申请；登记机构自受理之日起{days}内完成认定登记。",
            "同一合同不得重复登记。合同变更、解除的，应当到原登记机构办理变更或者注销。",
        ],
    }


def _in_chinese(field: Field) -> str:
    """The registry reads Chinese whatever language the page is in."""
    with force_locale("zh_Hans_CN"):
        return label(field)


def _wan(fen: int) -> str:
    return f"{yuan(fen) / 10_000:,.4f}"
