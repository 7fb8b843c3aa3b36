"""What officers do until a case is accepted: ask for the supplement, forward, accept or decline."""

import dataclasses
from collections.abc import Sequence

from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import change, load_for_change, notify, require_allowed
from services.licensing.case_views import CaseView, assess, case_of, facts_of
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action
from services.licensing.domain.findings import Deficiency, NoticeKind
from services.licensing.supplement_scope import require_known_fields


def request_supplement(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    etag: str,
    added: Sequence[Deficiency],
) -> CaseView:
    """Tells the applicant once of everything that is missing (一次性告知, 行政许可法 Art. 32(4))."""
    application = load_for_change(work, application_id, etag)
    stage = application.state
    facts = facts_of(work, context, application)
    require_allowed(work, application, Action.REQUEST_SUPPLEMENT, facts)
    assessment = assess(work, context, application)
    require_known_fields(assessment.submission.dossier, added)
    told = (*assessment.deficiencies, *added)
    if not told:
        raise invalid_field("deficiencies", "DEFICIENCY_NEEDED")
    asked = dataclasses.replace(
        application,
        checks_return_to=stage,
        supplements_asked_by=(*application.supplements_asked_by, stage),
    )
    notice_id = notify(work, application, NoticeKind.SUPPLEMENT, {"count": str(len(told))}, told)
    payload = {"notice_id": notice_id, "asked_by": stage.value, "deficiencies": str(len(told))}
    return case_of(
        work, context, change(work, context, asked, Action.REQUEST_SUPPLEMENT, facts, payload=payload)
    )


def forward(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str, opinion: str
) -> CaseView:
    """Forwards to the ministry with the opinion of the province (转报)."""
    application = load_for_change(work, application_id, etag)
    facts = facts_of(work, context, application)
    forwarded = dataclasses.replace(
        application,
        provincial_opinion=opinion,
        received_at=work.call.now,
        supplement_window_closed=False,
    )
    return case_of(work, context, change(work, context, forwarded, Action.FORWARD, facts))


def accept(work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str) -> CaseView:
    """Accepts (受理): the review limit starts."""
    application = load_for_change(work, application_id, etag)
    payload = {"accepted_as_of": work.call.now.isoformat()}
    accepted = change(work, context, application, Action.ACCEPT, payload=payload)
    notify_accepted(work, accepted)
    return case_of(work, context, accepted)


def notify_accepted(work: UnitOfWork, application: Application) -> None:
    """Issues the notice of acceptance (行政许可法 Art. 32)."""
    notify(work, application, NoticeKind.ACCEPTANCE)


def decline_acceptance(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str, reasons: str
) -> CaseView:
    """Refuses acceptance (不予受理) with reasons."""
    application = load_for_change(work, application_id, etag)
    declined = change(work, context, application, Action.DECLINE_ACCEPTANCE)
    notify(work, declined, NoticeKind.NON_ACCEPTANCE, {"reasons": reasons})
    return case_of(work, context, declined)
