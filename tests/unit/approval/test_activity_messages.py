"""What activities make of the messages of one service for another, and for the history."""

import json
from datetime import UTC, datetime

import pytest
from temporalio.converter import default
from xuke.classification.v1 import classification_pb2 as classification
from xuke.consultation.v1 import consultation_pb2 as consultation
from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1 import dossier_pb2 as dossiers
from xuke.licensing.v1 import licence_pb2 as licence
from xuke.screening.v1 import screening_pb2 as screening

from services.approval.activities.application_steps import to_summary as to_consultation_summary
from services.approval.activities.automatic_checks import (
    to_item_classification,
    to_screening,
    to_summary,
    unclassifiable,
)
from services.approval.activities.positions import to_application_position, to_licence_position
from services.approval.activities.settlement import to_item
from services.approval.domain.position import ApplicationPosition, ApplicationState, LicenceState, TaskState
from services.foundation.errors import FieldViolation, invalid_argument

SECRET = "绝密钨业"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def a_round() -> consultation.Round:
    return consultation.Round(
        round_id="r",
        round_number=1,
        state=consultation.ROUND_STATE_OPEN,
        consolidation=consultation.CONSOLIDATION_ADVERSE,
        opened_at=NOW,
        tasks=[
            consultation.Task(
                task_id="t",
                agency="SASTIND",
                mandatory=True,
                reason=SECRET,
                state=consultation.TASK_STATE_ANSWERED,
                opinion=consultation.OPINION_NOT_COMPETENT,
                reasons=SECRET,
                due_at=NOW,
            ),
            consultation.Task(task_id="u", agency="MFA", state=consultation.TASK_STATE_OVERDUE),
        ],
    )


def a_position(**fields: object) -> licensing.Position:
    return licensing.Position(
        application_id="a",
        state=licensing.APPLICATION_STATE_IN_CONSULTATION,
        sequence=9,
        events=[foundation.Event(sequence=9, references={"note": SECRET})],
        consultation=licensing.ConsultationPlan(
            round_number=1, agencies=[licensing.AgencyTask(agency="MFA", reason=SECRET)]
        ),
        deadlines=[
            licensing.Deadline(
                deadline_id="d",
                kind="ministry_review",
                state=licensing.DEADLINE_STATE_OPEN,
                reminders_at=[NOW],
            )
        ],
        **fields,  # type: ignore[arg-type]
    )


async def test_a_position_keeps_ids_words_and_instants_and_survives_the_history() -> None:
    position = to_application_position(a_position(), a_round(), 4)
    assert position.state is ApplicationState.IN_CONSULTATION
    assert (position.sequence, position.consultation_sequence, position.planned_round) == (9, 4, 1)
    assert position.deadlines[0].due_at is None
    assert position.deadlines[0].reminders_at == (NOW,)
    assert position.round is not None
    assert [task.state for task in position.round.tasks] == [TaskState.ANSWERED, TaskState.OVERDUE]
    assert [task.competent for task in position.round.tasks] == [False, True]
    [payload] = await default().encode([position])
    assert SECRET not in json.dumps(json.loads(payload.data), ensure_ascii=False)
    assert await default().decode([payload], [ApplicationPosition]) == [position]


@pytest.mark.parametrize("state", [state for state in licensing.ApplicationState.values() if state])
def test_every_state_of_the_contract_is_known(state: int) -> None:
    """A state that is not would stop the pull, and with it the case."""
    word = licensing.ApplicationState.ValueType(state)
    position = licensing.Position(application_id="a", state=word, sequence=1)
    assert to_application_position(position, None, 0).state


@pytest.mark.parametrize("state", [state for state in licence.LicenceState.values() if state])
def test_every_state_of_a_licence_is_known(state: int) -> None:
    word = licence.LicenceState.ValueType(state)
    position = to_licence_position(licence.LicencePosition(number="n", state=word, expires_at=NOW))
    assert position.state in LicenceState
    assert position.expires_at == NOW


def test_a_closed_round_is_told_in_words() -> None:
    summary = to_consultation_summary(a_round())
    assert summary.consolidation == "ADVERSE"
    assert [(each.agency, each.task_state, each.opinion) for each in summary.opinions] == [
        ("SASTIND", "ANSWERED", "NOT_COMPETENT"),
        ("MFA", "OVERDUE", ""),
    ]
    assert SECRET not in str(summary)


