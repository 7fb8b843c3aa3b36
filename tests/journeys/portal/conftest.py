"""A platform with something to see in it, and people with browsers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from xuke.consultation.v1 import consultation_pb2 as c
from xuke.consultation.v1 import consultation_pb2_grpc
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.licensing.v1 import organisation_pb2 as o
from xuke.licensing.v1 import organisation_pb2_grpc

from services.foundation.clock import legal_day
from services.launcher.clients import People
from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import (
    Cast,
    activate,
    checks_pass,
    file_application,
    review_and_grant,
)
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.people import ask, new_request_id, stub
from services.launcher.demo.stories import ORGANISATION
from services.launcher.platform import Platform
from tests.journeys.portal.classified import ask_inquiry, kept_product, propose_suspension, reclassified
from tests.journeys.portal.screened import hit_at_the_gate, propose_correction, propose_release
from tests.support.browsing import Browser

EXPORTER = "jiangsu.exporter"
AGENT = "jiangsu.agent"
HOSTILE = "<script>alert('x')</script>\"'&{{7*7}}"


@dataclass(frozen=True)
class World:
    """Applications by id and licences by number, all of the exporter in Jiangsu; addresses name them in braces."""

    base: str
    licensed: str
    licence: str
    returned: str
    draft: str
    # What a consulted agency was asked about the licensed application, and the condition that it set.
    task: str
    condition: str
    # A document of the licensed application, and the mandate of the exporter's agent.
    attachment: str
    mandate: str
    # What an expert was asked about the licensed application.
    expert_request: str
    # A hit that nobody decided, one whose release waits for a second person, and a proposal to change a list.
    hit: str
    release: str
    proposal: str
    # An inquiry that nobody answered, a product, a proposal to change a control list, and a change of outcome.
    inquiry: str
    product: str
    control_proposal: str
    reclassification: str


def licensed_case(cast: Cast, contract: str) -> tuple[str, str]:
    """An application and its active licence."""
    application = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, contract), list(PAPERS))
    checks_pass(cast, application)
    number = review_and_grant(cast, application, with_experts=True).licence_number
    activate(cast, number)
    return application, number


def task_of(cast: Cast, application_id: str, account: str = "mfa.reviewer") -> c.Task:
    """The task of a reviewer's agency on an application."""
    consultation = stub(cast.people, account, "consultation", consultation_pb2_grpc.ConsultationServiceStub)
    rounds = ask(consultation.ListRounds, c.ListRoundsRequest(application_id=application_id)).rounds
    return rounds[-1].tasks[0]


@pytest.fixture(scope="session")
def cast(people: People) -> Cast:
    return Cast(people, SilentNarrator())


def populate(base: str, cast: Cast) -> World:
    """Files and decides what the pages are looked at with; `base` is the address of the portal."""
    licensed, licence = licensed_case(cast, "ZJ-PORTAL-1")
    incomplete = dossier(ORGANISATION, KOREAN_END_USER, "ZJ-PORTAL-2")
    returned = file_application(
        cast, incomplete, [d.ATTACHMENT_KIND_CONTRACT, d.ATTACHMENT_KIND_END_USER_CERTIFICATE]
    )
    cast.province.request_supplement(checks_pass(cast, returned))
    hostile = dossier(ORGANISATION, KOREAN_END_USER, "ZJ-PORTAL-3")
    hostile.parties[0].name_en = HOSTILE
    hostile.items[0].name_en = hostile.items[0].name_zh = HOSTILE
    draft = cast.exporter.draft(hostile).application_id
    task = task_of(cast, licensed)
    condition = task.conditions[0].condition_id
    attachment = cast.exporter.get(licensed).attachments[0].attachment_id
    (asked,) = cast.expert.requests(licensed)
    release = hit_at_the_gate(cast, "ZJ-PORTAL-5", "Falls Church, Virginia")
    propose_release(cast, release)
    return World(
        base,
        licensed,
        licence,
        returned,
        draft,
        task.task_id,
        condition,
        attachment,
        grant_mandate(cast),
        asked.expert_request_id,
        hit_at_the_gate(cast, "ZJ-PORTAL-4", "Reston, Virginia"),
        release,
        propose_correction(cast),
        ask_inquiry(cast),
        kept_product(cast),
        reclassification=reclassified(cast),
        control_proposal=propose_suspension(cast),
    )


def grant_mandate(cast: Cast, account: str = AGENT) -> str:
    """The exporter signs in, and has an agent act for it from today; returns the id of the mandate."""
    channel = cast.people.channel(EXPORTER, "licensing")
    directory = organisation_pb2_grpc.DirectoryServiceStub(channel)
    ask(directory.RecordSignIn, o.RecordSignInRequest(name_zh="赵敏", name_en="Zhao Min"))
    today = legal_day(datetime.now(UTC))
    request = o.GrantMandateRequest(
        request_id=new_request_id(),
        agent_subject=account,
        agent_name="魏强",
        scope=o.MANDATE_SCOPE_FILE,
        document_number="WT-2026-1",
        valid_from=today.isoformat(),
        valid_to=(today + timedelta(days=365)).isoformat(),
    )
    organisations = organisation_pb2_grpc.OrganisationServiceStub(channel)
    return ask(organisations.GrantMandate, request).mandates[0].mandate_id


@pytest.fixture(scope="session")
def world(platform: Platform, cast: Cast) -> World:
    return populate(platform.addresses.url("portal"), cast)


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world.base)


@pytest.fixture(scope="session")
def signed_in(world: World) -> Callable[[str], Browser]:
    """A browser in which an account is signed in, kept for the whole run: for tests that only look."""
    browsers: dict[str, Browser] = {}

    def of(account: str) -> Browser:
        if account not in browsers:
            browsers[account] = Browser(world.base)
            assert browsers[account].sign_in(account).status in (200, 403)
        return browsers[account]

    return of
