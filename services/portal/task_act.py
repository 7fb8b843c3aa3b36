"""What the acts on a task of an agency have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from xuke.consultation.v1 import consultation_pb2 as c
from xuke.licensing.v1 import application_pb2 as a

from services.portal.acting import Act
from services.portal.case_frame import read_case
from services.portal.language import shown, text
from services.portal.services import services


@dataclass(frozen=True)
class TaskRead:
    """A task and the case that it is about."""

    task: c.Task
    case: a.Case


def read_task(task_id: UUID) -> TaskRead:
    """The task as the person may see it, with its case. Errors: NOT_FOUND."""
    task = services().ask(services().consultation.GetTask, c.GetTaskRequest(task_id=str(task_id)))
    return TaskRead(task, read_case(UUID(task.application_id)))


def takes_answers(subject: TaskRead) -> bool:
    """Whether the round is still open, as far as the case shows; consultation says so in the end."""
    return subject.case.state == a.APPLICATION_STATE_IN_CONSULTATION


def why_closed(subject: TaskRead) -> str:
    """Why the task can no longer be answered, in the language of the page; empty where it is still waited for."""
    if not takes_answers(subject):
        return text("task.closed")
    return text("task.waived_meanwhile") if subject.task.state == c.TASK_STATE_WAIVED else ""


class TaskAct(Act[TaskRead]):
    """An act on a task."""

    def read(self, address: Mapping[str, Any]) -> TaskRead:
        """The task with its case."""
        return read_task(address["task_id"])

    def etag(self, subject: TaskRead) -> str:
        """That of the task."""
        return subject.task.etag

    def home(self, subject: TaskRead) -> str:
        """The task."""
        return url_for("task", task_id=subject.task.task_id)

    def context(self, subject: TaskRead) -> dict[str, Any]:
        """The task and its case, and what stands in the way."""
        closed = why_closed(subject)
        return {
            "case": subject.case,
            "task": subject.task,
            "caption": text(
                "task.caption", agency=shown("Agency", subject.task.agency), number=subject.case.number
            ),
            "obstacles": (closed,) if closed else (),
        }
