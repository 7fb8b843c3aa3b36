"""Everything that is wrong with a file that somebody brings in, collected so that it can be told at once."""

from typing import Final, Never

from services.foundation.errors import FieldViolation, invalid_argument

# More than a person reads; the rest shows when these are mended.
MOST_FAULTS: Final = 100
# Of a value that is shown again.
_MOST_SHOWN: Final = 200


class Faults:
    """Collects what is wrong: `lines[12].effective_from` for a value, `columns.name` for a column.

    Lines count from 1, the heading being the first. Each reason stands in the catalogue with what to do; the
    metadata say the place again in both languages, for the sentence.
    """

    def __init__(self) -> None:
        self._found: list[FieldViolation] = []

    def at(self, line: int, column: str, reason: str, **metadata: str) -> None:
        """Adds a fault of a value, or of a whole line where `column` is empty; refuses when there are too many."""
        self._add(
            FieldViolation(self.place(line, column), reason, self.words(line, column) | _shown(metadata))
        )

    def column(self, column: str, reason: str, **metadata: str) -> None:
        """Adds a fault of a column that is missing or unknown."""
        self._add(FieldViolation(f"columns.{column}", reason, _shown({"column": column} | metadata)))

    def settle(self) -> None:
        """Passes if nothing is wrong. Errors: INVALID_ARGUMENT with every fault."""
        if self._found:
            self._refuse()

    def stop(self, line: int, reason: str, **metadata: str) -> Never:
        """Adds a fault after which the file cannot be read any further, and refuses."""
        self.at(line, "", reason, **metadata)
        self._refuse()

    def place(self, line: int, column: str) -> str:
        """The path of the field at fault."""
        return f"lines[{line}].{column}" if column else f"lines[{line}]"

    def words(self, line: int, column: str) -> dict[str, str]:
        """The place as the sentences say it, before what is wrong there."""
        return {
            "line": str(line),
            "column": column,
            "place_zh": f"第{line}行“{column}”：" if column else f"第{line}行：",
            "place_en": f"Line {line}, “{column}”: " if column else f"Line {line}: ",
        }

    def _add(self, violation: FieldViolation) -> None:
        if violation in self._found:
            return
        self._found.append(violation)
        if len(self._found) >= MOST_FAULTS:
            self._refuse()

    def _refuse(self) -> Never:
        raise invalid_argument(*self._found)


def _shown(metadata: dict[str, str]) -> dict[str, str]:
    return {
        name: value if len(value) <= _MOST_SHOWN else f"{value[:_MOST_SHOWN]}…"
        for name, value in metadata.items()
    }
