"""The transition table of a licence, walked in full: every role, every state, every action."""

import itertools

import pytest

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.principal import Role
from services.licensing.domain.licence_state import (
    LicenceAction,
    LicenceFacts,
    LicenceState,
    allowed_actions,
    state_diagram,
    transition,
)

S, A = LicenceState, LicenceAction
HOLDER = {Role.EXPORTER, Role.AGENT}
AUTHORITY = {Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.ENFORCEMENT_OFFICER}
DIRECTOR, CUSTOMS, PROCEDURE = {Role.MINISTRY_DIRECTOR}, {Role.CUSTOMS_OFFICER}, {Role.PROCEDURE}

# Facts under which every requirement of the table holds.
FAVOURABLE = LicenceFacts(
    acknowledged=True,
    validity_passed=True,
    reservation_outstanding=False,
    uses_spent=True,
    quantities_spent=True,
)

# The life of a licence as the law and the house rules tell it, written down a second time.
EXPECTED = {
    (S.ISSUED, A.ACKNOWLEDGE): (CUSTOMS, S.ACTIVE),
    (S.ISSUED, A.STOP_AND_REPORT): (HOLDER, S.SUSPENDED),
    (S.ACTIVE, A.STOP_AND_REPORT): (HOLDER, S.SUSPENDED),
    (S.SUSPENDED, A.STOP_AND_REPORT): (HOLDER, S.SUSPENDED),
    (S.ISSUED, A.RECORD_DUE_DILIGENCE): (HOLDER, S.ISSUED),
    (S.ACTIVE, A.RECORD_DUE_DILIGENCE): (HOLDER, S.ACTIVE),
    (S.SUSPENDED, A.RECORD_DUE_DILIGENCE): (HOLDER, S.SUSPENDED),
    (S.ISSUED, A.SUSPEND): (AUTHORITY | PROCEDURE, S.SUSPENDED),
    (S.ACTIVE, A.SUSPEND): (AUTHORITY | PROCEDURE, S.SUSPENDED),
    (S.SUSPENDED, A.RESUME): (DIRECTOR, S.ACTIVE),
    (S.ISSUED, A.REVOKE): (DIRECTOR, S.REVOKED),
    (S.ACTIVE, A.REVOKE): (DIRECTOR, S.REVOKED),
    (S.SUSPENDED, A.REVOKE): (DIRECTOR, S.REVOKED),
    (S.ISSUED, A.SURRENDER): (HOLDER, S.SURRENDERED),
    (S.ACTIVE, A.SURRENDER): (HOLDER, S.SURRENDERED),
    (S.SUSPENDED, A.SURRENDER): (HOLDER, S.SURRENDERED),
    (S.ISSUED, A.EXPIRE): (PROCEDURE, S.EXPIRED),
    (S.ACTIVE, A.EXPIRE): (PROCEDURE, S.EXPIRED),
    (S.SUSPENDED, A.EXPIRE): (PROCEDURE, S.EXPIRED),
    (S.ACTIVE, A.COMPLETE): (CUSTOMS, S.COMPLETED),
    (S.SUSPENDED, A.COMPLETE): (CUSTOMS, S.COMPLETED),
    (S.ACTIVE, A.EXHAUST): (CUSTOMS, S.EXHAUSTED),
}


@pytest.mark.parametrize(("role", "state", "action"), list(itertools.product(Role, S, A)))
def test_every_role_state_and_action(role: Role, state: LicenceState, action: LicenceAction) -> None:
    roles, target = EXPECTED.get((state, action), (set(), None))
    if role in roles:
        assert transition("XK", state, action, role, FAVOURABLE) is target
        return
    with pytest.raises(XukeError) as caught:
        transition("XK", state, action, role, FAVOURABLE)
    assert caught.value.code is ErrorCode.FAILED_PRECONDITION
    assert caught.value.reason == "LICENCE_ACTION_NOT_ALLOWED"
    assert caught.value.metadata["state"] == state
    assert caught.value.metadata["allowed"] == ", ".join(allowed_actions(state, role))
    assert action not in allowed_actions(state, role)


@pytest.mark.parametrize(
    ("state", "action", "role", "facts", "reason"),
    [
        (
            S.ACTIVE,
            A.SURRENDER,
            Role.EXPORTER,
            LicenceFacts(reservation_outstanding=True),
            "RESERVATION_OUTSTANDING",
        ),
        (S.ACTIVE, A.EXPIRE, Role.PROCEDURE, LicenceFacts(), "VALIDITY_NOT_PASSED"),
        (S.ACTIVE, A.COMPLETE, Role.CUSTOMS_OFFICER, LicenceFacts(), "USES_NOT_SPENT"),
        (
            S.ACTIVE,
            A.COMPLETE,
            Role.CUSTOMS_OFFICER,
            LicenceFacts(uses_spent=True, reservation_outstanding=True),
            "RESERVATION_OUTSTANDING",
        ),
        (
            S.SUSPENDED,
            A.RESUME,
            Role.MINISTRY_DIRECTOR,
            LicenceFacts(hits_open=True),
            "SCREENING_HITS_OPEN",
        ),
        (S.ACTIVE, A.EXHAUST, Role.CUSTOMS_OFFICER, LicenceFacts(), "QUANTITIES_NOT_SPENT"),
    ],
)
def test_a_requirement_that_does_not_hold_is_the_reason(
    state: LicenceState, action: LicenceAction, role: Role, facts: LicenceFacts, reason: str
) -> None:
    with pytest.raises(XukeError) as caught:
        transition("XK", state, action, role, facts)
    assert caught.value.reason == reason


def test_resume_returns_to_issued_where_customs_never_acknowledged() -> None:
    facts = LicenceFacts(acknowledged=False)
    assert transition("XK", S.SUSPENDED, A.RESUME, Role.MINISTRY_DIRECTOR, facts) is S.ISSUED


def test_nothing_leads_out_of_an_end() -> None:
    for state in (S.COMPLETED, S.EXHAUSTED, S.EXPIRED, S.SURRENDERED, S.REVOKED):
        assert not any(allowed_actions(state, role) for role in Role)


def test_the_picture_shows_every_state() -> None:
    diagram = state_diagram()
    assert all(state in diagram for state in S)
    assert "SUSPENDED --> ISSUED: resume [never acknowledged]" in diagram
