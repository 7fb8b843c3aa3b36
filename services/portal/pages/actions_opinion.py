"""The task of a consulted agency: what is asked, its opinion, and the conditions that it set."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from xuke.consultation.v1 import consultation_pb2 as c

from services.foundation.errors import not_found
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Answer, Faults, Sending, Typed, demand, tell
from services.portal.case_act import LONGEST_REASONS, read_rounds
from services.portal.language import plain, shown, text
from services.portal.page import Page
from services.portal.pages.actions_decision import add_condition_faults
from services.portal.review_sheet import (
    FACTORS,
    RATINGS,
    add_sheet_faults,
    comment_of,
    rating_of,
    sheet_answers,
    sheet_as_fields,
)
from services.portal.rows import as_fields, filled_rows
from services.portal.services import services
from services.portal.task_act import TaskAct, TaskRead, read_task, takes_answers, why_closed

OPINIONS: Final = tuple(plain(c.Opinion, number) for number in c.Opinion.values() if number)
_WITH_CONDITIONS, _NOT_COMPETENT = "APPROVE_WITH_CONDITIONS", "NOT_COMPETENT"
_GROUP: Final = "conditions"
_REVIEWER: Final = allow(Role.AGENCY_REVIEWER)
_LONGEST_CONDITION, _LONGEST_REASON = 1000, 2000
_ANSWERABLE: Final = (c.TASK_STATE_OPEN, c.TASK_STATE_OVERDUE, c.TASK_STATE_ANSWERED)


def task(task_id: UUID) -> ResponseReturnValue:
    """What is asked of the agency, until when, and what it has answered."""
    found = read_task(task_id)
    return render_template(
        "actions/task.html",
        task=found.task,
        case=found.case,
        answerable=_answerable(found),
        closed=why_closed(found),
    )


def case_task(application_id: UUID) -> ResponseReturnValue:
    """Leads an agency from a case to its latest task on it, or back while the request is on its way."""
    tasks = [task for one in read_rounds(application_id) for task in one.tasks]
    if not tasks:
        tell("task.on_its_way")
        return redirect(url_for("case", application_id=application_id), 303)
    return redirect(url_for("task", task_id=tasks[-1].task_id), 303)


def _answerable(subject: TaskRead) -> bool:
    return takes_answers(subject) and subject.task.state in _ANSWERABLE


class GiveOpinion(TaskAct):
    """Gives the opinion of the agency; a later one replaces the earlier, which stays on record."""

    name = "opinion"
    endpoint = "task_opinion"
    path = "/tasks/<uuid:task_id>/opinion"
    permission = _REVIEWER
    groups = (_GROUP,)

    def possible(self, subject: TaskRead) -> bool:
        """While the round is open."""
        return _answerable(subject)

    def context(self, subject: TaskRead) -> dict[str, Any]:
        """Also the opinions there are, and the sheet."""
        return {
            **super().context(subject),
            "opinions": OPINIONS,
            "factors": FACTORS,
            "ratings": RATINGS,
            "heard": {},
        }

    def initial(self, subject: TaskRead) -> dict[str, str]:
        """The opinion that was given, to work on."""
        given = subject.task
        if not given.opinion:
            return {}
        standing = [
            {"text_zh": one.text_zh, "text_en": one.text_en} for one in given.conditions if not one.lifted
        ]
        return {
            "opinion": plain(c.Opinion, given.opinion),
            "reasons": given.reasons,
            **sheet_as_fields(
                [
                    (plain(c.ReviewFactor, one.factor), plain(c.FactorRating, one.rating), one.comment)
                    for one in given.factors
                ]
            ),
            **as_fields(_GROUP, standing),
        }

    def faults(self, subject: TaskRead, typed: Typed) -> Faults:
        """An opinion with reasons; the eight factors unless not competent; conditions where announced only."""
        faults: Faults = {}
        opinion = typed.get("opinion", "")
        if opinion not in OPINIONS:
            faults["opinion"] = text("act_opinion.fault_opinion")
        demand(faults, typed, "reasons", text("act_opinion.fault_reasons"), LONGEST_REASONS)
        if opinion != _NOT_COMPETENT:
            add_sheet_faults(faults, typed)
        conditions = filled_rows(typed, _GROUP)
        if opinion == _WITH_CONDITIONS and not conditions:
            faults[f"{_GROUP}[0].text_zh"] = text("act_opinion.fault_conditions_missing")
        if opinion in OPINIONS and opinion != _WITH_CONDITIONS and conditions:
            faults[f"{_GROUP}[0].text_zh"] = text("act_opinion.fault_conditions_not_announced")
        add_condition_faults(faults, typed, ("text_zh", "text_en"))
        return faults

    def answers(self, subject: TaskRead, typed: Typed) -> Sequence[Answer]:
        """The whole opinion."""
        return [
            Answer(text("act_opinion.opinion"), shown("Opinion", typed["opinion"])),
            Answer(text("act_opinion.reasons"), typed["reasons"]),
            *(sheet_answers(typed) if typed["opinion"] != _NOT_COMPETENT else ()),
            *(
                Answer(
                    text("act_propose.condition", number=number),
                    f"{row.get('text_zh', '')}\n{row.get('text_en', '')}",
                )
                for number, row in enumerate(filled_rows(typed, _GROUP), start=1)
            ),
        ]

    def send(self, subject: TaskRead, typed: Typed, sending: Sending) -> None:
        """SubmitOpinion."""
        competent = typed["opinion"] != _NOT_COMPETENT
        services().ask(
            services().consultation.SubmitOpinion,
            c.SubmitOpinionRequest(
                request_id=sending.request_id,
                task_id=subject.task.task_id,
                etag=sending.etag,
                opinion=c.Opinion.Value(f"OPINION_{typed['opinion']}"),
                reasons=typed["reasons"],
                factors=[
                    c.FactorAssessment(
                        factor=c.ReviewFactor.Value(f"REVIEW_FACTOR_{factor}"),
                        rating=c.FactorRating.Value(f"FACTOR_RATING_{rating_of(typed, place)}"),
                        comment=comment_of(typed, place),
                    )
                    for place, factor in enumerate(FACTORS)
                    if competent
                ],
                conditions=[
                    c.NewCondition(text_zh=row.get("text_zh", ""), text_en=row.get("text_en", ""))
                    for row in filled_rows(typed, _GROUP)
                ],
            ),
        )


class AmendCondition(TaskAct):
    """Changes the words of a condition, or lifts it; only the agency that set it, while the round is open."""

    name = "condition"
    endpoint = "task_condition"
    path = "/tasks/<uuid:task_id>/conditions/<uuid:condition_id>"
    permission = _REVIEWER

    def read(self, address: Mapping[str, Any]) -> TaskRead:
        """The task, cut down to the condition. Errors: NOT_FOUND where the task has no such condition."""
        found, condition_id = super().read(address), str(address["condition_id"])
        meant = [one for one in found.task.conditions if one.condition_id == condition_id]
        if not meant:
            raise not_found("condition", condition_id)
        del found.task.conditions[:]
        found.task.conditions.extend(meant)
        return found

    def possible(self, subject: TaskRead) -> bool:
        """While the round is open and the condition stands."""
        return _answerable(subject) and not _condition(subject).lifted

    def etag(self, subject: TaskRead) -> str:
        """That of the condition."""
        return _condition(subject).etag

    def context(self, subject: TaskRead) -> dict[str, Any]:
        """Also the condition."""
        return {**super().context(subject), "condition": _condition(subject)}

    def initial(self, subject: TaskRead) -> dict[str, str]:
        """The words as they are."""
        present = _condition(subject)
        return {"text_zh": present.text_zh, "text_en": present.text_en}

    def faults(self, subject: TaskRead, typed: Typed) -> Faults:
        """What to do, why, and for other words both languages."""
        faults: Faults = {}
        if typed.get("what") not in ("rewrite", "lift"):
            faults["what"] = text("act_condition.fault_what")
        if typed.get("what") == "rewrite":
            demand(faults, typed, "text_zh", text("act_condition.fault_zh"), _LONGEST_CONDITION)
            demand(faults, typed, "text_en", text("act_condition.fault_en"), _LONGEST_CONDITION)
        demand(faults, typed, "reason", text("act_condition.fault_reason"), _LONGEST_REASON)
        return faults

    def answers(self, subject: TaskRead, typed: Typed) -> Sequence[Answer]:
        """Before and after, and why."""
        present = _condition(subject)
        lifted = typed["what"] == "lift"
        after = text("act_condition.lift") if lifted else f"{typed['text_zh']}\n{typed['text_en']}"
        return [
            Answer(text("act_condition.before"), f"{present.text_zh}\n{present.text_en}"),
            Answer(text("act_condition.after"), after),
            Answer(text("act_condition.reason"), typed["reason"]),
        ]

    def done(self, subject: TaskRead, typed: Typed) -> str:
        """By what was done."""
        return "act_condition.done_lift" if typed["what"] == "lift" else "act_condition.done"

    def send(self, subject: TaskRead, typed: Typed, sending: Sending) -> None:
        """AmendCondition; the words go along only where they are to change."""
        lift = typed["what"] == "lift"
        services().ask(
            services().consultation.AmendCondition,
            c.AmendConditionRequest(
                request_id=sending.request_id,
                condition_id=_condition(subject).condition_id,
                etag=sending.etag,
                lift=lift,
                text_zh="" if lift else typed["text_zh"],
                text_en="" if lift else typed["text_en"],
                reason=typed["reason"],
            ),
        )


def _condition(subject: TaskRead) -> c.Condition:
    return subject.task.conditions[0]


PAGES: Final[tuple[Page, ...]] = (
    Page(
        "task",
        "/tasks/<uuid:task_id>",
        task,
        allow(Role.AGENCY_REVIEWER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR),
    ),
    Page("case_task", "/cases/<uuid:application_id>/task", case_task, _REVIEWER),
    *GiveOpinion().pages(),
    *AmendCondition().pages(),
)
