"""Precedents: kept once a case is decided, found for a person, and as a source of candidates."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from services.classification.domain.index import ListIndex, Pointed
from services.classification.domain.item import Item
from services.classification.domain.precedents import Alike, Precedent, PrecedentIndex
from services.classification.domain.proposals import Precedents, no_precedents
from services.classification.domain.text import Vocabulary
from services.classification.service import PrecedentsOfList
from services.classification.store import precedents
from services.foundation.database import UnitOfWork
from services.foundation.ledger import Subject
from services.foundation.principal import Role

# Who reads precedents; row-level security says the same again. What the items of others were held to be is no
# matter for those who export.
READERS = frozenset(
    {
        Role.PROVINCIAL_OFFICER,
        Role.MINISTRY_OFFICER,
        Role.MINISTRY_DIRECTOR,
        Role.LIST_EDITOR,
        Role.AUDITOR,
        Role.PROCEDURE,
    }
)
# Who is shown what was decided about the items of the own organisation.
OWNERS = frozenset({Role.EXPORTER, Role.AGENT})
FOUND_UNLESS_ASKED = 10
# Of one organisation so many are compared with: its newest.
_OWN_COMPARED = 500


class PrecedentIndexes:
    """The precedents in memory, read again when one was added; shared by every thread of the process."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._held: tuple[tuple[int, datetime | None], PrecedentIndex] = (
            (0, None),
            PrecedentIndex((), vocabulary),
        )
        self._lock = threading.Lock()

    def index_of(self, found: Sequence[Precedent]) -> PrecedentIndex:
        """An index of some precedents, for one search."""
        return PrecedentIndex(found, self._vocabulary)

    def current(self, work: UnitOfWork) -> PrecedentIndex:
        """All precedents that are recorded now; for a caller who reads them (see `READERS`)."""
        extent = precedents.extent(work.connection)
        held_extent, index = self._held
        if held_extent == extent:
            return index
        with self._lock:
            found = precedents.every(work.connection)
            index = PrecedentIndex(found, self._vocabulary)
            self._held = (extent, index)
            return index


@dataclass(frozen=True)
class Decided:
    """What was decided about an item, to be kept; see `Precedent`. `decided_at` is None for now."""

    subject: str
    item: Item
    control_codes: Sequence[str]
    reason: str
    decided_by: str
    decided_at: datetime | None
    list_versions: Sequence[str]
    organisation: str = ""


def record_precedent(work: UnitOfWork, decided: Decided) -> Precedent:
    """Keeps what was decided; a repetition for the same subject changes nothing and answers what is kept."""
    added = Precedent(
        precedent_id=uuid4(),
        subject=decided.subject,
        item=decided.item,
        control_codes=tuple(decided.control_codes),
        reason=decided.reason,
        decided_by=decided.decided_by,
        decided_at=decided.decided_at or work.call.now,
        recorded_at=work.call.now,
        list_versions=tuple(decided.list_versions),
        organisation=decided.organisation,
    )
    if precedents.add(work.connection, added) is None:
        return precedents.of_subject(work.connection, decided.subject)
    work.record(
        Subject("precedent", str(added.precedent_id)),
        "record_precedent",
        {"state": "RECORDED", "of": added.subject, "control_codes": " ".join(added.control_codes)},
    )
    return added


def find_precedents(work: UnitOfWork, indexes: PrecedentIndexes, item: Item, most: int) -> list[Alike]:
    """The precedents most like an item, the nearest first; 0 asks for as many as usual.

    Who exports finds those of the own organisation, and of them what was decided, not why or by whom.
    """
    wanted = most or FOUND_UNLESS_ASKED
    principal = work.call.principal
    if principal.role not in OWNERS:
        return indexes.current(work).find(item, wanted)
    if not principal.organisation:
        return []
    own = precedents.newest_of(work.connection, principal.organisation, _OWN_COMPARED)
    return [
        replace(alike, precedent=replace(alike.precedent, reason="", decided_by=""))
        for alike in indexes.index_of(own).find(item, wanted)
    ]


class NotedPrecedents:
    """A source of candidates of every list that knows afterwards whether it proposed any; for one classification."""

    def __init__(self, source: PrecedentsOfList) -> None:
        self._source = source
        self.proposed = False

    def __call__(self, index: ListIndex) -> Precedents:
        """The source of candidates of one list."""
        precedents_of_list = self._source(index)

        def propose(item: Item) -> Iterator[Pointed]:
            for pointed in precedents_of_list(item):
                self.proposed = True
                yield pointed

        return propose


def proposing(
    work: UnitOfWork, indexes: PrecedentIndexes, known_at: datetime | None = None
) -> NotedPrecedents:
    """The source of candidates for the caller; nothing for those who do not read precedents."""
    if work.call.principal.role not in READERS:
        return NotedPrecedents(lambda index: no_precedents)
    current = indexes.current(work)
    return NotedPrecedents(lambda index: current.proposing(index, known_at))
