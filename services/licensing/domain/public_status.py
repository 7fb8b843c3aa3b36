"""What an applicant reads about where the case stands; internal states never leave the authority."""

from enum import StrEnum
from typing import assert_never

from services.licensing.domain.application_state import ApplicationState


class PublicPhase(StrEnum):
    """The side that has the case."""

    PREPARATION = "PREPARATION"
    PROVINCE = "PROVINCE"
    MINISTRY = "MINISTRY"
    CONCLUDED = "CONCLUDED"


class PublicState(StrEnum):
    """Where the case stands, in the applicant's words."""

    DRAFT = "DRAFT"
    BEING_CHECKED = "BEING_CHECKED"
    UNDER_PROVINCIAL_REVIEW = "UNDER_PROVINCIAL_REVIEW"
    SUPPLEMENT_ASKED_OF_YOU = "SUPPLEMENT_ASKED_OF_YOU"
    AWAITING_ACCEPTANCE = "AWAITING_ACCEPTANCE"
    UNDER_MINISTRY_REVIEW = "UNDER_MINISTRY_REVIEW"
    APPROVED = "APPROVED"
    LICENCE_ISSUED = "LICENCE_ISSUED"
    REFUSED = "REFUSED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"
    CANNOT_PROCEED = "CANNOT_PROCEED"
    """Refused at the gate (不予办理), which is no decision on the merits (不予许可)."""


def public_state(state: ApplicationState) -> PublicState:
    """The public word for an internal state."""
    match state:
        case ApplicationState.DRAFT:
            return PublicState.DRAFT
        case ApplicationState.SUBMITTED:
            return PublicState.BEING_CHECKED
        case ApplicationState.PROVINCIAL_REVIEW:
            return PublicState.UNDER_PROVINCIAL_REVIEW
        case ApplicationState.SUPPLEMENT_REQUESTED:
            return PublicState.SUPPLEMENT_ASKED_OF_YOU
        case ApplicationState.MINISTRY_INTAKE:
            return PublicState.AWAITING_ACCEPTANCE
        case (
            ApplicationState.ACCEPTED
            | ApplicationState.IN_CONSULTATION
            | ApplicationState.READY_FOR_PROPOSAL
            | ApplicationState.PROPOSED
        ):
            return PublicState.UNDER_MINISTRY_REVIEW
        case ApplicationState.APPROVED:
            return PublicState.APPROVED
        case ApplicationState.LICENSED:
            return PublicState.LICENCE_ISSUED
        case ApplicationState.REFUSED:
            return PublicState.REFUSED
        case ApplicationState.GATE_REFUSED:
            return PublicState.CANNOT_PROCEED
        case ApplicationState.NOT_ACCEPTED:
            return PublicState.NOT_ACCEPTED
        case ApplicationState.WITHDRAWN:
            return PublicState.WITHDRAWN
        case ApplicationState.LAPSED:
            return PublicState.LAPSED
        case _:
            assert_never(state)


def public_phase(state: ApplicationState, asked_by: ApplicationState) -> PublicPhase:
    """The public phase; `asked_by` is the stage that the case goes back to after a supplement."""
    match public_state(state):
        case PublicState.DRAFT:
            return PublicPhase.PREPARATION
        case PublicState.BEING_CHECKED | PublicState.SUPPLEMENT_ASKED_OF_YOU:
            return (
                PublicPhase.MINISTRY if asked_by is ApplicationState.MINISTRY_INTAKE else PublicPhase.PROVINCE
            )
        case PublicState.UNDER_PROVINCIAL_REVIEW:
            return PublicPhase.PROVINCE
        case PublicState.AWAITING_ACCEPTANCE | PublicState.UNDER_MINISTRY_REVIEW | PublicState.APPROVED:
            return PublicPhase.MINISTRY
        case (
            PublicState.LICENCE_ISSUED
            | PublicState.REFUSED
            | PublicState.NOT_ACCEPTED
            | PublicState.WITHDRAWN
            | PublicState.LAPSED
            | PublicState.CANNOT_PROCEED
        ):
            return PublicPhase.CONCLUDED
        case unknown:
            assert_never(unknown)
