"""Later screenings as the procedure records them: once, in whatever order, with their effect on limits and acts."""

import uuid
from datetime import UTC, timedelta

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1.application_pb2_grpc import ProcedureServiceStub

from services.foundation.database import Database
from services.foundation.errors import XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.licensing import licence_service
from services.licensing.domain.licence_state import LicenceState, SuspensionReason
from services.licensing.store.metadata import ledger
from tests.contract.licensing.application_world import World, world
from tests.support import identity
from tests.support.services import call_of, request_id

__all__ = ["world"]

CLEAR, REVIEW = messages.SCREENING_VERDICT_CLEAR, messages.SCREENING_VERDICT_REVIEW
RESTRICTED, PROHIBITED = messages.SCREENING_VERDICT_RESTRICTED, messages.SCREENING_VERDICT_PROHIBITED


def rescreened(
    world: World,
    verdict: int,
    *,
    open_hits: int = 0,
    after: timedelta = timedelta(0),
    cause_version: str = "LIST 2",
) -> messages.Rescreening:
    """A later screening, made a time after the clock of the test."""
    screened_at = Timestamp()
    screened_at.FromDatetime(world.clock.now() + after)
    word = messages.ScreeningVerdict.ValueType(verdict)
    finding = messages.ScreeningFinding(
        finding_id="control_list/1",
        verdict=word,
        explanation=foundation.LocalizedText(zh="列入名单", en="on a list"),
        source=foundation.LegalSource(instrument="商务部公告2026年第1号"),
        hit_id=str(uuid.uuid4()),
        hit_state="UNDECIDED" if open_hits else "CONFIRMED",
    )
    return messages.Rescreening(
        screening=messages.ScreeningSummary(
            screening_id=str(uuid.uuid4()),
            verdict=word,
            findings=[] if verdict == CLEAR else [finding],
            open_hits=open_hits,
        ),
        cause="LIST_CHANGED",
        cause_version=cause_version,
        screened_at=screened_at,
    )


def record(
    world: World, application_id: str, rescreening: messages.Rescreening, submission_number: int = 1
) -> bool:
    return world.procedure.RecordRescreening(
        messages.RecordRescreeningRequest(
            request_id=request_id(),
            application_id=application_id,
            submission_number=submission_number,
            rescreening=rescreening,
        )
    ).still_concerned


def refusal(error: pytest.ExceptionInfo[grpc.RpcError]) -> XukeError:
    return from_rpc_error(error.value)


def open_deadlines(world: World, application_id: str) -> set[str]:
    return {each.kind for each in world.position(application_id).deadlines}


def test_the_newest_screening_counts_and_is_recorded_once(world: World) -> None:
    application_id = world.ready()
    before = world.case(application_id)
    later = rescreened(world, REVIEW, open_hits=1)
    assert record(world, application_id, later)
    assert record(world, application_id, later)

    case = world.case(application_id)
    assert case.screening == later.screening
    (kept,) = case.rescreenings
    assert (kept.cause, kept.cause_version) == ("LIST_CHANGED", "LIST 2")
    assert kept.HasField("recorded_at")
    events = [entry for entry in case.history if entry.action == "rescreen"]
    assert [(event.details["cause_version"], event.details["verdict"]) for event in events] == [
        ("LIST 2", "REVIEW")
    ]
    # Whoever was about to decide reads it anew.
    assert case.etag != before.etag


def test_one_that_comes_late_does_not_count_over_one_screened_after_it(world: World) -> None:
    application_id = world.ready()
    newer = rescreened(world, CLEAR, after=timedelta(minutes=2), cause_version="LIST 3")
    older = rescreened(world, PROHIBITED, open_hits=1, after=timedelta(minutes=1))
    record(world, application_id, newer)
    record(world, application_id, older)
    case = world.case(application_id)
    assert case.screening == newer.screening
    assert [each.cause_version for each in case.rescreenings] == ["LIST 3", "LIST 2"]


def test_while_the_checks_are_not_recorded_it_is_to_be_told_again(world: World) -> None:
    application_id = world.submitted().application_id
    later = rescreened(world, REVIEW)
    with pytest.raises(grpc.RpcError) as refused:
        record(world, application_id, later)
    assert refusal(refused).reason == "CHECKS_OUTSTANDING"
    world.checks(application_id)
    assert record(world, application_id, later)
    assert world.case(application_id).screening == later.screening


