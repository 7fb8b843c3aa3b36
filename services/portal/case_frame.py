"""What every page of a case shows around its contents: number, state, who has it, when it is due, and the tabs."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from flask import g, render_template
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.classification.v1 import classification_pb2
from xuke.consultation.v1 import consultation_pb2
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.messages import render
from services.foundation.permissions import Permission, allow
from services.foundation.principal import Role
from services.portal import formats
from services.portal.gate import admits
from services.portal.language import choose
from services.portal.queue_filters import CONCLUDED
from services.portal.services import services

OFFICERS: Final = (Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)
# The officers, those who watch over them, and the agencies that are asked about the case.
READERS: Final[Permission] = allow(*OFFICERS, Role.AUDITOR, Role.AGENCY_REVIEWER)
# Experts who are asked about it read what it is about, and nothing that others think of it.
DOSSIER_READERS: Final[Permission] = allow(*READERS.roles, Role.EXPERT)

# The tabs in their order: endpoint, key of the name.
TABS: Final = (
    ("case", "case.tab_summary"),
    ("case_dossier", "case.tab_dossier"),
    ("case_attachments", "case.tab_attachments"),
    ("case_classification", "case.tab_classification"),
    ("case_screening", "case.tab_screening"),
    ("case_consultation", "case.tab_consultation"),
    ("case_decision", "case.tab_decision"),
    ("case_time", "case.tab_time"),
    ("case_history", "case.tab_history"),
    ("case_notes", "case.tab_notes"),
)


@dataclass(frozen=True)
class Due:
    """The nearest deadline that is still to be met; `overdue` if it has passed."""

    kind: str
    at: Timestamp
    overdue: bool


def read_case(application_id: uuid.UUID) -> a.Case:
    """The case as the person may see it. Errors: NOT_FOUND."""
    return services().ask(services().reviews.GetCase, a.GetCaseRequest(application_id=str(application_id)))


def nearest_due(case: a.Case) -> Due | None:
    """What the case is due for next: a passed deadline before one to come; None where nothing is due."""
    if case.state in CONCLUDED:
        return None
    due = [
        Due(one.kind, one.due_at, one.still_owed)
        for one in case.deadlines
        if one.HasField("due_at") and (one.state == a.DEADLINE_STATE_OPEN or one.still_owed)
    ]
    return min(due, key=lambda one: (not one.overdue, one.at.seconds), default=None)


def render_case(template: str, case: a.Case, tab: str, **values: Any) -> str:
    """A page of a case; `tab` is the endpoint of the tab that it belongs to."""
    role = g.principal.role
    return render_template(
        template,
        case=case,
        tab=tab,
        tabs=[(endpoint, key) for endpoint, key in TABS if admits(endpoint, role)],
        tab_key=dict(TABS)[tab],
        due=nearest_due(case),
        due_unknown=case.state not in CONCLUDED
        and any(one.state == a.DEADLINE_STATE_OPEN for one in case.deadlines),
        cl=classification_pb2,
        co=consultation_pb2,
        moment=formats.moment,
        moment_day=formats.moment_day,
        percent=formats.percent,
        reason_sentence=_reason_sentence,
        **values,
    )


def _reason_sentence(reason: str) -> str:
    """The sentence of a reason code in the language of the page."""
    said = render(reason)
    return choose(said.zh, said.en)
