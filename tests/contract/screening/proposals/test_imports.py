"""Files that are brought in: what they change, what they leave out, and what is wrong with them."""

from datetime import timedelta
from typing import Any

import pytest
from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import screening_pb2

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from tests.contract.screening.cases import export, party, refusal
from tests.contract.screening.proposals.editor import (
    ALPHA,
    BETA,
    GAMMA,
    HEADER,
    Editor,
    definition,
    rows,
    verdict_of,
)
from tests.support.services import SettableClock, request_id


def test_what_a_file_leaves_out_ends_and_is_not_removed(
    editor: Editor, second: Editor, procedure: Editor, trial: messages.Proposal
) -> None:
    before = procedure.screening.Screen(export(party(name_en="Beta Turbine Company")))
    assert before.verdict == screening_pb2.VERDICT_PROHIBITED

    changed = ALPHA.replace("Alpha Rocket Works", "Alpha Rocket Works Group")
    proposal = editor.bring_in(HEADER + GAMMA + changed)
    assert (proposal.added, proposal.changed, proposal.ended, proposal.unchanged) == (1, 1, 1, 0)
    told = {change.entry_id: change for change in editor.changes(proposal)}
    assert {entry_id: change.kind for entry_id, change in told.items()} == {
        "A-1": messages.CHANGE_KIND_CHANGED,
        "B-1": messages.CHANGE_KIND_ENDED,
        "C-1": messages.CHANGE_KIND_ADDED,
    }
    fields = [(one.field, one.before, one.after) for one in told["A-1"].fields]
    assert fields == [("name_en", "Alpha Rocket Works", "Alpha Rocket Works Group")]
    # The list was read on 20 November and did not hold it any more.
    fields = [(one.field, one.before, one.after) for one in told["B-1"].fields]
    assert fields == [("effective_to", "", "2026-11-19")]
    assert ("country", "", "KR") in [(one.field, one.before, one.after) for one in told["C-1"].fields]

    activated = second.activate(proposal)
    standing = {entry.entry_id: entry.standing for entry in editor.entries("trial_list").entries}
    assert standing == {"A-1": "IN_FORCE", "B-1": "DELISTED", "C-1": "IN_FORCE"}
    then = editor.entries("trial_list", as_of="2026-10-31").entries
    assert [entry.standing for entry in then] == ["IN_FORCE", "IN_FORCE", "ANNOUNCED"]
    assert verdict_of(procedure, "Beta Turbine Company") == screening_pb2.VERDICT_CLEAR
    # What was screened before stands, and so does the version that it rested on.
    old = editor.entries("trial_list", list_version=trial.list_version)
    assert [entry.entry_id for entry in old.entries] == ["A-1", "B-1"]
    assert trial.list_version in before.versions
    assert [version.list_version for version in editor.versions("trial_list")] == [
        activated.list_version,
        trial.list_version,
    ]


def test_whoever_is_on_the_list_again_is_listed_again(
    editor: Editor, second: Editor, trial: messages.Proposal
) -> None:
    second.activate(editor.bring_in(HEADER + ALPHA))
    again = editor.bring_in(HEADER + ALPHA + BETA)
    (change,) = editor.changes(again)
    assert [(one.field, one.before, one.after) for one in change.fields] == [
        ("effective_to", "2026-11-19", "")
    ]
    # The list says again what it said first: it comes back to that version.
    assert again.list_version == trial.list_version
    assert second.activate(again).state == messages.PROPOSAL_STATE_ACTIVATED
    assert [version.current for version in editor.versions("trial_list")] == [True, False, False]
    assert editor.entries("trial_list").list_version == trial.list_version


def test_the_order_of_the_file_changes_nothing(editor: Editor, second: Editor) -> None:
    forward = editor.bring_in(HEADER + ALPHA + BETA + GAMMA, definition=definition())
    backward = editor.bring_in(HEADER + GAMMA + BETA + ALPHA, definition=definition())
    assert forward.list_version == backward.list_version
    second.activate(forward)
    error = refusal(lambda: editor.bring_in(HEADER + BETA + ALPHA + GAMMA))
    assert [found.reason for found in error.violations] == ["LIST_NOTHING_CHANGES"]


def test_repeating_an_import_gets_the_first_answer_even_after_it_was_activated(
    editor: Editor, second: Editor, database: Database
) -> None:
    key = request_id()
    first = editor.bring_in(HEADER + ALPHA, definition=definition(), request_id=key)
    second.activate(first)
    before = rows(database)
    assert editor.bring_in(HEADER + ALPHA, definition=definition(), request_id=key, chunk=7) == first
    assert rows(database) == before
    other = refusal(lambda: editor.bring_in(HEADER + BETA, definition=definition(), request_id=key))
    assert other.reason == "REQUEST_ID_REUSED"


