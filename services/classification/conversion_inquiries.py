"""Between the contract of inquiries and the domain: nothing is decided here."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from xuke.classification.v1 import classification_pb2
from xuke.classification.v1 import inquiry_pb2 as messages
from xuke.foundation.v1 import foundation_pb2

from services.classification import conversion
from services.classification.desk import Desk
from services.classification.domain.inquiry import (
    AnswerKind,
    Inquiry,
    InquiryAnswer,
    InquiryState,
    answer_by,
)
from services.classification.domain.inquiry_state import allowed_actions
from services.classification.domain.inquiry_statistics import InquiryStatistics
from services.classification.domain.item import StatedParameter
from services.classification.inquiry_service import AskedContents
from services.classification.service import Answer
from services.foundation.clock import legal_day
from services.foundation.documents.printable import unprintable
from services.foundation.errors import FieldViolation, invalid_argument, invalid_field
from services.foundation.messages import render
from services.foundation.principal import Call, Role

# Who works at the desk or looks after it: sees what the engine finds and who answered.
INTERNAL = frozenset({Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR})

_STATES: Mapping[InquiryState, "messages.InquiryState.ValueType"] = {
    InquiryState.ASKED: messages.INQUIRY_STATE_ASKED,
    InquiryState.INFORMATION_REQUESTED: messages.INQUIRY_STATE_INFORMATION_REQUESTED,
    InquiryState.ANSWERED: messages.INQUIRY_STATE_ANSWERED,
    InquiryState.WITHDRAWN: messages.INQUIRY_STATE_WITHDRAWN,
}
_ANSWERS: Mapping[AnswerKind, "messages.InquiryAnswer.ValueType"] = {
    AnswerKind.CONTROLLED: messages.INQUIRY_ANSWER_CONTROLLED,
    AnswerKind.NOT_CONTROLLED: messages.INQUIRY_ANSWER_NOT_CONTROLLED,
    AnswerKind.DEPENDS: messages.INQUIRY_ANSWER_DEPENDS,
}


def asked_contents(request: messages.AskInquiryRequest) -> AskedContents:
    """What is asked. Errors: INVALID_ARGUMENT naming every text that cannot be printed."""
    item = request.item
    _refuse_unprintable(
        [
            *(
                (f"item.{name}", getattr(item, name))
                for name in ("name_zh", "name_en", "description", "cas_number", "claimed_control_code")
            ),
            *_parameter_texts("item.parameters", item.parameters),
            *(
                (name, getattr(request, name))
                for name in (
                    "performance",
                    "main_uses",
                    "reason_for_doubt",
                    "organisation_name_zh",
                    "organisation_name_en",
                )
            ),
        ]
    )
    return AskedContents(
        item=conversion.item_of(classification_pb2.ClassifyRequest(item=item)),
        performance=_tidy(request.performance),
        main_uses=_tidy(request.main_uses),
        reason_for_doubt=_tidy(request.reason_for_doubt),
        organisation_name_zh=_tidy(request.organisation_name_zh),
        organisation_name_en=_tidy(request.organisation_name_en),
    )


def text_of(text: str, field: str) -> str:
    """A text that says something. Errors: INVALID_ARGUMENT on the field."""
    _refuse_unprintable([(field, text)])
    tidy = _tidy(text)
    if not any(character.isalnum() for character in tidy):
        raise invalid_field(field, "VALUE_MISSING")
    return tidy


def searched(text: str, field: str) -> str:
    """A text to search for. Errors: INVALID_ARGUMENT on the field where no inquiry can hold it."""
    _refuse_unprintable([(field, text)])
    return _tidy(text)


def parameters_of(request: messages.SupplementInquiryRequest) -> tuple[StatedParameter, ...]:
    """The parameters that say something. Errors: INVALID_ARGUMENT naming every text that cannot be printed."""
    _refuse_unprintable(_parameter_texts("parameters", request.parameters))
    return tuple(
        StatedParameter(each.name, each.value, each.unit, each.test_condition)
        for each in request.parameters
        if each.value.strip()
    )


def states_of(numbers: Iterable[int]) -> list[InquiryState]:
    """States to narrow a list to; a number that the contract does not know is left out."""
    return [state for state, number in _STATES.items() if number in numbers]


def answer_kind_of(number: int) -> AnswerKind:
    """The kind of an answer; the contract admits no other number."""
    return next(kind for kind, known in _ANSWERS.items() if known == number)


def day_of(text: str, field: str) -> date | None:
    """A day of law; None for the empty text. Errors: INVALID_ARGUMENT on the field."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise invalid_field(field, "CLASSIFICATION_DAY_INVALID", value=text) from error


