"""Reads the rules of the instruments from the reference file, once."""

import functools
import pathlib
import tomllib

from services.licensing.domain.licence_instrument import InstrumentRule
from services.licensing.domain.licence_number import Instrument

_FILE = pathlib.Path(__file__).parent / "reference" / "instruments.toml"


@functools.cache
def instrument_rules() -> tuple[InstrumentRule, ...]:
    """Every rule of the file, in its order."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["instrument"]
    return tuple(
        InstrumentRule(
            instrument=Instrument(row["code"]),
            max_uses=row.get("max_uses"),
            max_validity_years=row["max_validity_years"],
            legal_source=row["legal_source"],
            effective_from=row["effective_from"],
            effective_to=row.get("effective_to"),
        )
        for row in rows
    )
