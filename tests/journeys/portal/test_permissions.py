"""Every page against every role: what the pages declare, what was meant, and what really happens."""

from collections.abc import Callable

import pytest
from flask import Flask

from services.foundation.principal import Role
from services.launcher.accounts import accounts
from services.portal.gate import Gate
from services.portal.page import ANYBODY, Page
from services.portal.pages import PAGES
from tests.journeys.portal.conftest import World
from tests.journeys.portal.permissions import EXPECTED, PATHS
from tests.journeys.portal.permissions.roles import ACCOUNTS
from tests.support.browsing import Browser


def test_the_table_says_what_was_meant() -> None:
    gate = Gate(PAGES)
    assert set(EXPECTED) == set(gate.permissions)
    for endpoint, roles in EXPECTED.items():
        for role in Role:
            assert gate.admits(endpoint, role) == (roles is None or role in roles), (endpoint, role)
        assert gate.admits(endpoint, None) == (roles is None), endpoint


def test_a_page_is_declared_once_and_none_goes_without() -> None:
    page = Page("twice", "/twice", str, ANYBODY)
    with pytest.raises(ValueError, match="twice"):
        Gate([page, page])
    application = Flask("undeclared")
    application.add_url_rule("/secret", "secret", str)
    with pytest.raises(ValueError, match="/secret"):
        Gate([page]).demand_declared(application)


def test_every_page_to_be_read_is_tried() -> None:
    read = {page.endpoint for page in PAGES if page.in_languages and "GET" in page.methods}
    assert set(PATHS) == read - {"sign_in"}


def test_every_role_of_a_person_is_tried() -> None:
    assert set(ACCOUNTS) == {account.principal.role for account in accounts().persons.values()}


@pytest.mark.parametrize("role", ACCOUNTS, ids=lambda role: role.value)
@pytest.mark.parametrize("endpoint", PATHS)
def test_a_page_opens_for_its_roles_alone(
    world: World, signed_in: Callable[[str], Browser], endpoint: str, role: Role
) -> None:
    roles = EXPECTED[endpoint]
    page = signed_in(ACCOUNTS[role]).get(PATHS[endpoint].format(**vars(world)))
    assert page.status == (200 if roles is None or role in roles else 403)


@pytest.mark.parametrize("endpoint", [name for name in PATHS if EXPECTED[name] is not None])
def test_who_has_not_signed_in_is_asked_to(world: World, browser: Browser, endpoint: str) -> None:
    answer = browser.get(PATHS[endpoint].format(**vars(world)), follow=False)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/zh/sign-in?next=")


@pytest.mark.parametrize(
    "endpoint", [name for name in PATHS if "{" in PATHS[name] and name != "verification"]
)
def test_a_case_of_another_organisation_or_province_is_not_found(
    world: World, signed_in: Callable[[str], Browser], endpoint: str
) -> None:
    path = PATHS[endpoint].format(**vars(world))
    roles = EXPECTED[endpoint] or set()
    for role, account in (
        (Role.EXPORTER, "guangdong.exporter"),
        (Role.PROVINCIAL_OFFICER, "guangdong.province"),
        (Role.AGENCY_REVIEWER, "mara.reviewer"),
    ):
        page = signed_in(account).get(path)
        assert page.status == (404 if role in roles else 403), account
        assert world.licensed not in page.words
