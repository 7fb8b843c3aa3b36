"""The life of a licence as one table: (from, action, roles, when) -> to, and what each row requires.

Whatever is not in the table is refused. `python -m services.licensing.domain.licence_state` prints the picture
of the table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from services.foundation.errors import XukeError, failed_precondition
from services.foundation.principal import Role


class LicenceState(StrEnum):
    """Where a licence stands. Only an active one may be used."""

    ISSUED = "ISSUED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    EXHAUSTED = "EXHAUSTED"
    EXPIRED = "EXPIRED"
    SURRENDERED = "SURRENDERED"
    REVOKED = "REVOKED"


class LicenceAction(StrEnum):
    """What may be done to a licence; the value is the word of the event and of the change customs reads."""

    ACKNOWLEDGE = "ACKNOWLEDGED"
    STOP_AND_REPORT = "STOPPED_AND_REPORTED"
    """立即停止出口并报告, Regulation 792 Art. 25."""
    SUSPEND = "SUSPENDED"
    """暂时停止使用, Regulation 792 Art. 18(3) and 18(4)."""
    RESUME = "RESUMED"
    """恢复使用, Regulation 792 Art. 18(4)."""
    REVOKE = "REVOKED"
    """撤回、撤销, Regulation 792 Art. 18(4) and 20(2)."""
    SURRENDER = "SURRENDERED"
    """交回, Regulation 792 Art. 18(2)."""
    RECORD_DUE_DILIGENCE = "DUE_DILIGENCE_RECORDED"
    """尽职调查 before the goods are declared; see `due_diligence`."""
    EXPIRE = "EXPIRED"
    COMPLETE = "COMPLETED"
    """自动失效: lapses because the export is completed, Regulation 792 Art. 15(2)."""
    EXHAUST = "EXHAUSTED"


class SuspensionReason(StrEnum):
    """Why a licence is stopped: Regulation 792 Art. 25(1) to (3), Art. 18(4), Art. 18(3).

    `PARTY_LISTED`: a later screening prohibits what was granted, a change of the factors of Art. 18(4).
    """

    END_USER_CHANGED = "END_USER_CHANGED"
    END_USE_CHANGED = "END_USE_CHANGED"
    CERTIFICATE_FORGED_OR_EXPIRED = "CERTIFICATE_FORGED_OR_EXPIRED"
    CERTIFICATE_OBTAINED_BY_FRAUD = "CERTIFICATE_OBTAINED_BY_FRAUD"
    REVIEW_FACTORS_CHANGED = "REVIEW_FACTORS_CHANGED"
    AMENDMENT_PENDING = "AMENDMENT_PENDING"
    OTHER = "OTHER"
    PARTY_LISTED = "PARTY_LISTED"


def reason_for_holder(state_reason: str) -> str:
    """The reason of a suspension as its holder reads it: that factors of the review changed, never which hit did."""
    hidden = state_reason == SuspensionReason.PARTY_LISTED
    return SuspensionReason.REVIEW_FACTORS_CHANGED.value if hidden else state_reason


@dataclass(frozen=True)
class LicenceFacts:
    """What the rows ask about the licence beyond its state and the actor's role."""

    acknowledged: bool = False
    validity_passed: bool = False
    reservation_outstanding: bool = False
    uses_spent: bool = False
    quantities_spent: bool = False
    screening_prohibits: bool = False
    # A party looks like a listed one, and people have yet to say whether it is.
    hits_open: bool = False


@dataclass(frozen=True)
class When:
    """Chooses between rows of the same state and action."""

    name: str
    holds: Callable[[LicenceFacts], bool]


@dataclass(frozen=True)
class Requirement:
    """What must hold for a row to apply; `reason` is given where it does not."""

    reason: str
    holds: Callable[[LicenceFacts], bool]


ALWAYS = When("", lambda _: True)
ACKNOWLEDGED = When("acknowledged", lambda facts: facts.acknowledged)
NOT_ACKNOWLEDGED = When("never acknowledged", lambda facts: not facts.acknowledged)

NO_RESERVATION = Requirement("RESERVATION_OUTSTANDING", lambda facts: not facts.reservation_outstanding)
VALIDITY_PASSED = Requirement("VALIDITY_NOT_PASSED", lambda facts: facts.validity_passed)
USES_SPENT = Requirement("USES_NOT_SPENT", lambda facts: facts.uses_spent)
NOT_PROHIBITED = Requirement("SCREENING_PROHIBITS", lambda facts: not facts.screening_prohibits)
# Whatever the licence was stopped for: it keeps that reason when a listed party turns up afterwards.
NO_HITS_OPEN = Requirement("SCREENING_HITS_OPEN", lambda facts: not facts.hits_open)
QUANTITIES_SPENT = Requirement("QUANTITIES_NOT_SPENT", lambda facts: facts.quantities_spent)


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    source: LicenceState
    action: LicenceAction
    roles: frozenset[Role]
    target: LicenceState
    when: When = ALWAYS
    requires: tuple[Requirement, ...] = ()


