"""Opinions, conditions and waivers over the wire."""

import uuid

import pytest
from xuke.consultation.v1 import consultation_pb2 as messages

from services.foundation.errors import ErrorCode
from tests.contract.consultation.conftest import Platform, new_task, opinion
from tests.contract.consultation.refusals import refusal
from tests.support.identity import AGENCY_REVIEWER, MINISTRY_DIRECTOR, MINISTRY_OFFICER, OTHER_AGENCY
from tests.support.services import request_id


def _amend(condition: messages.Condition, **fields: object) -> messages.AmendConditionRequest:
    return messages.AmendConditionRequest(
        **{
            "request_id": request_id(),
            "condition_id": condition.condition_id,
            "etag": condition.etag,
            "reason": "new facts",
            **fields,
        }
    )


def _waive(task: messages.Task, **fields: object) -> messages.WaiveTaskRequest:
    return messages.WaiveTaskRequest(
        **{
            "request_id": request_id(),
            "task_id": task.task_id,
            "etag": task.etag,
            "reason": "the agency confirmed by telephone that it has no part",
            **fields,
        }
    )


def test_an_opinion_is_recorded_with_all_it_says(platform: Platform) -> None:
    task = platform.open_round(new_task()).tasks[0]
    answered = platform.answer(
        task,
        opinion(messages.OPINION_APPROVE_WITH_CONDITIONS, "Report quarterly", "No transfer", etag=task.etag),
    )
    assert answered.state == messages.TASK_STATE_ANSWERED
    assert answered.opinion == messages.OPINION_APPROVE_WITH_CONDITIONS
    assert answered.answered_by == AGENCY_REVIEWER.subject
    assert answered.answered_at.ToDatetime() == platform.clock.now().replace(tzinfo=None)
    assert [factor.factor for factor in answered.factors] == list(range(1, 9))
    assert [(each.agency, each.text_en, each.lifted) for each in answered.conditions] == [
        ("SASTIND", "Report quarterly", False),
        ("SASTIND", "No transfer", False),
    ]
    assert answered.etag != task.etag
    assert (
        platform.people(MINISTRY_OFFICER).GetTask(messages.GetTaskRequest(task_id=task.task_id)) == answered
    )


def test_a_repeated_request_gets_the_first_answer(platform: Platform) -> None:
    round_ = platform.open_round(new_task())
    request = opinion()
    first = platform.answer(round_.tasks[0], request)
    assert platform.answer(round_.tasks[0], request) == first
    assert [action for _, action, _ in platform.events(round_)] == ["ROUND_OPENED", "OPINION_SUBMITTED"]


def test_a_request_id_is_not_used_for_another_opinion(platform: Platform) -> None:
    task = platform.open_round(new_task()).tasks[0]
    request = opinion()
    platform.answer(task, request)
    request.reasons = "examined again"
    error = refusal(lambda: platform.answer(task, request))
    assert (error.code, error.reason) == (ErrorCode.ABORTED, "REQUEST_ID_REUSED")


def test_incomplete_opinions_name_every_field(platform: Platform) -> None:
    task = platform.open_round(new_task()).tasks[0]
    request = opinion(messages.OPINION_REFUSE, "Report quarterly")
    del request.factors[3:]
    error = refusal(lambda: platform.answer(task, request))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert {(each.field, each.reason) for each in error.violations} == {
        ("factors", "FACTORS_MISSING"),
        ("conditions", "CONDITIONS_NOT_ALLOWED"),
    }


def test_an_agency_that_is_not_competent_assesses_nothing(platform: Platform) -> None:
    task = platform.open_round(new_task()).tasks[0]
    request = opinion(messages.OPINION_NOT_COMPETENT)
    del request.factors[:]
    assert platform.answer(task, request).opinion == messages.OPINION_NOT_COMPETENT


