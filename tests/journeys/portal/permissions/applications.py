"""Applications, for those whose they are."""

from tests.journeys.portal.permissions.roles import APPLICANTS

EXPECTED = {"application": APPLICANTS}
PATHS = {"application": "/zh/applications/{licensed}"}