_HOLDER = frozenset({Role.EXPORTER, Role.AGENT})
_AUTHORITY = frozenset({Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.ENFORCEMENT_OFFICER})
_DIRECTOR = frozenset({Role.MINISTRY_DIRECTOR})
_CUSTOMS = frozenset({Role.CUSTOMS_OFFICER})
_PROCEDURE = frozenset({Role.PROCEDURE})
_SUSPENDING = _AUTHORITY | _PROCEDURE
_S, _A = LicenceState, LicenceAction
# In use, or may be again.
LIVE = (_S.ISSUED, _S.ACTIVE, _S.SUSPENDED)
_OPEN = LIVE
_RESUMED = (NOT_PROHIBITED, NO_HITS_OPEN)

TABLE: tuple[Row, ...] = (
    Row(_S.ISSUED, _A.ACKNOWLEDGE, _CUSTOMS, _S.ACTIVE),
    # A report on a licence that is stopped already is a further report: it is taken, never turned away.
    *(Row(state, _A.STOP_AND_REPORT, _HOLDER, _S.SUSPENDED) for state in _OPEN),
    *(Row(state, _A.RECORD_DUE_DILIGENCE, _HOLDER, state) for state in _OPEN),
    # The procedure does it where a later screening prohibits what was granted (see `rescreening_effects`).
    Row(_S.ISSUED, _A.SUSPEND, _SUSPENDING, _S.SUSPENDED),
    Row(_S.ACTIVE, _A.SUSPEND, _SUSPENDING, _S.SUSPENDED),
    Row(_S.SUSPENDED, _A.RESUME, _DIRECTOR, _S.ACTIVE, ACKNOWLEDGED, _RESUMED),
    Row(_S.SUSPENDED, _A.RESUME, _DIRECTOR, _S.ISSUED, NOT_ACKNOWLEDGED, _RESUMED),
    *(Row(state, _A.REVOKE, _DIRECTOR, _S.REVOKED) for state in _OPEN),
    *(Row(state, _A.SURRENDER, _HOLDER, _S.SURRENDERED, requires=(NO_RESERVATION,)) for state in _OPEN),
    *(Row(state, _A.EXPIRE, _PROCEDURE, _S.EXPIRED, requires=(VALIDITY_PASSED,)) for state in _OPEN),
    # What a write-off by customs brings about. A release may complete a licence that is stopped meanwhile.
    *(
        Row(state, _A.COMPLETE, _CUSTOMS, _S.COMPLETED, requires=(USES_SPENT, NO_RESERVATION))
        for state in (_S.ACTIVE, _S.SUSPENDED)
    ),
    Row(_S.ACTIVE, _A.EXHAUST, _CUSTOMS, _S.EXHAUSTED, requires=(QUANTITIES_SPENT,)),
)


def allowed_actions(state: LicenceState, role: Role) -> list[LicenceAction]:
    """What a role may do to a licence in a state, in the order of the table."""
    return list(dict.fromkeys(row.action for row in TABLE if row.source is state and role in row.roles))


def transition(
    number: str, state: LicenceState, action: LicenceAction, role: Role, facts: LicenceFacts
) -> LicenceState:
    """The state that the action leads to.

    Errors: FAILED_PRECONDITION, LICENCE_ACTION_NOT_ALLOWED with the actual state and what is allowed, or the
    reason of the requirement that does not hold.
    """
    for row in TABLE:
        matches = row.source is state and row.action is action and role in row.roles
        if matches and row.when.holds(facts):
            for requirement in row.requires:
                if not requirement.holds(facts):
                    raise _refused(requirement.reason, number, state, action, role)
            return row.target
    raise _refused("LICENCE_ACTION_NOT_ALLOWED", number, state, action, role)


def _refused(reason: str, number: str, state: LicenceState, action: LicenceAction, role: Role) -> XukeError:
    allowed = ", ".join(allowed_actions(state, role))
    return failed_precondition(reason, id=number, state=state, action=action, allowed=allowed)


def state_diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {LicenceState.ISSUED}"]
    for row in TABLE:
        condition = f" [{row.when.name}]" if row.when.name else ""
        lines.append(f"    {row.source} --> {row.target}: {row.action.name.lower()}{condition}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(state_diagram())
