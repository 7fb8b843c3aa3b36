"""A product of the library as an item of an application."""

from typing import Final

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import product_pb2 as pr
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.filing.places import blank_item

# What a dossier takes of a commodity code.
_HS_DIGITS: Final = 10


def item_of(product: pr.Product, dossier: d.Dossier) -> d.Item:
    """The item that the product is; quantity and value are stated in the application.

    A commodity code of fewer than ten digits is left out: an application states all ten. A code that only the
    family claims is not claimed here, for whoever files says what the code is.
    """
    item = blank_item(dossier, len(dossier.items) + 1)
    stated = product.item
    item.kind = d.ItemKind.Value(cl.ItemKind.Name(stated.kind))
    item.name_zh, item.name_en = stated.name_zh, stated.name_en
    item.model = product.article_number[:200]
    item.description = stated.description
    item.hs_code = stated.hs_code if len(stated.hs_code) == _HS_DIGITS else ""
    item.claimed_control_code = stated.claimed_control_code
    for one in stated.parameters:
        item.parameters.add(name=one.name, value=one.value, unit=one.unit)
    return item
