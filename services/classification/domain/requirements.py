"""What an export of classified items needs: every row that matches or may match, the most severe first.

A column that a row leaves empty is any value. What is not known of a column that a row constrains makes the row
possible, never unmatched. A row is set aside only by another one that says so and matches for certain
(`RequirementRow.instead_of`). The order of rows is of no consequence. No answer is a clearance: 出口管制法
Art. 12(3) reaches what no list names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from services.classification.domain.requirement_rows import (
    EndUse,
    EndUserStatus,
    ExportedItem,
    Mode,
    RequirementOutcome,
    RequirementRow,
    RequirementTable,
)
from services.classification.domain.standings import EntryStatus
from services.classification.rules.truth import Truth, conjunction, disjunction

CODES: Final = "control_codes"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of an export; None is not known. A set holds everything that is so."""

    mode: Mode | None = None
    destination: str | None = None
    end_uses: frozenset[EndUse] | None = None
    end_user_statuses: frozenset[EndUserStatus] | None = None
    content_percent: Decimal | None = None
    facts: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row that matches, may match, or would if no other stood in its place."""

    row: RequirementRow
    standing: EntryStatus
    possible: bool
    items: tuple[str, ...]
    replaced_by: tuple[str, ...]
    unknown_columns: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether it bears on the outcome."""
        return not self.replaced_by


@dataclass(frozen=True, slots=True)
class Determination:
    """All rows found, the most severe first; an outcome is None where no row matches."""

    outcome: RequirementOutcome | None
    worst_possible: RequirementOutcome | None
    rows: tuple[FoundRow, ...]
    unknown_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """How one row stands to one item (None: not known which)."""

    row: RequirementRow
    standing: EntryStatus
    item: ExportedItem | None
    truth: Truth
    unknown_columns: frozenset[str]


def determine(
    table: RequirementTable, items: Sequence[ExportedItem], known: Circumstances, day: date
) -> Determination:
    """What the rows in force on a day of law say of items in given circumstances. No items: not known which."""
    settled: dict[str, list[_Match]] = {}
    replaced: dict[str, list[tuple[_Match, tuple[str, ...]]]] = {}
    for item in dict.fromkeys(items) or (None,):
        matches = list(_matches(table, item, known, day))
        for match in matches:
            instead = tuple(other.row.row_id for other in matches if _stands_instead(other, match))
            if instead:
                replaced.setdefault(match.row.row_id, []).append((match, instead))
            else:
                settled.setdefault(match.row.row_id, []).append(match)
    found = [_found(matches) for matches in settled.values()]
    certain = max((each.row.outcome for each in found if not each.possible), default=None)
    found += [_found_replaced(matches) for row_id, matches in replaced.items() if row_id not in settled]
    counting = [each for each in found if each.counts]
    return Determination(
        outcome=certain,
        worst_possible=max((each.row.outcome for each in counting), default=None),
        rows=tuple(
            sorted(
                found, key=lambda each: (not each.counts, -each.row.outcome, each.possible, each.row.row_id)
            )
        ),
        unknown_columns=tuple(
            sorted(
                {
                    column
                    for each in counting
                    for column in each.unknown_columns
                    if certain is None or each.row.outcome > certain or each.row.instead_of
                }
            )
        ),
    )


def _matches(
    table: RequirementTable, item: ExportedItem | None, known: Circumstances, day: date
) -> Iterator[_Match]:
    for row in table.rows:
        standing = row.validity.on(day)
        if not row.enabled or not standing.applies:
            continue
        columns = _columns(table, row, item, known)
        truth = conjunction(columns.values())
        if truth is not Truth.FALSE:
            unknown = frozenset(name for name, each in columns.items() if each is Truth.UNKNOWN)
            yield _Match(row, standing, item, truth, unknown)


def _columns(
    table: RequirementTable, row: RequirementRow, item: ExportedItem | None, known: Circumstances
) -> dict[str, Truth]:
    """The truth of each column that a row constrains."""
    columns: dict[str, Truth] = {}
    if row.item_sets:
        columns[CODES] = Truth.of(
            None if item is None else any(group.includes(item) for group in row.item_sets)
        )
    if row.modes:
        columns["mode"] = Truth.of(None if known.mode is None else known.mode in row.modes)
    if row.destinations:
        columns["destination"] = Truth.of(
            None if known.destination is None else known.destination in row.destinations
        )
    if row.end_uses:
        columns["end_use"] = Truth.of(None if known.end_uses is None else bool(row.end_uses & known.end_uses))
    if row.end_user_statuses:
        columns["end_user_status"] = Truth.of(
            None if known.end_user_statuses is None else bool(row.end_user_statuses & known.end_user_statuses)
        )
    if row.content_from is not None:
        columns["content_percent"] = Truth.of(
            None if known.content_percent is None else known.content_percent >= row.content_from
        )
    if row.fact:
        columns[row.fact] = _fact(table, row.fact, known)
    return columns


def _fact(table: RequirementTable, fact: str, known: Circumstances) -> Truth:
    """What is stated, and what the table knows of the destination; where they differ the fact holds."""
    readings = {Truth.of(known.facts.get(fact)), table.fact_of_destination(fact, known.destination or "")}
    if Truth.TRUE in readings:
        return Truth.TRUE
    return Truth.FALSE if Truth.FALSE in readings else Truth.UNKNOWN


def _stands_instead(other: _Match, match: _Match) -> bool:
    """Whether a row takes the place of another one for the same item.

    Only a certain match does, and one whose standing is as firm: an unconfirmed announcement sets aside
    nothing but what it ordered itself.
    """
    return (
        match.row.row_id in other.row.instead_of
        and other.truth is Truth.TRUE
        and (
            other.standing is EntryStatus.IN_FORCE or other.row.basis.instrument == match.row.basis.instrument
        )
    )


def _found(matches: Sequence[_Match]) -> FoundRow:
    truth = disjunction(match.truth for match in matches)
    firm = [match for match in matches if match.truth is truth]
    unknown = frozenset[str]().union(*(match.unknown_columns for match in matches))
    return FoundRow(
        matches[0].row,
        matches[0].standing,
        truth is not Truth.TRUE,
        _names(firm),
        (),
        tuple(sorted(unknown)) if truth is not Truth.TRUE else (),
    )


def _found_replaced(matches: Sequence[tuple[_Match, tuple[str, ...]]]) -> FoundRow:
    first = matches[0][0]
    return FoundRow(
        first.row,
        first.standing,
        all(match.truth is not Truth.TRUE for match, _ in matches),
        _names([match for match, _ in matches]),
        tuple(sorted({row_id for _, instead in matches for row_id in instead})),
        (),
    )


def _names(matches: Sequence[_Match]) -> tuple[str, ...]:
    return tuple(sorted(match.item.name for match in matches if match.item is not None))
