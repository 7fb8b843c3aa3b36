"""What a change of the law does to items classified before: looked up before it counts, and told once it does.

Stored items rest on a legal day, on lists and on interpretations; as soon as one of these is another, each open
item is classified again, a few at a time, and a task is raised where somebody has to look.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import structlog

from services.classification.domain.outcomes import Outcome
from services.classification.domain.stored import (
    Conclusion,
    OutcomeChange,
    ReclassificationTask,
    StoredItem,
)
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.knowledge import Knowledge, knowledge_at, name_of_current
from services.classification.prospects import Prospect, can_touch, deciding
from services.classification.service import classify_by
from services.classification.store import stored_items, tasks
from services.classification.stored_items import conclusion_of
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import XukeError, failed_precondition, not_found, stale_etag
from services.foundation.ledger import Subject

# Few enough that a transaction is short, many enough that the trips to the database do not count.
_AT_ONCE = 50
_UNREADABLE = Conclusion(Outcome.NEEDS_INFORMATION, ())

_log = structlog.get_logger()


def outcome_changes(
    work: UnitOfWork, prospect: Prospect, after: str = ""
) -> Iterator[tuple[str, OutcomeChange | None]]:
    """Every open item after a subject in their order, with the first change that a proposal brings to it, or None."""
    while found := stored_items.open_items(work.connection, after, _AT_ONCE):
        for item in found:
            after = item.subject
            yield after, _first_change(work, prospect, item) if _can_touch(work, prospect, item) else None


def reclassify_some(work: UnitOfWork, indexes: Indexes, examination: Examination) -> int:
    """Classifies some of the items again that rest on what counts no longer; returns how many, 0 when none is left.

    Items that another process works on are left to it.
    """
    known = knowledge_at(work, indexes, examination)
    behind = stored_items.claim_behind(work.connection, known.name, _AT_ONCE)
    if name_of_current(work) != known.name:
        # Something came to count before the items were claimed: some of them may rest on it already.
        return len(behind)
    unchanged = []
    for item in behind:
        conclusion, versions = _conclusion(work, known, item, legal_day(work.call.now))
        if conclusion == item.conclusion:
            unchanged.append(item.subject)
        else:
            _keep(work, known, item, conclusion, versions)
    if unchanged:
        stored_items.mark(work.connection, unchanged, known.name)
    return len(behind)


def list_tasks(work: UnitOfWork, settled: bool, before: UUID | None, size: int) -> list[ReclassificationTask]:
    """Tasks that are settled, or that are not, newest first."""
    return tasks.list_tasks(work.connection, settled, before, size)


def get_task(work: UnitOfWork, task_id: UUID) -> ReclassificationTask:
    """A task, settled or not. Errors: NOT_FOUND."""
    task = tasks.find_task(work.connection, task_id)
    if task is None:
        raise not_found("reclassification_task", str(task_id))
    return task


def settle_task(work: UnitOfWork, task_id: UUID, etag: str, settlement: str) -> ReclassificationTask:
    """Settles a task: somebody has looked and says what was done.

    Errors: NOT_FOUND; ABORTED for a stale etag; FAILED_PRECONDITION with TASK_SETTLED_ALREADY.
    """
    task = tasks.find_task(work.connection, task_id, lock=True)
    if task is None:
        raise not_found("reclassification_task", str(task_id))
    if etag != str(task.row_version):
        raise stale_etag("reclassification_task", str(task_id))
    if task.settled_at is not None:
        raise failed_precondition("TASK_SETTLED_ALREADY", id=str(task_id), by=task.settled_by)
    settled = tasks.settle_task(work.connection, task, work.call.principal.subject, work.call.now, settlement)
    work.record(
        Subject("reclassification_task", str(task_id)), "RECLASSIFICATION_TASK_SETTLED", {"state": "settled"}
    )
    return settled


def _can_touch(work: UnitOfWork, prospect: Prospect, item: StoredItem) -> bool:
    if item.knowledge == prospect.current.name and item.as_of != legal_day(work.call.now):
        # It was kept for another day than today, so that today it may come to something else by itself.
        return True
    try:
        return can_touch(prospect, item)
    except Exception:  # noqa: BLE001 - an item that cannot be classified is looked at, and holds up no other
        return True


def _first_change(work: UnitOfWork, prospect: Prospect, item: StoredItem) -> OutcomeChange | None:
    today = legal_day(work.call.now)
    for day in prospect.days:
        if day == today and item.knowledge == prospect.current.name:
            before = item.conclusion
        else:
            before, _ = _conclusion(work, deciding(prospect.current, item.regime), item, day)
        after, _ = _conclusion(work, deciding(prospect.proposed, item.regime), item, day)
        change = _change(item, before, after)
        if change is not None:
            return change if day == today else replace(change, since=day)
    return None


def _conclusion(
    work: UnitOfWork, known: Knowledge, item: StoredItem, day: date
) -> tuple[Conclusion, tuple[str, ...]]:
    """What the item comes to on a day of law by what is known, and under which versions."""
    asked = tuple(index for index in known.indexes if item.regime in ("", index.control_list.regime))
    try:
        answer = classify_by(replace(known, indexes=asked), item.item, day, work.call.now)
    except XukeError:
        # What could be read when it was kept cannot be read any more, for example a commodity code that was
        # taken out of the tariff: somebody has to look.
        return _UNREADABLE, tuple(index.control_list.version for index in asked)
    except Exception:  # noqa: BLE001 - one item that nobody foresaw must not keep all others, and a person looks at it
        _log.exception("item_not_classified", item=item.subject)
        return _UNREADABLE, tuple(index.control_list.version for index in asked)
    return conclusion_of(answer), answer.list_versions


def _change(item: StoredItem, before: Conclusion, after: Conclusion) -> OutcomeChange | None:
    if not after.differs_from(before):
        return None
    return OutcomeChange(item.subject, item.item.name_zh, item.item.name_en, before, after)


def _keep(
    work: UnitOfWork, known: Knowledge, item: StoredItem, conclusion: Conclusion, versions: tuple[str, ...]
) -> None:
    change = _change(item, item.conclusion, conclusion)
    kept = replace(
        item,
        conclusion=conclusion,
        list_versions=versions,
        as_of=legal_day(work.call.now),
        classified_at=work.call.now,
        knowledge=known.name,
        outcome_before=item.conclusion.outcome if change is not None else item.outcome_before,
        outcome_changed=item.outcome_changed or change is not None,
    )
    stored_items.put(work.connection, kept)
    stored_items.add_run(work.connection, kept)
    if change is None:
        return
    task_id = tasks.add_task(work.connection, change, versions, work.call.now)
    work.record(
        Subject("reclassification_task", str(task_id)),
        "RECLASSIFICATION_TASK_RAISED",
        {
            "state": "open",
            "item": item.subject,
            "outcome_before": change.before.outcome.name,
            "outcome_after": change.after.outcome.name,
            "codes_before": " ".join(change.before.codes),
            "codes_after": " ".join(change.after.codes),
            "list_versions": " | ".join(versions),
        },
    )
