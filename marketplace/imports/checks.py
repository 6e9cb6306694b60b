"""Cells that several kinds of file share: numbers of their own, amounts, fields of technology, and keyword guesses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from marketplace.imports.terms import Row, Trouble
from marketplace.kernel import money, numbers
from marketplace.kernel.days import FIRST_YEAR, parse_cell
from marketplace.kernel.errors import Invalid
from marketplace.kernel.fields import Field

_HINTS = """
biomedicine 药 医 疫苗 蛋白 基因 细胞 病 中药 抗体 临床
food 食品 饮料 茶 果 肉 粮 酒 发酵 农 种植 养殖 作物
textiles 纺织 纤维 织物 服装 印染 纱
footwear 鞋
energy 电池 锂 光伏 太阳能 燃料 储能 氢 风电 发电 节能 热泵
environment 废水 污水 环保 废气 烟气 脱硫 固废 垃圾 污染 污泥 净化 治理
construction 建筑 混凝土 水泥 桥 隧道 施工 路面 砂浆
robotics 机器人 机械手 无人机 自动化
optics 激光 光学 光纤 LED 红外
electronics 芯片 电路 半导体 传感器 电子 电源 天线 通信 射频
artificial_intelligence 智能 识别 学习 视觉 算法 大数据
software 软件 系统 平台 信息 数据 网络
instruments 检测 测量 仪 测试 监测
chemistry 合成 催化 树脂 涂料 胶 化工 溶剂 聚合 助剂
machinery 机 设备 装置 加工 模具 轴承 阀 泵 焊接 铸造
"""
HINTS = {Field(line.split()[0]): tuple(line.split()[1:]) for line in _HINTS.strip().splitlines()}
"""Words that hint at a field; more specific fields come first and win ties, NEW_MATERIALS is what nothing else claims."""


def guess_field(text: str) -> Field:
    """Return the field most of whose hints ``text`` contains. A guess: people correct it on the order or capability."""
    best = max(HINTS, key=lambda field: sum(hint in text for hint in HINTS[field]))
    return best if any(hint in text for hint in HINTS[best]) else Field.NEW_MATERIALS


def field_of(row: Row, troubles: list[Trouble]) -> Field | None:
    """Return the field named in the row (its code, such as "chemistry"), None when it names none."""
    text = row.cells.get("field", "").lower().replace(" ", "_")
    if not text:
        return None
    if text not in set(Field):
        troubles.append(Trouble(row.line, "field", "imports.field", {"known": ", ".join(Field)}))
        return None
    return Field(text)


def amount_of(row: Row, column: str, troubles: list[Trouble]) -> int | None:
    """Return the fen of an amount in yuan, None when there is none."""
    text = row.cells.get(column)
    if text is None:
        return None
    try:
        return money.parse(text)
    except ValueError:
        troubles.append(Trouble(row.line, column, "imports.money"))
        return None


def count_of(row: Row, column: str, troubles: list[Trouble], most: int = 999_999) -> int | None:
    """Return a whole number from 0 to ``most``, None when there is none."""
    text = row.cells.get(column)
    if text is None:
        return None
    try:
        number = numbers.whole(text)
    except ValueError:
        number = -1
    if 0 <= number <= most:
        return number
    troubles.append(Trouble(row.line, column, "imports.whole_number"))
    return None


def day_of(row: Row, column: str, troubles: list[Trouble], first: int = FIRST_YEAR) -> date | None:
    """Return the day of a cell, None when there is none."""
    text = row.cells.get(column)
    if text is None:
        return None
    try:
        return parse_cell(text, first)
    except Invalid as error:
        troubles.append(Trouble(row.line, column, error.code, error.values))
        return None


def require(row: Row, columns: Iterable[str], most: dict[str, int], troubles: list[Trouble]) -> None:
    """Note the ``columns`` a row lacks, and texts longer than their column in the database."""
    troubles += [Trouble(row.line, name, "imports.missing") for name in columns if name not in row.cells]
    for name, limit in most.items():
        length = len(row.cells.get(name, ""))
        if length > limit:
            troubles.append(Trouble(row.line, name, "imports.long", {"most": limit, "length": length}))


def require_different(rows: Sequence[Row], troubles: list[Trouble]) -> None:
    """Note every number (``id``) that an earlier line has already."""
    first: dict[str, int] = {}
    for row in rows:
        number = row.cells.get("id", "")
        if number in first:
            troubles.append(Trouble(row.line, "id", "imports.twice", {"first": first[number]}))
        elif number:
            first[number] = row.line
