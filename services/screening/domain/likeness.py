"""What a comparison of two names says of a party: by what it is like a listed one, and what that alone entails.

The score says how alike two names are. Whether they are the name of one body depends besides on what is left
over on either side: a name that goes on after the listed one is a branch or a subsidiary, two names that each say
something the other does not are firms of one house. Nothing here depends on the order of words.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.screening.matching.alignment import Alignment
from services.screening.matching.likeness import SAME, Way
from services.screening.matching.matcher import Comparison
from services.screening.matching.parts import Part
from services.screening.matching.verdicts import AlertThresholds, NameVerdict
from services.screening.matching.words import Kind

# Part of the version of the comparison: another number means that verdicts may differ on the same lists.
JUDGEMENT_VERSION: Final = "2"

_NOT_TELLING: Final = (Kind.FORM, Kind.PARTICLE, Kind.HONORIFIC, Kind.PATRONYMIC, Kind.INITIAL)
_OF_BODIES: Final = (Kind.WORD, Kind.TOPIC, Kind.PLACE, Kind.FORM, Kind.NUMBER)
# The least that a listed name must say, in hundredths of a natural logarithm, to be looked for within others.
_TELLING_ENOUGH: Final = 500
# Words of one meaning, one spelling or one sound stand for each other.
_ALIKE_ENOUGH: Final = 950
_FIGURES: Final = re.compile(r"[0-9]+|[一二三四五六七八九十百]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_SUB_UNIT_CONCEPTS: Final = ("BRANCH", "DEPARTMENT", "DIVISION")
_SUB_UNIT_WORDS: Final = frozenset(
    {
        "branch", "division", "subsidiary", "affiliate", "department", "unit", "office", "representative", "bureau",
        "分公司", "子公司", "事业部", "办事处", "代表处", "分部", "分院", "分所", "支店", "支社", "营业所",
        "филиал", "지사", "지점",
    }
)  # fmt: skip


class Ground(StrEnum):
    """By what a party is like a listed one."""

    SAME_NAME = "SAME_NAME"
    SAME_NAME_OTHER_FORM = "SAME_NAME_OTHER_FORM"
    SAME_LETTERS = "SAME_LETTERS"
    OTHER_FIGURES = "OTHER_FIGURES"
    # The party calls itself a branch, a department or a subsidiary of the listed one.
    SUB_UNIT = "SUB_UNIT"
    LISTED_NAME_WITHIN = "LISTED_NAME_WITHIN"
    NAME_WITHIN_LISTED = "NAME_WITHIN_LISTED"
    # Part by part, by sound, meaning or spelling, in the same script or another (see `matching`).
    SIMILAR_PARTS = "SIMILAR_PARTS"
    SAME_IDENTIFIER = "SAME_IDENTIFIER"
    SAME_ADDRESS = "SAME_ADDRESS"


@dataclass(frozen=True, slots=True)
class Judgement:
    """By what two names are alike, and whether that is a match, for a person to see, or nothing."""

    ground: Ground
    verdict: NameVerdict


def may_count(alignment: Alignment) -> bool:
    """Whether two names so aligned can be more than those of two firms of one house; cheap, and asked before."""
    return bool(alignment.matches) and not _siblings(alignment)


def judge(comparison: Comparison, thresholds: AlertThresholds) -> Judgement:
    """What a comparison entails, for a list with the thresholds given."""
    alignment = comparison.alignment
    by_score = thresholds.verdict(comparison.score)
    if not may_count(alignment):
        return Judgement(Ground.SIMILAR_PARTS, NameVerdict.CLEAR)
    given_rest, listed_rest = _telling(alignment.query_rest), _telling(alignment.candidate_rest)
    if given_rest and listed_rest:
        return Judgement(Ground.OTHER_FIGURES, _at_most_review(by_score))
    if given_rest:
        return _longer(comparison, given_rest, by_score)
    if listed_rest:
        return Judgement(Ground.NAME_WITHIN_LISTED, _at_most_review(by_score))
    return _whole(comparison, by_score)


def _longer(comparison: Comparison, given_rest: list[Part], by_score: NameVerdict) -> Judgement:
    """The name goes on after the listed one: never the listed one itself, always for a person to see.

    In another kind of writing a short name is soon met by chance within a long one: there the score decides.
    """
    alignment = comparison.alignment
    within = all(match.alike >= _ALIKE_ENOUGH for match in alignment.matches) and _tells_enough(alignment)
    # The name of a person goes on with further names; that of a body with words, a place, or its legal form.
    given = (*alignment.query_rest, *(part for match in alignment.matches for part in match.query))
    goes_on_as_body = any(part.kind in _OF_BODIES for part in given)
    if not (within and goes_on_as_body):
        return Judgement(Ground.SIMILAR_PARTS, _at_most_review(by_score))
    is_unit = any(part.concept in _SUB_UNIT_CONCEPTS or part.text in _SUB_UNIT_WORDS for part in given_rest)
    ground = Ground.SUB_UNIT if is_unit else Ground.LISTED_NAME_WITHIN
    if not _same_writing(comparison):
        return Judgement(ground, _at_most_review(by_score))
    return Judgement(ground, NameVerdict.REVIEW)


def _whole(comparison: Comparison, by_score: NameVerdict) -> Judgement:
    """Nothing but legal forms, patronymics and the like is left over on either side."""
    alignment = comparison.alignment
    if any(match.way is Way.DIVIDED_OTHERWISE for match in alignment.matches):
        return Judgement(Ground.SAME_LETTERS, _at_most_review(by_score))
    if _other_figures(comparison):
        return Judgement(Ground.OTHER_FIGURES, _at_most_review(by_score))
    if any(match.alike != SAME for match in alignment.matches):
        return Judgement(Ground.SIMILAR_PARTS, by_score)
    rests = (*alignment.query_rest, *alignment.candidate_rest)
    if any(part.kind in (Kind.PATRONYMIC, Kind.INITIAL) for part in rests):
        return Judgement(Ground.SIMILAR_PARTS, by_score)
    ground = Ground.SAME_NAME_OTHER_FORM if rests else Ground.SAME_NAME
    # What stands in brackets is read as a name as well, and may be a place only.
    return Judgement(ground, NameVerdict.MATCH if _tells_enough(alignment) else by_score)


def _siblings(alignment: Alignment) -> bool:
    """Whether either name says what the other does not, and the listed one more than another figure."""
    listed_rest = _telling(alignment.candidate_rest)
    return bool(_telling(alignment.query_rest)) and any(part.kind is not Kind.NUMBER for part in listed_rest)


def _telling(parts: tuple[Part, ...]) -> list[Part]:
    return [part for part in parts if part.kind not in _NOT_TELLING]


def _tells_enough(alignment: Alignment) -> bool:
    """Whether the listed name says enough to be known within another: not just a given name or a place."""
    listed = [part for match in alignment.matches for part in match.candidate]
    if all(part.kind in (Kind.GIVEN, Kind.PLACE, Kind.NUMBER) for part in _telling(tuple(listed))):
        return False
    return sum(part.weight for part in listed) >= _TELLING_ENOUGH


def _at_most_review(verdict: NameVerdict) -> NameVerdict:
    return NameVerdict.REVIEW if verdict is NameVerdict.MATCH else verdict


def _other_figures(comparison: Comparison) -> bool:
    """Whether two names in the same kind of writing hold other figures: another figure is another body."""
    if not _same_writing(comparison):
        return False
    return sorted(_FIGURES.findall(comparison.query)) != sorted(_FIGURES.findall(comparison.candidate))


def _same_writing(comparison: Comparison) -> bool:
    """Whether both names are written with Han characters, or neither is."""
    return bool(_HAN.search(comparison.query)) is bool(_HAN.search(comparison.candidate))
