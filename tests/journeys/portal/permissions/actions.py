"""Acts on cases, tasks and licences: each for those who do it."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import APPLICANTS

_PROVINCE = {Role.PROVINCIAL_OFFICER}
_OFFICER = {Role.MINISTRY_OFFICER}
_DIRECTOR = {Role.MINISTRY_DIRECTOR}
_REVIEWER = {Role.AGENCY_REVIEWER}
_WATCHERS = {Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR}
_ACTS = {
    "case_forward": _PROVINCE,
    "case_supplement": _PROVINCE | _OFFICER,
    "case_accept": _OFFICER,
    "case_decline": _OFFICER,
    "case_consult": _OFFICER,
    "case_assess": _PROVINCE | _OFFICER,
    "case_start_exclusion": _OFFICER,
    "case_end_exclusion": _OFFICER,
    "case_ask_expert": _OFFICER,
    "expert_opinion": {Role.EXPERT},
    "case_propose": _OFFICER,
    "case_countersign": _OFFICER | _DIRECTOR,
    "task_opinion": _REVIEWER,
    "task_condition": _REVIEWER,
    "task_waiver": _DIRECTOR,
    "licence_suspend": _OFFICER | _DIRECTOR | {Role.ENFORCEMENT_OFFICER},
    "licence_resume": _DIRECTOR,
    "licence_revoke": _DIRECTOR,
    "licence_surrender": APPLICANTS,
}
EXPECTED = {
    **{f"{act}{step}": roles for act, roles in _ACTS.items() for step in ("", "_check", "_confirm")},
    "task": _WATCHERS | _REVIEWER,
    "case_task": _REVIEWER,
    "case_waive": _DIRECTOR,
}
PATHS = {
    "case_forward": "/zh/cases/{licensed}/actions/forward",
    "case_supplement": "/zh/cases/{licensed}/actions/supplement",
    "case_accept": "/zh/cases/{licensed}/actions/accept",
    "case_decline": "/zh/cases/{licensed}/actions/decline",
    "case_consult": "/zh/cases/{licensed}/actions/consult",
    "case_assess": "/zh/cases/{licensed}/actions/assess",
    "case_start_exclusion": "/zh/cases/{licensed}/actions/start-exclusion",
    "case_end_exclusion": "/zh/cases/{licensed}/actions/end-exclusion",
    "case_ask_expert": "/zh/cases/{licensed}/actions/ask-expert",
    "expert_opinion": "/zh/cases/{licensed}/expert-requests/{expert_request}",
    "case_propose": "/zh/cases/{licensed}/actions/propose",
    "case_countersign": "/zh/cases/{licensed}/actions/countersign",
    "case_task": "/zh/cases/{licensed}/task",
    "case_waive": "/zh/cases/{licensed}/actions/waive",
    "task": "/zh/tasks/{task}",
    "task_opinion": "/zh/tasks/{task}/opinion",
    "task_condition": "/zh/tasks/{task}/conditions/{condition}",
    "task_waiver": "/zh/tasks/{task}/waiver",
    "licence_suspend": "/zh/licences/{licence}/actions/suspend",
    "licence_resume": "/zh/licences/{licence}/actions/resume",
    "licence_revoke": "/zh/licences/{licence}/actions/revoke",
    "licence_surrender": "/zh/licences/{licence}/actions/surrender",
}
