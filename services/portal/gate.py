"""Who may open which page: declared per route, nobody by default; licensing checks every call again."""

from collections.abc import Mapping
from typing import Final

from flask import Flask

from services.foundation.permissions import Permission, allow
from services.foundation.principal import Role

# Needs no sign-in.
ANYBODY: Final = None
_APPLICANT: Final = allow(Role.EXPORTER, Role.AGENT)
_CASE_READERS: Final = (Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR)
_LICENCE_READERS: Final = allow(
    Role.EXPORTER,
    Role.AGENT,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
)

PAGES: Final[Mapping[str, Permission | None]] = {
    "static": ANYBODY,
    "health": ANYBODY,
    "root": ANYBODY,
    "printed_link": ANYBODY,
    "start": ANYBODY,
    "sign_in": ANYBODY,
    "callback": ANYBODY,
    "sign_out": ANYBODY,
    "verification_form": ANYBODY,
    "verification": ANYBODY,
    "accessibility": ANYBODY,
    "application": _APPLICANT,
    "licence": _LICENCE_READERS,
    "licence_document": _LICENCE_READERS,
    "stop_and_report": _APPLICANT,
    "stop_and_report_check": _APPLICANT,
    "stop_and_report_confirm": _APPLICANT,
    "stopped": _APPLICANT,
    "queue": allow(*_CASE_READERS),
    "case": allow(*_CASE_READERS, Role.AGENCY_REVIEWER),
}


def demand_declared(application: Flask) -> None:
    """Passes if every rule of the application is declared. Raises ValueError, naming those that are not."""
    undeclared = sorted(str(rule) for rule in application.url_map.iter_rules() if rule.endpoint not in PAGES)
    if undeclared:
        raise ValueError(f"pages that nobody declared: {', '.join(undeclared)}")


def admits(endpoint: str, role: Role | None) -> bool:
    """Whether the page is for a role; None is a person who has not signed in."""
    permission = PAGES[endpoint]
    return permission is None or (role is not None and role in permission.roles)
