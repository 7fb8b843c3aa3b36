"""A case in which every name and every statement tries to be markup, from its draft to the suspended licence."""

from collections.abc import Iterator

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import (
    EXPERT,
    EXPORTER,
    OFFICER,
    PROVINCE,
    SECOND_OFFICER,
    Cast,
    activate,
    checks_pass,
    file_application,
)
from services.launcher.demo.reviewing import AgencyReviewer, answer_in_parallel
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import HOSTILE

DIRECTOR = "ministry.director"
REVIEWER = "mfa.reviewer"
# Whoever reads a case and its licence.
READERS = (PROVINCE, OFFICER, DIRECTOR, REVIEWER, "auditor")
# In the source of a page only if a statement got into it as it is, or was taken for a template.
LIVE = ("<script>alert", "&49", "&amp;49")


def hostile_dossier() -> d.Dossier:
    """A dossier that passes every check, with hostile texts wherever a person types freely."""
    stated = dossier(ORGANISATION, KOREAN_END_USER, f"ZJ-{HOSTILE}")
    stated.applicant.address = stated.delivery_schedule = HOSTILE
    stated.applicant.name_zh += HOSTILE
    stated.applicant.name_en = HOSTILE
    stated.applicant.handler.name = HOSTILE
    for item in stated.items:
        item.name_zh += HOSTILE
        item.name_en = item.model = HOSTILE
        item.description += HOSTILE
    for party in stated.parties:
        party.name_zh = party.name_en = party.address = HOSTILE
        if party.business:
            party.business = HOSTILE
    stated.end_use.description_zh += HOSTILE
    stated.end_use.description_en = stated.end_use.place_of_use = HOSTILE
    stated.end_user_certificate.signatory = HOSTILE
    return stated


def file_hostile_application(cast: Cast) -> str:
    """Files it; it stands at the province."""
    application_id = file_application(cast, hostile_dossier(), list(PAPERS))
    checks_pass(cast, application_id)
    return application_id


def forms_on_the_way(cast: Cast, application_id: str) -> Iterator[tuple[str, str, str]]:
    """Takes a case that stands at the province to a suspended licence, with hostile statements at every step.

    Yields the account, the endpoint and the address of each form while it is open to that account.
    """
    case_path = f"/cases/{application_id}/actions"
    yield PROVINCE, "case_supplement", f"{case_path}/supplement"
    yield PROVINCE, "case_forward", f"{case_path}/forward"
    cast.province.forward(cast.province.case(application_id), HOSTILE)
    yield OFFICER, "case_decline", f"{case_path}/decline"
    yield OFFICER, "case_accept", f"{case_path}/accept"
    cast.ministry.accept(cast.ministry.case(application_id))
    yield OFFICER, "case_assess", f"{case_path}/assess"
    yield OFFICER, "case_start_exclusion", f"{case_path}/start-exclusion"
    yield OFFICER, "case_consult", f"{case_path}/consult"
    case = cast.ministry.ask_experts(cast.ministry.case(application_id))
    cast.expert.sign_in()
    yield OFFICER, "case_ask_expert", f"{case_path}/ask-expert"
    cast.ministry.ask_expert(application_id, EXPERT, HOSTILE)
    (asked,) = cast.expert.requests(application_id)
    yield EXPERT, "expert_opinion", f"/cases/{application_id}/expert-requests/{asked.expert_request_id}"
    yield OFFICER, "case_end_exclusion", f"{case_path}/end-exclusion"
    case = cast.ministry.hear_experts(case)
    agencies = [routed.agency for routed in case.routed_agencies]
    cast.ministry.consult(case)
    reviewer = AgencyReviewer(cast.people, "MFA")
    task = reviewer.task(application_id)
    yield REVIEWER, "task_opinion", f"/tasks/{task.task_id}/opinion"
    yield DIRECTOR, "task_waiver", f"/tasks/{task.task_id}/waiver"
    condition = (HOSTILE, HOSTILE)
    (own,) = reviewer.answer(application_id, condition).conditions
    yield REVIEWER, "task_condition", f"/tasks/{task.task_id}/conditions/{own.condition_id}"
    answer_in_parallel(cast.people, application_id, [one for one in agencies if one != "MFA"], None)
    case = cast.ministry.wait_for_state(application_id, a.APPLICATION_STATE_READY_FOR_PROPOSAL)
    yield OFFICER, "case_propose", f"{case_path}/propose"
    cast.ministry.propose_grant(case, condition)
    yield SECOND_OFFICER, "case_countersign", f"{case_path}/countersign"
    cast.second.countersign(cast.second.case(application_id))
    number = cast.ministry.wait_for_state(application_id, a.APPLICATION_STATE_LICENSED).licence_number
    activate(cast, number)
    licence_path = f"/licences/{number}"
    yield OFFICER, "licence_suspend", f"{licence_path}/actions/suspend"
    yield DIRECTOR, "licence_revoke", f"{licence_path}/actions/revoke"
    yield EXPORTER, "licence_surrender", f"{licence_path}/actions/surrender"
    yield EXPORTER, "licence_due_diligence", f"{licence_path}/due-diligence"
    yield EXPORTER, "stop_and_report", f"{licence_path}/stop-and-report"
    cast.exporter.stop_and_report(number, HOSTILE)
    yield DIRECTOR, "licence_resume", f"{licence_path}/actions/resume"


def pages_of(application_id: str, licence: str) -> dict[str, tuple[str, ...]]:
    """The addresses that show what stands in the case, and who may open them."""
    case, applicants, holders = f"/cases/{application_id}", (EXPORTER,), (EXPORTER, *READERS)
    tabs = (
        "", "/dossier", "/attachments", "/classification", "/screening", "/consultation", "/decision", "/time",
        "/history", "/print",
    )  # fmt: skip
    own = f"/applications/{application_id}"
    return {
        **{f"{case}{tab}": READERS for tab in tabs},
        f"{case}/notes": tuple(one for one in READERS if one != REVIEWER),
        f"{case}/assignment": (PROVINCE, OFFICER, DIRECTOR),
        "/cases?state=every": (PROVINCE, OFFICER, DIRECTOR, "auditor"),
        "/tasks": (REVIEWER,),
        "/experts": (EXPERT,),
        "/": holders,
        "/search?query=ZJ-": (EXPORTER, OFFICER),
        own: applicants,
        f"{own}/withdraw": applicants,
        "/applications": applicants,
        "/notifications": (EXPORTER, PROVINCE, OFFICER),
        "/licences": tuple(one for one in holders if one != REVIEWER),
        f"/licences/{licence}": tuple(one for one in holders if one != REVIEWER),
        f"/verify/{licence}": applicants,
        "/overview": READERS,
    }
