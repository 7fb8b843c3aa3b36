"""What experts are asked, and their opinions (两用物项出口管制条例 Art. 17(3): 征询专家意见)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.errors import not_found
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Act, Answer, Faults, Sending, Typed, demand
from services.portal.case_frame import read_case
from services.portal.language import text
from services.portal.page import Page
from services.portal.services import services

_EXPERT: Final = allow(Role.EXPERT)
_LONGEST_OPINION: Final = 8000
_DECLARATION: Final = "declares_no_conflict_of_interest"
_CASES_A_PAGE: Final = 200


@dataclass(frozen=True)
class Asked:
    """What the expert is asked, and the case in the words of the queue."""

    case: a.CaseSummary
    request: a.ExpertRequest


def experts() -> ResponseReturnValue:
    """What waits for the opinion of the expert, and below it what is answered or past."""
    asked = [Asked(case, request) for case in _cases() for request in case.expert_requests]
    asked.sort(key=lambda one: one.request.asked_at.ToNanoseconds(), reverse=True)
    return render_template(
        "cases/experts.html",
        to_answer=[one for one in reversed(asked) if one.request.answerable],
        done=[one for one in asked if not one.request.answerable],
    )


def _cases() -> list[a.CaseSummary]:
    """Every case that the expert was asked about; they are few."""
    found: list[a.CaseSummary] = []
    token = ""
    while True:
        page = services().ask(
            services().reviews.ListCases, a.ListCasesRequest(page_size=_CASES_A_PAGE, page_token=token)
        )
        found += page.cases
        token = page.next_page_token
        if not token:
            return found


@dataclass(frozen=True)
class ExpertRead:
    """What the expert is asked, and as much of the case as experts read."""

    case: a.Case
    request: a.ExpertRequest


class GiveExpertOpinion(Act[ExpertRead]):
    """Gives the opinion of the expert, once, with the declaration that no interest stands behind it."""

    name = "expert_opinion"
    endpoint = "expert_opinion"
    path = "/cases/<uuid:application_id>/expert-requests/<uuid:expert_request_id>"
    permission = _EXPERT

    def read(self, address: Mapping[str, Any]) -> ExpertRead:
        """The case and the request. Errors: NOT_FOUND where the expert was asked no such thing."""
        case, wanted = read_case(address["application_id"]), str(address["expert_request_id"])
        for request in case.expert_requests:
            if request.expert_request_id == wanted:
                return ExpertRead(case, request)
        raise not_found("expert_request", wanted)

    def possible(self, subject: ExpertRead) -> bool:
        """As licensing says."""
        return subject.request.answerable

    def etag(self, subject: ExpertRead) -> str:
        """None: an opinion is given once and rests on nothing that changes."""
        return ""

    def home(self, subject: ExpertRead) -> str:
        """What the expert is asked."""
        return url_for("experts")

    def context(self, subject: ExpertRead) -> dict[str, Any]:
        """The request and its case, and why it takes no opinion where it does not."""
        answered = subject.request.HasField("answered_at")
        closed = text("experts.answered_before" if answered else "experts.closed")
        return {
            "case": subject.case,
            "asked": subject.request,
            "caption": text("experts.title"),
            "obstacles": () if subject.request.answerable else (closed,),
        }

    def faults(self, subject: ExpertRead, typed: Typed) -> Faults:
        """The opinion and the declaration."""
        faults: Faults = {}
        demand(faults, typed, "opinion", text("act_expert_opinion.fault_opinion"), _LONGEST_OPINION)
        if not typed.get(_DECLARATION):
            faults[_DECLARATION] = text("act_expert_opinion.fault_declaration")
        return faults

    def answers(self, subject: ExpertRead, typed: Typed) -> Sequence[Answer]:
        """Question, opinion and declaration."""
        return [
            Answer(text("experts.question"), subject.request.question),
            Answer(text("experts.opinion"), typed["opinion"]),
            Answer(text("act_expert_opinion.declaration_title"), text("act_expert_opinion.declaration")),
        ]

    def send(self, subject: ExpertRead, typed: Typed, sending: Sending) -> None:
        """SubmitExpertOpinion."""
        services().ask(
            services().reviews.SubmitExpertOpinion,
            a.SubmitExpertOpinionRequest(
                request_id=sending.request_id,
                application_id=subject.case.application_id,
                expert_request_id=subject.request.expert_request_id,
                opinion=typed["opinion"],
                declares_no_conflict_of_interest=bool(typed.get(_DECLARATION)),
            ),
        )


PAGES: Final[tuple[Page, ...]] = (
    Page("experts", "/experts", experts, _EXPERT),
    *GiveExpertOpinion().pages(),
)
