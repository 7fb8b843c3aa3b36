"""What people write, by habit or on purpose, that must not clear an item: a question follows instead."""

import pytest

from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import evaluate
from services.classification.rules.explanation import Evaluation
from services.classification.rules.facts import Context, Parameter
from services.classification.rules.faults import Fault
from services.classification.rules.parameters import split_parameters
from services.classification.rules.truth import Truth

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
REST = "弹性极限=810 MPa; 抗拉强度=1280 MPa; 伸长率=9%"
FURNACE = "冷却时间=15 min; 加热温度=500~1200 ℃"


def evaluated(book: RuleBook, code: str, parameters: str) -> Evaluation:
    rule = book.rule_of(code)
    assert rule is not None
    facts = book.read_parameters(split_parameters(parameters)).with_subject(rule.identifier)
    return evaluate(rule, facts, Context(), book)


@pytest.mark.parametrize(
    ("code", "parameters", "truth"),
    [
        # A word after the figure says that it is not exact.
        ("1C004", f"密度=17.5 g/cm3左右; {REST}", U),
        ("1C004", "密度=17.5左右 g/cm3", U),
        ("1C004", "密度=17.5 g/cm3上下", U),
        ("1C004", "密度=17.5 g/cm3 approx.", U),
        ("1C004", "密度=标称17.5 g/cm3", U),
        ("1C004", "密度=14 g/cm3左右", F),
        # A word in brackets after the figure.
        ("1C004", "抗拉强度=1270 MPa (min)", U),
        ("1C004", "抗拉强度=1270 MPa（以上）", U),
        ("1C004", "抗拉强度=1270 MPa (max)", F),
        ("1C004", "抗拉强度=1260 MPa (typical)", U),
        ("1C004", "抗拉强度=1200 MPa (典型值)", F),
        ("1C004", "抗拉强度=1260 MPa (实测)", F),
        ("1C004", "密度=17.4 g/cm3 (松装)", U),
        ("1C004", "密度=17.4 g/cm3 (tap)", U),
        ("1C004", f"密度=18.1 g/cm3 (松装); {REST}", T),
        ("3C003.c", "纯度=99.9% (碳基)", U),
        # A word in brackets, or after a comma, in the name.
        ("1C004", "抗拉强度(min)=1270 MPa", U),
        ("1C004", "抗拉强度（最小）=1270 MPa", U),
        ("1C004", "抗拉强度（最大）=1270 MPa", F),
        ("1C004", "密度（松装）=17 g/cm3", U),
        ("1C004", "抗拉强度（退火态）=1200 MPa", U),
        ("1C004", "抗拉强度(TD)=1200 MPa", U),
        ("1C004", "抗拉强度, 退火=1200 MPa", U),
        ("1C004", f"密度（d）=17.5 g/cm3; {REST}", F),
        ("1C004", "抗拉强度(UTS)=1270 MPa", F),
        ("1C004", "抗拉强度（GB/T 228.1-2021）=1270 MPa", F),
        ("1C004", "抗拉强度（室温）=1270 MPa", F),
        ("1C117.b", "用于制造导弹部件=是; Mo=99%; 颗粒尺寸(D50)=60 μm", U),
        ("2C902.a", "平均粒径(D50)=60 μm", U),
        # A test condition that the law does not name.
        ("1C004", "1200℃下抗拉强度=300 MPa", U),
        ("1C004", "抗拉强度=300 MPa @1200℃", U),
        ("1C004", "抗拉强度=1200 MPa (0.2%)", U),
        ("1C004", "25℃下抗拉强度=1200 MPa", F),
        ("1C004", "抗拉强度=1200 MPa @ 293 K", F),
        # Another quantity than that of the law may show the limit met, never missed.
        ("1C117.b", "用于制造导弹部件=是; Mo=99%; 最大粒径=60 μm", U),
        ("1C117.b", "用于制造导弹部件=是; Mo=99%; 最大粒径=45 μm", T),
        ("0A903.a", "干扰半径=4 km", U),
        ("0A903.a", "干扰半径=6 km", T),
        ("2B902.b", "处理能力=3000 m3", U),
        ("2B902.b", "处理能力=300 m3/h", T),
        # Units that make a figure impossible for the thing, and shares of a whole written as numbers.
        ("1C004", "密度=18.1 kg/m3", U),
        ("1C004", "抗拉强度=1.300 MPa", U),
        ("1C004", "抗拉强度=1300 kPa", U),
        ("1C004", "弹性极限=900 kPa", U),
        ("1C108.b", "密度=1.75 kg/m3", U),
        ("1C108.b", "纯度=10 ppm", U),
        ("1C108.b", "纯度=0.9995 %", U),
        ("3C003.e", "纯度=5%", U),
        ("1C117.c.1.a", "钨含量=0.98 %", U),
        ("2C901.b", "可见光透过率=0.7 %", U),
        ("0A903.b", "输出功率=2 mW", U),
        ("2B901", "缸径=400 mm; 设计压力=100 MPa", U),
        ("2B901", "缸径=400 mm; 设计使用压力=5.5 MPa", U),
        ("2A901.c", "合成压力=6 MPa", U),
        ("2C902.a", "平均粒径=45 mm", U),
        ("2B005", "微波功率=12 kW; 频率=50 Hz", U),
        ("2B005", "微波功率=12 kW; 频率=13.56 MHz", U),
        ("4A003.c", "链路速率=3 gbps", U),
        ("4A003.a", "processors[0].Wi=0.1; processors[0].Ri=20 TFLOPS; processors.count=1", U),
        ("2B902.c", "窑径=3.2 mm; 窑长=50 mm", U),
        ("2B902.c", "窑径=1.7 m", F),
        ("2B902.z", "直径=19 mm; 高度=21 mm", U),
        # The share of another whole.
        ("1C117.c.1.a", "钨含量=96%(体积)", U),
        ("1C117.c.1.a", "钨含量=96 % (原子比)", U),
        # Sizes without an order.
        ("2B902.c", "尺寸=30×Φ2 m", U),
        ("2B902.c", "尺寸=30×2 m", U),
        ("2B902.c", "尺寸=Φ2×Φ1.5×30 m", U),
        ("2B902.c", "尺寸=80×Φ4.7 m", F),
        ("2B902.z", "尺寸=21×Φ19 m", T),
        ("1C117.c.2.c", "最长边=50 mm; 次长边=130 mm; 最短边=125 mm; 材料=钨; 钨含量=98%", T),
        # A rounded figure.
        ("2B005", "微波功率=12 kW; 微波频率=2.4 GHz", U),
        ("2B005", "微波功率=12 kW; 微波频率=2.5 GHz", U),
        ("2B005", "微波功率=12 kW; 微波频率=900 MHz", U),
        ("2B005", "微波功率=12 kW; 微波频率=0.92 GHz", U),
        ("2B005", "微波功率=12 kW; 微波频率=914 MHz", F),
        ("2B005", "微波功率=12 kW; 微波频率=2451 MHz", F),
        ("2B005", "微波功率=12 kW; 微波频率=5.8 GHz", F),
        # A side that was not read may be the longest.
        ("1C117.c.2.c", "长度=200 zz; 宽度=130 mm; 高度=60 mm; 材料=钨; 钨含量=98%", U),
        ("1C117.c.2.c", "长度=200; 宽度=130 mm; 高度=60 mm; 材料=钨; 钨含量=98%", U),
        ("1C117.c.2.c", "长度≥100 mm; 宽度=130 mm; 高度=60 mm; 材料=钨; 钨含量=98%", U),
        ("1C117.c.2.c", "长度≤119 mm; 宽度=130 mm; 高度=60 mm; 材料=钨; 钨含量=98%", F),
        ("1C117.c.2.c", "尺寸=200±1×130±1×60 mm; 材料=钨; 钨含量=98%", T),
        # Several bands.
        ("9A012.c.1", "波长=400~700 nm, 8~14 μm; IFOV=1 mrad", T),
        ("9A012.c.1", "波长=3-5/8-12 μm; IFOV=1 mrad", T),
        ("9A012.c.1", "波长=400~700 nm; 波段=8~14 μm; IFOV=1 mrad", T),
        ("9A012.c.1", "波长=0.3~0.4/0.5~0.7 μm; IFOV=1 mrad", F),
        ("1C004", "密度=17~17.2/17.3~17.4 g/cm3", F),
        ("1C004", "密度=17~17.2/17.6~18 g/cm3", U),
        ("4A003.a", "processors[0].Wi=0.3; processors[0].Ri（峰值）=8 TFLOPS; processors.count=1", U),
        # Answers and counts that contradict each other.
        ("1C117.b", "用于制造导弹部件=是; 用于制造导弹部件=否", U),
        ("1C117.b", "用于制造导弹部件=否; 用于制造导弹部件=是; for missile parts=否", U),
        ("1C117.b", "用于制造导弹部件=否; for missile parts=no", F),
        (
            "4A003.a",
            "processors[0].Wi=0.3; processors[0].Ri=8 TFLOPS; processors.count=2; processors.count=1",
            U,
        ),
        ("1C901.b", "加压=是; 加压=否; 面密度=5 kg/m2; V50=720 m/s", T),
        # A printed alternative of a test condition.
        ("1C901.b", "面密度=5 kg/m2; V50=699 m/s @17格令", F),
        ("1C901.b", "面密度=5 kg/m2; 防1.1g标准模拟破片V50=699 m/s @1.1g标准模拟破片", F),
        ("1C901.b", "面密度=5 kg/m2; V50=699 m/s @2.8 g", U),
        # Where a true limit would clear (高温合金: not below 600 °C), a remark keeps it from doing so as well.
        ("9B001.a", "合金最高使用温度=550 ℃", F),
        ("9B001.a", "合金最高使用温度=550 ℃（短时）", T),
        ("9B001.a", "合金最高使用温度=550~650 ℃", T),
        ("9B001.a", "合金最高使用温度=599 ℃左右", T),
        # Several words for one characteristic.
        ("1C914.b", "捕收剂=油酸、羟肟酸", T),
        ("1C914.b", "捕收剂=油酸、某种药剂", T),
        ("1C117.c.1.a", "钨含量=98%; 直径=130 mm; 长度=60 mm; 形态=块、粉末", T),
        ("1C117.c.1.a", "钨含量=98%; 直径=130 mm; 长度=60 mm; 形态=粉末、某种状态", T),
        ("1C117.c.1.a", "钨含量=98%; 直径=130 mm; 长度=60 mm; 形态=粉末、颗粒", F),
        ("1C901.a", "断裂强度=40 cN/dtex; 初始模量=1600 cN/dtex; 加捻=加捻过、某种", U),
        ("3C003.f", "晶体类型=单晶、多晶; 位错密度=40个/平方厘米", T),
        # Doped tungsten is a tungsten alloy as well (1C117.c.1.a).
        ("1C117.c", "钨材料类别=钨掺银; 钨含量=98.5%; 银含量=1.5%; 直径=130 mm; 长度=60 mm", T),
        ("1C117.c.2.a", "钨材料类别=钨掺银; 钨含量=98.5%; 银含量=1.5%; 直径=130 mm; 长度=60 mm", T),
        ("1C117.c", "钨材料类别=钨掺银; 钨含量=96%; 银含量=1.5%; 直径=130 mm; 长度=60 mm", F),
    ],
)
def test_what_is_written_is_not_taken_for_more_than_it_says(
    book: RuleBook, code: str, parameters: str, truth: Truth
) -> None:
    found = evaluated(book, code, parameters)
    assert found.truth is truth, [
        (each.about, each.given, each.given_si, each.limit, each.truth.value, each.faults)
        for each in found.tree.walk()
    ]


