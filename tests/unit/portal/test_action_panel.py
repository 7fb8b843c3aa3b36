"""The panel offers what licensing allows, and says why the next step is not possible."""

from collections.abc import Iterator

import pytest
from flask import Flask, g
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import licence_pb2 as li

from services.foundation.principal import Role
from services.licensing.domain.application_state import TABLE as CASE_TABLE
from services.licensing.domain.licence_state import TABLE, LicenceAction, LicenceState
from services.portal.action_panel import licence_offers, obstacles, panel_of
from services.portal.language import Language, catalogue
from services.portal.pages import PAGES
from tests.support.identity import ONE_OF_EACH_ROLE

_PEOPLE = {principal.role: principal for principal in ONE_OF_EACH_ROLE}
_REVIEWERS = (Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with Flask("test").app_context():
        g.language = Language.EN
        yield


def case(state: str, *allowed: str, **values: object) -> a.Case:
    return a.Case(
        state=a.ApplicationState.Value(f"APPLICATION_STATE_{state}"), allowed_actions=allowed, **values
    )


@pytest.mark.parametrize("role", _REVIEWERS)
def test_every_act_of_a_reviewer_has_a_page_for_that_role(role: Role) -> None:
    permissions = {page.endpoint: page.permission for page in PAGES}
    for row in CASE_TABLE:
        if role in row.roles:
            panel = panel_of(case(row.source.value, row.action.value), _PEOPLE[role])
            ended = row.source.value == "IN_CONSULTATION" and role is Role.MINISTRY_DIRECTOR
            assert len(panel.offers) == 1 + ended, row.action
            permission = permissions[panel.offers[0].endpoint]
            assert permission is not None
            assert role in permission.roles


def test_nothing_is_offered_that_licensing_does_not_allow() -> None:
    for state in a.ApplicationState.values():
        for role in _PEOPLE:
            found = panel_of(a.Case(state=state), _PEOPLE[role]).offers
            waiver = role is Role.MINISTRY_DIRECTOR and state == a.APPLICATION_STATE_IN_CONSULTATION
            assert [one.endpoint for one in found] == (["case_waive"] if waiver else [])


@pytest.mark.parametrize(
    ("reason", "ended", "offered"),
    [
        (a.EXCLUSION_REASON_EXPERT_OPINION, False, True),
        (a.EXCLUSION_REASON_EXPERT_OPINION, True, False),
        (a.EXCLUSION_REASON_IDENTIFICATION, False, False),
    ],
)
def test_an_expert_is_asked_while_the_limit_is_stopped_for_it(
    reason: a.ExclusionReason.ValueType, ended: bool, offered: bool
) -> None:
    stopped = a.Exclusion(reason=reason, exclusion_id="1", ended_at=Timestamp(seconds=1) if ended else None)
    found = case("ACCEPTED", "end_exclusion", clock=a.Clock(exclusions=[stopped]))
    offers = {one.endpoint for one in panel_of(found, _PEOPLE[Role.MINISTRY_OFFICER]).offers}
    assert ("case_ask_expert" in offers) is offered
    assert "case_ask_expert" not in {
        one.endpoint for one in panel_of(found, _PEOPLE[Role.MINISTRY_DIRECTOR]).offers
    }


def test_the_way_back_from_a_held_grant_is_offered_in_its_own_words() -> None:
    held = case("APPROVED", "send_back", screening=a.ScreeningSummary(open_hits=1))
    (offer,) = panel_of(held, _PEOPLE[Role.MINISTRY_DIRECTOR]).offers
    assert (offer.endpoint, offer.label) == ("case_countersign", "Withdraw the decision to grant")


def test_every_offer_says_what_it_does() -> None:
    endpoints = {
        key.split(".")[1] for key in catalogue("texts") if key.startswith(("panel.case_", "panel.licence_"))
    }
    pages = {page.endpoint for page in PAGES}
    for endpoint in endpoints - {"licence_state"}:
        assert endpoint.removesuffix("_hint") in pages


# The procedure suspends by policy what a later screening prohibits; it has no pages.
@pytest.mark.parametrize("role", [role for role in _PEOPLE if role is not Role.PROCEDURE])
@pytest.mark.parametrize("state", list(LicenceState))
def test_a_licence_offers_what_its_table_allows(state: LicenceState, role: Role) -> None:
    words = {
        "licence_suspend": LicenceAction.SUSPEND,
        "licence_resume": LicenceAction.RESUME,
        "licence_revoke": LicenceAction.REVOKE,
        "licence_surrender": LicenceAction.SURRENDER,
    }
    allowed = {row.action for row in TABLE if row.source is state and role in row.roles}
    licence = li.Licence(state=li.LicenceState.Value(f"LICENCE_STATE_{state}"))
    offered = {words[endpoint] for endpoint in licence_offers(licence, _PEOPLE[role])}
    assert offered == allowed & set(words.values())


def _exclusion() -> a.Exclusion:
    return a.Exclusion(started_at=Timestamp(seconds=1))


def _prohibited() -> a.ScreeningSummary:
    return a.ScreeningSummary(verdict=a.SCREENING_VERDICT_PROHIBITED)


@pytest.mark.parametrize(
    ("seen", "role", "told"),
    [
        (case("PROVINCIAL_REVIEW", "forward", "request_supplement"), Role.PROVINCIAL_OFFICER, ""),
        (
            case("PROVINCIAL_REVIEW", "request_supplement", computed_deficiencies=[a.Deficiency()] * 2),
            Role.PROVINCIAL_OFFICER,
            "lacks 2 things",
        ),
        (
            case(
                "PROVINCIAL_REVIEW",
                "forward",
                history=[
                    a.HistoryEntry(action="request_supplement", actor_role=Role.PROVINCIAL_OFFICER.value)
                ],
            ),
            Role.PROVINCIAL_OFFICER,
            "asked for a supplement once",
        ),
        (case("MINISTRY_INTAKE", "accept"), Role.MINISTRY_OFFICER, "Five working days have passed"),
        (
            case("READY_FOR_PROPOSAL", clock=a.Clock(exclusions=[_exclusion()])),
            Role.MINISTRY_OFFICER,
            "is open",
        ),
        (case("IN_CONSULTATION"), Role.MINISTRY_OFFICER, "Opinions of agencies are awaited"),
        (
            case("PROPOSED", decision=a.Decision(proposed_by=_PEOPLE[Role.MINISTRY_OFFICER].subject)),
            Role.MINISTRY_OFFICER,
            "another officer must countersign",
        ),
        (
            case("PROPOSED", "send_back", decision=a.Decision(proposed_by="somebody.else")),
            Role.MINISTRY_OFFICER,
            "only a director may agree",
        ),
        (
            case("PROPOSED", "countersign", "send_back", decision=a.Decision(proposed_by="somebody.else")),
            Role.MINISTRY_DIRECTOR,
            "",
        ),
        (case("PROVINCIAL_REVIEW"), Role.AUDITOR, ""),
        (
            case("READY_FOR_PROPOSAL", "propose", screening=a.ScreeningSummary(open_hits=2)),
            Role.MINISTRY_OFFICER,
            "Undecided hits on lists: 2.",
        ),
        (
            case("PROPOSED", "send_back", screening=a.ScreeningSummary(open_hits=1)),
            Role.MINISTRY_OFFICER,
            "Undecided hits on lists: 1. Nothing can be granted before they are decided; a refusal stays possible.",
        ),
        (
            case("APPROVED", "send_back", screening=a.ScreeningSummary(open_hits=1)),
            Role.MINISTRY_DIRECTOR,
            "The grant is decided, but its licence is held: undecided hits on lists: 1.",
        ),
        (
            case("APPROVED", screening=_prohibited()),
            Role.MINISTRY_OFFICER,
            "another officer must withdraw the decision",
        ),
        (case("APPROVED"), Role.MINISTRY_OFFICER, ""),
        (
            case("PROPOSED", "send_back", screening=_prohibited()),
            Role.MINISTRY_OFFICER,
            "The newest screening prohibits this export",
        ),
        (
            case(
                "PROPOSED",
                "countersign",
                "send_back",
                screening=_prohibited(),
                decision=a.Decision(outcome=a.DECISION_OUTCOME_REFUSE, proposed_by="somebody.else"),
            ),
            Role.MINISTRY_OFFICER,
            "",
        ),
        (case("IN_CONSULTATION", screening=_prohibited()), Role.AUDITOR, ""),
    ],
)
def test_what_stands_in_the_way_is_a_sentence(seen: a.Case, role: Role, told: str) -> None:
    found = " ".join(obstacles(seen, _PEOPLE[role]))
    assert (told in found) if told else found == ""
