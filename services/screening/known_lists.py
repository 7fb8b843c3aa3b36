"""Definitions of lists that people import under a name known beforehand, and of lists that are new.

A list that comes with the program is defined with its entries, see `reference_files`. Of the list of the Security
Council only the definition comes with it: binding measures of the Council are to be executed (两用物项出口管制条例
Art. 10(4)), so that a match stops the export.
"""

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from services.foundation.messages import render
from services.screening.domain.lists import Verdict

_REFERENCE: Final = Path(__file__).parent / "reference"


@lru_cache(maxsize=1)
def known_definitions() -> Mapping[str, Mapping[str, Any]]:
    """The definitions by the code of the list, all but `read_on`; see `PartyList.definition`."""
    return {
        row["list_code"]: {
            "list_code": row["list_code"],
            "label": row["label"],
            "required": False,
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "match_verdict": row["match_verdict"],
            "likeness_verdict": row["likeness_verdict"],
            "source": {"instrument": row["instrument"], "article": row["article"], "url": row["url"]},
            "effective_from": row["effective_from"],
            "maximum_age_days": int(row["maximum_age_days"]),
            "measures": [measure_of_match(row)],
        }
        for row in _rows("known_lists.csv")
    }


def label_of(list_code: str) -> str:
    """What the versions of a new list begin with."""
    return list_code.upper().replace("_", "-")


def measure_of_match(definition: Mapping[str, Any]) -> dict[str, Any]:
    """What a listing entails where the list does not say more: what its verdict on a match says."""
    verdict = Verdict[definition["match_verdict"]]
    text = render(f"SCREENING_MEASURE_{verdict.name}")
    source = definition.get("source") or {
        "instrument": definition["instrument"],
        "article": definition["article"],
        "url": definition["url"],
    }
    return {
        "measure": "LISTED",
        "source": {**source, "url": ""},
        "effective_from": definition["effective_from"],
        "effective_to": None,
        "text_zh": text.zh,
        "text_en": text.en,
    }


@lru_cache(maxsize=1)
def united_nations_countries() -> Mapping[str, str]:
    """Codes of countries by their names in lower case, as the United Nations write them."""
    names = {row["name_en"].lower(): row["country"] for row in _rows("countries.csv")}
    return names | {row["name"].lower(): row["country"] for row in _rows("united_nations_countries.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
