"""XLSX files made by hand, so that what is odd about one stands in the test."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Raw:
    """A cell as it stands in the sheet."""

    xml: str


def number(value: str, style: int = 0) -> Raw:
    return Raw(f'<c s="{style}"><v>{value}</v></c>')


def shared(at: int) -> Raw:
    return Raw(f'<c t="s"><v>{at}</v></c>')


def workbook(
    rows: Sequence[Sequence[str | Raw]],
    strings: Sequence[str] = (),
    parts: Mapping[str, str] | None = None,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook of one sheet; `parts` replace or add parts by name. Style 1 is a date, 2 a date by its own format."""
    sheet = "".join(
        f'<row r="{line}">{"".join(_cell(cell) for cell in row)}</row>' for line, row in enumerate(rows, 1)
    )
    found = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": (
            f'<workbook {_MAIN} xmlns:r="{_RELATION}">'
            '<sheets><sheet name="产品" sheetId="1" r:id="rId7"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId7" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>"
        ),
        "xl/styles.xml": (
            f'<styleSheet {_MAIN}><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m"/>'
            '<numFmt numFmtId="171" formatCode="&quot;day&quot;0000000000"/></numFmts>'
            '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>'
            "</styleSheet>"
        ),
        "xl/sharedStrings.xml": f"<sst {_MAIN}>{''.join(strings)}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {_MAIN}><sheetData>{sheet}</sheetData></worksheet>",
        **(parts or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return file.getvalue()


def _cell(cell: str | Raw) -> str:
    if isinstance(cell, Raw):
        return cell.xml
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
