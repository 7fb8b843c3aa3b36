"""Consultation, proposal and countersignature: who may decide, on what, and who wins a race."""

import threading
from collections.abc import Callable

import grpc
import pytest
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal
from services.licensing.domain.review_sheet import ReviewFactor
from tests.contract.licensing.application_world import COMPLETE, ROUTE, World, refusal, world
from tests.support import identity
from tests.support.services import request_id

__all__ = ["world"]


def at_the_same_time(*acts: Callable[[], object]) -> list[object]:
    """Runs the acts at once; an answer or the error of each."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(position: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[position] = act()  # type: ignore[call-overload]
        except grpc.RpcError as error:
            results[position] = from_rpc_error(error)  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=entry) for entry in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_four_eyes(world: World) -> None:
    application_id = world.proposed()
    for agree in (True, False):
        error = refusal(
            lambda agree=agree: world.countersign(application_id, identity.MINISTRY_OFFICER, agree=agree)
        )
        assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "FOUR_EYES")
    assert world.case(application_id).state == messages.APPLICATION_STATE_PROPOSED


def test_against_an_objection_a_director_must_sign(world: World) -> None:
    application_id = world.ready("ADVERSE")
    world.propose(application_id)
    error = refusal(lambda: world.countersign(application_id))
    assert error.reason == "DIRECTOR_MUST_COUNTERSIGN"
    case = world.countersign(application_id, identity.MINISTRY_DIRECTOR)
    assert case.state == messages.APPLICATION_STATE_APPROVED


def test_a_second_round_without_the_objecting_agency_takes_no_objection_back(world: World) -> None:
    application_id = world.accepted()
    objecting, other = ROUTE[:2]
    world.consult(application_id, [objecting])
    world.close_round(application_id, "ADVERSE", agencies=[objecting])
    world.consult(application_id, [other])
    world.close_round(application_id, "FAVOURABLE", 2, [other])
    world.propose(application_id)
    assert refusal(lambda: world.countersign(application_id)).reason == "DIRECTOR_MUST_COUNTERSIGN"
    case = world.countersign(application_id, identity.MINISTRY_DIRECTOR)
    assert case.state == messages.APPLICATION_STATE_APPROVED


def test_an_agency_that_changes_its_opinion_takes_its_objection_back(world: World) -> None:
    application_id = world.ready("ADVERSE")
    world.consult(application_id)
    world.close_round(application_id, "FAVOURABLE", 2)
    world.propose(application_id)
    assert world.countersign(application_id).state == messages.APPLICATION_STATE_APPROVED


def test_a_refusal_after_an_objection_needs_no_director(world: World) -> None:
    application_id = world.ready("ADVERSE")
    world.propose(application_id, messages.DECISION_OUTCOME_REFUSE)
    assert world.countersign(application_id).state == messages.APPLICATION_STATE_REFUSED


def test_sent_back_and_proposed_again(world: World) -> None:
    application_id = world.proposed()
    case = world.countersign(application_id, agree=False)
    assert case.state == messages.APPLICATION_STATE_READY_FOR_PROPOSAL
    assert case.decision.countersigned_by == ""
    world.propose(application_id, messages.DECISION_OUTCOME_REFUSE)
    assert world.countersign(application_id).state == messages.APPLICATION_STATE_REFUSED


@pytest.mark.parametrize(
    "factors",
    [tuple(ReviewFactor)[:7], (*tuple(ReviewFactor)[:7], ReviewFactor.DESTINATION)],
    ids=["one left out", "one twice"],
)
def test_all_eight_factors(world: World, factors: tuple[str, ...]) -> None:
    application_id = world.ready()
    error = refusal(lambda: world.propose(application_id, factors=factors))
    assert error.reason == "FACTORS_INCOMPLETE"


def test_unknown_words_in_the_review_sheet(world: World) -> None:
    application_id = world.ready()
    error = refusal(lambda: world.propose(application_id, factors=(*tuple(ReviewFactor)[:7], "MOOD")))
    assert [(fault.field, fault.reason) for fault in error.violations] == [
        ("factors[7].factor", "WORD_UNKNOWN")
    ]


def test_no_proposal_while_the_clock_is_stopped(world: World) -> None:
    application_id = world.ready()
    world.start_exclusion(application_id)
    assert refusal(lambda: world.propose(application_id)).reason == "EXCLUSION_OPEN"
    assert refusal(lambda: world.start_exclusion(application_id)).reason == "EXCLUSION_OPEN"
    world.end_exclusion(application_id)
    assert refusal(lambda: world.end_exclusion(application_id)).reason == "NO_EXCLUSION_OPEN"
    assert world.propose(application_id).state == messages.APPLICATION_STATE_PROPOSED


def _choose(world: World, application_id: str, *choices: messages.AgencyChoice) -> messages.Case:
    return world.reviewer(identity.MINISTRY_OFFICER).StartConsultation(
        messages.StartConsultationRequest(
            request_id=request_id(),
            application_id=application_id,
            etag=world.case(application_id).etag,
            agencies=choices,
        )
    )


def test_departing_from_the_route_needs_a_reason(world: World) -> None:
    application_id = world.accepted()
    error = refusal(
        lambda: _choose(
            world,
            application_id,
            messages.AgencyChoice(agency="SASTIND", consult=False),
            messages.AgencyChoice(agency="MPS", consult=True),
            messages.AgencyChoice(agency="NASA", consult=True, reason="they know rockets"),
        )
    )
    assert [(fault.field, fault.reason) for fault in error.violations] == [
        ("agencies[0].reason", "DEPARTURE_FROM_ROUTE_NEEDS_REASON"),
        ("agencies[1].reason", "DEPARTURE_FROM_ROUTE_NEEDS_REASON"),
        ("agencies[2].agency", "AGENCY_UNKNOWN"),
        ("agencies", "ROUTED_AGENCY_NOT_MENTIONED"),
        ("agencies", "ROUTED_AGENCY_NOT_MENTIONED"),
    ]


def test_a_mandatory_agency_cannot_be_left_out(world: World) -> None:
    application_id = world.submitted().application_id
    world.checks(application_id, control_code="2B201")
    world.forward(application_id)
    case = world.accept(application_id)
    assert [(routed.agency, routed.mandatory) for routed in case.routed_agencies] == [
        ("CAEA", True),
        ("MFA", False),
    ]
    error = refusal(
        lambda: _choose(
            world,
            application_id,
            messages.AgencyChoice(agency="CAEA", consult=False, reason="no need"),
            messages.AgencyChoice(agency="MFA", consult=True),
        )
    )
    assert [(fault.field, fault.reason) for fault in error.violations] == [
        ("agencies[0].consult", "AGENCY_MANDATORY")
    ]


def test_where_no_agency_is_needed_the_ministry_decides_alone(world: World) -> None:
    application_id = world.accepted()
    case = world.consult(application_id, [])
    assert case.state == messages.APPLICATION_STATE_READY_FOR_PROPOSAL
    assert not world.position(application_id).HasField("consultation")
    case = world.consult(application_id, ["SASTIND"])
    assert case.state == messages.APPLICATION_STATE_IN_CONSULTATION
    plan = world.position(application_id).consultation
    assert (plan.round_number, [task.agency for task in plan.agencies]) == (2, ["SASTIND"])


def test_a_round_opens_and_closes_once(world: World) -> None:
    application_id = world.accepted()
    world.consult(application_id, ROUTE)
    first = world.close_round(application_id)
    again = world.close_round(application_id, "ADVERSE")
    assert (again.state, again.sequence) == (first.state, first.sequence)
    assert world.case(application_id).consultations[0].consolidation == "FAVOURABLE"
    error = refusal(lambda: world.close_round(application_id, round_number=2))
    assert error.code is ErrorCode.NOT_FOUND


def test_opening_a_round_makes_no_etag_stale(world: World) -> None:
    application_id = world.accepted()
    etag = world.consult(application_id, ROUTE).etag
    world.procedure.RecordConsultationOpened(
        messages.RecordConsultationOpenedRequest(
            request_id=request_id(),
            application_id=application_id,
            round_number=1,
            round_id=request_id(),
        )
    )
    assert world.case(application_id).etag == etag


def test_countersign_against_withdrawal_has_one_winner(world: World) -> None:
    application_id = world.proposed()
    etag = world.get(application_id).etag
    results = at_the_same_time(
        lambda: world.countersign(application_id, etag=etag),
        lambda: world.withdraw(application_id, etag=etag),
    )
    errors = [result for result in results if isinstance(result, XukeError)]
    assert [error.reason for error in errors] == ["STALE_ETAG"]
    state = world.case(application_id).state
    countersigned = not isinstance(results[0], XukeError)
    assert state == (
        messages.APPLICATION_STATE_APPROVED if countersigned else messages.APPLICATION_STATE_WITHDRAWN
    )


def test_withdrawn_for_good(world: World) -> None:
    application_id = world.proposed()
    application = world.withdraw(application_id)
    assert application.status.state == messages.PUBLIC_STATE_WITHDRAWN
    assert not world.position(application_id).deadlines
    error = refusal(lambda: world.countersign(application_id))
    assert error.reason == "ACTION_NOT_ALLOWED"
    assert world.case(application_id).clock.state == messages.CLOCK_STATE_STOPPED


def test_acceptance_may_be_declined(world: World) -> None:
    application_id = world.at_intake()
    case = world.reviewer(identity.MINISTRY_OFFICER).DeclineAcceptance(
        messages.DeclineAcceptanceRequest(
            request_id=request_id(),
            application_id=application_id,
            etag=world.case(application_id).etag,
            reasons="不属于两用物项。",
        )
    )
    assert case.state == messages.APPLICATION_STATE_NOT_ACCEPTED
    notice = world.get(application_id).notices[-1]
    assert (notice.kind, "不属于两用物项" in notice.text.zh) == ("NON_ACCEPTANCE", True)


def offered(world: World, application_id: str, who: Principal) -> set[str]:
    return set(world.case(application_id, who).allowed_actions)


def test_a_case_offers_what_it_would_not_refuse(world: World) -> None:
    application_id = world.at_province(COMPLETE[:-1])
    assert offered(world, application_id, identity.PROVINCIAL_OFFICER) == {
        "request_supplement",
        "assess_item",
    }
    application_id = world.ready("ADVERSE")
    world.start_exclusion(application_id)
    assert offered(world, application_id, identity.MINISTRY_OFFICER) == {
        "assess_item",
        "start_consultation",
        "end_exclusion",
    }
    world.end_exclusion(application_id)
    case = world.propose(application_id)
    # Four eyes; and an agency objects to what is to be granted.
    assert set(case.allowed_actions) == {"assess_item", "start_exclusion"}
    assert offered(world, application_id, identity.SECOND_OFFICER) == {
        "assess_item",
        "start_exclusion",
        "send_back",
    }
    assert offered(world, application_id, identity.MINISTRY_DIRECTOR) == {"countersign", "send_back"}
    for reader in (identity.PROVINCIAL_OFFICER, identity.AUDITOR):
        assert not offered(world, application_id, reader)


def differences(case: messages.Case) -> list[tuple[str, str, str, str]]:
    kinds = messages.DifferenceKind
    return [
        (kinds.Name(each.kind).removeprefix("DIFFERENCE_KIND_"), each.subject, each.before, each.after)
        for each in case.differences
    ]


def test_what_changed_since_the_proposal_and_from_the_one_before(world: World) -> None:
    application_id = world.ready()
    case = world.propose(application_id)
    assert (differences(case), list(case.earlier_decisions)) == ([], [])
    case = world.countersign(application_id, agree=False)
    assert case.decision.sent_back
    assert (case.decision.comment, differences(case)) == ("the end use is not clear", [])
    world.consult(application_id, [ROUTE[0]])
    world.close_round(application_id, "ADVERSE", 2, [ROUTE[0]])
    assert differences(world.case(application_id)) == [("OPINION", ROUTE[0], "APPROVE", "REFUSE")]
    case = world.propose(application_id, messages.DECISION_OUTCOME_REFUSE)
    assert differences(case) == [("OUTCOME", "", "GRANT", "REFUSE")]
    assert not case.decision.sent_back
    assert [(each.outcome, each.sent_back) for each in case.earlier_decisions] == [
        (messages.DECISION_OUTCOME_GRANT, True)
    ]
