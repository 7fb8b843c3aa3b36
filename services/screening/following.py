"""Follows what has changed since the last time, and owes a look to the watched exports that it may concern.

The database says how far each source of changes was followed. A long list is followed in slices: its changed
entries are looked up outside any transaction, and what was found is owed together with the place reached.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.foundation.clock import legal_day
from services.foundation.database import Database, UnitOfWork
from services.foundation.principal import Call
from services.screening.bases import Bases
from services.screening.domain.rescreening import (
    Cause,
    Concern,
    EntryTraces,
    changed_destinations,
    changed_entries,
    changed_rules,
    entries_of_day,
    rules_of_day,
)
from services.screening.domain.screen import Basis
from services.screening.store import watched
from services.screening.store.rules import read_destinations, read_rules
from services.screening.store.watched import Followed
from services.screening.watch_index import Stated, WatchIndex

_LIST: Final = "list:"
_RULES: Final = "rules"
_DESTINATIONS: Final = "destinations"
_COMPARISON: Final = "comparison"
_DAY: Final = "day"
# The last statement of an export whose basis was compared with the current one.
_STATEMENTS: Final = "statements"

_NOBODY: Final = Concern()
_EVERYTHING: Final = Concern(everything=True)


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a source changed: whom it concerns outright, and the entries whose parties have to be found."""

    cause: Cause
    concern: Concern = _NOBODY
    traces: Sequence[EntryTraces] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """Something that changes: its present version, and what it changed since an earlier one."""

    name: str
    version: str
    changes_since: Callable[[UnitOfWork, str], _Changes]


def follow(database: Database, call: Call, bases: Bases, index: WatchIndex, ends_at: float) -> bool:
    """Follows every source of changes, at most until `ends_at` (monotonic seconds); returns whether all are."""

    def known_now() -> tuple[Basis, Mapping[str, Followed], Stated]:
        with database.begin(call) as work:
            watched.hold_to_follow(work.connection)
            basis = bases.current(work.connection)
            return basis, watched.read_followed(work.connection), index.behind(work.connection)

    # Built before anybody has to wait for it.
    bases.catch_up(database, call)
    basis, known, stated = bases.ready(database, call, known_now)
    index.catch_up(stated)
    follower = _Follower(database, call, index, ends_at)
    is_first = _STATEMENTS not in known
    for source in _sources(bases, basis, legal_day(call.now)):
        followed = known.get(source.name)
        if followed is not None and followed == Followed(source.version):
            continue
        if is_first and followed is None:
            # Whoever is watched already is compared with the present basis below.
            done = follower.note(source, None, Followed(source.version), Cause.LIST_CHANGED, _NOBODY)
        else:
            done = follower.follow(source, followed)
        if not done:
            return False
    follower.follow_decisions_and_statements(basis)
    return True


def _sources(bases: Bases, basis: Basis, today: date) -> Sequence[_Source]:
    """Everything that changes what a screening finds, with its present version."""

    def comparison(_: UnitOfWork, __: str) -> _Changes:
        return _Changes(Cause.COMPARISON_CHANGED, _EVERYTHING)

    def rules(work: UnitOfWork, before: str) -> _Changes:
        concern = changed_rules(read_rules(work.connection, before), basis.rules) if before else _EVERYTHING
        return _Changes(Cause.RULES_CHANGED, concern)

    def destinations(work: UnitOfWork, before: str) -> _Changes:
        if not before:
            return _Changes(Cause.RULES_CHANGED, _EVERYTHING)
        register = read_destinations(work.connection, before)
        return _Changes(Cause.RULES_CHANGED, changed_destinations(register, basis.destinations))

    def day(_: UnitOfWork, before: str) -> _Changes:
        if not before:
            return _Changes(Cause.DAY_CHANGED, _EVERYTHING)
        since = date.fromisoformat(before)
        if any(one.standing_on(since) is not one.standing_on(today) for one in basis.comparison.policies):
            return _Changes(Cause.DAY_CHANGED, _EVERYTHING)
        concern = rules_of_day(basis.rules, basis.destinations, since, today)
        return _Changes(Cause.DAY_CHANGED, concern, entries_of_day(basis.lists, since, today))

    return (
        _Source(_COMPARISON, basis.comparison.version, comparison),
        *(
            _Source(
                f"{_LIST}{listed.list_code}", listed.version, _list_changes(bases, basis, listed.list_code)
            )
            for listed in basis.lists
        ),
        _Source(_RULES, basis.rules.version, rules),
        _Source(_DESTINATIONS, basis.destinations.version, destinations),
        _Source(_DAY, today.isoformat(), day),
    )


