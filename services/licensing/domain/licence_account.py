"""The account of a licence: what it grants, what is reserved, what has left (write-off, 核销)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from services.licensing.domain.licence_state import LicenceFacts, LicenceState

# Reason code of a licence that may not be used until its holder has recorded due diligence.
DUE_DILIGENCE_MISSING: Final = "DUE_DILIGENCE_MISSING"


class UsageKind(StrEnum):
    """What customs enters into the usage ledger."""

    RESERVE = "RESERVE"
    COMMIT = "COMMIT"
    RELEASE = "RELEASE"


class DeclarationLineState(StrEnum):
    """Where a line of a customs declaration stands. Committed and released are final."""

    RESERVED = "RESERVED"
    COMMITTED = "COMMITTED"
    RELEASED = "RELEASED"


@dataclass
class LineAccount:
    """One line of a licence, in its own unit. `reserved` and `committed` never exceed `licensed` together."""

    line_number: int
    hs_code: str
    unit: str
    licensed: Decimal
    reserved: Decimal
    committed: Decimal

    @property
    def available(self) -> Decimal:
        """What may still be reserved."""
        return self.licensed - self.reserved - self.committed


@dataclass
class LicenceAccount:
    """A licence as its use sees it. `max_uses` None means not limited.

    `due_diligence_missing`: the destination demands a record of due diligence before the goods are declared,
    and there is none.

    A use is a declaration: taken with its first reservation, given back when every line of it is released,
    made with its first commit.
    """

    number: str
    state: LicenceState
    state_reason: str
    acknowledged: bool
    valid_from: date
    valid_to: date
    max_uses: int | None
    uses_taken: int
    uses_made: int
    due_diligence_missing: bool
    lines: dict[int, LineAccount]

    def facts(self, today: date) -> LicenceFacts:
        """What the transition table asks of this licence on a day of law (Asia/Shanghai)."""
        return LicenceFacts(
            acknowledged=self.acknowledged,
            validity_passed=today > self.valid_to,
            reservation_outstanding=any(line.reserved > 0 for line in self.lines.values()),
            uses_spent=self.max_uses is not None and self.uses_made >= self.max_uses,
            quantities_spent=all(line.committed == line.licensed for line in self.lines.values()),
        )


@dataclass(frozen=True)
class Refusal:
    """Why a line is refused: a stable reason code and the values of its sentence."""

    reason: str
    metadata: dict[str, str]


def standing_refusal(account: LicenceAccount, today: date) -> Refusal | None:
    """Why nothing may leave under this licence today, or None. In every doubt it may not be used."""
    values = {"id": account.number}
    match account.state:
        case LicenceState.ISSUED:
            return Refusal("LICENCE_NOT_ACKNOWLEDGED", values)
        case LicenceState.SUSPENDED:
            return Refusal("LICENCE_SUSPENDED", {**values, "state_reason": account.state_reason})
        case LicenceState.COMPLETED:
            return Refusal("LICENCE_COMPLETED", values)
        case LicenceState.EXHAUSTED:
            return Refusal("LICENCE_EXHAUSTED", values)
        case LicenceState.EXPIRED:
            return Refusal("LICENCE_EXPIRED", {**values, "valid_to": account.valid_to.isoformat()})
        case LicenceState.SURRENDERED:
            return Refusal("LICENCE_SURRENDERED", values)
        case LicenceState.REVOKED:
            return Refusal("LICENCE_REVOKED", values)
        case LicenceState.ACTIVE:
            return _doubt(account, today, values)


def _doubt(account: LicenceAccount, today: date, values: dict[str, str]) -> Refusal | None:
    if not account.acknowledged:
        return Refusal("LICENCE_NOT_ACKNOWLEDGED", values)
    if today < account.valid_from:
        return Refusal("LICENCE_NOT_YET_VALID", {**values, "valid_from": account.valid_from.isoformat()})
    # The procedure marks an expired licence; the date decides before it does.
    if today > account.valid_to:
        return Refusal("LICENCE_EXPIRED", {**values, "valid_to": account.valid_to.isoformat()})
    return None


def due_diligence_refusal(account: LicenceAccount) -> Refusal | None:
    """Why goods may not be declared under this licence though it stands, or None.

    Due diligence is demanded again before the declaration; see `due_diligence`. Goods that were declared
    before may leave.
    """
    if account.due_diligence_missing:
        return Refusal(DUE_DILIGENCE_MISSING, {"id": account.number})
    return None


def reason_for_customs(state: LicenceState, state_reason: str, due_diligence_missing: bool) -> str:
    """Why a licence may not be used, as customs reads it; empty where nothing but its state says so."""
    standing = state in (LicenceState.ISSUED, LicenceState.ACTIVE)
    return state_reason or (DUE_DILIGENCE_MISSING if standing and due_diligence_missing else "")
