"""Entries of a control list in values of JSON, as they are compared, shown and kept in a proposal."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from services.classification.domain.entries import (
    ControlEntry,
    ControlList,
    HsReference,
    HsTrust,
    Quality,
    Source,
    Term,
    TermKind,
    kind_of,
)
from services.classification.domain.standings import EntryStatus, Standing

Row = Mapping[str, Any]

# What an entry says under the same name and as it is, in a row and in a column.
AS_THEY_ARE: Final = (
    "identifier",
    "control_code",
    "proposed_code",
    "category_zh",
    "category_en",
    "name_zh",
    "name_en",
    "parameters_zh",
    "parameters_en",
    "parameters_complete",
    "decontrol_zh",
    "decontrol_en",
    "note_zh",
    "note_en",
)
# Every field of a row, in the order in which people read them.
FIELDS: Final = (
    *AS_THEY_ARE,
    "hs_references",
    "terms",
    "announcement",
    "announcement_title",
    "announcement_url",
    "standings",
    "quality",
)


def row_of(entry: ControlEntry) -> dict[str, Any]:
    """Everything that an entry says; the order of the fields is that in which people read them."""
    return {
        **{name: getattr(entry, name) for name in AS_THEY_ARE},
        "hs_references": [
            {"code": each.code, "trust": each.trust.value, "announcement": each.announcement}
            for each in entry.hs_references
        ],
        "terms": [{"text": each.text, "kind": each.kind.value} for each in entry.terms],
        "announcement": entry.source.announcement,
        "announcement_title": entry.source.title,
        "announcement_url": entry.source.url,
        "standings": [standing_row(each) for each in entry.standings],
        "quality": entry.quality.value,
    }


def standing_row(standing: Standing) -> dict[str, Any]:
    """A standing in values of JSON."""
    return {
        "status": standing.status.value,
        "since": standing.since.isoformat(),
        "until": standing.until.isoformat() if standing.until else None,
        "basis": standing.basis,
    }


def standings_of(row: Row) -> tuple[Standing, ...]:
    """The standings of a row."""
    return tuple(
        Standing(
            EntryStatus(each["status"]),
            date.fromisoformat(each["since"]),
            date.fromisoformat(each["until"]) if each["until"] else None,
            each["basis"],
        )
        for each in row["standings"]
    )


def entry_of(row: Row) -> ControlEntry:
    """The entry of a row."""
    return ControlEntry(
        **{name: row[name] for name in AS_THEY_ARE},
        kind=kind_of(row["control_code"] or row["proposed_code"] or row["identifier"]),
        hs_references=tuple(
            HsReference(each["code"], HsTrust(each["trust"]), each["announcement"])
            for each in row["hs_references"]
        ),
        terms=tuple(Term(each["text"], TermKind(each["kind"])) for each in row["terms"]),
        source=Source(row["announcement"], row["announcement_title"], row["announcement_url"]),
        standings=standings_of(row),
        quality=Quality(row["quality"]),
    )


def list_of(regime: str, edition: date, covers_from: date, rows: Iterable[Row]) -> ControlList:
    """The list that rows make; its version names the edition and the hash of what the rows say."""
    kept = list(rows)
    return ControlList(
        regime,
        version_of(regime, edition, covers_from, kept),
        edition,
        covers_from,
        tuple(entry_of(row) for row in kept),
    )


def version_of(regime: str, edition: date, covers_from: date, rows: Iterable[Row]) -> str:
    """The name of the version that rows make; their order does not matter."""
    ordered = sorted(rows, key=lambda row: str(row["identifier"]))
    content = json.dumps(
        [covers_from.isoformat(), ordered], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    label = regime.upper().replace("_", "-")
    return f"{label} {edition.isoformat()} sha256:{hashlib.sha256(content.encode()).hexdigest()[:12]}"
