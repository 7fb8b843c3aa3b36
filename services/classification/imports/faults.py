"""Everything that is wrong with a file, collected so that it can be told at once."""

from typing import Final, Never

from services.foundation.errors import FieldViolation, invalid_argument

# More than a person reads; the rest shows when these are mended.
MOST_FAULTS: Final = 100
_MOST_SHOWN: Final = 200


class Faults:
    """Collects what is wrong: `lines[12].quality` for a value, `columns.name` for a column.

    Lines count from 1, the heading being the first.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], FieldViolation] = {}

    def at(self, line: int, column: str, reason: str, **metadata: str) -> None:
        """Adds a fault of a value, or of a whole line where `column` is empty."""
        place = f"lines[{line}].{column}" if column else f"lines[{line}]"
        words = {
            "line": str(line),
            "column": column,
            "place_zh": f"第{line}行“{column}”：" if column else f"第{line}行：",
            "place_en": f"Line {line}, “{column}”: " if column else f"Line {line}: ",
        }
        self._add(place, reason, words | metadata)

    def column(self, column: str, reason: str, **metadata: str) -> None:
        """Adds a fault of a column."""
        self._add(f"columns.{column}", reason, {"column": column} | metadata)

    def settle(self) -> None:
        """Passes if nothing is wrong. Errors: INVALID_ARGUMENT with every fault."""
        if self._found:
            raise invalid_argument(*self._found.values())

    def stop(self, line: int, reason: str, **metadata: str) -> Never:
        """Adds a fault after which the file cannot be read any further, and refuses."""
        self.at(line, "", reason, **metadata)
        raise invalid_argument(*self._found.values())

    def _add(self, place: str, reason: str, metadata: dict[str, str]) -> None:
        shown = {
            name: text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
            for name, text in metadata.items()
        }
        self._found.setdefault((place, reason), FieldViolation(place, reason, shown))
        if len(self._found) >= MOST_FAULTS:
            raise invalid_argument(*self._found.values())
