"""What a licence keeps of its grant besides the columns that are searched: parties, end use, conditions."""

from dataclasses import asdict

from services.licensing.domain.licence_grant import LicenceGrant


def particulars_of(grant: LicenceGrant) -> dict[str, object]:
    """The particulars as JSON values."""
    return {
        "importer": asdict(grant.importer),
        "consignee": asdict(grant.consignee),
        "end_user": asdict(grant.end_user),
        "end_use": {
            "description_zh": grant.end_use_zh,
            "description_en": grant.end_use_en,
            "end_user_kind": grant.end_user_kind,
            "purpose": grant.end_use_purpose,
        },
        "conditions": [asdict(condition) for condition in grant.conditions],
    }
