"""The overview: figures about cases and about agencies."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import CASE_READERS

EXPECTED = {"overview": CASE_READERS | {Role.AGENCY_REVIEWER}}
PATHS = {"overview": "/zh/overview"}
