from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.index import ListIndex
from services.classification.domain.text import fold, segments, squash

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60) | st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20
)


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS, TEXTS)
def test_folding_a_character_does_not_depend_on_its_neighbours(left: str, right: str) -> None:
    # NFKC joins combining marks across the seam; a space between keeps the two texts apart.
    assert fold(left + " " + right) == fold(left) + " " + fold(right)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("仲鎢酸銨（ＡＰＴ）", ("仲钨酸铵", "apt")),
        ("双（2,4,4-三甲基戊基）膦酸", ("双", "2,4,4-三甲基戊基", "膦酸")),
        ("氧化锑；纯度≥99.99%", ("氧化锑", "纯度≥99.99%")),
        ("  ", ()),
    ],
)
def test_segments(text: str, expected: tuple[str, ...]) -> None:
    assert segments(text) == expected


@pytest.mark.parametrize(
    ("segment", "last"),
    [
        ("高纯仲钨酸铵粉末", "仲钨酸铵"),
        ("99氧化锑", "氧化锑"),
        ("粉末", "粉末"),
        ("三氧化二锑", "三氧化二锑"),
    ],
)
def test_neutral_words_are_taken_off_the_ends_of_chinese(index: ListIndex, segment: str, last: str) -> None:
    stages = list(index.policy.vocabulary.stages_of(squash(fold(segment))))
    assert stages[0] == segment
    assert stages[-1] == last


@given(st.text(st.sampled_from("高纯粉末钨酸铵99a单晶块型"), min_size=1, max_size=12))
def test_stages_only_shrink_and_end(index: ListIndex, segment: str) -> None:
    stages = list(index.policy.vocabulary.stages_of(segment))
    assert all(shorter in longer and shorter for longer, shorter in pairwise(stages))
    assert len({*stages}) == len(stages)


def test_english_words_have_one_spelling_and_no_plural(index: ListIndex) -> None:
    vocabulary = index.policy.vocabulary
    assert vocabulary.tokens("Antimony Sulphides, glass fibres") == ("antimony", "sulfide", "glass", "fiber")
    tokens = vocabulary.tokens("high purity tungsten powder 4N5")
    assert vocabulary.strip_neutral(tokens) == ("tungsten", "4n5")
    assert vocabulary.strip_figures(tokens) == ("tungsten",)


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("设备", True),
        ("样品、配件", True),
        ("spare parts", True),
        # The name of a model says nothing.
        ("X-200", True),
        ("T 4", True),
        ("A4纸", False),
        ("RDX", False),
        ("仲钨酸铵", False),
        ("设备 仲钨酸铵", False),
        ("", False),
    ],
)
def test_vague_names_are_known(index: ListIndex, text: str, vague: bool) -> None:
    assert index.policy.vocabulary.is_vague(text) is vague
