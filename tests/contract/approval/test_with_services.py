"""The procedure against the real services: what it records with them, and what Temporal gets to know."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from temporalio.client import Client
from xuke.consultation.v1 import consultation_pb2 as consultation
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1.licence_pb2 import GetLicencePositionRequest
from xuke.licensing.v1.licence_pb2_grpc import LicenceProcedureServiceStub

from services.approval.activities.housekeeping import open_subjects
from tests.conftest import ServiceDatabase
from tests.contract.approval.whole_platform import Platform, whole_platform
from tests.contract.licensing.application_world import ROUTE, dossier
from tests.support import identity

Databases = Callable[[str], ServiceDatabase]
PATIENCE_SECONDS = 30


async def until(condition: Callable[[], bool]) -> None:
    """Waits for the procedure, which runs on this loop."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def reaches(platform: Platform, application_id: str, state: int) -> None:
    """Waits until the case is in a state."""
    await until(lambda: platform.world.case(application_id).state == state)


async def history_text(client: Client, workflow_id: str) -> str:
    """Everything that Temporal keeps of a workflow, with its payloads in clear."""
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    payloads = [
        payload.data.decode()
        for event in history.events
        for _, part in event.ListFields()
        if hasattr(part, "ListFields")
        for payload in _payloads(part)
    ]
    return history.to_json() + "\n".join(payloads)


def _payloads(message):
    """Every payload within a message."""
    if message.DESCRIPTOR.full_name == "temporal.api.common.v1.Payload":
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            parts = [part for part in value.values() if hasattr(part, "ListFields")]
        else:
            parts = list(value) if field.is_repeated else [value]
        for part in parts:
            yield from _payloads(part)


async def test_an_application_travels_to_its_licence_and_its_history_tells_no_secrets(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path) as platform:
        world = platform.world
        application_id = world.submitted().application_id
        await reaches(platform, application_id, licensing.APPLICATION_STATE_PROVINCIAL_REVIEW)
        case = world.case(application_id)
        assert case.classifications[0].outcome
        assert "1C117.d.1" in case.classifications[0].control_codes
        assert case.classifications[0].reasons
        assert case.classifications[0].list_versions
        assert case.screening.verdict == licensing.SCREENING_VERDICT_CLEAR
        assert case.screening.versions

        world.forward(application_id)
        world.accept(application_id)
        world.consult(application_id)
        await until(lambda: all(platform.tasks(agency) for agency in ROUTE))
        for agency in ROUTE:
            platform.answer(agency)
        await reaches(platform, application_id, licensing.APPLICATION_STATE_READY_FOR_PROPOSAL)
        summary = world.case(application_id).consultations[0]
        assert summary.consolidation == "FAVOURABLE_WITH_CONDITIONS"
        assert {(each.agency, each.task_state, each.opinion) for each in summary.opinions} == {
            (agency, "ANSWERED", "APPROVE_WITH_CONDITIONS") for agency in ROUTE
        }

        world.propose(application_id)
        world.countersign(application_id)
        await reaches(platform, application_id, licensing.APPLICATION_STATE_LICENSED)
        number = world.case(application_id).licence_number
        licences = LicenceProcedureServiceStub(world.service.channel(identity.PROCEDURE))
        await until(
            lambda: licences.GetLicencePosition(GetLicencePositionRequest(number=number)).document_prepared
        )
        workflow = client.get_workflow_handle(f"application/{application_id}")
        assert await workflow.result(rpc_timeout=timedelta(seconds=20)) == "LICENSED"

        told = await history_text(client, f"application/{application_id}")
        told += await history_text(client, f"licence/{number}")
        assert application_id in told
        assert '"state":"IN_CONSULTATION"' in told
        for secret in ("某钨业", "Jiangsu", "Hangang", "Daegu", "carbide", "12000.5", "examined", "arrival"):
            assert secret not in told


