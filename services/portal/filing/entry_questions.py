"""The questions about each item and each party, by steps; paths are those of the entry."""

from typing import Final

from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.filing.step import Step
from services.portal.form_options import codes, words
from services.portal.forms import Kind, Question

ITEM: Final = (
    Step(
        "kind",
        "filing.item_kind",
        (
            Question(
                "kind",
                Kind.CHOICE,
                "filing.item_kind",
                options=words(d.ItemKind, hints="filing_item_kind"),
                required=True,
            ),
        ),
        source="filing.source_item_kind",
    ),
    Step(
        "names",
        "filing.item_names",
        (
            Question(
                "name_zh",
                Kind.TEXT,
                "field_Item.name_zh",
                "filing.item_name_hint",
                required=True,
                or_else="name_en",
            ),
            Question("name_en", Kind.TEXT, "field_Item.name_en"),
            Question("model", Kind.TEXT, "field_Item.model", width=20),
        ),
    ),
    Step(
        "description",
        "filing.item_description",
        (
            Question(
                "description",
                Kind.LONG_TEXT,
                "filing.item_description",
                "filing.item_description_hint",
                rows=8,
            ),
        ),
        source="filing.source_item_description",
    ),
    Step(
        "parameters",
        "filing.item_parameters",
        (
            Question(
                "parameters",
                Kind.ROWS,
                "filing.item_parameters",
                "filing.item_parameters_hint",
                columns=(
                    ("name", "filing.parameter_name"),
                    ("value", "filing.parameter_value"),
                    ("unit", "filing.parameter_unit"),
                ),
            ),
        ),
        classifies=True,
    ),
    Step(
        "hs-code",
        "filing.item_hs_code",
        (
            Question(
                "hs_code",
                Kind.CODE,
                "filing.item_hs_code",
                "filing.item_hs_code_hint",
                required=True,
                width=20,
            ),
        ),
        classifies=True,
    ),
    Step(
        "control-code",
        "filing.item_control_code",
        (
            Question(
                "claimed_control_code",
                Kind.CONTROL_CODE,
                "filing.item_control_code",
                "filing.item_control_code_hint",
                width=20,
            ),
        ),
        classifies=True,
    ),
    Step(
        "quantity",
        "filing.item_quantity",
        (
            Question("quantity", Kind.NUMBER, "field_Item.quantity", required=True, width=20),
            Question("unit", Kind.SELECTION, "field_Item.unit", options=codes("unit"), required=True),
        ),
    ),
    Step(
        "value",
        "filing.item_value",
        (
            Question("value", Kind.NUMBER, "field_Item.value", required=True, width=20),
            Question(
                "currency", Kind.CODE, "field_Item.currency", "filing.currency_hint", required=True, width=3
            ),
        ),
    ),
)
PARTY: Final = (
    Step(
        "role",
        "filing.party_role",
        (
            Question(
                "role",
                Kind.CHOICE,
                "filing.party_role",
                options=words(d.PartyRole, hints="filing_party_role"),
                required=True,
            ),
        ),
    ),
    Step(
        "names",
        "filing.party_names",
        (
            Question(
                "name_en",
                Kind.TEXT,
                "field_Party.name_en",
                "filing.party_name_hint",
                required=True,
                or_else="name_zh",
            ),
            Question("name_zh", Kind.TEXT, "field_Party.name_zh"),
        ),
    ),
    Step(
        "address",
        "filing.party_address",
        (
            Question(
                "country", Kind.SELECTION, "field_Party.country", options=codes("country"), required=True
            ),
            Question("address", Kind.LONG_TEXT, "field_Party.address", rows=3),
        ),
    ),
    Step(
        "registration",
        "filing.party_registration",
        (
            Question("registration_number", Kind.TEXT, "field_Party.registration_number", width=20),
            Question("business", Kind.LONG_TEXT, "field_Party.business", rows=3),
            Question(
                "ownership", Kind.LONG_TEXT, "field_Party.ownership", "filing.party_ownership_hint", rows=3
            ),
        ),
    ),
    Step(
        "owners",
        "filing.party_owners",
        (
            Question(
                "owners",
                Kind.ROWS,
                "filing.party_owners",
                "filing.party_owners_hint",
                columns=(
                    ("name_en", "field_Owner.name_en"),
                    ("name_zh", "field_Owner.name_zh"),
                    ("country", "filing.owner_country"),
                    ("percent", "field_Owner.percent"),
                ),
            ),
        ),
        source="filing.source_owners",
    ),
    Step(
        "service",
        "filing.party_service",
        (Question("service", Kind.TEXT, "field_Party.service", "filing.party_service_hint", required=True),),
        applies=lambda party: isinstance(party, d.Party) and party.role == d.PARTY_ROLE_INTERMEDIARY,
    ),
)
