"""Experts who are asked about a case: who asks whom, what an expert reads of it, and the opinion."""

import pytest
import sqlalchemy
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.principal import Principal, Role
from services.licensing.store.application_tables import (
    application,
    consultation_round,
    decision,
    expert_request,
    notice,
)
from services.licensing.store.metadata import ledger
from tests.contract.licensing.application_world import World, refusal, world
from tests.contract.licensing.test_desks_and_notes import signed_in
from tests.support import identity
from tests.support.services import call_of, request_id

__all__ = ["world"]

COLLEAGUE = Principal("expert-2", "Lin", Role.EXPERT)
QUESTION, OPINION = "钨粉粒度与用途是否相符？", "粒度与刀片用途相符。"


def ask(world: World, application_id: str, expert: str = "expert-1") -> messages.Case:
    return world.reviewer(identity.MINISTRY_OFFICER).AskExpert(
        messages.AskExpertRequest(
            request_id=request_id(),
            application_id=application_id,
            expert_subject=expert,
            question=QUESTION,
        )
    )


def answer(
    world: World,
    application_id: str,
    expert_request_id: str,
    who: Principal = identity.EXPERT,
    *,
    declares: bool = True,
) -> messages.Case:
    return world.reviewer(who).SubmitExpertOpinion(
        messages.SubmitExpertOpinionRequest(
            request_id=request_id(),
            application_id=application_id,
            expert_request_id=expert_request_id,
            opinion=OPINION,
            declares_no_conflict_of_interest=declares,
        )
    )


def under_review(world: World) -> str:
    """A case in consultation, of which the province and the ministry have said something already."""
    application_id = world.at_intake()
    world.accept(application_id)
    world.consult(application_id)
    return application_id


def test_an_expert_is_asked_and_answers_and_the_case_stays_as_it_is(world: World) -> None:
    signed_in(world, identity.EXPERT, COLLEAGUE, identity.MINISTRY_OFFICER)
    application_id = under_review(world)
    before = world.start_exclusion(application_id)
    listed = world.reviewer(identity.MINISTRY_OFFICER).ListExperts(messages.ListExpertsRequest()).experts
    assert [(one.subject, one.name.en) for one in listed] == [("expert-1", "Chen"), ("expert-2", "Lin")]
    asked = ask(world, application_id)
    (request,) = asked.expert_requests
    assert (request.expert_subject, request.asked_by, request.question, request.answerable) == (
        "expert-1",
        "ministry-1",
        QUESTION,
        True,
    )
    assert request.exclusion_id == before.clock.exclusions[-1].exclusion_id
    assert asked.people["expert-1"].en == "Chen"
    assert answer(world, application_id, request.expert_request_id).expert_requests[0].opinion == OPINION
    after = world.case(application_id)
    assert (after.etag, after.state) == (before.etag, before.state)
    references = {
        "expert_request_id": request.expert_request_id,
        "exclusion_id": request.exclusion_id,
    }
    assert [(entry.action, dict(entry.details)) for entry in after.history[-2:]] == [
        ("ask_expert", references),
        ("submit_expert_opinion", references),
    ]
    (answered,) = after.expert_requests
    assert (answered.opinion, answered.HasField("answered_at"), answered.answerable) == (OPINION, True, False)
    # The act that the officer prepared on the etag seen before still holds.
    assert world.end_exclusion(application_id).clock.exclusions[-1].result == "no concern"


def test_nobody_is_asked_twice_nor_without_need_nor_who_is_no_expert(world: World) -> None:
    signed_in(world, identity.EXPERT, identity.AUDITOR)
    application_id = under_review(world)
    assert refusal(lambda: ask(world, application_id)).reason == "NO_EXPERT_OPINION_UNDER_WAY"
    world.start_exclusion(application_id)
    for stranger in ("expert-2", "auditor-1"):
        error = refusal(lambda who=stranger: ask(world, application_id, who))
        assert [(one.field, one.reason) for one in error.violations] == [("expert_subject", "EXPERT_UNKNOWN")]
    ask(world, application_id)
    error = refusal(lambda: ask(world, application_id))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "EXPERT_ASKED_BEFORE")
    world.end_exclusion(application_id)
    world.start_exclusion(application_id)
    assert [one.answerable for one in ask(world, application_id).expert_requests] == [False, True]


def test_the_opinion_is_the_experts_own_once_and_in_time(world: World) -> None:
    signed_in(world, identity.EXPERT, COLLEAGUE)
    application_id = under_review(world)
    world.start_exclusion(application_id)
    own = ask(world, application_id).expert_requests[0].expert_request_id
    assert refusal(lambda: answer(world, application_id, own, COLLEAGUE)).code is ErrorCode.NOT_FOUND
    other = ask(world, application_id, "expert-2").expert_requests[1].expert_request_id
    # Who is asked about the case too still finds no request of a colleague.
    assert refusal(lambda: answer(world, application_id, own, COLLEAGUE)).code is ErrorCode.NOT_FOUND
    error = refusal(lambda: answer(world, application_id, own, declares=False))
    assert [(one.field, one.reason) for one in error.violations] == [
        ("declares_no_conflict_of_interest", "NO_CONFLICT_NOT_DECLARED")
    ]
    answer(world, application_id, own)
    assert refusal(lambda: answer(world, application_id, own)).reason == "EXPERT_ANSWERED_BEFORE"
    world.end_exclusion(application_id)
    late = refusal(lambda: answer(world, application_id, other, COLLEAGUE))
    assert (late.code, late.reason) == (ErrorCode.FAILED_PRECONDITION, "NO_EXPERT_OPINION_UNDER_WAY")


