"""Screens rows of names against lists as the service does: every piece of a name, in every list. Keeps nothing.

Errors: those of `batch_files`; FAILED_PRECONDITION SCREENING_LIST_UNKNOWN, SCREENING_FILE_COUNTRY_UNKNOWN, and those
of `require_usable`.
"""

import pathlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.foundation.errors import failed_precondition
from services.foundation.messages import render
from services.screening.batch_files import Row, read_rows
from services.screening.domain.finding import is_written, pieces_of
from services.screening.domain.likeness import judge, may_count
from services.screening.domain.list_index import names_of
from services.screening.domain.lists import ListedParty, PartyList, Standing, Verdict, require_usable
from services.screening.domain.readable import Names, unreadable_names
from services.screening.matching.explanation import explain
from services.screening.matching.matcher import Comparison, EntityMatch, Index, Matcher
from services.screening.matching.qualifiers import Qualifiers
from services.screening.matching.segment import IndexedName
from services.screening.matching.verdicts import NameVerdict, thresholds_of

RESULT_COLUMNS: Final = ("id", "entry", "list", "score", "verdict", "explanation")
MOST_HITS: Final = 200
# Where so many of the nearest names are hits, and at least half of them, there may be more beyond the nearest.
_MANY_HITS: Final = 3
_NO_SCORE: Final = "0.000000"
_RANK: Final = {NameVerdict.CLEAR: 0, NameVerdict.REVIEW: 1, NameVerdict.MATCH: 2}


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list; of the program's own lists with what it entails on the day of the screening."""

    entry: str
    list_code: str
    country: str
    severity: tuple[Verdict, Verdict] | None = None
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry that a name is compared with, what that is worth as such, and the verdict that follows."""

    listed: Listed
    comparison: Comparison
    likeness: NameVerdict
    verdict: str
    is_hit: bool

    @property
    def order(self) -> tuple[int, str, str]:
        """The most alike first."""
        return -self.comparison.score.total, self.listed.entry, self.listed.list_code


@dataclass(frozen=True, slots=True)
class Target:
    """What names are screened against: the names of each list, and what a name of it stands for.

    `is_own` says that these are the lists of the program, by which a name is judged as the service judges it.
    """

    matcher: Matcher
    indexes: tuple[Index, ...]
    listed: dict[str, Listed]
    is_own: bool

    def reads(self, name: str) -> bool:
        """Whether anything can be read in a name."""
        return bool(self.matcher.analyser.read(name).readings)

    def search(self, pieces: Sequence[str], country: str) -> list[Answer]:
        """The entries like a name, the most alike first; the same country adds to the score."""
        given = Qualifiers(country=country)
        best: dict[str, Answer] = {}
        for piece in pieces:
            for index in self.indexes:
                for match, answer in self._near(index, piece, given):
                    known = best.get(match.entity)
                    if known is None or _grave(answer) < _grave(known):
                        best[match.entity] = answer
        return sorted(best.values(), key=lambda answer: answer.order)

    def _near(self, index: Index, piece: str, given: Qualifiers) -> list[tuple[EntityMatch, Answer]]:
        if self.is_own:
            return self._answers(index.names_like(piece, MOST_HITS + 1, may_count), given)
        near = self._answers(index.search(piece, MOST_HITS + 1), given)
        hits = sum(answer.is_hit for _, answer in near)
        if hits < _MANY_HITS or 2 * hits < len(near):
            return near
        return self._answers(index.all_above(piece, 0), given)

    def _answers(self, matches: Iterable[EntityMatch], given: Qualifiers) -> list[tuple[EntityMatch, Answer]]:
        return [(match, self._answer(self.listed[match.entity], match, given)) for match in matches]

    def _answer(self, listed: Listed, match: EntityMatch, given: Qualifiers) -> Answer:
        """By the lists of the program a name is judged as the service judges it, by a file on its score alone."""
        comparison = self.matcher.qualified(match.comparison, given, Qualifiers(country=listed.country))
        thresholds = thresholds_of(listed.list_code)
        if listed.severity is None:
            likeness = thresholds.verdict(comparison.score)
            return Answer(listed, comparison, likeness, likeness.value, likeness is not NameVerdict.CLEAR)
        likeness = judge(comparison, thresholds).verdict
        if likeness is NameVerdict.CLEAR:
            return Answer(listed, comparison, likeness, likeness.value, False)
        found = listed.severity[0] if likeness is NameVerdict.MATCH else listed.severity[1]
        return Answer(listed, comparison, likeness, found.name, found is not Verdict.CLEAR)


def _grave(answer: Answer) -> tuple[int, int, str, str]:
    comparison = answer.comparison
    return -_RANK[answer.likeness], -comparison.score.total, comparison.query, comparison.candidate


def _key(list_code: str, entry: str) -> str:
    """Entries of two lists may bear the same id."""
    return f"{entry}\0{list_code}"


def target_of_file(path: pathlib.Path, matcher: Matcher, lists: Sequence[str]) -> Target:
    """A list file with the columns entity_id, name and, if there, list and country."""
    names: list[IndexedName] = []
    listed: dict[str, Listed] = {}
    for _, row in read_rows(path, ("entity_id", "name"), lambda _: None):
        of_list = row.get("list", "") or path.stem
        if row["name"].strip() and (not lists or of_list in lists):
            key = _key(of_list, row["entity_id"])
            names.append(IndexedName(key, row["name"]))
            country = row.get("country", "").strip()
            if key not in listed or (country and not listed[key].country):
                listed[key] = Listed(row["entity_id"], of_list, country)
    if lists and not names:
        raise failed_precondition("SCREENING_LIST_UNKNOWN", list=", ".join(lists), file=str(path))
    return Target(matcher, (Index(matcher, names),), listed, is_own=False)


def target_of_lists(
    party_lists: Sequence[PartyList], matcher: Matcher, wanted: Sequence[str], as_of: date, today: date
) -> Target:
    """The lists that come with the program, as they stand on a day of law.

    As in the service, `today` is the day by which their freshness counts: stale lists screen nothing.
    """
    require_usable(tuple(party_lists), today)
    known = {party_list.list_code: party_list for party_list in party_lists}
    for name in wanted:
        if name not in known:
            raise failed_precondition("SCREENING_LIST_UNKNOWN", list=name, file=", ".join(sorted(known)))
    indexes: list[Index] = []
    listed: dict[str, Listed] = {}
    for name, party_list in known.items():
        if wanted and name not in wanted:
            continue
        for entry in party_list.entries:
            listed[_key(name, entry.entry_id)] = _listed(party_list, entry, as_of)
        names = [
            IndexedName(_key(name, entry.entry_id), written)
            for entry in party_list.entries
            for written in names_of(entry)
        ]
        indexes.append(Index(matcher, names))
    return Target(matcher, tuple(indexes), listed, is_own=True)


def _listed(party_list: PartyList, entry: ListedParty, as_of: date) -> Listed:
    standing = entry.standing_on(as_of)
    severity = (
        party_list.verdict_of(standing, is_match=True),
        party_list.verdict_of(standing, is_match=False),
    )
    said = ""
    if standing is not Standing.IN_FORCE:
        metadata = {
            "basis": entry.standing_basis,
            "effective_from": entry.effective_from.isoformat(),
            "effective_to": entry.effective_to.isoformat() if entry.effective_to else "",
        }
        said = _said(f"SCREENING_STANDING_{standing}", metadata)
    return Listed(entry.entry_id, party_list.list_code, entry.region, severity, said)


def screened_countries(target: Target, known: Iterable[str]) -> frozenset[str]:
    """The codes that a row may give: those of countries, and those of entries, such as that of the European Union."""
    return frozenset(known) | {listed.country for listed in target.listed.values()}


def with_countries(
    rows: Iterable[tuple[int, Row]], path: pathlib.Path, countries: Collection[str]
) -> Iterator[tuple[int, Row]]:
    """The rows, as long as their country is one. Errors: SCREENING_FILE_COUNTRY_UNKNOWN, with the line."""
    for line, row in rows:
        country = row.get("country", "").strip()
        if country and country.upper() not in countries:
            raise failed_precondition(
                "SCREENING_FILE_COUNTRY_UNKNOWN",
                file=str(path),
                line=str(line),
                column="country",
                country=country,
            )
        yield line, row


def unread(name: str, reads: Callable[[str], bool]) -> str:
    """Why a name cannot be compared, as a reason of the catalogue; empty where it can."""
    pieces = pieces_of(name)
    if not pieces and is_written(name):
        return "SCREENING_ROW_TOO_LONG"
    return "" if any(map(reads, pieces)) else "SCREENING_ROW_UNREADABLE"


def unread_in_part(name: str, reads: Callable[[str], bool]) -> bool:
    """Whether some of a name is in a writing that is passed over: what is left of it says too little."""
    return bool(unreadable_names(Names("", name, ""), reads))


def screen_rows(rows: Iterable[tuple[int, Row]], target: Target) -> Iterator[tuple[str, ...]]:
    """For each row its hits, most alike first, or one row that says how near the nearest entity was.

    A name in which nothing can be read, or that is too long for it, is for a person to see: it never passes as
    clear. Nor do hits beyond the bound go without saying.
    """
    for line, row in rows:
        identifier = row.get("id", "") or str(line)
        reason = unread(row["name"], target.reads)
        if reason:
            yield _without_entry(identifier, NameVerdict.REVIEW, reason)
            continue
        answers = target.search(pieces_of(row["name"]), row.get("country", "").strip())
        hits = [answer for answer in answers if answer.is_hit]
        for answer in hits[:MOST_HITS]:
            yield _result(identifier, answer)
        if len(hits) > MOST_HITS:
            yield _without_entry(identifier, NameVerdict.REVIEW, "SCREENING_ROW_CUT", most=str(MOST_HITS))
        elif not hits and unread_in_part(row["name"], target.reads):
            yield _without_entry(identifier, NameVerdict.REVIEW, "SCREENING_ROW_UNREAD_IN_PART")
        elif not hits and answers:
            # An entry that bears the name and is not in force says more than one that is like it by chance.
            yield _result(identifier, min(answers, key=lambda one: one.likeness is NameVerdict.CLEAR))
        elif not hits:
            yield _without_entry(identifier, NameVerdict.CLEAR, "SCREENING_ROW_NOTHING_NEAR")


def _without_entry(identifier: str, verdict: NameVerdict, reason: str, **metadata: str) -> tuple[str, ...]:
    return identifier, "", "", _NO_SCORE, verdict.value, _said(reason, metadata)


def _result(identifier: str, answer: Answer) -> tuple[str, ...]:
    standing = answer.listed.standing if answer.likeness is not NameVerdict.CLEAR else ""
    return (
        identifier,
        answer.listed.entry,
        answer.listed.list_code,
        str(answer.comparison.score.value),
        answer.verdict,
        " | ".join(filter(None, (standing, told(answer.comparison)))),
    )


def told(comparison: Comparison) -> str:
    """The explanation of a comparison in one line, with the listed name."""
    said = explain(comparison)
    return f"“{comparison.candidate}”：{said.zh} | {said.en}"


def _said(reason: str, metadata: dict[str, str]) -> str:
    sentence = render(reason, metadata)
    return f"{sentence.zh.strip()} | {sentence.en.strip()}"
