"""Papers as PDF: laid out by Typst from a template and its data, byte for byte the same for the same input.

The files are PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) by the checks of Typst. No font of the machine is
used, and a character that no font at hand has is an error: nothing is ever printed as an empty box.
"""

import functools
import json
import pathlib
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst

from services.foundation.clock import SHANGHAI

# Templates may use what stands beside another: the style of the house is in this folder.
_ROOT: Final = pathlib.Path(__file__).resolve().parents[2]
_STANDARDS: "Final[list[typst.PDFStandard]]" = ["a-3a", "ua-1"]
_MISSING_GLYPH: Final = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")


class MissingGlyphsError(Exception):
    """Characters that no font at hand has, in the order in which they were met."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


class PdfRenderer:
    """Renders one template. Build it once: it holds the fonts, and may be used from several threads.

    The template reads its data from `sys.inputs.view`, as JSON. `extra_fonts` names folders of fonts for
    characters that the shipped fonts lack, such as most of GB 18030-2022 level 3. Raises NotADirectoryError for
    one that is not there.
    """

    def __init__(self, template: pathlib.Path, extra_fonts: Sequence[pathlib.Path] = ()) -> None:
        fonts = _fonts(tuple(extra_fonts))
        self._compiler = typst.Compiler(str(template), root=str(_ROOT), font_paths=fonts)
        self._one_at_a_time = threading.Lock()

    def render(self, view: Mapping[str, Any], day: date) -> bytes:
        """The PDF. The start of the day (Asia/Shanghai) stands for the time of creation: same input, same bytes.

        Raises MissingGlyphsError.
        """
        created = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
        try:
            with self._one_at_a_time:
                pdf = self._compiler.compile(
                    format="pdf",
                    sys_inputs={"view": json.dumps(view, ensure_ascii=False)},
                    pdf_standards=_STANDARDS,
                    timestamp=created,
                )
        except typst.TypstError as error:
            missing = "".join(map(_unescape, _MISSING_GLYPH.findall(error.diagnostic)))
            if not missing:
                raise
            raise MissingGlyphsError("".join(dict.fromkeys(missing))) from error
        if not isinstance(pdf, bytes):
            raise TypeError(f"a PDF is bytes, not {type(pdf).__name__}")
        return pdf


@functools.cache
def _fonts(extra: tuple[pathlib.Path, ...]) -> typst.Fonts:
    """The fonts, read once for all templates."""
    for folder in extra:
        if not folder.is_dir():
            raise NotADirectoryError(f"no folder of fonts: {folder}")
    shipped = pathlib.Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in (shipped, *extra)])


def _unescape(quoted: str) -> str:
    return (
        _ESCAPED.sub(lambda match: chr(int(match[1], 16)), quoted).replace('\\"', '"').replace("\\\\", "\\")
    )
