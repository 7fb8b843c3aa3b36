"""Screens files of names: reads them row by row, says which column and line is wrong, keeps nothing.

Files are CSV in UTF-8 with a first row of column names. Errors: INVALID_ARGUMENT with SCREENING_FILE_NOT_UTF8,
SCREENING_FILE_COLUMN_MISSING, SCREENING_FILE_ROW_UNREADABLE or SCREENING_FILE_EMPTY; the metadata name the file, the
column and the line. FAILED_PRECONDITION SCREENING_FILE_UNREADABLE,
SCREENING_FILE_UNWRITABLE, SCREENING_LIST_UNKNOWN.
"""

import csv
import pathlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO, Final, TextIO

from services.foundation.errors import XukeError, failed_precondition
from services.screening.domain.likeness import judge, may_count
from services.screening.domain.lists import PartyList, Verdict
from services.screening.matching.explanation import explain
from services.screening.matching.matcher import Comparison, EntityMatch, Index, Matcher
from services.screening.matching.qualifiers import Qualifiers
from services.screening.matching.segment import IndexedName
from services.screening.matching.verdicts import PAIRS, NameVerdict, thresholds_of

RESULT_COLUMNS: Final = ("id", "entry", "list", "score", "verdict", "explanation")
_MOST_HITS: Final = 10

Advance = Callable[[int], None]
Row = dict[str, str]


