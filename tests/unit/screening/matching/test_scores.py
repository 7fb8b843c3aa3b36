"""What must hold of every score: it is a sum, it only rises, it forgets the order, it repeats."""

import json
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.screening.matching.comparing import Words
from services.screening.matching.explanation import explain
from services.screening.matching.matcher import Index, read_matcher
from services.screening.matching.qualifiers import Qualifiers
from services.screening.matching.segment import IndexedName
from services.screening.matching.sounds import Sounds
from services.screening.matching.text import LONGEST_NAME, MOST_WORDS
from services.screening.matching.verdicts import thresholds_of

LATIN_WORDS = ["ivanov", "sergey", "muhammad", "alzahrani", "moscow", "bank", "jsc", "institute", "35", "kim"]
OTHER_WORDS = ["研究所", "三菱", "有限公司", "завод", "иванов", "김", "قمر", "チトフ", "al", "j"]
WORDS = st.sampled_from([*LATIN_WORDS, *OTHER_WORDS])
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
UNHURRIED = settings(deadline=None, max_examples=60)
LIST = [
    IndexedName("A", "Sergey IVANOV"),
    IndexedName("B", "Institute 35 of Moscow"),
    IndexedName("C", "MITSUBISHI Institute"),
    IndexedName("C", "三菱研究所"),
    IndexedName("D", "KIM Jong Un"),
    IndexedName("E", "Muhammad Al-Zahrani"),
]


def total(one: str, other: str) -> int:
    return read_matcher().compare(one, other).score.total


@UNHURRIED
@given(NAMES, NAMES, st.sampled_from(["Kovalchuk", "Sidorenko", "Rostov", "Brandenburg"]))
def test_a_further_matching_part_never_lowers_a_score(one: str, other: str, part: str) -> None:
    assert total(f"{one} {part}", f"{other} {part}") >= total(one, other)


@UNHURRIED
@given(st.lists(WORDS, min_size=1, max_size=5), NAMES, st.randoms(use_true_random=False))
def test_the_order_of_words_changes_nothing(words: list[str], other: str, random: object) -> None:
    shuffled = sorted(words)
    assert total(" ".join(words), other) == total(" ".join(shuffled), other)
    assert total(other, " ".join(words)) == total(other, " ".join(shuffled))


@UNHURRIED
@given(NAMES, NAMES)
def test_a_score_is_the_sum_of_its_points_and_is_explained(one: str, other: str) -> None:
    comparison = read_matcher().compare(one, other)
    assert sum(points.points for points in comparison.score.points) == comparison.score.total
    assert 0 <= comparison.score.millionths <= 1_000_000
    assert all(points.points >= 0 for points in comparison.score.points if points.amount)
    said = explain(comparison)
    assert f"{comparison.score.total / 1000:+.3f} → {comparison.score.value}" in said.zh
    assert f"{comparison.score.total / 1000:+.3f} → {comparison.score.value}" in said.en


@UNHURRIED
@given(st.permutations(LIST), NAMES)
def test_the_order_of_a_list_changes_nothing(shuffled: list[IndexedName], query: str) -> None:
    matcher = read_matcher()
    assert Index(matcher, shuffled).search(query) == Index(matcher, LIST).search(query)


@pytest.mark.parametrize("query", ["Sergei Ivanov", "三菱研究所", "김정은", "Институт 35 Москва"])
def test_a_name_found_in_a_list_has_the_score_of_the_pair(query: str) -> None:
    matcher = read_matcher()
    found = Index(matcher, LIST).search(query)
    assert found
    for match in found:
        assert matcher.compare(query, match.comparison.candidate).score.total == match.comparison.score.total


