"""Cases given to officers, and notes for colleagues: who may, who reads it, and what it leaves alone."""

from collections.abc import Sequence

import pytest
import sqlalchemy
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.principal import Principal, Role
from services.licensing.store.application_tables import assignment, note
from services.licensing.store.metadata import ledger
from services.licensing.store.person_tables import person
from tests.contract.licensing.application_world import MONDAY, World, refusal, world
from tests.support import identity
from tests.support.services import call_of, request_id

__all__ = ["world"]

COLLEAGUE = Principal("province-3", "He", Role.PROVINCIAL_OFFICER, province="32")


def signed_in(world: World, *people: Principal) -> None:
    """Whoever has signed in is known, with the names that the sign-in told."""
    engine = sqlalchemy.create_engine(world.database.superuser_url)
    with engine.begin() as connection:
        for who in people:
            connection.execute(
                sqlalchemy.insert(person).values(
                    subject=who.subject,
                    role=who.role.value,
                    organisation=who.organisation,
                    province=who.province,
                    agency=who.agency,
                    name_zh=f"{who.name}（中文）",
                    name_en=who.name,
                    email="",
                    first_signed_in_at=MONDAY,
                    last_signed_in_at=MONDAY,
                )
            )
    engine.dispose()


def assign(world: World, who: Principal, application_id: str, to: str, seen: str = "") -> messages.Case:
    return world.reviewer(who).AssignCase(
        messages.AssignCaseRequest(
            request_id=request_id(), application_id=application_id, seen_assigned_to=seen, assign_to=to
        )
    )


def add_note(world: World, who: Principal, application_id: str, text: str) -> messages.Case:
    return world.reviewer(who).AddNote(
        messages.AddNoteRequest(request_id=request_id(), application_id=application_id, text=text)
    )


def desks(case: messages.Case) -> list[tuple[str, str, str]]:
    return [(each.authority, each.subject, each.name.zh) for each in case.assignments]


def texts(case: messages.Case) -> list[tuple[str, str]]:
    return [(each.authority, each.text) for each in case.notes]


def officers(world: World, who: Principal) -> list[tuple[str, int]]:
    listed = world.reviewer(who).ListAssignees(messages.ListAssigneesRequest()).officers
    return [(each.subject, each.open_cases) for each in listed]


def test_officers_of_the_own_authority_who_have_signed_in(world: World) -> None:
    signed_in(
        world,
        identity.PROVINCIAL_OFFICER,
        COLLEAGUE,
        identity.OTHER_PROVINCE,
        identity.MINISTRY_OFFICER,
        identity.MINISTRY_DIRECTOR,
        identity.EXPORTER,
    )
    application_id = world.at_province()
    assign(world, identity.PROVINCIAL_OFFICER, application_id, COLLEAGUE.subject)
    assign(world, identity.MINISTRY_OFFICER, application_id, identity.MINISTRY_OFFICER.subject)
    # By name: He and Sun; Zheng and Zhou.
    assert officers(world, identity.PROVINCIAL_OFFICER) == [("province-3", 1), ("province-1", 0)]
    assert officers(world, identity.OTHER_PROVINCE) == [("province-2", 0)]
    assert officers(world, identity.MINISTRY_DIRECTOR) == [("director-1", 0), ("ministry-1", 1)]
    world.forward(application_id)
    assert officers(world, COLLEAGUE) == [("province-3", 0), ("province-1", 0)]
    assert officers(world, identity.MINISTRY_OFFICER) == [("director-1", 0), ("ministry-1", 1)]


def test_a_case_changes_desks_and_stays_as_it_is(world: World) -> None:
    signed_in(world, identity.PROVINCIAL_OFFICER, COLLEAGUE)
    application_id = world.at_province()
    before, position = world.case(application_id), world.position(application_id)
    case = assign(world, identity.PROVINCIAL_OFFICER, application_id, identity.PROVINCIAL_OFFICER.subject)
    assert desks(case) == [("PROVINCE", "province-1", "Sun（中文）")]
    case = assign(world, identity.PROVINCIAL_OFFICER, application_id, COLLEAGUE.subject, "province-1")
    assert desks(case) == [("PROVINCE", "province-3", "He（中文）")]
    assert (case.assignments[0].assigned_by, case.etag, case.state) == (
        "province-1",
        before.etag,
        before.state,
    )
    case = assign(world, COLLEAGUE, application_id, "", "province-3")
    assert desks(case) == []
    events = [entry for entry in case.history if entry.sequence > position.sequence]
    assert [(entry.action, dict(entry.details)) for entry in events] == [
        ("assign", {"authority": "PROVINCE", "from": "", "to": "province-1"}),
        ("assign", {"authority": "PROVINCE", "from": "province-1", "to": "province-3"}),
        ("assign", {"authority": "PROVINCE", "from": "province-3", "to": ""}),
    ]
    # The act that somebody prepared on the etag seen before still holds.
    assert world.forward(application_id).state == messages.APPLICATION_STATE_MINISTRY_INTAKE


def test_assigning_wakes_no_procedure(world: World) -> None:
    application_id = world.at_province()
    database = Database(world.database.url, ledger)
    counted = sqlalchemy.select(sqlalchemy.func.count()).select_from(ledger.outbox)

    def kicks() -> int:
        with database.begin(call_of(identity.PROCEDURE)) as work:
            return int(work.connection.execute(counted).scalar_one())

    def known() -> int:
        listed = world.procedure.ListOpenSubjects(messages.ListOpenSubjectsRequest())
        return next(each.sequence for each in listed.subjects if each.id == application_id)

    kicked, sequence = kicks(), known()
    assign(world, identity.PROVINCIAL_OFFICER, application_id, "province-1")
    add_note(world, identity.PROVINCIAL_OFFICER, application_id, "客户来电。")
    assert (kicks(), known()) == (kicked, sequence)
    database.dispose()


