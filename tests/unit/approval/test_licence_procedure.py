from datetime import UTC, datetime, timedelta

import pytest

from services.approval.domain.decisions import Await, Conclude, Proceed
from services.approval.domain.licence_procedure import LIVE, LONGEST_WAIT, decide
from services.approval.domain.position import LicencePosition, LicenceState
from services.approval.domain.steps import ExpireLicence, PrepareLicenceDocument

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EXPIRE, PREPARE = ExpireLicence("n"), PrepareLicenceDocument("n")


@pytest.mark.parametrize("state", sorted(set(LicenceState) - LIVE))
def test_a_licence_that_ended_ends_its_workflow(state: LicenceState) -> None:
    assert decide(LicencePosition("n", state, 3, True, NOW), NOW) == Conclude(state.value)


@pytest.mark.parametrize("state", sorted(set(LicenceState) - LIVE))
def test_a_licence_that_ended_before_it_was_printed_gets_its_document_first(state: LicenceState) -> None:
    assert decide(LicencePosition("n", state, 3, False, NOW), NOW) == Proceed((PREPARE,))


@pytest.mark.parametrize("state", sorted(LIVE))
@pytest.mark.parametrize(
    ("prepared", "expires_in", "decision"),
    [
        (False, timedelta(days=300), Proceed((PREPARE,))),
        (True, timedelta(days=300), Await(NOW + LONGEST_WAIT)),
        (True, timedelta(days=2), Await(NOW + timedelta(days=2))),
        (True, timedelta(0), Proceed((EXPIRE,))),
        (False, timedelta(days=-1), Proceed((EXPIRE, PREPARE))),
        (True, None, Await(NOW + LONGEST_WAIT)),
    ],
)
def test_a_live_licence_gets_its_document_and_its_expiry(
    state: LicenceState, prepared: bool, expires_in: timedelta | None, decision: object
) -> None:
    expires_at = None if expires_in is None else NOW + expires_in
    assert decide(LicencePosition("n", state, 3, prepared, expires_at), NOW) == decision
