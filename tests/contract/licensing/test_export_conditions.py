"""Controlled chemicals of an exporter who is not designated: refused when handed in, at the gate, and to be granted."""

import pytest
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.errors import ErrorCode
from tests.contract.licensing.application_world import ROUTE, World, dossier, refusal, world
from tests.contract.licensing.test_assessment import assess
from tests.support import identity
from tests.support.services import request_id

__all__ = ["world"]


@pytest.mark.parametrize("claimed", ["1C450.c.22", "１Ｃ450.c.22", " 1c450.c.22"])
def test_a_claimed_chemical_is_refused_when_it_is_handed_in(world: World, claimed: str) -> None:
    content = dossier()
    content.items[0].claimed_control_code = claimed
    application_id = world.drafted(content=content).application_id
    error = refusal(lambda: world.submit(application_id))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(each.field, each.reason) for each in error.violations] == [
        ("dossier.items[0].claimed_control_code", "EXPORTER_NOT_DESIGNATED")
    ]


def test_a_chemical_that_the_checks_find_is_refused_at_the_gate(world: World) -> None:
    application_id = world.submitted().application_id
    position = world.checks(application_id, control_code="1C450.c.22")
    assert position.state == messages.APPLICATION_STATE_GATE_REFUSED
    (notice,) = [each for each in world.case(application_id).notices if each.kind == "GATE_REFUSAL"]
    assert [(each.instrument, each.article) for each in notice.sources] == [
        ("监控化学品管理条例", "Art. 14(2)")
    ]
    assert "被指定单位" in notice.text.zh
    told = world.case(application_id).history[-1]
    assert (told.action, told.details["verdict"], told.details["unmet_kinds"]) == (
        "refuse_at_gate",
        "CLEAR",
        "EXPORTER_NOT_DESIGNATED",
    )


def test_no_grant_can_be_proposed_for_what_a_reviewer_finds_to_be_one(world: World) -> None:
    application_id = world.ready()
    assess(world, application_id, ["1C450.c.22"])
    error = refusal(lambda: world.propose(application_id))
    assert (error.code, error.reason) == (
        ErrorCode.FAILED_PRECONDITION,
        "GRANT_EXPORTER_NOT_DESIGNATED",
    )


def test_a_chemical_that_stands_behind_another_code_is_refused_at_the_gate(world: World) -> None:
    application_id = world.submitted().application_id
    position = world.checks(application_id, control_code="1C350.c", further_codes=["1C450.c.22"])
    assert position.state == messages.APPLICATION_STATE_GATE_REFUSED


def test_what_may_be_a_chemical_is_granted_only_once_an_officer_says_that_it_is_none(world: World) -> None:
    application_id = world.submitted().application_id
    position = world.checks(
        application_id, control_code="1C450.c.22", outcome="CONTROLLED_UNLESS_DECONTROL_SHOWN"
    )
    assert position.state == messages.APPLICATION_STATE_PROVINCIAL_REVIEW
    world.forward(application_id)
    world.accept(application_id)
    world.consult(application_id)
    world.close_round(application_id)
    error = refusal(lambda: world.propose(application_id))
    assert (error.reason, error.metadata["control_codes"]) == ("GRANT_EXPORTER_NOT_DESIGNATED", "1C450.c.22")
    assess(world, application_id, ["1C117.d.1"])
    assert world.propose(application_id).state == messages.APPLICATION_STATE_PROPOSED


@pytest.mark.parametrize("code", ["1C450.c.22", "１Ｃ450.c.22"])
def test_an_item_that_is_assessed_after_the_proposal_is_asked_about_again(world: World, code: str) -> None:
    application_id = world.proposed()
    assess(world, application_id, [code])
    error = refusal(lambda: world.countersign(application_id))
    assert (error.code, error.reason, error.metadata["control_codes"]) == (
        ErrorCode.FAILED_PRECONDITION,
        "GRANT_EXPORTER_NOT_DESIGNATED",
        "1C450.c.22",
    )
    sent_back = world.countersign(application_id, agree=False)
    assert sent_back.state == messages.APPLICATION_STATE_READY_FOR_PROPOSAL


def test_a_proposal_to_refuse_asks_for_no_condition(world: World) -> None:
    application_id = world.proposed(messages.DECISION_OUTCOME_REFUSE)
    assess(world, application_id, ["1C450.c.22"])
    assert world.countersign(application_id).state == messages.APPLICATION_STATE_REFUSED


def consult_atomic_energy(world: World, application_id: str) -> None:
    world.reviewer(identity.MINISTRY_OFFICER).StartConsultation(
        messages.StartConsultationRequest(
            request_id=request_id(),
            application_id=application_id,
            etag=world.case(application_id).etag,
            agencies=[
                messages.AgencyChoice(agency="MFA", reason="asked before"),
                messages.AgencyChoice(agency="CAEA", consult=True),
            ],
        )
    )
    world.close_round(application_id, round_number=2, agencies=["CAEA"])


def test_an_agency_that_an_assessment_makes_mandatory_is_consulted_before_a_grant(world: World) -> None:
    application_id = world.ready()
    assert "CAEA" not in ROUTE
    assess(world, application_id, ["0B201"])
    error = refusal(lambda: world.propose(application_id))
    assert (error.code, error.reason, error.metadata["agencies"]) == (
        ErrorCode.FAILED_PRECONDITION,
        "GRANT_AGENCY_NOT_CONSULTED",
        "CAEA",
    )
    consult_atomic_energy(world, application_id)
    world.propose(application_id)
    assert world.countersign(application_id).state == messages.APPLICATION_STATE_APPROVED


def test_an_agency_that_becomes_mandatory_after_the_proposal_holds_the_countersignature(world: World) -> None:
    application_id = world.proposed()
    assess(world, application_id, ["0B201"])
    error = refusal(lambda: world.countersign(application_id))
    assert error.reason == "GRANT_AGENCY_NOT_CONSULTED"
