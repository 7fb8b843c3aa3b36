"""The supplement (补正): told once, completely, and answered with a new frozen dossier."""

from datetime import timedelta

from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.errors import ErrorCode
from tests.contract.licensing.application_world import COMPLETE, World, refusal, world
from tests.support import identity
from tests.support.services import request_id

__all__ = ["world"]

MISSING = (dossiers.ATTACHMENT_KIND_TECHNICAL_DESCRIPTION, dossiers.ATTACHMENT_KIND_MANAGER_IDENTITY)
INCOMPLETE = tuple(kind for kind in COMPLETE if kind not in MISSING)
BY_OFFICER = messages.Deficiency(
    code="PARAMETERS_UNCLEAR",
    field="dossier.items[0].parameters",
    text=foundation.LocalizedText(zh="请写明纯度。", en="State the purity."),
)


def test_told_once_and_completely(world: World) -> None:
    application_id = world.at_province(INCOMPLETE)
    refused = refusal(lambda: world.forward(application_id))
    assert (refused.code, refused.reason) == (ErrorCode.FAILED_PRECONDITION, "DEFICIENCIES_OPEN")

    case = world.request_supplement(application_id, identity.PROVINCIAL_OFFICER, BY_OFFICER)
    assert case.state == messages.APPLICATION_STATE_SUPPLEMENT_REQUESTED
    asked = world.get(application_id).status.asked_of_you
    assert [deficiency.field for deficiency in asked] == [
        "attachments.TECHNICAL_DESCRIPTION",
        "attachments.MANAGER_IDENTITY",
        "dossier.items[0].parameters",
    ]
    assert asked[0].source.instrument == "两用物项出口管制条例"
    assert world.get(application_id).notices[-1].sources[0].article == "Art. 32(4)"

    for kind in MISSING:
        world.upload(application_id, kind)
    # Reviewers still see what was submitted.
    assert len(world.case(application_id).attachments) == len(INCOMPLETE)
    application = world.supplement(application_id)
    assert application.submission_number == 2
    position = world.checks(application_id, submission_number=2)
    assert position.state == messages.APPLICATION_STATE_PROVINCIAL_REVIEW
    case = world.case(application_id)
    assert len(case.attachments) == len(COMPLETE)
    assert not case.computed_deficiencies

    refused = refusal(
        lambda: world.request_supplement(application_id, identity.PROVINCIAL_OFFICER, BY_OFFICER)
    )
    assert (refused.code, refused.reason) == (
        ErrorCode.FAILED_PRECONDITION,
        "SUPPLEMENT_ALREADY_REQUESTED",
    )
    assert world.forward(application_id).state == messages.APPLICATION_STATE_MINISTRY_INTAKE


def test_the_ministry_asks_once_too_and_gets_it_back(world: World) -> None:
    application_id = world.at_intake()
    world.request_supplement(application_id, identity.MINISTRY_OFFICER, BY_OFFICER)
    assert world.get(application_id).status.phase == messages.PUBLIC_PHASE_MINISTRY
    world.supplement(application_id)
    position = world.checks(application_id, submission_number=2)
    assert position.state == messages.APPLICATION_STATE_MINISTRY_INTAKE
    refused = refusal(lambda: world.request_supplement(application_id, identity.MINISTRY_OFFICER, BY_OFFICER))
    assert refused.reason == "SUPPLEMENT_ALREADY_REQUESTED"


def test_nothing_missing_is_no_reason_to_return(world: World) -> None:
    application_id = world.at_province()
    error = refusal(lambda: world.request_supplement(application_id, identity.PROVINCIAL_OFFICER))
    assert [(fault.field, fault.reason) for fault in error.violations] == [
        ("deficiencies", "DEFICIENCY_NEEDED")
    ]


def test_wrong_stage_for_the_role(world: World) -> None:
    application_id = world.at_province(INCOMPLETE)
    error = refusal(lambda: world.request_supplement(application_id, identity.MINISTRY_OFFICER))
    assert (error.reason, error.metadata["allowed"]) == ("ACTION_NOT_ALLOWED", "")