def test_an_expert_reads_what_the_question_is_about_and_nothing_else(world: World) -> None:
    signed_in(world, identity.EXPERT, COLLEAGUE)
    application_id, unasked = under_review(world), world.at_province()
    world.start_exclusion(application_id)
    expert = world.reviewer(identity.EXPERT)
    wanted = messages.GetCaseRequest(application_id=application_id)
    assert refusal(lambda: expert.GetCase(wanted)).code is ErrorCode.NOT_FOUND
    ask(world, application_id)
    ask(world, application_id, "expert-2")
    whole, case = world.case(application_id), expert.GetCase(wanted)
    assert {stated.name for stated, _ in case.ListFields()} == {
        "application_id",
        "number",
        "dossier",
        "attachments",
        "classifications",
        "history",
        "procedure_version",
        "submitted_at",
        "expert_requests",
    }
    assert (case.dossier, case.attachments) == (whole.dossier, whole.attachments)
    assert [(entry.action, dict(entry.details)) for entry in case.history] == [("pass_checks", {})]
    assert [one.expert_subject for one in case.expert_requests] == ["expert-1"]
    document = messages.DownloadAttachmentRequest(
        application_id=application_id, attachment_id=case.attachments[0].attachment_id
    )
    assert b"".join(part.content for part in expert.DownloadAttachment(document))
    clock = expert.GetClock(messages.GetClockRequest(application_id=application_id))
    assert clock.exclusions[0].note == ""
    states = [messages.APPLICATION_STATE_REFUSED]
    (line,) = expert.ListCases(messages.ListCasesRequest(states=states)).cases
    assert (line.application_id, line.state) == (application_id, messages.APPLICATION_STATE_UNSPECIFIED)
    assert [one.question for one in line.expert_requests] == [QUESTION]
    hidden = refusal(lambda: expert.GetCase(messages.GetCaseRequest(application_id=unasked)))
    assert hidden.code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        (identity.MINISTRY_OFFICER, 2),
        (identity.MINISTRY_DIRECTOR, 2),
        (identity.AUDITOR, 2),
        (identity.EXPERT, 1),
        (COLLEAGUE, 1),
        (Principal("expert-3", "Xu", Role.EXPERT), 0),
        (identity.PROVINCIAL_OFFICER, 0),
        (identity.AGENCY_REVIEWER, 0),
        (identity.EXPORTER, 0),
        (identity.PROCEDURE, 0),
    ],
    ids=lambda value: value.subject if isinstance(value, Principal) else "",
)
def test_row_level_security_says_the_same(world: World, who: Principal, reads: int) -> None:
    signed_in(world, identity.EXPERT, COLLEAGUE)
    application_id = under_review(world)
    world.at_province()
    world.start_exclusion(application_id)
    ask(world, application_id)
    ask(world, application_id, "expert-2")
    database = Database(world.database.url, ledger)
    with database.begin(call_of(who)) as work:
        rows = work.connection.execute(sqlalchemy.select(expert_request.c.expert_request_id)).all()
        assert len(rows) == reads
        if who.role is Role.EXPERT:
            cases = work.connection.execute(sqlalchemy.select(application.c.application_id)).scalars()
            assert [str(one) for one in cases] == [application_id] * reads
            for table in (notice, consultation_round, decision):
                assert work.connection.execute(sqlalchemy.select(table.c.application_id)).all() == []
    database.dispose()


def test_an_expert_changes_neither_the_case_nor_what_others_said(world: World) -> None:
    signed_in(world, identity.EXPERT, COLLEAGUE)
    application_id = under_review(world)
    world.start_exclusion(application_id)
    own = ask(world, application_id).expert_requests[0].expert_request_id
    ask(world, application_id, "expert-2")
    answer(world, application_id, own)
    database = Database(world.database.url, ledger)
    for statement, refused in (
        ("UPDATE application SET state = 'APPROVED'", "row-level security"),
        ("UPDATE expert_request SET question = ''", "permission denied"),
        ("DELETE FROM expert_request", "permission denied"),
    ):
        with (
            pytest.raises(sqlalchemy.exc.ProgrammingError, match=refused),
            database.begin(call_of(identity.EXPERT)) as work,
        ):
            work.connection.execute(sqlalchemy.text(statement))
    with database.begin(call_of(identity.EXPERT)) as work:
        # Neither that of a colleague nor the own once it is given.
        changed = work.connection.execute(sqlalchemy.text("UPDATE expert_request SET opinion = 'x'"))
        assert changed.rowcount == 0
    database.dispose()
