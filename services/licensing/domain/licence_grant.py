"""What an approved application hands over to the licence that is issued on it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class GrantedParty:
    """A party as the licence names it; `country` is ISO 3166-1 alpha-2."""

    name_zh: str
    name_en: str
    country: str
    address: str


@dataclass(frozen=True)
class GrantedLine:
    """One item that may leave, with its quantity in a customs unit and its value."""

    line_number: int
    name_zh: str
    name_en: str
    model: str
    control_code: str
    hs_code: str
    quantity: Decimal
    unit: str
    value: Decimal
    currency: str


@dataclass(frozen=True)
class GrantedCondition:
    """A condition of the decision in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class LicenceGrant:
    """Everything a licence is made from. `instrument` is the word of the instrument, for example "SINGLE"."""

    application_id: str
    application_number: str
    instrument: str
    holder_name_zh: str
    holder_name_en: str
    unified_social_credit_code: str
    province: str
    destination: str
    importer: GrantedParty
    consignee: GrantedParty
    end_user: GrantedParty
    end_use_zh: str
    end_use_en: str
    end_user_kind: str
    end_use_purpose: str
    contract_number: str
    transfer_mode: str
    customs_office: str
    lines: tuple[GrantedLine, ...]
    conditions: tuple[GrantedCondition, ...]
    decided_on: date
