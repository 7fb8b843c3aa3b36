"""Looks again at the watched exports that a change may concern: follows the changes, then takes the looks owed.

Both go in steps of one bounded transaction each. What a step has done is in the database when it commits, so
whatever is killed in between goes on where it was, and several may do it at the same time.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import structlog

from services.foundation.database import Database, UnitOfWork
from services.foundation.errors import ErrorCode, XukeError, invalid_field, not_found
from services.foundation.ledger import Subject
from services.foundation.principal import Call, Role
from services.screening import conversion
from services.screening.bases import Bases
from services.screening.domain.export import Export
from services.screening.domain.records import ScreeningRecord
from services.screening.domain.rescreening import Cause, keys_of
from services.screening.following import cause_of, follow
from services.screening.service import Examined, examine, get_screening, keep, screen_export
from services.screening.store import watched
from services.screening.store.watched import Changed, Watched
from services.screening.watch_index import WatchIndex

# How long one call works at most before it answers that there is more, in seconds.
LONGEST_CALL = 2.5
# So many looks are taken in one transaction.
_AT_ONCE = 20
_LOOKS_IN_A_CALL = 1_000
# An export that cannot be screened as stated is tried again after this: nobody else waits for it.
_PUT_OFF = timedelta(hours=1)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rescreened:
    """What one call did, and whether more is left to do."""

    screened: int
    changed: int
    more: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A result of a watched export; `differs` where licensing has not been told of it."""

    changed: Changed
    screening: ScreeningRecord
    differs: bool


def watched_subject(watched_as: str) -> Subject:
    """The subject of the events of a watched export."""
    return Subject("watched_export", watched_as)


def screen_watched(
    work: UnitOfWork,
    bases: Bases,
    subject: str,
    export: Export,
    stated: Mapping[str, Any],
    as_of: date | None,
) -> ScreeningRecord:
    """Screens an export as `screen_export` does, and watches it from then on as it is stated now.

    The name that it is watched as stands in `stated`. Errors: PERMISSION_DENIED but for the procedure, which
    alone knows when an export has ended; see `screen_export`.
    """
    if work.call.principal.role is not Role.PROCEDURE:
        raise XukeError(ErrorCode.PERMISSION_DENIED, "WATCHING_IS_OF_THE_PROCEDURE")
    # Before anything is read that the screening rests on: see `follow`.
    watched.hold_to_watch(work.connection)
    record = screen_export(work, bases, subject, export, stated, as_of)
    watched_as: str = stated["watched_as"]
    watched.watch(work.connection, watched_as, stated, keys_of(export), record)
    work.record(
        watched_subject(watched_as),
        "WATCHED",
        {"state": record.verdict.name, "screening_id": str(record.screening_id)},
    )
    return record


def rescreen(database: Database, call: Call, bases: Bases, index: WatchIndex, most: int) -> Rescreened:
    """Follows what has changed and screens again who is concerned, at most `most` (0: a thousand) exports.

    A list that is past its review day holds up nobody: what the lists say is better followed late than not at
    all, and no licence is issued on it (see `rescreen_one`). Errors: FAILED_PRECONDITION where a list is missing
    or empty: nothing is screened then, and what is owed stays owed.
    """
    ends_at = time.monotonic() + LONGEST_CALL
    followed = follow(database, call, bases, index, ends_at)
    screened = changed = 0
    left = most or _LOOKS_IN_A_CALL

    def look() -> tuple[int, int]:
        with database.begin(call) as work:
            return _take_looks(work, bases, min(_AT_ONCE, left), ends_at)

    while left and time.monotonic() < ends_at:
        taken, differing = bases.ready(database, call, look)
        if not taken:
            break
        screened += taken
        changed += differing
        left -= taken
    with database.begin(call) as work:
        more = not followed or watched.any_owed(work.connection, call.now)
    return Rescreened(screened, changed, more)


def _take_looks(work: UnitOfWork, bases: Bases, most: int, ends_at: float) -> tuple[int, int]:
    """Takes looks that are owed until time is up, one at least; how many, and how many results differ."""
    # Until the commit nobody owes a look for a later version to an export that is just looked at on an earlier one:
    # settling would take the one with the other.
    watched.hold_to_watch(work.connection)
    taken = changed = 0
    for one in watched.take_owed(work.connection, work.call.now, most):
        changed += _look_owed(work, bases, one.watched_as, one.cause, one.cause_version)
        taken += 1
        if time.monotonic() > ends_at:
            break
    return taken, changed


def rescreen_one(work: UnitOfWork, bases: Bases, watched_as: str) -> Result:
    """Screens one watched export now, and says whether licensing has yet to be told of the result.

    Errors: NOT_FOUND where it is not watched; those of `screen`, also where a list is stale.
    """
    watched.hold_to_watch(work.connection)
    found = watched.find_watched(work.connection, watched_as, lock=True)
    if found is None:
        raise not_found("watched_export", watched_as)
    kept = _look(work, bases, found)
    owed = watched.last_undelivered(work.connection, watched_as)
    if owed is None:
        last = kept or get_screening(work, found.last_screening_id)
        unchanged = Changed(last.screening_id, watched_as, Cause.DAY_CHANGED, "", last.screened_at)
        return Result(unchanged, last, differs=False)
    return Result(owed, get_screening(work, owed.screening_id), differs=True)


