"""What the transition table asks about a case, from what is recorded of it and who asks."""

from collections.abc import Iterable

from services.foundation.principal import Principal, Role
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Facts, Outcome
from services.licensing.domain.case_parts import ConsultationRound, Decision
from services.licensing.domain.findings import ScreeningSummary, ScreeningVerdict
from services.licensing.domain.objections import objecting_agencies
from services.licensing.domain.procedure import Procedure


def recorded_facts(
    application: Application,
    procedure: Procedure,
    principal: Principal,
    *,
    open_deficiencies: int,
    exclusion_open: bool,
    proposal: Decision | None,
    rounds: Iterable[ConsultationRound],
    screening: ScreeningSummary | None,
) -> Facts:
    """The facts as they stand. `proposal` is the last one; its outcome is what a countersigner agrees to.

    `screening` is the newest one of the submission in hand, None while its checks wait.
    """
    closed = (each.summary for each in rounds if each.summary is not None)
    return Facts(
        checks_return_to=application.checks_return_to,
        open_deficiencies=open_deficiencies,
        supplement_already_requested=application.state in application.supplements_asked_by,
        supplement_window_closed=application.supplement_window_closed,
        exclusion_open=exclusion_open,
        outcome=Outcome.GRANT if proposal is None else proposal.outcome,
        actor_is_proposer=proposal is not None and proposal.proposed_by == principal.subject,
        agency_objects=procedure.director_against_objection and bool(objecting_agencies(closed)),
        actor_is_director=principal.role is Role.MINISTRY_DIRECTOR,
        open_hits=screening.open_hits if screening is not None else 0,
        screening_prohibits=screening is not None and screening.verdict is ScreeningVerdict.PROHIBITED,
    )
