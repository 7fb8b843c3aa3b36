"""What may be done now: the same table as the act itself obeys, over facts read from the record."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.errors import XukeError
from services.foundation.principal import Role
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import (
    Action,
    ApplicationState,
    Facts,
    Outcome,
    allowed_actions,
    possible_actions,
    transition,
)
from services.licensing.domain.case_facts import recorded_facts
from services.licensing.domain.case_parts import ConsultationRound, Decision
from services.licensing.domain.dossier import Dossier
from services.licensing.domain.findings import (
    ConsultationSummary,
    OpinionSummary,
    ScreeningSummary,
    ScreeningVerdict,
)
from services.licensing.reference_files import load_procedures
from tests.support import identity

S, A = ApplicationState, Action
NOW = datetime(2026, 3, 2, tzinfo=UTC)
PROCEDURE = load_procedures().procedures[0]


@given(
    st.sampled_from(S),
    st.sampled_from(Role),
    st.builds(
        Facts,
        checks_return_to=st.sampled_from((S.PROVINCIAL_REVIEW, S.MINISTRY_INTAKE)),
        open_deficiencies=st.integers(0, 2),
        outcome=st.sampled_from(Outcome),
        open_hits=st.integers(0, 1),
        screening_prohibits=st.booleans(),
    ),
)
def test_what_is_offered_is_what_is_not_refused(state: S, role: Role, facts: Facts) -> None:
    accepted = []
    for action in allowed_actions(state, role):
        # Whoever proposes chooses the outcome; whoever countersigns finds it.
        outcomes = tuple(Outcome) if action is A.PROPOSE else (facts.outcome,)
        for outcome in outcomes:
            try:
                transition("id", state, action, role, replace(facts, outcome=outcome))
            except XukeError:
                continue
            accepted.append(action)
            break
    assert list(possible_actions(state, role, facts)) == accepted


def case_in(state: S, **fields: object) -> Application:
    return Application(
        uuid.uuid4(),
        "91320100MA1XUKE016",
        "exporter-1",
        NOW,
        Dossier(),
        state=state,
        **fields,  # type: ignore[arg-type]
    )


def proposal(outcome: Outcome = Outcome.GRANT) -> Decision:
    return Decision(1, outcome, "", (), (), identity.MINISTRY_OFFICER.subject, NOW)


def screened(verdict: ScreeningVerdict = ScreeningVerdict.REVIEW, open_hits: int = 0) -> ScreeningSummary:
    return ScreeningSummary("", verdict, open_hits=open_hits)


def objection() -> ConsultationRound:
    summary = ConsultationSummary("", 1, "ADVERSE", (OpinionSummary("MFA", opinion="REFUSE"),))
    return ConsultationRound(1, (), "", summary, NOW, NOW)


OFFICER, SECOND = identity.MINISTRY_OFFICER, identity.SECOND_OFFICER
DIRECTOR, PROVINCE = identity.MINISTRY_DIRECTOR, identity.PROVINCIAL_OFFICER


@pytest.mark.parametrize(
    ("who", "application", "recorded", "offered"),
    [
        (PROVINCE, case_in(S.PROVINCIAL_REVIEW), {}, "request_supplement forward"),
        (PROVINCE, case_in(S.PROVINCIAL_REVIEW), {"open_deficiencies": 1}, "request_supplement"),
        (
            PROVINCE,
            case_in(S.PROVINCIAL_REVIEW, supplements_asked_by=(S.PROVINCIAL_REVIEW,)),
            {},
            "forward",
        ),
        (PROVINCE, case_in(S.PROVINCIAL_REVIEW, supplement_window_closed=True), {}, "forward"),
        (OFFICER, case_in(S.PROVINCIAL_REVIEW), {}, ""),
        (
            OFFICER,
            case_in(S.MINISTRY_INTAKE, supplements_asked_by=(S.PROVINCIAL_REVIEW,)),
            {},
            "request_supplement accept decline_acceptance",
        ),
        (OFFICER, case_in(S.READY_FOR_PROPOSAL), {}, "start_consultation start_exclusion propose"),
        (
            OFFICER,
            case_in(S.READY_FOR_PROPOSAL),
            {"exclusion_open": True},
            "start_consultation end_exclusion",
        ),
        (OFFICER, case_in(S.PROPOSED), {"proposal": proposal()}, "start_exclusion"),
        (SECOND, case_in(S.PROPOSED), {"proposal": proposal()}, "start_exclusion countersign send_back"),
        (
            SECOND,
            case_in(S.PROPOSED),
            {"proposal": proposal(), "exclusion_open": True},
            "end_exclusion send_back",
        ),
        (
            SECOND,
            case_in(S.PROPOSED),
            {"proposal": proposal(), "rounds": [objection()]},
            "start_exclusion send_back",
        ),
        (
            SECOND,
            case_in(S.PROPOSED),
            {"proposal": proposal(Outcome.REFUSE), "rounds": [objection()]},
            "start_exclusion countersign send_back",
        ),
        (
            DIRECTOR,
            case_in(S.PROPOSED),
            {"proposal": proposal(), "rounds": [objection()]},
            "countersign send_back",
        ),
        # While a hit is open, or the screening prohibits, a refusal is still proposed, signed and sent back.
        (
            OFFICER,
            case_in(S.READY_FOR_PROPOSAL),
            {"screening": screened(open_hits=1)},
            "start_consultation start_exclusion propose",
        ),
        (
            SECOND,
            case_in(S.PROPOSED),
            {"proposal": proposal(), "screening": screened(open_hits=1)},
            "start_exclusion send_back",
        ),
        (
            SECOND,
            case_in(S.PROPOSED),
            {"proposal": proposal(), "screening": screened(ScreeningVerdict.PROHIBITED)},
            "start_exclusion send_back",
        ),
        (
            SECOND,
            case_in(S.PROPOSED),
            {"proposal": proposal(Outcome.REFUSE), "screening": screened(ScreeningVerdict.PROHIBITED, 1)},
            "start_exclusion countersign send_back",
        ),
        (identity.AUDITOR, case_in(S.PROPOSED), {"proposal": proposal()}, ""),
    ],
)
def test_offered_on_a_case(
    who: object, application: Application, recorded: dict[str, object], offered: str
) -> None:
    given_facts = {"open_deficiencies": 0, "exclusion_open": False, "proposal": None, "rounds": ()}
    given_facts["screening"] = None
    facts = recorded_facts(application, PROCEDURE, who, **(given_facts | recorded))  # type: ignore[arg-type]
    found = possible_actions(application.state, who.role, facts)  # type: ignore[attr-defined]
    assert set(found) == {A(word) for word in offered.split()}
