"""What the tables know beyond letters: names that many bear, spellings never met before, words of other languages."""

import pytest

from services.screening.matching.analysis import read_analyser
from services.screening.matching.matcher import read_matcher
from services.screening.matching.reference import common_names
from services.screening.matching.sounds import squeeze
from services.screening.matching.verdicts import PAIRS, NameVerdict, thresholds_of


def weight(word: str) -> int:
    return read_analyser().read(word).readings[0].parts[0].weight


def total(one: str, other: str) -> int:
    return read_matcher().compare(one, other).score.total


@pytest.mark.parametrize(
    ("common", "rare"),
    [("Rodriguez", "Brandenburg"), ("Kim", "Kyz"), ("Mohammed", "Cerezo"), ("Wang", "Wogt")],
)
def test_a_name_that_many_bear_tells_less_than_a_rare_one(common: str, rare: str) -> None:
    assert weight(common) < weight(rare)


def test_two_common_names_within_a_longer_name_say_less_than_two_rare_ones() -> None:
    assert total("Jose Rodriguez", "Jose Rodriguez Farouk") < total(
        "Kowalczyk Brandenburg", "Kowalczyk Brandenburg Farouk"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ali Khan", "KHAN, Ali"),
        ("Kim Chol", "KIM, Chol"),
        ("李伟", "Li Wei"),
        ("김철", "KIM Chol"),
        ("Wang", "Wang"),
    ],
)
def test_a_whole_name_of_common_words_is_matched_all_the_same(one: str, other: str) -> None:
    assert thresholds_of("any").verdict(read_matcher().compare(one, other).score) is NameVerdict.MATCH


def test_common_names_are_kept_as_they_are_looked_up() -> None:
    assert all(word == squeeze(word) and cost > 0 for word, cost in common_names().items())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("マニャス", "Mañas"),
        ("ツイッグス・サザーランド", "Twiggs Sutherland"),
        ("顶峰科技公司", "Summit Technologies Inc."),
        ("Центр фотоники и катализа", "Catalysis and Photonics Center"),
        ("Institute of Catalysis", "触媒研究所"),
        ("雅罗斯拉夫尔造船厂", "Yaroslavl Shipyard"),
        ("ヤロスラヴリ造船所", "Yaroslavl Shipyard"),
        ("황수만", "HWANG, Su Man"),
        ("전일춘", "JON Il-chun"),
        ("황영조", "Hwang Young-cho"),
    ],
)
def test_a_spelling_never_met_and_a_translation_are_matched(one: str, other: str) -> None:
    assert thresholds_of(PAIRS).verdict(read_matcher().compare(one, other).score) is NameVerdict.MATCH


def test_four_characters_without_a_double_surname_are_no_chinese_person() -> None:
    def words(name: str) -> set[str]:
        return {part.text for reading in read_analyser().read(name).readings for part in reading.parts}

    assert {"zao", "chuansanling"}.isdisjoint(words("造船三菱"))
    assert {"ouyang", "xiuwen"} <= words("欧阳修文")
