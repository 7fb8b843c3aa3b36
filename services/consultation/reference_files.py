"""Reads the reference files of consultation into the types of the domain."""

import csv
from pathlib import Path
from typing import Final

from services.consultation.domain.agencies import Agency, AgencyDirectory

REFERENCE: Final = Path(__file__).parent / "reference"


def read_agencies(path: Path = REFERENCE / "agencies.csv") -> AgencyDirectory:
    """The directory as shipped. Raises ValueError for a row without a legal source."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if not row["legal_source"]:
            raise ValueError(f"{path.name}: {row['code']} has no legal source")
    return AgencyDirectory([Agency(**row) for row in rows])
