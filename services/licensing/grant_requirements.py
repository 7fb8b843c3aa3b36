"""What stands against a grant as the case is now: conditions that are not met, agencies that were not asked.

Asked when a grant is proposed and again when it is countersigned, because an item can be assessed in between.
"""

from collections.abc import Mapping
from typing import Final

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import failed_precondition
from services.licensing.application_context import ApplicationContext
from services.licensing.case_views import assess, unmet_conditions
from services.licensing.domain.application import Application
from services.licensing.domain.consultation_plan import unconsulted
from services.licensing.domain.export_conditions import ConditionKind
from services.licensing.domain.grant import POSSIBLY_CONTROLLED, condition_codes
from services.licensing.store import review_records

_NOT_GRANTABLE: Final[Mapping[ConditionKind, str]] = {
    ConditionKind.EXPORTER_NOT_DESIGNATED: "GRANT_EXPORTER_NOT_DESIGNATED",
    ConditionKind.DESTINATION_SHUT_OUT: "GRANT_DESTINATION_SHUT_OUT",
}


def require_grantable(work: UnitOfWork, context: ApplicationContext, application: Application) -> None:
    """Refuses a grant that may not be made of the case as it stands.

    Errors: FAILED_PRECONDITION where a condition on a code that an item is assessed to fall under, or else may fall
    under, is not met, or where a mandatory agency of the present route was never asked.
    """
    assessment = assess(work, context, application)
    dossier = assessment.submission.dossier
    classifications = assessment.check.classifications if assessment.check else ()
    codes = condition_codes(dossier, classifications, POSSIBLY_CONTROLLED, assessment.assessed)
    for unmet in unmet_conditions(work, context, dossier, codes):
        concerned = [code for code in codes if unmet.concerns(code, legal_day(work.call.now))]
        raise failed_precondition(
            _NOT_GRANTABLE[unmet.kind],
            control_codes=" ".join(concerned),
            source=f"{unmet.source.instrument} {unmet.source.article}",
        )
    rounds = review_records.rounds(work.connection, application.application_id)
    if agencies := unconsulted(assessment.route, rounds):
        raise failed_precondition("GRANT_AGENCY_NOT_CONSULTED", agencies=" ".join(agencies))
