"""What both kinds of file are read into: lines of cells, and the bounds of an honest file."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# As many as are classified and written within the deadline of one call.
MOST_ROWS: Final = 1_000
MOST_COLUMNS: Final = 60
MOST_CHARACTERS: Final = 10_000


class Spoilt(StrEnum):
    """What a spreadsheet did to a value, so that it is no longer what somebody wrote."""

    # A number: leading zeros are gone, and digits beyond the fifteenth are made up.
    NUMBER = "NUMBER"
    DATE = "DATE"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell; `spoilt` where the file holds something else than text."""

    text: str
    spoilt: Spoilt | None = None


@dataclass(frozen=True, slots=True)
class CellLine:
    """One line of the file, counted from 1, with its cells from the first column."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(cell.text.strip() or cell.spoilt is Spoilt.ERROR for cell in self.cells)
