"""Lists are brought in as files: their faults are told by line and column, and nothing half-read is kept."""

import sqlalchemy
from xuke.classification.v1 import classification_pb2 as cl

from services.classification.store.proposal_tables import control_list_change, control_list_proposal
from services.classification.store.tables import ledger
from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from tests.contract.classification.control_lists.cases import EU, EU_LASERS, EU_MIRRORS, HEADER, NEW
from tests.contract.classification.lists import Person, refusal
from tests.support import identity
from tests.support.services import call_of


def rows(database: Database) -> tuple[int, ...]:
    with database.begin(call_of(identity.LIST_EDITOR)) as work:
        return tuple(
            work.connection.execute(
                sqlalchemy.select(sqlalchemy.func.count()).select_from(table)
            ).scalar_one()
            for table in (control_list_proposal, control_list_change, ledger.audit_event)
        )


def test_the_faults_of_a_file_are_told_with_line_and_column_and_nothing_is_kept(
    editor: Person, database: Database
) -> None:
    before = rows(database)
    content = HEADER + (
        ",,,,,maybe,12,,Z,2026-13-01\n"
        "3C909,3C909,名称,,,yes,2825902000,2026-80,A,\n"
        "3C909,3C909,名称,,,yes,2825902000,2026-80,A,2026-01-01\n"
    )
    error = refusal(lambda: editor.bring_in(content))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert {(each.field, each.reason) for each in error.violations} == {
        ("lines[2].identifier", "IMPORT_VALUE_MISSING"),
        ("lines[2].name_zh", "IMPORT_ENTRY_UNNAMED"),
        ("lines[2].announcement", "IMPORT_VALUE_MISSING"),
        ("lines[2].parameters_complete", "IMPORT_WORD_UNKNOWN"),
        ("lines[2].quality", "IMPORT_WORD_UNKNOWN"),
        ("lines[2].hs_codes", "IMPORT_HS_CODE_INVALID"),
        ("lines[2].effective_from", "IMPORT_DAY_INVALID"),
        ("lines[2].effective_from", "IMPORT_VALUE_MISSING"),
        ("lines[3].effective_from", "IMPORT_VALUE_MISSING"),
        ("lines[4].identifier", "IMPORT_ENTRY_TWICE"),
    }
    for broken, reason in (
        (b"\xff\xfe", "IMPORT_NOT_UTF8"),
        (b"", "IMPORT_FILE_EMPTY"),
        (b"identifier,announcement\n", "IMPORT_FILE_EMPTY"),
        (b"identifier\n1", "IMPORT_COLUMN_MISSING"),
        (b"identifier,announcement,colour\n", "IMPORT_COLUMN_UNKNOWN"),
        (b'identifier,announcement\n"1,2\n', "IMPORT_ROW_UNREADABLE"),
        (b"identifier,announcement\n1C001\n", "IMPORT_CELLS_DIFFER"),
    ):
        found = refusal(lambda broken=broken: editor.bring_in(broken))
        assert [each.reason for each in found.violations] == [reason], broken
    for fields, place in (
        ({"format": "PDF"}, "format"),
        ({"regime": "中国"}, "regime"),
        ({"edition": "2026-02-30"}, "edition"),
    ):
        found = refusal(lambda fields=fields: editor.bring_in(HEADER + NEW, **fields))
        assert [each.field for each in found.violations] == [place]
    assert rows(database) == before


def test_what_a_file_has_no_column_for_stays_and_what_it_leaves_out_too(
    editor: Person, second: Person
) -> None:
    proposal = editor.bring_in("identifier,announcement,note_zh\n1C117.d.1,2025-10,试验说明\n")
    (change,) = editor.changes(proposal)
    assert [(one.field, one.before, one.after) for one in change.fields] == [("note_zh", "", "试验说明")]
    before = editor.entry("1C117.d.1")
    second.activate(proposal)
    after = editor.entry("1C117.d.1")
    assert (after.note.zh, after.hs_codes, after.standings) == ("试验说明", before.hs_codes, before.standings)
    error = refusal(lambda: editor.bring_in("identifier,announcement,note_zh\n1C117.d.1,2025-10,试验说明\n"))
    assert [each.reason for each in error.violations] == ["LIST_NOTHING_CHANGES"]


