"""The questions about a dossier as a whole, by steps; paths are those of the dossier.

What an application says: Regulation 792 Art. 16(1) (如实填写两用物项出口申请表); what each question rests on beyond
that stands with it.
"""

from typing import Final

from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.filing.step import Step
from services.portal.form_options import codes, provinces, words
from services.portal.forms import Kind, Question


def _person(role: str, title: str) -> Step:
    """A person whose identity is proved by a document (Art. 16(1)(1))."""
    return Step(
        role.replace("_", "-"),
        title,
        (
            Question(f"applicant.{role}.name", Kind.TEXT, "filing.person_name", width=20),
            Question(
                f"applicant.{role}.identity_number",
                Kind.CODE,
                "filing.person_identity",
                "filing.person_identity_hint",
                width=20,
            ),
            Question(f"applicant.{role}.telephone", Kind.TEXT, "filing.person_telephone", width=20),
        ),
        source="filing.source_identity",
    )


APPLICANT: Final = (
    Step(
        "applicant-name",
        "filing.applicant_name",
        (
            Question("applicant.name_zh", Kind.TEXT, "field_Applicant.name_zh", required=True),
            Question("applicant.name_en", Kind.TEXT, "field_Applicant.name_en", required=True),
        ),
        lead="filing.applicant_lead",
    ),
    Step(
        "applicant-registration",
        "filing.applicant_registration",
        (
            Question(
                "applicant.unified_social_credit_code",
                Kind.CODE,
                "field_Applicant.unified_social_credit_code",
                "filing.credit_code_hint",
                required=True,
                width=20,
            ),
            Question(
                "applicant.province",
                Kind.SELECTION,
                "field_Applicant.province",
                "filing.province_hint",
                options=provinces,
                required=True,
            ),
            Question("applicant.address", Kind.TEXT, "field_Applicant.address"),
        ),
    ),
    _person("legal_representative", "field_Applicant.legal_representative"),
    _person("manager", "field_Applicant.manager"),
    _person("handler", "field_Applicant.handler"),
    Step(
        "compliance-programme",
        "filing.compliance",
        (
            Question(
                "applicant.has_internal_compliance_programme",
                Kind.YES_NO,
                "filing.compliance_tick",
                "filing.compliance_hint",
            ),
        ),
        source="filing.source_compliance",
    ),
)
CONTRACT: Final = (
    Step(
        "contract",
        "filing.contract",
        (
            Question("contract.number", Kind.TEXT, "field_Contract.number", required=True, width=20),
            Question(
                "contract.signed_on",
                Kind.DAY,
                "field_Contract.signed_on",
                "filing.day_hint",
                required=True,
                width=10,
            ),
        ),
        source="filing.source_contract",
    ),
    Step(
        "contract-value",
        "filing.contract_value",
        (
            Question("contract.total_value", Kind.NUMBER, "field_Contract.total_value", width=20),
            Question(
                "contract.currency", Kind.CODE, "field_Contract.currency", "filing.currency_hint", width=3
            ),
        ),
    ),
    Step(
        "delivery",
        "filing.delivery",
        (Question("delivery_schedule", Kind.LONG_TEXT, "filing.delivery", "filing.delivery_hint"),),
    ),
)
EXPORT: Final = (
    Step(
        "instrument",
        "filing.instrument",
        (
            Question(
                "instrument",
                Kind.CHOICE,
                "filing.instrument",
                "filing.instrument_hint",
                # The general licence follows other rules, which are not offered yet.
                options=words(d.Instrument, without=(d.INSTRUMENT_GENERAL,), hints="filing_instrument"),
                required=True,
            ),
        ),
        source="filing.source_instrument",
    ),
    Step(
        "transfer-mode",
        "filing.transfer_mode",
        (
            Question(
                "transfer_mode",
                Kind.CHOICE,
                "filing.transfer_mode",
                options=words(d.TransferMode, hints="filing_transfer_mode"),
                required=True,
            ),
        ),
        source="filing.source_transfer_mode",
    ),
    Step(
        "export-type",
        "filing.export_type",
        (
            Question(
                "export_type",
                Kind.CHOICE,
                "filing.export_type",
                options=words(d.ExportType),
                required=True,
            ),
        ),
        source="filing.source_export_type",
    ),
    Step(
        "destination",
        "filing.destination",
        (
            Question(
                "destination",
                Kind.SELECTION,
                "filing.destination",
                "filing.destination_hint",
                options=codes("country"),
                required=True,
            ),
        ),
        source="filing.source_destination",
    ),
    Step(
        "transit",
        "filing.transit",
        (
            Question(
                "transit_countries",
                Kind.SELECTIONS,
                "filing.transit",
                "filing.transit_hint",
                options=codes("country"),
            ),
        ),
    ),
    Step(
        "customs-office",
        "filing.customs_office",
        (
            Question(
                "customs_office",
                Kind.SELECTION,
                "filing.customs_office",
                "filing.customs_office_hint",
                options=codes("customs_office"),
                required=True,
            ),
        ),
    ),
    Step(
        "earlier-licences",
        "filing.earlier_licences",
        (Question("prior_licences", Kind.LINES, "filing.earlier_licences", "filing.earlier_licences_hint"),),
    ),
)
END_USE: Final = (
    Step(
        "end-use",
        "filing.end_use",
        (
            Question(
                "end_use.description_zh",
                Kind.LONG_TEXT,
                "field_EndUse.description_zh",
                "filing.end_use_hint",
                required=True,
                or_else="end_use.description_en",
            ),
            Question("end_use.description_en", Kind.LONG_TEXT, "field_EndUse.description_en"),
        ),
        source="filing.source_end_use",
    ),
    Step(
        "place-of-use",
        "filing.place_of_use",
        (Question("end_use.place_of_use", Kind.TEXT, "filing.place_of_use", "filing.place_of_use_hint"),),
    ),
    Step(
        "end-user-kind",
        "filing.end_user_kind",
        (
            Question(
                "end_use.end_user_kind", Kind.CHOICE, "filing.end_user_kind", options=words(d.EndUserKind)
            ),
        ),
    ),
    Step(
        "purpose",
        "filing.purpose",
        (
            Question(
                "end_use.purpose",
                Kind.CHOICE,
                "filing.purpose",
                "filing.purpose_hint",
                options=words(d.EndUsePurpose),
            ),
        ),
        source="filing.source_purpose",
    ),
)
CERTIFICATE: Final = (
    Step(
        "certificate",
        "filing.certificate",
        (
            Question(
                "end_user_certificate.tier",
                Kind.CHOICE,
                "field_EndUserCertificate.tier",
                options=words(d.EndUserCertificateTier),
                required=True,
            ),
            Question(
                "end_user_certificate.signatory",
                Kind.TEXT,
                "field_EndUserCertificate.signatory",
                "filing.signatory_hint",
                required=True,
            ),
            Question(
                "end_user_certificate.signed_on",
                Kind.DAY,
                "field_EndUserCertificate.signed_on",
                "filing.day_hint",
                required=True,
                width=10,
            ),
        ),
        source="filing.source_certificate",
    ),
    Step(
        "undertakings",
        "filing.undertakings",
        tuple(
            Question(f"end_user_certificate.{name}", Kind.YES_NO, f"field_EndUserCertificate.{name}")
            for name in (
                "undertakes_no_change_of_end_use",
                "undertakes_no_transfer_to_third_party",
                "undertakes_no_weapons_of_mass_destruction",
                "consents_to_verification",
            )
        ),
        lead="filing.undertakings_lead",
        source="filing.source_undertakings",
    ),
)
