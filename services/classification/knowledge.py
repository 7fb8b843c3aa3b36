"""What the system knows, or knew at an instant: the lists that count and the interpretations of their rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.classification.domain.index import ListIndex
from services.classification.domain.interpretations import RecordedInterpretation
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.store.interpretations import known_interpretations
from services.classification.store.lists import ListVersion, current_versions
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork


@dataclass(frozen=True)
class Knowledge:
    """The lists to ask, what items are examined with, and a name that is another whenever one of them is."""

    indexes: tuple[ListIndex, ...]
    examination: Examination
    name: str


def knowledge_at(
    work: UnitOfWork,
    indexes: Indexes,
    examination: Examination,
    regime: str = "",
    known_at: datetime | None = None,
) -> Knowledge:
    """What counts now, or counted at an instant, of one regime or of all. Errors: those of `Indexes.current`."""
    versions = current_versions(work.connection, known_at)
    found = tuple(indexes.among(work.connection, versions, regime, known_at))
    interpretations = known_interpretations(work.connection, known_at)
    return Knowledge(found, examination.interpreted(interpretations), _name(work, versions, interpretations))


def name_of_current(work: UnitOfWork) -> str:
    """The name of what counts now in every regime; see `Knowledge`."""
    return _name(work, current_versions(work.connection), known_interpretations(work.connection))


def _name(
    work: UnitOfWork,
    versions: Iterable[ListVersion],
    interpretations: tuple[RecordedInterpretation, ...],
) -> str:
    """The legal day belongs to it: an entry may take effect, or end, by the day alone."""
    newest = interpretations[-1].sequence if interpretations else 0
    names = " | ".join(version.version for version in versions)
    return f"{legal_day(work.call.now).isoformat()} | {names} | {newest}"
