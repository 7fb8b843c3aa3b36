"""Is an item controlled, under which entries, and why.

Pointers propose entries; the text of an entry, its parameters and its dates decide what can be said of it.
What is not known is asked, never assumed: an entry with limits and an item without figures gives
NEEDS_INFORMATION, and an item for which no entry is found is not thereby free (出口管制法 Art. 12(3)).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from services.classification.domain.codes import (
    HsRegister,
    normalise_cas_number,
    normalise_control_code,
    normalise_hs_code,
)
from services.classification.domain.entries import ControlEntry, EntryStatus, ItemKind
from services.classification.domain.index import ListIndex, Pointer, PointerCode
from services.classification.domain.outcomes import (
    CATCH_ALL,
    Candidate,
    Classification,
    FindingCode,
    Item,
    Nature,
    Outcome,
    Question,
    QuestionCode,
)
from services.foundation.errors import FieldViolation, invalid_argument

CANDIDATES_KEPT = 50
QUESTIONS_KEPT = 12


@dataclass(frozen=True, slots=True)
class _Query:
    """An item with its codes checked and in their one spelling."""

    item: Item
    hs_code: str
    cas_number: str
    control_code: str

    @property
    def named(self) -> bool:
        return bool(self.item.name_zh.strip() or self.item.name_en.strip())


def classify(item: Item, as_of: date, index: ListIndex, register: HsRegister) -> Classification:
    """Classifies an item as of a legal day.

    Errors: INVALID_ARGUMENT naming the fields: ITEM_UNDESCRIBED, HS_CODE_MALFORMED, HS_CODE_UNKNOWN,
    CAS_NUMBER_MALFORMED, CONTROL_CODE_MALFORMED.
    """
    query = _checked(item, register)
    pointers = _pointers(query, index)
    sharing_hs_code = _entries_sharing_hs_code(pointers, index, as_of)
    candidates = sorted(
        (
            _candidate(entry, tuple(pointers[entry.identifier]), query, as_of, sharing_hs_code)
            for entry in index.entries(pointers)
        ),
        key=lambda candidate: (-round(candidate.score, 4), candidate.entry.identifier),
    )[:CANDIDATES_KEPT]
    questions = [*_questions_of_item(query, index)]
    overall = max((candidate.outcome for candidate in candidates), default=Outcome.NO_ENTRY_FOUND)
    if questions:
        overall = max(overall, Outcome.NEEDS_INFORMATION)
    for candidate in candidates:
        questions.extend(_questions_of(candidate))
    questions = questions[:QUESTIONS_KEPT]
    if overall not in (Outcome.CONTROLLED, Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN):
        questions.extend(Question(code) for code in CATCH_ALL)
    return Classification(
        index.control_list.version, as_of, tuple(candidates), Outcome(overall), tuple(questions)
    )


def _hs_code(text: str, register: HsRegister, field_name: str, violations: list[FieldViolation]) -> str:
    code = normalise_hs_code(text)
    if code is None:
        violations.append(FieldViolation(field_name, "HS_CODE_MALFORMED", {"hs_code": text}))
        return ""
    if not register.exists(code):
        violations.append(FieldViolation(field_name, "HS_CODE_UNKNOWN", {"hs_code": text}))
    return code


def _checked(item: Item, register: HsRegister) -> _Query:
    violations: list[FieldViolation] = []
    hs_code = _hs_code(item.hs_code, register, "item.hs_code", violations) if item.hs_code.strip() else ""
    cas_number = ""
    if item.cas_number.strip():
        cas_number = normalise_cas_number(item.cas_number) or ""
        if not cas_number:
            violations.append(
                FieldViolation("item.cas_number", "CAS_NUMBER_MALFORMED", {"cas_number": item.cas_number})
            )
    control_code = ""
    if item.claimed_control_code.strip():
        control_code = normalise_control_code(item.claimed_control_code) or ""
        if not control_code:
            violations.append(
                FieldViolation(
                    "item.claimed_control_code",
                    "CONTROL_CODE_MALFORMED",
                    {"control_code": item.claimed_control_code},
                )
            )
    query = _Query(item, hs_code, cas_number, control_code)
    if not (query.named or item.description.strip() or hs_code or cas_number or control_code or violations):
        violations.append(FieldViolation("item", "ITEM_UNDESCRIBED"))
    if violations:
        raise invalid_argument(*violations)
    return query


def _pointers(query: _Query, index: ListIndex) -> dict[str, list[Pointer]]:
    found: dict[str, list[Pointer]] = defaultdict(list)
    sources: list[Iterable[tuple[str, Pointer]]] = []
    if query.control_code:
        sources.append(index.by_control_code(query.control_code))
    if query.cas_number:
        sources.append(index.by_cas_number(query.cas_number))
    if query.hs_code:
        sources.append(index.by_hs_code(query.hs_code))
    for name in (query.item.name_zh, query.item.name_en):
        if not index.policy.vocabulary.is_vague(name):
            sources.append(index.by_text(name))
    sources.append(index.by_text(query.item.description, from_description=True))
    for source in sources:
        for identifier, pointer in source:
            found[identifier].append(pointer)
    return found


def _entries_sharing_hs_code(
    pointers: Mapping[str, list[Pointer]], index: ListIndex, as_of: date
) -> frozenset[str]:
    """Applicable entries that name the full commodity code of the item."""
    return frozenset(
        entry.identifier
        for entry in index.entries(pointers)
        if entry.status_on(as_of).applies
        and any(pointer.code is PointerCode.HS_CODE_10 for pointer in pointers[entry.identifier])
    )


def _candidate(
    entry: ControlEntry,
    pointers: tuple[Pointer, ...],
    query: _Query,
    as_of: date,
    sharing_hs_code: frozenset[str],
) -> Candidate:
    status = entry.status_on(as_of)
    outcome, findings = _settle(entry, status, _identified(entry, pointers, query, sharing_hs_code), query)
    missed = 1.0
    for pointer in pointers:
        missed *= 1 - pointer.weight
    return Candidate(entry, status, outcome, findings, pointers, 1 - missed)


def _identified(
    entry: ControlEntry, pointers: tuple[Pointer, ...], query: _Query, sharing_hs_code: frozenset[str]
) -> bool:
    """Whether the item is what the entry describes, limits apart.

    A claimed code, a CAS number or an equal name says so. A name that only contains the term says so together
    with the full commodity code; the full code alone only where no name is given and one entry alone has it.
    """
    if not _same_nature(entry.kind, query.item.nature):
        return False
    codes = {pointer.code for pointer in pointers}
    if codes & {PointerCode.CONTROL_CODE_EXACT, PointerCode.CAS_NUMBER_EXACT}:
        return True
    named = {pointer.code for pointer in pointers if not (query.named and pointer.from_description)}
    if PointerCode.TEXT_EXACT in named:
        return True
    if PointerCode.HS_CODE_10 not in codes:
        return False
    if query.named:
        return PointerCode.TEXT_CONTAINED in named
    return PointerCode.TEXT_CONTAINED in named or sharing_hs_code == {entry.identifier}


def _same_nature(kind: ItemKind, nature: Nature) -> bool:
    """Whether an entry of a kind can name what is exported; software is delivered as goods or as data."""
    match nature:
        case Nature.UNSPECIFIED:
            return True
        case Nature.GOODS:
            return kind is not ItemKind.TECHNOLOGY
        case Nature.TECHNOLOGY | Nature.SERVICE:
            return kind is ItemKind.TECHNOLOGY
        case Nature.DATA:
            return kind in (ItemKind.TECHNOLOGY, ItemKind.SOFTWARE)
        case _:
            assert_never(nature)


def _settle(
    entry: ControlEntry, status: EntryStatus, identified: bool, query: _Query
) -> tuple[Outcome, tuple[FindingCode, ...]]:
    """The outcome of one entry and what decided it."""
    match status:
        case EntryStatus.ANNOUNCED:
            return Outcome.NOT_CONTROLLED_FOR_ENTRY, (FindingCode.ENTRY_ANNOUNCED,)
        case EntryStatus.SUSPENDED:
            return Outcome.NOT_CONTROLLED_FOR_ENTRY, (FindingCode.ENTRY_SUSPENDED,)
        case EntryStatus.REPEALED:
            return Outcome.NOT_CONTROLLED_FOR_ENTRY, (FindingCode.ENTRY_REPEALED,)
        case EntryStatus.UNCONFIRMED:
            standing: tuple[FindingCode, ...] = (FindingCode.ENTRY_UNCONFIRMED,)
        case EntryStatus.IN_FORCE:
            standing = ()
        case _:
            assert_never(status)
    if not identified:
        return Outcome.NEEDS_INFORMATION, (*standing, FindingCode.DESCRIPTION_NOT_SETTLED)
    if entry.has_parameters and not query.item.parameters:
        return Outcome.NEEDS_INFORMATION, (*standing, FindingCode.PARAMETERS_MISSING)
    # Limits are compared by a person; an applicant who claims the code itself says that they are met.
    if entry.has_parameters and query.control_code != entry.control_code:
        return Outcome.NEEDS_INFORMATION, (*standing, FindingCode.PARAMETERS_NOT_COMPARED)
    if entry.has_decontrol:
        return (
            Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN,
            (*standing, FindingCode.DESCRIPTION_MET, FindingCode.DECONTROL_POSSIBLE),
        )
    return Outcome.CONTROLLED, (*standing, FindingCode.DESCRIPTION_MET)


def _questions_of_item(query: _Query, index: ListIndex) -> Iterable[Question]:
    """What is asked of the item as a whole, before any entry."""
    code = query.control_code
    if code and not any(index.by_control_code(code)):
        yield Question(QuestionCode.CONTROL_CODE_NOT_LOADED, item_value=code)
    names = [name for name in (query.item.name_zh, query.item.name_en) if name.strip()]
    if names and all(index.policy.vocabulary.is_vague(name) for name in names):
        yield Question(QuestionCode.ITEM_TOO_VAGUE, item_value=" / ".join(names))


def _questions_of(candidate: Candidate) -> Iterable[Question]:
    """What would settle an entry, with the text of the entry that it serves."""
    asked = {
        FindingCode.DESCRIPTION_NOT_SETTLED: QuestionCode.CONFIRM_DESCRIPTION,
        FindingCode.PARAMETERS_MISSING: QuestionCode.STATE_PARAMETERS,
        FindingCode.PARAMETERS_NOT_COMPARED: QuestionCode.COMPARE_PARAMETERS,
        FindingCode.DECONTROL_POSSIBLE: QuestionCode.SHOW_DECONTROL,
    }
    for finding in candidate.findings:
        if finding in asked:
            yield Question(asked[finding], candidate.entry)