def test_the_applicant_and_every_party_are_screened_in_their_roles() -> None:
    roles = [role for role in dossiers.PartyRole.values() if role]
    dossier = dossiers.Dossier(
        applicant=dossiers.Applicant(
            name_zh="甲", unified_social_credit_code="91320100MA1XUKE016", province="32"
        ),
        parties=[
            dossiers.Party(role=dossiers.PartyRole.ValueType(role), name_en=str(role)) for role in roles
        ],
        destination="JP",
        end_use=dossiers.EndUse(
            description_zh="刀具",
            description_en="tools",
            end_user_kind=dossiers.END_USER_KIND_MILITARY,
            purpose=dossiers.END_USE_PURPOSE_RAISES_MILITARY_STRENGTH,
        ),
    )
    request = to_screening("a", 2, dossier, "2026-11-23")
    assert request.subject == "applications/a/2"
    assert request.parties[0].role == screening.PARTY_ROLE_APPLICANT
    assert request.parties[0].registration_number == "91320100MA1XUKE016"
    assert [screening.PartyRole.Name(party.role) for party in request.parties[1:]] == [
        dossiers.PartyRole.Name(dossiers.PartyRole.ValueType(role)) for role in roles
    ]
    assert request.end_user_kind == screening.END_USER_KIND_MILITARY
    assert request.end_use_purpose == screening.END_USE_PURPOSE_RAISES_MILITARY_STRENGTH
    assert request.end_use == "刀具\ntools"
    assert (request.destination, request.as_of, request.province) == ("JP", "2026-11-23", "32")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (dossiers.PartyRole, screening.PartyRole),
        (dossiers.EndUserKind, screening.EndUserKind),
        (dossiers.EndUsePurpose, screening.EndUsePurpose),
        (dossiers.ItemKind, classification.ItemKind),
        (dossiers.CatchAllLimb, screening.CatchAllLimb),
        (dossiers.StateOfKnowledge, screening.StateOfKnowledge),
    ],
)
def test_every_word_of_a_dossier_exists_where_it_is_sent(mine, theirs) -> None:  # type: ignore[no-untyped-def]
    assert set(mine.keys()) <= set(theirs.keys())


def test_owners_and_what_the_exporter_knows_are_screened() -> None:
    owner = dossiers.Owner(name_zh="某某控股", name_en="Holding", country="KR", percent="50.5")
    knows = dossiers.CatchAllKnowledge(
        limb=dossiers.CATCH_ALL_LIMB_TERRORISM, knowledge=dossiers.STATE_OF_KNOWLEDGE_KNOWS
    )
    unstated = dossiers.CatchAllKnowledge(limb=dossiers.CATCH_ALL_LIMB_NATIONAL_SECURITY)
    dossier = dossiers.Dossier(
        parties=[dossiers.Party(role=dossiers.PARTY_ROLE_END_USER, name_en="Works", owners=[owner])],
        declaration=dossiers.Declaration(catch_all=[knows, unstated]),
    )
    request = to_screening("a", 1, dossier, "2026-11-23")
    assert list(request.parties[1].owners) == [
        screening.Owner(name_zh="某某控股", name_en="Holding", country="KR", percent="50.5")
    ]
    assert list(request.catch_all) == [
        screening.CatchAllKnowledge(
            limb=screening.CATCH_ALL_LIMB_TERRORISM, knowledge=screening.STATE_OF_KNOWLEDGE_KNOWS
        )
    ]


@pytest.mark.parametrize(
    ("risk", "kind", "purpose"),
    [
        (
            dossiers.MILITARY_RISK_NONE_FOUND,
            screening.END_USER_KIND_CIVIL,
            screening.END_USE_PURPOSE_CIVIL,
        ),
        (
            dossiers.MILITARY_RISK_CANNOT_BE_EXCLUDED,
            screening.END_USER_KIND_UNKNOWN,
            screening.END_USE_PURPOSE_UNKNOWN,
        ),
    ],
)
def test_what_due_diligence_cannot_exclude_is_not_known(risk: int, kind: int, purpose: int) -> None:
    dossier = dossiers.Dossier(
        end_use=dossiers.EndUse(
            end_user_kind=dossiers.END_USER_KIND_CIVIL, purpose=dossiers.END_USE_PURPOSE_CIVIL
        ),
        due_diligence=dossiers.DueDiligence(military_risk=dossiers.MilitaryRisk.ValueType(risk)),
    )
    request = to_screening("a", 1, dossier, "2026-11-23")
    assert (request.end_user_kind, request.end_use_purpose) == (kind, purpose)
    dossier.end_use.purpose = dossiers.END_USE_PURPOSE_MILITARY
    request = to_screening("a", 1, dossier, "2026-11-23")
    assert request.end_use_purpose == screening.END_USE_PURPOSE_MILITARY


