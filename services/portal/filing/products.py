"""A product of the library as an item of an application."""

from typing import Final

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import product_pb2 as pr
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.filing.places import blank_item

# What a dossier takes of a commodity code, and of the name of a parameter.
_HS_DIGITS: Final = 10
_LONGEST_NAME: Final = 200
_LONGEST_DESCRIPTION: Final = 8000


def item_of(product: pr.Product, dossier: d.Dossier) -> d.Item:
    """The item that the product is; quantity and value are stated in the application.

    A commodity code of fewer than ten digits is left out: an application states all ten. A code that only the
    family claims is not claimed here, for whoever files says what the code is. A dossier has no fields for the CAS
    number and for test conditions: these stand with the name of the parameter, the number in the description, for
    without them the item would be classified otherwise.
    """
    item = blank_item(dossier, len(dossier.items) + 1)
    stated = product.item
    item.kind = d.ItemKind.Value(cl.ItemKind.Name(stated.kind))
    item.name_zh, item.name_en = stated.name_zh, stated.name_en
    item.model = product.article_number[:200]
    item.description = _described(stated)
    item.hs_code = stated.hs_code if len(stated.hs_code) == _HS_DIGITS else ""
    item.claimed_control_code = stated.claimed_control_code
    for one in stated.parameters:
        item.parameters.add(name=_named(one), value=one.value, unit=one.unit)
    return item


def _named(parameter: cl.Parameter) -> str:
    condition = parameter.test_condition.strip()
    if not condition:
        return parameter.name
    room = _LONGEST_NAME - len(parameter.name) - len("（）")
    # A condition that does not fit is named all the same: that there is one matters more than all its words.
    return f"{parameter.name}（{condition[: max(room, 0)]}）"[:_LONGEST_NAME]


def _described(stated: cl.Item) -> str:
    number = f"CAS {stated.cas_number}" if stated.cas_number else ""
    if not number or stated.cas_number in stated.description:
        return stated.description
    return "\n".join(filter(None, (stated.description[: _LONGEST_DESCRIPTION - len(number) - 1], number)))
