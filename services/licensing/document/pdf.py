"""The licence as a bilingual PDF: rendered by Typst, byte for byte the same for the same input, then signed.

The file is PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) by the checks of Typst. It carries its canonical
facts and the signed statement as attachments, so that it can be verified without any other source.
"""

import json
import pathlib
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

import pylopdf_fonts_zh_cn
import typst

from services.foundation.clock import SHANGHAI
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
_STANDARDS: "Final[list[typst.PDFStandard]]" = ["a-3a", "ua-1"]
_MISSING_GLYPH: Final = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")


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
        for folder in extra_fonts:
            if not folder.is_dir():
                raise NotADirectoryError(f"no folder of fonts: {folder}")
        shipped = pathlib.Path(pylopdf_fonts_zh_cn.__file__).parent
        fonts = typst.Fonts(
            include_system_fonts=False, font_paths=[str(folder) for folder in (shipped, *extra_fonts)]
        )
        self._compiler = typst.Compiler(str(_TEMPLATE), font_paths=fonts)
        self._one_at_a_time = threading.Lock()

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
        # The start of the day of issue stands for the time of creation: same input, same bytes.
        created = datetime.combine(facts.issued_on, time(), SHANGHAI).astimezone(UTC)
        try:
            with self._one_at_a_time:
                pdf = self._compiler.compile(
                    format="pdf",
                    sys_inputs={"view": json.dumps(view, ensure_ascii=False)},
                    pdf_standards=_STANDARDS,
                    timestamp=created,
                )
        except typst.TypstError as error:
            violations = _missing_glyphs(facts, error)
            if not violations:
                raise
            raise invalid_argument(*violations) from error
        if not isinstance(pdf, bytes):
            raise TypeError(f"a PDF is bytes, not {type(pdf).__name__}")
        return pdf


def issue_document(
    facts: LicenceFacts, signer: Signer, renderer: LicenceRenderer, public_url: str, signed_at: datetime
) -> LicenceDocument:
    """The signed licence of these facts. Raises what `LicenceRenderer.render` raises."""
    canonical = canonical_bytes(facts)
    digests = digest(canonical)
    statement = signer.sign_statement(LicenceStatement.of(facts, digests))
    pdf = renderer.render(facts, statement, signer.standing, public_url)
    return LicenceDocument(signer.sign_document(pdf, signed_at), canonical, digests, statement)


def _missing_glyphs(facts: LicenceFacts, error: typst.TypstError) -> list[FieldViolation]:
    """Which characters of which fields the renderer had no glyph for, from its diagnostics."""
    undisplayed = "".join(map(_unescape, _MISSING_GLYPH.findall(error.diagnostic)))
    return [
        FieldViolation(
            path, "MISSING_GLYPH", {"character": character, "code_point": f"U+{ord(character):04X}"}
        )
        for path, text in texts(facts)
        for character in dict.fromkeys(undisplayed)
        if character in text
    ]


def _unescape(quoted: str) -> str:
    return (
        _ESCAPED.sub(lambda match: chr(int(match[1], 16)), quoted).replace('\\"', '"').replace("\\\\", "\\")
    )
