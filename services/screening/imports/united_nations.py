"""The consolidated list of the Security Council (安理会综合制裁清单) as the United Nations publish it, XML.

Individuals and entities with their names, aliases, nationality, addresses, dates of birth and documents. The
permanent reference number (for example "KPi.033") is the id of an entry. What the list writes in free words (a
nationality that is no country, a date that is none) is left out: the entry itself never is.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import BinaryIO, Final

from services.foundation.file_faults import Faults
from services.screening.domain.lists import EntryKind
from services.screening.imports.importer import Context, Row
from services.screening.imports.parties import (
    LONGEST_ADDRESS,
    LONGEST_ENTRY_ID,
    LONGEST_IDENTIFIER,
    MOST_ADDRESSES,
    MOST_ALIASES,
    MOST_IDENTIFIERS,
)
from services.screening.imports.table import CONTROL, LONGEST_TEXT, MOST_ROWS, is_day
from services.screening.imports.xml_records import Element, read_records

LIST_CODE: Final = "un_security_council"
_ROOT: Final = "CONSOLIDATED_LIST"
_KINDS: Final = {"INDIVIDUAL": EntryKind.PERSON, "ENTITY": EntryKind.ORGANISATION}
_NAMES: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_INSTRUMENT: Final = "联合国安全理事会综合制裁清单"
_PAGE: Final = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"
_ADDRESS: Final = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_DAY_LENGTH: Final = len("2016-11-30")
# A range of years of birth that is longer says nothing.
_LONGEST_RANGE: Final = 10


def read_united_nations(file: BinaryIO, countries: Mapping[str, str], context: Context) -> Sequence[Row]:
    """The entries of the file. `countries` are codes by their names as the United Nations write them, lower case.

    Errors: INVALID_ARGUMENT naming line and element: a reference number, a name or the day of listing that is
    missing, a reference number that is there twice, or a file that is no such list.
    """
    faults = Faults()
    lines: dict[str, int] = {}
    stated: list[Row] = []
    for record in read_records(file, _ROOT, _KINDS, MOST_ROWS, faults):
        reference = record.one("REFERENCE_NUMBER")
        if not reference:
            faults.at(record.line, "REFERENCE_NUMBER", "IMPORT_VALUE_MISSING")
        elif reference in lines:
            faults.at(
                record.line,
                "REFERENCE_NUMBER",
                "IMPORT_ENTRY_TWICE",
                value=reference,
                other=str(lines[reference]),
            )
        lines.setdefault(reference, record.line)
        stated.append(_entry(record, reference, countries, context, faults))
    faults.settle()
    if not stated:
        faults.stop(1, "IMPORT_FILE_EMPTY")
    return stated


def _entry(
    record: Element, reference: str, countries: Mapping[str, str], context: Context, faults: Faults
) -> Row:
    name = " ".join(part for element in _NAMES for part in record.all(element))
    if not name:
        faults.at(record.line, _NAMES[0], "IMPORT_VALUE_MISSING")
    listed_on = record.one("LISTED_ON")[:_DAY_LENGTH]
    if not is_day(listed_on):
        faults.at(record.line, "LISTED_ON", "IMPORT_DAY_INVALID", value=listed_on)
    kind = record.name
    aliases = [*record.all("NAME_ORIGINAL_SCRIPT"), *record.all(f"{kind}_ALIAS", "ALIAS_NAME")]
    identifiers = dict.fromkeys(record.all("INDIVIDUAL_DOCUMENT", "NUMBER"))
    nationalities = [*record.all("NATIONALITY", "VALUE"), *record.all(f"{kind}_ADDRESS", "COUNTRY")]
    regime = record.one("UN_LIST_TYPE")
    addresses = dict.fromkeys(filter(None, map(_address, record.each(f"{kind}_ADDRESS"))))
    bounds = (
        ("REFERENCE_NUMBER", [reference], 1, LONGEST_ENTRY_ID),
        (_NAMES[0], [name], 1, LONGEST_TEXT),
        (f"{kind}_ALIAS", aliases, MOST_ALIASES, LONGEST_TEXT),
        (f"{kind}_ADDRESS", addresses, MOST_ADDRESSES, LONGEST_ADDRESS),
        ("INDIVIDUAL_DOCUMENT", identifiers, MOST_IDENTIFIERS, LONGEST_IDENTIFIER),
        ("UN_LIST_TYPE", [regime], 1, LONGEST_TEXT),
    )
    for element, values, most, longest in bounds:
        _require_bounds(record, element, values, most, longest, faults)
    return {
        "entry_id": reference,
        "list_code": context.definition["list_code"],
        "name_en": name,
        "aliases": [alias for alias in dict.fromkeys(aliases) if alias != name],
        "kind": _KINDS[kind].value,
        "region": next(
            (countries[value.lower()] for value in nationalities if value.lower() in countries), ""
        ),
        "addresses": list(addresses),
        "identifiers": list(identifiers),
        "born": sorted(_births(record)),
        "source": {
            "instrument": f"{_INSTRUMENT}（{regime}）" if regime else _INSTRUMENT,
            "article": reference,
            "url": _PAGE,
        },
        "effective_from": listed_on,
        "effective_to": None,
    }


def _require_bounds(
    record: Element, element: str, values: Collection[str], most: int, longest: int, faults: Faults
) -> None:
    """What the template takes of an entry, and no more: every name is compared with every party."""
    if len(values) > most:
        faults.at(record.line, element, "IMPORT_TOO_MANY_VALUES", most=str(most))
    if any(len(value) > longest for value in values):
        faults.at(record.line, element, "IMPORT_VALUE_TOO_LONG", most=str(longest))
    if any(CONTROL.search(value) for value in values):
        faults.at(record.line, element, "IMPORT_CONTROL_CHARACTER")


def _address(element: Element) -> str:
    return ", ".join(text for part in _ADDRESS for text in element.all(part))


def _births(record: Element) -> set[str]:
    """Days and years of birth; a range of years is every year of it."""
    found: set[str] = set()
    for element in record.each("INDIVIDUAL_DATE_OF_BIRTH"):
        day = element.one("DATE")[:_DAY_LENGTH]
        if is_day(day):
            found.add(day)
            continue
        years = [year for year in (element.one("YEAR"), day) if _is_year(year)]
        found.update(years[:1])
        first, last = element.one("FROM_YEAR"), element.one("TO_YEAR")
        if _is_year(first) and _is_year(last) and 0 <= int(last) - int(first) <= _LONGEST_RANGE:
            found.update(str(year) for year in range(int(first), int(last) + 1))
    return found


def _is_year(text: str) -> bool:
    return len(text) == len("1964") and text.isascii() and text.isdigit()
