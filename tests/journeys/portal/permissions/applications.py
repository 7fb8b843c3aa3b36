"""Applications, for those whose they are."""

from tests.journeys.portal.permissions.roles import APPLICANTS

EXPECTED = dict.fromkeys(
    (
        "applications", "application", "application_attachment", "application_copy", "application_withdraw",
        "application_withdraw_confirm", "application_supplement", "application_supplement_check",
        "application_supplement_send", "application_supplement_sent",
    ),
    APPLICANTS,
)  # fmt: skip
PATHS = {
    "applications": "/zh/applications",
    "application": "/zh/applications/{licensed}",
    "application_attachment": "/zh/applications/{licensed}/attachments/{attachment}",
    "application_withdraw": "/zh/applications/{licensed}/withdraw",
    "application_supplement": "/zh/applications/{returned}/supplement",
    "application_supplement_check": "/zh/applications/{returned}/supplement/check",
    "application_supplement_sent": "/zh/applications/{returned}/supplement/sent",
}
