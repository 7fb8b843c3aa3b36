"""The facts of a licence: made once from the grant, and read back from the canonical bytes that were stored."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from services.licensing.document.canonical import (
    BilingualText,
    CodedName,
    Exporter,
    ForeignParty,
    LicenceFacts,
    LicenceLine,
)
from services.licensing.domain.licence_grant import GrantedLine, GrantedParty, LicenceGrant
from services.licensing.domain.licence_instrument import InstrumentRule
from services.licensing.domain.licence_number import LicenceNumber
from services.licensing.licence_code_names import CodeList, coded_name

# 国务院商务主管部门, which decides on dual-use items: Regulation 792 Art. 4 and 17.
_AUTHORITY = BilingualText("中华人民共和国商务部", "Ministry of Commerce of the People's Republic of China")


def licence_facts(grant: LicenceGrant, number: LicenceNumber, rule: InstrumentRule) -> LicenceFacts:
    """The facts of the licence issued on a grant, valid from the day of the decision.

    Errors: INVALID_ARGUMENT, UNPRINTABLE_CHARACTER, naming the text (see `LicenceFacts`).
    """
    return LicenceFacts(
        number=number,
        application_number=grant.application_number,
        exporter=Exporter(
            BilingualText(grant.holder_name_zh, grant.holder_name_en), grant.unified_social_credit_code
        ),
        end_user=_party(grant.end_user),
        importer=_party(grant.importer),
        consignee=_party(grant.consignee),
        destination=coded_name(CodeList.COUNTRY, grant.destination),
        end_use=BilingualText(grant.end_use_zh, grant.end_use_en),
        contract_number=grant.contract_number,
        transfer_mode=coded_name(CodeList.TRANSFER_MODE, grant.transfer_mode),
        customs_office=coded_name(CodeList.CUSTOMS_OFFICE, grant.customs_office),
        lines=tuple(_line(line) for line in grant.lines),
        valid_from=grant.decided_on,
        valid_to=rule.last_day(grant.decided_on),
        issued_on=grant.decided_on,
        issuing_authority=_AUTHORITY,
        conditions=tuple(BilingualText(condition.zh, condition.en) for condition in grant.conditions),
        legal_basis=BilingualText(rule.legal_source),
    )


def read_licence_facts(canonical: bytes) -> LicenceFacts:
    """The facts that canonical bytes stand for; `canonical_bytes` of them are these bytes again."""
    members: dict[str, Any] = json.loads(canonical)
    return LicenceFacts(
        number=LicenceNumber.parse(members["number"]),
        application_number=members["application_number"],
        exporter=Exporter(
            _text(members["exporter"]["name"]), members["exporter"]["unified_social_credit_code"]
        ),
        end_user=_read_party(members["end_user"]),
        importer=_read_party(members["importer"]),
        consignee=_read_party(members["consignee"]),
        destination=_coded(members["destination"]),
        end_use=_text(members["end_use"]),
        contract_number=members["contract_number"],
        transfer_mode=_coded(members["transfer_mode"]),
        customs_office=_coded(members["customs_office"]),
        lines=tuple(_read_line(line) for line in members["lines"]),
        valid_from=date.fromisoformat(members["valid_from"]),
        valid_to=date.fromisoformat(members["valid_to"]),
        issued_on=date.fromisoformat(members["issued_on"]),
        issuing_authority=_text(members["issuing_authority"]),
        conditions=tuple(_text(condition) for condition in members["conditions"]),
        legal_basis=_text(members["legal_basis"]),
    )


def _party(party: GrantedParty) -> ForeignParty:
    country = coded_name(CodeList.COUNTRY, party.country)
    return ForeignParty(BilingualText(party.name_zh, party.name_en), country, party.address)


def _line(line: GrantedLine) -> LicenceLine:
    return LicenceLine(
        line_number=line.line_number,
        item=BilingualText(line.name_zh, line.name_en),
        control_code=line.control_code,
        hs_code=line.hs_code,
        quantity=line.quantity,
        unit=coded_name(CodeList.UNIT, line.unit),
        value=line.value,
        currency=line.currency,
    )


def _text(members: dict[str, Any]) -> BilingualText:
    return BilingualText(members["zh"], members["en"])


def _coded(members: dict[str, Any]) -> CodedName:
    return CodedName(members["code"], _text(members["name"]))


def _read_party(members: dict[str, Any]) -> ForeignParty:
    return ForeignParty(_text(members["name"]), _coded(members["country"]), members["address"])


def _read_line(members: dict[str, Any]) -> LicenceLine:
    return LicenceLine(
        line_number=members["line_number"],
        item=_text(members["item"]),
        control_code=members["control_code"],
        hs_code=members["hs_code"],
        quantity=Decimal(members["quantity"]),
        unit=_coded(members["unit"]),
        value=Decimal(members["value"]),
        currency=members["currency"],
    )
