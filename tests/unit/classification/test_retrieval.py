import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.retrieval import TextCutter, TextRanking
from services.classification.reference_files import read_search_policy

TEXTS = {
    "furnace": "稀土永磁真空烧结炉",
    "press": "六面顶压机设备",
    "graphite": "天然鳞片石墨及其制品",
    "pump": "vacuum pumps with a throat size of 380 mm or more",
    "laser": "copper vapour lasers with an average output power of 30 W",
}
VOCABULARY = read_search_policy().vocabulary
CUTTER = TextCutter(TEXTS.values(), VOCABULARY)


@pytest.fixture(scope="module")
def ranking() -> TextRanking:
    return TextRanking(TEXTS, CUTTER)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("真空烧结炉，用于钕铁硼", "furnace"),
        ("真空燒結爐", "furnace"),
        ("六面頂壓機", "press"),
        ("石墨 制品", "graphite"),
        ("turbomolecular vacuum pump", "pump"),
        ("ｃｏｐｐｅｒ ｖａｐｏｒ ｌａｓｅｒ", "laser"),
    ],
)
def test_the_nearest_text_comes_first(ranking: TextRanking, query: str, first: str) -> None:
    assert ranking.rank([query], 3)[0].identifier == first


def test_nothing_in_common_is_nothing(ranking: TextRanking) -> None:
    assert ranking.rank(["木制家具", "wooden furniture"], 3) == []
    assert ranking.rank([""], 3) == []


def test_the_share_says_how_much_of_the_query_is_covered(ranking: TextRanking) -> None:
    whole = ranking.rank(["天然鳞片石墨"], 1)[0]
    part = ranking.rank(["天然橡胶轮胎制造用模具"], 1)[0]
    assert 1 >= whole.share > part.share > 0


@given(
    st.lists(st.text(alphabet="稀土永磁真空烧结炉压机石墨 vacuumpls", max_size=20), max_size=3), st.randoms()
)
def test_the_order_of_loading_does_not_show(queries: list[str], chance: random.Random) -> None:
    shuffled = list(TEXTS)
    chance.shuffle(shuffled)
    other = TextRanking({name: TEXTS[name] for name in shuffled}, CUTTER)
    assert other.rank(queries, 5) == TextRanking(TEXTS, CUTTER).rank(queries, 5)


def test_an_empty_list_is_searched_like_any_other() -> None:
    assert TextRanking({}, CUTTER).rank(["石墨"], 3) == []
