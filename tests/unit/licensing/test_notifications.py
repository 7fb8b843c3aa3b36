"""Which act tells whom: the table of kinds, their audiences and their sentences."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.messages import catalogue
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action
from services.licensing.domain.dossier import Dossier
from services.licensing.domain.email_delivery import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MAXIMUM_ATTEMPTS,
    Delivery,
    EmailState,
    attempted,
    pause_after,
)
from services.licensing.domain.licence_state import LicenceAction
from services.licensing.domain.notifications import (
    Audience,
    NotificationKind,
    addressees_of,
    audience_of,
    told_of_application,
    told_of_licence,
)
from tests.support import identity

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
K = NotificationKind
SUBMITTED = Application(
    uuid.uuid4(),
    identity.EXPORTER.organisation,
    identity.EXPORTER.subject,
    NOW,
    Dossier(),
    number="SQ32-2026-0000001",
    province="32",
    submitted_at=NOW,
)
APPLICANT, PROVINCE = f"organisation:{SUBMITTED.organisation}", "province:32"

EVENTS = [
    ("create", {}, None),
    ("update", {}, None),
    ("submit", {}, (K.SUBMISSION_RECEIVED, APPLICANT)),
    ("pass_checks", {}, None),
    ("refuse_at_gate", {}, (K.CANNOT_PROCEED, APPLICANT)),
    ("request_supplement", {}, (K.SUPPLEMENT_REQUESTED, APPLICANT)),
    ("supplement", {}, (K.SUPPLEMENT_RECEIVED, APPLICANT)),
    ("lapse", {}, (K.LAPSED, APPLICANT)),
    ("forward", {}, None),
    ("accept", {}, (K.ACCEPTED, APPLICANT)),
    ("deem_accepted", {}, (K.ACCEPTED, APPLICANT)),
    ("decline_acceptance", {}, (K.NOT_ACCEPTED, APPLICANT)),
    ("propose", {}, (K.PROPOSAL_WAITS, "ministry")),
    ("countersign", {"outcome": "GRANT"}, (K.APPROVED, APPLICANT)),
    ("countersign", {"outcome": "REFUSE"}, (K.REFUSED, APPLICANT)),
    ("send_back", {}, None),
    ("send_back", {"taken_back": "APPROVED"}, (K.GRANT_TAKEN_BACK, APPLICANT)),
    ("issue_licence", {}, (K.LICENCE_ISSUED, APPLICANT)),
    ("withdraw", {}, (K.WITHDRAWN, APPLICANT)),
    ("remind", {"holder": "APPLICANT"}, (K.SUPPLEMENT_REMINDER, APPLICANT)),
    ("remind", {"holder": "PROVINCE"}, (K.DEADLINE_NEAR, PROVINCE)),
    ("remind", {"holder": "MINISTRY"}, (K.DEADLINE_NEAR, "ministry")),
    ("expire_deadline", {"holder": "PROVINCE", "effect": "escalate"}, (K.DEADLINE_PASSED, PROVINCE)),
    ("expire_deadline", {"holder": "MINISTRY", "effect": "deem_accepted"}, (K.DEADLINE_PASSED, "ministry")),
    ("expire_deadline", {"holder": "APPLICANT", "effect": "lapse"}, None),
    ("escalate_opinion", {}, (K.OPINION_OVERDUE, "ministry")),
    ("assign", {"to": "ministry-2"}, (K.CASE_ASSIGNED, "person:ministry-2")),
    ("assign", {"to": "ministry-1"}, None),
    ("assign", {"to": ""}, None),
    ("add_note", {}, None),
]


@pytest.mark.parametrize(("event", "payload", "expected"), EVENTS)
def test_events_of_applications(
    event: str, payload: dict[str, object], expected: tuple[NotificationKind, str] | None
) -> None:
    told = told_of_application(SUBMITTED, event, payload, actor="ministry-1")
    assert (None if told is None else (told.kind, told.addressee)) == expected


@pytest.mark.parametrize("action", Action)
def test_of_a_draft_nobody_is_told(action: Action) -> None:
    draft = replace(SUBMITTED, submitted_at=None)
    assert told_of_application(draft, action, {"outcome": "GRANT"}) is None


@pytest.mark.parametrize(
    ("action", "kinds"),
    [
        (LicenceAction.ACKNOWLEDGE, [K.LICENCE_ACTIVE]),
        (LicenceAction.SUSPEND, [K.LICENCE_SUSPENDED]),
        (LicenceAction.STOP_AND_REPORT, [K.LICENCE_SUSPENDED, K.HOLDER_REPORTED]),
        (LicenceAction.RESUME, [K.LICENCE_RESUMED]),
        (LicenceAction.REVOKE, [K.LICENCE_REVOKED]),
        (LicenceAction.SURRENDER, []),
        (LicenceAction.EXPIRE, []),
        (LicenceAction.COMPLETE, []),
        (LicenceAction.EXHAUST, []),
    ],
)
def test_changes_of_licences(action: LicenceAction, kinds: list[NotificationKind]) -> None:
    told = told_of_licence(SUBMITTED.organisation, action)
    assert [each.kind for each in told] == kinds
    for each in told:
        applicant = audience_of(each.kind) is Audience.APPLICANT
        assert each.addressee == (APPLICANT if applicant else "ministry")


@pytest.mark.parametrize("kind", NotificationKind)
def test_every_kind_has_a_sentence_that_names_what_it_is_about(kind: NotificationKind) -> None:
    sentence = catalogue()[f"NOTIFICATION_{kind}"]
    for text in (sentence.zh, sentence.en):
        assert "{number}" in text or "{licence_number}" in text
        filled = text.format(number="SQ32", licence_number="XKA", cause="LIST 2026")
        assert "{" not in filled


def test_every_sentence_has_a_kind() -> None:
    told = {code.removeprefix("NOTIFICATION_") for code in catalogue() if code.startswith("NOTIFICATION_")}
    assert told == set(NotificationKind)


def test_nobody_is_addressed_as_somebody_else() -> None:
    names = [
        addressees_of(who)
        for who in (
            identity.EXPORTER,
            identity.OTHER_EXPORTER,
            identity.PROVINCIAL_OFFICER,
            identity.OTHER_PROVINCE,
        )
    ]
    everybody = [name for group in names for name in group]
    assert len(everybody) == len(set(everybody)) == 8
    assert addressees_of(identity.AUDITOR) == ()


@given(st.integers(min_value=1, max_value=10**6))
def test_pauses_double_up_to_six_hours(attempts: int) -> None:
    pause, following = pause_after(attempts), pause_after(attempts + 1)
    assert FIRST_PAUSE <= pause <= LONGEST_PAUSE == timedelta(hours=6)
    assert following == min(pause * 2, LONGEST_PAUSE)


@given(st.lists(st.booleans(), max_size=15))
def test_a_delivery_ends_once(outcomes: list[bool]) -> None:
    delivery = Delivery(EmailState.PENDING, 0, NOW)
    for delivered in outcomes:
        delivery = attempted(delivery, delivered, "" if delivered else "451 later", NOW)
    tried = outcomes[:MAXIMUM_ATTEMPTS]
    if True in tried:
        assert (delivery.state, delivery.attempts) == (EmailState.SENT, tried.index(True) + 1)
    elif len(tried) == MAXIMUM_ATTEMPTS:
        assert (delivery.state, delivery.attempts) == (EmailState.FAILED, MAXIMUM_ATTEMPTS)
    else:
        assert (delivery.state, delivery.attempts) == (EmailState.PENDING, len(tried))
