"""Acts on an inquiry: the asker supplements or withdraws it, the ministry asks for more or answers."""

from collections.abc import Sequence
from typing import Any, Final

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import inquiry_pb2 as iq

from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.condition_lines import nested
from services.portal.inquiry_act import ANSWERERS, InquiryAct
from services.portal.language import plain, shown, text
from services.portal.page import APPLICANTS, Page
from services.portal.readings import as_control_code, lines
from services.portal.rows import filled_rows
from services.portal.services import services

_LONGEST_TEXT: Final = 8000
_LONGEST_REQUEST: Final = 4000
_MOST_CODES: Final = 20
ANSWERS: Final = tuple(plain(iq.InquiryAnswer, number) for number in iq.InquiryAnswer.values() if number)
# The answers that name codes.
_WITH_CODES: Final = frozenset({"CONTROLLED", "DEPENDS"})


class Supplement(InquiryAct):
    """Adds what the ministry asked for."""

    name = "inquiry_supplement"
    endpoint = "inquiry_supplement"
    path = "/inquiries/<uuid:inquiry_id>/supplement"
    action = "SUPPLEMENT"
    permission = APPLICANTS
    groups = ("parameters",)

    def faults(self, subject: iq.Inquiry, typed: Typed) -> Faults:
        """A text is demanded; a parameter has a name and a value."""
        faults: Faults = {}
        demand(faults, typed, "text", text("act_inquiry_supplement.fault_text"), _LONGEST_TEXT)
        for place, row in enumerate(filled_rows(typed, "parameters")):
            for name in ("name", "value"):
                if not row.get(name):
                    faults[f"parameters[{place}].{name}"] = text("act_inquiry_supplement.fault_parameter")
        return faults

    def answers(self, subject: iq.Inquiry, typed: Typed) -> Sequence[Answer]:
        """The text and the parameters."""
        rows = filled_rows(typed, "parameters")
        parameters = "\n".join(
            " ".join(filter(None, (one.get("name"), one.get("value"), one.get("unit")))) for one in rows
        )
        return [
            Answer(text("act_inquiry_supplement.text"), typed["text"]),
            Answer(text("item.parameters"), parameters),
        ]

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """SupplementInquiry."""
        parameters = [
            cl.Parameter(name=one["name"], value=one["value"], unit=one.get("unit", ""))
            for one in filled_rows(typed, "parameters")
        ]
        services().ask(
            services().inquiries.SupplementInquiry,
            iq.SupplementInquiryRequest(**common, text=typed["text"], parameters=parameters),
        )


class Withdraw(InquiryAct):
    """Takes the inquiry back."""

    name = "inquiry_withdraw"
    endpoint = "inquiry_withdraw"
    path = "/inquiries/<uuid:inquiry_id>/withdraw"
    action = "WITHDRAW"
    permission = APPLICANTS
    asks = False

    def faults(self, subject: iq.Inquiry, typed: Typed) -> Faults:
        """Nothing is asked."""
        return {}

    def answers(self, subject: iq.Inquiry, typed: Typed) -> Sequence[Answer]:
        """Which one it is."""
        return [Answer(text("inquiry.number"), subject.number)]

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """WithdrawInquiry."""
        services().ask(services().inquiries.WithdrawInquiry, iq.WithdrawInquiryRequest(**common))


class Request(InquiryAct):
    """Asks the exporter for more; the target stands still meanwhile."""

    name = "inquiry_request"
    endpoint = "inquiry_request"
    path = "/inquiries/<uuid:inquiry_id>/request"
    action = "REQUEST_INFORMATION"
    permission = ANSWERERS

    def faults(self, subject: iq.Inquiry, typed: Typed) -> Faults:
        """What is asked for is demanded."""
        faults: Faults = {}
        demand(faults, typed, "text", text("act_inquiry_request.fault_text"), _LONGEST_REQUEST)
        return faults

    def answers(self, subject: iq.Inquiry, typed: Typed) -> Sequence[Answer]:
        """What is asked for."""
        return [Answer(text("act_inquiry_request.text"), typed["text"])]

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """RequestInformation."""
        services().ask(
            services().inquiries.RequestInformation,
            iq.RequestInformationRequest(**common, text=typed["text"]),
        )


class Reply(InquiryAct):
    """Answers with reasons. The answer may be cited by its number; it does not bind customs."""

    name = "inquiry_answer"
    endpoint = "inquiry_answer"
    path = "/inquiries/<uuid:inquiry_id>/answer"
    action = "ANSWER"
    permission = ANSWERERS

    def context(self, subject: iq.Inquiry) -> dict[str, Any]:
        """Also what the lists say of the item."""
        return {
            **super().context(subject),
            "computed": subject.computed if subject.HasField("computed") else None,
            "nested": nested,
            "offered": ANSWERS,
        }

    def faults(self, subject: iq.Inquiry, typed: Typed) -> Faults:
        """An answer and reasons are demanded; codes go with an answer that says there may be control."""
        faults: Faults = {}
        answer = typed.get("answer", "")
        if answer not in ANSWERS:
            faults["answer"] = text("act_inquiry_answer.fault_answer")
        codes = codes_in(typed)
        if answer == "CONTROLLED" and not codes:
            faults["control_codes"] = text("act_inquiry_answer.fault_codes")
        if answer == "NOT_CONTROLLED" and codes:
            faults["control_codes"] = text("act_inquiry_answer.fault_no_codes")
        if len(codes) > _MOST_CODES:
            faults["control_codes"] = text("act_inquiry_answer.fault_many_codes", most=_MOST_CODES)
        demand(faults, typed, "reasons", text("act_inquiry_answer.fault_reasons"), _LONGEST_TEXT)
        return faults

    def answers(self, subject: iq.Inquiry, typed: Typed) -> Sequence[Answer]:
        """The answer with its codes and reasons."""
        found = [Answer(text("act_inquiry_answer.answer"), shown("InquiryAnswer", typed["answer"]))]
        if typed["answer"] in _WITH_CODES:
            found.append(Answer(text("inquiry.control_codes"), "\n".join(codes_in(typed))))
        return [*found, Answer(text("inquiry.answer_reasons"), typed["reasons"])]

    def field_of(self, path: str, subject: iq.Inquiry, typed: Typed) -> str:
        """A code in a line of its own is a field of its own to the service."""
        return "control_codes" if path.startswith("control_codes") else path

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """AnswerInquiry."""
        services().ask(
            services().inquiries.AnswerInquiry,
            iq.AnswerInquiryRequest(
                **common,
                answer=iq.InquiryAnswer.Value(f"INQUIRY_ANSWER_{typed['answer']}"),
                control_codes=codes_in(typed),
                reasons=typed["reasons"],
            ),
        )


def codes_in(typed: Typed) -> list[str]:
    """The codes that were typed, one in a line, each once."""
    return list(dict.fromkeys(as_control_code(line) for line in lines(typed.get("control_codes", ""))))


PAGES: Final[tuple[Page, ...]] = (
    *Supplement().pages(),
    *Withdraw().pages(),
    *Request().pages(),
    *Reply().pages(),
)
