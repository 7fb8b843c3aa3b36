"""Cases, for reviewers."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import CASE_READERS

_READ = CASE_READERS | {Role.AGENCY_REVIEWER}
_OFFICERS = CASE_READERS - {Role.AUDITOR}
EXPECTED = {
    "queue": CASE_READERS,
    "tasks": {Role.AGENCY_REVIEWER},
    "experts": {Role.EXPERT},
    "case": _READ,
    "case_dossier": _READ | {Role.EXPERT},
    "case_attachments": _READ | {Role.EXPERT},
    "case_attachment": _READ | {Role.EXPERT},
    "case_attachment_content": _READ | {Role.EXPERT},
    "case_classification": _READ | {Role.EXPERT},
    "case_screening": _READ,
    "case_consultation": _READ,
    "case_decision": _READ,
    "case_time": _READ,
    "case_history": _READ,
    "case_print": _READ,
    "case_notes": CASE_READERS,
    "case_add_note": _OFFICERS,
    "case_assignment": _OFFICERS,
    "case_assign": _OFFICERS,
}
_CASE = "/zh/cases/{licensed}"
PATHS = {
    "queue": "/zh/cases",
    "tasks": "/zh/tasks",
    "experts": "/zh/experts",
    "case": _CASE,
    "case_dossier": f"{_CASE}/dossier",
    "case_attachments": f"{_CASE}/attachments",
    "case_attachment": f"{_CASE}/attachments/{{attachment}}",
    "case_attachment_content": f"{_CASE}/attachments/{{attachment}}/content",
    "case_classification": f"{_CASE}/classification",
    "case_screening": f"{_CASE}/screening",
    "case_consultation": f"{_CASE}/consultation",
    "case_decision": f"{_CASE}/decision",
    "case_time": f"{_CASE}/time",
    "case_history": f"{_CASE}/history",
    "case_print": f"{_CASE}/print",
    "case_notes": f"{_CASE}/notes",
    "case_assignment": f"{_CASE}/assignment",
}
