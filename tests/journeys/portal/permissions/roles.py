"""Sets of roles that several areas speak of."""

from services.foundation.principal import Role

APPLICANTS = {Role.EXPORTER, Role.AGENT}
CASE_READERS = {Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR}