def test_time_of_the_province_and_of_the_applicant_are_apart(world: World) -> None:
    application_id = world.at_province(INCOMPLETE)
    world.clock.advance(timedelta(days=2))
    world.request_supplement(application_id, identity.PROVINCIAL_OFFICER)
    world.clock.advance(timedelta(days=7))
    for kind in MISSING:
        world.upload(application_id, kind)
    world.supplement(application_id)
    world.checks(application_id, submission_number=2)
    world.clock.advance(timedelta(days=1))
    clock = world.reviewer(identity.PROVINCIAL_OFFICER).GetClock(
        messages.GetClockRequest(application_id=application_id)
    )
    held = {time.holder: (time.working_days, time.seconds / 86400) for time in clock.holder_times}
    # Monday to Wednesday, Wednesday to Wednesday, Wednesday to Thursday.
    assert held["PROVINCE"] == (3, 3.0)
    assert held["APPLICANT"] == (5, 7.0)


def test_a_watch_listed_party_demands_more_and_stops_the_limit(world: World) -> None:
    application_id = world.submitted().application_id
    world.checks(application_id, messages.SCREENING_VERDICT_RESTRICTED)
    case = world.case(application_id)
    assert [found.field for found in case.computed_deficiencies] == [
        "attachments.RISK_ASSESSMENT_REPORT",
        "attachments.WATCH_LIST_UNDERTAKING",
    ]
    assert case.computed_deficiencies[0].source.article == "Art. 26(2)"
    world.request_supplement(application_id, identity.PROVINCIAL_OFFICER)
    for kind in (
        dossiers.ATTACHMENT_KIND_RISK_ASSESSMENT_REPORT,
        dossiers.ATTACHMENT_KIND_WATCH_LIST_UNDERTAKING,
    ):
        world.upload(application_id, kind)
    world.supplement(application_id)
    world.checks(application_id, messages.SCREENING_VERDICT_RESTRICTED, submission_number=2)
    world.forward(application_id)
    clock = world.accept(application_id).clock
    assert clock.no_statutory_limit
    assert clock.due_date == ""
    assert "26(2)" in clock.due_date_explanation.en
    assert not world.position(application_id).deadlines


def test_refused_at_the_gate_and_kept(world: World) -> None:
    application_id = world.submitted().application_id
    position = world.checks(application_id, messages.SCREENING_VERDICT_PROHIBITED)
    assert position.state == messages.APPLICATION_STATE_GATE_REFUSED
    application = world.get(application_id)
    assert application.status.state == messages.PUBLIC_STATE_CANNOT_PROCEED
    notice = application.notices[-1]
    assert notice.kind == "GATE_REFUSAL"
    # The notice and the status say the same words; 不予许可 is a decision on the merits.
    assert "不予办理" in notice.text.zh
    assert "cannot proceed" in notice.text.en
    assert [source.instrument for source in notice.sources] == ["商务部公告2025年第1号"]
    assert "管控名单" in notice.text.zh
    assert len(world.case(application_id, identity.PROVINCIAL_OFFICER).attachments) == len(COMPLETE)


def test_checks_are_recorded_once_per_submission(world: World) -> None:
    application_id = world.submitted().application_id
    first = world.checks(application_id)
    again = world.checks(application_id, messages.SCREENING_VERDICT_PROHIBITED)
    assert (again.state, again.sequence) == (first.state, first.sequence)
    error = refusal(lambda: world.checks(application_id, submission_number=2))
    assert error.reason == "SUBMISSION_SUPERSEDED"


def test_an_item_without_classification_does_not_pass(world: World) -> None:
    application_id = world.submitted().application_id
    request = messages.RecordAutomaticChecksRequest(
        request_id=request_id(),
        application_id=application_id,
        submission_number=1,
        screening=messages.ScreeningSummary(
            screening_id=request_id(), verdict=messages.SCREENING_VERDICT_CLEAR
        ),
    )
    error = refusal(lambda: world.procedure.RecordAutomaticChecks(request))
    assert [(fault.field, fault.reason) for fault in error.violations] == [
        ("classifications", "CLASSIFICATION_MISSING")
    ]
    assert world.position(application_id).state == messages.APPLICATION_STATE_SUBMITTED
