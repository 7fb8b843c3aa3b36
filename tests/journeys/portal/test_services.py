"""The token that the portal holds for a person is good at every service, and each service checks the role itself."""

from collections.abc import Callable

import pytest
from flask import Flask, g
from xuke.classification.v1 import classification_pb2 as c
from xuke.consultation.v1 import consultation_pb2 as co
from xuke.licensing.v1 import application_pb2 as a
from xuke.screening.v1 import screening_pb2 as s

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.identity import ServiceCredential
from services.launcher.platform import Platform
from services.portal.services import ASKED, Services
from services.portal.sessions import SessionFiles
from tests.support.browsing import Browser


@pytest.fixture
def token_of(platform: Platform, signed_in: Callable[[str], Browser]) -> Callable[[str], str]:
    def token(account: str) -> str:
        name = signed_in(account).session.cookies["xuke"]
        kept = SessionFiles(platform.place.folder.portal_sessions).read(name)
        assert kept is not None
        return str(kept["token"])

    return token


def services_of(platform: Platform) -> Services:
    addresses = {name: platform.addresses.of(name) for name in ASKED}
    return Services(addresses, ServiceCredential(platform.addresses.url("issuer"), "portal", "unused"))


def test_every_service_answers_the_person(platform: Platform, token_of: Callable[[str], str]) -> None:
    asked = services_of(platform)
    with Flask("asks").app_context():
        g.token = token_of("mfa.reviewer")
        assert asked.ask(asked.consultation.ListTasks, co.ListTasksRequest(page_size=5)).tasks
        assert asked.ask(asked.screening.ListPartyLists, s.ListPartyListsRequest()).lists
        assert asked.ask(asked.classification.SearchEntries, c.SearchEntriesRequest(query="tungsten")).entries


def test_a_service_refuses_the_role_itself(platform: Platform, token_of: Callable[[str], str]) -> None:
    asked = services_of(platform)
    with Flask("asks").app_context():
        g.token = token_of("jiangsu.exporter")
        for method, message in (
            (asked.consultation.ListTasks, co.ListTasksRequest()),
            (asked.reviews.ListCases, a.ListCasesRequest()),
        ):
            with pytest.raises(XukeError) as refused:
                asked.ask(method, message)
            assert refused.value.code is ErrorCode.PERMISSION_DENIED
