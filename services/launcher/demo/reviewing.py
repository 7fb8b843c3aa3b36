"""What officers and agency reviewers do."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from xuke.consultation.v1 import consultation_pb2 as c
from xuke.consultation.v1 import consultation_pb2_grpc
from xuke.foundation.v1 import foundation_pb2
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import application_pb2_grpc

from services.foundation.errors import XukeError
from services.launcher.clients import People
from services.launcher.demo.people import PATIENCE_SECONDS, ask, new_request_id, stub, wait_for

FACTORS = [one.name for one in c.ReviewFactor.DESCRIPTOR.values if one.number]


class Officer:
    """An officer's account of a province or of the ministry."""

    def __init__(self, people: People, account: str) -> None:
        self._review = stub(people, account, "licensing", application_pb2_grpc.ReviewServiceStub)

    def case(self, application_id: str) -> a.Case:
        """Reads the case."""
        return ask(self._review.GetCase, a.GetCaseRequest(application_id=application_id))

    def wait_for_state(self, application_id: str, *states: a.ApplicationState.ValueType) -> a.Case:
        """Waits until the case is in one of the states."""
        case: a.Case = wait_for(
            " or ".join(a.ApplicationState.Name(state) for state in states),
            lambda: self.case(application_id),
            lambda seen: seen.state in states,
        )
        return case

    def clock(self, application_id: str, as_of: str = "") -> a.Clock:
        """The review clock, today or on another day."""
        return ask(self._review.GetClock, a.GetClockRequest(application_id=application_id, as_of=as_of))

    def request_supplement(self, case: a.Case) -> a.Case:
        """Returns the application once, with everything that is missing."""
        return self._act(
            case,
            lambda seen: ask(
                self._review.RequestSupplement,
                a.RequestSupplementRequest(
                    request_id=new_request_id(), application_id=seen.application_id, etag=seen.etag
                ),
            ),
        )

    def forward(self, case: a.Case, opinion: str) -> a.Case:
        """Forwards to the ministry."""
        return self._act(
            case,
            lambda seen: ask(
                self._review.ForwardApplication,
                a.ForwardApplicationRequest(
                    request_id=new_request_id(),
                    application_id=seen.application_id,
                    etag=seen.etag,
                    opinion=opinion,
                ),
            ),
        )

    def accept(self, case: a.Case) -> a.Case:
        """Accepts: the review limit starts."""
        return self._act(
            case,
            lambda seen: ask(
                self._review.AcceptApplication,
                a.AcceptApplicationRequest(
                    request_id=new_request_id(), application_id=seen.application_id, etag=seen.etag
                ),
            ),
        )

    def consult(self, case: a.Case) -> a.Case:
        """Consults every agency of the computed route."""
        return self._act(
            case,
            lambda seen: ask(
                self._review.StartConsultation,
                a.StartConsultationRequest(
                    request_id=new_request_id(),
                    application_id=seen.application_id,
                    etag=seen.etag,
                    agencies=[
                        a.AgencyChoice(agency=routed.agency, consult=True) for routed in seen.routed_agencies
                    ],
                ),
            ),
        )

    def ask_experts(self, case: a.Case) -> a.Case:
        """Asks for an expert opinion: the limit stops (Regulation 792 Art. 17(3))."""
        return self._act(
            case,
            lambda seen: ask(
                self._review.StartExclusion,
                a.StartExclusionRequest(
                    request_id=new_request_id(),
                    application_id=seen.application_id,
                    etag=seen.etag,
                    reason=a.EXCLUSION_REASON_EXPERT_OPINION,
                    note="请专家评估钨粉粒度与用途是否相符。",
                ),
            ),
        )

    def ask_expert(self, application_id: str, subject: str, question: str) -> a.Case:
        """Puts a question to an expert while the limit is stopped."""
        request = a.AskExpertRequest(
            request_id=new_request_id(),
            application_id=application_id,
            expert_subject=subject,
            question=question,
        )
        return ask(self._review.AskExpert, request)

    def hear_experts(self, case: a.Case) -> a.Case:
        """Receives the expert opinion: the limit runs on."""
        running = next(one for one in case.clock.exclusions if not one.HasField("ended_at"))
        return self._act(
            case,
            lambda seen: ask(
                self._review.EndExclusion,
                a.EndExclusionRequest(
                    request_id=new_request_id(),
                    application_id=seen.application_id,
                    etag=seen.etag,
                    exclusion_id=running.exclusion_id,
                    result="专家认为数量与民用刀片产能相符。",
                ),
            ),
        )

    def propose_grant(self, case: a.Case, *conditions: tuple[str, str]) -> a.Case:
        """Proposes to grant, with the eight factors assessed."""
        return self._act(
            case,
            lambda seen: ask(
                self._review.ProposeDecision,
                a.ProposeDecisionRequest(
                    request_id=new_request_id(),
                    application_id=seen.application_id,
                    etag=seen.etag,
                    outcome=a.DECISION_OUTCOME_GRANT,
                    reasons="最终用户为民用硬质合金刀具企业，用途与数量相符，各部门无异议。",
                    factors=[
                        a.FactorAssessment(
                            factor=name.removeprefix("REVIEW_FACTOR_"),
                            rating="NO_CONCERN",
                            comment="未发现风险。",
                        )
                        for name in FACTORS
                    ],
                    conditions=[foundation_pb2.LocalizedText(zh=zh, en=en) for zh, en in conditions],
                ),
            ),
        )

    def countersign(self, case: a.Case) -> a.Case:
        """Agrees as the second pair of eyes."""
        return self._act(
            case,
            lambda seen: ask(
                self._review.CountersignDecision,
                a.CountersignDecisionRequest(
                    request_id=new_request_id(),
                    application_id=seen.application_id,
                    etag=seen.etag,
                    agree=True,
                    comment="同意。",
                ),
            ),
        )

    def _act(self, case: a.Case, act: Callable[[a.Case], a.Case]) -> a.Case:
        """Acts on the case as it was seen; if it has moved since, reads it again and acts once more.

        The procedure works on a case beside the people, so a stale etag is nothing unusual.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return act(case)
            except XukeError as refused:
                if refused.reason != "STALE_ETAG" or time.monotonic() > deadline:
                    raise
                case = self.case(case.application_id)


class AgencyReviewer:
    """A reviewer of a consulted agency."""

    def __init__(self, people: People, agency: str) -> None:
        self.agency = agency
        self._consultation = stub(
            people,
            f"{agency.lower()}.reviewer",
            "consultation",
            consultation_pb2_grpc.ConsultationServiceStub,
        )

    def task(self, application_id: str) -> c.Task:
        """Waits for the task on an application."""
        tasks: list[c.Task] = wait_for(
            f"the task of {self.agency}",
            lambda: [
                task
                for task in ask(self._consultation.ListTasks, c.ListTasksRequest(page_size=200)).tasks
                if task.application_id == application_id and task.state == c.TASK_STATE_OPEN
            ],
            bool,
        )
        return tasks[0]

    def answer(self, application_id: str, condition: tuple[str, str] | None = None) -> c.Task:
        """Gives the opinion: no objection, or approval under a condition."""
        task = self.task(application_id)
        return ask(
            self._consultation.SubmitOpinion,
            c.SubmitOpinionRequest(
                request_id=new_request_id(),
                task_id=task.task_id,
                etag=task.etag,
                opinion=c.OPINION_APPROVE_WITH_CONDITIONS if condition else c.OPINION_NO_OBJECTION,
                reasons="最终用户可核实，用途为民用。",
                factors=[
                    c.FactorAssessment(
                        factor=c.ReviewFactor.Value(name),
                        rating=c.FACTOR_RATING_NO_CONCERN,
                        comment="未发现风险。",
                    )
                    for name in FACTORS
                ],
                conditions=[c.NewCondition(text_zh=condition[0], text_en=condition[1])] if condition else [],
            ),
        )


def answer_in_parallel(
    people: People, application_id: str, agencies: list[str], condition: tuple[str, str] | None
) -> list[c.Task]:
    """All agencies answer at the same time; the first of them sets the condition, if there is one."""
    with ThreadPoolExecutor(max_workers=max(1, len(agencies))) as pool:
        return list(
            pool.map(
                lambda numbered: AgencyReviewer(people, numbered[1]).answer(
                    application_id, condition if numbered[0] == 0 else None
                ),
                enumerate(agencies),
            )
        )
