"""The use cases of classification, each within one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.classification.domain.classify import CANDIDATES_KEPT, classify
from services.classification.domain.codes import normalise_control_code
from services.classification.domain.customs import CustomsRemark
from services.classification.domain.entries import ControlEntry, ControlList
from services.classification.domain.item import Item
from services.classification.domain.outcomes import Candidate, Outcome, Question
from services.classification.domain.search import search
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.store import lists
from services.classification.store.lists import ListVersion
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import not_found
from services.foundation.ledger import Subject


@dataclass(frozen=True)
class FoundEntry:
    """An entry with the list it stands in."""

    control_list: ControlList
    entry: ControlEntry


@dataclass(frozen=True)
class FoundEntries:
    """Entries with the versions of the lists that were searched."""

    list_versions: tuple[str, ...]
    entries: tuple[FoundEntry, ...]


@dataclass(frozen=True)
class FoundCandidate:
    """A candidate with the list it stands in."""

    control_list: ControlList
    candidate: Candidate


@dataclass(frozen=True)
class Answer:
    """The classification of one item over the lists asked."""

    list_versions: tuple[str, ...]
    as_of: date
    candidates: tuple[FoundCandidate, ...]
    related: tuple[FoundCandidate, ...]
    overall: Outcome
    questions: tuple[Question, ...]
    remark: CustomsRemark | None


def load_list(work: UnitOfWork, control_list: ControlList) -> bool:
    """Loads a version of a list; False where it is loaded already. Repeating it changes nothing."""
    if not lists.add_list(work.connection, control_list, work.call.now):
        return False
    work.record(
        Subject("control_list", control_list.version),
        "LIST_VERSION_LOADED",
        {
            "state": "loaded",
            "regime": control_list.regime,
            "edition": control_list.edition.isoformat(),
            "entries": str(len(control_list.entries)),
        },
    )
    return True


def classify_item(
    work: UnitOfWork, indexes: Indexes, examination: Examination, item: Item, as_of: date | None, regime: str
) -> Answer:
    """Classifies an item as of a legal day (None: today) under the current list of each regime asked.

    Errors: see `classify` and `Indexes.current`.
    """
    day = as_of or legal_day(work.call.now)
    answers = [
        (
            index.control_list,
            classify(
                item,
                day,
                index,
                examination.register_of(index.control_list.regime),
                examination.judges_of(index.control_list.regime),
                examination.agencies_of(index.control_list.regime),
            ),
        )
        for index in indexes.current(work.connection, regime)
    ]
    candidates = _nearest_first(
        FoundCandidate(control_list, candidate)
        for control_list, answer in answers
        for candidate in answer.candidates
    )
    related = _nearest_first(
        FoundCandidate(control_list, candidate)
        for control_list, answer in answers
        for candidate in answer.related
    )
    questions = dict.fromkeys(question for _, answer in answers for question in answer.questions)
    return Answer(
        list_versions=tuple(answer.list_version for _, answer in answers),
        as_of=day,
        candidates=candidates[:CANDIDATES_KEPT],
        related=related[: max(0, CANDIDATES_KEPT - len(candidates))],
        overall=max(answer.overall for _, answer in answers),
        questions=tuple(questions),
        remark=next((answer.remark for _, answer in answers if answer.remark is not None), None),
    )


def _nearest_first(candidates: Iterable[FoundCandidate]) -> tuple[FoundCandidate, ...]:
    return tuple(
        sorted(
            candidates,
            key=lambda each: (-round(each.candidate.score, 4), each.candidate.entry.identifier),
        )
    )


def get_entry(work: UnitOfWork, indexes: Indexes, identifier: str, regime: str) -> FoundEntry:
    """The entry of a control code, or of the identifier of an entry without one. Errors: NOT_FOUND."""
    code = normalise_control_code(identifier) or identifier.strip()
    for index in indexes.current(work.connection, regime):
        entry = index.entry(code)
        if entry is not None:
            return FoundEntry(index.control_list, entry)
    raise not_found("control_entry", identifier)


def search_entries(work: UnitOfWork, indexes: Indexes, query: str, regime: str) -> FoundEntries:
    """Every entry that a query points to, the nearest of each list first."""
    found = indexes.current(work.connection, regime)
    return FoundEntries(
        tuple(index.control_list.version for index in found),
        tuple(FoundEntry(index.control_list, entry) for index in found for entry in search(index, query)),
    )


def list_versions(work: UnitOfWork) -> Sequence[ListVersion]:
    """Every version that is loaded, the current one of each regime first."""
    return lists.all_versions(work.connection)
