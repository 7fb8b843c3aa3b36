"""E-mails wait for everybody concerned who receives them; attempts are recorded, repeated and given up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from xuke.licensing.v1 import notification_pb2 as messages

from services.foundation.errors import ErrorCode
from services.licensing.domain.email_delivery import LONGEST_PAUSE, MAXIMUM_ATTEMPTS
from tests.contract.licensing.application_world import World, refusal, world
from tests.contract.licensing.test_organisations import set_member
from tests.support import identity
from tests.support.mandates import grant_mandate, sign_in
from tests.support.notifications import addresses, attempt, pending
from tests.support.services import request_id

__all__ = ["world"]

COLLEAGUE = replace(identity.EXPORTER, subject="exporter-colleague", name="Qian")
SILENT = replace(identity.EXPORTER, subject="exporter-silent", name="Sun")


def test_members_who_receive_emails_and_agents_with_a_mandate(world: World) -> None:
    for who, address in (
        (identity.EXPORTER, "zhao@example.cn"),
        (COLLEAGUE, "qian@example.cn"),
        (SILENT, ""),
        (identity.OTHER_EXPORTER, "other@example.cn"),
        (identity.MINISTRY_OFFICER, "zhou@example.cn"),
    ):
        sign_in(world.service, who, address)
    set_member(world, COLLEAGUE.subject, 2, receives_email=False)
    sign_in(world.service, identity.AGENT, "wei@example.cn")
    world.submitted()
    assert addresses(world.service, "SUBMISSION_RECEIVED") == ["zhao@example.cn"]
    grant_mandate(world.service)
    sign_in(world.service, identity.EXPORTER, "zhao@example.cn")
    world.submitted()
    assert addresses(world.service, "SUBMISSION_RECEIVED") == [
        "wei@example.cn",
        "zhao@example.cn",
        "zhao@example.cn",
    ]
    (mail, *_) = pending(world.service)
    assert mail.audience == messages.NOTIFICATION_AUDIENCE_APPLICANT
    assert mail.recipient_name.zh == identity.EXPORTER.name
    assert mail.notification.text.zh
    assert mail.notification.text.en


def test_officers_of_the_authority_but_not_who_acted(world: World) -> None:
    for who, address in (
        (identity.MINISTRY_OFFICER, "zhou@example.cn"),
        (identity.SECOND_OFFICER, "wu@example.cn"),
        (identity.MINISTRY_DIRECTOR, "zheng@example.cn"),
        (identity.PROVINCIAL_OFFICER, "sun@example.cn"),
    ):
        sign_in(world.service, who, address)
    world.proposed()
    assert addresses(world.service, "PROPOSAL_WAITS") == ["wu@example.cn", "zheng@example.cn"]
    assert {mail.audience for mail in pending(world.service)} == {messages.NOTIFICATION_AUDIENCE_AUTHORITY}


@pytest.fixture
def email_id(world: World) -> str:
    sign_in(world.service, identity.EXPORTER, "zhao@example.cn")
    world.submitted()
    (waiting,) = pending(world.service)
    return waiting.email_id


def test_what_was_delivered_waits_no_longer(world: World, email_id: str) -> None:
    attempt(world.service, email_id)
    assert not pending(world.service)
    # A notifier that died before it could record the attempt says so once more.
    attempt(world.service, email_id)
    attempt(world.service, email_id, "451 later")
    world.clock.advance(timedelta(days=30))
    assert not pending(world.service)


def test_a_failure_is_repeated_after_growing_pauses_and_given_up(world: World, email_id: str) -> None:
    pauses = []
    for number in range(1, MAXIMUM_ATTEMPTS):
        attempt(world.service, email_id, "451 try again later")
        waited = timedelta()
        while not pending(world.service):
            world.clock.advance(timedelta(minutes=1))
            waited += timedelta(minutes=1)
        assert pending(world.service)[0].attempts == number
        pauses.append(waited)
    assert [pause.total_seconds() / 60 for pause in pauses] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    attempt(world.service, email_id, "550 no such user")
    world.clock.advance(LONGEST_PAUSE * 100)
    assert not pending(world.service)


def test_one_attempt_recorded_twice_counts_once(world: World, email_id: str) -> None:
    request = request_id()
    attempt(world.service, email_id, "451 later", request)
    attempt(world.service, email_id, "451 later", request)
    world.clock.advance(timedelta(minutes=1))
    assert pending(world.service)[0].attempts == 1


def test_an_email_that_is_none(world: World) -> None:
    assert refusal(lambda: attempt(world.service, request_id())).code is ErrorCode.NOT_FOUND
