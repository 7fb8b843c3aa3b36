"""What a program brings along never undoes what people activated, and is proposed to them."""

from dataclasses import replace
from datetime import date

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as messages

from services.classification.domain.entries import ControlList
from services.classification.loading import load
from services.foundation.database import Database
from tests.contract.classification.control_lists.cases import HEADER, NEW
from tests.contract.classification.lists import Person, refusal
from tests.support.services import SettableClock


def test_what_people_activated_is_not_undone_by_a_start(
    editor: Person, second: Person, database: Database, shipped: ControlList, clock: SettableClock
) -> None:
    activated = second.activate(editor.state("2C902.b", cl.ENTRY_STATUS_IN_FORCE, "2026-11-11"))
    added = second.activate(editor.bring_in(HEADER + NEW))
    assert load(database, shipped, clock) is False
    assert editor.current() == added.list_version != activated.list_version

    def with_note(text: str, **fields: object) -> ControlList:
        entries = tuple(
            replace(entry, note_zh=text) if entry.identifier == "1C117.d.1" else entry
            for entry in shipped.entries
            if entry.identifier != "1C117.d.2"
        )
        return replace(shipped, entries=entries, **fields)

    older = with_note("旧", version="older", edition=date(2025, 1, 1))
    assert load(database, older, clock) is False
    newer = with_note("新", version="newer", edition=date(2026, 11, 25))
    assert load(database, newer, clock) is True
    assert load(database, newer, clock) is False
    newest = with_note("最新", version="newest", edition=date(2026, 11, 26))
    assert load(database, newest, clock) is True
    listed = editor.lists.ListControlListProposals(messages.ListControlListProposalsRequest()).proposals
    assert [(each.file_name, each.state) for each in listed[:2]] == [
        ("newest", messages.CONTROL_LIST_PROPOSAL_STATE_PROPOSED),
        ("newer", messages.CONTROL_LIST_PROPOSAL_STATE_WITHDRAWN),
    ]
    # Of what the program says as before, what people made of it stays; what it leaves out ends.
    assert {(change.control_code, change.kind) for change in editor.changes(listed[0])} == {
        ("1C117.d.1", "CHANGED"),
        ("1C117.d.2", "ENDED"),
    }
    assert editor.current() == added.list_version
    second.activate(listed[0])
    assert editor.entry("1C117.d.1").note.zh == "最新"
    assert editor.entry("1C117.d.2", as_of="2026-11-26").status == cl.ENTRY_STATUS_REPEALED
    assert editor.entry("1C117.d.2", as_of="2026-11-25").status == cl.ENTRY_STATUS_IN_FORCE
    assert editor.entry("2C902.b").status == cl.ENTRY_STATUS_IN_FORCE
    assert editor.entry("3C909").name_zh == "试验用氧化铪溅射靶材"


def test_what_a_program_brings_is_proposed_again_when_the_list_has_moved_on(
    editor: Person, second: Person, database: Database, shipped: ControlList, clock: SettableClock
) -> None:
    # People brought in an announcement of a later day than the edition of the next program.
    second.activate(editor.bring_in(HEADER + NEW, edition="2026-11-20"))
    entries = tuple(replace(each, note_zh="新") if each.code == "1C004" else each for each in shipped.entries)
    newer = replace(shipped, version="newer", edition=date(2026, 7, 1), entries=entries)
    assert load(database, newer, clock) is True
    listed = editor.lists.ListControlListProposals(messages.ListControlListProposalsRequest()).proposals
    second.activate(editor.state("2C902.b", cl.ENTRY_STATUS_IN_FORCE, "2026-11-11"))
    assert refusal(lambda: second.activate(listed[0])).reason == "PROPOSAL_BASE_CHANGED"
    assert load(database, newer, clock) is True
    assert load(database, newer, clock) is False
    again, *_ = editor.lists.ListControlListProposals(messages.ListControlListProposalsRequest()).proposals
    assert (again.file_name, again.base_version) == ("newer", editor.current())
    assert second.read(listed[0]).state == messages.CONTROL_LIST_PROPOSAL_STATE_WITHDRAWN
    assert [change.control_code for change in editor.changes(again)] == ["1C004"]
    second.activate(again)
    # The next program is held against that one, and not against what people brought in.
    later = replace(newer, version="later", edition=date(2026, 8, 1), entries=shipped.entries)
    assert load(database, later, clock) is True
