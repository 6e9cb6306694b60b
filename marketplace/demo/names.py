"""Names and numbers of organisations and people that do not exist: the city of Rongwan (榕湾) is on no map."""

from __future__ import annotations

from itertools import product
from random import Random

from stdnum.cn import uscc

from marketplace.organisations.workflow import OrganisationKind

ALLIANCES = (
    ("MAT", "新材料与精细化工产业知识产权联盟", "Advanced Materials and Fine Chemicals IP Alliance",
     "由涂料、改性塑料、胶粘剂等企业与高校院所共建，围绕关键材料攻关、专利布局和成果转化开展协作。",
     "Makers of coatings, modified plastics and adhesives work with universities on key materials and their patents."),
    ("MFG", "智能制造装备产业知识产权联盟", "Intelligent Manufacturing Equipment IP Alliance",
     "服务精密加工、工业机器人和仪器仪表企业，组织共性技术研发订单，推动首台（套）装备应用。",
     "Serves precision machining, robotics and instruments with shared research orders and first uses of new machines."),
    ("ICT", "新一代信息技术产业知识产权联盟", "Next-Generation Information Technology IP Alliance",
     "覆盖电子元器件、光电显示、工业软件与人工智能，促进产品研发与标准、专利同步推进。",
     "Components, displays, industrial software and artificial intelligence, together with their standards and patents."),
    ("TEX", "纺织鞋服产业知识产权联盟", "Textile, Footwear and Apparel IP Alliance",
     "面向功能面料、制鞋材料与绿色染整，帮助中小企业获得可验证的研发成果。",
     "Helps small makers of fabrics, shoe materials and dyeing to research results that can be tested."),
    ("GRN", "绿色能源与环保产业知识产权联盟", "Green Energy and Environment IP Alliance",
     "聚焦储能、节能、污水与固废治理及绿色建材，推动减污降碳技术规模化应用。",
     "Storage, energy saving, waste water, solid waste and green building materials, taken to scale."),
    ("BIO", "生物医药与健康食品产业知识产权联盟", "Biomedicine and Healthy Food IP Alliance",
     "联合医疗器械、生物制剂和食品企业，按注册与食品安全要求组织研发和检测验证。",
     "Medical devices, biologics and food; research and tests follow registration and food-safety rules."),
)  # fmt: skip

SECTORS = {
    "MAT": (("新材料", "Materials", "C26"), ("涂层科技", "Coatings", "C26"), ("高分子", "Polymers", "C29")),
    "MFG": (("精密机械", "Precision Machinery", "C34"), ("智能装备", "Smart Equipment", "C35"),
            ("测控技术", "Instruments", "C40")),
    "ICT": (("电子科技", "Electronics", "C39"), ("光电", "Optoelectronics", "C39"), ("信息技术", "Information", "I65")),
    "TEX": (("纺织", "Textiles", "C17"), ("鞋业", "Footwear", "C19"), ("服饰", "Apparel", "C18")),
    "GRN": (("新能源", "New Energy", "C38"), ("环保科技", "Environment", "N77"), ("绿色建材", "Building Materials", "C30")),
    "BIO": (("生物科技", "Biotech", "C27"), ("医疗器械", "Medical Devices", "C35"), ("食品", "Foods", "C14")),
}  # fmt: skip

REGIONS = ("441900", "441900", "441900", "441900", "440300", "440100", "441300", "440600")
"""Division codes (GB/T 2260) of real cities, because funds have rules about regions; most enterprises are in the first."""

_FIRST = tuple(zip("澜砺恒柚岚沐朗启臻泓越衡曜渡湛澍骁峤", (
    "Lan", "Li", "Heng", "You", "Lan", "Mu", "Lang", "Qi", "Zhen", "Hong", "Yue", "Heng", "Yao", "Du", "Zhan", "Shu",
    "Xiao", "Qiao"), strict=True))  # fmt: skip
_SECOND = tuple(zip("川原桐舟石屿禾途朔岩", (
    "chuan", "yuan", "tong", "zhou", "shi", "yu", "he", "tu", "shuo", "yan"), strict=True))  # fmt: skip
_PLACES = (("榕湾", "Rongwan"), ("岭屿", "Lingyu"), ("南澍", "Nanshu"), ("珠澜", "Zhulan"), ("粤桐", "Yuetong"),
           ("鹤朔", "Heshuo"), ("潮屿", "Chaoyu"), ("云砺", "Yunli"), ("罗岚", "Luolan"), ("松渡", "Songdu"))  # fmt: skip
_SCHOOLS = (
    ("理工大学", "University of Technology", OrganisationKind.UNIVERSITY),
    ("应用科技学院", "College of Applied Sciences", OrganisationKind.UNIVERSITY),
    ("产业技术研究院", "Institute of Industrial Technology", OrganisationKind.INSTITUTE),
)
_FAMILY = "陈林黄梁何罗谢郑冯邓曾彭萧叶余潘杜戴苏卢"
_GIVEN = ("清岚", "知远", "若桐", "明澈", "书禾", "景行", "雨舟", "思源", "砚秋", "承宇", "沐阳", "可欣", "亦凡", "望舒",
          "嘉树", "子衿", "云起", "海宁", "安澜", "星野")  # fmt: skip


def brands(random: Random, count: int) -> list[tuple[str, str]]:
    """Return ``count`` different brands with their reading."""
    chosen = random.sample(list(product(_FIRST, _SECOND)), count)
    return [(first[0] + second[0], first[1] + second[1]) for first, second in chosen]


def schools() -> list[tuple[str, str, OrganisationKind]]:
    """Return the thirty universities and institutes."""
    return [(f"{zh}{name}", f"{en} {title}", kind) for zh, en in _PLACES for name, title, kind in _SCHOOLS]


def people() -> list[str]:
    """Return four hundred names of people."""
    return [f"{family}{given}" for given in _GIVEN for family in _FAMILY]


def credit_code(serial: int, *, enterprise: bool) -> str:
    """Return a unified social credit code (GB 32100-2015) with a right check digit; its body belongs to nobody."""
    body = f"{'91' if enterprise else '12'}441900MD{serial:07d}"
    return f"{body}{uscc.calc_check_digit(body)}"
