"""Which part of one name stands for which part of the other, whatever their order.

Equal parts are taken first, then the most alike and weighty; two parts may stand for one that is written
together (Chun Lan, Chunlan), or for two that are divided elsewhere (Ek Tsmart, Ekt Smart). The result depends on the
parts only, not on their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from rapidfuzz.distance import OSA, Indel

from services.screening.matching.abbreviations import FEWEST_LETTERS, initials_of, letters_of, likeness_of
from services.screening.matching.likeness import LOWEST, SAME, Way, letters_alike
from services.screening.matching.parts import Part
from services.screening.matching.sounds import Sounds, squeeze
from services.screening.matching.words import Kind

_JOINED: Final = 970
_SURE: Final = 860
_NEAR: Final = 0.6
_LONGEST_DIFFERENCE: Final = 2
_SHORTEST_JOINED: Final = 4
_MOST_JOINED: Final = 12
_FEWEST_JOINED: Final = 3
_MOST_DIVIDED: Final = 5
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
        query, candidate = (sum(part.weight for part in side) for side in (self.query, self.candidate))
        return min(query, candidate) if self.way is Way.ABBREVIATED else (query + candidate) // 2


@dataclass(frozen=True, slots=True)
class Alignment:
    """The matches, and the parts of either side that found none."""

    matches: tuple[Match, ...]
    query_rest: tuple[Part, ...]
    candidate_rest: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    match: Match
    worth: int

    @property
    def order(self) -> tuple[bool, int, str, str]:
        """Equal parts first, then by what the match is worth; ties by the words, never by their places."""
        match = self.match
        if len(match.query) == 1 == len(match.candidate):
            return match.alike != SAME, -self.worth, match.query[0].text, match.candidate[0].text
        query, candidate = (
            " ".join(sorted(part.text for part in side)) for side in (match.query, match.candidate)
        )
        return match.alike != SAME, -self.worth, query, candidate


def _edge(rows: tuple[int, ...], columns: tuple[int, ...], match: Match) -> _Edge:
    return _Edge(rows, columns, match, match.alike * match.weight)


def align(
    query: Sequence[Part],
    candidate: Sequence[Part],
    table: Sequence[Sequence[tuple[int, Way]]],
    sounds: Sounds,
) -> Alignment:
    """Aligns two readings by the table of likenesses of their parts (row of the query, column)."""
    edges = [
        _edge((row,), (column,), Match((one,), (other,), *table[row][column]))
        for row, one in enumerate(query)
        for column, other in enumerate(candidate)
        if table[row][column][0] >= LOWEST
    ]
    edges += _joined_edges(query, candidate, table, sounds)
    edges += _abbreviated_edges(query, candidate)
    edges.sort(key=lambda edge: edge.order)
    free_rows, free_columns = set(range(len(query))), set(range(len(candidate)))
    matches: list[Match] = []
    for edge in edges:
        if free_rows.issuperset(edge.rows) and free_columns.issuperset(edge.columns):
            free_rows.difference_update(edge.rows)
            free_columns.difference_update(edge.columns)
            matches.append(edge.match)
    return Alignment(
        tuple(matches),
        tuple(query[row] for row in sorted(free_rows)),
        tuple(candidate[column] for column in sorted(free_columns)),
    )


def _joined_edges(
    query: Sequence[Part],
    candidate: Sequence[Part],
    table: Sequence[Sequence[tuple[int, Way]]],
    sounds: Sounds,
) -> list[_Edge]:
    """Two parts of one side for one of the other, where neither side is settled by a sure match."""
    sure_rows = {row for row, cells in enumerate(table) if any(alike >= _SURE for alike, _ in cells)}
    sure_columns = {
        column for column in range(len(candidate)) if any(cells[column][0] >= _SURE for cells in table)
    }
    rows = [row for row in range(len(query)) if row not in sure_rows and _joinable(query[row])]
    if not rows:
        return []
    columns = [
        column
        for column in range(len(candidate))
        if column not in sure_columns and _joinable(candidate[column])
    ]
    edges: list[_Edge] = []
    if len(rows) + len(columns) < _FEWEST_JOINED or not columns:
        return edges
    for row in rows:
        for pair in _pairs(query[row], candidate, columns):
            parts = tuple(candidate[column] for column in pair)
            alike, way = _joined_likeness(query[row], parts, sounds)
            if alike >= LOWEST:
                edges.append(_edge((row,), tuple(sorted(pair)), Match((query[row],), parts, alike, way)))
    for column in columns:
        for pair in _pairs(candidate[column], query, rows):
            parts = tuple(query[row] for row in pair)
            alike, way = _joined_likeness(candidate[column], parts, sounds)
            if alike >= LOWEST:
                edges.append(
                    _edge(tuple(sorted(pair)), (column,), Match(parts, (candidate[column],), alike, way))
                )
    return edges + _moved_spaces(query, candidate, rows, columns)


def _abbreviated_edges(query: Sequence[Part], candidate: Sequence[Part]) -> list[_Edge]:
    """One part for all words of the other side, where it is made of their initials."""
    edges: list[_Edge] = []
    if len(candidate) >= FEWEST_LETTERS:
        initials, columns = initials_of(candidate)
        words = tuple(candidate[column] for column in columns)
        edges += [
            _edge((row,), columns, Match((part,), words, likeness_of(initials), Way.ABBREVIATED))
            for row, part in enumerate(query)
            if initials and letters_of(part) == initials
        ]
    if len(query) >= FEWEST_LETTERS:
        initials, rows = initials_of(query)
        words = tuple(query[row] for row in rows)
        edges += [
            _edge(rows, (column,), Match(words, (part,), likeness_of(initials), Way.ABBREVIATED))
            for column, part in enumerate(candidate)
            if initials and letters_of(part) == initials
        ]
    return edges


def _moved_spaces(
    query: Sequence[Part], candidate: Sequence[Part], rows: Sequence[int], columns: Sequence[int]
) -> list[_Edge]:
    """Two parts for two others that are spelt alike when written together."""
    if min(len(rows), len(columns)) < 2 or max(len(rows), len(columns)) > _MOST_DIVIDED:
        return []
    together = {
        candidate[one].latin + candidate[two].latin: (one, two) for one, two in permutations(columns, 2)
    }
    edges: list[_Edge] = []
    for one, two in permutations(rows, 2):
        pair = together.get(query[one].latin + query[two].latin)
        if pair is not None and len(query[one].latin) != len(candidate[pair[0]].latin):
            parts = (query[one], query[two]), (candidate[pair[0]], candidate[pair[1]])
            match = Match(*parts, _JOINED, Way.DIVIDED_OTHERWISE)
            edges.append(_edge((min(one, two), max(one, two)), (min(pair), max(pair)), match))
    return edges


def _joinable(part: Part) -> bool:
    return part.kind in _JOINABLE and bool(part.latin)


def _pairs(whole: Part, others: Sequence[Part], places: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of parts, in either order, about as long together as the whole."""
    length = len(whole.latin)
    if length < _SHORTEST_JOINED:
        return []
    return [
        (one, two)
        for one, two in permutations(places, 2)
        if abs(len(others[one].latin) + len(others[two].latin) - length) <= _LONGEST_DIFFERENCE
    ][:_MOST_JOINED]


def _one_letter(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=1) == 1


def _joined_likeness(whole: Part, parts: Sequence[Part], sounds: Sounds) -> tuple[int, Way]:
    joined = squeeze("".join(part.latin for part in parts))
    if joined == whole.latin:
        return _JOINED, Way.DIVIDED_OTHERWISE
    if Indel.normalized_similarity(joined, whole.latin) < _NEAR:
        return 0, Way.DIVIDED_OTHERWISE
    if whole.kind is Kind.FORM or any(part.kind is Kind.FORM for part in parts):
        # A legal form is part of a word only where a space is missing.
        return 0, Way.DIVIDED_OTHERWISE
    if all(part.script is whole.script for part in parts) and _one_letter(joined, whole.latin):
        return letters_alike(joined, whole.latin), Way.DIVIDED_OTHERWISE
    alike = int(sounds.likeness(whole.script, whole.units, sounds.spell([joined]))[0])
    return min(alike, _JOINED), Way.DIVIDED_OTHERWISE