def test_one_on_an_earlier_submission_changes_nothing(world: World) -> None:
    application_id = world.at_province()
    assert record(world, application_id, rescreened(world, PROHIBITED), submission_number=2)
    case = world.case(application_id)
    assert case.screening.verdict == CLEAR
    assert not case.rescreenings


@pytest.mark.parametrize(
    ("verdict", "open_hits", "reason"),
    [(REVIEW, 1, "SCREENING_HITS_OPEN"), (PROHIBITED, 0, "SCREENING_PROHIBITS")],
)
def test_nothing_is_granted_against_it_and_a_refusal_stays_possible(
    world: World, verdict: int, open_hits: int, reason: str
) -> None:
    application_id = world.ready()
    record(world, application_id, rescreened(world, verdict, open_hits=open_hits))
    with pytest.raises(grpc.RpcError) as refused:
        world.propose(application_id)
    assert refusal(refused).reason == reason
    world.propose(application_id, messages.DECISION_OUTCOME_REFUSE)
    case = world.countersign(application_id)
    assert case.state == messages.APPLICATION_STATE_REFUSED
    # It has ended: nobody needs to look again.
    assert not record(world, application_id, rescreened(world, CLEAR))


def test_a_proposal_that_rested_on_another_screening_is_not_signed_and_shows_the_difference(
    world: World,
) -> None:
    application_id = world.ready()
    world.propose(application_id)
    record(world, application_id, rescreened(world, PROHIBITED, open_hits=1))
    case = world.case(application_id, identity.SECOND_OFFICER)
    assert "countersign" not in case.allowed_actions
    assert "send_back" in case.allowed_actions
    assert any(
        (each.before, each.after) == ("CLEAR", "PROHIBITED")
        for each in case.differences
        if each.subject == "VERDICT"
    )
    with pytest.raises(grpc.RpcError) as refused:
        world.countersign(application_id)
    assert refusal(refused).reason == "SCREENING_HITS_OPEN"


def test_an_approved_application_gets_its_licence_once_nothing_holds_it_back(world: World) -> None:
    application_id = world.ready()
    world.propose(application_id)
    world.countersign(application_id)
    record(world, application_id, rescreened(world, REVIEW, open_hits=1))
    assert world.position(application_id).issue_held_because == "SCREENING_HITS_OPEN"
    issuing = messages.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
    with pytest.raises(grpc.RpcError) as refused:
        world.procedure.IssueLicence(issuing)
    assert refusal(refused).reason == "SCREENING_HITS_OPEN"

    record(world, application_id, rescreened(world, CLEAR, after=timedelta(seconds=1)))
    assert world.position(application_id).issue_held_because == ""
    issuing.request_id = request_id()
    assert world.procedure.IssueLicence(issuing).licence_number