def test_somebody_was_faster(world: World) -> None:
    signed_in(world, identity.MINISTRY_OFFICER, identity.SECOND_OFFICER)
    application_id = world.at_intake()
    assign(world, identity.MINISTRY_OFFICER, application_id, "ministry-1")
    error = refusal(lambda: assign(world, identity.SECOND_OFFICER, application_id, "ministry-2"))
    assert (error.code, error.reason) == (ErrorCode.ABORTED, "ASSIGNMENT_CHANGED")
    # The same again changes nothing, and records nothing.
    again = assign(world, identity.SECOND_OFFICER, application_id, "ministry-1", "ministry-1")
    assert [entry.action for entry in again.history].count("assign") == 1


def test_a_director_gives_to_anybody_of_the_ministry(world: World) -> None:
    signed_in(world, identity.MINISTRY_OFFICER, identity.PROVINCIAL_OFFICER)
    application_id = world.at_intake()
    case = assign(world, identity.MINISTRY_DIRECTOR, application_id, "ministry-1")
    assert desks(case) == [("MINISTRY", "ministry-1", "Zhou（中文）")]
    for stranger in ("province-1", "ministry-2", "nobody"):
        error = refusal(
            lambda to=stranger: assign(world, identity.MINISTRY_DIRECTOR, application_id, to, "ministry-1")
        )
        assert [(fault.field, fault.reason) for fault in error.violations] == [
            ("assign_to", "OFFICER_UNKNOWN")
        ]


def test_another_province_finds_no_case_to_assign(world: World) -> None:
    application_id = world.at_province()
    for act in (
        lambda: assign(world, identity.OTHER_PROVINCE, application_id, "province-2"),
        lambda: add_note(world, identity.OTHER_PROVINCE, application_id, "?"),
    ):
        assert refusal(act).code is ErrorCode.NOT_FOUND


PROVINCE_NOTE, MINISTRY_NOTE = ("PROVINCE", "合同已核对。"), ("MINISTRY", "Ask the expert on tungsten.")


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        (identity.PROVINCIAL_OFFICER, [PROVINCE_NOTE]),
        (identity.MINISTRY_OFFICER, [PROVINCE_NOTE, MINISTRY_NOTE]),
        (identity.MINISTRY_DIRECTOR, [PROVINCE_NOTE, MINISTRY_NOTE]),
        (identity.AUDITOR, [PROVINCE_NOTE, MINISTRY_NOTE]),
        (identity.AGENCY_REVIEWER, []),
        (identity.PROCEDURE, []),
    ],
    ids=lambda value: value.subject if isinstance(value, Principal) else "",
)
def test_who_reads_notes_and_desks(world: World, who: Principal, reads: Sequence[tuple[str, str]]) -> None:
    application_id = world.at_intake()
    add_note(world, identity.PROVINCIAL_OFFICER, application_id, PROVINCE_NOTE[1])
    assign(world, identity.PROVINCIAL_OFFICER, application_id, "province-1")
    add_note(world, identity.MINISTRY_OFFICER, application_id, MINISTRY_NOTE[1])
    assign(world, identity.MINISTRY_OFFICER, application_id, "ministry-1")
    world.accept(application_id)
    world.consult(application_id)
    case = world.case(application_id, who)
    assert texts(case) == list(reads)
    assert [each.authority for each in case.assignments] == [authority for authority, _ in reads]
    database = Database(world.database.url, ledger)
    with database.begin(call_of(who)) as work:
        for table in (note, assignment):
            rows = work.connection.execute(sqlalchemy.select(table.c.authority)).scalars()
            assert sorted(rows) == sorted(authority for authority, _ in reads)
    database.dispose()


def test_a_note_has_its_author_and_leaves_no_word_in_the_record(world: World) -> None:
    signed_in(world, identity.PROVINCIAL_OFFICER)
    application_id = world.at_province()
    etag = world.case(application_id).etag
    case = add_note(world, identity.PROVINCIAL_OFFICER, application_id, "合同已核对。")
    written = case.notes[0]
    assert (written.author, written.author_name.zh) == ("province-1", "Sun（中文）")
    assert written.written_at.ToDatetime(tzinfo=MONDAY.tzinfo) == MONDAY
    assert case.etag == etag
    assert (case.history[-1].action, dict(case.history[-1].details)) == (
        "add_note",
        {"authority": "PROVINCE", "note_id": written.note_id},
    )
    assert "合同" not in str(
        world.applicant().GetApplication(messages.GetApplicationRequest(application_id=application_id))
    )


def test_nobody_writes_in_the_name_of_another_authority(world: World) -> None:
    application_id = world.at_province()
    add_note(world, identity.PROVINCIAL_OFFICER, application_id, "合同已核对。")
    database = Database(world.database.url, ledger)
    for who, statement, refused in (
        (identity.MINISTRY_OFFICER, "UPDATE note SET body = ''", "permission denied"),
        (identity.MINISTRY_OFFICER, "DELETE FROM note", "permission denied"),
        (
            identity.AUDITOR,
            "INSERT INTO assignment SELECT application_id, authority, '', '', '', written_at, '' FROM note",
            "row-level security",
        ),
        (
            identity.MINISTRY_OFFICER,
            "INSERT INTO assignment SELECT application_id, authority, '', '', '', written_at, '' FROM note",
            "row-level security",
        ),
    ):
        with (
            pytest.raises(sqlalchemy.exc.ProgrammingError, match=refused),
            database.begin(call_of(who)) as work,
        ):
            work.connection.execute(sqlalchemy.text(statement))
    database.dispose()