def _list_changes(bases: Bases, basis: Basis, list_code: str) -> Callable[[UnitOfWork, str], _Changes]:
    def changes(work: UnitOfWork, before: str) -> _Changes:
        now = next(listed for listed in basis.lists if listed.list_code == list_code)
        old = bases.party_list(work.connection, before) if before else None
        return _Changes(Cause.LIST_CHANGED, traces=changed_entries(old, now, basis.lists))

    return changes


class _Follower:
    def __init__(self, database: Database, call: Call, index: WatchIndex, ends_at: float) -> None:
        self._database = database
        self._call = call
        self._index = index
        self._ends_at = ends_at

    def follow(self, source: _Source, followed: Followed | None) -> bool:
        """Follows one source; False where time is up before its end, or somebody else is just following it."""
        before = followed.version if followed is not None else ""
        with self._database.begin(self._call) as work:
            changes = source.changes_since(work, before)
        left = changes.traces
        if followed is not None and followed.toward == source.version:
            left = [trace for trace in left if trace.entry > followed.done_up_to]
        names: set[str] = set()
        addresses: set[str] = set()
        identifiers: set[str] = set()
        looked_up = 0
        for trace in left:
            names |= self._index.alike(trace.names)
            addresses |= self._index.at(trace.addresses)
            identifiers |= trace.identifiers
            looked_up += 1
            if time.monotonic() > self._ends_at:
                break
        is_done = looked_up == len(left)
        found = Concern(
            names=frozenset(names),
            addresses=frozenset(addresses),
            identifiers=frozenset(identifiers),
            countries=changes.concern.countries,
            everything=changes.concern.everything,
        )
        progress = (
            Followed(source.version)
            if is_done
            else Followed(before, source.version, left[looked_up - 1].entry)
        )
        return self.note(source, followed, progress, changes.cause, found) and is_done

    def note(
        self, source: _Source, known: Followed | None, progress: Followed, cause: Cause, found: Concern
    ) -> bool:
        """Owes what was found, and notes how far; False where somebody else has got further meanwhile."""
        with self._database.begin(self._call) as work:
            watched.hold_to_follow(work.connection)
            if watched.read_followed(work.connection).get(source.name) != known:
                return False
            which = watched.concerned(found)
            watched.owe(work.connection, which, cause, source.version, self._call.now)
            watched.write_followed(work.connection, source.name, progress)
        return True

    def follow_decisions_and_statements(self, basis: Basis) -> None:
        """Owes a look to whoever a decision concerns, and to exports stated lately on another basis than this."""
        now, today = self._call.now, legal_day(self._call.now)
        with self._database.begin(self._call) as work:
            watched.hold_to_follow(work.connection)
            for fingerprint, decision in watched.take_decisions(work.connection):
                which = watched.concerned(Concern(fingerprints=frozenset({fingerprint})))
                watched.owe(work.connection, which, Cause.DECISION_CHANGED, decision, now)
            known = watched.read_followed(work.connection).get(_STATEMENTS)
            last = watched.last_change(work.connection)
            compared = int(known.version) if known is not None else 0
            if last == compared and known is not None:
                return
            for watched_as, versions, day in watched.statements_since(work.connection, compared):
                cause = cause_of(basis, versions, day, today)
                if cause is not None:
                    watched.owe_one(work.connection, watched_as, *cause, now)
            watched.write_followed(work.connection, _STATEMENTS, Followed(str(last)))


def cause_of(basis: Basis, versions: Sequence[str], day: date, today: date) -> tuple[Cause, str] | None:
    """What is otherwise now than when an export was screened, and its version; None where nothing is."""
    for version in basis.versions:
        if version in versions:
            continue
        match version:
            case basis.comparison.version:
                return Cause.COMPARISON_CHANGED, version
            case basis.rules.version | basis.destinations.version:
                return Cause.RULES_CHANGED, version
            case _:
                return Cause.LIST_CHANGED, version
    return (Cause.DAY_CHANGED, today.isoformat()) if day != today else None
