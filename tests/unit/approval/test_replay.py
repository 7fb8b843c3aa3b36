"""Every recorded history must replay with the code as it is: a case that is under way must survive an upgrade.

A change of the commands a workflow gives needs `workflow.patched`. Add the histories of a release with
`XUKE_RECORD_HISTORIES=1 pytest tests/unit/approval`; delete none while cases of that release may be open.
"""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from services.approval.worker import WORKFLOWS
from tests.unit.approval.conftest import HISTORIES

# An import that a workflow file makes without saying that it may pass the sandbox fails here.
STRICT = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_import_notification_policy(
        SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
        | SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    )
)
RECORDED = sorted(HISTORIES.glob("*.json"))


def test_every_path_is_recorded() -> None:
    assert {path.stem for path in RECORDED} >= {
        "gate_refusal",
        "gate_refusal_unwatched",
        "issue_held",
        "late_kick",
        "licence",
        "licence_completed",
        "licence_completed_unwatched",
        "licence_expiry",
        "licence_first_run",
        "licence_second_run",
        "licence_settled",
        "lost_kicks",
        "mandatory_agency_overdue",
        "optional_agency_overdue",
        "overtaken_expiry",
        "refused_step",
        "rescreening",
        "rescreening_kept",
        "reminders_and_expiry",
        "second_round",
        "superseded_step",
        "supplement",
        "withdrawal",
        "withdrawal_while_consultation_is_away",
    }


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    history = WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))
    await Replayer(workflows=WORKFLOWS, workflow_runner=STRICT).replay_workflow(history)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_history_says_nothing_of_the_machine_it_was_recorded_on(path: Path) -> None:
    assert '"identity"' not in path.read_text(encoding="utf-8")
