"""The agencies that can be consulted, and what a request to open a round may name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.consultation.domain.records import NewTask
from services.foundation.errors import FieldViolation, invalid_argument


@dataclass(frozen=True)
class Agency:
    """One agency (部门) with its name and where its part in the review comes from."""

    code: str
    name_zh: str
    name_en: str
    competence: str
    legal_source: str


class AgencyDirectory:
    """The agencies by code."""

    def __init__(self, agencies: Sequence[Agency]) -> None:
        self._agencies: Mapping[str, Agency] = {agency.code: agency for agency in agencies}
        if len(self._agencies) != len(agencies):
            raise ValueError("the directory names an agency twice")

    def __contains__(self, code: str) -> bool:
        return code in self._agencies

    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the directory."""
        return tuple(self._agencies)

    def check_tasks(self, tasks: Sequence[NewTask]) -> None:
        """Passes if every task is for a known agency, each asked once. Errors: INVALID_ARGUMENT."""
        violations, seen = [], set[str]()
        for index, task in enumerate(tasks):
            field = f"tasks[{index}].agency"
            if task.agency not in self:
                violations.append(
                    FieldViolation(
                        field, "UNKNOWN_AGENCY", {"value": task.agency, "known": " ".join(self.codes())}
                    )
                )
            elif task.agency in seen:
                violations.append(FieldViolation(field, "AGENCY_REPEATED", {"value": task.agency}))
            seen.add(task.agency)
        if violations:
            raise invalid_argument(*violations)
