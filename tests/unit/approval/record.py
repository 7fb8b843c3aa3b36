"""The services' record, in memory, behind the names of the real activities.

The workflows under test are real, and so are Temporal and its worker; only the databases are replaced. As in
them, every step is conditional: it has an effect only if the state, and the time at which Temporal asked for
it, allow one.
"""

import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from services.approval.domain.position import (
    AgencyTask,
    ApplicationPosition,
    ApplicationState,
    ConsultationRound,
    Deadline,
    DeadlineState,
    LicencePosition,
    LicenceState,
    RoundState,
    TaskState,
)
from services.approval.domain.rescreening import Looked
from services.approval.domain.steps import (
    AbandonConsultationRound,
    CloseConsultationRound,
    ExpireAgencyTask,
    ExpireDeadline,
    ExpireLicence,
    IssueLicence,
    OpenConsultationRound,
    PrepareLicenceDocument,
    RecordReminder,
    RemindAgency,
    RunAutomaticChecks,
    SettleClassification,
    Step,
    StepResult,
    StopWatching,
    StopWatchingLicence,
)


@dataclass(frozen=True)
class Asked:
    """What the plan of a round asks of one agency."""

    task_id: str
    mandatory: bool = True
    due_in: timedelta | None = timedelta(days=10)


class Refused(Exception):
    """The record does not allow the step: the service would answer FAILED_PRECONDITION."""


