"""A list changes, or a hit is decided: the open application is held or freed, the licence in use is stopped."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest
from temporalio.client import Client
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1 import licence_pb2 as licences
from xuke.licensing.v1 import notification_pb2 as notifications
from xuke.licensing.v1.licence_pb2_grpc import CustomsServiceStub, LicenceServiceStub
from xuke.licensing.v1.notification_pb2_grpc import NotificationServiceStub
from xuke.screening.v1 import hit_pb2 as hits
from xuke.screening.v1 import list_pb2 as lists
from xuke.screening.v1 import rescreening_pb2 as rescreening
from xuke.screening.v1 import screening_pb2 as screening
from xuke.screening.v1.hit_pb2_grpc import HitReviewServiceStub
from xuke.screening.v1.list_pb2_grpc import ListServiceStub

from services.approval.activities import rescreening as rescreening_activities
from services.approval.worker import activities, build_worker, ensure_rescreening
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal
from tests.conftest import ServiceDatabase
from tests.contract.approval.test_with_services import reaches, until
from tests.contract.approval.whole_platform import Platform, whole_platform
from tests.contract.licensing.application_world import dossier
from tests.support import identity
from tests.support.services import request_id

Databases = Callable[[str], ServiceDatabase]
NAMED = "Hangang Tools Co., Ltd."


def reason_of(call: Callable[[], object]) -> str:
    with pytest.raises(grpc.RpcError) as refused:
        call()
    return from_rpc_error(refused.value).reason


def name_in_list(platform: Platform, name: str = NAMED, list_code: str = "control_list") -> str:
    """Two list editors activate a version of a list that names somebody; returns the version."""
    editor = ListServiceStub(platform.to_screening(identity.LIST_EDITOR))
    second = ListServiceStub(platform.to_screening(identity.SECOND_EDITOR))
    current = editor.ListEntries(lists.ListEntriesRequest(list_code=list_code, page_size=1))
    template = current.entries[0]
    proposal = editor.ProposeEntryChanges(
        lists.ProposeEntryChangesRequest(
            request_id=request_id(),
            list_code=list_code,
            base_version=current.list_version,
            reason="announced today",
            entries=[
                lists.ListEntry(
                    entry_id="re-screening-1",
                    name_en=name,
                    country="KR",
                    source=template.source,
                    effective_from="2026-01-01",
                )
            ],
        )
    )
    activated = second.ActivateProposal(
        lists.ActivateProposalRequest(
            request_id=request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
        )
    )
    return activated.list_version


def hits_of(platform: Platform, application_id: str) -> list[hits.HitCase]:
    officer = HitReviewServiceStub(platform.to_screening(identity.MINISTRY_OFFICER))
    request = hits.ListHitsRequest(watched_as=f"applications/{application_id}")
    return list(officer.ListHits(request).hits)


def decide(platform: Platform, hit: hits.HitCase, outcome: int, who: Principal) -> hits.HitCase:
    return HitReviewServiceStub(platform.to_screening(who)).DecideHit(
        hits.DecideHitRequest(
            request_id=request_id(),
            hit_id=hit.hit_id,
            etag=hit.etag,
            outcome=hits.HitDecisionOutcome.ValueType(outcome),
            reason="other register number",
        )
    )


def agree(platform: Platform, hit: hits.HitCase, who: Principal) -> hits.HitCase:
    return HitReviewServiceStub(platform.to_screening(who)).CountersignHit(
        hits.CountersignHitRequest(
            request_id=request_id(), hit_id=hit.hit_id, etag=hit.etag, agrees=True, reason="seen too"
        )
    )


async def ready(platform: Platform, content: object = None) -> str:
    """An application on which nobody needs to be consulted, ready for a proposal."""
    world = platform.world
    application_id = world.submitted(content=content).application_id  # type: ignore[arg-type]
    await reaches(platform, application_id, licensing.APPLICATION_STATE_PROVINCIAL_REVIEW)
    world.forward(application_id)
    world.accept(application_id)
    world.consult(application_id, ())
    await reaches(platform, application_id, licensing.APPLICATION_STATE_READY_FOR_PROPOSAL)
    return application_id


async def active(platform: Platform) -> tuple[str, str]:
    """A licence that customs has acknowledged: the application and the number."""
    world = platform.world
    application_id = await ready(platform)
    world.propose(application_id)
    world.countersign(application_id)
    await reaches(platform, application_id, licensing.APPLICATION_STATE_LICENSED)
    number = world.case(application_id).licence_number
    customs = CustomsServiceStub(world.service.channel(identity.CUSTOMS_OFFICER))
    customs.AcknowledgeLicence(
        licences.AcknowledgeLicenceRequest(request_id=request_id(), number=number, customs_reference="C1")
    )
    return application_id, number


def licence(platform: Platform, number: str, who: Principal = identity.MINISTRY_OFFICER) -> licences.Licence:
    stub = LicenceServiceStub(platform.world.service.channel(who))
    return stub.GetLicence(licences.GetLicenceRequest(number=number))


def told(platform: Platform, who: Principal) -> dict[str, str]:
    stub = NotificationServiceStub(platform.world.service.channel(who))
    answer = stub.ListNotifications(notifications.ListNotificationsRequest())
    return {each.kind: each.text.en for each in answer.notifications}


async def test_a_list_that_names_the_end_user_stops_the_licence_and_says_which_version_did(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path) as platform:
        application_id, number = await active(platform)
        version = await asyncio.to_thread(name_in_list, platform)
        await until(lambda: licence(platform, number).state == licences.LICENCE_STATE_SUSPENDED)

        assert licence(platform, number).state_reason == "PARTY_LISTED"
        # Its holder reads that it is suspended, and nothing of hits.
        assert licence(platform, number, identity.EXPORTER).state_reason == "REVIEW_FACTORS_CHANGED"
        customs = CustomsServiceStub(platform.world.service.channel(identity.CUSTOMS_OFFICER))
        changes = customs.ListLicenceChanges(licences.ListLicenceChangesRequest()).changes
        assert [(each.state, each.state_reason) for each in changes if each.number == number][-1] == (
            licences.LICENCE_STATE_SUSPENDED,
            "PARTY_LISTED",
        )

        case = platform.world.case(application_id)
        (later,) = case.rescreenings
        assert (later.cause, later.cause_version) == ("LIST_CHANGED", version)
        assert case.screening == later.screening
        assert case.screening.verdict == licensing.SCREENING_VERDICT_PROHIBITED
        assert case.screening.open_hits == 1
        assert version in told(platform, identity.MINISTRY_OFFICER)["LICENCE_PARTY_LISTED"]
        to_exporter = told(platform, identity.EXPORTER)
        assert "LICENCE_SUSPENDED" in to_exporter
        assert "LICENCE_PARTY_LISTED" not in to_exporter

        director = LicenceServiceStub(platform.world.service.channel(identity.MINISTRY_DIRECTOR))

        def resume() -> licences.Licence:
            return director.ResumeLicence(
                licences.ResumeLicenceRequest(
                    request_id=request_id(),
                    number=number,
                    etag=licence(platform, number).etag,
                    reasons="another firm of the same name",
                )
            )

        assert reason_of(resume) == "SCREENING_PROHIBITS"
        (hit,) = hits_of(platform, application_id)
        assert (hit.cause, hit.cause_version) == ("LIST_CHANGED", version)
        proposed = decide(platform, hit, hits.HIT_DECISION_OUTCOME_FALSE, identity.MINISTRY_OFFICER)
        assert proposed.state == screening.HIT_STATE_AWAITING_SECOND
        agree(platform, proposed, identity.SECOND_OFFICER)
        await until(lambda: platform.world.case(application_id).screening.open_hits == 0)
        assert resume().state == licences.LICENCE_STATE_ACTIVE


async def test_a_hit_holds_the_grant_until_it_is_released_and_never_a_refusal(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path) as platform:
        world = platform.world
        application_id = await ready(platform)
        await asyncio.to_thread(name_in_list, platform)
        await until(lambda: world.case(application_id).screening.open_hits == 1)
        assert "propose" in world.case(application_id).allowed_actions
        assert reason_of(lambda: world.propose(application_id)) == "SCREENING_HITS_OPEN"
        assert "SCREENING_CHANGED" in told(platform, identity.MINISTRY_OFFICER)
        assert "SCREENING_CHANGED" not in told(platform, identity.EXPORTER)

        (hit,) = hits_of(platform, application_id)
        proposed = decide(platform, hit, hits.HIT_DECISION_OUTCOME_FALSE, identity.MINISTRY_OFFICER)
        await until(lambda: world.case(application_id).screening.findings[0].hit_state == "AWAITING_SECOND")
        assert reason_of(lambda: world.propose(application_id)) == "SCREENING_HITS_OPEN"
        agree(platform, proposed, identity.SECOND_OFFICER)
        await until(lambda: world.case(application_id).screening.open_hits == 0)
        assert world.case(application_id).screening.verdict == licensing.SCREENING_VERDICT_CLEAR
        world.propose(application_id)
        assert world.case(application_id).state == licensing.APPLICATION_STATE_PROPOSED


async def test_a_licence_is_not_issued_on_an_old_screening_and_follows_once_freed(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path) as platform:
        world = platform.world
        application_id = await ready(platform)
        world.propose(application_id)
        # While the worker is away the list changes, and after that the second officer signs.
        await platform.worker.shutdown()
        await asyncio.to_thread(name_in_list, platform)
        world.countersign(application_id)
        async with build_worker(
            client, activities(platform.services, client, platform.task_queue), platform.task_queue
        ):
            await until(lambda: world.case(application_id).screening.open_hits == 1)
            held = world.position(application_id)
            assert held.state == licensing.APPLICATION_STATE_APPROVED
            assert held.issue_held_because == "SCREENING_HITS_OPEN"

            (hit,) = hits_of(platform, application_id)
            proposed = decide(platform, hit, hits.HIT_DECISION_OUTCOME_FALSE, identity.MINISTRY_OFFICER)
            agree(platform, proposed, identity.SECOND_OFFICER)
            await reaches(platform, application_id, licensing.APPLICATION_STATE_LICENSED)


async def test_a_worker_that_dies_between_the_look_and_the_delivery_loses_nothing(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path) as platform:
        _, number = await active(platform)
        await platform.worker.shutdown()
        await asyncio.to_thread(name_in_list, platform)
        looking = platform.services.rescreening
        while looking.Rescreen(rescreening.RescreenRequest(request_id=request_id())).more:
            pass
        owed = looking.ListUndelivered(rescreening.ListUndeliveredRequest()).results
        assert [result.screening.verdict for result in owed] == [screening.VERDICT_PROHIBITED]
        assert licence(platform, number).state == licences.LICENCE_STATE_ACTIVE

        async with build_worker(
            client, activities(platform.services, client, platform.task_queue), platform.task_queue
        ):
            await ensure_rescreening(client, platform.task_queue)
            await until(lambda: licence(platform, number).state == licences.LICENCE_STATE_SUSPENDED)
            await until(lambda: not looking.ListUndelivered(rescreening.ListUndeliveredRequest()).results)


async def test_results_that_licensing_refuses_hold_up_none_behind_them(
    service_database: Databases, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescreening_activities, "RESULTS_AT_ONCE", 1)
    async with whole_platform(service_database, client, tmp_path) as platform:
        _, number = await active(platform)
        # Licensing knows neither; both are looked at, and told, before the application that it knows.
        for last in "01":
            unknown = f"applications/00000000-0000-4000-8000-00000000000{last}"
            platform.services.screening.Screen(
                screening.ScreenRequest(
                    request_id=request_id(),
                    subject=f"{unknown}/1",
                    watched_as=unknown,
                    parties=[
                        screening.Party(role=screening.PARTY_ROLE_END_USER, name_en=NAMED, country="KR")
                    ],
                    destination="KR",
                    end_user_kind=screening.END_USER_KIND_CIVIL,
                    end_use_purpose=screening.END_USE_PURPOSE_CIVIL,
                )
            )
        await asyncio.to_thread(name_in_list, platform)
        await until(lambda: licence(platform, number).state == licences.LICENCE_STATE_SUSPENDED)
        looking = platform.services.rescreening

        def left() -> list[str]:
            answer = looking.ListUndelivered(rescreening.ListUndeliveredRequest())
            return [result.watched_as[-1] for result in answer.results]

        await until(lambda: left() == ["0", "1"])


async def test_what_ended_without_a_licence_is_watched_no_more(
    service_database: Databases, client: Client, tmp_path: Path
) -> None:
    async with whole_platform(service_database, client, tmp_path) as platform:
        world = platform.world
        content = dossier()
        application_id = world.submitted(content=content).application_id
        await reaches(platform, application_id, licensing.APPLICATION_STATE_PROVINCIAL_REVIEW)
        looking = platform.services.rescreening

        def look() -> rescreening.ChangedScreening:
            request = rescreening.RescreenOneRequest(
                request_id=request_id(), watched_as=f"applications/{application_id}"
            )
            return looking.RescreenOne(request)

        assert not look().differs
        world.withdraw(application_id)

        def is_unwatched() -> bool:
            try:
                look()
            except grpc.RpcError as error:
                return from_rpc_error(error).reason == "NOT_FOUND"
            return False

        await until(is_unwatched)