@pytest.mark.parametrize(
    ("content", "fields", "faults"),
    [
        ("", {}, [("lines[1]", "IMPORT_FILE_EMPTY")]),
        (HEADER, {}, [("lines[1]", "IMPORT_FILE_EMPTY")]),
        (
            HEADER + ",,XX,,2026-13-01,,\n" + ALPHA + ALPHA,
            {},
            [
                ("lines[2].entry_id", "IMPORT_VALUE_MISSING"),
                ("lines[2].name_en", "IMPORT_ENTRY_UNNAMED"),
                ("lines[2].country", "IMPORT_COUNTRY_UNKNOWN"),
                ("lines[2].effective_from", "IMPORT_DAY_INVALID"),
                ("lines[4].entry_id", "IMPORT_ENTRY_TWICE"),
            ],
        ),
        (HEADER + ALPHA, {"read_on": ""}, [("read_on", "LIST_READ_ON_MISSING")]),
        (HEADER + ALPHA, {"read_on": "2026-11-22"}, [("read_on", "LIST_READ_IN_FUTURE")]),
        (HEADER + ALPHA, {"read_on": "2026-02-30"}, [("read_on", "SCREENING_DAY_INVALID")]),
        (HEADER + ALPHA, {"read_on": "2026-08-01"}, [("read_on", "LIST_READ_TOO_LONG_AGO")]),
        (HEADER + ALPHA, {"reason": "a\u0000b"}, [("reason", "LIST_TEXT_UNPRINTABLE")]),
        (
            HEADER + ALPHA,
            {"definition": definition(name=None, maximum_age_days=0)},
            [
                ("definition.name.zh", "LIST_DEFINITION_INCOMPLETE"),
                ("definition.name.en", "LIST_DEFINITION_INCOMPLETE"),
                ("definition.maximum_age_days", "LIST_DEFINITION_INCOMPLETE"),
            ],
        ),
        (
            HEADER + ALPHA,
            {"definition": definition(list_code="other_list")},
            [("list_code", "LIST_CODES_DIFFER")],
        ),
        (
            HEADER + ALPHA,
            {"format": messages.LIST_FORMAT_RULES_CSV},
            [("list_code", "LIST_FORMAT_NEEDS_NO_LIST")],
        ),
        (
            "<CONSOLIDATED_LIST/>",
            {"format": messages.LIST_FORMAT_UNITED_NATIONS_XML, "definition": None},
            [("list_code", "LIST_OF_OTHER_FORMAT")],
        ),
    ],
)
def test_a_bad_file_is_told_whole_and_leaves_nothing(
    editor: Editor, database: Database, content: str, fields: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    before = rows(database)
    error = refusal(lambda: editor.bring_in(content, **({"definition": definition()} | fields)))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(found.field, found.reason) for found in error.violations] == faults
    assert rows(database) == before


def test_a_list_that_is_not_there_needs_a_definition(editor: Editor) -> None:
    error = refusal(lambda: editor.bring_in(HEADER + ALPHA))
    assert [found.reason for found in error.violations] == ["LIST_DEFINITION_MISSING"]
    error = refusal(lambda: editor.bring_in(HEADER + ALPHA, list_code="Trial List"))
    assert [found.reason for found in error.violations] == ["LIST_CODE_INVALID"]


def test_the_effects_of_a_required_list_are_not_for_an_import_to_change(editor: Editor) -> None:
    error = refusal(
        lambda: editor.bring_in(
            HEADER + ALPHA,
            list_code="control_list",
            definition=definition(list_code="control_list", match_verdict=screening_pb2.VERDICT_REVIEW),
        )
    )
    assert [(found.field, found.reason) for found in error.violations] == [
        ("definition", "LIST_DEFINITION_FIXED")
    ]


def test_a_list_read_before_the_current_one_is_refused(editor: Editor, trial: messages.Proposal) -> None:
    error = refusal(lambda: editor.bring_in(HEADER + GAMMA, read_on="2026-11-19"))
    assert [found.reason for found in error.violations] == ["LIST_READ_BEFORE_CURRENT"]


def test_the_same_list_read_again_is_fresh_again(
    editor: Editor, second: Editor, procedure: Editor, trial: messages.Proposal, clock: SettableClock
) -> None:
    clock.advance(timedelta(days=90))
    error = refusal(lambda: verdict_of(procedure, "Alpha Rocket Works"))
    assert (error.reason, error.metadata["list_code"]) == ("SCREENING_LIST_STALE", "trial_list")
    read_again = editor.bring_in(HEADER + ALPHA + BETA, read_on="2027-02-18")
    assert (read_again.added, read_again.changed, read_again.ended, read_again.unchanged) == (0, 0, 0, 2)
    second.activate(read_again)
    assert verdict_of(procedure, "Alpha Rocket Works") == screening_pb2.VERDICT_PROHIBITED
