"""Templates by field of technology: how a title reads and which targets are usual, with standards; numbers are left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.kernel.fields import Field
from marketplace.orders.terms import TargetTerms
from marketplace.orders.workflow import Comparator

LEAST, MOST = Comparator.AT_LEAST, Comparator.AT_MOST
MARK = "【"
"""Begins every place of a template that is still to be filled in."""


@dataclass(frozen=True, slots=True)
class Usual:
    """A target that orders of a field usually name: everything but its number."""

    name: str
    name_en: str
    comparator: Comparator
    unit: str
    method: str

    def as_target(self, chinese: bool) -> TargetTerms:
        return TargetTerms(self.name if chinese else self.name_en, self.comparator, unit=self.unit, method=self.method)


@dataclass(frozen=True, slots=True)
class Exemplar:
    """The template of one field."""

    title: str
    title_en: str
    targets: tuple[Usual, ...]


EXEMPLARS: Mapping[Field, Exemplar] = {
    Field.NEW_MATERIALS: Exemplar(
        "无铬长效防护涂层，耐盐雾1000小时",
        "Chromium-free coating that resists salt spray for 1,000 hours",
        (
            Usual("耐中性盐雾时间", "Neutral salt spray", LEAST, "h", "GB/T 10125"),
            Usual("附着力", "Adhesion grade", MOST, "级", "GB/T 9286"),
            Usual("拉伸强度", "Tensile strength", LEAST, "MPa", "GB/T 1040.2"),
        ),
    ),
    Field.CHEMISTRY: Exemplar(
        "水性胶黏剂，VOC 低于 50 g/L 且常温 24 小时固化",
        "Water-borne adhesive below 50 g/L VOC that cures in 24 hours",
        (
            Usual("VOC 含量", "VOC content", MOST, "g/L", "GB/T 23986"),
            Usual("不挥发物含量", "Non-volatile matter", LEAST, "%", "GB/T 1725"),
            Usual("拉伸剪切强度", "Lap-shear strength", LEAST, "MPa", "GB/T 7124"),
        ),
    ),
    Field.TEXTILES: Exemplar(
        "无氟耐久防水透湿面料，洗涤20次不衰减",
        "Fluorine-free durable waterproof fabric after 20 washes",
        (
            Usual("沾水等级（洗后）", "Spray rating after washing", LEAST, "级", "GB/T 4745"),
            Usual("透湿率", "Moisture permeability", LEAST, "g/(m²·24h)", "GB/T 12704.1"),
            Usual("断裂强力", "Breaking force", LEAST, "N", "GB/T 3923.1"),
        ),
    ),
    Field.FOOTWEAR: Exemplar(
        "可回收轻质鞋底，止滑系数不低于0.35",
        "Recyclable light sole with slip resistance of at least 0.35",
        (
            Usual("耐折性能（裂口增长）", "Flex resistance, growth of the cut", MOST, "mm", "GB/T 3903.1"),
            Usual("耐磨性能（磨痕长度）", "Abrasion, length of the mark", MOST, "mm", "GB/T 3903.2"),
            Usual("防滑系数", "Slip resistance", LEAST, "1", "GB/T 3903.6"),
        ),
    ),
    Field.MACHINERY: Exemplar(
        "五轴加工中心热误差补偿，8小时漂移小于8微米",
        "Thermal compensation that keeps a five-axis machine within 8 µm for 8 hours",
        (
            Usual("定位精度", "Positioning accuracy", MOST, "μm", "GB/T 17421.2"),
            Usual("平均无故障时间", "Mean time between failures", LEAST, "h", "连续运行记录统计"),
            Usual("噪声", "Noise", MOST, "dB(A)", "GB/T 16769"),
        ),
    ),
    Field.ROBOTICS: Exemplar(
        "柔性件无序抓取，节拍不超过6秒",
        "Picking of limp parts from a heap within 6 seconds",
        (
            Usual("位姿重复性", "Pose repeatability", MOST, "mm", "GB/T 12642"),
            Usual("单件节拍", "Cycle time per part", MOST, "s", "现场连续500件计时"),
            Usual("抓取成功率", "Picking success", LEAST, "%", "现场连续500件统计"),
        ),
    ),
    Field.INSTRUMENTS: Exemplar(
        "在线粒度仪，测量不确定度不超过2%",
        "In-line particle sizer with an uncertainty of at most 2 %",
        (
            Usual("扩展不确定度（k=2）", "Expanded uncertainty (k=2)", MOST, "%", "JJF 1059.1"),
            Usual("响应时间", "Response time", MOST, "s", "阶跃信号测试"),
            Usual("外壳防护等级（IP）", "Enclosure protection (IP)", LEAST, "级", "GB/T 4208"),
        ),
    ),
    Field.ELECTRONICS: Exemplar(
        "高功率密度适配器电源，满载效率不低于95%",
        "High-density adapter with at least 95 % efficiency at full load",
        (
            Usual("满载效率", "Efficiency at full load", LEAST, "%", "额定输入输出下功率计实测"),
            Usual("辐射骚扰裕量", "Margin of radiated emission", LEAST, "dB", "GB/T 9254.1"),
            Usual("高温工作时间", "Operation in dry heat", LEAST, "h", "GB/T 2423.2"),
        ),
    ),
    Field.OPTICS: Exemplar(
        "超宽带增透膜，400–1100 nm 平均反射率低于0.5%",
        "Broadband anti-reflection coating below 0.5 % from 400 to 1100 nm",
        (
            Usual("平均反射率", "Mean reflectance", MOST, "%", "分光光度计，入射角8°"),
            Usual("面形误差（PV）", "Surface error (PV)", MOST, "λ", "激光干涉仪，632.8 nm"),
            Usual("附着力与耐摩擦", "Adhesion and abrasion", LEAST, "次", "GB/T 26332"),
        ),
    ),
    Field.SOFTWARE: Exemplar(
        "多约束排产引擎，三千工单五分钟内出方案",
        "Scheduling engine: 3,000 work orders in five minutes",
        (
            Usual("求解时间", "Time to a schedule", MOST, "min", "真实数据，八核服务器实测"),
            Usual("交期达成率", "Orders on time", LEAST, "%", "连续三个月统计"),
            Usual("九十五分位响应时间", "Response time, 95th percentile", MOST, "s", "GB/T 25000.51"),
        ),
    ),
    Field.ARTIFICIAL_INTELLIGENCE: Exemplar(
        "小样本外观检测，漏检率不高于0.1%",
        "Few-shot visual inspection that misses at most 0.1 %",
        (
            Usual("漏检率", "Missed defects", MOST, "%", "双方封存的五千件样本"),
            Usual("过杀率", "False rejects", MOST, "%", "双方封存的五千件样本"),
            Usual("单件判定时间", "Time per part", MOST, "ms", "产线工控机实测"),
        ),
    ),
    Field.ENERGY: Exemplar(
        "低温储能电芯，零下二十度容量保持率80%",
        "Storage cell that keeps 80 % of its capacity at −20 °C",
        (
            Usual("质量能量密度", "Energy per mass", LEAST, "Wh/kg", "GB/T 31486"),
            Usual("循环寿命（容量保持80%）", "Cycles to 80 % capacity", LEAST, "次", "GB/T 31484"),
            Usual("低温容量保持率", "Capacity kept at low temperature", LEAST, "%", "GB/T 31486"),
        ),
    ),
    Field.ENVIRONMENT: Exemplar(
        "印染废水深度处理，吨水电耗低于1.2度",
        "Polishing of dye-house water below 1.2 kWh per tonne",
        (
            Usual("出水化学需氧量", "COD of the outlet", MOST, "mg/L", "HJ 828"),
            Usual("出水总氮", "Total nitrogen of the outlet", MOST, "mg/L", "HJ 636"),
            Usual("吨水电耗", "Energy per tonne of water", MOST, "kWh/t", "连续30天电表与流量计"),
        ),
    ),
    Field.BIOMEDICINE: Exemplar(
        "即时检测试剂，十分钟出结果且灵敏度不低于95%",
        "Point-of-care test with 95 % sensitivity in ten minutes",
        (
            Usual("灵敏度", "Sensitivity", LEAST, "%", "与参考方法比对，不少于200例"),
            Usual("细胞毒性分级", "Cytotoxicity grade", MOST, "级", "GB/T 16886.5"),
            Usual("出结果时间", "Time to result", MOST, "min", "说明书流程计时"),
        ),
    ),
    Field.FOOD: Exemplar(
        "常温即食米饭，货架期不少于9个月",
        "Ready rice that keeps for at least 9 months unchilled",
        (
            Usual("菌落总数", "Total plate count", MOST, "CFU/g", "GB 4789.2"),
            Usual("水分", "Moisture", MOST, "g/100g", "GB 5009.3"),
            Usual("货架期", "Shelf life", LEAST, "月", "加速试验与留样观察"),
        ),
    ),
    Field.CONSTRUCTION: Exemplar(
        "轻质保温墙板，导热系数不高于0.08",
        "Light insulating wall board with at most 0.08 W/(m·K)",
        (
            Usual("抗压强度", "Compressive strength", LEAST, "MPa", "GB/T 50081"),
            Usual("导热系数", "Thermal conductivity", MOST, "W/(m·K)", "GB/T 10294"),
            Usual("燃烧增长速率指数", "Fire growth rate index", MOST, "W/s", "GB 8624"),
        ),
    ),
}