@dataclass
class Record:
    """One application and one licence. People act by the methods in the middle, the procedure by the rest."""

    application: ApplicationPosition = field(
        default_factory=lambda: ApplicationPosition("a", ApplicationState.SUBMITTED, 1, submission_number=1)
    )
    licence: LicencePosition = field(
        default_factory=lambda: LicencePosition("n", LicenceState.ISSUED, 1, document_prepared=False)
    )
    # The gate lets the next automatic checks pass, or not.
    prohibited: bool = False
    # The record refuses to close rounds, for a reason that the position does not show.
    closing_refused: bool = False
    # Names of activities that cannot reach their service.
    out_of_reach: set[str] = field(default_factory=set)
    # What a person commits just before the step of this name does.
    overtaking: dict[str, Callable[[], None]] = field(default_factory=dict)
    plan: tuple[Asked, ...] = ()
    # Whether screening looks again at the export; no step of anybody's case.
    watched: bool = True
    # Whether classification was told what became of the items; no step of anybody's case either.
    settled: bool = False
    # Looks that changes have made owed, one to a call; results that licensing was not, and was, told of.
    owed_looks: int = 0
    undelivered: int = 0
    delivered: int = 0
    licensing_cannot_take: bool = False
    # Steps that had an effect, in order; and every attempt.
    taken: list[Step] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    pulls: int = 0
    known: list[dict[str, int]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # People.

    def act(self, state: ApplicationState, **changes: Any) -> int:
        """A person moves the application to a state; returns the sequence of the event."""
        with self._lock:
            if self.application.state.value in ("WITHDRAWN", "LAPSED", "REFUSED", "LICENSED"):
                raise Refused
            self._change(state=state, **changes)
            return self.application.sequence

    def open_deadline(
        self, now: datetime, due_in: timedelta, reminders_in: tuple[timedelta, ...] = (), kind: str = "review"
    ) -> None:
        """The record opens a deadline."""
        with self._lock:
            reminders = tuple(now + reminder for reminder in reminders_in)
            opened = Deadline(f"deadline-{kind}", kind, DeadlineState.OPEN, now + due_in, reminders)
            self._change(deadlines=(*self.application.deadlines, opened))

    def meet_deadlines(self) -> None:
        """Whoever holds the case acted in time."""
        with self._lock:
            met = tuple(
                replace(one, state=DeadlineState.MET) if one.state is DeadlineState.OPEN else one
                for one in self.application.deadlines
            )
            self._change(deadlines=met)

    def start_consultation(self, *asked: Asked) -> int:
        """An officer chooses the agencies."""
        self.plan = asked
        return self.act(ApplicationState.IN_CONSULTATION, planned_round=self.application.planned_round + 1)

    def answer(self, task_id: str, state: TaskState = TaskState.ANSWERED) -> int:
        """An agency answers, or a director waives; returns the sequence of consultation."""
        with self._lock:
            self._change_task(task_id, state=state)
            return self.application.consultation_sequence

    # The procedure.

    def activities(self) -> list[Callable[..., Any]]:
        """The real names, around this record."""
        return [
            self._load_application,
            self._load_licence,
            self._step("run_automatic_checks", RunAutomaticChecks, self._checks),
            self._step("open_consultation_round", OpenConsultationRound, self._open_round),
            self._step("remind_agency", RemindAgency, self._remind_agency),
            self._step("expire_agency_task", ExpireAgencyTask, self._expire_task),
            self._step("close_consultation_round", CloseConsultationRound, self._close_round),
            self._step("abandon_consultation_round", AbandonConsultationRound, self._abandon_round),
            self._step("record_reminder", RecordReminder, self._remind),
            self._step("expire_deadline", ExpireDeadline, self._expire_deadline),
            self._step("issue_licence", IssueLicence, self._issue),
            self._step("prepare_licence_document", PrepareLicenceDocument, self._prepare),
            self._step("expire_licence", ExpireLicence, self._expire_licence),
            self._step("stop_watching", StopWatching, self._stop_watching),
            self._step("stop_watching_licence", StopWatchingLicence, self._stop_watching),
            self._step("settle_classification", SettleClassification, self._settle),
            self._rescreen,
            self._deliver,
        ]

    def _step(self, name: str, step_type: type, apply: Callable[..., bool]) -> Callable[..., Any]:
        def take(step: Any) -> StepResult:
            with self._lock:
                self._reach(name)
                self.overtaking.pop(name, lambda: None)()
                try:
                    if apply(step, activity.info().scheduled_time):
                        self.taken.append(step)
                except Refused:
                    return StepResult.SUPERSEDED
                return StepResult.DONE

        take.__annotations__["step"] = step_type
        return activity.defn(name=name)(take)

    def _reach(self, name: str) -> None:
        self.attempts.append(name)
        if name in self.out_of_reach:
            raise ApplicationError("SERVICE_UNREACHABLE", type="UNAVAILABLE")

    @activity.defn(name="load_application_position")
    def _load_application(self, application_id: str, known: dict[str, int]) -> ApplicationPosition:
        with self._lock:
            self._reach("load_application_position")
            self.pulls += 1
            self.known.append(known)
            return self.application

    @activity.defn(name="load_licence_position")
    def _load_licence(self, number: str, known: dict[str, int]) -> LicencePosition:
        with self._lock:
            self._reach("load_licence_position")
            self.pulls += 1
            self.known.append(known)
            return self.licence

    @activity.defn(name="rescreen")
    def _rescreen(self) -> Looked:
        with self._lock:
            self._reach("rescreen")
            if self.owed_looks:
                self.owed_looks -= 1
                self.undelivered += 1
            return Looked(more=self.owed_looks > 0, undelivered=self.undelivered > 0)

    @activity.defn(name="deliver_rescreenings")
    def _deliver(self) -> int:
        with self._lock:
            self._reach("deliver_rescreenings")
            taken = 0 if self.licensing_cannot_take else self.undelivered
            self.undelivered -= taken
            self.delivered += taken
            return taken

    def _stop_watching(self, _: StopWatching | StopWatchingLicence, now: datetime) -> bool:
        self.watched = False
        return False

    def _settle(self, _: SettleClassification, now: datetime) -> bool:
        self.settled = True
        return False

    def _checks(self, step: RunAutomaticChecks, _: datetime) -> bool:
        self._require(self.application.state is ApplicationState.SUBMITTED)
        self._require(step.submission_number == self.application.submission_number)
        refused, passed = ApplicationState.GATE_REFUSED, ApplicationState.PROVINCIAL_REVIEW
        self._change(state=refused if self.prohibited else passed)
        return True

    def _open_round(self, step: OpenConsultationRound, now: datetime) -> bool:
        self._require(self.application.state is ApplicationState.IN_CONSULTATION)
        tasks = tuple(
            AgencyTask(asked.task_id, asked.mandatory, TaskState.OPEN, asked.due_in and now + asked.due_in)
            for asked in self.plan
        )
        round_ = ConsultationRound(
            f"round-{step.round_number}", step.round_number, RoundState.OPEN, now, tasks
        )
        self._change(round=round_, consultation_sequence=self.application.consultation_sequence + 1)
        return True

    def _remind_agency(self, step: RemindAgency, _: datetime) -> bool:
        task = self._task(step.task_id)
        if task.reminders_sent >= step.reminder_number:
            return False
        self._change_task(step.task_id, reminders_sent=step.reminder_number)
        return True

    def _expire_task(self, step: ExpireAgencyTask, now: datetime) -> bool:
        task = self._task(step.task_id)
        if task.state is not TaskState.OPEN or task.due_at is None or task.due_at > now:
            return False
        self._change_task(step.task_id, state=TaskState.OVERDUE)
        return True

    def _close_round(self, step: CloseConsultationRound, _: datetime) -> bool:
        self._require(self.application.state is ApplicationState.IN_CONSULTATION)
        self._require(not self.closing_refused)
        round_ = self._round()
        missing = [
            task
            for task in round_.tasks
            if task.mandatory and task.state not in (TaskState.ANSWERED, TaskState.WAIVED)
        ]
        self._require(not missing and round_.round_id == step.round_id)
        self._change(
            state=ApplicationState.READY_FOR_PROPOSAL, round=replace(round_, state=RoundState.CLOSED)
        )
        return True

    def _abandon_round(self, step: AbandonConsultationRound, _: datetime) -> bool:
        round_ = self._round()
        if round_.state is RoundState.CLOSED:
            return False
        assert round_.round_id == step.round_id
        tasks = tuple(
            replace(task, state=TaskState.CLOSED_UNANSWERED)
            if task.state in (TaskState.OPEN, TaskState.OVERDUE)
            else task
            for task in round_.tasks
        )
        self._change(round=replace(round_, state=RoundState.CLOSED, tasks=tasks))
        return True

    def _remind(self, step: RecordReminder, _: datetime) -> bool:
        return self._change_deadline(
            step.deadline_id,
            lambda one: one.reminders_sent < step.reminder_number,
            reminders_sent=step.reminder_number,
        )

    def _expire_deadline(self, step: ExpireDeadline, now: datetime) -> bool:
        return self._change_deadline(
            step.deadline_id,
            lambda one: one.due_at is not None and one.due_at <= now,
            state=DeadlineState.EXPIRED,
        )

    def _issue(self, _: IssueLicence, now: datetime) -> bool:
        self._require(self.application.state is ApplicationState.APPROVED)
        self._change(state=ApplicationState.LICENSED)
        return True

    def _prepare(self, _: PrepareLicenceDocument, now: datetime) -> bool:
        self._change_licence(document_prepared=True)
        return True

    def _expire_licence(self, _: ExpireLicence, now: datetime) -> bool:
        if self.licence.expires_at is None or self.licence.expires_at > now:
            return False
        self._change_licence(state=LicenceState.EXPIRED)
        return True

    # The tables.

    @staticmethod
    def _require(allowed: bool) -> None:
        if not allowed:
            raise Refused

    def _round(self) -> ConsultationRound:
        assert self.application.round is not None
        return self.application.round

    def _task(self, task_id: str) -> AgencyTask:
        return next(task for task in self._round().tasks if task.task_id == task_id)

    def _change(self, **changes: Any) -> None:
        sequence = self.application.sequence + 1
        self.application = dataclasses.replace(self.application, sequence=sequence, **changes)

    def _change_licence(self, **changes: Any) -> None:
        sequence = self.licence.sequence + 1
        self.licence = dataclasses.replace(self.licence, sequence=sequence, **changes)

    def change_licence(self, **changes: Any) -> int:
        """Something happens to the licence; returns the sequence of the event."""
        with self._lock:
            self._change_licence(**changes)
            return self.licence.sequence

    def _change_task(self, task_id: str, **changes: Any) -> None:
        tasks = tuple(
            replace(task, **changes) if task.task_id == task_id else task for task in self._round().tasks
        )
        self.application = replace(
            self.application,
            round=replace(self._round(), tasks=tasks),
            consultation_sequence=self.application.consultation_sequence + 1,
        )

    def _change_deadline(self, deadline_id: str, allowed: Callable[[Deadline], bool], **changes: Any) -> bool:
        found = next(one for one in self.application.deadlines if one.deadline_id == deadline_id)
        if found.state is not DeadlineState.OPEN or not allowed(found):
            return False
        deadlines = tuple(
            replace(one, **changes) if one is found else one for one in self.application.deadlines
        )
        self._change(deadlines=deadlines)
        return True
