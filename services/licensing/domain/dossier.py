"""The dossier of an application as the exporter states it (两用物项出口管制条例 Art. 16).

The fields are those of the contract `xuke.licensing.v1.Dossier`, under the same names. Decimals are kept as
the texts that were declared; `Item.quantity_decimal` and `Item.value_decimal` read them.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class Instrument(StrEnum):
    """Kind of licence instrument (两用物项出口管制条例 Art. 15)."""

    UNSPECIFIED = "UNSPECIFIED"
    SINGLE = "SINGLE"
    GENERAL = "GENERAL"


class ItemKind(StrEnum):
    """What is exported."""

    UNSPECIFIED = "UNSPECIFIED"
    GOODS = "GOODS"
    TECHNOLOGY = "TECHNOLOGY"
    SERVICE = "SERVICE"
    DATA = "DATA"


class TransferMode(StrEnum):
    """How the items leave (出口管制法 Art. 2)."""

    UNSPECIFIED = "UNSPECIFIED"
    PHYSICAL_SHIPMENT = "PHYSICAL_SHIPMENT"
    ELECTRONIC_TRANSMISSION = "ELECTRONIC_TRANSMISSION"
    PROVISION_TO_FOREIGN_PERSON_IN_CHINA = "PROVISION_TO_FOREIGN_PERSON_IN_CHINA"


class ExportType(StrEnum):
    """Ground of the transfer (两用物项出口管制条例 Art. 2)."""

    UNSPECIFIED = "UNSPECIFIED"
    TRADE = "TRADE"
    GIFT = "GIFT"
    EXHIBITION = "EXHIBITION"
    COOPERATION = "COOPERATION"
    AID = "AID"
    REPAIR_OR_TEST = "REPAIR_OR_TEST"
    OTHER = "OTHER"


class PartyRole(StrEnum):
    """What a foreign party is to the transaction."""

    UNSPECIFIED = "UNSPECIFIED"
    IMPORTER = "IMPORTER"
    CONSIGNEE = "CONSIGNEE"
    END_USER = "END_USER"
    INTERMEDIARY = "INTERMEDIARY"


class EndUserKind(StrEnum):
    """Kind of end user as declared."""

    UNSPECIFIED = "UNSPECIFIED"
    CIVIL = "CIVIL"
    MILITARY = "MILITARY"
    GOVERNMENT = "GOVERNMENT"
    UNKNOWN = "UNKNOWN"


class EndUsePurpose(StrEnum):
    """Purpose of the end use as declared."""

    UNSPECIFIED = "UNSPECIFIED"
    CIVIL = "CIVIL"
    MILITARY = "MILITARY"
    RAISES_MILITARY_STRENGTH = "RAISES_MILITARY_STRENGTH"
    WEAPONS_OF_MASS_DESTRUCTION = "WEAPONS_OF_MASS_DESTRUCTION"
    TERRORISM = "TERRORISM"
    UNKNOWN = "UNKNOWN"


class EndUserCertificateTier(StrEnum):
    """Who issued or certified the end-user certificate (出口管制法 Art. 15; 条例 Art. 24)."""

    UNSPECIFIED = "UNSPECIFIED"
    END_USER = "END_USER"
    GOVERNMENT_CERTIFIED = "GOVERNMENT_CERTIFIED"
    GOVERNMENT_ISSUED = "GOVERNMENT_ISSUED"


class AttachmentKind(StrEnum):
    """What a document is (两用物项出口管制条例 Art. 16, 26)."""

    UNSPECIFIED = "UNSPECIFIED"
    CONTRACT = "CONTRACT"
    TECHNICAL_DESCRIPTION = "TECHNICAL_DESCRIPTION"
    END_USER_CERTIFICATE = "END_USER_CERTIFICATE"
    LEGAL_REPRESENTATIVE_IDENTITY = "LEGAL_REPRESENTATIVE_IDENTITY"
    MANAGER_IDENTITY = "MANAGER_IDENTITY"
    HANDLER_IDENTITY = "HANDLER_IDENTITY"
    RISK_ASSESSMENT_REPORT = "RISK_ASSESSMENT_REPORT"
    WATCH_LIST_UNDERTAKING = "WATCH_LIST_UNDERTAKING"
    OTHER = "OTHER"


class MilitaryRisk(StrEnum):
    """Whether a military end user, a military end use, or what raises military strength was found."""

    UNSPECIFIED = "UNSPECIFIED"
    NONE_FOUND = "NONE_FOUND"
    CANNOT_BE_EXCLUDED = "CANNOT_BE_EXCLUDED"
    FOUND = "FOUND"


class CatchAllLimb(StrEnum):
    """A limb of the catch-all clause (出口管制法 Art. 12(3)(1) to (3))."""

    UNSPECIFIED = "UNSPECIFIED"
    NATIONAL_SECURITY = "NATIONAL_SECURITY"
    WEAPONS_OF_MASS_DESTRUCTION = "WEAPONS_OF_MASS_DESTRUCTION"
    TERRORISM = "TERRORISM"


class StateOfKnowledge(StrEnum):
    """What the exporter knows of a risk: 知道, 应当知道, 得到通知 (出口管制法 Art. 12(3))."""

    UNSPECIFIED = "UNSPECIFIED"
    NO_INDICATION = "NO_INDICATION"
    SHOULD_KNOW = "SHOULD_KNOW"
    KNOWS = "KNOWS"
    NOTIFIED = "NOTIFIED"


@dataclass(frozen=True)
class Person:
    """A person who acts for the applicant."""

    name: str = ""
    identity_number: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Applicant:
    """The exporter; `province` is a two-digit division code (GB/T 2260)."""

    name_zh: str = ""
    name_en: str = ""
    unified_social_credit_code: str = ""
    province: str = ""
    address: str = ""
    legal_representative: Person = Person()
    manager: Person = Person()
    handler: Person = Person()
    has_internal_compliance_programme: bool = False


@dataclass(frozen=True)
class Contract:
    """The transaction; `signed_on` is YYYY-MM-DD, `currency` ISO 4217."""

    number: str = ""
    signed_on: str = ""
    total_value: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Parameter:
    """A technical parameter of an item."""

    name: str = ""
    value: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Item:
    """One item; becomes the licence line of the same number."""

    line_number: int = 0
    kind: ItemKind = ItemKind.UNSPECIFIED
    name_zh: str = ""
    name_en: str = ""
    model: str = ""
    claimed_control_code: str = ""
    hs_code: str = ""
    quantity: str = ""
    unit: str = ""
    value: str = ""
    currency: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()

    @property
    def quantity_decimal(self) -> Decimal:
        """The quantity in `unit`; zero where none is stated."""
        return Decimal(self.quantity or "0")

    @property
    def value_decimal(self) -> Decimal:
        """The value in `currency`; zero where none is stated."""
        return Decimal(self.value or "0")


@dataclass(frozen=True)
class Owner:
    """Who holds shares in a party; `percent` as declared, `country` is ISO 3166-1 alpha-2."""

    name_zh: str = ""
    name_en: str = ""
    country: str = ""
    percent: str = ""


@dataclass(frozen=True)
class Party:
    """A foreign party; `country` is ISO 3166-1 alpha-2."""

    role: PartyRole = PartyRole.UNSPECIFIED
    name_zh: str = ""
    name_en: str = ""
    country: str = ""
    address: str = ""
    registration_number: str = ""
    business: str = ""
    ownership: str = ""
    service: str = ""
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True)
class EndUse:
    """What the items are for, and where."""

    description_zh: str = ""
    description_en: str = ""
    place_of_use: str = ""
    end_user_kind: EndUserKind = EndUserKind.UNSPECIFIED
    purpose: EndUsePurpose = EndUsePurpose.UNSPECIFIED


@dataclass(frozen=True)
class EndUserCertificate:
    """Undertakings of the end user (出口管制法 Art. 16; 条例 Art. 24)."""

    tier: EndUserCertificateTier = EndUserCertificateTier.UNSPECIFIED
    signed_on: str = ""
    signatory: str = ""
    undertakes_no_change_of_end_use: bool = False
    undertakes_no_transfer_to_third_party: bool = False
    undertakes_no_weapons_of_mass_destruction: bool = False
    consents_to_verification: bool = False


@dataclass(frozen=True)
class CatchAllKnowledge:
    """What the exporter knows of one limb of the catch-all clause."""

    limb: CatchAllLimb = CatchAllLimb.UNSPECIFIED
    knowledge: StateOfKnowledge = StateOfKnowledge.UNSPECIFIED


@dataclass(frozen=True)
class Declaration:
    """What the exporter declares (出口管制法 Art. 21); a limb that `catch_all` leaves out is not stated."""

    truthful: bool = False
    will_report_changes: bool = False
    catch_all_basis: str = ""
    catch_all: tuple[CatchAllKnowledge, ...] = ()


@dataclass(frozen=True)
class DueDiligence:
    """What the exporter found out about end user and end use (尽职调查); `concluded_on` is YYYY-MM-DD."""

    concluded_on: str = ""
    conducted_by: str = ""
    methods: str = ""
    end_user_findings: str = ""
    end_use_findings: str = ""
    military_risk: MilitaryRisk = MilitaryRisk.UNSPECIFIED


@dataclass(frozen=True)
class Dossier:
    """Everything an exporter states."""

    instrument: Instrument = Instrument.UNSPECIFIED
    applicant: Applicant = Applicant()
    contract: Contract = Contract()
    transfer_mode: TransferMode = TransferMode.UNSPECIFIED
    export_type: ExportType = ExportType.UNSPECIFIED
    destination: str = ""
    transit_countries: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    parties: tuple[Party, ...] = ()
    end_use: EndUse = EndUse()
    end_user_certificate: EndUserCertificate = EndUserCertificate()
    customs_office: str = ""
    delivery_schedule: str = ""
    prior_licences: tuple[str, ...] = ()
    declaration: Declaration = Declaration()
    due_diligence: DueDiligence = DueDiligence()

    def for_another_application(self) -> "Dossier":
        """What a copy begins with: all but what must be given anew.

        That are the declaration, the due diligence and the certificate.

        Of the end-user certificate only its tier is kept: its signature and undertakings are of one document.
        """
        certificate = EndUserCertificate(tier=self.end_user_certificate.tier)
        return replace(
            self,
            declaration=Declaration(),
            due_diligence=DueDiligence(),
            end_user_certificate=certificate,
        )

    @property
    def reached_countries(self) -> frozenset[str]:
        """The destination and the countries of those who receive the items or use them in the end."""
        receiving = (PartyRole.IMPORTER, PartyRole.CONSIGNEE, PartyRole.END_USER)
        countries = {party.country for party in self.parties if party.role in receiving}
        return frozenset(filter(None, countries | {self.destination}))

    def parties_in(self, role: PartyRole) -> tuple[Party, ...]:
        """The parties in one role, in the order stated."""
        return tuple(party for party in self.parties if party.role is role)
