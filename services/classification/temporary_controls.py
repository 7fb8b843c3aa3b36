"""Temporary controls of the lists that count: who has to evaluate which of them, told once in time and once after."""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from services.classification.domain.temporary_control import (
    TemporaryControl,
    TemporaryState,
    temporary_controls,
)
from services.classification.indexes import Indexes
from services.classification.store import tasks
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.ledger import Subject

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FoundControl:
    """A temporary control with the regime whose list it stands in."""

    regime: str
    control: TemporaryControl


def list_controls(work: UnitOfWork, indexes: Indexes) -> list[FoundControl]:
    """The temporary controls that no decision follows yet, the one that ends first first."""
    return sorted(
        _controls(work, indexes),
        key=lambda each: (each.control.until, each.regime, each.control.entry.identifier),
    )


def raise_alarms(work: UnitOfWork, indexes: Indexes) -> int:
    """Records which evaluations have become due and which are overdue; returns how many were not known before.

    两用物项出口管制条例 Art. 12: an evaluation before each term ends. Repeating it records nothing again.
    """
    raised = 0
    for found in _controls(work, indexes):
        control = found.control
        if control.state is TemporaryState.RUNNING:
            continue
        if not tasks.add_alarm(work.connection, found.regime, control, work.call.now):
            continue
        raised += 1
        work.record(
            Subject("temporary_control", f"{found.regime}/{control.entry.identifier}"),
            f"TEMPORARY_CONTROL_{control.state.value}",
            {
                "state": control.state.value,
                "term_ends": control.until.isoformat(),
                "extensions": str(control.extensions),
            },
        )
        _log.warning(
            "temporary_control",
            regime=found.regime,
            entry=control.entry.identifier,
            term_ends=control.until.isoformat(),
            state=control.state.value,
        )
    return raised


def _controls(work: UnitOfWork, indexes: Indexes) -> Iterator[FoundControl]:
    day = legal_day(work.call.now)
    for index in indexes.current(work.connection):
        for control in temporary_controls(index.control_list.entries, day):
            yield FoundControl(index.control_list.regime, control)
