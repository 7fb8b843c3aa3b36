"""Doing without an opinion that is missing (a waiver): a director decides so, with a reason."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from xuke.consultation.v1 import consultation_pb2 as c

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Answer, Faults, Sending, Typed, demand
from services.portal.case_act import read_rounds
from services.portal.case_frame import read_case
from services.portal.language import shown, text, word
from services.portal.page import Page
from services.portal.services import services
from services.portal.task_act import TaskAct, TaskRead, takes_answers

_LONGEST_REASON: Final = 2000


def can_be_waived(task: c.Task) -> bool:
    """Only the absence of an opinion can be waived, never an opinion that was given."""
    not_competent = task.state == c.TASK_STATE_ANSWERED and task.opinion == c.OPINION_NOT_COMPETENT
    return not_competent or task.state in (c.TASK_STATE_OPEN, c.TASK_STATE_OVERDUE)


def waivable(application_id: UUID) -> ResponseReturnValue:
    """The opinions that are missing in the open round, to choose one to do without."""
    tasks = [
        task
        for one in read_rounds(application_id)
        if one.state == c.ROUND_STATE_OPEN
        for task in one.tasks
        if can_be_waived(task)
    ]
    return render_template("actions/waive.html", case=read_case(application_id), tasks=tasks)


class Waive(TaskAct):
    """Does without an opinion, with a reason. Silence of an agency is never consent."""

    name = "waiver"
    endpoint = "task_waiver"
    path = "/tasks/<uuid:task_id>/waiver"
    permission = allow(Role.MINISTRY_DIRECTOR)

    def possible(self, subject: TaskRead) -> bool:
        """While the round is open and no competent opinion was given."""
        return takes_answers(subject) and can_be_waived(subject.task)

    def faults(self, subject: TaskRead, typed: Typed) -> Faults:
        """A reason is demanded."""
        faults: Faults = {}
        demand(faults, typed, "reason", text("act_waiver.fault_reason"), _LONGEST_REASON)
        return faults

    def answers(self, subject: TaskRead, typed: Typed) -> Sequence[Answer]:
        """Whose opinion is done without, and why."""
        return [
            Answer(text("acting.agency"), shown("Agency", subject.task.agency)),
            Answer(text("acting.task"), word(c.TaskState, subject.task.state)),
            Answer(text("act_waiver.reason"), typed["reason"]),
        ]

    def send(self, subject: TaskRead, typed: Typed, sending: Sending) -> None:
        """WaiveTask."""
        services().ask(
            services().consultation.WaiveTask,
            c.WaiveTaskRequest(
                request_id=sending.request_id,
                task_id=subject.task.task_id,
                etag=sending.etag,
                reason=typed["reason"],
            ),
        )


PAGES: Final[tuple[Page, ...]] = (
    Page("case_waive", "/cases/<uuid:application_id>/actions/waive", waivable, Waive.permission),
    *Waive().pages(),
)
