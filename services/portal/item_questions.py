"""The questions about an item, wherever one is described outside an application: what it is, and its parameters."""

from typing import Final

from xuke.classification.v1 import classification_pb2 as cl

from services.portal.form_options import words
from services.portal.forms import Kind, Question

PARAMETER_COLUMNS: Final = (
    ("name", "item.parameter_name"),
    ("value", "item.parameter_value"),
    ("unit", "item.parameter_unit"),
    ("test_condition", "item.parameter_condition"),
)
DESCRIPTION: Final = (
    Question("item.kind", Kind.CHOICE, "item.kind", options=words(cl.ItemKind), required=True),
    Question("item.name_zh", Kind.TEXT, "item.name_zh", required=True, or_else="item.name_en"),
    Question("item.name_en", Kind.TEXT, "item.name_en"),
    Question("item.description", Kind.LONG_TEXT, "item.description", "item.description_hint", rows=4),
    Question("item.hs_code", Kind.CODE, "item.hs_code", "item.hs_code_hint", width=20),
    Question("item.cas_number", Kind.TEXT, "item.cas_number", "item.cas_number_hint", width=20),
    Question(
        "item.parameters",
        Kind.ROWS,
        "item.parameters",
        "item.parameters_hint",
        columns=PARAMETER_COLUMNS,
    ),
)
CLAIMED_CODE: Final = Question(
    "item.claimed_control_code",
    Kind.CONTROL_CODE,
    "item.claimed_control_code",
    "item.claimed_control_code_hint",
    width=20,
)
