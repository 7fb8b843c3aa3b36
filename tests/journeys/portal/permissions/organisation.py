"""Organisations: everybody of them reads; what administrators change is for exporters."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import APPLICANTS

_CHANGES = (
    "organisation_particulars", "organisation_particulars_save", "organisation_member",
    "organisation_member_save", "mandate_grant", "mandate_grant_save", "mandate_revoke", "mandate_revoke_confirm",
)  # fmt: skip
EXPECTED = {"organisation": APPLICANTS, **{endpoint: {Role.EXPORTER} for endpoint in _CHANGES}}
PATHS = {
    "organisation": "/zh/organisation",
    "organisation_particulars": "/zh/organisation/particulars",
    "organisation_member": "/zh/organisation/members/jiangsu.exporter",
    "mandate_grant": "/zh/organisation/mandates/new",
    "mandate_revoke": "/zh/organisation/mandates/{mandate}/revoke",
}
