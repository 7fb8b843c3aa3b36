"""What the use cases of applications work with besides the database."""

from dataclasses import dataclass

from services.foundation.working_days import WorkingDayCalendar
from services.licensing.domain.application import Application
from services.licensing.domain.dossier_faults import Reference
from services.licensing.domain.procedure import Procedure, ProcedureBook

# The regime of every application so far; another regime is another procedure file.
REGIME = "dual_use"


@dataclass(frozen=True)
class ApplicationContext:
    """Published calendar, procedure files and reference codes, as loaded at the start of the process."""

    calendar: WorkingDayCalendar
    procedures: ProcedureBook
    reference: Reference

    def procedure_of(self, application: Application) -> Procedure:
        """The procedure version pinned when the application was submitted."""
        return self.procedures.version(application.procedure_version)