def inquiry_message(
    inquiry: Inquiry, call: Call, desk: Desk, found: Answer | None = None
) -> messages.Inquiry:
    """An inquiry as the caller sees it; who of the ministry answered is not told to those who asked."""
    internal = call.principal.role in INTERNAL
    due = answer_by(inquiry, desk.policy, desk.calendar)
    message = messages.Inquiry(
        inquiry_id=str(inquiry.inquiry_id),
        number=inquiry.number,
        etag=inquiry.etag,
        state=_STATES[inquiry.state],
        item=conversion.item_message(inquiry.item),
        performance=inquiry.performance,
        main_uses=inquiry.main_uses,
        reason_for_doubt=inquiry.reason_for_doubt,
        organisation=inquiry.organisation,
        organisation_name_zh=inquiry.organisation_name_zh,
        organisation_name_en=inquiry.organisation_name_en,
        asked_at=_timestamp(inquiry.asked_at),
        answer_by=due.isoformat() if due else "",
        overdue=due is not None and legal_day(call.now) > due,
        computed=conversion.answer_message(found) if found is not None else None,
        messages=[
            messages.InquiryMessage(
                author_role=text.author_role, written_at=_timestamp(text.written_at), text=text.text
            )
            for text in inquiry.texts
        ],
        allowed_actions=[action.value for action in allowed_actions(inquiry.state, call.principal.role)],
    )
    if (answer := inquiry.answer) is not None:
        message.answer = _ANSWERS[answer.kind]
        message.control_codes.extend(answer.control_codes)
        message.answer_reasons = answer.reasons
        message.answered_by = answer.answered_by if internal else ""
        message.answered_at.CopyFrom(_timestamp(answer.answered_at))
        message.list_versions.extend(answer.list_versions)
        message.citation_note.CopyFrom(_sentence("INQUIRY_CITATION", number=inquiry.number))
    return message


def cited_message(inquiry: Inquiry, answer: InquiryAnswer) -> messages.CitedAnswer:
    """What an answer says to whoever is shown its number."""
    return messages.CitedAnswer(
        number=inquiry.number,
        item_name_zh=inquiry.item.name_zh,
        item_name_en=inquiry.item.name_en,
        organisation=inquiry.organisation,
        answer=_ANSWERS[answer.kind],
        control_codes=answer.control_codes,
        answer_reasons=answer.reasons,
        answered_at=_timestamp(answer.answered_at),
        list_versions=answer.list_versions,
        citation_note=_sentence("INQUIRY_CITATION", number=inquiry.number),
    )


def statistics_message(figures: InquiryStatistics, desk: Desk) -> messages.InquiryStatistics:
    """The figures with what they count."""
    return messages.InquiryStatistics(
        asked=figures.asked,
        answered=figures.answered,
        overdue=figures.overdue,
        median_working_days=figures.median_working_days,
        by_answer=[messages.InquiryCount(key=key, count=count) for key, count in figures.by_answer],
        by_control_code=[
            messages.InquiryCount(key=key, count=count) for key, count in figures.by_control_code
        ],
        note=_sentence("INQUIRY_STATISTICS_NOTE", days=str(desk.policy.target_working_days)),
    )


def _parameter_texts(path: str, parameters: Iterable[classification_pb2.Parameter]) -> list[tuple[str, str]]:
    return [
        (f"{path}[{at}].{name}", getattr(each, name))
        for at, each in enumerate(parameters)
        for name in ("name", "value", "unit", "test_condition")
    ]


def _refuse_unprintable(texts: Iterable[tuple[str, str]]) -> None:
    refused = [
        FieldViolation(field, "UNPRINTABLE_CHARACTER", {"character": f"U+{ord(character):04X}"})
        for field, text in texts
        for character in unprintable(_tidy(text))
    ]
    if refused:
        raise invalid_argument(*refused)


def _tidy(text: str) -> str:
    """One kind of line end and of space, as forms of browsers do not give them."""
    return text.replace("\r\n", "\n").replace("\t", " ").strip()


def _timestamp(instant: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(instant)
    return message


def _sentence(reason: str, **values: str) -> foundation_pb2.LocalizedText:
    text = render(reason, values)
    return foundation_pb2.LocalizedText(zh=text.zh, en=text.en)
