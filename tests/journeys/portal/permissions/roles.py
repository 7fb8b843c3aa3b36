"""Sets of roles that several areas speak of."""

from services.foundation.principal import Role

APPLICANTS = {Role.EXPORTER, Role.AGENT}
CASE_READERS = {Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR}
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
