"""Which names are those of a listed one, which are for a person to see, and which are somebody else's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.screening.domain.evidence import ONLY_GIVEN, ONLY_LISTED, evidence_of
from services.screening.domain.likeness import Ground, Judgement, judge
from services.screening.matching.explanation import in_words
from services.screening.matching.features import FEATURE_NAMES
from services.screening.matching.likeness import Way
from services.screening.matching.matcher import read_matcher
from services.screening.matching.verdicts import NameVerdict, thresholds_of

MATCH, REVIEW, CLEAR = NameVerdict.MATCH, NameVerdict.REVIEW, NameVerdict.CLEAR
WORDS = [
    "general", "dynamics", "leidos", "subaru", "mitsubishi", "electric", "software", "branch", "co", "ltd", "3", "4",
    "三菱", "造船", "有限公司", "株式会社", "分公司", "航空", "研究所", "第二", "第三", "институт", "김",
]  # fmt: skip
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)
UNHURRIED = settings(deadline=None, max_examples=80)
_RANK = {CLEAR: 0, REVIEW: 1, MATCH: 2}


def judged(given_name: str, listed: str) -> Judgement:
    return judge(read_matcher().compare(given_name, listed), thresholds_of("control_list"))


@pytest.mark.parametrize(
    ("given_name", "listed", "verdict", "ground"),
    [
        ("三菱造船株式会社", "三菱造船株式会社", MATCH, Ground.SAME_NAME),
        ("三菱造船（株）", "三菱造船株式会社", MATCH, Ground.SAME_NAME),
        ("三菱造船有限公司", "三菱造船株式会社", MATCH, Ground.SAME_NAME_OTHER_FORM),
        ("斯巴鲁有限公司", "斯巴鲁株式会社", MATCH, Ground.SAME_NAME_OTHER_FORM),
        ("General Dynamics Corporation", "General Dynamics", MATCH, Ground.SAME_NAME_OTHER_FORM),
        ("Insitu", "Insitu, Inc.", MATCH, Ground.SAME_NAME_OTHER_FORM),
        ("SUBARU CORPORATION", "Subaru Corporation", MATCH, Ground.SAME_NAME),
        ("Mitsubishi Electric Softwere Corporation", "Mitsubishi Electric Software Corporation", MATCH, None),
        ("株式会社SUBARU", "斯巴鲁株式会社", MATCH, None),
        # The same letters, otherwise divided, may be another firm.
        ("In-Situ Inc.", "Insitu, Inc.", REVIEW, Ground.SAME_LETTERS),
        # The listed name within a longer one.
        ("General Dynamics (UK) Branch", "General Dynamics", REVIEW, Ground.SUB_UNIT),
        ("General Dynamics Land Systems Division", "General Dynamics Land Systems", REVIEW, Ground.SUB_UNIT),
        ("三菱造船株式会社上海分公司", "三菱造船株式会社", REVIEW, Ground.SUB_UNIT),
        ("三菱造船子公司", "三菱造船株式会社", REVIEW, Ground.SUB_UNIT),
        ("Leidos Australia Pty Ltd", "Leidos", REVIEW, Ground.LISTED_NAME_WITHIN),
        ("日本防卫大学", "防卫大学", REVIEW, Ground.LISTED_NAME_WITHIN),
        ("第二航空装备研究所", "航空装备研究所", REVIEW, Ground.LISTED_NAME_WITHIN),
        # The name is part of the listed one: a parent is not the listed party.
        ("三菱电机株式会社", "三菱电机软件株式会社", REVIEW, Ground.NAME_WITHIN_LISTED),
        # Another figure is another body, however alike the rest.
        ("S2 AeroDefense Systems", "S3 AeroDefense Systems", REVIEW, Ground.OTHER_FIGURES),
        # Firms of one house are not one firm.
        ("三菱造船株式会社", "三菱精密株式会社", CLEAR, None),
        ("Korea Tungsten Co., Ltd.", "Komatsu Industries Corporation", CLEAR, None),
        ("Toyota Motor Corporation", "Institute of Science Tokyo", CLEAR, None),
        # The place in brackets is read as a name, and says nothing of the firm.
        ("Bright Star (Hong Kong) Limited", "Leader (Hong Kong) International", CLEAR, None),
        # A short name is soon met by chance within a long one that is written otherwise.
        ("Li Fang, Jiangsu Xuke Tungsten Co., Ltd.", "立方公司", CLEAR, None),
        # A given name alone within another name says nothing.
        ("Ahmed Trading Company", "Ahmed", CLEAR, None),
    ],
)
def test_what_two_names_entail(
    given_name: str, listed: str, verdict: NameVerdict, ground: Ground | None
) -> None:
    found = judged(given_name, listed)
    assert found.verdict is verdict
    if ground is not None:
        assert found.ground is ground


def test_other_figures_in_characters_are_never_a_match() -> None:
    assert judged("第二航空装备研究所", "第三航空装备研究所").verdict is REVIEW


@UNHURRIED
@given(NAMES, NAMES)
def test_the_order_of_words_changes_no_verdict(one: list[str], other: list[str]) -> None:
    straight = judged(" ".join(one), " ".join(other))
    assert judged(" ".join(sorted(one)), " ".join(sorted(other))) == straight


@UNHURRIED
@given(NAMES)
def test_a_name_that_says_something_is_its_own_match(words: list[str]) -> None:
    name = " ".join([*words, "Kovalchuk"])
    assert judged(name, name) == Judgement(Ground.SAME_NAME, MATCH)


@UNHURRIED
@given(NAMES, NAMES, st.sampled_from(["Kovalchuk", "Brandenburg", "Rostov"]))
def test_a_further_matching_part_never_lowers_a_verdict(one: list[str], other: list[str], part: str) -> None:
    before = judged(" ".join(one), " ".join(other)).verdict
    after = judged(" ".join([*one, part]), " ".join([*other, part])).verdict
    assert _RANK[after] >= _RANK[before]


@UNHURRIED
@given(NAMES, NAMES)
def test_the_points_of_the_evidence_add_up_and_every_line_has_words(one: list[str], other: list[str]) -> None:
    comparison = read_matcher().compare(" ".join(one), " ".join(other))
    evidence = evidence_of(comparison)
    assert sum(line.points for line in evidence) == comparison.score.total
    for line in evidence:
        if line.feature not in (ONLY_GIVEN, ONLY_LISTED):
            assert in_words(line.feature).zh
            assert in_words(line.feature).en


def test_the_evidence_names_the_parts_that_match_and_those_that_do_not() -> None:
    evidence = evidence_of(read_matcher().compare("Leidos Australia Pty Ltd", "Leidos"))
    assert (evidence[0].given, evidence[0].listed, evidence[0].feature) == ("leidos", "leidos", "SAME")
    assert evidence[0].points > 0
    assert {line.given for line in evidence if line.feature == ONLY_GIVEN} == {"australia", "pty", "ltd"}


def test_every_feature_and_way_has_words_in_both_languages() -> None:
    for code in (
        "base",
        "scripts",
        "country",
        "identifier",
        "born",
        *FEATURE_NAMES,
        *(way.value for way in Way),
    ):
        words = in_words(code)
        assert words.zh
        assert words.en
