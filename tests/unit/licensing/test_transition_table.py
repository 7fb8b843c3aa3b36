"""The transition table, walked over every role, state and action against an expectation written out here."""

import dataclasses
import itertools

import pytest

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.messages import catalogue
from services.foundation.principal import Role
from services.licensing.domain.application_state import (
    CONCLUDED,
    TABLE,
    Action,
    ApplicationState,
    Facts,
    Outcome,
    allowed_actions,
    mermaid,
    transition,
)

S, A = ApplicationState, Action

# From, action, roles, to. E exporter and agent, P province, M ministry officer, D director, R procedure.
EXPECTED = """
DRAFT                update             E  DRAFT
DRAFT                attach             E  DRAFT
DRAFT                remove_attachment  E  DRAFT
DRAFT                submit             E  SUBMITTED
DRAFT                withdraw           E  WITHDRAWN
SUBMITTED            pass_checks        R  PROVINCIAL_REVIEW
SUBMITTED            refuse_at_gate     R  GATE_REFUSED
SUBMITTED            withdraw           E  WITHDRAWN
PROVINCIAL_REVIEW    request_supplement P  SUPPLEMENT_REQUESTED
PROVINCIAL_REVIEW    forward            P  MINISTRY_INTAKE
PROVINCIAL_REVIEW    assess_item        P  PROVINCIAL_REVIEW
PROVINCIAL_REVIEW    withdraw           E  WITHDRAWN
SUPPLEMENT_REQUESTED update             E  SUPPLEMENT_REQUESTED
SUPPLEMENT_REQUESTED attach             E  SUPPLEMENT_REQUESTED
SUPPLEMENT_REQUESTED remove_attachment  E  SUPPLEMENT_REQUESTED
SUPPLEMENT_REQUESTED supplement         E  SUBMITTED
SUPPLEMENT_REQUESTED lapse              R  LAPSED
SUPPLEMENT_REQUESTED withdraw           E  WITHDRAWN
MINISTRY_INTAKE      request_supplement M  SUPPLEMENT_REQUESTED
MINISTRY_INTAKE      accept             M  ACCEPTED
MINISTRY_INTAKE      deem_accepted      R  ACCEPTED
MINISTRY_INTAKE      decline_acceptance M  NOT_ACCEPTED
MINISTRY_INTAKE      assess_item        M  MINISTRY_INTAKE
MINISTRY_INTAKE      withdraw           E  WITHDRAWN
ACCEPTED             start_consultation M  IN_CONSULTATION
ACCEPTED             start_exclusion    M  ACCEPTED
ACCEPTED             end_exclusion      M  ACCEPTED
ACCEPTED             assess_item        M  ACCEPTED
ACCEPTED             withdraw           E  WITHDRAWN
IN_CONSULTATION      open_consultation  R  IN_CONSULTATION
IN_CONSULTATION      close_consultation R  READY_FOR_PROPOSAL
IN_CONSULTATION      start_exclusion    M  IN_CONSULTATION
IN_CONSULTATION      end_exclusion      M  IN_CONSULTATION
IN_CONSULTATION      assess_item        M  IN_CONSULTATION
IN_CONSULTATION      withdraw           E  WITHDRAWN
READY_FOR_PROPOSAL   start_consultation M  IN_CONSULTATION
READY_FOR_PROPOSAL   start_exclusion    M  READY_FOR_PROPOSAL
READY_FOR_PROPOSAL   end_exclusion      M  READY_FOR_PROPOSAL
READY_FOR_PROPOSAL   propose            M  PROPOSED
READY_FOR_PROPOSAL   assess_item        M  READY_FOR_PROPOSAL
READY_FOR_PROPOSAL   withdraw           E  WITHDRAWN
PROPOSED             start_exclusion    M  PROPOSED
PROPOSED             end_exclusion      M  PROPOSED
PROPOSED             countersign        MD APPROVED
PROPOSED             send_back          MD READY_FOR_PROPOSAL
PROPOSED             assess_item        M  PROPOSED
PROPOSED             withdraw           E  WITHDRAWN
APPROVED             issue_licence      R  LICENSED
APPROVED             send_back          MD READY_FOR_PROPOSAL
"""
LETTERS = {
    "E": {Role.EXPORTER, Role.AGENT},
    "P": {Role.PROVINCIAL_OFFICER},
    "M": {Role.MINISTRY_OFFICER},
    "D": {Role.MINISTRY_DIRECTOR},
    "R": {Role.PROCEDURE},
}


def expectation() -> dict[tuple[Role, ApplicationState, Action], ApplicationState]:
    expected = {}
    for line in EXPECTED.strip().splitlines():
        source, action, letters, target = line.split()
        for role in set().union(*(LETTERS[letter] for letter in letters)):
            expected[role, S(source), A(action)] = S(target)
    return expected


def test_every_role_state_and_action() -> None:
    expected, found = expectation(), {}
    for role, state, action in itertools.product(Role, S, A):
        held = (state, action) == (S.APPROVED, A.SEND_BACK)
        facts = Facts(exclusion_open=action is A.END_EXCLUSION, open_hits=int(held))
        if action in allowed_actions(state, role):
            found[role, state, action] = transition("id", state, action, role, facts)
            continue
        with pytest.raises(XukeError) as caught:
            transition("id", state, action, role, facts)
        error = caught.value
        assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "ACTION_NOT_ALLOWED")
        assert error.metadata["state"] == state
        assert error.metadata["allowed"].split() == [str(each) for each in allowed_actions(state, role)]
    assert found == expected


