"""The licence as a bilingual PDF: rendered by Typst, byte for byte the same for the same input, then signed.

The file is PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) by the checks of Typst. It carries its canonical
facts and the signed statement as attachments, so that it can be verified without any other source.
"""

import pathlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.foundation.documents.pdf import MissingGlyphsError, PdfRenderer
from services.foundation.errors import FieldViolation, invalid_argument
from services.licensing.document.canonical import (
    LicenceDigests,
    LicenceFacts,
    canonical_bytes,
    digest,
    texts,
)
from services.licensing.document.presentation import licence_view
from services.licensing.document.qr import qr_svg, verification_url
from services.licensing.document.signing import LicenceStatement, Signer, SignerStanding

_TEMPLATE: Final = pathlib.Path(__file__).parent / "template.typ"


@dataclass(frozen=True, slots=True)
class LicenceDocument:
    """A signed licence: the PDF, the canonical bytes it rests on, their digests, and the signed statement."""

    pdf: bytes
    canonical: bytes
    digests: LicenceDigests
    statement: str


class LicenceRenderer:
    """Renders licences. Build one per process: it holds the fonts, and may be used from several threads.

    `extra_fonts` names folders of fonts for characters that the shipped fonts lack, such as most of
    GB 18030-2022 level 3. Raises NotADirectoryError for one that is not there.
    """

    def __init__(self, extra_fonts: Sequence[pathlib.Path] = ()) -> None:
        self._renderer = PdfRenderer(_TEMPLATE, extra_fonts)

    def render(self, facts: LicenceFacts, statement: str, standing: SignerStanding, public_url: str) -> bytes:
        """The unsigned PDF. Raises XukeError INVALID_ARGUMENT, MISSING_GLYPH, for each character no font has.

        The violations name the field and the character; the remedy is a font in `extra_fonts` that has it.
        """
        canonical = canonical_bytes(facts)
        view = licence_view(facts, digest(canonical), standing) | {
            "code": qr_svg(verification_url(public_url, str(facts.number), statement)),
            "canonical": canonical.decode(),
            "statement": statement,
        }
        try:
            return self._renderer.render(view, facts.issued_on)
        except MissingGlyphsError as error:
            raise invalid_argument(*_missing_glyphs(facts, error.characters)) from error


def issue_document(
    facts: LicenceFacts, signer: Signer, renderer: LicenceRenderer, public_url: str, signed_at: datetime
) -> LicenceDocument:
    """The signed licence of these facts. Raises what `LicenceRenderer.render` raises."""
    canonical = canonical_bytes(facts)
    digests = digest(canonical)
    statement = signer.sign_statement(LicenceStatement.of(facts, digests))
    pdf = renderer.render(facts, statement, signer.standing, public_url)
    return LicenceDocument(signer.sign_document(pdf, signed_at), canonical, digests, statement)


def _missing_glyphs(facts: LicenceFacts, characters: str) -> list[FieldViolation]:
    """Which of the characters stand in which fields."""
    return [
        FieldViolation(
            path, "MISSING_GLYPH", {"character": character, "code_point": f"U+{ord(character):04X}"}
        )
        for path, text in texts(facts)
        for character in characters
        if character in text
    ]
