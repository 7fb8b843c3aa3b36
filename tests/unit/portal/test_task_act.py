"""A task says why it can no longer be answered."""

from collections.abc import Iterator

import pytest
from flask import Flask, g
from xuke.consultation.v1 import consultation_pb2 as c
from xuke.licensing.v1 import application_pb2 as a

from services.portal.language import Language, text
from services.portal.task_act import TaskRead, why_closed


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with Flask("test").app_context():
        g.language = Language.EN
        yield


def task(state: str, case: str = "IN_CONSULTATION") -> TaskRead:
    return TaskRead(
        c.Task(state=c.TaskState.Value(f"TASK_STATE_{state}")),
        a.Case(state=a.ApplicationState.Value(f"APPLICATION_STATE_{case}")),
    )


@pytest.mark.parametrize("state", ["OPEN", "OVERDUE", "ANSWERED"])
def test_a_task_that_is_waited_for_is_not_closed(state: str) -> None:
    assert why_closed(task(state)) == ""


def test_an_opinion_that_is_done_without_does_not_mean_that_the_round_is_over() -> None:
    assert why_closed(task("WAIVED")) == text("task.waived_meanwhile")


@pytest.mark.parametrize("state", ["ANSWERED", "WAIVED", "CLOSED_UNANSWERED"])
def test_after_the_round_nothing_is_answered(state: str) -> None:
    assert why_closed(task(state, "READY_FOR_PROPOSAL")) == text("task.closed")
