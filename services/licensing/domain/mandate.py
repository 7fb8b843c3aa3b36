"""The mandate (委托) by which an agent acts for an exporter; whoever acts for another shows the authority he has.

A mandate is in force on the days of law (Asia/Shanghai) from its first to its last, until it is revoked.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.foundation.errors import FieldViolation


class MandateScope(StrEnum):
    """How far an agent may act."""

    PREPARE = "PREPARE"
    FILE = "FILE"
    """Includes PREPARE."""


class MandateState(StrEnum):
    """Whether a mandate carries an agent on a day."""

    IN_FORCE = "IN_FORCE"
    NOT_YET = "NOT_YET"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


@dataclass(frozen=True)
class Mandate:
    """A mandate as recorded; both days are days of law and inclusive."""

    mandate_id: uuid.UUID
    agent_subject: str
    agent_name: str
    agent_organisation: str
    scope: MandateScope
    document_number: str
    valid_from: date
    valid_to: date
    granted_by: str
    granted_at: datetime
    revoked_by: str = ""
    revoked_at: datetime | None = None

    def state(self, day: date) -> MandateState:
        """The state on a day of law."""
        if self.revoked_at is not None:
            return MandateState.REVOKED
        if day < self.valid_from:
            return MandateState.NOT_YET
        if day > self.valid_to:
            return MandateState.EXPIRED
        return MandateState.IN_FORCE


def scope_in_force(mandates: Iterable[Mandate], day: date) -> MandateScope | None:
    """The widest scope of the mandates of one agent that are in force on a day; None where none is."""
    scopes = {mandate.scope for mandate in mandates if mandate.state(day) is MandateState.IN_FORCE}
    if MandateScope.FILE in scopes:
        return MandateScope.FILE
    return MandateScope.PREPARE if scopes else None


def period_faults(valid_from: date, valid_to: date, today: date) -> list[FieldViolation]:
    """What is wrong with the period of a mandate that is granted today."""
    if valid_to < valid_from:
        return [FieldViolation("valid_to", "MANDATE_ENDS_BEFORE_IT_BEGINS")]
    if valid_to < today:
        return [FieldViolation("valid_to", "MANDATE_ALREADY_OVER", {"today": today.isoformat()})]
    return []
