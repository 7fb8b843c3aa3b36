"""The life of an inquiry: one table of every change of state that is possible, and nothing beside it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.classification.domain.inquiry import InquiryState
from services.foundation.errors import failed_precondition, permission_denied
from services.foundation.principal import Role


class InquiryAction(StrEnum):
    """What can be done to an inquiry; also the word of the event in the ledger."""

    ASK = "ASK"
    REQUEST_INFORMATION = "REQUEST_INFORMATION"
    SUPPLEMENT = "SUPPLEMENT"
    ANSWER = "ANSWER"
    WITHDRAW = "WITHDRAW"


@dataclass(frozen=True, slots=True)
class InquiryTransition:
    """One row: in `source`, one of `roles` may take `action`, which leads to `target`."""

    source: InquiryState
    action: InquiryAction
    roles: frozenset[Role]
    target: InquiryState


_ASKERS: Final = frozenset({Role.EXPORTER, Role.AGENT})
_MINISTRY: Final = frozenset({Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR})
_ASKED, _WAITING = InquiryState.ASKED, InquiryState.INFORMATION_REQUESTED

TRANSITIONS: Final[tuple[InquiryTransition, ...]] = (
    InquiryTransition(_ASKED, InquiryAction.REQUEST_INFORMATION, _MINISTRY, _WAITING),
    InquiryTransition(_WAITING, InquiryAction.SUPPLEMENT, _ASKERS, _ASKED),
    InquiryTransition(_ASKED, InquiryAction.ANSWER, _MINISTRY, InquiryState.ANSWERED),
    # Whoever does not supply what was asked for is answered with what is known.
    InquiryTransition(_WAITING, InquiryAction.ANSWER, _MINISTRY, InquiryState.ANSWERED),
    InquiryTransition(_ASKED, InquiryAction.WITHDRAW, _ASKERS, InquiryState.WITHDRAWN),
    InquiryTransition(_WAITING, InquiryAction.WITHDRAW, _ASKERS, InquiryState.WITHDRAWN),
)


def allowed_actions(state: InquiryState, role: Role) -> tuple[InquiryAction, ...]:
    """What a role can do in a state, in the order of the table."""
    return tuple(row.action for row in TRANSITIONS if row.source is state and role in row.roles)


def next_state(identifier: str, state: InquiryState, action: InquiryAction, role: Role) -> InquiryState:
    """The state that an action leads to.

    Errors: PERMISSION_DENIED for a role that never does this; FAILED_PRECONDITION with
    INQUIRY_STATE_FORBIDS_ACTION naming the actual state and what is possible in it.
    """
    if all(role not in row.roles for row in TRANSITIONS if row.action is action):
        raise permission_denied("ROLE_NOT_ALLOWED", role=role.value, method=action.value)
    for row in TRANSITIONS:
        if row.source is state and row.action is action and role in row.roles:
            return row.target
    raise failed_precondition(
        "INQUIRY_STATE_FORBIDS_ACTION",
        id=identifier,
        action=action.value,
        state=state.value,
        allowed=" ".join(allowed_actions(state, role)),
    )


def state_diagram() -> str:
    """The table as a Mermaid state diagram, for the README."""
    lines = ["stateDiagram-v2", f"    [*] --> {_ASKED}: {InquiryAction.ASK}"]
    lines += [f"    {row.source} --> {row.target}: {row.action}" for row in TRANSITIONS]
    ends = [state for state in InquiryState if all(row.source is not state for row in TRANSITIONS)]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in ends)])
