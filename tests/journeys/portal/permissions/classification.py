"""Inquiries, products, control lists and what an export needs."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import ACCOUNTS, APPLICANTS, CASE_READERS

_MINISTRY = {Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR}
_EDITORS = {Role.LIST_EDITOR}
_SEE_PROPOSALS = _EDITORS | _MINISTRY | {Role.AUDITOR}
_OFFICERS = CASE_READERS | _EDITORS | {Role.AGENCY_REVIEWER, Role.ENFORCEMENT_OFFICER}
_EVERYBODY = set(ACCOUNTS)


def _act(endpoint: str, roles: set[Role]) -> dict[str, set[Role]]:
    return {f"{endpoint}{step}": roles for step in ("", "_check", "_confirm")}


EXPECTED = {
    **dict.fromkeys(("inquiries", "inquiry"), APPLICANTS | _MINISTRY | {Role.AUDITOR}),
    **dict.fromkeys(("inquiry_ask", "inquiry_ask_send"), APPLICANTS),
    "inquiry_statistics": _MINISTRY | {Role.AUDITOR},
    "cited_answer": CASE_READERS | {Role.AGENCY_REVIEWER, Role.CUSTOMS_OFFICER, Role.ENFORCEMENT_OFFICER},
    **_act("inquiry_supplement", APPLICANTS),
    **_act("inquiry_withdraw", APPLICANTS),
    **_act("inquiry_request", _MINISTRY),
    **_act("inquiry_answer", _MINISTRY),
    **dict.fromkeys(
        (
            "products",
            "product",
            "product_add",
            "product_add_send",
            "product_change",
            "product_change_send",
            "product_families",
            "product_families_send",
            "product_import",
            "product_import_send",
            "product_imported",
            "product_template",
            "product_compare",
            "product_comparison",
            "product_comparison_paper",
            "product_statement",
            "product_statement_paper",
            "filing_products",
            "filing_products_choose",
        ),
        APPLICANTS,
    ),
    **_act("product_archive", APPLICANTS),
    **dict.fromkeys(("control_lists", "control_entry", "requirement"), _EVERYBODY),
    **dict.fromkeys(("control_temporary", "control_interpretations"), _OFFICERS),
    **dict.fromkeys(("control_proposals", "control_proposal", "reclassification_tasks"), _SEE_PROPOSALS),
    **dict.fromkeys(
        (
            "control_import",
            "control_import_send",
            "control_standing",
            "control_standing_send",
            "control_interpretation",
            "control_interpretation_send",
        ),
        _EDITORS,
    ),
    **_act("control_activate", _EDITORS),
    **_act("control_reject", _EDITORS),
    **_act("control_withdraw", _EDITORS),
    **_act("reclassification_settle", _EDITORS | {Role.MINISTRY_OFFICER}),
}
_INQUIRY = "/zh/inquiries/{inquiry}"
_PRODUCT = "/zh/products/{product}"
_COMPARISON = f"{_PRODUCT}/comparison/1C117.d.1"
_PROPOSAL = "/zh/control-list/proposals/{control_proposal}"
_ENTRY = "test_regime/9Z999.a"
PATHS = {
    "inquiries": "/zh/inquiries",
    "inquiry": _INQUIRY,
    "inquiry_ask": "/zh/inquiries/ask",
    "cited_answer": "/zh/inquiries/cited",
    "inquiry_statistics": "/zh/inquiries/statistics",
    "inquiry_supplement": f"{_INQUIRY}/supplement",
    "inquiry_withdraw": f"{_INQUIRY}/withdraw",
    "inquiry_request": f"{_INQUIRY}/request",
    "inquiry_answer": f"{_INQUIRY}/answer",
    "products": "/zh/products",
    "product": _PRODUCT,
    "product_add": "/zh/products/add",
    "product_change": f"{_PRODUCT}/change",
    "product_archive": f"{_PRODUCT}/archive",
    "product_families": "/zh/products/families",
    "product_import": "/zh/products/import",
    "product_imported": "/zh/products/imported?added=1",
    "product_template": "/zh/products/template.csv",
    "product_comparison": _COMPARISON,
    "product_comparison_paper": f"{_PRODUCT}/sheet/1C117.d.1",
    "product_compare": f"{_PRODUCT}/comparison",
    "product_statement": f"{_PRODUCT}/statement",
    "product_statement_paper": f"{_PRODUCT}/statement.pdf",
    "filing_products": "/zh/applications/{draft}/items/products",
    "control_lists": "/zh/control-list?query=9Z999.a",
    "control_entry": f"/zh/control-list/entries/{_ENTRY}",
    "control_temporary": "/zh/control-list/temporary",
    "control_interpretations": "/zh/control-list/interpretations",
    "control_proposals": "/zh/control-list/proposals",
    "control_proposal": _PROPOSAL,
    "control_import": "/zh/control-list/import",
    "control_standing": f"/zh/control-list/standing/{_ENTRY}",
    "control_interpretation": "/zh/control-list/interpretations/propose?control_code=2B005",
    "control_activate": f"{_PROPOSAL}/activate",
    "control_reject": f"{_PROPOSAL}/reject",
    "control_withdraw": f"{_PROPOSAL}/withdraw",
    "reclassification_tasks": "/zh/control-list/tasks",
    "reclassification_settle": "/zh/control-list/tasks/{reclassification}",
    "requirement": "/zh/requirement?ask=1&control_codes=1C117.d.1&destination=JP&mode=EXPORT",
}
