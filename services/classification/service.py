"""The use cases of classification, each within one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.classification.domain.classify import CANDIDATES_KEPT, classify
from services.classification.domain.codes import normalise_control_code
from services.classification.domain.customs import CustomsRemark
from services.classification.domain.entries import ControlEntry, ControlList
from services.classification.domain.index import ListIndex
from services.classification.domain.item import Item
from services.classification.domain.legal_regimes import FoundRegime
from services.classification.domain.outcomes import CATCH_ALL, Candidate, Outcome, Question
from services.classification.domain.proposals import Precedents, no_precedents
from services.classification.domain.questions import QUESTIONS_KEPT
from services.classification.domain.search import search
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.knowledge import Knowledge, knowledge_at
from services.classification.store import lists
from services.classification.store.lists import Activation
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import not_found

PrecedentsOfList = Callable[[ListIndex], Precedents]


def _without_precedents(index: ListIndex) -> Precedents:
    return no_precedents


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
    """The classification of one item over the lists asked.

    `known_at` (UTC) is the instant at which the system knew what it rests on, and `knowledge` the name of that.
    """

    list_versions: tuple[str, ...]
    as_of: date
    known_at: datetime
    knowledge: str
    candidates: tuple[FoundCandidate, ...]
    related: tuple[FoundCandidate, ...]
    overall: Outcome
    questions: tuple[Question, ...]
    remark: CustomsRemark | None
    regimes: tuple[FoundRegime, ...]


def classify_item(
    work: UnitOfWork,
    indexes: Indexes,
    examination: Examination,
    item: Item,
    as_of: date | None,
    regime: str,
    known_at: datetime | None = None,
    precedents: PrecedentsOfList = _without_precedents,
) -> Answer:
    """Classifies an item as of a legal day (None: today) under the list of each regime asked.

    `precedents` propose entries besides what the item itself points to.
    What counts now decides, or with `known_at` what counted at that instant: an earlier classification can be had
    again. Errors: see `classify` and `Indexes.current`.
    """
    known = knowledge_at(work, indexes, examination, regime, known_at)
    day = as_of or legal_day(work.call.now)
    return classify_by(known, item, day, known_at or work.call.now, precedents)


def classify_by(
    known: Knowledge,
    item: Item,
    day: date,
    known_at: datetime,
    precedents: PrecedentsOfList = _without_precedents,
) -> Answer:
    """Classifies an item by what is known. Errors: see `classify`.

    Where a list of this country is asked, one of another country is shown beside it and decides nothing. A code that
    is claimed need stand in one of the lists that decide.
    """
    foreign = known.examination.foreign_regimes
    claimed = normalise_control_code(item.claimed_control_code) or ""
    own = [each for each in known.indexes if each.control_list.regime not in foreign]
    is_held = any(each.below(claimed) for each in own or known.indexes)
    answers = [
        (
            index.control_list,
            classify(
                item,
                day,
                index,
                known.examination.register_of(index.control_list.regime),
                known.examination.judges_of(index.control_list.regime),
                known.examination.agencies_of(index.control_list.regime),
                precedents(index),
                known.examination.legal_regimes_of(index.control_list.regime),
                code_is_held=is_held,
            ),
        )
        for index in known.indexes
    ]
    deciding = [each for each in answers if each[0].regime not in foreign] or answers
    candidates = _nearest_first(
        FoundCandidate(control_list, candidate)
        for control_list, answer in deciding
        for candidate in answer.candidates
    )
    related = (
        *_nearest_first(
            FoundCandidate(control_list, candidate)
            for control_list, answer in deciding
            for candidate in answer.related
        ),
        *_nearest_first(
            FoundCandidate(control_list, candidate)
            for control_list, answer in answers
            if control_list.regime in foreign and len(deciding) < len(answers)
            for candidate in answer.candidates
        ),
    )
    questions = dict.fromkeys(question for _, answer in deciding for question in answer.questions)
    next_ones = [question for question in questions if question.code not in CATCH_ALL][:QUESTIONS_KEPT]
    catch_all = [question for question in questions if question.code in CATCH_ALL]
    return Answer(
        list_versions=tuple(answer.list_version for _, answer in answers),
        as_of=day,
        known_at=known_at,
        knowledge=known.name,
        candidates=candidates[:CANDIDATES_KEPT],
        related=related[: max(0, CANDIDATES_KEPT - len(candidates))],
        overall=max(answer.overall for _, answer in deciding),
        questions=(*next_ones, *catch_all),
        remark=next((answer.remark for _, answer in deciding if answer.remark is not None), None),
        regimes=tuple(found for _, answer in deciding for found in answer.regimes),
    )


def _nearest_first(candidates: Iterable[FoundCandidate]) -> tuple[FoundCandidate, ...]:
    return tuple(
        sorted(
            candidates,
            key=lambda each: (-round(each.candidate.score, 4), each.candidate.entry.identifier),
        )
    )


def get_entry(
    work: UnitOfWork, indexes: Indexes, identifier: str, regime: str, known_at: datetime | None = None
) -> FoundEntry:
    """The entry of a control code, or of the identifier of an entry without one. Errors: NOT_FOUND."""
    code = normalise_control_code(identifier) or identifier.strip()
    for index in indexes.current(work.connection, regime, known_at):
        entry = index.entry(code)
        if entry is not None:
            return FoundEntry(index.control_list, entry)
    raise not_found("control_entry", identifier)


def search_entries(
    work: UnitOfWork, indexes: Indexes, query: str, regime: str, known_at: datetime | None = None
) -> FoundEntries:
    """Every entry that a query points to, the nearest of each list first."""
    found = indexes.current(work.connection, regime, known_at)
    return FoundEntries(
        tuple(index.control_list.version for index in found),
        tuple(FoundEntry(index.control_list, entry) for index in found for entry in search(index, query)),
    )


def list_versions(work: UnitOfWork) -> Sequence[Activation]:
    """Every version that ever counted, by regime and the newest first."""
    return lists.activations(work.connection)
