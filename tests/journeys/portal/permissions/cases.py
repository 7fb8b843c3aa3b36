"""Cases, for reviewers."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import CASE_READERS

EXPECTED = {"queue": CASE_READERS, "case": CASE_READERS | {Role.AGENCY_REVIEWER}}
PATHS = {
    "queue": "/zh/cases",
    "case": "/zh/cases/{licensed}",
}
