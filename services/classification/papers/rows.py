"""The lines of the law that an item was held against, one row each, in words of both languages."""

import csv
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.classification.domain.encoded import RELEASE
from services.classification.domain.item import Item
from services.classification.domain.outcomes import Candidate
from services.classification.domain.ruling import Condition
from services.classification.papers.wording import Words, words_of
from services.classification.reference_files import REFERENCE
from services.classification.rules.truth import Truth
from services.foundation.messages import render

_SIGNS: Final = {"∈": "is", "∉": "is_not"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in the tree (1, 1.1, 1.2 ...), the law's words, what they ask, what was given.

    `quote` is empty where the law joins lines by layout alone.
    """

    number: str
    depth: int
    quote: str
    asked: Words
    given: str
    limit: Words
    truth: Truth
    near_limit: bool
    remarks: tuple[Words, ...]


def rows_of(candidate: Candidate, item: Item) -> tuple[Row, ...]:
    """Every row of the entry's rule; of an entry without one its description, its limits and what it releases."""
    if candidate.ruling is None:
        return tuple(_by_description(candidate, item))
    rows: list[Row] = []
    counters: list[int] = []
    for condition in candidate.ruling.conditions:
        del counters[condition.depth + 1 :]
        if len(counters) == condition.depth:
            counters.append(0)
        counters[condition.depth] += 1
        rows.append(_row(condition, ".".join(map(str, counters)), candidate, item))
    return tuple(rows)


def leaves_of(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows that are compared themselves, without those that only join others."""
    following = (*(row.depth for row in rows[1:]), 0)
    return tuple(row for row, depth in zip(rows, following, strict=True) if depth <= row.depth)


def _row(condition: Condition, number: str, candidate: Candidate, item: Item) -> Row:
    remarks = [words_of("near")] if condition.near_limit else []
    if condition.interpretation:
        basis = condition.interpretation
        remarks.append(words_of("interpreted", zh=basis, en=basis))
    for fault in condition.faults:
        sentence = render(f"RULE_FAULT_{fault}")
        remarks.append({"zh": sentence.zh, "en": sentence.en})
    return Row(
        number,
        condition.depth,
        condition.quote,
        _asked(condition, candidate),
        _given(condition, item),
        limit_words(condition),
        condition.truth,
        condition.near_limit,
        tuple(remarks),
    )


def _asked(condition: Condition, candidate: Candidate) -> Words:
    """What a line asks, in words of people."""
    about = condition.about
    if condition.word == "subject":
        entry = candidate.entry
        return words_of("subject", zh=entry.name_zh or entry.name_en, en=entry.name_en or entry.name_zh)
    if condition.asked_zh:
        return {"zh": condition.asked_zh, "en": condition.asked_en}
    word = "release" if condition.word == RELEASE else condition.word
    return words_of(word, zh=about, en=about)


def _given(condition: Condition, item: Item) -> str:
    """What was stated of the item: the figure as written, words in both languages, its name for what it is."""
    match condition.word:
        case "subject":
            return _name(item)
        case "fact":
            return "; ".join(
                " ".join(dict.fromkeys(_names_of_value(condition.about, value).values()))
                for value in condition.given.split("; ")
                if value
            )
        case "judge" if condition.given:
            answer = words_of(f"answered_{condition.given}")
            return f"{answer['zh']} {answer['en']}"
        case _:
            return condition.given


def _name(item: Item) -> str:
    return "\n".join(filter(None, (item.name_zh, item.name_en)))


def limit_words(condition: Condition) -> Words:
    """The limit of a line: figures are the same in both languages, words are not."""
    sign, _, values = condition.limit.partition(" ")
    if condition.word not in ("fact", "context") or sign not in _SIGNS:
        return {"zh": condition.limit, "en": ""}
    found = [_names_of_value(condition.about, value) for value in values.split("; ")]
    return words_of(
        _SIGNS[sign], zh="、".join(each["zh"] for each in found), en=", ".join(each["en"] for each in found)
    )


def _names_of_value(characteristic: str, value: str) -> Words:
    return _value_names().get((characteristic, value), {"zh": value, "en": value})


@functools.cache
def _value_names() -> Mapping[tuple[str, str], Words]:
    with (REFERENCE / "fact_values.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["fact"], row["value"]): {"zh": row["name_zh"], "en": row["name_en"]}
            for row in csv.DictReader(file)
        }


def _by_description(candidate: Candidate, item: Item) -> Iterator[Row]:
    entry = candidate.entry
    described = Truth.TRUE if candidate.identified else Truth.UNKNOWN
    parts: Sequence[tuple[str, str, str, Truth]] = (
        ("described", entry.name_zh or entry.name_en, entry.name_en, described),
        ("limits", entry.parameters_zh or entry.parameters_en, entry.parameters_en, Truth.UNKNOWN),
        ("releases", entry.decontrol_zh or entry.decontrol_en, entry.decontrol_en, Truth.UNKNOWN),
    )
    present = [part for part in parts if part[1]]
    for number, (word, quote, english, truth) in enumerate(present, start=1):
        asked = words_of(word)
        if english and english != quote:
            asked = {"zh": asked["zh"], "en": f"{asked['en']}: {english}"}
        given = _name(item) if word == "described" else ""
        yield Row(str(number), 0, quote, asked, given, {"zh": "", "en": ""}, truth, False, ())
