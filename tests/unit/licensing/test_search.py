"""What applications are found by."""

import pytest

from services.licensing.domain.dossier import Applicant, Dossier, Item, Party
from services.licensing.domain.findings import ItemClassification
from services.licensing.domain.search import folded, search_text

DOSSIER = Dossier(
    applicant=Applicant(name_zh="江苏某钨业有限公司", name_en="Jiangsu Tungsten Co., Ltd."),
    items=(
        Item(1, name_zh="仲钨酸铵", name_en="Ammonium Paratungstate", claimed_control_code="1C117.d.1", hs_code="2841801000"),
        Item(2, name_zh="石墨"),
    ),
    parties=(Party(name_zh="汉江工具", name_en="Hangang Tools"), Party(name_zh="汉江工具", name_en="Hangang Tools")),
)  # fmt: skip
TEXT = search_text("SQ32-2026-0000017", DOSSIER, [ItemClassification(1, "CONTROLLED", ("0C004",))])


@pytest.mark.parametrize(
    "query",
    [
        "0000017",
        "sq32",
        "钨业",
        "JIANGSU tungsten",
        "汉江",
        "hangang   TOOLS",
        "仲钨酸铵",
        "paratungstate",
        "1c117.D",
        "284180",
        "0c004",
        "ＳＱ３２",
        "石",
    ],
)
def test_found(query: str) -> None:
    assert folded(query) in TEXT


@pytest.mark.parametrize("query", ["%", "_", "江苏 汉江", "toolshangang", "江苏某钨业有限公司jiangsu", "\\"])
def test_not_found(query: str) -> None:
    assert folded(query) not in TEXT


def test_each_part_once_and_nothing_that_cannot_be_kept() -> None:
    assert TEXT.count("hangang tools") == 1
    assert search_text(None, Dossier(items=(Item(1, name_zh="钨\x00业"),))) == "钨 业"
    assert search_text(None, Dossier()) == ""
    assert folded(" \t\n") == ""
