"""Papers as PDF with the digest of all they say at the foot of every page.

The digest is SHA-256 over the canonical JSON of every text on the paper, which the file carries as an attachment:
a printed page can be held against it. The same facts under the same versions are the same bytes.
"""

import hashlib
import pathlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never

from services.classification.papers.facts import ComparisonFacts, PaperFacts, StatementFacts
from services.classification.papers.presentation import View, comparison_view, statement_view
from services.foundation.documents.pdf import MissingGlyphsError, PdfRenderer
from services.foundation.errors import FieldViolation, invalid_argument
from services.foundation.ledger import canonical_json

_FOLDER: Final = pathlib.Path(__file__).parent
MEDIA_TYPE: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """A paper: the name of its file and the PDF."""

    file_name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of the file itself, in lower-case hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


class PaperRenderer:
    """Renders papers; the fonts are read when the first one is asked for.

    `extra_fonts` names folders of fonts, see `PdfRenderer`.
    """

    def __init__(self, extra_fonts: Sequence[pathlib.Path] = ()) -> None:
        self._extra_fonts = extra_fonts
        self._renderers: dict[str, PdfRenderer] = {}
        self._lock = threading.Lock()

    def render(self, facts: PaperFacts) -> PrintedPaper:
        """The paper of these facts. Errors: INVALID_ARGUMENT PAPER_MISSING_GLYPH for what no font has."""
        view = self._view(facts)
        content = self._print(view, facts.rested.as_of)
        return PrintedPaper(f"{view['kind']}-{facts.rested.as_of.isoformat()}.pdf", content)

    def digest(self, facts: PaperFacts) -> str:
        """SHA-256 over every text of the paper, in lower-case hexadecimal, as it stands at the foot of each page."""
        return _digest(canonical_json(self._view(facts)))

    @staticmethod
    def _view(facts: PaperFacts) -> View:
        match facts:
            case ComparisonFacts():
                return comparison_view(facts)
            case StatementFacts():
                return statement_view(facts)
            case _:
                assert_never(facts)

    def _print(self, view: View, day: date) -> bytes:
        canonical = canonical_json(view)
        try:
            return self._renderer(view["kind"]).render(
                {**view, "sha256": _digest(canonical), "canonical": canonical}, day
            )
        except MissingGlyphsError as error:
            raise invalid_argument(*_missing_glyphs(view, error.characters)) from error

    def _renderer(self, kind: str) -> PdfRenderer:
        with self._lock:
            if kind not in self._renderers:
                self._renderers[kind] = PdfRenderer(_FOLDER / f"{kind}.typ", self._extra_fonts)
            return self._renderers[kind]


def _digest(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


def _missing_glyphs(view: View, characters: str) -> list[FieldViolation]:
    return [
        FieldViolation(
            path, "PAPER_MISSING_GLYPH", {"character": character, "code_point": f"U+{ord(character):04X}"}
        )
        for path, text in _texts("", view)
        for character in characters
        if character in text
    ]


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _texts(f"{path}.{name}".lstrip("."), member)
    elif isinstance(value, Sequence):
        for at, member in enumerate(value):
            yield from _texts(f"{path}[{at}]", member)
