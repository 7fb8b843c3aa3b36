"""Filing: for exporters and their agents, of their own organisation."""

from tests.journeys.portal.permissions.roles import APPLICANTS

_DRAFT = "/zh/applications/{draft}"
PATHS = {
    "filing_step": f"{_DRAFT}/steps/contract",
    "filing_entry_step": f"{_DRAFT}/items/1/control-code",
    "filing_entries": f"{_DRAFT}/parties",
    "filing_entry_remove_form": f"{_DRAFT}/items/1/remove",
    "filing_attachments": f"{_DRAFT}/attachments",
    "filing_check": f"{_DRAFT}/check",
    "filing_submitted": f"{_DRAFT}/submitted",
}
EXPECTED = dict.fromkeys(
    [
        *PATHS,
        "create_application",
        "filing_step_save",
        "filing_entry_step_save",
        "filing_entry_remove",
        "filing_upload",
        "filing_attachment_remove",
        "filing_submit",
    ],
    APPLICANTS,
)