def read_rows(path: pathlib.Path, needed: Sequence[str], advance: Advance) -> Iterator[tuple[int, Row]]:
    """The rows of a file with their line; `advance` is told how many bytes were read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise failed_precondition("SCREENING_FILE_UNREADABLE", file=str(path)) from error
    with file:
        reader = csv.reader(_lines(file, path, advance))
        header = next(reader, None)
        if header is None:
            raise failed_precondition("SCREENING_FILE_EMPTY", file=str(path))
        columns = [name.strip().lower() for name in header]
        for column in needed:
            if column not in columns:
                raise failed_precondition(
                    "SCREENING_FILE_COLUMN_MISSING", file=str(path), column=column, line="1"
                )
        last = max(columns.index(column) for column in needed)
        try:
            for values in reader:
                if not values:
                    continue
                if len(values) <= last:
                    raise _unreadable(path, columns[len(values)], reader.line_num)
                yield reader.line_num, dict(zip(columns, values, strict=False))
        except csv.Error as error:
            raise _unreadable(path, "", reader.line_num) from error


def open_result(path: pathlib.Path) -> TextIO:
    """Opens the file a result is written to. Errors: FAILED_PRECONDITION SCREENING_FILE_UNWRITABLE."""
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise failed_precondition("SCREENING_FILE_UNWRITABLE", file=str(path)) from error


def _lines(file: BinaryIO, path: pathlib.Path, advance: Advance) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        advance(len(line))
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").replace("\0", "")
        except UnicodeDecodeError as error:
            raise failed_precondition("SCREENING_FILE_NOT_UTF8", file=str(path), line=str(number)) from error


def _unreadable(path: pathlib.Path, column: str, line: int) -> XukeError:
    return failed_precondition("SCREENING_FILE_ROW_UNREADABLE", file=str(path), column=column, line=str(line))


@dataclass(frozen=True, slots=True)
class Target:
    """What names are screened against: an index, and what a hit on an entity means.

    `lists` gives the list of an entity; `severity` the verdict of a list on the day of the screening, where the
    list says one, else none.
    """

    matcher: Matcher
    index: Index
    lists: dict[str, str]
    severity: dict[str, tuple[Verdict, Verdict]]
    countries: dict[str, str]

    def search(self, row: Row) -> list[EntityMatch]:
        """The entities most like the name of a row, best first; the same country adds to the score."""
        given = Qualifiers(country=row.get("country", ""))
        matches = [
            replace(
                match,
                comparison=self.matcher.qualified(
                    match.comparison, given, Qualifiers(country=self.countries.get(match.entity, ""))
                ),
            )
            for match in self.index.search(row["name"], _MOST_HITS, may_count if self.severity else None)
        ]
        return sorted(matches, key=lambda match: (-match.comparison.score.total, match.entity))

    def verdict(self, match: EntityMatch) -> tuple[str, bool]:
        """The verdict of a match, and whether it is one.

        By the lists of the program a name is judged as the service judges it, by another file on its score alone.
        """
        thresholds = thresholds_of(self.lists[match.entity])
        severity = self.severity.get(match.entity)
        if severity is None:
            verdict = thresholds.verdict(match.comparison.score)
            return verdict.value, verdict is not NameVerdict.CLEAR
        verdict = judge(match.comparison, thresholds).verdict
        if verdict is NameVerdict.CLEAR:
            return verdict.value, False
        found = severity[0] if verdict is NameVerdict.MATCH else severity[1]
        return found.name, found is not Verdict.CLEAR


def target_of_file(path: pathlib.Path, matcher: Matcher, lists: Sequence[str]) -> Target:
    """A list file with the columns entity_id, name and, if there, list and country."""
    names: list[IndexedName] = []
    list_of: dict[str, str] = {}
    countries: dict[str, str] = {}
    for _, row in read_rows(path, ("entity_id", "name"), lambda _: None):
        of_list = row.get("list", "") or path.stem
        if row["name"].strip() and (not lists or of_list in lists):
            names.append(IndexedName(row["entity_id"], row["name"]))
            list_of.setdefault(row["entity_id"], of_list)
            if row.get("country"):
                countries.setdefault(row["entity_id"], row["country"])
    if lists and not names:
        raise failed_precondition("SCREENING_LIST_UNKNOWN", list=", ".join(lists), file=str(path))
    return Target(matcher, Index(matcher, names), list_of, {}, countries)


def target_of_lists(
    party_lists: Iterable[PartyList], matcher: Matcher, wanted: Sequence[str], as_of: date
) -> Target:
    """The lists that come with the program, as they stand on a day of law."""
    known = {party_list.list_code: party_list for party_list in party_lists}
    for name in wanted:
        if name not in known:
            raise failed_precondition("SCREENING_LIST_UNKNOWN", list=name, file=", ".join(sorted(known)))
    names: list[IndexedName] = []
    list_of: dict[str, str] = {}
    countries: dict[str, str] = {}
    severity: dict[str, tuple[Verdict, Verdict]] = {}
    for name, party_list in known.items():
        if wanted and name not in wanted:
            continue
        for entry in party_list.entries:
            standing = entry.standing_on(as_of)
            list_of[entry.entry_id] = name
            countries[entry.entry_id] = entry.region
            severity[entry.entry_id] = (
                party_list.verdict_of(standing, is_match=True),
                party_list.verdict_of(standing, is_match=False),
            )
            written = (entry.name_zh, entry.name_en, *entry.aliases)
            names += [IndexedName(entry.entry_id, one) for one in written if one.strip()]
    return Target(matcher, Index(matcher, names), list_of, severity, countries)


def screen_rows(rows: Iterable[tuple[int, Row]], target: Target) -> Iterator[tuple[str, ...]]:
    """For each row its hits, most alike first, or one row that says how near the nearest entity was.

    A name in which nothing can be read is for a person to see: it never passes as clear.
    """
    for line, row in rows:
        identifier = row.get("id", "") or str(line)
        matches = target.search(row)
        hits = [
            (match, verdict) for match in matches for verdict, is_hit in [target.verdict(match)] if is_hit
        ]
        for match, verdict in hits:
            yield _result(identifier, match, target, verdict)
        if hits:
            continue
        if not target.index.reads(row["name"]):
            yield (
                identifier,
                "",
                "",
                "0.000000",
                NameVerdict.REVIEW.value,
                "名称无法读取 | the name cannot be read",
            )
        elif matches:
            yield _result(identifier, matches[0], target, NameVerdict.CLEAR.value)
        else:
            yield identifier, "", "", "0.000000", NameVerdict.CLEAR.value, "无相近条目 | no entry is near"


def _result(identifier: str, match: EntityMatch, target: Target, verdict: str) -> tuple[str, ...]:
    return (
        identifier,
        match.entity,
        target.lists[match.entity],
        str(match.comparison.score.value),
        verdict,
        told(match.comparison),
    )


def told(comparison: Comparison) -> str:
    """The explanation of a comparison in one line, with the listed name."""
    said = explain(comparison)
    return f"“{comparison.candidate}”：{said.zh} | {said.en}"


def compare_rows(rows: Iterable[tuple[int, Row]], matcher: Matcher) -> Iterator[Row]:
    """Adds score and verdict to rows of query and candidate."""
    thresholds = thresholds_of(PAIRS)
    for _, row in rows:
        score = matcher.compare(row["query"], row["candidate"]).score
        yield {**row, "score": str(score.value), "verdict": thresholds.verdict(score).value}
