"""Facts to choose from: industries of GB/T 4754-2017 and prefecture codes of Guangdong by GB/T 2260."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from marketplace.organisations.divisions import TEXT


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an official list in both languages."""

    code: str
    name: str
    name_en: str


def _table(text: str) -> Mapping[str, Entry]:
    entries = (Entry(*line.split("|")) for line in text.strip().splitlines())
    return MappingProxyType({entry.code: entry for entry in entries})


INDUSTRIES = _table(
    """
A|农、林、牧、渔业|Agriculture, forestry, animal husbandry and fishery
B|采矿业|Mining
C|制造业|Manufacturing
D|电力、热力、燃气及水生产和供应业|Electricity, heat, gas and water supply
E|建筑业|Construction
F|批发和零售业|Wholesale and retail trade
G|交通运输、仓储和邮政业|Transport, storage and post
H|住宿和餐饮业|Accommodation and catering
I|信息传输、软件和信息技术服务业|Information transmission, software and IT services
J|金融业|Finance
K|房地产业|Real estate
L|租赁和商务服务业|Leasing and business services
M|科学研究和技术服务业|Scientific research and technical services
N|水利、环境和公共设施管理业|Water conservancy, environment and public facilities
O|居民服务、修理和其他服务业|Household services, repair and other services
P|教育|Education
Q|卫生和社会工作|Health and social work
R|文化、体育和娱乐业|Culture, sports and entertainment
S|公共管理、社会保障和社会组织|Public administration, social security and social organisations
T|国际组织|International organisations
"""
)

DIVISIONS = _table(TEXT)


def is_industry(code: str) -> bool:
    """Return whether ``code`` is a section (C) or a division with its section's letter (C39) of GB/T 4754-2017."""
    return code in INDUSTRIES or code in DIVISIONS


def industry_of(code: str) -> Entry | None:
    """Return the division or the section that a code stands for."""
    return DIVISIONS.get(code) or INDUSTRIES.get(code[:1])


REGIONS = _table(
    """
441900|东莞市|Dongguan
440100|广州市|Guangzhou
440300|深圳市|Shenzhen
440600|佛山市|Foshan
441300|惠州市|Huizhou
442000|中山市|Zhongshan
440400|珠海市|Zhuhai
440700|江门市|Jiangmen
441200|肇庆市|Zhaoqing
440200|韶关市|Shaoguan
440500|汕头市|Shantou
440800|湛江市|Zhanjiang
440900|茂名市|Maoming
441400|梅州市|Meizhou
441500|汕尾市|Shanwei
441600|河源市|Heyuan
441700|阳江市|Yangjiang
441800|清远市|Qingyuan
445100|潮州市|Chaozhou
445200|揭阳市|Jieyang
445300|云浮市|Yunfu
"""
)
"""The operator's own city first, then its neighbours in the Greater Bay Area, then the others by code."""
