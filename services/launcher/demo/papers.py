"""The papers that the exporters of the stories attach: small real PDF files."""

import functools
import json

import pylopdf_fonts_zh_cn
import typst

_FONTS = typst.Fonts(
    include_system_fonts=False,
    font_paths=[str(path) for path in pylopdf_fonts_zh_cn.__path__],
)
_TEMPLATE = """
#let paper = json(bytes(sys.inputs.paper))
#set document(title: paper.title)
#set page(paper: "a4", margin: 28mm)
#set text(font: "Noto Sans SC", size: 11pt, lang: "zh")
= #paper.title
#v(6mm)
#for line in paper.lines [#par(line)]
"""


@functools.lru_cache(maxsize=64)
def paper(title: str, *lines: str) -> bytes:
    """A one-page PDF with a title and some lines."""
    return bytes(
        typst.compile(
            _TEMPLATE.encode(),
            format="pdf",
            font_paths=_FONTS,
            sys_inputs={"paper": json.dumps({"title": title, "lines": lines}, ensure_ascii=False)},
        )
    )
