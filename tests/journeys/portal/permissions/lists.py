"""Lists, rules and the register of destinations: read by whoever decides on cases, changed by list editors."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import CASE_READERS

_EDITORS = {Role.LIST_EDITOR}
_READERS = CASE_READERS | _EDITORS | {Role.AGENCY_REVIEWER}
_SEE_PROPOSALS = _EDITORS | {Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR}
_ACTS = ("list_proposal_activate", "list_proposal_reject", "list_proposal_withdraw")
EXPECTED = {
    **dict.fromkeys(
        (
            "lists",
            "list_entries",
            "list_entry",
            "list_versions",
            "list_rules",
            "list_destinations",
            "list_templates",
            "list_template",
        ),
        _READERS,
    ),
    **dict.fromkeys(("list_proposals", "list_proposal"), _SEE_PROPOSALS),
    **dict.fromkeys(
        (
            "list_import",
            "list_import_file",
            "list_import_send",
            "list_entry_add",
            "list_entry_add_send",
            "list_entry_change",
            "list_entry_change_send",
        ),
        _EDITORS,
    ),
    **{f"{act}{step}": _EDITORS for act in _ACTS for step in ("", "_check", "_confirm")},
}
_LIST = "/zh/lists/parties/control_list"
_PROPOSAL = "/zh/lists/proposals/{proposal}"
PATHS = {
    "lists": "/zh/lists",
    "list_entries": _LIST,
    "list_entry": f"{_LIST}/entries/CONTROL-2025-1-01",
    "list_versions": f"{_LIST}/versions",
    "list_rules": "/zh/lists/rules",
    "list_destinations": "/zh/lists/destinations",
    "list_proposals": "/zh/lists/proposals",
    "list_proposal": _PROPOSAL,
    "list_templates": "/zh/lists/templates",
    "list_template": "/zh/lists/templates/parties.csv",
    "list_import": "/zh/lists/import",
    "list_import_file": "/zh/lists/import/new-list",
    "list_entry_add": f"{_LIST}/add",
    "list_entry_change": f"{_LIST}/change/CONTROL-2025-1-01",
    "list_proposal_activate": f"{_PROPOSAL}/activate",
    "list_proposal_reject": f"{_PROPOSAL}/reject",
    "list_proposal_withdraw": f"{_PROPOSAL}/withdraw",
}
