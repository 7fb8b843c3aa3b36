"""Is an item controlled, under which entries, and why.

Pointers propose entries; the text of an entry, its rule and its dates decide what can be said of it. What is
not known is asked, never assumed: an entry with limits and an item without figures gives NEEDS_INFORMATION,
and an item for which no entry is found is not thereby free (出口管制法 Art. 12(3)).
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from services.classification.domain.agencies import AgencyTable
from services.classification.domain.clearance import obstacles
from services.classification.domain.codes import HsRegister, ancestors
from services.classification.domain.customs import CustomsRemark, listed, near_limit
from services.classification.domain.entries import ItemKind
from services.classification.domain.index import ListIndex, Pointer, PointerCode, PointerKind
from services.classification.domain.item import Item
from services.classification.domain.judgement import identified, settle
from services.classification.domain.legal_regimes import FoundRegime, RegimeTable
from services.classification.domain.outcomes import (
    CATCH_ALL,
    Candidate,
    Classification,
    FindingCode,
    Outcome,
    Question,
    QuestionCode,
)
from services.classification.domain.proposals import Precedents, no_precedents, propose
from services.classification.domain.query import Query, checked
from services.classification.domain.questions import QUESTIONS_KEPT, next_questions
from services.classification.domain.ruling import Judge, JudgeOfItems, no_rules

CANDIDATES_KEPT: Final = 50
# Entries near the first candidates are shown, not near all of them.
_CLOSURE_OF: Final = 5
_SHOWN_OF_A_TEXT: Final = 80
_OTHER_LISTS_ASKED: Final = 2
_CONTROLLED: Final = (Outcome.CONTROLLED, Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN)
_KNOWLEDGE: Final = (ItemKind.SOFTWARE, ItemKind.TECHNOLOGY)
_CLEARED: Final = (Outcome.NOT_CONTROLLED_FOR_ENTRY, Outcome.DECONTROLLED)


def classify(
    item: Item,
    as_of: date,
    index: ListIndex,
    register: HsRegister,
    judges: JudgeOfItems = no_rules,
    agencies: AgencyTable | None = None,
    precedents: Precedents = no_precedents,
    regimes: RegimeTable | None = None,
    code_is_held: bool = False,
) -> Classification:
    """Classifies an item as of a legal day. Errors: see `checked`.

    `code_is_held` says that a list that is asked together with this one holds the code that is claimed, so that
    not to find it here says nothing.
    `regimes` are those of China; without them neither a regime nor the sentence for a Chinese declaration is told.
    """
    query = checked(item, register)
    by_words = regimes.of_texts(query.names, query.description, as_of) if regimes is not None else ()
    every = propose(query, index, precedents)
    proposals = every[:CANDIDATES_KEPT]
    judge = judges(item, as_of)

    def candidate(identifier: str, pointers: tuple[Pointer, ...], score: float) -> Candidate:
        return _candidate(identifier, pointers, score, query, as_of, index, judge, agencies)

    proposed = tuple(candidate(each.identifier, each.pointers, each.score) for each in proposals)
    described = [each for each in proposed if each.identified]
    weak = tuple(each for each in proposed if _is_weak(each, described, index))
    candidates = tuple(each for each in proposed if each not in weak)
    of_item = tuple(_questions_of_item(query, index, as_of, register, code_is_held))
    overall = _overall(candidates, bool(of_item))
    lowest = (
        min((each.score for each in proposed), default=0.0) * index.policy.weights[PointerCode.RELATED_ENTRY]
    )
    if overall in _CLEARED:
        # Nothing is cleared while an entry that was not read in full may cover the same material.
        unread = index.relations.unread_kin(each.entry.identifier for each in described)
        known = {each.entry.identifier for each in proposed}
        candidates += tuple(each for each in weak if each.entry.identifier in unread)
        weak = tuple(each for each in weak if each.entry.identifier not in unread)
        candidates += tuple(
            candidate(other, (_related(index, other, to),), lowest)
            for other, to in unread.items()
            if other not in known
        )
        overall = _overall(candidates, bool(of_item))
    if overall in _CLEARED:
        left = obstacles(
            query, {each.entry.identifier for each in described}, len(every) - len(proposals), index
        )
        of_item += tuple(left)
        overall = _overall(candidates, bool(of_item))
    if overall <= Outcome.NEEDS_INFORMATION and by_words:
        # What this list lets go another one may hold.
        of_item += tuple(_of_another_list(found) for found in by_words[:_OTHER_LISTS_ASKED])
        overall = Outcome.NEEDS_INFORMATION
    near = index.relations.near(each.entry.identifier for each in candidates[:_CLOSURE_OF])
    known = {each.entry.identifier for each in (*proposed, *candidates)}
    related = (
        *weak,
        *(
            candidate(other, (_related(index, other, to),), lowest)
            for other, to in near.items()
            if other not in known
        ),
    )[: max(0, CANDIDATES_KEPT - len(candidates))]
    questions = (*of_item, *next_questions(candidates, overall))[:QUESTIONS_KEPT]
    if overall not in _CONTROLLED:
        questions += tuple(Question(code) for code in CATCH_ALL)
    return Classification(
        index.control_list.version,
        as_of,
        candidates,
        related,
        overall,
        questions,
        _remark(candidates, overall) if regimes is not None else None,
        (*_regimes_of(candidates, overall, as_of, regimes), *by_words) if regimes is not None else (),
    )


def may_decide(item: Item, index: ListIndex, register: HsRegister) -> frozenset[str]:
    """The entries of a list that may have a part in what `classify` comes to: no standing of another one has any.

    They are those that are proposed, and those not read in full that may cover the same material. It rests on the
    words of the list, not on standings. Errors: see `checked`.
    """
    proposed = [each.identifier for each in propose(checked(item, register), index)[:CANDIDATES_KEPT]]
    return frozenset((*proposed, *index.relations.unread_kin(proposed)))


def _of_another_list(found: FoundRegime) -> Question:
    return Question(
        QuestionCode.OTHER_LIST,
        item_value="、".join(found.because),
        quantity_zh=found.text_zh,
        quantity_en=found.text_en,
        quote=found.quote,
    )


def _regimes_of(
    candidates: tuple[Candidate, ...], overall: Outcome, as_of: date, regimes: RegimeTable
) -> tuple[FoundRegime, ...]:
    """The regimes of the entries that control the item, or of those that may while that is not known."""
    if overall in _CONTROLLED:
        codes = [each.entry.code for each in candidates if each.outcome in _CONTROLLED]
        return regimes.of_codes(codes, as_of, possible=False)
    if overall is not Outcome.NEEDS_INFORMATION:
        return ()
    open_ones = [each for each in candidates if each.outcome is overall]
    described = [each for each in open_ones if each.identified] or open_ones[:_CLOSURE_OF]
    return regimes.of_codes([each.entry.code for each in described], as_of, possible=True)


def _is_weak(candidate: Candidate, described: list[Candidate], index: ListIndex) -> bool:
    """Whether shared words alone point to an entry, and too few of them, or to technology for the goods.

    Beside an entry that describes the item such a candidate is shown and does not weigh: that the name of one
    substance has a syllable of another says nothing, and technology for a thing is not the thing.
    """
    if not described or any(each.code is not PointerCode.TEXT_SHARED for each in candidate.pointers):
        return False
    if candidate.entry.kind in _KNOWLEDGE and all(each.entry.kind not in _KNOWLEDGE for each in described):
        return True
    least = index.policy.weighing_share * index.policy.weights[PointerCode.TEXT_SHARED]
    return all(pointer.weight < least for pointer in candidate.pointers)


def _candidate(
    identifier: str,
    pointers: tuple[Pointer, ...],
    score: float,
    query: Query,
    as_of: date,
    index: ListIndex,
    judge: Judge,
    agencies: AgencyTable | None,
) -> Candidate:
    (entry,) = index.entries((identifier,))
    status = entry.status_on(as_of)
    is_described = identified(entry, pointers, query.item.nature, bool(query.names))
    ruling = judge(entry, is_described)
    claimed = bool(query.control_code) and query.control_code == entry.control_code
    outcome, findings = settle(
        entry,
        status,
        is_described,
        claimed,
        bool(query.item.parameters),
        ruling,
        claimed_near=_is_claimed_near(query.control_code, entry.code),
    )
    bodies = agencies.of_entry(entry) if agencies is not None else ()
    return Candidate(entry, status, outcome, findings, pointers, score, is_described, ruling, bodies)


def _is_claimed_near(claimed: str, code: str) -> bool:
    """Whether the code that is claimed stands above or below that of an entry, or is it."""
    return bool(claimed) and (claimed in (code, *ancestors(code)) or code in ancestors(claimed))


def _related(index: ListIndex, identifier: str, to: str) -> Pointer:
    other, near = index.entries((identifier, to))
    weight = index.policy.weights[PointerCode.RELATED_ENTRY]
    return Pointer(PointerKind.RELATION, PointerCode.RELATED_ENTRY, near.code, other.code, weight)


def _overall(candidates: tuple[Candidate, ...], asked: bool) -> Outcome:
    """The worst of all; a release counts only if the item is what a released entry describes."""
    overall = max((candidate.outcome for candidate in candidates), default=Outcome.NO_ENTRY_FOUND)
    if overall in _CLEARED and not any(
        candidate.identified for candidate in candidates if candidate.outcome is overall
    ):
        overall = Outcome.NEEDS_INFORMATION
    return max(overall, Outcome.NEEDS_INFORMATION) if asked else overall


def _questions_of_item(
    query: Query, index: ListIndex, as_of: date, register: HsRegister, code_is_held: bool
) -> Iterable[Question]:
    """What is asked of the item as a whole, before any entry."""
    if query.too_long:
        yield Question(QuestionCode.ITEM_TOO_LONG)
    for text in query.unread:
        yield Question(QuestionCode.TEXT_NOT_READ, item_value=text[:_SHOWN_OF_A_TEXT])
    if query.control_code and not code_is_held and not index.below(query.control_code):
        yield Question(QuestionCode.CONTROL_CODE_NOT_LOADED, item_value=query.control_code)
    if query.is_vague(index.policy.vocabulary):
        texts = query.names or (query.description,)
        yield Question(QuestionCode.ITEM_TOO_VAGUE, item_value=" / ".join(texts))
    if register.in_licence_catalogue(query.hs_code) and not index.names_hs_code(query.hs_code):
        yield Question(QuestionCode.HS_CODE_IN_LICENCE_CATALOGUE, item_value=query.hs_code)
    if as_of < index.control_list.covers_from:
        yield Question(QuestionCode.DAY_BEFORE_LIST, item_value=index.control_list.covers_from.isoformat())


def _remark(candidates: tuple[Candidate, ...], overall: Outcome) -> CustomsRemark | None:
    if overall in _CONTROLLED:
        return listed([each.entry.code for each in candidates if each.outcome is overall])
    if overall is not Outcome.NOT_CONTROLLED_FOR_ENTRY:
        return None
    return near_limit(
        [
            (each.entry.code, each.ruling)
            for each in candidates
            if each.identified and each.ruling is not None and FindingCode.LIMITS_NOT_MET in each.findings
        ]
    )
