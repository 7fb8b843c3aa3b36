"""Which part of one name stands for which part of the other, whatever their order.

Equal parts are taken first, then the most alike and weighty; two parts may stand for one that is written
together (Chun Lan, Chunlan), or for two that are divided elsewhere (Ek Tsmart, Ekt Smart). The result depends on the
parts only, not on their order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from rapidfuzz.distance import OSA, Indel

from services.screening.matching.abbreviations import FEWEST_LETTERS, initials_of, letters_of, likeness_of
from services.screening.matching.likeness import LOWEST, SAME, Way, letters_alike
from services.screening.matching.parts import Part
from services.screening.matching.sounds import LONGEST_LATIN, Sounds
from services.screening.matching.text import Script
from services.screening.matching.words import Kind

_JOINED: Final = 970
_SURE: Final = 860
_NEAR: Final = 0.6
_LONGEST_DIFFERENCE: Final = 2
_SHORTEST_JOINED: Final = 4
_MOST_JOINED: Final = 12
_FEWEST_JOINED: Final = 3
_MOST_DIVIDED: Final = 5
_ENDLESS: Final = 1 << 30
_JOINABLE: Final = (
    Kind.NAME,
    Kind.GIVEN,
    Kind.PATRONYMIC,
    Kind.PARTICLE,
    Kind.INITIAL,
    Kind.WORD,
    Kind.TOPIC,
    Kind.PLACE,
    Kind.FORM,
)


@dataclass(frozen=True, slots=True)
class Match:
    """Parts of the query that stand for parts of the candidate."""

    query: tuple[Part, ...]
    candidate: tuple[Part, ...]
    alike: int
    way: Way

    @property
    def weight(self) -> int:
        """What the match is worth if it is exact: the mean weight of both sides; of an abbreviation, its own."""
        if len(self.query) == 1 == len(self.candidate) and self.way is not Way.ABBREVIATED:
            return (self.query[0].weight + self.candidate[0].weight) // 2
        query, candidate = (sum([part.weight for part in side]) for side in (self.query, self.candidate))
        return min(query, candidate) if self.way is Way.ABBREVIATED else (query + candidate) // 2


@dataclass(frozen=True, slots=True)
class Alignment:
    """The matches, and the parts of either side that found none."""

    matches: tuple[Match, ...]
    query_rest: tuple[Part, ...]
    candidate_rest: tuple[Part, ...]


# The likeness of a part to another and by what; None where it is not enough.
Cell = tuple[int, Way] | None
# Whether it is less than equal, what it is worth, the words of either side; its places; what it says.
_Edge = tuple[bool, int, str, str, int, int, int, tuple[Part, ...], tuple[Part, ...], int, Way]


class Aligner:
    """One reading, to be aligned with any number of others."""

    def __init__(self, query: Sequence[Part], sounds: Sounds) -> None:
        """Prepares what depends on the reading alone."""
        self._query: Final = query
        self._sounds: Final = sounds
        self._joinable: Final = [_joinable(part) for part in query]
        self._lengths: Final = [len(part.latin) for part in query]
        self.letters: Final = [letters_of(part) for part in query]
        self._initials: Final = initials_of(query) if len(query) >= FEWEST_LETTERS else ("", ())
        lengths = [len(letters) for letters in self.letters if letters]
        # An abbreviation has a letter for each word that counts.
        self._fewest_letters: Final = max(min(lengths), FEWEST_LETTERS) if lengths else _ENDLESS
        self._sounds_of_joined: dict[tuple[Script, tuple[str, ...], str], int] = {}

    def align(self, candidate: Sequence[Part], table: Sequence[Sequence[Cell]]) -> Alignment:
        """Aligns the reading with another by the likenesses of their parts (row of the query, column)."""
        query = self._query
        edges: list[_Edge] = []
        sure_rows = sure_columns = 0
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if cell is None:
                    continue
                one, other = query[row], candidate[column]
                worth = cell[0] * ((one.weight + other.weight) // 2)
                edges.append(
                    (
                        cell[0] != SAME,
                        -worth,
                        one.text,
                        other.text,
                        len(edges),
                        1 << row,
                        1 << column,
                        (one,),
                        (other,),
                        *cell,
                    )
                )
                if cell[0] >= _SURE:
                    sure_rows |= 1 << row
                    sure_columns |= 1 << column
        self._add_joined(candidate, sure_rows, sure_columns, edges)
        self._add_abbreviated(candidate, edges)
        edges.sort()
        free_rows, free_columns = (1 << len(query)) - 1, (1 << len(candidate)) - 1
        matches: list[Match] = []
        for edge in edges:
            rows, columns = edge[5], edge[6]
            if rows & ~free_rows or columns & ~free_columns:
                continue
            free_rows ^= rows
            free_columns ^= columns
            matches.append(Match(*edge[7:]))
        return Alignment(
            tuple(matches),
            tuple([part for row, part in enumerate(query) if free_rows >> row & 1]) if free_rows else (),
            tuple([part for column, part in enumerate(candidate) if free_columns >> column & 1])
            if free_columns
            else (),
        )

    def _add_joined(
        self, candidate: Sequence[Part], sure_rows: int, sure_columns: int, edges: list[_Edge]
    ) -> None:
        """Two parts of one side for one of the other, where neither side is settled by a sure match."""
        query = self._query
        rows = [row for row, joinable in enumerate(self._joinable) if joinable and not sure_rows >> row & 1]
        if not rows:
            return
        columns = [
            column
            for column, part in enumerate(candidate)
            if not sure_columns >> column & 1 and _joinable(part)
        ]
        if len(rows) + len(columns) < _FEWEST_JOINED or not columns:
            return
        lengths = [len(part.latin) for part in candidate]
        for row in rows:
            for pair in _pairs(len(query[row].latin), lengths, columns):
                parts = tuple(candidate[column] for column in pair)
                cell = self._joined_likeness(query[row], parts)
                if cell is not None:
                    _add(edges, 1 << row, _bits(pair), (query[row],), parts, *cell)
        for column in columns:
            for pair in _pairs(lengths[column], self._lengths, rows):
                parts = tuple(query[row] for row in pair)
                cell = self._joined_likeness(candidate[column], parts)
                if cell is not None:
                    _add(edges, _bits(pair), 1 << column, parts, (candidate[column],), *cell)
        self._add_moved_spaces(candidate, rows, columns, edges)

    def _add_moved_spaces(
        self, candidate: Sequence[Part], rows: Sequence[int], columns: Sequence[int], edges: list[_Edge]
    ) -> None:
        """Two parts for two others that are spelt alike when written together."""
        if min(len(rows), len(columns)) < 2 or max(len(rows), len(columns)) > _MOST_DIVIDED:
            return
        query = self._query
        together = {
            candidate[one].latin + candidate[two].latin: (one, two) for one, two in permutations(columns, 2)
        }
        for one, two in permutations(rows, 2):
            pair = together.get(query[one].latin + query[two].latin)
            if pair is not None and len(query[one].latin) != len(candidate[pair[0]].latin):
                sides = (query[one], query[two]), (candidate[pair[0]], candidate[pair[1]])
                _add(edges, _bits((one, two)), _bits(pair), *sides, _JOINED, Way.DIVIDED_OTHERWISE)

    def _add_abbreviated(self, candidate: Sequence[Part], edges: list[_Edge]) -> None:
        """One part for all words of the other side, where it is made of their initials."""
        query = self._query
        if len(candidate) >= self._fewest_letters:
            initials, columns = initials_of(candidate)
            for row, letters in enumerate(self.letters):
                if initials and letters == initials:
                    words = tuple(candidate[column] for column in columns)
                    alike = likeness_of(initials)
                    _add(edges, 1 << row, _bits(columns), (query[row],), words, alike, Way.ABBREVIATED)
        initials, rows = self._initials
        if not initials:
            return
        for column, part in enumerate(candidate):
            if len(part.text) >= len(initials) and letters_of(part) == initials:
                words = tuple(query[row] for row in rows)
                alike = likeness_of(initials)
                _add(edges, _bits(rows), 1 << column, words, (part,), alike, Way.ABBREVIATED)

    def _joined_likeness(self, whole: Part, parts: Sequence[Part]) -> Cell:
        one, two = parts[0].latin, parts[1].latin
        # As `squeeze` would: neither has doubled letters, but where they meet there may be some.
        joined = (one + two[1:] if one[-1] == two[0] else one + two)[:LONGEST_LATIN]
        if joined == whole.latin:
            return _JOINED, Way.DIVIDED_OTHERWISE
        if Indel.normalized_similarity(joined, whole.latin) < _NEAR:
            return None
        if whole.kind is Kind.FORM or any(part.kind is Kind.FORM for part in parts):
            # A legal form is part of a word only where a space is missing.
            return None
        if all(part.script is whole.script for part in parts) and _one_letter(joined, whole.latin):
            alike = letters_alike(joined, whole.latin)
        else:
            alike = min(self._sound_of_joined(whole, joined), _JOINED)
        return (alike, Way.DIVIDED_OTHERWISE) if alike >= LOWEST else None

    def _sound_of_joined(self, whole: Part, joined: str) -> int:
        """The likeness by sound of a word to others written together; many readings hold the same neighbours."""
        key = whole.script, whole.units, joined
        known = self._sounds_of_joined.get(key)
        if known is None:
            found = self._sounds.likeness(whole.script, whole.units, self._sounds.spell([joined]))
            known = self._sounds_of_joined[key] = int(found[0])
        return known


def align(
    query: Sequence[Part], candidate: Sequence[Part], table: Sequence[Sequence[Cell]], sounds: Sounds
) -> Alignment:
    """Aligns two readings by the table of likenesses of their parts (row of the query, column)."""
    return Aligner(query, sounds).align(candidate, table)


def _add(
    edges: list[_Edge],
    rows: int,
    columns: int,
    query: tuple[Part, ...],
    candidate: tuple[Part, ...],
    alike: int,
    way: Way,
) -> None:
    worth = alike * Match(query, candidate, alike, way).weight
    edges.append(
        (
            alike != SAME,
            -worth,
            _texts(query),
            _texts(candidate),
            len(edges),
            rows,
            columns,
            query,
            candidate,
            alike,
            way,
        )
    )


def _texts(parts: tuple[Part, ...]) -> str:
    return " ".join(sorted(part.text for part in parts))


def _bits(places: Iterable[int]) -> int:
    return sum(1 << place for place in places)


def _joinable(part: Part) -> bool:
    return part.kind in _JOINABLE and bool(part.latin)


def _pairs(length: int, lengths: Sequence[int], places: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of parts, in either order, about as long together as the whole, which has `length` letters."""
    if length < _SHORTEST_JOINED:
        return []
    return [
        (one, two)
        for one, two in permutations(places, 2)
        if -_LONGEST_DIFFERENCE <= lengths[one] + lengths[two] - length <= _LONGEST_DIFFERENCE
    ][:_MOST_JOINED]


def _one_letter(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=1) == 1
