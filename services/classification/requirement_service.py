"""The use case of licence requirements, within one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from services.classification.domain.codes import normalise_control_code
from services.classification.domain.index import ListIndex
from services.classification.domain.requirement_rows import (
    EndUse,
    EndUserStatus,
    ExportedItem,
    Mode,
    RequirementTable,
)
from services.classification.domain.requirements import Circumstances, Determination, determine
from services.classification.examination import ENCODED_REGIME
from services.classification.indexes import Indexes
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import XukeError, invalid_field

# How an item is called that has a code which does not apply on the day: it is in no list then.
_NOT_LISTED = "NOT_LISTED"
_SEPARATOR = ";"

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class RequirementQuestion:
    """What is asked, in the words of the table; an empty text is not known."""

    control_codes: tuple[str, ...] = ()
    mode: str = ""
    destination: str = ""
    end_use: str = ""
    end_user_status: str = ""
    content_percent: str = ""
    as_of: date | None = None
    facts_that_hold: tuple[str, ...] = ()
    facts_that_do_not_hold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeterminedRequirement:
    """What was found, on which day of law."""

    determination: Determination
    as_of: date


def determine_requirement(
    work: UnitOfWork, indexes: Indexes, table: RequirementTable, question: RequirementQuestion
) -> DeterminedRequirement:
    """What an export needs on a day of law (None: today).

    Errors: INVALID_ARGUMENT with REQUIREMENT_WORD_UNKNOWN, REQUIREMENT_FACT_CONTRADICTORY,
    REQUIREMENT_STATUS_CONTRADICTORY or CONTROL_CODE_MALFORMED naming the field; see `Indexes.current`.
    """
    day = question.as_of or legal_day(work.call.now)
    index = indexes.current(work.connection, ENCODED_REGIME)[0]
    items = [
        _item(code, f"control_codes[{at}]", table, index, day)
        for at, code in enumerate(question.control_codes)
    ]
    statuses = _words(EndUserStatus, question.end_user_status, "end_user_status")
    if statuses is not None and EndUserStatus.NONE in statuses and len(statuses) > 1:
        raise invalid_field("end_user_status", "REQUIREMENT_STATUS_CONTRADICTORY")
    known = Circumstances(
        mode=_word(Mode, question.mode, "mode") if question.mode else None,
        destination=question.destination or None,
        end_uses=_words(EndUse, question.end_use, "end_use"),
        end_user_statuses=statuses,
        content_percent=Decimal(question.content_percent) if question.content_percent else None,
        facts=_facts(table, question),
    )
    return DeterminedRequirement(determine(table, items, known, day), day)


def _item(text: str, field: str, table: RequirementTable, index: ListIndex, day: date) -> ExportedItem:
    """An item of the request.

    A code that the list as held does not have counts as listed: the list is held in part only. A code whose
    entries do not apply on the day is that of an unlisted item, but not before the days that the list covers.
    """
    if text in table.words:
        return ExportedItem(text, is_listed=False)
    code = normalise_control_code(text)
    if code is None:
        raise invalid_field(field, "CONTROL_CODE_MALFORMED", control_code=text)
    own = index.entry(code)
    entries = [*([own] if own is not None else []), *index.below(code)]
    if (
        entries
        and day >= index.control_list.covers_from
        and not any(entry.status_on(day).applies for entry in entries)
    ):
        return ExportedItem(code, is_listed=False, counts_as=_NOT_LISTED)
    return ExportedItem(code, is_listed=True)


def _words(words: type[Word], text: str, field: str) -> frozenset[Word] | None:
    """Several words; None for the empty text."""
    parts = [part.strip() for part in text.split(_SEPARATOR) if part.strip()]
    return frozenset(_word(words, part, field) for part in parts) if parts else None


def _word(words: type[Word], text: str, field: str) -> Word:
    try:
        return words(text.strip())
    except ValueError as error:
        raise _unknown(field, text, words) from error


def _facts(table: RequirementTable, question: RequirementQuestion) -> dict[str, bool]:
    facts: dict[str, bool] = {}
    stated: Sequence[tuple[str, Sequence[str], bool]] = (
        ("facts_that_hold", question.facts_that_hold, True),
        ("facts_that_do_not_hold", question.facts_that_do_not_hold, False),
    )
    for field, names, holds in stated:
        for at, name in enumerate(names):
            if name not in table.facts:
                raise _unknown(f"{field}[{at}]", name, sorted(table.facts))
            if facts.setdefault(name, holds) is not holds:
                raise invalid_field(f"{field}[{at}]", "REQUIREMENT_FACT_CONTRADICTORY", value=name)
    return facts


def _unknown(field: str, text: str, known: Iterable[str]) -> XukeError:
    return invalid_field(field, "REQUIREMENT_WORD_UNKNOWN", value=text, known=" ".join(known))
