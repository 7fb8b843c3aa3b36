"""Mandates by the day of law, and what each standing may do, as tables."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.licensing.domain.mandate import (
    Mandate,
    MandateScope,
    MandateState,
    period_faults,
    scope_in_force,
)
from services.licensing.domain.standing import Demand, MemberRole, refusal_of_agent, refusal_of_member

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 6)
MANDATE = Mandate(
    uuid.UUID(int=1),
    "agent-1",
    "Wei",
    "",
    MandateScope.PREPARE,
    "WT-1",
    FIRST,
    LAST,
    "exporter-1",
    datetime(2026, 3, 1, tzinfo=UTC),
)
REVOKED = replace(MANDATE, revoked_by="exporter-1", revoked_at=datetime(2026, 3, 3, tzinfo=UTC))
FILING = replace(MANDATE, scope=MandateScope.FILE)


@given(st.integers(-400, 400))
def test_in_force_on_its_days_and_no_other(offset: int) -> None:
    day = FIRST + timedelta(days=offset)
    state = MANDATE.state(day)
    assert (state is MandateState.IN_FORCE) == (FIRST <= day <= LAST)
    assert (state is MandateState.NOT_YET) == (day < FIRST)
    assert (state is MandateState.EXPIRED) == (day > LAST)
    assert REVOKED.state(day) is MandateState.REVOKED


@pytest.mark.parametrize(
    ("mandates", "day", "scope"),
    [
        ([], FIRST, None),
        ([MANDATE], FIRST, MandateScope.PREPARE),
        ([MANDATE], LAST + timedelta(days=1), None),
        ([MANDATE, FILING], LAST, MandateScope.FILE),
        (
            [MANDATE, replace(FILING, revoked_by="x", revoked_at=REVOKED.revoked_at)],
            LAST,
            MandateScope.PREPARE,
        ),
        ([MANDATE, replace(FILING, valid_from=LAST)], FIRST, MandateScope.PREPARE),
        ([REVOKED], FIRST, None),
    ],
)
def test_the_widest_scope_in_force(mandates: list[Mandate], day: date, scope: MandateScope | None) -> None:
    assert scope_in_force(mandates, day) is scope


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "reasons"),
    [
        (FIRST, LAST, []),
        (FIRST, FIRST, []),
        (LAST, FIRST, ["MANDATE_ENDS_BEFORE_IT_BEGINS"]),
        (FIRST - timedelta(days=9), FIRST - timedelta(days=1), ["MANDATE_ALREADY_OVER"]),
        (FIRST - timedelta(days=9), FIRST, []),
    ],
)
def test_periods(valid_from: date, valid_to: date, reasons: list[str]) -> None:
    assert [fault.reason for fault in period_faults(valid_from, valid_to, FIRST)] == reasons


MEMBERS = {
    #                         reader                  filer                 administrator
    Demand.NOTHING: ("", "", ""),
    Demand.READ: ("", "", ""),
    Demand.PREPARE: ("MEMBER_MAY_ONLY_READ", "", ""),
    Demand.FILE: ("MEMBER_MAY_ONLY_READ", "", ""),
    Demand.ADMINISTER: ("ADMINISTRATOR_NEEDED", "ADMINISTRATOR_NEEDED", ""),
}
AGENTS = {
    #               none                     prepare                   file
    Demand.NOTHING: ("", "", ""),
    Demand.READ: ("", "", ""),
    Demand.PREPARE: ("AGENT_WITHOUT_MANDATE", "", ""),
    Demand.FILE: ("AGENT_WITHOUT_MANDATE", "MANDATE_DOES_NOT_COVER", ""),
    Demand.ADMINISTER: ("ADMINISTRATOR_NEEDED", "ADMINISTRATOR_NEEDED", "ADMINISTRATOR_NEEDED"),
}


@pytest.mark.parametrize("demand", Demand)
def test_who_may_do_what(demand: Demand) -> None:
    roles = (MemberRole.READER, MemberRole.FILER, MemberRole.ADMINISTRATOR)
    assert tuple(refusal_of_member(role, demand) for role in roles) == MEMBERS[demand]
    scopes = (None, MandateScope.PREPARE, MandateScope.FILE)
    assert tuple(refusal_of_agent(scope, demand) for scope in scopes) == AGENTS[demand]
