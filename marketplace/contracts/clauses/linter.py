"""What a judge would strike out, and what the law wants to find in a technology contract.

Void: a contract that monopolises technology (Civil Code 850), spelled out as six clauses in article 10 of the Supreme
People's Court's interpretation on technology contracts. Missing: the contents of Civil Code 845. Floor: article 45 of the Law on Promoting the
Transformation of Scientific and Technological Achievements. It reads sentences with patterns, so it is a reminder with an article
number and the words it means, not a verdict: whoever is stopped by it can see which words, and write them otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from marketplace.contracts.clauses.filling import NO_METHOD
from marketplace.contracts.clauses.standard import ONLY
from marketplace.contracts.workflow import ClauseKind, Flaw, Severity
from marketplace.kernel.lazy import LazyModule
from marketplace.orders.workflow import ContractType

cn2an = LazyModule("cn2an")

K, F = ClauseKind, Flaw

ARTICLES: Mapping[Flaw, tuple[str, str]] = {
    F.GRANT_BACK: ("技术合同司法解释 第十条第（一）项", "SPC interpretation on technology contracts, article 10(1)"),
    F.RIVAL_SOURCES: ("技术合同司法解释 第十条第（二）项", "SPC interpretation on technology contracts, article 10(2)"),
    F.MARKET_LIMITS: ("技术合同司法解释 第十条第（三）项", "SPC interpretation on technology contracts, article 10(3)"),
    F.TIE_IN: ("技术合同司法解释 第十条第（四）项", "SPC interpretation on technology contracts, article 10(4)"),
    F.INPUT_SOURCES: ("技术合同司法解释 第十条第（五）项", "SPC interpretation on technology contracts, article 10(5)"),
    F.NO_CHALLENGE: ("技术合同司法解释 第十条第（六）项", "SPC interpretation on technology contracts, article 10(6)"),
    F.INVENTORS_FLOOR: ("促进科技成果转化法 第四十五条", "Law on Promoting S&T Transformation, article 45"),
    F.NO_PRICE: ("民法典 第八百四十六条", "Civil Code, article 846"),
}
GENERAL = ("民法典 第八百四十五条", "Civil Code, article 845")

PARTY = r"(?:甲方|乙方|受让人|被许可人|委托人|研究开发人|对方|另一方|一方|其)"
VOID: tuple[tuple[Flaw, str], ...] = (
    (F.GRANT_BACK, r"(?:不得|禁止|无权).{0,16}(?:新的研究开发|改进|后续开发|再开发|二次开发)"),
    (F.GRANT_BACK, r"(?:改进|后续开发|后续改进).{0,24}(?:无偿|免费)(?:地)?(?:提供|转让|许可|归|交付|独占)"),
    (F.GRANT_BACK, r"(?:改进|后续开发|后续改进).{0,24}(?:均|一律|全部|应当|应|都)(?:自动)?(?:归|属于|归属)(?:甲方|乙方)(?:所有|单独所有|独占)?"),
    (F.GRANT_BACK, r"(?:改进|后续开发|后续改进).{0,20}独占(?:性)?(?:地)?(?:回授|许可给)"),
    (F.RIVAL_SOURCES, r"(?:不得|禁止).{0,12}(?:从|向|自|与).{0,12}(?:第三人|第三方|其他(?:来源|单位|方|主体|人|企业|高校)|他人).{0,16}(?:技术|合作研究|竞争)"),
    (F.RIVAL_SOURCES, r"(?:不得|禁止)(?:引进|采用|使用|购买|获得|接受).{0,14}(?:类似|竞争性|同类|相竞争|与.{0,8}竞争)的?技术"),
    (F.MARKET_LIMITS, r"(?:不得|禁止).{0,14}(?:超过|高于|低于).{0,20}(?:产量|数量|价格|售价)"),
    (F.MARKET_LIMITS, r"(?:产量|生产数量|产品数量|品种|售价|销售价格|销售渠道|销售区域|出口市场|出口).{0,14}(?:不得|须经|应当经|由).{0,14}(?:超过|低于|高于|同意|决定|指定|批准)"),
    (F.MARKET_LIMITS, r"(?:不得|禁止|只能|仅可|仅能).{0,12}(?:出口|在.{0,12}(?:以外|之外|区域|地区|范围内).{0,4}销售|向.{0,12}销售)"),
    (F.TIE_IN, r"(?:必须|应当|应|须)(?:同时|一并|附带)?(?:购买|采购|接受|使用|配套购买|雇用|聘用).{0,24}(?:非必需|不需要的|非必要|并非.{0,8}必不可少|搭售)"),
    (F.TIE_IN, r"(?:作为|以).{0,12}条件.{0,10}(?:购买|采购|接受|雇用|聘用).{0,16}(?:设备|原材料|产品|服务|技术|人员)"),
    (F.TIE_IN, r"(?:同时|一并|附带|搭配)(?:购买|采购|接受).{0,16}(?:其他|另外|附带).{0,10}(?:设备|原材料|产品|服务|技术)"),
    (F.INPUT_SOURCES, r"(?:只能|仅能|仅可|必须|应当|应|须|不得)(?:从|向|自|在).{0,18}(?:处|渠道|来源|供应商|厂家|以外).{0,10}(?:购买|采购|取得|获得).{0,14}"),
    (F.INPUT_SOURCES, r"(?:原材料|零部件|设备|试剂|元器件|材料).{0,12}(?:只能|仅能|必须|须|一律|应当|均)(?:从|向|由|自).{0,16}(?:购买|采购|供应|提供|指定)"),
    (F.NO_CHALLENGE, r"(?:不得|禁止|放弃).{0,20}(?:异议|质疑|无效宣告|宣告无效|无效请求|有效性)"),
)  # fmt: skip
_VOID = tuple((flaw, re.compile(pattern)) for flaw, pattern in VOID)
FAIR = re.compile(
    r"(?:不影响|不妨碍|不排除|不限制|不得(?:以任何方式)?限制|有权|可以自行|任何一方均可).{0,20}"
    r"(?:异议|改进|采购|购买|销售|出口|无效宣告|技术|渠道)|(?:本平台|联盟)不得"
)
"""Sentences that grant the freedom whose denial is void."""

SENTENCE = re.compile(r"[^。；;！\n]+[。；;！]?")
INVENTORS = re.compile(r"完成人|发明人|设计人|重要贡献|研究人员|项目组成员|科研人员")
REWARD = re.compile(r"奖励|报酬|奖酬|提取|分配|收益|净收入|股份|出资比例|营业利润")
SHARE = re.compile(r"(?:百分之([零一二三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?))|(\d{1,3}(?:\.\d+)?)\s*[%％]")
PLACEHOLDER = re.compile(r"【[^】]*(?:请填写|待定|待补充|请补充|填写)[^】]*】|[_＿]{3,}|\bTBD\b|待定")

WANTED: tuple[tuple[Flaw, ClauseKind, str], ...] = (
    (F.NO_NAME, K.GOAL, r"项目名称|项目：|名称"),
    (F.NO_CONTENT, K.GOAL, r"内容|范围|要求"),
    (F.NO_PLAN, K.PLAN, r"(?:地点|方式|计划|里程碑|进度)"),
    (F.NO_SECRECY, K.CONFIDENTIALITY, r"保密|秘密"),
    (F.NO_OWNERSHIP, K.OWNERSHIP, r"(?:归|属于|共有|权属)"),
    (F.NO_ACCEPTANCE, K.ACCEPTANCE, r"验收"),
    (F.NO_DEFINITIONS, K.DEFINITIONS, r"指|含义|解释"),
    (F.NO_PRICE, K.PRICE, r"价款|报酬|使用费|提成"),
    (F.NO_PATENT_DATA, K.OBJECT, r"专利号|不涉及专利"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw: in which clause, the words it means ('' when something is missing), and the article in both languages."""

    flaw: Flaw
    severity: Severity
    kind: ClauseKind
    excerpt: str = ""

    @property
    def article(self) -> tuple[str, str]:
        return ARTICLES.get(self.flaw, GENERAL)

    @property
    def stops(self) -> bool:
        """True when nobody can sign before it is gone."""
        return self.severity is not Severity.ADVICE