def test_the_screening_is_recorded_with_every_finding() -> None:
    text = foundation.LocalizedText(zh="中", en="en")
    screened = screening.Screening(
        screening_id="s",
        verdict=screening.VERDICT_PROHIBITED,
        hits=[
            screening.Hit(
                list_code="CN_CONTROL", entry_id="7", verdict=screening.VERDICT_PROHIBITED, explanation=text
            )
        ],
        rule_findings=[
            screening.RuleFinding(
                rule_id="JP_MILITARY",
                verdict=screening.VERDICT_REVIEW,
                demands=[screening.DEMAND_CERTIFICATE_GOVERNMENT_CERTIFIED, screening.DEMAND_DUE_DILIGENCE],
            )
        ],
        versions=["v1"],
    )
    summary = to_summary(screened)
    assert summary.verdict == licensing.SCREENING_VERDICT_PROHIBITED
    assert [(each.finding_id, each.verdict) for each in summary.findings] == [
        ("CN_CONTROL/7", licensing.SCREENING_VERDICT_PROHIBITED),
        ("JP_MILITARY", licensing.SCREENING_VERDICT_REVIEW),
    ]
    assert [list(each.demands) for each in summary.findings] == [
        [],
        ["CERTIFICATE_GOVERNMENT_CERTIFIED", "DUE_DILIGENCE"],
    ]
    assert summary.findings[0].explanation == text
    assert list(summary.versions) == ["v1"]


def candidate(code: str, outcome: int, rank: int) -> classification.Candidate:
    return classification.Candidate(
        rank=rank,
        entry=classification.Entry(control_code=code),
        outcome=classification.Outcome.ValueType(outcome),
        reasons=[classification.Reason(text=foundation.LocalizedText(zh=code, en=code))],
    )


def test_the_gravest_entry_comes_first_and_what_does_not_matter_is_left_out() -> None:
    answer = classification.ClassifyResponse(
        overall=classification.OUTCOME_CONTROLLED,
        list_versions=["2026"],
        candidates=[
            candidate("1C1", classification.OUTCOME_NEEDS_INFORMATION, 1),
            candidate("1C2", classification.OUTCOME_NOT_CONTROLLED_FOR_ENTRY, 2),
            candidate("1C3", classification.OUTCOME_CONTROLLED, 4),
            candidate("1C4", classification.OUTCOME_CONTROLLED, 3),
        ],
    )
    found = to_item_classification(3, answer)
    assert (found.line_number, found.outcome) == (3, "CONTROLLED")
    assert list(found.control_codes) == ["1C4", "1C3"]
    assert [reason.zh for reason in found.reasons] == ["1C4", "1C3", "1C1"]
    assert list(found.list_versions) == ["2026"]


def test_an_item_under_no_entry_is_recorded_with_the_questions_that_remain() -> None:
    question = classification.Question(text=foundation.LocalizedText(zh="问", en="question"))
    answer = classification.ClassifyResponse(
        overall=classification.OUTCOME_NO_ENTRY_FOUND, questions=[question]
    )
    found = to_item_classification(1, answer)
    assert (found.outcome, list(found.control_codes)) == ("NO_ENTRY_FOUND", [])
    assert [reason.en for reason in found.reasons] == ["question"]


def test_an_item_that_cannot_be_read_goes_to_a_person_with_the_reason() -> None:
    error = invalid_argument(FieldViolation("item.hs_code", "HS_CODE_UNKNOWN", {"hs_code": "9999999999"}))
    found = unclassifiable(2, error)
    assert (found.line_number, found.outcome) == (2, "NEEDS_INFORMATION")
    assert "9999999999" in found.reasons[0].zh
    assert "9999999999" in found.reasons[0].en


def test_an_item_is_asked_with_its_parameters() -> None:
    item = dossiers.Item(
        line_number=1,
        kind=dossiers.ITEM_KIND_TECHNOLOGY,
        name_zh="甲",
        hs_code="2841801000",
        claimed_control_code="1C117.d.1",
        parameters=[dossiers.Parameter(name="purity", value="99.95", unit="%")],
    )
    asked = to_item(item)
    assert asked.kind == classification.ITEM_KIND_TECHNOLOGY
    assert (asked.hs_code, asked.claimed_control_code) == ("2841801000", "1C117.d.1")
    assert (asked.parameters[0].name, asked.parameters[0].value, asked.parameters[0].unit) == (
        "purity",
        "99.95",
        "%",
    )