def undelivered(work: UnitOfWork, most: int, page_token: str = "") -> tuple[list[Result], str]:
    """A page of the results that licensing has not been told of, oldest first, and the token of the next page.

    Errors: INVALID_ARGUMENT with PAGE_TOKEN_INVALID.
    """
    if page_token and not (page_token.isascii() and page_token.isdigit()):
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID")
    found, goes_on = watched.undelivered(work.connection, most, int(page_token or 0))
    results = [Result(one, get_screening(work, one.screening_id), differs=True) for one in found]
    return results, str(goes_on or "")


def mark_delivered(work: UnitOfWork, screening_ids: Collection[UUID]) -> None:
    """Licensing was told of these results."""
    watched.mark_delivered(work.connection, screening_ids, work.call.now)


def stop_watching(work: UnitOfWork, names: Sequence[str]) -> None:
    """These exports have ended and are looked at no more. Unknown names, and repeating it, change nothing."""
    for watched_as in watched.stop_watching(work.connection, names, work.call.now):
        work.record(watched_subject(watched_as), "WATCH_ENDED", {"state": "ended"})


def _look_owed(work: UnitOfWork, bases: Bases, watched_as: str, cause: Cause, version: str) -> bool:
    """Takes a look that is owed; returns whether the result differs."""
    found = watched.find_watched(work.connection, watched_as, lock=True)
    if found is None:
        watched.settle(work.connection, watched_as)
        return False
    try:
        with work.connection.begin_nested():
            kept = _look(work, bases, found, (cause, version))
    except XukeError as error:
        if error.code is not ErrorCode.INVALID_ARGUMENT:
            raise
        _log.error("rescreening_refused", watched_as=watched_as, reason=error.reason)
        watched.put_off(work.connection, watched_as, work.call.now + _PUT_OFF)
        return False
    watched.settle(work.connection, watched_as)
    return kept is not None


def _look(
    work: UnitOfWork, bases: Bases, found: Watched, owed_for: tuple[Cause, str] | None = None
) -> ScreeningRecord | None:
    """Screens a watched export as it was stated last; keeps the result and returns it only where it differs.

    What nothing is owed for is asked by whoever relies on it: the lists have to be fresh then.
    """
    request = conversion.restated(found.export)
    export = conversion.export_of(request)
    examined = examine(work, bases, export, None, on_stale_lists=owed_for is not None)
    before = get_screening(work, found.last_screening_id)
    same_outcome = outcome_of(before) == outcome_of(examined)
    if same_outcome and {hit.key for hit in before.hits} == {hit.key for hit in examined.hits}:
        return None
    cause, version = _cause(work, bases, before, examined, owed_for)
    stated = {**found.export, "as_of": examined.as_of.isoformat()}
    record = keep(work, found.subject, stated, examined, cause.value, version)
    watched.note_result(work.connection, found.watched_as, record.screening_id, record.verdict)
    if same_outcome:
        # An entry says something else that entails the same: who decides the hit must see it as it is now.
        return None
    watched.add_changed(
        work.connection, Changed(record.screening_id, found.watched_as, cause, version, work.call.now)
    )
    work.record(
        watched_subject(found.watched_as),
        "RESCREENED",
        {
            "state": record.verdict.name,
            "screening_id": str(record.screening_id),
            "cause": cause.value,
            "cause_version": version,
        },
    )
    return record


def _cause(
    work: UnitOfWork,
    bases: Bases,
    before: ScreeningRecord,
    examined: Examined,
    owed_for: tuple[Cause, str] | None,
) -> tuple[Cause, str]:
    """What brought about that a result differs: of what has changed since the last one, what accounts for it.

    An export that owes a look for one change may meet a later one in it.
    """
    known = {hit.key for hit in before.hits}
    for hit in examined.hits:
        if hit.key not in known and hit.list_version not in before.versions:
            return Cause.LIST_CHANGED, hit.list_version
    if owed_for is not None:
        return owed_for
    basis = bases.current(work.connection)
    changed = cause_of(basis, before.versions, before.as_of, examined.as_of)
    if changed is not None:
        return changed
    decisions = {(hit.key, hit.decision_id) for hit in before.hits}
    decided = [hit.decision_id for hit in examined.hits if (hit.key, hit.decision_id) not in decisions]
    return Cause.DECISION_CHANGED, next(filter(None, decided), "")


def outcome_of(result: ScreeningRecord | Examined) -> tuple[object, ...]:
    """What of a result counts: a later one that is the same in this need not be told."""
    return (
        result.verdict,
        frozenset(
            (hit.party_index, hit.list_code, hit.entry_id, hit.relation, hit.verdict, hit.state)
            for hit in result.hits
        ),
        frozenset((finding.rule_id, finding.verdict, finding.demands) for finding in result.rule_findings),
    )
