"""The use cases of the consultation desk, each within one transaction."""

import dataclasses
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from services.classification.domain.codes import normalise_control_code
from services.classification.domain.index import ListIndex
from services.classification.domain.inquiry import (
    AnswerKind,
    DeskPolicy,
    Inquiry,
    InquiryAnswer,
    InquiryState,
    InquiryText,
    missing_contents,
    number_of,
)
from services.classification.domain.inquiry_state import InquiryAction, next_state
from services.classification.domain.inquiry_statistics import InquiryStatistics, desk_statistics
from services.classification.domain.item import Item, StatedParameter
from services.classification.examination import ENCODED_REGIME, Examination
from services.classification.indexes import Indexes
from services.classification.service import Answer, classify_item
from services.classification.store import inquiries
from services.classification.store.inquiries import Position
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import (
    ErrorCode,
    FieldViolation,
    XukeError,
    invalid_argument,
    invalid_field,
    not_found,
    permission_denied,
    stale_etag,
)
from services.foundation.ledger import Subject
from services.foundation.pagination import decode_page_token, encode_page_token, page_size
from services.foundation.working_days import WorkingDayCalendar

# The kind of subject under which the ledger keeps what happened to an inquiry.
SUBJECT_KIND = "inquiry"
# A place in the order of inquiries: the three groups of the store, and seconds since 1970.
_GROUPS: Final = frozenset({"0", "1", "2"})
_PLACE: Final = re.compile(r"-?[0-9]{1,12}([.][0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class AskedContents:
    """What an asker gives; see `missing_contents` for what must be there."""

    item: Item
    performance: str
    main_uses: str
    reason_for_doubt: str
    organisation_name_zh: str
    organisation_name_en: str


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """Inquiries in the order in which they are due, and where the next page begins."""

    inquiries: Sequence[Inquiry]
    next_page_token: str


def ask(work: UnitOfWork, indexes: Indexes, examination: Examination, asked: AskedContents) -> Inquiry:
    """Asks for the organisation of the caller.

    Errors: PERMISSION_DENIED with INQUIRY_NEEDS_ORGANISATION; INVALID_ARGUMENT naming each of the three contents
    that is missing, or what of the item cannot be so (see `classify_item`).
    """
    principal, now = work.call.principal, work.call.now
    if not principal.organisation:
        raise permission_denied("INQUIRY_NEEDS_ORGANISATION")
    missing = list(missing_contents(asked.item, asked.performance, asked.main_uses, asked.reason_for_doubt))
    if missing:
        raise invalid_argument(*missing)
    made = Inquiry(
        inquiry_id=uuid.uuid4(),
        number=number_of(legal_day(now).year, inquiries.next_number(work.connection)),
        version=1,
        state=InquiryState.ASKED,
        organisation=principal.organisation,
        organisation_name_zh=asked.organisation_name_zh,
        organisation_name_en=asked.organisation_name_en,
        item=asked.item,
        performance=asked.performance,
        main_uses=asked.main_uses,
        reason_for_doubt=asked.reason_for_doubt,
        asked_at=now,
        waiting_since=now,
    )
    # An item whose codes cannot be so is refused here, to whoever can mend it.
    answer = _classify(work, indexes, examination, made)
    inquiries.add(work.connection, made)
    _record(work, made, InquiryAction.ASK, {"list_versions": "; ".join(answer.list_versions)})
    return made


def request_information(work: UnitOfWork, inquiry_id: UUID, etag: str, text: str) -> Inquiry:
    """Asks the asker for more. Errors: NOT_FOUND, STALE_ETAG, INQUIRY_STATE_FORBIDS_ACTION."""
    action = InquiryAction.REQUEST_INFORMATION
    moved = _moved(work, inquiry_id, etag, action)
    return _save(work, dataclasses.replace(moved, texts=(*moved.texts, _text(work, text))), action)


def supplement(
    work: UnitOfWork,
    indexes: Indexes,
    examination: Examination,
    inquiry_id: UUID,
    etag: str,
    text: str,
    parameters: tuple[StatedParameter, ...],
) -> Inquiry:
    """Supplies what the ministry asked for; its target counts anew. Errors: as `request_information`."""
    moved = _moved(work, inquiry_id, etag, InquiryAction.SUPPLEMENT)
    supplemented = dataclasses.replace(
        moved,
        item=dataclasses.replace(moved.item, parameters=(*moved.item.parameters, *parameters)),
        waiting_since=work.call.now,
        texts=(*moved.texts, _text(work, text)),
    )
    _classify(work, indexes, examination, supplemented)
    return _save(work, supplemented, InquiryAction.SUPPLEMENT)


def withdraw(work: UnitOfWork, inquiry_id: UUID, etag: str) -> Inquiry:
    """Takes an inquiry back. Errors: as `request_information`."""
    action = InquiryAction.WITHDRAW
    return _save(work, _moved(work, inquiry_id, etag, action), action)


def answer_inquiry(
    work: UnitOfWork,
    indexes: Indexes,
    inquiry_id: UUID,
    etag: str,
    kind: AnswerKind,
    control_codes: Sequence[str],
    reasons: str,
) -> Inquiry:
    """Answers, on the versions of the list that count now.

    Errors: as `request_information`; INVALID_ARGUMENT with INQUIRY_CODE_NOT_IN_LIST, INQUIRY_CODES_NEEDED,
    INQUIRY_CODES_CONTRADICT_ANSWER.
    """
    moved = _moved(work, inquiry_id, etag, InquiryAction.ANSWER)
    index = indexes.current(work.connection, ENCODED_REGIME)[0]
    codes = _codes_of_list(index, control_codes)
    if kind is AnswerKind.CONTROLLED and not codes:
        raise invalid_field("control_codes", "INQUIRY_CODES_NEEDED")
    if kind is AnswerKind.NOT_CONTROLLED and codes:
        raise invalid_field("control_codes", "INQUIRY_CODES_CONTRADICT_ANSWER")
    answer = InquiryAnswer(
        kind,
        codes,
        reasons,
        work.call.principal.name,
        work.call.now,
        (index.control_list.version,),
    )
    return _save(
        work,
        dataclasses.replace(moved, answer=answer),
        InquiryAction.ANSWER,
        {
            "answer": kind.value,
            "control_codes": " ".join(codes),
            "list_versions": "; ".join(answer.list_versions),
        },
    )


def get(work: UnitOfWork, inquiry_id: UUID) -> Inquiry:
    """An inquiry that the caller may see. Errors: NOT_FOUND."""
    found = inquiries.find(work.connection, inquiry_id)
    if found is None:
        raise not_found(SUBJECT_KIND, str(inquiry_id))
    return found


def cited_answer(work: UnitOfWork, number: str) -> tuple[Inquiry, InquiryAnswer]:
    """The answer that is cited by a number, with its inquiry. Errors: NOT_FOUND, also where none was given yet."""
    found = inquiries.find_by_number(work.connection, number)
    if found is None or found.answer is None:
        raise not_found(SUBJECT_KIND, number)
    return found, found.answer


def computed(work: UnitOfWork, indexes: Indexes, examination: Examination, inquiry: Inquiry) -> Answer | None:
    """What the engine finds, as of the day asked; None where the item is not one that it can read any more."""
    try:
        return _classify(work, indexes, examination, inquiry)
    except XukeError as refused:
        if refused.code is not ErrorCode.INVALID_ARGUMENT:
            raise
        return None


def find_page(
    work: UnitOfWork, states: Collection[InquiryState], searched: str, size: int, page_token: str
) -> InquiryPage:
    """Inquiries that the caller may see, those due first. Errors: INVALID_ARGUMENT on `page_token`."""
    wanted = page_size(size)
    found = inquiries.find_page(work.connection, states, searched.strip(), _position(page_token), wanted + 1)
    page = found[:wanted]
    token = ""
    if len(found) > wanted:
        last = page[-1][0]
        token = encode_page_token(str(last.group), str(last.place), str(last.inquiry_id))
    return InquiryPage([inquiry for _, inquiry in page], token)


def read_statistics(
    work: UnitOfWork,
    since: date | None,
    until: date | None,
    policy: DeskPolicy,
    calendar: WorkingDayCalendar,
) -> InquiryStatistics:
    """Figures from the ledger. Errors: INVALID_ARGUMENT with INQUIRY_DAYS_REVERSED; see `desk_statistics`."""
    if since is not None and until is not None and until < since:
        raise invalid_field("until", "INQUIRY_DAYS_REVERSED")
    histories = work.events_of_many(SUBJECT_KIND, inquiries.all_identifiers(work.connection))
    return desk_statistics(list(histories.values()), since, until, work.call.now, policy, calendar)


def _classify(work: UnitOfWork, indexes: Indexes, examination: Examination, inquiry: Inquiry) -> Answer:
    """Performance is read with the description, and the main uses are what the item is for."""
    item = dataclasses.replace(
        inquiry.item,
        description="\n".join(filter(None, (inquiry.item.description, inquiry.performance))),
        end_use=inquiry.main_uses,
    )
    return classify_item(work, indexes, examination, item, legal_day(inquiry.asked_at), "")


def _codes_of_list(index: ListIndex, stated: Sequence[str]) -> tuple[str, ...]:
    """The codes in their one spelling, each once; a heading of entries counts as one of the list."""
    codes: dict[str, None] = {}
    refused: list[FieldViolation] = []
    for at, text in enumerate(stated):
        code = normalise_control_code(text)
        if code is None or (index.entry(code) is None and not index.below(code)):
            values = {"control_code": text, "list_version": index.control_list.version}
            refused.append(FieldViolation(f"control_codes[{at}]", "INQUIRY_CODE_NOT_IN_LIST", values))
        else:
            codes[code] = None
    if refused:
        raise invalid_argument(*refused)
    return tuple(codes)


def _moved(work: UnitOfWork, inquiry_id: UUID, etag: str, action: InquiryAction) -> Inquiry:
    """The inquiry in the state that an action leads to, locked until the transaction ends."""
    found = inquiries.find(work.connection, inquiry_id, lock=True)
    if found is None:
        raise not_found(SUBJECT_KIND, str(inquiry_id))
    if found.etag != etag:
        raise stale_etag(SUBJECT_KIND, str(inquiry_id))
    state = next_state(str(inquiry_id), found.state, action, work.call.principal.role)
    return dataclasses.replace(found, state=state, version=found.version + 1)


def _save(
    work: UnitOfWork, changed: Inquiry, action: InquiryAction, payload: Mapping[str, str] | None = None
) -> Inquiry:
    inquiries.save(work.connection, changed)
    _record(work, changed, action, payload or {})
    return changed


def _record(work: UnitOfWork, inquiry: Inquiry, action: InquiryAction, payload: Mapping[str, str]) -> None:
    work.record(
        Subject(SUBJECT_KIND, str(inquiry.inquiry_id)),
        action.value,
        {"state": inquiry.state.value, "number": inquiry.number, **payload},
    )


def _text(work: UnitOfWork, text: str) -> InquiryText:
    return InquiryText(work.call.principal.role.value, work.call.now, text)


def _position(page_token: str) -> Position | None:
    position = decode_page_token(page_token, 3)
    if position is None:
        return None
    group, place, inquiry_id = position
    if group not in _GROUPS or not _PLACE.fullmatch(place):
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID")
    try:
        return Position(int(group), Decimal(place), UUID(inquiry_id))
    except ValueError as error:
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID") from error