async def test_a_party_on_the_control_list_ends_at_the_gate(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    content = dossier()
    content.destination = "US"
    for party in content.parties:
        party.name_en, party.country = "General Dynamics Corporation", "US"
    async with whole_platform(service_database, client, tmp_path) as platform:
        application_id = platform.world.submitted(content=content).application_id
        await reaches(platform, application_id, licensing.APPLICATION_STATE_GATE_REFUSED)
        case = platform.world.case(application_id)
        assert case.screening.verdict == licensing.SCREENING_VERDICT_PROHIBITED
        assert any(finding.source.instrument for finding in case.screening.findings)


async def test_while_screening_is_down_the_application_waits_and_people_can_withdraw_it(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path, screening_runs=False) as platform:
        world = platform.world
        waiting, withdrawn = (world.submitted().application_id for _ in range(2))
        with capture_logs() as log:
            await until(lambda: sum(entry["event"] == "step_failed" for entry in log) >= 3)
        case = world.case(waiting)
        assert case.state == licensing.APPLICATION_STATE_SUBMITTED
        assert case.waiting_reason == "SCREENING_UNREACHABLE"
        world.withdraw(withdrawn)
        # Its end does not wait for what its checks waited for.
        ended = client.get_workflow_handle(f"application/{withdrawn}")
        assert await ended.result(rpc_timeout=timedelta(seconds=30)) == "WITHDRAWN"
        platform.screening.start()
        await reaches(platform, waiting, licensing.APPLICATION_STATE_PROVINCIAL_REVIEW)
        assert world.case(waiting).waiting_reason == ""


async def test_while_the_lists_are_stale_the_application_waits_and_says_so(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path, stale_lists=True) as platform:
        world = platform.world
        application_id = world.submitted().application_id
        await until(lambda: world.case(application_id).waiting_reason == "SCREENING_LIST_STALE")
        with capture_logs() as log:
            await until(lambda: sum(entry["event"] == "step_failed" for entry in log) >= 2)
        # It is tried again, and neither taken for superseded nor told twice.
        assert not any(entry["event"] == "step_superseded" for entry in log)
        case = world.case(application_id)
        assert case.state == licensing.APPLICATION_STATE_SUBMITTED
        assert [entry.action for entry in case.history].count("wait") == 1
        platform.refresh_lists()
        await reaches(platform, application_id, licensing.APPLICATION_STATE_PROVINCIAL_REVIEW)
        assert world.case(application_id).waiting_reason == ""


async def test_a_deadline_passes_by_the_clock_of_the_record(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    """Whatever time Temporal thinks it is, licensing decides; here that the ministry is deemed to accept."""
    async with whole_platform(service_database, client, tmp_path) as platform:
        world = platform.world
        application_id = world.submitted().application_id
        await reaches(platform, application_id, licensing.APPLICATION_STATE_PROVINCIAL_REVIEW)
        world.forward(application_id)
        subjects = [subject async for page in open_subjects_of(platform) for subject in page]
        assert [(each.kind, each.id) for each in subjects] == [("application", application_id)]
        assert world.case(application_id).state == licensing.APPLICATION_STATE_MINISTRY_INTAKE
        world.clock.advance(timedelta(days=30))
        await reaches(platform, application_id, licensing.APPLICATION_STATE_ACCEPTED)
        kinds = {entry.action for entry in world.case(application_id).history}
        assert "expire_deadline" in kinds


async def test_every_opinion_that_is_overdue_stands_in_the_supervisors_queue(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path) as platform:
        world = platform.world
        application_id = world.submitted().application_id
        await reaches(platform, application_id, licensing.APPLICATION_STATE_PROVINCIAL_REVIEW)
        world.forward(application_id)
        world.accept(application_id)
        world.consult(application_id)
        await until(lambda: all(platform.tasks(agency) for agency in ROUTE))
        platform.answer(ROUTE[0])
        # The record's clock decides, whatever Temporal's says; any act wakes the procedure to ask again.
        task = platform.tasks(ROUTE[1])[0]
        world.clock.instant = task.due_at.ToDatetime(UTC)
        world.start_exclusion(application_id)

        def escalated() -> set[str]:
            listed = world.reviewer(identity.MINISTRY_DIRECTOR).ListEscalations(
                licensing.ListEscalationsRequest()
            )
            return {each.deadline_kind for each in listed.escalations}

        await until(lambda: escalated() >= {f"agency_opinion/{agency}" for agency in ROUTE[1:]})
        assert f"agency_opinion/{ROUTE[0]}" not in escalated()
        assert world.case(application_id).state == licensing.APPLICATION_STATE_IN_CONSULTATION


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "opened but never recorded"])
async def test_a_withdrawal_lets_the_agencies_go(
    service_database: Databases, client: Client, tmp_path: Path, recorded: bool
) -> None:
    async with whole_platform(service_database, client, tmp_path) as platform:
        world = platform.world
        application_id = world.submitted().application_id
        await reaches(platform, application_id, licensing.APPLICATION_STATE_PROVINCIAL_REVIEW)
        world.forward(application_id)
        world.accept(application_id)
        if recorded:
            world.consult(application_id)
            await until(lambda: bool(world.case(application_id).consultations[0].round_id))
            platform.answer(ROUTE[0])
        else:
            # As if the worker had died between opening the round and recording it.
            platform.open_round(application_id, ROUTE)
            world.consult(application_id)
        world.withdraw(application_id)
        ended = client.get_workflow_handle(f"application/{application_id}")
        assert await ended.result(rpc_timeout=timedelta(seconds=30)) == "WITHDRAWN"
        assert not any(platform.tasks(agency) for agency in ROUTE)
        rounds = platform.rounds(application_id)
        assert [round_.consolidation_reason for round_ in rounds] == ["APPLICATION_WITHDRAWN"]
        if recorded:
            states = [task.state for task in rounds[0].tasks]
            assert states == [
                consultation.TASK_STATE_ANSWERED,
                *[consultation.TASK_STATE_CLOSED_UNANSWERED] * (len(ROUTE) - 1),
            ]


def open_subjects_of(platform: Platform):
    """As the reconciliation reads them."""
    stub = platform.world.procedure

    class OnlyProcedure:
        procedure = stub

    return open_subjects(OnlyProcedure())  # type: ignore[arg-type]
