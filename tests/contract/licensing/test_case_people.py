"""The names in a case, and what officers wrote of exclusions: who reads them, and who does not."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
import sqlalchemy
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.principal import Principal
from services.licensing.store.person_tables import person
from tests.contract.licensing.application_world import MONDAY, World, world
from tests.contract.licensing.test_desks_and_notes import add_note, assign, signed_in
from tests.support import identity

__all__ = ["world"]

# An agency that is asked about the case, one that is not, and an officer whom the case does not mention.
ASKED = Principal("agency-3", "Jin", identity.AGENCY_REVIEWER.role, agency="SASTIND")
NOT_ASKED = Principal("agency-4", "Yan", identity.AGENCY_REVIEWER.role, agency="NHC")


def names(case: messages.Case) -> Mapping[str, str]:
    return {subject: name.zh for subject, name in case.people.items()}


def name_of(*people: Principal) -> Mapping[str, str]:
    return {who.subject: f"{who.name}（中文）" for who in people}


@pytest.fixture
def application_id(world: World) -> str:
    """A proposal that was sent back, in a case that both authorities gave to somebody."""
    signed_in(
        world,
        identity.EXPORTER,
        identity.PROVINCIAL_OFFICER,
        identity.MINISTRY_OFFICER,
        identity.SECOND_OFFICER,
        identity.MINISTRY_DIRECTOR,
        identity.OTHER_PROVINCE,
        identity.OTHER_AGENCY,
        ASKED,
        NOT_ASKED,
    )
    made = world.at_province()
    assign(world, identity.PROVINCIAL_OFFICER, made, identity.PROVINCIAL_OFFICER.subject)
    world.forward(made)
    assign(world, identity.MINISTRY_DIRECTOR, made, identity.MINISTRY_OFFICER.subject)
    add_note(world, identity.MINISTRY_OFFICER, made, "请核对合同。")
    world.accept(made)
    world.consult(made)
    world.close_round(made)
    world.propose(made)
    world.countersign(made, agree=False)
    return made


HANDLED = (
    identity.EXPORTER,
    identity.PROVINCIAL_OFFICER,
    identity.MINISTRY_OFFICER,
    identity.SECOND_OFFICER,
    identity.MINISTRY_DIRECTOR,
)


@pytest.mark.parametrize(
    ("who", "known"),
    [
        (identity.MINISTRY_OFFICER, (*HANDLED, ASKED, identity.OTHER_AGENCY)),
        (identity.MINISTRY_DIRECTOR, (*HANDLED, ASKED, identity.OTHER_AGENCY)),
        (identity.AUDITOR, (*HANDLED, ASKED, identity.OTHER_AGENCY)),
        (identity.PROVINCIAL_OFFICER, HANDLED),
        # Of other agencies, and of the exporter's people, an agency knows what the dossier and the round say.
        (identity.AGENCY_REVIEWER, (*HANDLED[1:], ASKED)),
        (identity.PROCEDURE, ()),
    ],
    ids=lambda value: value.role.value if isinstance(value, Principal) else "",
)
def test_whose_names_a_reader_of_a_case_gets(
    world: World, application_id: str, who: Principal, known: tuple[Principal, ...]
) -> None:
    assert names(world.case(application_id, who)) == name_of(*known)


def test_both_names_are_given_and_who_never_signed_in_has_none(world: World) -> None:
    signed_in(world, identity.PROVINCIAL_OFFICER)
    case = world.case(world.at_intake(), identity.PROVINCIAL_OFFICER)
    assert {entry.actor for entry in case.history} == {"exporter-1", "province-1", "service:approval"}
    assert {subject: (name.zh, name.en) for subject, name in case.people.items()} == {
        "province-1": ("Sun（中文）", "Sun")
    }


def test_the_exporter_learns_no_name_of_an_officer(world: World, application_id: str) -> None:
    shown = str(world.get(application_id))
    for officer in HANDLED[1:]:
        assert officer.subject not in shown
        assert f"{officer.name}（中文）" not in shown
    assert identity.EXPORTER.organisation in shown


def test_names_of_a_case_take_one_query(world: World, application_id: str) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        statements.append(statement)

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", note)
    try:
        assert len(world.case(application_id).people) == 7
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", note)
    assert [f"FROM {person.name}" in statement for statement in statements].count(True) == 1


def test_reviewers_read_why_the_limit_stops_and_what_came_of_it_and_applicants_do_not(world: World) -> None:
    application_id = world.accepted()
    started = world.start_exclusion(application_id).clock.exclusions[0]
    assert (started.note, started.result) == ("three experts on tungsten", "")
    world.clock.advance(timedelta(days=2))
    ended = world.end_exclusion(application_id).clock.exclusions[0]
    assert (ended.note, ended.result) == ("three experts on tungsten", "no concern")
    reviewer = world.reviewer(identity.PROVINCIAL_OFFICER)
    clock = reviewer.GetClock(messages.GetClockRequest(application_id=application_id))
    assert clock.exclusions[0] == ended
    # On the day on which it began nothing had come of it yet.
    day = MONDAY.date().isoformat()
    before = reviewer.GetClock(messages.GetClockRequest(application_id=application_id, as_of=day))
    assert (before.exclusions[0].note, before.exclusions[0].result) == ("three experts on tungsten", "")
    public = world.get(application_id)
    assert [each.reason for each in public.status.exclusions] == [messages.EXCLUSION_REASON_EXPERT_OPINION]
    assert "tungsten" not in str(public.status)
    assert "no concern" not in str(public)
