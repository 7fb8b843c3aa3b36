"""How workflows call activities: names, time limits and retries.

The names are written into histories: one may be added, none renamed.
"""

import asyncio
from datetime import timedelta
from typing import assert_never

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
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

LOAD_APPLICATION_POSITION = "load_application_position"
LOAD_LICENCE_POSITION = "load_licence_position"
RECONCILE = "reconcile"
RESCREEN = "rescreen"
DELIVER_RESCREENINGS = "deliver_rescreenings"

# Workflows that concluded before this was added did not end the watching of their export.
STOPS_WATCHING = "stops-watching"
# Workflows that concluded before this was added left no precedents.
SETTLES_CLASSIFICATION = "settles-classification"

# Without end: whatever fails will be mended, and until then the case waits. Every failure is logged.
RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=0.3), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=30)
)
FEW_TRIES = RetryPolicy(initial_interval=timedelta(seconds=0.3), backoff_coefficient=2.0, maximum_attempts=3)
# How long a step whose worker died keeps the procedure waiting before another worker takes it.
STEP_LIMIT = timedelta(seconds=5)
# The checks tell after each item that their worker lives: they end after a silence, not after a number of items.
# Each of the 200 items that a dossier may have gets the time that a call may take.
CHECKS_SILENCE = timedelta(seconds=10)
CHECKS_LIMIT = timedelta(minutes=15)
# A retry of a pull that waits longer than this is a timer of the server, not of the worker.
PULL_RETRY_THRESHOLD = timedelta(seconds=2)


def activity_name(step: Step) -> str:
    """The activity that takes a step."""
    match step:
        case RunAutomaticChecks():
            return "run_automatic_checks"
        case OpenConsultationRound():
            return "open_consultation_round"
        case RemindAgency():
            return "remind_agency"
        case ExpireAgencyTask():
            return "expire_agency_task"
        case CloseConsultationRound():
            return "close_consultation_round"
        case AbandonConsultationRound():
            return "abandon_consultation_round"
        case RecordReminder():
            return "record_reminder"
        case ExpireDeadline():
            return "expire_deadline"
        case IssueLicence():
            return "issue_licence"
        case PrepareLicenceDocument():
            return "prepare_licence_document"
        case ExpireLicence():
            return "expire_licence"
        case StopWatching():
            return "stop_watching"
        case StopWatchingLicence():
            return "stop_watching_licence"
        case SettleClassification():
            return "settle_classification"
        case _:
            assert_never(step)


async def take(steps: tuple[Step, ...]) -> None:
    """Takes the steps at the same time and returns when each has been done or superseded."""
    await asyncio.gather(*(_take_one(step) for step in steps))


async def take_if_possible(step: Step) -> None:
    """Tries a step a few times and goes on without it: for what is made good elsewhere if it is left undone."""
    try:
        await _take_one(step, FEW_TRIES)
    except ActivityError:
        workflow.logger.warning("left undone: %s", activity_name(step))


async def _take_one(step: Step, retry_policy: RetryPolicy = RETRY) -> None:
    checks = isinstance(step, RunAutomaticChecks)
    result = await workflow.execute_activity(
        activity_name(step),
        step,
        result_type=StepResult,
        start_to_close_timeout=CHECKS_LIMIT if checks else STEP_LIMIT,
        heartbeat_timeout=CHECKS_SILENCE if checks else None,
        retry_policy=retry_policy,
    )
    if result is StepResult.SUPERSEDED:
        workflow.logger.info("superseded: %s", activity_name(step))
