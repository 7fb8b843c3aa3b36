"""Entries of lists between the contract and the domain."""

from datetime import date

from xuke.foundation.v1 import foundation_pb2
from xuke.screening.v1 import list_pb2

from services.screening.domain.lists import ListedParty


def entry_message(entry: ListedParty, day: date) -> list_pb2.ListEntry:
    """An entry with its standing on a day of law."""
    return list_pb2.ListEntry(
        entry_id=entry.entry_id,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        aliases=entry.aliases,
        kind=entry.kind.value,
        country=entry.region,
        addresses=entry.addresses,
        identifiers=entry.identifiers,
        born=entry.born,
        measures=entry.measures,
        source=foundation_pb2.LegalSource(
            instrument=entry.source.instrument, article=entry.source.article, url=entry.source.url
        ),
        effective_from=entry.effective_from.isoformat(),
        effective_to=_day(entry.effective_to),
        suspended_from=_day(entry.suspended_from),
        suspended_to=_day(entry.suspended_to),
        stopped_from=_day(entry.stopped_from),
        unconfirmed_from=_day(entry.unconfirmed_from),
        standing_basis=entry.standing_basis,
        holders=[
            list_pb2.Holder(
                list_code=holder.list_code,
                entry_id=holder.entry_id,
                percent=f"{holder.percent.normalize():f}",
            )
            for holder in entry.holders
        ],
        standing=entry.standing_on(day).value,
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
