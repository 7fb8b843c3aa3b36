"""The commands that workflow code gives, in the order of the source, against a baseline that is committed.

Recorded histories show only what they passed through. An edit that adds, removes or reorders a command fails
here first, and then either gets a patch or, where no open case can meet it, a new baseline:
`XUKE_RECORD_HISTORIES=1 pytest tests/unit/approval/test_command_sequence.py`.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import services.approval.workflows as workflows
from tests.unit.approval.conftest import HISTORIES, RECORDING

BASELINE = HISTORIES / "commands.txt"
COMMANDS = frozenset(
    {
        "continue_as_new",
        "deprecate_patch",
        "execute_activity",
        "execute_child_workflow",
        "execute_local_activity",
        "gather",
        "patched",
        "sleep",
        "start_activity",
        "start_child_workflow",
        "start_local_activity",
        "upsert_memo",
        "upsert_search_attributes",
        "uuid4",
        "wait_condition",
    }
)


def commands_of(source: str) -> Iterator[str]:
    """Function and command, in the order of the source, and the name of every activity."""
    for outer in ast.walk(ast.parse(source)):
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = [node for node in ast.walk(outer) if isinstance(node, ast.Call)]
            for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
                name = (
                    call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                )
                if name in COMMANDS:
                    yield f"{outer.name}: {name}"
            for node in ast.walk(outer):
                if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant):
                    yield f"{outer.name}: returns {json.dumps(node.value.value)}"


def fingerprint() -> str:
    lines = []
    for path in sorted(Path(workflows.__path__[0]).glob("*.py")):
        lines += [f"{path.stem}.{command}" for command in commands_of(path.read_text(encoding="utf-8"))]
    return "\n".join(lines) + "\n"


def test_the_command_sequence_is_the_one_that_open_cases_were_started_with() -> None:
    if RECORDING:
        BASELINE.write_text(fingerprint(), encoding="utf-8")
    assert fingerprint() == BASELINE.read_text(encoding="utf-8")


def test_an_added_or_moved_command_is_seen() -> None:
    source = "async def run():\n    await workflow.sleep(1)\n    await workflow.execute_activity('x')\n"
    moved = "async def run():\n    await workflow.execute_activity('x')\n    await workflow.sleep(1)\n"
    assert list(commands_of(source)) == ["run: sleep", "run: execute_activity"]
    assert list(commands_of(moved)) == ["run: execute_activity", "run: sleep"]