def test_a_changed_list_answers_as_one_built_anew() -> None:
    matcher = read_matcher()
    more = [IndexedName("A", "Petr SIDOROV"), IndexedName("F", "Andrei IVANOV")]
    changed = Index(matcher, LIST * 1 + [IndexedName(f"X{i}", f"Filler {i}") for i in range(40)]).changed_by(
        more, ["D"]
    )
    anew = Index(
        matcher,
        [name for name in LIST if name.entity not in ("A", "D")]
        + [IndexedName(f"X{i}", f"Filler {i}") for i in range(40)]
        + more,
    )
    for query in ("Ivanov Sergey", "Sidorov", "Kim Jong Un", "Mitsubishi", "Filler 7"):
        assert changed.search(query) == anew.search(query)


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "from services.screening.matching.matcher import read_matcher; import json;"
        "c=[read_matcher().compare(a,b).score for a,b in %r];"
        "print(json.dumps([[s.total,s.millionths,[p.points for p in s.points]] for s in c]))"
    )
    pairs = [("Сергей Иванов", "Ivanov Sergey"), ("孙春兰", "Chunlan Sun"), ("プーチン", "Putin")]
    told = {
        subprocess.run(
            [sys.executable, "-c", program % (pairs,)],
            check=True, capture_output=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1
    assert json.loads(told.pop())


HOSTILE = [
    "a" * 10_000,
    "ivanov " * 3_000,
    "\u200b" * 9_000 + "Sergey Ivanov",
    "\u202e" + "vonavI yegreS",
    "".join(chr(code) for code in range(0x2000)),
    "研" * 10_000,
    "김" * 10_000,
    "ヴ" * 10_000,
    "مح" * 5_000,
    "\ud800 lone",
    "((((((((((" * 500,
    "a.b." * 2_500,
    "",
    "\x00\x01\x02",
    "𝕊𝕖𝕣𝕘𝕖𝕪 𝕀𝕧𝕒𝕟𝕠𝕧",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_answered_in_bounded_work(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words, cells = [], []
    like, costs = Words.like, Sounds.costs

    def counted_like(self: Words, query: object, rows: object, *others: object) -> object:
        cells.append(len(rows))  # type: ignore[arg-type]
        return like(self, query, rows, *others)  # type: ignore[arg-type]

    def counted_costs(self: Sounds, script: object, units: object, spelt: object) -> object:
        words.append(1)
        return costs(self, script, units, spelt)  # type: ignore[arg-type]

    monkeypatch.setattr(Words, "like", counted_like)
    monkeypatch.setattr(Sounds, "costs", counted_costs)
    read = read_matcher().analyser.read(name)
    assert all(len(reading.parts) <= MOST_WORDS for reading in read.readings)
    assert sum(len(part.text) for reading in read.readings for part in reading.parts) <= 8 * LONGEST_NAME * 6
    Index(read_matcher(), LIST).search(name)
    assert len(words) <= 1_000
    assert sum(cells) <= 10_000


@pytest.mark.parametrize("written", [HOSTILE[2], HOSTILE[14], "Sеrgеy Ivаnоv", "S\u00adergey\u2060 Ivanov"])
def test_disguises_hide_no_match(written: str) -> None:
    assert Index(read_matcher(), LIST).search(written)[0].entity == "A"


def test_what_else_agrees_adds_and_what_differs_takes_nothing_away() -> None:
    matcher = read_matcher()
    bare = matcher.compare("Sergey Ivanov", "IVANOV, Sergei")
    known = Qualifiers("RU", frozenset({"4510123456"}), date(1970, 5, 1))
    same = matcher.qualified(bare, known, known)
    other = matcher.qualified(bare, known, Qualifiers("KZ", frozenset({"1"}), date(1980, 1, 1)))
    assert [points.feature for points in same.score.points[-3:]] == ["country", "identifier", "born"]
    assert same.score.total == sum(points.points for points in same.score.points) > bare.score.total
    assert other == bare
    assert "same identifier" in explain(same).en


def test_all_who_bear_a_listed_name_are_found_and_not_only_the_nearest() -> None:
    matcher = read_matcher()
    parties = [IndexedName(f"P{number:03}", "Sergey Ivanov") for number in range(150)]
    similar = [IndexedName("S1", "IVANOV, Sergei"), IndexedName("S2", "Иванов Сергей")]
    index = Index(matcher, [*parties, *similar, IndexedName("X", "Jane Appleby")])
    review = thresholds_of("any").review
    found = {match.entity for match in index.all_above("Sergey Ivanov", review)}
    assert found == {name.entity for name in (*parties, *similar)}
    assert all(match.comparison.score.millionths >= review for match in index.all_above("Ivanov", review))
    assert len(index.search("Sergey Ivanov", 10)) == 10
    assert index.all_above("???", review) == []
