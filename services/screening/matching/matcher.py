"""Compares two names, and one name with a list: the entrance to the matcher.

Everything is pure but the memory of words already compared, which changes no result.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from services.screening.matching.alignment import Alignment, align
from services.screening.matching.analysis import ANALYSER_VERSION, Analyser, read_analyser
from services.screening.matching.features import Features, features_of
from services.screening.matching.likeness import LOWEST, likenesses
from services.screening.matching.qualifiers import Qualifiers, agreeing
from services.screening.matching.scoring import MODEL_VERSION, Score, Scorer, Scripts, read_scorer
from services.screening.matching.search import Searcher
from services.screening.matching.segment import IndexedName, Segment
from services.screening.matching.sounds import Sounds, read_sounds

MATCHER_VERSION: Final = f"matcher:{ANALYSER_VERSION}.{MODEL_VERSION}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two names are: the score with its points, and which parts stand for which."""

    query: str
    candidate: str
    score: Score
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class EntityMatch:
    """An entity of an index with its name most like the query."""

    entity: str
    comparison: Comparison


_NOTHING: Final = Alignment((), (), ())


class Matcher:
    """Reads, aligns and scores names with one set of tables."""

    def __init__(self, analyser: Analyser, sounds: Sounds, scorer: Scorer) -> None:
        self.analyser: Final = analyser
        self.sounds: Final = sounds
        self.scorer: Final = scorer

    def qualified(self, comparison: Comparison, given: Qualifiers, listed: Qualifiers) -> Comparison:
        """A comparison with the points of what else is known of both parties and agrees."""
        more = agreeing(given, listed)
        return (
            replace(comparison, score=self.scorer.with_points(comparison.score, more)) if more else comparison
        )

    def compare(self, query: str, candidate: str) -> Comparison:
        """The best comparison over all readings of both names."""
        given, listed = self.analyser.read(query), self.analyser.read(candidate)
        best = Comparison(
            query, candidate, self.scorer.score(_NOTHING, (given.scripts, listed.scripts)), _NOTHING
        )
        for reading in given.readings:
            for other in listed.readings:
                spelt = self.sounds.spell([part.latin for part in other.parts])
                table = [
                    [
                        cell if cell[0] >= LOWEST else None
                        for cell in likenesses(part, other.parts, spelt, self.sounds)
                    ]
                    for part in reading.parts
                ]
                alignment = align(reading.parts, other.parts, table, self.sounds)
                score = self.scorer.score(alignment, (given.scripts, listed.scripts))
                if score.total > best.score.total:
                    best = Comparison(query, candidate, score, alignment)
        return best


class Index:
    """The names of a list, to be searched; immutable: a change makes a new index, which takes over what stayed."""

    def __init__(self, matcher: Matcher, names: Iterable[IndexedName]) -> None:
        """An index of names."""
        self._matcher = matcher
        self._searcher = Searcher(Segment.of(names, matcher.analyser, matcher.sounds), matcher.sounds)

    def changed_by(self, added: Iterable[IndexedName], removed: Iterable[str]) -> "Index":
        """An index in which the entities `removed` are gone, and those of `added` have exactly the names given.

        It is the same as one that is built of these names anew, and finds the same.
        """
        new = list(added)
        gone = frozenset(removed) | {name.entity for name in new}
        matcher = self._matcher
        segment = self._searcher.segment.changed(gone, new, matcher.analyser, matcher.sounds)
        changed = copy(self)
        changed._searcher = Searcher(segment, matcher.sounds)
        return changed

    def reads(self, query: str) -> bool:
        """Whether anything can be read in a name."""
        return bool(self._matcher.analyser.read(query).readings)

    def search(
        self, query: str, most: int = 10, wanted: Callable[[Alignment], bool] | None = None
    ) -> list[EntityMatch]:
        """The entities most like a name, best first; ties in the order of their identifiers.

        Of each entity the best name counts, among those that are aligned as `wanted`.
        """
        return [self._match(query, one) for one in self._candidates(query, False, wanted)[:most]]

    def names_like(self, query: str, most: int, wanted: Callable[[Alignment], bool]) -> list[EntityMatch]:
        """The names most like a name that are aligned as `wanted`, best first, be they of one entity or of several."""
        found = sorted(self._by_name(query, False, wanted).values(), key=_order)
        chosen = [one for one in found if wanted(one.alignment)][:most]
        return [self._match(query, one) for one in chosen]

    def all_above(self, query: str, millionths: int) -> list[EntityMatch]:
        """Every entity whose score for a name is at least `millionths`, best first; ties by identifier.

        `search` looks at the nearest names only, which is enough to know whether a name is on a list. Where the index
        holds parties, one listed name may stand for any number of them: here all are looked at, up to a bound of
        thousands for each reading of the name.
        """
        found = (self._match(query, one) for one in self._candidates(query, True))
        return [match for match in found if match.comparison.score.millionths >= millionths]

    def aligned(
        self, query: str, wanted: Callable[[Alignment], bool]
    ) -> Iterable[tuple[str, str, Alignment]]:
        """Every name, with its entity, that may be like a name and is aligned as `wanted`; not scored.

        A name that can be read in several ways may be met more than once.
        """
        segment = self._searcher.segment
        for reading in self._matcher.analyser.read(query).readings:
            for found in self._searcher.search(reading, for_all=True):
                if wanted(found.alignment):
                    yield *segment.names[found.name], found.alignment

    def _match(self, query: str, one: "_Candidate") -> EntityMatch:
        score = self._matcher.scorer.of_features(one.features, one.scripts)
        return EntityMatch(one.entity, Comparison(query, one.name, score, one.alignment))

    def _candidates(
        self, query: str, for_all: bool, wanted: Callable[[Alignment], bool] | None = None
    ) -> list["_Candidate"]:
        """The best name of each entity, best first."""
        best: dict[str, _Candidate] = {}
        for one in sorted(self._by_name(query, for_all, wanted).values(), key=_order):
            if one.entity not in best and (wanted is None or wanted(one.alignment)):
                best[one.entity] = one
        return list(best.values())

    def _by_name(
        self, query: str, for_all: bool, wanted: Callable[[Alignment], bool] | None
    ) -> dict[int, "_Candidate"]:
        """The best reading of each name, by its number.

        Names that are aligned in one way only, and not as `wanted`, may be missing.
        """
        given = self._matcher.analyser.read(query)
        scorer, segment = self._matcher.scorer, self._searcher.segment
        found = [one for reading in given.readings for one in self._searcher.search(reading, for_all)]
        if wanted is not None:
            times = Counter(one.name for one in found)
            found = [one for one in found if times[one.name] > 1 or wanted(one.alignment)]
        by_name: dict[int, _Candidate] = {}
        for one in found:
            entity, name = segment.names[one.name]
            scripts = given.scripts, segment.scripts[one.name]
            features = features_of(one.alignment, scripts[0] == scripts[1])
            total = scorer.total(features, scripts)
            known = by_name.get(one.name)
            if known is None or total > known.total:
                by_name[one.name] = _Candidate(entity, name, scripts, total, one.alignment, features)
        return by_name


@dataclass(frozen=True, slots=True)
class _Candidate:
    entity: str
    name: str
    scripts: Scripts
    total: int
    alignment: Alignment
    features: Features


def _order(one: _Candidate) -> tuple[int, str, str]:
    return -one.total, one.entity, one.name


@lru_cache(maxsize=1)
def read_matcher() -> Matcher:
    """The matcher with the tables that come with the program."""
    return Matcher(read_analyser(), read_sounds(), read_scorer())