def test_nothing_leads_out_of_a_concluded_state() -> None:
    assert {row.source for row in TABLE} == set(S) - set(CONCLUDED)


@pytest.mark.parametrize(
    ("facts", "target"),
    [
        (Facts(), S.PROVINCIAL_REVIEW),
        (Facts(checks_return_to=S.MINISTRY_INTAKE), S.MINISTRY_INTAKE),
    ],
)
def test_checks_lead_back_to_the_stage_that_asked(facts: Facts, target: ApplicationState) -> None:
    assert transition("id", S.SUBMITTED, A.PASS_CHECKS, Role.PROCEDURE, facts) is target


OFFICER, DIRECTOR = Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR


@pytest.mark.parametrize(
    ("state", "action", "role", "facts", "reason"),
    [
        (
            S.PROVINCIAL_REVIEW,
            A.REQUEST_SUPPLEMENT,
            Role.PROVINCIAL_OFFICER,
            Facts(supplement_already_requested=True),
            "SUPPLEMENT_ALREADY_REQUESTED",
        ),
        (
            S.PROVINCIAL_REVIEW,
            A.REQUEST_SUPPLEMENT,
            Role.PROVINCIAL_OFFICER,
            Facts(supplement_window_closed=True),
            "SUPPLEMENT_WINDOW_CLOSED",
        ),
        (
            S.MINISTRY_INTAKE,
            A.REQUEST_SUPPLEMENT,
            OFFICER,
            Facts(supplement_already_requested=True),
            "SUPPLEMENT_ALREADY_REQUESTED",
        ),
        (
            S.PROVINCIAL_REVIEW,
            A.FORWARD,
            Role.PROVINCIAL_OFFICER,
            Facts(open_deficiencies=1),
            "DEFICIENCIES_OPEN",
        ),
        (S.READY_FOR_PROPOSAL, A.PROPOSE, OFFICER, Facts(factors_complete=False), "FACTORS_INCOMPLETE"),
        (S.READY_FOR_PROPOSAL, A.PROPOSE, OFFICER, Facts(exclusion_open=True), "EXCLUSION_OPEN"),
        (S.ACCEPTED, A.START_EXCLUSION, OFFICER, Facts(exclusion_open=True), "EXCLUSION_OPEN"),
        (S.ACCEPTED, A.END_EXCLUSION, OFFICER, Facts(), "NO_EXCLUSION_OPEN"),
        (S.PROPOSED, A.COUNTERSIGN, OFFICER, Facts(actor_is_proposer=True), "FOUR_EYES"),
        (
            S.PROPOSED,
            A.COUNTERSIGN,
            OFFICER,
            Facts(actor_is_proposer=True, outcome=Outcome.REFUSE),
            "FOUR_EYES",
        ),
        (S.PROPOSED, A.SEND_BACK, OFFICER, Facts(actor_is_proposer=True), "FOUR_EYES"),
        (S.APPROVED, A.SEND_BACK, OFFICER, Facts(), "ISSUE_NOT_HELD"),
        (S.APPROVED, A.SEND_BACK, DIRECTOR, Facts(open_hits=1, actor_is_proposer=True), "FOUR_EYES"),
        (S.PROPOSED, A.COUNTERSIGN, OFFICER, Facts(exclusion_open=True), "EXCLUSION_OPEN"),
        (
            S.PROPOSED,
            A.COUNTERSIGN,
            OFFICER,
            Facts(agency_objects=True),
            "DIRECTOR_MUST_COUNTERSIGN",
        ),
    ],
)
def test_requirements(state: ApplicationState, action: Action, role: Role, facts: Facts, reason: str) -> None:
    with pytest.raises(XukeError) as caught:
        transition("id", state, action, role, facts)
    assert (caught.value.code, caught.value.reason) == (ErrorCode.FAILED_PRECONDITION, reason)
    assert reason in catalogue()


def test_what_the_outcome_and_the_director_change() -> None:
    against = Facts(agency_objects=True)
    signed = dataclasses.replace(against, actor_is_director=True)
    refused = dataclasses.replace(against, outcome=Outcome.REFUSE)
    assert transition("id", S.PROPOSED, A.COUNTERSIGN, DIRECTOR, signed) is S.APPROVED
    assert transition("id", S.PROPOSED, A.COUNTERSIGN, OFFICER, refused) is S.REFUSED


@pytest.mark.parametrize("source", [S.ACCEPTED, S.READY_FOR_PROPOSAL])
def test_without_an_agency_there_is_no_round(source: ApplicationState) -> None:
    facts = Facts(agencies_chosen=False)
    assert transition("id", source, A.START_CONSULTATION, OFFICER, facts) is S.READY_FOR_PROPOSAL


def test_the_picture_shows_every_state() -> None:
    picture = mermaid()
    assert picture.startswith("stateDiagram-v2\n")
    unreached = {state for state in S if state not in picture} - {S.WITHDRAWN}
    assert not unreached
    assert "PROPOSED --> REFUSED: countersign (refuse)" in picture