def test_a_later_opinion_replaces_the_earlier_and_lifts_its_conditions(platform: Platform) -> None:
    round_ = platform.open_round(new_task())
    task = platform.answer(
        round_.tasks[0], opinion(messages.OPINION_APPROVE_WITH_CONDITIONS, "Report quarterly")
    )
    without = refusal(lambda: platform.answer(task, opinion(messages.OPINION_REFUSE)))
    assert [(each.field, each.reason) for each in without.violations] == [("etag", "ETAG_MISSING")]
    replaced = platform.answer(task, opinion(messages.OPINION_REFUSE, etag=task.etag))
    assert replaced.opinion == messages.OPINION_REFUSE
    assert [each.lifted for each in replaced.conditions] == [True]
    assert [action for _, action, _ in platform.events(round_)][-1] == "OPINION_REPLACED"


def test_a_stale_etag_is_refused(platform: Platform) -> None:
    task = platform.open_round(new_task()).tasks[0]
    platform.answer(task, opinion(etag=task.etag))
    error = refusal(lambda: platform.answer(task, opinion(messages.OPINION_REFUSE, etag=task.etag)))
    assert (error.code, error.reason) == (ErrorCode.ABORTED, "STALE_ETAG")


def test_only_the_owner_amends_and_lifts_a_condition(platform: Platform) -> None:
    round_ = platform.open_round(new_task("SASTIND"), new_task("CMC-EDD"))
    task = platform.answer(
        round_.tasks[0], opinion(messages.OPINION_APPROVE_WITH_CONDITIONS, "Report quarterly")
    )
    condition = task.conditions[0]
    error = refusal(lambda: platform.people(OTHER_AGENCY).AmendCondition(_amend(condition, lift=True)))
    assert (error.code, error.reason) == (ErrorCode.PERMISSION_DENIED, "CONDITION_OF_ANOTHER_AGENCY")
    assert error.metadata["agency"] == "SASTIND"
    owner = platform.people(AGENCY_REVIEWER)
    amended = owner.AmendCondition(_amend(condition, text_en="Report monthly"))
    assert (amended.text_en, amended.text_zh) == ("Report monthly", condition.text_zh)
    stale = refusal(lambda: owner.AmendCondition(_amend(condition, lift=True)))
    assert stale.reason == "STALE_ETAG"
    assert owner.AmendCondition(_amend(amended, lift=True)).lifted
    again = refusal(lambda: owner.AmendCondition(_amend(amended, lift=True)))
    assert again.reason == "CONDITION_ALREADY_LIFTED"
    assert [action for _, action, _ in platform.events(round_)][-2:] == [
        "CONDITION_AMENDED",
        "CONDITION_LIFTED",
    ]


def test_an_unknown_condition_is_not_found(platform: Platform) -> None:
    nothing = messages.Condition(condition_id=str(uuid.uuid4()), etag="1")
    error = refusal(lambda: platform.people(AGENCY_REVIEWER).AmendCondition(_amend(nothing, lift=True)))
    assert error.code is ErrorCode.NOT_FOUND


def test_the_director_waives_what_is_missing_and_says_why(platform: Platform) -> None:
    task = platform.open_round(new_task()).tasks[0]
    waived = platform.people(MINISTRY_DIRECTOR).WaiveTask(_waive(task))
    assert waived.state == messages.TASK_STATE_WAIVED
    assert (waived.waived_by, waived.waiver_reason) == (
        MINISTRY_DIRECTOR.subject,
        "the agency confirmed by telephone that it has no part",
    )
    late = refusal(lambda: platform.answer(task, opinion()))
    assert (late.reason, late.metadata["state"]) == ("TASK_STATE_FORBIDS_ACTION", "WAIVED")


@pytest.mark.parametrize(
    ("fields", "reason"), [({"reason": "  "}, "TEXT_BLANK"), ({"reason": ""}, "string.min_len")]
)
def test_a_waiver_needs_a_reason(platform: Platform, fields: dict[str, object], reason: str) -> None:
    task = platform.open_round(new_task()).tasks[0]
    error = refusal(lambda: platform.people(MINISTRY_DIRECTOR).WaiveTask(_waive(task, **fields)))
    assert [(each.field, each.reason) for each in error.violations] == [("reason", reason)]


def test_a_refusal_cannot_be_waived(platform: Platform) -> None:
    task = platform.answer(platform.open_round(new_task()).tasks[0], opinion(messages.OPINION_REFUSE))
    error = refusal(lambda: platform.people(MINISTRY_DIRECTOR).WaiveTask(_waive(task)))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "OPINION_CANNOT_BE_WAIVED")
