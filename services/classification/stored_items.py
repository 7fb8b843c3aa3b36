"""Items that are kept with their newest classification: the one way in, for products and for applications.

Whoever classifies an item for a subject keeps the answer here. From then on every change of a list, of an
interpretation or of the legal day is held against it while it is open (see `reclassification`).
"""

from collections.abc import Collection

from services.classification.domain.item import Item
from services.classification.domain.outcomes import Outcome
from services.classification.domain.stored import CODES_KEPT, Conclusion, Run, StoredItem
from services.classification.service import Answer
from services.classification.store import stored_items
from services.foundation.database import UnitOfWork


def keep(
    work: UnitOfWork, subject: str, organisation: str, item: Item, answer: Answer, regime: str = ""
) -> StoredItem:
    """Keeps the classification of an item under its subject, in place of the one before.

    `subject` is "products/<id>" or "applications/<id>/<submission>/<line>". The answer is a fresh one: a change
    that nobody had looked at is thereby looked at. The caller's transaction holds it all.
    """
    kept = StoredItem(
        subject=subject,
        organisation=organisation,
        item=item,
        regime=regime,
        conclusion=conclusion_of(answer),
        list_versions=answer.list_versions,
        as_of=answer.as_of,
        classified_at=work.call.now,
        knowledge=answer.knowledge,
        outcome_before=None,
        outcome_changed=False,
        is_open=True,
    )
    stored_items.put(work.connection, kept)
    stored_items.add_run(work.connection, kept)
    return kept


def is_kept(work: UnitOfWork, subject: str, item: Item) -> bool:
    """Whether this very item is kept under a subject already, open or closed.

    Whoever repeats a step of a procedure then changes nothing: neither is an item that was closed opened again,
    nor is an outcome that the law has changed meanwhile put in place of the first without a task.
    """
    kept = stored_items.find(work.connection, subject)
    return kept is not None and kept.item == item


def find(work: UnitOfWork, subject: str) -> StoredItem | None:
    """What is stored under a subject, if the caller may see it."""
    return stored_items.find(work.connection, subject)


def find_many(work: UnitOfWork, subjects: Collection[str]) -> dict[str, StoredItem]:
    """What is stored under several subjects, by subject; those that the caller may not see are left out."""
    return stored_items.find_many(work.connection, subjects)


def history(work: UnitOfWork, subject: str) -> list[Run]:
    """Every classification that was kept of a subject, the oldest first."""
    return stored_items.runs_of(work.connection, subject)


def close(work: UnitOfWork, subject: str) -> None:
    """The item matters no longer (a product is archived, an application decided): lists leave it alone."""
    stored_items.close(work.connection, subject)


def close_application(work: UnitOfWork, application_id: str, except_submission: int) -> None:
    """The items of an application matter no longer, but for those of one submission (0: of none)."""
    kept = f"applications/{application_id}/{except_submission}/" if except_submission else ""
    stored_items.close_below(work.connection, f"applications/{application_id}/", kept)


def acknowledge(work: UnitOfWork, seen: StoredItem) -> bool:
    """Somebody of the organisation has looked at a change of the outcome, and whether it was still the newest.

    One that came meanwhile is not seen yet, and stays marked.
    """
    is_newest = stored_items.find(work.connection, seen.subject, lock=True) == seen
    if is_newest:
        stored_items.acknowledge(work.connection, seen.subject)
    return is_newest


def conclusion_of(answer: Answer) -> Conclusion:
    """The worst outcome with the codes of the entries that give it, in alphabetical order.

    Where nothing is controlled and nothing is to be asked there are none.
    """
    if answer.overall < Outcome.NEEDS_INFORMATION:
        return Conclusion(answer.overall, ())
    decisive = [
        each.candidate.entry.code for each in answer.candidates if each.candidate.outcome is answer.overall
    ]
    return Conclusion(answer.overall, tuple(sorted(dict.fromkeys(decisive[:CODES_KEPT]))))
