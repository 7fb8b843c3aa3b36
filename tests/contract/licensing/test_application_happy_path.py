"""From a draft to an approval, over gRPC."""

from xuke.licensing.v1 import application_pb2 as messages

from tests.contract.licensing.application_world import ROUTE, World, world
from tests.support import identity
from tests.support.services import request_id

__all__ = ["world"]


def test_from_draft_to_licence(world: World) -> None:
    draft = world.create()
    assert draft.status.state == messages.PUBLIC_STATE_DRAFT
    assert draft.number == ""

    application = world.submitted()
    application_id = application.application_id
    assert application.number.startswith("SQ32-2026-")
    assert application.submission_number == 1
    assert application.status.state == messages.PUBLIC_STATE_BEING_CHECKED
    assert len(application.attachments) == 6

    position = world.checks(application_id)
    assert position.state == messages.APPLICATION_STATE_PROVINCIAL_REVIEW
    assert {deadline.kind for deadline in position.deadlines} == {
        "provincial_review",
        "provincial_supplement_notice",
    }
    application = world.get(application_id)
    assert application.status.phase == messages.PUBLIC_PHASE_PROVINCE
    # 20 working days after Monday 2 March 2026, no holiday between.
    assert application.status.due_date == "2026-03-30"

    case = world.forward(application_id)
    assert case.state == messages.APPLICATION_STATE_MINISTRY_INTAKE
    assert case.provincial_opinion == "材料齐全，拟同意。"
    assert case.clock.state == messages.CLOCK_STATE_NOT_STARTED

    case = world.accept(application_id)
    assert case.state == messages.APPLICATION_STATE_ACCEPTED
    assert (case.clock.state, case.clock.limit_working_days) == (messages.CLOCK_STATE_RUNNING, 45)
    assert case.clock.started_on == "2026-03-02"
    assert case.clock.due_date
    assert [routed.agency for routed in case.routed_agencies] == list(ROUTE)
    assert case.notices[-1].kind == "ACCEPTANCE"

    case = world.consult(application_id)
    assert case.state == messages.APPLICATION_STATE_IN_CONSULTATION
    position = world.position(application_id)
    assert [task.agency for task in position.consultation.agencies] == list(ROUTE)
    assert all(task.HasField("due_at") for task in position.consultation.agencies)

    position = world.close_round(application_id)
    assert position.state == messages.APPLICATION_STATE_READY_FOR_PROPOSAL
    case = world.propose(application_id)
    assert case.state == messages.APPLICATION_STATE_PROPOSED
    case = world.countersign(application_id)
    assert case.state == messages.APPLICATION_STATE_APPROVED
    assert case.clock.state == messages.CLOCK_STATE_STOPPED
    assert case.decision.proposed_by == identity.MINISTRY_OFFICER.subject
    assert case.decision.countersigned_by == identity.SECOND_OFFICER.subject
    assert case.consultations[0].consolidation == "FAVOURABLE"

    sequences = [event.sequence for event in world.position(application_id).events]
    assert sequences == list(range(1, len(sequences) + 1))
    assert [entry.action for entry in case.history][-4:] == [
        "open_consultation",
        "close_consultation",
        "propose",
        "countersign",
    ]

    issued = [
        world.procedure.IssueLicence(
            messages.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
        ).licence_number
        for _ in range(2)
    ]
    assert issued[0]
    assert issued[0] == issued[1]
    application = world.get(application_id)
    assert application.licence_number == issued[0]
    assert application.status.state == messages.PUBLIC_STATE_LICENCE_ISSUED
    subjects = world.procedure.ListOpenSubjects(messages.ListOpenSubjectsRequest()).subjects
    assert [(subject.kind, subject.id) for subject in subjects] == [("licence", issued[0])]


def test_refused_with_reasons_and_remedy(world: World) -> None:
    application_id = world.proposed(messages.DECISION_OUTCOME_REFUSE)
    case = world.countersign(application_id)
    assert case.state == messages.APPLICATION_STATE_REFUSED
    notice = world.get(application_id).notices[-1]
    assert notice.kind == "REFUSAL"
    assert "行政复议" in notice.text.zh
    assert "最终用户和最终用途可信" in notice.text.zh


def test_nothing_internal_reaches_the_applicant(world: World) -> None:
    application_id = world.proposed()
    shown = str(world.get(application_id))
    assert "材料齐全" not in shown
    assert identity.MINISTRY_OFFICER.subject not in shown
    assert "SASTIND" not in shown
    assert world.get(application_id).status.state == messages.PUBLIC_STATE_UNDER_MINISTRY_REVIEW
