"""Single entries changed in a form: what is not stated stays as it is."""

from typing import Any

from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import screening_pb2

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from tests.contract.screening.cases import refusal
from tests.contract.screening.proposals.editor import ALPHA, BETA, GAMMA, HEADER, Editor, rows, verdict_of
from tests.support.services import request_id


def changed_entry(entry: messages.ListEntry, **fields: Any) -> messages.ListEntry:
    changed = messages.ListEntry()
    changed.CopyFrom(entry)
    for name, value in fields.items():
        if isinstance(value, list):
            del getattr(changed, name)[:]
            getattr(changed, name).extend(value)
        else:
            setattr(changed, name, value)
    return changed


def propose(editor: Editor, base: str, *entries: messages.ListEntry) -> messages.Proposal:
    return editor.lists.ProposeEntryChanges(
        messages.ProposeEntryChangesRequest(
            request_id=request_id(),
            list_code="trial_list",
            base_version=base,
            entries=entries,
            reason="Suspended by notice 3",
        )
    )


def test_a_single_entry_is_suspended_and_another_file_does_not_undo_it(
    editor: Editor, second: Editor, procedure: Editor, trial: messages.Proposal
) -> None:
    alpha, _ = editor.entries("trial_list").entries
    suspended = changed_entry(
        alpha,
        suspended_from="2026-11-01",
        suspended_to="2027-10-31",
        standing_basis="Notice 3",
        aliases=["Alpha; Rockets", "Alpha RW"],
        holders=[messages.Holder(list_code="trial_list", entry_id="B-1", percent="50.5")],
    )
    proposal = propose(editor, trial.list_version, suspended)
    assert (proposal.changed, proposal.unchanged, proposal.ended) == (1, 1, 0)
    assert (proposal.read_on, proposal.format) == ("2026-11-20", messages.LIST_FORMAT_UNSPECIFIED)
    (change,) = editor.changes(proposal)
    assert {one.field: one.after for one in change.fields} == {
        "aliases": "Alpha; Rockets; Alpha RW",
        "holders": "trial_list:B-1:50.5",
        "suspended_from": "2026-11-01",
        "suspended_to": "2027-10-31",
        "standing_basis": "Notice 3",
    }
    second.activate(proposal)
    alpha, _ = editor.entries("trial_list").entries
    assert (alpha.standing, list(alpha.aliases)) == ("SUSPENDED", ["Alpha; Rockets", "Alpha RW"])
    assert verdict_of(procedure, "Alpha Rocket Works") == screening_pb2.VERDICT_REVIEW

    plain = "entry_id,name_en,country,announcement,effective_from\n"
    again = editor.bring_in(
        plain + ALPHA.replace(",,\n", "\n") + BETA.replace(",,\n", "\n"), read_on="2026-11-21"
    )
    assert (again.changed, again.unchanged) == (0, 2)


def test_what_is_wrong_with_an_entry_names_its_field(
    editor: Editor, trial: messages.Proposal, database: Database
) -> None:
    alpha, _ = editor.entries("trial_list").entries
    before = rows(database)
    wrong = changed_entry(
        alpha,
        name_en="",
        measures=["NO_SUCH"],
        effective_to="2025-01-01",
        holders=[
            messages.Holder(list_code="trial_list", entry_id="Z-9", percent="10"),
            messages.Holder(list_code="trial_list", entry_id="B-1", percent="120"),
        ],
    )
    wrong.source.url = "javascript:alert(1)"
    error = refusal(lambda: propose(editor, trial.list_version, wrong))
    assert {(found.field, found.reason) for found in error.violations} == {
        ("entries[0].name_en", "IMPORT_ENTRY_UNNAMED"),
        ("entries[0].measures", "IMPORT_WORD_UNKNOWN"),
        ("entries[0].effective_to", "IMPORT_DAYS_REVERSED"),
        ("entries[0].holders", "IMPORT_HOLDER_INVALID"),
        ("entries[0].holders", "IMPORT_HOLDER_UNKNOWN"),
        ("entries[0].source.url", "IMPORT_URL_INVALID"),
    }
    assert rows(database) == before


def test_changes_of_entries_start_from_the_current_version(
    editor: Editor, second: Editor, trial: messages.Proposal
) -> None:
    alpha, _ = editor.entries("trial_list").entries
    second.activate(editor.bring_in(HEADER + ALPHA + BETA + GAMMA))
    error = refusal(lambda: propose(editor, trial.list_version, changed_entry(alpha, name_zh="阿尔法")))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "LIST_BASE_CHANGED")
