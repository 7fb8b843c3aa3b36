"""What the template is given to lay out: every text ready to print, in both languages."""

import datetime
import pathlib
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from services.foundation.months import english_day
from services.licensing.document.canonical import (
    BilingualText,
    CodedName,
    Exporter,
    ForeignParty,
    LicenceDigests,
    LicenceFacts,
    LicenceLine,
    decimal_text,
)
from services.licensing.document.signing import SignerStanding

_WORDING: Final[Mapping[str, Any]] = tomllib.loads(
    (pathlib.Path(__file__).parent / "wording.toml").read_text(encoding="utf-8")
)


def licence_view(facts: LicenceFacts, digests: LicenceDigests, standing: SignerStanding) -> dict[str, Any]:
    """The texts of the page, without the code and the attachments."""
    wording = _WORDING[facts.number.instrument.value]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for line in facts.lines:
        totals[line.currency] += line.value
    return {
        "number": str(facts.number),
        "number_display": facts.number.display,
        "document_title": f"{wording['title']['zh']} {facts.number.display}",
        "title": wording["title"],
        "instrument": wording["name"],
        "specimen": _WORDING["specimen"] if standing is SignerStanding.DEVELOPMENT else None,
        "application_number": facts.application_number,
        "valid_from": _day(facts.valid_from),
        "valid_to": _day(facts.valid_to),
        "exporter": _exporter(facts.exporter),
        "end_user": _foreign_party(facts.end_user),
        "importer": _foreign_party(facts.importer),
        "consignee": _foreign_party(facts.consignee),
        "destination": _text(facts.destination.name),
        "end_use": _text(facts.end_use),
        "contract_number": facts.contract_number,
        "transfer_mode": _text(facts.transfer_mode.name),
        "customs_office": _text(facts.customs_office.name),
        "lines": [_line(line) for line in facts.lines],
        "totals": [{"currency": currency, "value": money_text(value)} for currency, value in totals.items()],
        "conditions": [_text(condition) for condition in facts.conditions],
        "notes": [_note(note) for note in (*wording["notes"], *_WORDING["notes"])],
        "author": facts.issuing_authority.zh or facts.issuing_authority.en,
        "authority": _text(facts.issuing_authority),
        "issued": _day(facts.issued_on),
        "issued_on": {part: getattr(facts.issued_on, part) for part in ("year", "month", "day")},
        "legal_basis": _text(facts.legal_basis),
        "verification": _WORDING["verification"],
        "digests": {"sha256": digests.sha256, "sm3": digests.sm3},
        "code_description": _code_description(str(facts.number)),
    }


def quantity_text(value: Decimal) -> str:
    """A quantity with its thousands grouped and no needless zeros."""
    whole, point, fraction = decimal_text(value).partition(".")
    return f"{int(whole):,}{point}{fraction}"


def money_text(value: Decimal) -> str:
    """A sum with its thousands grouped and at least two decimal places."""
    whole, _, fraction = decimal_text(value).partition(".")
    return f"{int(whole):,}.{fraction:0<2}"


def _line(line: LicenceLine) -> dict[str, Any]:
    return {
        "number": line.line_number,
        "item": _text(line.item),
        "control_code": line.control_code,
        "hs_code": line.hs_code,
        "quantity": quantity_text(line.quantity),
        "unit": _text(line.unit.name),
        "value": money_text(line.value),
        "currency": line.currency,
    }


def _exporter(exporter: Exporter) -> dict[str, Any]:
    code = {"zh": "统一社会信用代码", "en": "Credit code"}
    return {
        "name": _text(exporter.name),
        "details": [{"label": code, "value": exporter.unified_social_credit_code}],
    }


def _foreign_party(party: ForeignParty) -> dict[str, Any]:
    country = {"label": {"zh": "国家（地区）", "en": "Country"}, "value": _one_line(party.country)}
    address = {"label": {"zh": "地址", "en": "Address"}, "value": party.address}
    return {"name": _text(party.name), "details": [country, address]}


def _one_line(coded: CodedName) -> str:
    return " ".join(text for text in (coded.name.zh, coded.name.en) if text)


def _text(text: BilingualText) -> dict[str, str | None]:
    return {"zh": text.zh or None, "en": text.en or None}


def _note(note: Mapping[str, str]) -> dict[str, str]:
    return {"zh": note["zh"], "en": note["en"]}


def _day(day: datetime.date) -> dict[str, str]:
    return {
        "zh": f"{day.year}年{day.month}月{day.day}日",
        "en": english_day(day),
    }


def _code_description(number: str) -> str:
    code = _WORDING["code"]
    return f"{code['zh']} / {code['en']}".replace("{number}", number)