def test_a_remark_that_is_not_understood_is_named(book: RuleBook) -> None:
    found = evaluated(book, "1C004", "密度=17.4 g/cm3 (松装)")
    faults = {fault for each in found.tree.walk() for fault in each.faults}
    assert Fault.REMARK_NOT_UNDERSTOOD in faults


def test_a_condition_of_another_kind_is_named(book: RuleBook) -> None:
    found = evaluated(book, "1C004", "抗拉强度=300 MPa @1200℃")
    faults = {fault for each in found.tree.walk() for fault in each.faults}
    assert Fault.TEST_CONDITION_DIFFERS in faults


def test_a_word_that_is_not_in_the_table_releases_nothing(book: RuleBook) -> None:
    met = "链路速率=3 GB/s; 互连类型="
    assert evaluated(book, "4A003.c", met + "网卡").decontrol is T
    assert evaluated(book, "4A003.c", met + "网卡、无源互连").decontrol is T
    assert evaluated(book, "4A003.c", met + "网卡、外部有源互连").decontrol is U


@pytest.mark.parametrize(
    ("code", "name", "value", "unit", "truth"),
    [
        # The unit stands beside the value, in the value or in the name: two that differ are no unit.
        ("2B902.z", "直径", "１８ｍ", "m", F),
        ("2B902.z", "直径", "18", "m", F),
        ("2B902.z", "直径", "19 m", "mm", U),
        ("2B902.z", "直径", "１９ ｍ", "mm", U),
        ("2B902.z", "直径", "19 mm", "m", U),
        ("2B902.z", "直径（mm）", "19", "m", U),
        ("2B902.z", "直径（m）", "18", "m", F),
        ("2B902.z", "直径 min", "18", "m", U),
        ("2B902.z", "直径（mm）", "18 m", "", U),
        ("2B902.z", "直径≥", "18", "m", U),
        ("2B902.z", "直径 ≤", "18", "m", F),
        ("2B902.z", "直径(T)", "18", "m", U),
        ("2B902.z", "直径(D)", "18", "m", F),
        ("2B902.z", "直径_m", "18", "", F),
        ("2B902.t", "磁感应强度", "1.5", "mT", U),
        # A remark in a field of its own, or beside the name of a characteristic, a question or a size.
        ("1C004", "密度", "17", "g/cm3", F),
        ("1C117.b", "用于制造导弹部件", "否", "", F),
        ("1C117.b", "用于制造导弹部件（部分）", "否", "", U),
        ("1C117.c.1.a", "形态", "粉末", "", F),
        ("1C117.c.1.a", "形态（部分）", "粉末", "", U),
        ("2B902.z", "尺寸(m)", "Φ18×25", "", F),
        ("2B902.z", "尺寸（内衬）", "Φ18×25 m", "", U),
    ],
)
def test_units_and_remarks_in_fields_of_their_own(
    book: RuleBook, code: str, name: str, value: str, unit: str, truth: Truth
) -> None:
    rule = book.rule_of(code)
    assert rule is not None
    facts = book.read_parameters([Parameter(name, value, unit)]).with_subject(rule.identifier)
    assert evaluate(rule, facts, Context(), book).truth is truth


def test_a_test_condition_in_a_field_of_its_own(book: RuleBook) -> None:
    rule = book.rule_of("1C004")
    assert rule is not None
    for condition, truth in (("", F), ("室温", F), ("25 ℃", F), ("松装", U), ("1200 ℃", U), ("2" * 300, U)):
        facts = book.read_parameters([Parameter("密度", "17", "g/cm3", condition)])
        assert evaluate(rule, facts, Context(), book).truth is truth, condition
