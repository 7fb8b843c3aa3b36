"""What is stated against what counts, and the proposal that comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from services.foundation.database import UnitOfWork
from services.screening.domain.proposal_changes import Change, ChangeKind, changes_between
from services.screening.domain.proposal_records import FileFormat, ProposalDraft, data_of
from services.screening.imports.importer import Importer, Row

# Of data that are no list of parties.
NO_DEFINITION: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Difference:
    """What a proposal changes: the version that counts (empty for none), its rows, and the changes of them."""

    base: str
    before: Sequence[Row]
    changes: Sequence[Change]


def whole_difference(
    work: UnitOfWork,
    importer: Importer,
    list_code: str,
    stated: Sequence[Row],
    merged: Callable[[Row | None, Row], Row],
    read_on: date,
) -> Difference:
    """What differs where the whole is stated, as read on a day: what it leaves out ended with the day before."""
    base = importer.current_version(work.connection, list_code)
    before = importer.rows(work.connection, base) if base else []
    last_day = read_on - timedelta(days=1)
    changes = changes_between(
        before, stated, importer.key, merged, lambda row: importer.left_out(row, last_day)
    )
    return Difference(base, before, changes)


def draft_of(
    difference: Difference,
    file_format: FileFormat,
    read_on: date,
    reason: str,
    *,
    list_code: str = "",
    definition: Mapping[str, Any] = NO_DEFINITION,
    file_name: str = "",
    file_sha256: str = "",
) -> ProposalDraft:
    """A proposal of these changes. Its version is empty until the rows that result are known."""
    added, changed, ended = (
        sum(change.kind is kind for change in difference.changes)
        for kind in (ChangeKind.ADDED, ChangeKind.CHANGED, ChangeKind.ENDED)
    )
    return ProposalDraft(
        data=data_of(file_format),
        file_format=file_format,
        list_code=list_code,
        base_version=difference.base,
        list_version="",
        read_on=read_on,
        definition=definition,
        file_name=file_name,
        file_sha256=file_sha256,
        reason=reason,
        added=added,
        changed=changed,
        ended=ended,
        unchanged=len(difference.before) - changed - ended,
    )
