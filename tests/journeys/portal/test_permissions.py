"""Every page against every role: the table that the portal declares, and what really happens."""

from collections.abc import Callable

import pytest

from services.foundation.principal import Role
from services.launcher.accounts import accounts
from services.portal.gate import PAGES, admits
from tests.journeys.portal.conftest import World
from tests.support.browsing import Browser

# An account of each role that can sign in with a browser; those who have to do with the case of the tests.
ACCOUNTS = {
    Role.EXPORTER: "jiangsu.exporter",
    Role.AGENT: "jiangsu.agent",
    Role.PROVINCIAL_OFFICER: "jiangsu.province",
    Role.MINISTRY_OFFICER: "ministry.officer",
    Role.MINISTRY_DIRECTOR: "ministry.director",
    Role.AGENCY_REVIEWER: "mfa.reviewer",
    Role.EXPERT: "expert",
    Role.CUSTOMS_OFFICER: "customs.officer",
    Role.ENFORCEMENT_OFFICER: "enforcement.officer",
    Role.LIST_EDITOR: "list.editor",
    Role.AUDITOR: "auditor",
}
_APPLICANT = {Role.EXPORTER, Role.AGENT}
_CASES = {Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR}
_LICENCES = _APPLICANT | _CASES | {Role.ENFORCEMENT_OFFICER}
# Written a second time, on purpose: a change of the table must be meant. None is everybody.
EXPECTED: dict[str, set[Role] | None] = {
    **dict.fromkeys(
        (
            "static", "health", "root", "printed_link", "start", "sign_in", "callback", "sign_out",
            "verification_form", "verification", "accessibility",
        )
    ),
    "application": _APPLICANT,
    "licence": _LICENCES,
    "licence_document": _LICENCES,
    "stop_and_report": _APPLICANT,
    "stop_and_report_check": _APPLICANT,
    "stop_and_report_confirm": _APPLICANT,
    "stopped": _APPLICANT,
    "queue": _CASES,
    "case": _CASES | {Role.AGENCY_REVIEWER},
}  # fmt: skip
PATHS = {
    "start": "/zh/",
    "verification_form": "/zh/verify",
    "verification": "/zh/verify/{licence}",
    "accessibility": "/zh/accessibility",
    "application": "/zh/applications/{licensed}",
    "licence": "/zh/licences/{licence}",
    "licence_document": "/zh/licences/{licence}/document.pdf",
    "stop_and_report": "/zh/licences/{licence}/stop-and-report",
    "stopped": "/zh/licences/{licence}/stop-and-report/done",
    "queue": "/zh/cases",
    "case": "/zh/cases/{licensed}",
}


def test_the_table_says_what_was_meant() -> None:
    assert set(EXPECTED) == set(PAGES)
    for endpoint, roles in EXPECTED.items():
        for role in Role:
            assert admits(endpoint, role) == (roles is None or role in roles), (endpoint, role)
        assert admits(endpoint, None) == (roles is None), endpoint


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
