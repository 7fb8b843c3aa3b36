"""Licences, for their holders and for those who watch over them."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import APPLICANTS, CASE_READERS

_READERS = APPLICANTS | CASE_READERS | {Role.ENFORCEMENT_OFFICER}
EXPECTED = {
    "licences": _READERS,
    "licence": _READERS,
    "licence_document": _READERS,
    "licence_due_diligence": APPLICANTS,
    "licence_due_diligence_record": APPLICANTS,
}
PATHS = {
    "licences": "/zh/licences",
    "licence": "/zh/licences/{licence}",
    "licence_document": "/zh/licences/{licence}/document.pdf",
    "licence_due_diligence": "/zh/licences/{licence}/due-diligence",
}
