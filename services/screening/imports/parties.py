"""Entries of a list of parties as a file or a form states them, over what the list says already.

What a file does not state stands as it was: a list without a column for suspensions does not undo one. Whoever is
in a file is listed, so the end of an entry is always as the file states it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, BinaryIO, Final

from services.foundation.file_faults import Faults
from services.screening.domain.lists import EntryKind
from services.screening.domain.proposal_changes import ended
from services.screening.imports.importer import Context, Row
from services.screening.imports.table import Line, is_day, read_table

COLUMNS: Final = (
    "entry_id",
    "name_zh",
    "name_en",
    "aliases",
    "kind",
    "country",
    "addresses",
    "identifiers",
    "born",
    "measures",
    "holders",
    "announcement",
    "article",
    "url",
    "effective_from",
    "effective_to",
    "suspended_from",
    "suspended_to",
    "stopped_from",
    "unconfirmed_from",
    "standing_basis",
    "also_unreliable_entity",
)
NEEDED_COLUMNS: Final = ("entry_id", "announcement", "effective_from")
MOST_ALIASES: Final = 200
MOST_ADDRESSES: Final = 50
MOST_IDENTIFIERS: Final = 50
MOST_BIRTHS: Final = 20
LONGEST_ENTRY_ID: Final = 100
LONGEST_ADDRESS: Final = 2000
LONGEST_IDENTIFIER: Final = 200
MOST_HOLDERS: Final = 50
# Some listed ones are bodies of the Union, which is no country.
_EUROPEAN_UNION: Final = "EU"
_URL: Final = re.compile(r"https?://[^\s\"'<>]+")
_YEAR: Final = re.compile(r"(?:1[89]|20)\d{2}")
_PERCENT: Final = re.compile(r"\d{1,3}(?:\.\d{1,4})?")
_ALL: Final = Decimal(100)

# What an entry says of which nothing is stated.
_BLANK: Final[Row] = {
    "name_zh": "",
    "name_en": "",
    "aliases": [],
    "kind": "",
    "region": "",
    "addresses": [],
    "identifiers": [],
    "born": [],
    "measures": [],
    "holders": [],
    "effective_to": None,
    "suspended_from": None,
    "suspended_to": None,
    "stopped_from": None,
    "unconfirmed_from": None,
    "standing_basis": "",
    "also_unreliable_entity": False,
}


def merged(before: Row | None, stated: Row) -> Row:
    """The whole entry that results where one is stated over what the list says of it, if anything."""
    return {**_BLANK, **(before or {}), **stated}


def left_out(entry: Row, last_day: date) -> Row:
    """The entry as it is where the list leaves it out."""
    return ended(entry, last_day, date.fromisoformat(entry["effective_from"]) - timedelta(days=1))


class PartyReader:
    """Reads lines of parties of one list; what is wrong is left in the faults."""

    def __init__(self, countries: Collection[str], context: Context, faults: Faults) -> None:
        self._countries = countries
        self._definition = context.definition
        self._known = context.entries
        self._faults = faults
        self._lines: dict[str, int] = {}
        self._holders: list[tuple[Line, str, str]] = []

    def read(self, line: Line) -> Row:
        """What a line states of its entry."""
        entry_id = line.needed("entry_id", LONGEST_ENTRY_ID)
        if entry_id in self._lines:
            line.fault("entry_id", "IMPORT_ENTRY_TWICE", value=entry_id, other=str(self._lines[entry_id]))
        elif entry_id:
            self._lines[entry_id] = line.number
        if not (line.text("name_zh") or line.text("name_en")):
            line.fault("name_en" if "name_en" in line else "name_zh", "IMPORT_ENTRY_UNNAMED")
        stated: dict[str, Any] = {"entry_id": entry_id, "list_code": self._definition["list_code"]}
        stated |= {name: line.text(name) for name in ("name_zh", "name_en", "standing_basis") if name in line}
        stated |= self._people(line)
        stated["source"] = self._source(line)
        stated |= self._days(line)
        if "measures" in line:
            known = [measure["measure"] for measure in self._definition["measures"]]
            stated["measures"] = sorted(line.words("measures", known))
        if "holders" in line:
            stated["holders"] = self._holders_of(line)
        if "also_unreliable_entity" in line:
            stated["also_unreliable_entity"] = line.word("also_unreliable_entity", ("", "yes", "no")) == "yes"
        return stated

    def finish(self) -> None:
        """Looks for the holders once every entry is known."""
        own = str(self._definition["list_code"])
        for line, list_code, entry_id in self._holders:
            is_own = list_code == own and entry_id in self._lines
            if not is_own and (list_code, entry_id) not in self._known:
                line.fault("holders", "IMPORT_HOLDER_UNKNOWN", list_code=list_code, entry_id=entry_id)

    def _people(self, line: Line) -> dict[str, Any]:
        """Who it is, apart from the names."""
        stated: dict[str, Any] = {}
        if "aliases" in line:
            stated["aliases"] = line.texts("aliases", MOST_ALIASES)
        if "addresses" in line:
            stated["addresses"] = line.texts("addresses", MOST_ADDRESSES, LONGEST_ADDRESS)
        if "identifiers" in line:
            stated["identifiers"] = line.texts("identifiers", MOST_IDENTIFIERS, LONGEST_IDENTIFIER)
        if "kind" in line:
            stated["kind"] = line.word("kind", [kind.value for kind in EntryKind])
        if "country" in line:
            country = line.text("country")
            if country and country != _EUROPEAN_UNION and country not in self._countries:
                line.fault("country", "IMPORT_COUNTRY_UNKNOWN", value=country)
            stated["region"] = country
        if "born" in line:
            stated["born"] = line.texts("born", MOST_BIRTHS, 10)
            for value in stated["born"]:
                if not (is_day(value) or _YEAR.fullmatch(value)):
                    line.fault("born", "IMPORT_BIRTH_INVALID", value=value)
        return stated

    def _source(self, line: Line) -> dict[str, str]:
        """The announcement; the instrument of the list where the line names none."""
        url = line.text("url", 2000)
        if url and not _URL.fullmatch(url):
            line.fault("url", "IMPORT_URL_INVALID", value=url)
        announcement = line.text("announcement")
        if not announcement:
            default: Mapping[str, str] = self._definition["source"]
            return {
                "instrument": default["instrument"],
                "article": default["article"],
                "url": url or default["url"],
            }
        return {"instrument": announcement, "article": line.text("article"), "url": url}

    @staticmethod
    def _days(line: Line) -> dict[str, str | None]:
        stated: dict[str, str | None] = {"effective_from": line.needed_day("effective_from")}
        stated["effective_to"] = line.day("effective_to") or None
        for column in ("suspended_from", "suspended_to", "stopped_from", "unconfirmed_from"):
            if column in line:
                stated[column] = line.day(column) or None
        for first, last in (("effective_from", "effective_to"), ("suspended_from", "suspended_to")):
            begins, ends = stated.get(first), stated.get(last)
            if ends and not begins and not line.text(first):
                line.fault(last, "IMPORT_DAY_WITHOUT_BEGIN", other=first)
            elif ends and begins and ends < begins:
                line.fault(last, "IMPORT_DAYS_REVERSED", other=first)
        return stated

    def _holders_of(self, line: Line) -> list[dict[str, str]]:
        holders: list[dict[str, str]] = []
        for value in line.texts("holders", MOST_HOLDERS):
            list_code, _, rest = value.partition(":")
            entry_id, _, percent = rest.rpartition(":")
            share = _percent(percent)
            if not (list_code and entry_id) or share is None:
                line.fault("holders", "IMPORT_HOLDER_INVALID", value=value)
                continue
            self._holders.append((line, list_code, entry_id))
            holders.append(
                {"list_code": list_code, "entry_id": entry_id, "percent": f"{share.normalize():f}"}
            )
        together = sum((Decimal(holder["percent"]) for holder in holders), Decimal(0))
        if together > _ALL:
            line.fault("holders", "IMPORT_HOLDINGS_EXCEED", sum=str(together))
        return sorted(holders, key=lambda holder: (holder["list_code"], holder["entry_id"]))


def read_parties(file: BinaryIO, countries: Collection[str], context: Context) -> Sequence[Row]:
    """The entries of the documented template. Errors: INVALID_ARGUMENT with every fault."""
    faults = Faults()
    reader = PartyReader(countries, context, faults)
    stated = [reader.read(line) for line in read_table(file, COLUMNS, NEEDED_COLUMNS, faults)]
    reader.finish()
    faults.settle()
    return stated


def _percent(text: str) -> Decimal | None:
    share = Decimal(text) if _PERCENT.fullmatch(text) else Decimal(0)
    return share if 0 < share <= _ALL else None
