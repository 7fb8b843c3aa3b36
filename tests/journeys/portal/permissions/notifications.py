"""Notifications, for those who are told of anything."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import APPLICANTS

_TOLD = APPLICANTS | {Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR}
EXPECTED = dict.fromkeys(("notifications", "notifications_read"), _TOLD)
PATHS = {"notifications": "/zh/notifications"}
