"""A listed name is found though its letters are set apart, written as figures, or written together."""

import pytest

from services.screening.domain.screen import Basis
from services.screening.matching.analysis import read_analyser
from services.screening.matching.disguises import undisguised
from services.screening.matching.words import read_lexicon


def found(basis: Basis, name: str) -> set[str]:
    """The listed names that a name is like, for a person to see at least."""
    return {alike.entry.name_en for index in basis.indexes for alike in index.alike([name], "", "")}


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("LOCKHEEDMARTINCORPORATION", "Lockheed Martin Corporation"),
        ("LockheedMartinCorp", "Lockheed Martin Corporation"),
        ("LockheedMartinCoLtd", "Lockheed Martin Corporation"),
        ("L0CKHEEDMARTINCORP", "Lockheed Martin Corporation"),
        ("L0ckheed Mart1n", "Lockheed Martin Corporation"),
        ("L0ckh33d Martin Corporation", "Lockheed Martin Corporation"),
        ("G3n3ral Dynam1c5", "General Dynamics"),
        ("SU8ARU Corp0ration", "SUBARU Corporation"),
        ("L o c k h e e d   M a r t i n", "Lockheed Martin Corporation"),
        ("L  o  c  k  h  e  e  d  M  a  r  t  i  n", "Lockheed Martin Corporation"),
        ("L-o-c-k-h-e-e-d M_a_r_t_i_n", "Lockheed Martin Corporation"),
        ("S u b a r u Corporation", "SUBARU Corporation"),
        ("洛 克 希 德 马 丁", "Lockheed Martin Corporation"),
        ("록히드마틴", "Lockheed Martin Corporation"),
        ("록히드 마틴", "Lockheed Martin Corporation"),
        ("록히드마틴코퍼레이션", "Lockheed Martin Corporation"),
        ("록 히 드 마 틴", "Lockheed Martin Corporation"),
        ("제너럴 다이내믹스", "General Dynamics"),
        ("제너럴다이나믹스", "General Dynamics"),
        ("레이시온", "Raytheon Missiles & Defense"),
        ("보잉 디펜스", "Boeing Defense, Space & Security"),
        ("스바루", "SUBARU Corporation"),
        ("ロッキードマーチン", "Lockheed Martin Corporation"),
        # Not in the lexicon: Terra Drone by sound, its two words written as one.
        ("테라드론", "Terra Drone Corporation"),
    ],
)
def test_no_disguise_hides_a_listed_firm(basis: Basis, written: str, listed: str) -> None:
    assert listed in found(basis, written)


@pytest.mark.parametrize(
    "written",
    [
        "A B C Trading", "3M Company", "Studio 54 Entertainment", "4ever Young GmbH", "Boutique21 SARL",
        "Zincorporated Ceramics", "Blumenhandelsgesellschaft mbH", "Musterfirma GmbH & Co. KG",
        "삼성전자", "현대중공업", "한화에어로스페이스", "아시아나항공", "카카오게임즈", "포스코인터내셔널",
        "파리바게뜨", "주식회사 오뚜기", "두산에너빌리티", "농심", "에스케이하이닉스", "제너럴 밀스",
    ],
)  # fmt: skip
def test_an_ordinary_name_that_looks_like_a_disguise_raises_no_alert(basis: Basis, written: str) -> None:
    assert found(basis, written) == set()


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("l0ckheed mart1n", ["lockheed martln", "lockheed martin"]),
        ("l o c k   m a r t i n", ["lock   martin", "lockmartin"]),
        ("s3 aerodefense", []),
        ("3m company", []),
        ("j k rowling", []),
        ("exampleworkscoltd", ["exampleworks ltd"]),
        # Words of the lexicon are no names with a form behind them.
        ("corporation limited", []),
    ],
)
def test_what_may_be_behind_a_name(text: str, behind: list[str]) -> None:
    assert undisguised(text, read_lexicon()) == behind


def test_a_name_as_written_is_read_first() -> None:
    first, *others = read_analyser().read("L0ckheed Mart1n").readings
    assert [part.text for part in first.parts] == ["l", "0", "ckheed", "mart", "1", "n"]
    assert [part.text for part in others[-1].parts] == ["lockheed", "martin"]
