"""A product of the library as an item of an application."""

import pytest
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import product_pb2 as pr
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.field_rules import violations_of
from services.portal.filing.products import item_of


def product(**stated: object) -> pr.Product:
    item = cl.Item(name_zh="钨合金粉末", name_en="tungsten alloy powder", **stated)
    return pr.Product(article_number="XK-1", item=item)


def test_it_becomes_the_next_item_with_what_is_stated_of_it() -> None:
    dossier = d.Dossier(items=[d.Item(line_number=1)], contract=d.Contract(currency="USD"))
    stated = product(
        kind=cl.ITEM_KIND_TECHNOLOGY,
        hs_code="8101100010",
        claimed_control_code="1C117.d.1",
        parameters=[cl.Parameter(name="purity", value="98", unit="%")],
    )
    item = item_of(stated, dossier)
    assert (item.line_number, item.kind, item.model) == (2, d.ITEM_KIND_TECHNOLOGY, "XK-1")
    assert (item.name_zh, item.name_en) == ("钨合金粉末", "tungsten alloy powder")
    assert (item.hs_code, item.claimed_control_code, item.currency) == ("8101100010", "1C117.d.1", "USD")
    assert [(one.name, one.value, one.unit) for one in item.parameters] == [("purity", "98", "%")]
    assert violations_of(item) == []


@pytest.mark.parametrize("hs_code", ["8101", "810110", "81011000"])
def test_a_commodity_code_that_is_not_whole_is_left_to_the_filer(hs_code: str) -> None:
    item = item_of(product(hs_code=hs_code), d.Dossier())
    assert item.hs_code == ""
    assert violations_of(item) == []


@pytest.mark.parametrize("kind", list(cl.ItemKind.values()))
def test_every_kind_of_item_is_known_to_the_dossier(kind: int) -> None:
    assert d.ItemKind.Name(item_of(product(kind=kind), d.Dossier()).kind) == cl.ItemKind.Name(kind)


def test_what_a_dossier_has_no_field_for_stands_in_words() -> None:
    stated = product(cas_number="7440-33-7", description="Grey powder.")
    del stated.item.parameters[:]
    stated.item.parameters.add(name="抗拉强度", value="460", unit="MPa", test_condition="293 K")
    stated.item.parameters.add(name="n" * 190, value="1", test_condition="c" * 100)
    stated.item.parameters.add(name="直径", value="3", unit="mm")
    item = item_of(stated, d.Dossier())
    first, long, plain = item.parameters
    assert (first.name, first.value, first.unit) == ("抗拉强度（293 K）", "460", "MPa")
    assert len(long.name) == 200
    assert long.name.endswith("（cccccccc）")
    assert plain.name == "直径"
    assert item.description == "Grey powder.\nCAS 7440-33-7"
    assert (
        item_of(product(cas_number="7440-33-7", description=""), d.Dossier()).description == "CAS 7440-33-7"
    )
