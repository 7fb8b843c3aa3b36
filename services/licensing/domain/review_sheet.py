"""The review sheet: the eight factors of 出口管制法 Art. 13, each rated before a decision may be proposed."""

from collections.abc import Sequence
from enum import StrEnum

from services.licensing.domain.findings import FactorAssessment


class ReviewFactor(StrEnum):
    """The factors, in the words of the consultation service."""

    NATIONAL_SECURITY_AND_INTERESTS = "NATIONAL_SECURITY_AND_INTERESTS"
    INTERNATIONAL_OBLIGATIONS = "INTERNATIONAL_OBLIGATIONS"
    EXPORT_TYPE = "EXPORT_TYPE"
    ITEM_SENSITIVITY = "ITEM_SENSITIVITY"
    DESTINATION = "DESTINATION"
    END_USER_AND_END_USE = "END_USER_AND_END_USE"
    CREDIT_RECORD = "CREDIT_RECORD"
    OTHER = "OTHER"


class FactorRating(StrEnum):
    """How a factor weighs."""

    NO_CONCERN = "NO_CONCERN"
    MINOR_CONCERN = "MINOR_CONCERN"
    MAJOR_CONCERN = "MAJOR_CONCERN"
    NOT_APPLICABLE = "NOT_APPLICABLE"


def is_complete(factors: Sequence[FactorAssessment]) -> bool:
    """Whether each of the eight factors is assessed, once."""
    return sorted(assessment.factor for assessment in factors) == sorted(ReviewFactor)
