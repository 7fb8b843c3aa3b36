"""Changes of outcome that activated lists brought about: to be looked at and settled, each once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as ct

from services.portal.acting import Act, Answer, Faults, Sending, Typed, demand
from services.portal.control_proposal_act import PROPOSAL_READERS, SETTLERS, application_of, item_name
from services.portal.language import text, word
from services.portal.page import Page
from services.portal.services import services

TASKS_SHOWN: Final = 25
_LONGEST_SETTLEMENT: Final = 2000


def tasks() -> ResponseReturnValue:
    """Tasks that are open, or those that were settled."""
    settled = request.args.get("state") == "settled"
    found = services().ask(
        services().control_lists.ListReclassificationTasks,
        ct.ListReclassificationTasksRequest(
            settled=settled, page_size=TASKS_SHOWN, page_token=request.args.get("page", "")[:400]
        ),
    )
    return render_template(
        "control/tasks.html",
        tasks=found.tasks,
        next_page=found.next_page_token,
        is_first="page" not in request.args,
        settled=settled,
        item_name=item_name,
        application_of=application_of,
    )


class Settle(Act[ct.ReclassificationTask]):
    """Says what was done about a change of outcome."""

    name = "reclassification_settle"
    endpoint = "reclassification_settle"
    path = "/control-list/tasks/<uuid:reclassification_id>"
    permission = SETTLERS

    def read(self, address: Mapping[str, Any]) -> ct.ReclassificationTask:
        """The task. Errors: NOT_FOUND."""
        return services().ask(
            services().control_lists.GetReclassificationTask,
            ct.GetReclassificationTaskRequest(task_id=str(address["reclassification_id"])),
        )

    def possible(self, subject: ct.ReclassificationTask) -> bool:
        """Once."""
        return not subject.HasField("settled_at")

    def etag(self, subject: ct.ReclassificationTask) -> str:
        """That of the task."""
        return subject.etag

    def home(self, subject: ct.ReclassificationTask) -> str:
        """The tasks."""
        return url_for("reclassification_tasks")

    def context(self, subject: ct.ReclassificationTask) -> dict[str, Any]:
        """The change beside the form."""
        return {
            "task": subject,
            "caption": text("reclassification.title"),
            "name": item_name(subject.change),
            "application": application_of(subject.change),
            "beside": "control/task_facts.html",
            "state_shown": "control/task_state.html",
            "obstacles": (),
        }

    def faults(self, subject: ct.ReclassificationTask, typed: Typed) -> Faults:
        """What was done is demanded."""
        faults: Faults = {}
        demand(
            faults,
            typed,
            "settlement",
            text("act_reclassification_settle.fault_settlement"),
            _LONGEST_SETTLEMENT,
        )
        return faults

    def answers(self, subject: ct.ReclassificationTask, typed: Typed) -> Sequence[Answer]:
        """The change, and what was done about it."""
        return [
            Answer(text("reclassification.item"), item_name(subject.change)),
            Answer(text("reclassification.before"), word(cl.Outcome, subject.change.before)),
            Answer(text("reclassification.after"), word(cl.Outcome, subject.change.after)),
            Answer(text("act_reclassification_settle.settlement"), typed["settlement"]),
        ]

    def send(self, subject: ct.ReclassificationTask, typed: Typed, sending: Sending) -> None:
        """SettleReclassificationTask."""
        services().ask(
            services().control_lists.SettleReclassificationTask,
            ct.SettleReclassificationTaskRequest(
                request_id=sending.request_id,
                task_id=subject.task_id,
                etag=sending.etag,
                settlement=typed["settlement"],
            ),
        )


PAGES: Final[tuple[Page, ...]] = (
    Page("reclassification_tasks", "/control-list/tasks", tasks, PROPOSAL_READERS),
    *Settle().pages(),
)
