"""What is wrong with entries that are stated in a form, told as what is wrong with a file is."""

from typing import Final

from services.foundation.file_faults import Faults


class EntryFaults(Faults):
    """The same for entries that are stated in a form: the place is the field, and the sentence need not name it."""

    _FIELDS: Final = {
        "announcement": "source.instrument",
        "article": "source.article",
        "url": "source.url",
    }

    def place(self, line: int, column: str) -> str:
        """The path of the field at fault; `line` is the place of the entry, counted from 0."""
        return f"entries[{line}].{self._FIELDS.get(column, column)}" if column else f"entries[{line}]"

    def words(self, line: int, column: str) -> dict[str, str]:
        """Nothing: the form shows the field."""
        return {"line": str(line), "column": column, "place_zh": "", "place_en": ""}