def test_a_grant_that_the_screening_holds_back_is_taken_back_by_a_second_person_and_decided_anew(
    world: World,
) -> None:
    """Without a way back an approved case whose hit is confirmed would stay approved for ever."""
    application_id = world.ready()
    limit = world.case(application_id).clock.due_date
    world.propose(application_id)
    world.countersign(application_id)
    assert "send_back" not in world.case(application_id, identity.SECOND_OFFICER).allowed_actions
    with pytest.raises(grpc.RpcError) as not_held:
        world.countersign(application_id, agree=False)
    assert refusal(not_held).reason == "ISSUE_NOT_HELD"

    record(world, application_id, rescreened(world, PROHIBITED))
    with pytest.raises(grpc.RpcError) as alone:
        world.countersign(application_id, identity.MINISTRY_OFFICER, agree=False)
    assert refusal(alone).reason == "FOUR_EYES"
    world.clock.advance(timedelta(days=1))
    case = world.countersign(application_id, identity.MINISTRY_DIRECTOR, agree=False)
    assert case.state == messages.APPLICATION_STATE_READY_FOR_PROPOSAL
    taken = case.decision
    assert (taken.countersigned_by, taken.sent_back) == (identity.SECOND_OFFICER.subject, False)
    assert taken.taken_back_by == identity.MINISTRY_DIRECTOR.subject
    assert taken.taken_back_at.ToDatetime(UTC) == world.clock.now()
    assert taken.taken_back_because == "the end use is not clear"
    # The limit has run since the acceptance, and is in force again; nothing is to be delivered.
    assert (case.clock.due_date, case.clock.state) == (limit, messages.CLOCK_STATE_RUNNING)
    assert open_deadlines(world, application_id) == {"ministry_review"}
    assert case.notices[-1].kind == "GRANT_TAKEN_BACK"
    assert [source.instrument for source in case.notices[-1].sources] == ["行政许可法"]
    event = case.history[-1]
    assert (event.action, event.details["taken_back"]) == ("send_back", "APPROVED")
    assert world.get(application_id).status.state == messages.PUBLIC_STATE_UNDER_MINISTRY_REVIEW
    assert world.position(application_id).issue_held_because == ""

    world.propose(application_id, messages.DECISION_OUTCOME_REFUSE)
    case = world.countersign(application_id)
    assert case.state == messages.APPLICATION_STATE_REFUSED
    assert [each.taken_back_by for each in case.earlier_decisions] == [identity.MINISTRY_DIRECTOR.subject]


@pytest.mark.parametrize("stopped_before", [False, True])
def test_a_licence_is_not_resumed_while_its_hits_are_open(world: World, stopped_before: bool) -> None:
    """One person who reopens a confirmed hit must not be the one who brings the licence back as well.

    Nor where the licence was stopped for another reason before, which then stays its reason.
    """
    application_id = world.ready()
    world.propose(application_id)
    world.countersign(application_id)
    issuing = messages.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
    number = world.procedure.IssueLicence(issuing).licence_number
    database = Database(world.database.url, ledger)

    def resume() -> str:
        with database.begin(call_of(identity.MINISTRY_DIRECTOR, world.clock.now())) as work:
            etag = str(licence_service.get_licence(work, number).row.version)
            return str(licence_service.resume_licence(work, number, etag, "同名企业").row.state)

    try:
        if stopped_before:
            with database.begin(call_of(identity.MINISTRY_DIRECTOR, world.clock.now())) as work:
                etag = str(licence_service.get_licence(work, number).row.version)
                licence_service.suspend_licence(work, number, etag, SuspensionReason.OTHER, "核查")
        record(world, application_id, rescreened(world, PROHIBITED))
        record(world, application_id, rescreened(world, REVIEW, open_hits=1, after=timedelta(seconds=1)))
        with pytest.raises(XukeError) as refused:
            resume()
        assert refused.value.reason == "SCREENING_HITS_OPEN"
        record(world, application_id, rescreened(world, CLEAR, after=timedelta(seconds=2)))
        assert resume() == LicenceState.ISSUED
    finally:
        database.dispose()


def test_a_party_on_the_watch_list_ends_the_limit_and_its_release_lets_it_run_from_the_acceptance(
    world: World,
) -> None:
    """两用物项出口管制条例 Art. 26(2): no limit binds the review while a party is on the watch list."""
    application_id = world.accepted()
    limits = open_deadlines(world, application_id)
    due = world.case(application_id).clock.due_date
    record(world, application_id, rescreened(world, RESTRICTED, open_hits=1))
    assert "ministry_review" not in open_deadlines(world, application_id)
    assert world.case(application_id).clock.no_statutory_limit

    world.clock.advance(timedelta(days=3))
    record(world, application_id, rescreened(world, CLEAR))
    assert open_deadlines(world, application_id) == limits
    clock = world.case(application_id).clock
    assert not clock.no_statutory_limit
    assert clock.due_date == due


def test_the_procedure_alone_records_it(world: World) -> None:
    application_id = world.ready()
    with pytest.raises(grpc.RpcError) as refused:
        ProcedureServiceStub(world.service.channel(identity.MINISTRY_OFFICER)).RecordRescreening(
            messages.RecordRescreeningRequest(
                request_id=request_id(),
                application_id=application_id,
                submission_number=1,
                rescreening=rescreened(world, CLEAR),
            )
        )
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
