from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.names import Name
from services.screening.domain.screen import Basis
from services.screening.domain.similarity import Ground, Likeness, compare

TEXTS = st.text(st.sampled_from("三菱电机造船工业 abcdeфg123 Co.,"), min_size=1, max_size=20)


def _compare(basis: Basis, given_name: str, listed: str) -> Likeness:
    return compare(_name(basis, given_name), _name(basis, listed), basis.comparison.thresholds)


def _name(basis: Basis, text: str) -> Name:
    return basis.comparison.names.readings(text)[0]


@pytest.mark.parametrize(
    ("given_name", "listed", "ground", "lowest", "highest"),
    [
        ("三菱造船株式会社", "三菱造船株式会社", Ground.SAME_NAME, "1", "1"),
        ("三菱造船（株）", "三菱造船株式会社", Ground.SAME_NAME, "1", "1"),
        ("三菱造船有限公司", "三菱造船株式会社", Ground.SAME_NAME_OTHER_FORM, "0.98", "0.98"),
        ("立方有限公司", "立方公司", Ground.SAME_NAME_OTHER_FORM, "0.90", "0.90"),
        ("TDK Ltd", "TDK Corporation", Ground.SAME_NAME_OTHER_FORM, "0.90", "0.90"),
        ("MITSUBISHI ELECTRIC SOFTWARE CORP", "Mitsubishi Electric Software Corporation", None, "1", "1"),
        ("In-Situ Inc.", "Insitu, Inc.", Ground.SAME_LETTERS, "0.94", "0.94"),
        ("Leidos Australia Pty Ltd", "Leidos", Ground.LISTED_NAME_WITHIN, "0.88", "0.88"),
        ("日本防卫大学", "防卫大学", Ground.LISTED_NAME_WITHIN, "0.88", "0.97"),
        # One letter wrong in a long name is the name.
        (
            "Mitsubishi Electric Softwere Corporation",
            "Mitsubishi Electric Software Corporation",
            None,
            "0.95",
            "0.97",
        ),
        # Another figure is another body, however alike the rest.
        ("第二航空装备研究所", "第三航空装备研究所", Ground.SIMILAR_LETTERS, "0.82", "0.90"),
        ("S2 AeroDefense Systems", "S3 AeroDefense Systems", Ground.SIMILAR_LETTERS, "0.86", "0.90"),
        # A parent or a namesake in the same trade is not the listed party.
        ("三菱电机株式会社", "三菱电机软件株式会社", Ground.SIMILAR_LETTERS, "0", "0.8199"),
        ("Korea Tungsten Co., Ltd.", "Komatsu Industries Corporation", Ground.SIMILAR_LETTERS, "0", "0.6"),
        # Different scripts are not compared.
        ("三菱造船", "Mitsubishi Shipbuilding", Ground.SIMILAR_LETTERS, "0", "0"),
    ],
)
def test_scores(
    basis: Basis, given_name: str, listed: str, ground: Ground | None, lowest: str, highest: str
) -> None:
    likeness = _compare(basis, given_name, listed)
    assert Decimal(lowest) <= likeness.score <= Decimal(highest)
    if ground is not None:
        assert likeness.ground is ground


@given(TEXTS, TEXTS)
def test_a_score_lies_between_nothing_and_all(basis: Basis, left: str, right: str) -> None:
    for one in basis.comparison.names.readings(left):
        for other in basis.comparison.names.readings(right):
            likeness = compare(one, other, basis.comparison.thresholds)
            assert 0 <= likeness.score <= 1
            assert (likeness.score == 1) is (one.words == other.words and one.script is other.script)


@given(TEXTS, TEXTS)
def test_writing_it_in_full_width_or_capitals_changes_no_score(basis: Basis, left: str, right: str) -> None:
    if not (basis.comparison.names.readings(left) and basis.comparison.names.readings(right)):
        return
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in left)
    plain = _compare(basis, left, right)
    assert _compare(basis, wide, right) == plain
    assert _compare(basis, left.upper(), right) == plain
