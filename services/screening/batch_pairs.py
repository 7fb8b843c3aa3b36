"""Compares two names, or every pair of a file, and says where nothing could be compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from services.foundation.messages import LocalizedText, render
from services.screening.batch import unread, unread_in_part
from services.screening.batch_files import Row
from services.screening.domain.finding import pieces_of
from services.screening.matching.explanation import explain
from services.screening.matching.matcher import Comparison, Matcher
from services.screening.matching.verdicts import PAIRS, NameVerdict, thresholds_of

ADDED: Final = ("score", "verdict", "reason")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names compared, and what that says; `reason` says why a person must look, where nothing could be read."""

    comparison: Comparison
    verdict: NameVerdict
    reason: str

    @property
    def said(self) -> LocalizedText:
        """Why the verdict is as it is."""
        if self.reason:
            return render(self.reason)
        said = explain(self.comparison)
        return LocalizedText(said.zh, said.en)


def compare_pair(query: str, candidate: str, matcher: Matcher) -> Pair:
    """Compares two names; a name that cannot be read, or not in full, is never clear."""

    def reads(name: str) -> bool:
        return bool(matcher.analyser.read(name).readings)

    comparison = matcher.compare(query, candidate)
    reason = unread(query, reads) or unread(candidate, reads)
    if reason:
        return Pair(comparison, NameVerdict.REVIEW, reason)
    given, listed = pieces_of(query), pieces_of(candidate)
    if len(given) > 1 or len(listed) > 1:
        # What is longer than the matcher reads is compared piece by piece, so that nothing is left out.
        compared = [matcher.compare(one, other) for one in given for other in listed]
        comparison = max(comparison, *compared, key=lambda one: one.score.total)
    verdict = thresholds_of(PAIRS).verdict(comparison.score)
    if verdict is NameVerdict.CLEAR and (unread_in_part(query, reads) or unread_in_part(candidate, reads)):
        return Pair(comparison, NameVerdict.REVIEW, "SCREENING_ROW_UNREAD_IN_PART")
    return Pair(comparison, verdict, "")


def compare_rows(rows: Iterable[tuple[int, Row]], matcher: Matcher) -> Iterator[Row]:
    """Adds score, verdict and, where nothing could be compared, the reason to rows of query and candidate."""
    for _, row in rows:
        pair = compare_pair(row["query"], row["candidate"], matcher)
        reason = f"{pair.said.zh} | {pair.said.en}" if pair.reason else ""
        added = (str(pair.comparison.score.value), pair.verdict.value, reason)
        yield {**row, **dict(zip(ADDED, added, strict=True))}
