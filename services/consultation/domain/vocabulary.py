"""The closed vocabularies of consultation. Each word is that of the contract without its prefix."""

from enum import StrEnum


class TaskState(StrEnum):
    """Where the request to one agency stands."""

    OPEN = "OPEN"
    OVERDUE = "OVERDUE"
    """Past its due time without an opinion: visible, and never treated as consent."""
    ANSWERED = "ANSWERED"
    WAIVED = "WAIVED"
    CLOSED_UNANSWERED = "CLOSED_UNANSWERED"
    """The round closed before the agency answered: it was not mandatory, or the application withdrawn."""


class RoundState(StrEnum):
    """Where a round of consultation stands."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Opinion(StrEnum):
    """What an agency may say."""

    APPROVE = "APPROVE"
    APPROVE_WITH_CONDITIONS = "APPROVE_WITH_CONDITIONS"
    REFUSE = "REFUSE"
    NO_OBJECTION = "NO_OBJECTION"
    NOT_COMPETENT = "NOT_COMPETENT"


class Consolidation(StrEnum):
    """What the opinions of a closed round add up to."""

    FAVOURABLE = "FAVOURABLE"
    FAVOURABLE_WITH_CONDITIONS = "FAVOURABLE_WITH_CONDITIONS"
    ADVERSE = "ADVERSE"
    NO_OPINION = "NO_OPINION"


class ReviewFactor(StrEnum):
    """The eight factors of review (审查因素) of 出口管制法 (Export Control Law) Art. 13, in its order."""

    NATIONAL_SECURITY_AND_INTERESTS = "NATIONAL_SECURITY_AND_INTERESTS"
    INTERNATIONAL_OBLIGATIONS = "INTERNATIONAL_OBLIGATIONS"
    EXPORT_TYPE = "EXPORT_TYPE"
    ITEM_SENSITIVITY = "ITEM_SENSITIVITY"
    DESTINATION = "DESTINATION"
    END_USER_AND_END_USE = "END_USER_AND_END_USE"
    CREDIT_RECORD = "CREDIT_RECORD"
    OTHER = "OTHER"


class FactorRating(StrEnum):
    """How an agency rates one factor."""

    NO_CONCERN = "NO_CONCERN"
    MINOR_CONCERN = "MINOR_CONCERN"
    MAJOR_CONCERN = "MAJOR_CONCERN"
    NOT_APPLICABLE = "NOT_APPLICABLE"