def test_the_list_of_another_regime_is_a_file(editor: Person, second: Person) -> None:
    fields = {"regime": "eu_dual_use", "format": "EU_ANNEX_CSV", "edition": "2025-11-15"}
    proposal = editor.bring_in(EU + EU_LASERS + EU_MIRRORS, **fields)
    assert (proposal.base_version, proposal.added) == ("", 2)
    second.activate(proposal)
    found = editor.entry("6A005", regime="eu_dual_use")
    assert (found.name_en, found.list_version) == (
        "Lasers and components for trial purposes",
        proposal.list_version,
    )
    # The next edition does not hold the mirrors any more: they end and are not removed.
    again = editor.bring_in(EU + EU_LASERS, **(fields | {"edition": "2026-06-01"}))
    assert (again.added, again.changed, again.ended, again.unchanged) == (0, 0, 1, 1)
    second.activate(again)
    mirrors = editor.entry("6A004", regime="eu_dual_use")
    assert mirrors.status == cl.ENTRY_STATUS_REPEALED
    assert editor.entry("6A004", regime="eu_dual_use", as_of="2026-05-31").status == cl.ENTRY_STATUS_IN_FORCE
    # Listed again they stand again, from that edition on.
    third = editor.bring_in(EU + EU_LASERS + EU_MIRRORS, **(fields | {"edition": "2026-09-01"}))
    (change,) = editor.changes(third)
    assert change.kind == "CHANGED"
    second.activate(third)
    standings = [
        (each.status, each.since, each.until)
        for each in editor.entry("6A004", regime="eu_dual_use").standings
    ]
    assert standings == [
        (cl.ENTRY_STATUS_IN_FORCE, "2025-11-15", "2026-05-31"),
        (cl.ENTRY_STATUS_REPEALED, "2026-06-01", "2026-08-31"),
        (cl.ENTRY_STATUS_IN_FORCE, "2026-09-01", ""),
    ]


def test_a_fault_of_the_european_file_names_line_and_column(editor: Person) -> None:
    error = refusal(
        lambda: editor.bring_in(
            EU + EU_LASERS.replace("2025-11-15", "soon"), regime="eu_dual_use", format="EU_ANNEX_CSV"
        )
    )
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(each.field, each.reason) for each in error.violations] == [
        ("lines[2].valid_from", "CLASSIFICATION_FILE_ROW_UNREADABLE")
    ]


def test_a_character_that_cannot_be_kept_is_told_with_its_line(editor: Person) -> None:
    fields = {"regime": "eu_dual_use", "format": "EU_ANNEX_CSV", "edition": "2025-11-15"}
    for content in (EU + EU_LASERS + EU_MIRRORS.replace("trial", "tr\0ial"), EU + "\n6A\x01,,,,\n"):
        error = refusal(lambda content=content: editor.bring_in(content, **fields))
        assert [(each.field, each.reason) for each in error.violations] == [
            ("lines[3]", "IMPORT_CONTROL_CHARACTER")
        ]


def test_a_whole_edition_is_never_followed_by_an_earlier_one(editor: Person, second: Person) -> None:
    fields = {"regime": "eu_dual_use", "format": "EU_ANNEX_CSV", "edition": "2026-06-01"}
    second.activate(editor.bring_in(EU + EU_LASERS + EU_MIRRORS, **fields))
    error = refusal(lambda: editor.bring_in(EU + EU_LASERS, **(fields | {"edition": "2025-11-15"})))
    assert [(each.field, each.reason) for each in error.violations] == [("edition", "LIST_EDITION_EARLIER")]
    misspelt = EU_MIRRORS.replace("provision", "provison")
    error = refusal(lambda: editor.bring_in(EU + EU_LASERS + misspelt, **fields))
    assert [(each.field, each.reason) for each in error.violations] == [
        ("lines[3].kind", "CLASSIFICATION_FILE_ROW_UNREADABLE")
    ]
