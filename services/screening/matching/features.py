"""What the alignment of two readings says, in whole numbers, each of which the score rises with.

Amounts are weights in hundredths of a natural logarithm, shares are thousandths.
"""

from dataclasses import dataclass, fields
from typing import Final

from rapidfuzz.distance import OSA

from services.screening.matching.alignment import Alignment
from services.screening.matching.likeness import SAME, Way
from services.screening.matching.parts import Part
from services.screening.matching.words import Kind

_NAMES: Final = (Kind.NAME, Kind.GIVEN, Kind.PATRONYMIC)
_TELLING: Final = (*_NAMES, Kind.TOPIC, Kind.PLACE)
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a comparison; with each the score can only rise.

    `matched`: what the matched parts are worth. `covered`: share of both names that is matched. `covered_query`,
    `covered_candidate`: share of either. `shorter_covered`: share of the shorter that is matched, what the longer has
    more not counted. `worst`: likeness of the least alike parts. `names`: number of matched names. `agreement`: 1000
    less what contradicts: names, topics and places on both sides without a match. `whole`: likeness of all letters,
    where both names are in the same scripts. `slip`: number of letters, where all but one letter are the same.
    `figures`, `forms`: 1 unless they contradict. `identical`: 1 where nothing differs.
    """

    matched: int
    covered: int
    covered_query: int
    covered_candidate: int
    shorter_covered: int
    worst: int
    names: int
    agreement: int
    figures: int
    forms: int
    identical: int
    whole: int
    slip: int


FEATURE_NAMES: Final = tuple(field.name for field in fields(Features))


def features_of(alignment: Alignment, same_script: bool) -> Features:
    """The features of an alignment of names in the same script, or in two."""
    matched, deficit, worst, names, told = 0, 0, 1000, 0, 0
    for match in alignment.matches:
        worth = match.weight
        gained = worth * match.alike * match.alike // 1_000_000
        matched += gained
        deficit += worth - gained
        kinds = [part.kind for part in match.query] + [part.kind for part in match.candidate]
        if any(kind in _NAMES for kind in kinds):
            worst = min(worst, match.alike)
            names += 1
        if any(kind in _TELLING for kind in kinds):
            told += gained
    query_rest, candidate_rest = _weight(alignment.query_rest), _weight(alignment.candidate_rest)
    contradicted = min(_told_weight(alignment.query_rest), _told_weight(alignment.candidate_rest))
    both = max(1, matched + deficit + (query_rest + candidate_rest) // 2)
    return Features(
        matched=min(matched, _MOST),
        covered=1000 * matched // both,
        covered_query=1000 * matched // max(1, matched + deficit + query_rest),
        covered_candidate=1000 * matched // max(1, matched + deficit + candidate_rest),
        shorter_covered=1000 * matched // max(1, matched + deficit + min(query_rest, candidate_rest)),
        worst=worst if names else 0,
        names=min(names, 4),
        agreement=1000 * (told + 1) // (told + 1 + contradicted) if alignment.matches else 0,
        figures=int(not _contradict(alignment, Kind.NUMBER)),
        forms=int(not _contradict(alignment, Kind.FORM)),
        identical=int(
            same_script
            and bool(alignment.matches)
            and not alignment.query_rest
            and not alignment.candidate_rest
            and all(match.alike == 1000 for match in alignment.matches)
        ),
        whole=_whole(alignment) if same_script else 0,
        slip=_slip(alignment) if same_script else 0,
    )


def _whole(alignment: Alignment) -> int:
    """How alike the names are letter by letter, their words brought into one order; wrong spaces do not count."""
    matched = sorted((_joined(match.query), _joined(match.candidate)) for match in alignment.matches)
    one = "".join(query for query, _ in matched) + _rest(alignment.query_rest)
    other = "".join(candidate for _, candidate in matched) + _rest(alignment.candidate_rest)
    longest = max(len(one), len(other), 1)
    return 1000 - 1000 * OSA.distance(one, other) // longest


def _slip(alignment: Alignment) -> int:
    """The letters of the query where it is the candidate but for one letter at most; else 0."""
    wrong = sum(len(part.text) for part in (*alignment.query_rest, *alignment.candidate_rest))
    letters = 0
    for match in alignment.matches:
        if wrong > 1:
            return 0
        query = _joined(match.query)
        letters += len(query)
        if match.alike != SAME and match.way is not Way.SAME_MEANING:
            wrong += OSA.distance(query, _joined(match.candidate), score_cutoff=1)
    return letters if wrong <= 1 else 0


def _joined(parts: tuple[Part, ...]) -> str:
    return parts[0].text if len(parts) == 1 else "".join(part.text for part in parts)


def _rest(parts: tuple[Part, ...]) -> str:
    return parts[0].text if len(parts) == 1 else "".join(sorted(part.text for part in parts))


def _weight(parts: tuple[Part, ...]) -> int:
    return sum([part.weight for part in parts])


def _told_weight(parts: tuple[Part, ...]) -> int:
    return sum([part.weight for part in parts if part.kind in _TELLING])


def _contradict(alignment: Alignment, kind: Kind) -> bool:
    """Whether both sides have parts of a kind without a match."""
    if not alignment.query_rest or not alignment.candidate_rest:
        return False
    return all(
        any(part.kind is kind for part in rest) for rest in (alignment.query_rest, alignment.candidate_rest)
    )
