"""The search of the header, for whoever has something to find."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import APPLICANTS, CASE_READERS

EXPECTED = {"search": APPLICANTS | CASE_READERS | {Role.AGENCY_REVIEWER, Role.ENFORCEMENT_OFFICER}}
PATHS = {"search": "/zh/search"}