def lint(contract_type: ContractType, clauses: Mapping[ClauseKind, str]) -> list[Finding]:
    """Return what is wrong with the contract's text, the gravest first; an empty list is a clean contract."""
    found = [*_missing(contract_type, clauses)]
    for kind, text in clauses.items():
        found.extend(Finding(flaw, Severity.VOID, kind, words) for flaw, words in void_in(text))
        found.extend(Finding(F.INVENTORS_FLOOR, Severity.VOID, kind, words) for words in below_floor(text))
        found.extend(Finding(F.PLACEHOLDER, Severity.MISSING, kind, words) for words in _first(PLACEHOLDER, text))
    if NO_METHOD in clauses.get(K.TARGETS, ""):
        found.append(Finding(F.NO_METHOD, Severity.ADVICE, K.TARGETS))
    order = list(Severity)
    return sorted(found, key=lambda finding: (order.index(finding.severity), list(K).index(finding.kind)))


def stopping(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.stops]


def void_in(text: str) -> list[tuple[Flaw, str]]:
    """Return the void clauses of a text, each flaw once a sentence, with the sentence."""
    found: list[tuple[Flaw, str]] = []
    for sentence in SENTENCE.findall(text):
        plain = sentence.strip()
        if not plain or FAIR.search(plain):
            continue
        flaws = dict.fromkeys(flaw for flaw, pattern in _VOID if pattern.search(plain))
        found.extend((flaw, plain) for flaw in flaws)
    return found


def below_floor(text: str) -> list[str]:
    """Return sentences that give the inventors less than half of the income (less than 5 % where it is of operating profit)."""
    return [
        sentence.strip()
        for sentence in SENTENCE.findall(text)
        if INVENTORS.search(sentence) and REWARD.search(sentence) and any(_low(sentence))
    ]


def _low(sentence: str) -> Iterator[bool]:
    for part in re.split(r"[，,]", sentence):
        found = [_percent(match) for match in SHARE.finditer(part)]
        floor = 5 if "营业利润" in sentence and "净收入" not in part and "收益" not in part else 50
        yield from (share < floor for share in found)


def _percent(match: re.Match[str]) -> float:
    return cn2an.cn2an(match[1]) if match[1] else float(match[2])


def _missing(contract_type: ContractType, clauses: Mapping[ClauseKind, str]) -> Iterator[Finding]:
    for flaw, kind, pattern in WANTED:
        if contract_type in ONLY.get(kind, frozenset(ContractType)) and not re.search(pattern, clauses.get(kind, "")):
            yield Finding(flaw, Severity.MISSING, kind)


def _first(pattern: re.Pattern[str], text: str) -> list[str]:
    found = pattern.search(text)
    return [found[0]] if found else []
