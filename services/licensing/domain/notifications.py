"""Which act tells whom of what: the notifications that follow from the events of applications and licences.

A notification tells that something has happened and where to read it. It has no effect in law; the notices
that have one are kept with the application (see `NoticeKind`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from services.foundation.principal import Principal, Role
from services.licensing.domain import authority
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action, ApplicationState, Outcome
from services.licensing.domain.licence_state import LicenceAction
from services.licensing.domain.procedure import ExpiryEffect, Holder

_NO_VALUES: Mapping[str, object] = {}

MINISTRY = "ministry"
_ACTIONS = frozenset(Action)


class NotificationKind(StrEnum):
    """What a notification tells."""

    SUBMISSION_RECEIVED = "SUBMISSION_RECEIVED"
    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    SUPPLEMENT_REMINDER = "SUPPLEMENT_REMINDER"
    SUPPLEMENT_RECEIVED = "SUPPLEMENT_RECEIVED"
    CANNOT_PROCEED = "CANNOT_PROCEED"
    ACCEPTED = "ACCEPTED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    GRANT_TAKEN_BACK = "GRANT_TAKEN_BACK"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"
    LICENCE_ISSUED = "LICENCE_ISSUED"
    LICENCE_ACTIVE = "LICENCE_ACTIVE"
    LICENCE_SUSPENDED = "LICENCE_SUSPENDED"
    LICENCE_RESUMED = "LICENCE_RESUMED"
    LICENCE_REVOKED = "LICENCE_REVOKED"
    CASE_ASSIGNED = "CASE_ASSIGNED"
    DEADLINE_NEAR = "DEADLINE_NEAR"
    DEADLINE_PASSED = "DEADLINE_PASSED"
    OPINION_OVERDUE = "OPINION_OVERDUE"
    PROPOSAL_WAITS = "PROPOSAL_WAITS"
    HOLDER_REPORTED = "HOLDER_REPORTED"
    SCREENING_CHANGED = "SCREENING_CHANGED"
    LICENCE_SCREENING_CHANGED = "LICENCE_SCREENING_CHANGED"
    LICENCE_PARTY_LISTED = "LICENCE_PARTY_LISTED"


class Audience(StrEnum):
    """Whom a notification is meant for: those who applied, or those who decide."""

    APPLICANT = "APPLICANT"
    AUTHORITY = "AUTHORITY"


@dataclass(frozen=True)
class Told:
    """A notification to be written. `addressee` is one of those that `addressees_of` gives to people.

    `cause` and `cause_version` say what brought about a later screening; empty for everything else.
    """

    kind: NotificationKind
    addressee: str
    cause: str = ""
    cause_version: str = ""


def audience_of(kind: NotificationKind) -> Audience:
    """Whom a kind is meant for."""
    match kind:
        case (
            NotificationKind.SUBMISSION_RECEIVED
            | NotificationKind.SUPPLEMENT_REQUESTED
            | NotificationKind.SUPPLEMENT_REMINDER
            | NotificationKind.SUPPLEMENT_RECEIVED
            | NotificationKind.CANNOT_PROCEED
            | NotificationKind.ACCEPTED
            | NotificationKind.NOT_ACCEPTED
            | NotificationKind.APPROVED
            | NotificationKind.REFUSED
            | NotificationKind.GRANT_TAKEN_BACK
            | NotificationKind.WITHDRAWN
            | NotificationKind.LAPSED
            | NotificationKind.LICENCE_ISSUED
            | NotificationKind.LICENCE_ACTIVE
            | NotificationKind.LICENCE_SUSPENDED
            | NotificationKind.LICENCE_RESUMED
            | NotificationKind.LICENCE_REVOKED
        ):
            return Audience.APPLICANT
        case (
            NotificationKind.CASE_ASSIGNED
            | NotificationKind.DEADLINE_NEAR
            | NotificationKind.DEADLINE_PASSED
            | NotificationKind.OPINION_OVERDUE
            | NotificationKind.PROPOSAL_WAITS
            | NotificationKind.HOLDER_REPORTED
            | NotificationKind.SCREENING_CHANGED
            | NotificationKind.LICENCE_SCREENING_CHANGED
            | NotificationKind.LICENCE_PARTY_LISTED
        ):
            return Audience.AUTHORITY
        case _:
            assert_never(kind)


def organisation_addressee(organisation: str) -> str:
    """Those who act for an organisation."""
    return f"organisation:{organisation}"


def province_addressee(province: str) -> str:
    """The officers of a province."""
    return f"province:{province}"


def person_addressee(subject: str) -> str:
    """One person."""
    return f"person:{subject}"


def addressees_of(principal: Principal) -> tuple[str, ...]:
    """Under which names a person is addressed; row-level security says the same again."""
    own = person_addressee(principal.subject)
    match principal.role:
        case Role.EXPORTER | Role.AGENT:
            return (organisation_addressee(principal.organisation), own)
        case Role.PROVINCIAL_OFFICER:
            return (province_addressee(principal.province), own)
        case Role.MINISTRY_OFFICER | Role.MINISTRY_DIRECTOR:
            return (MINISTRY, own)
        case (
            Role.AGENCY_REVIEWER
            | Role.EXPERT
            | Role.CUSTOMS_OFFICER
            | Role.ENFORCEMENT_OFFICER
            | Role.LIST_EDITOR
            | Role.AUDITOR
            | Role.PROCEDURE
            | Role.PORTAL
            | Role.NOTIFIER
        ):
            return ()
        case _:
            assert_never(principal.role)


def told_of_application(
    application: Application, event: str, payload: Mapping[str, object] = _NO_VALUES, actor: str = ""
) -> Told | None:
    """What an event of an application tells whom; None where nobody needs to be told."""
    if event in _ACTIONS:
        return _told_of_action(application, Action(event), payload)
    match event:
        case "remind":
            return _told_of_reminder(application, Holder(str(payload["holder"])))
        case "expire_deadline":
            # What lapses is told of as such, to the applicant.
            if payload["effect"] == ExpiryEffect.LAPSE:
                return None
            holder = Holder(str(payload["holder"]))
            return Told(NotificationKind.DEADLINE_PASSED, _authority(application, holder))
        case "escalate_opinion":
            return Told(NotificationKind.OPINION_OVERDUE, MINISTRY)
        case authority.ASSIGN:
            assignee = str(payload["to"])
            if assignee in ("", actor):
                return None
            return Told(NotificationKind.CASE_ASSIGNED, person_addressee(assignee))
        case _:
            return None


def _told_of_action(application: Application, action: Action, payload: Mapping[str, object]) -> Told | None:
    kind = _kind_of_action(action, payload)
    if kind is None or application.submitted_at is None:
        return None
    match audience_of(kind):
        case Audience.APPLICANT:
            return Told(kind, organisation_addressee(application.organisation))
        case Audience.AUTHORITY:
            return Told(kind, MINISTRY)
        case unknown:
            assert_never(unknown)


def _kind_of_action(action: Action, payload: Mapping[str, object]) -> NotificationKind | None:
    match action:
        case Action.SUBMIT:
            return NotificationKind.SUBMISSION_RECEIVED
        case Action.SUPPLEMENT:
            return NotificationKind.SUPPLEMENT_RECEIVED
        case Action.REQUEST_SUPPLEMENT:
            return NotificationKind.SUPPLEMENT_REQUESTED
        case Action.REFUSE_AT_GATE:
            return NotificationKind.CANNOT_PROCEED
        case Action.ACCEPT | Action.DEEM_ACCEPTED:
            return NotificationKind.ACCEPTED
        case Action.DECLINE_ACCEPTANCE:
            return NotificationKind.NOT_ACCEPTED
        case Action.PROPOSE:
            return NotificationKind.PROPOSAL_WAITS
        case Action.COUNTERSIGN:
            granted = payload["outcome"] == Outcome.GRANT
            return NotificationKind.APPROVED if granted else NotificationKind.REFUSED
        case Action.SEND_BACK:
            # A proposal that goes back is a matter of those who decide.
            return NotificationKind.GRANT_TAKEN_BACK if "taken_back" in payload else None
        case Action.ISSUE_LICENCE:
            return NotificationKind.LICENCE_ISSUED
        case Action.WITHDRAW:
            return NotificationKind.WITHDRAWN
        case Action.LAPSE:
            return NotificationKind.LAPSED
        case (
            Action.UPDATE
            | Action.ATTACH
            | Action.REMOVE_ATTACHMENT
            | Action.PASS_CHECKS
            | Action.FORWARD
            | Action.ASSESS_ITEM
            | Action.START_CONSULTATION
            | Action.OPEN_CONSULTATION
            | Action.CLOSE_CONSULTATION
            | Action.START_EXCLUSION
            | Action.END_EXCLUSION
        ):
            return None
        case _:
            assert_never(action)


def _told_of_reminder(application: Application, holder: Holder) -> Told:
    if holder is Holder.APPLICANT:
        addressee = organisation_addressee(application.organisation)
        return Told(NotificationKind.SUPPLEMENT_REMINDER, addressee)
    return Told(NotificationKind.DEADLINE_NEAR, _authority(application, holder))


def _authority(application: Application, holder: Holder) -> str:
    return province_addressee(application.province) if holder is Holder.PROVINCE else MINISTRY


def told_of_rescreening(
    application: Application, suspended: bool, cause: str, cause_version: str
) -> tuple[Told, ...]:
    """What a later screening tells the authority; the applicant is not told of it.

    The ministry decides hits. A province is told of what it has in hand. `suspended`: the licence was for it.
    """
    if not application.licence_number:
        kind = NotificationKind.SCREENING_CHANGED
    elif suspended:
        kind = NotificationKind.LICENCE_PARTY_LISTED
    else:
        kind = NotificationKind.LICENCE_SCREENING_CHANGED
    addressees = [MINISTRY]
    if application.state is ApplicationState.PROVINCIAL_REVIEW:
        addressees.append(province_addressee(application.province))
    return tuple(Told(kind, addressee, cause, cause_version) for addressee in addressees)


def told_of_licence(organisation: str, action: LicenceAction) -> tuple[Told, ...]:
    """What a change of a licence tells whom, beside its issue, which is told of with the application."""
    holder = organisation_addressee(organisation)
    match action:
        case LicenceAction.ACKNOWLEDGE:
            return (Told(NotificationKind.LICENCE_ACTIVE, holder),)
        case LicenceAction.SUSPEND:
            return (Told(NotificationKind.LICENCE_SUSPENDED, holder),)
        case LicenceAction.STOP_AND_REPORT:
            # The report is made to the ministry (两用物项出口管制条例 Art. 25).
            return (
                Told(NotificationKind.LICENCE_SUSPENDED, holder),
                Told(NotificationKind.HOLDER_REPORTED, MINISTRY),
            )
        case LicenceAction.RESUME:
            return (Told(NotificationKind.LICENCE_RESUMED, holder),)
        case LicenceAction.REVOKE:
            return (Told(NotificationKind.LICENCE_REVOKED, holder),)
        case (
            LicenceAction.SURRENDER
            | LicenceAction.RECORD_DUE_DILIGENCE
            | LicenceAction.EXPIRE
            | LicenceAction.COMPLETE
            | LicenceAction.EXHAUST
        ):
            return ()
        case _:
            assert_never(action)
