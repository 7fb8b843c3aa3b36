"""Stop and report, for the holders of licences."""

from tests.journeys.portal.permissions.roles import APPLICANTS

EXPECTED = dict.fromkeys(
    ("stop_and_report", "stop_and_report_check", "stop_and_report_confirm", "stopped"), APPLICANTS
)
PATHS = {
    "stop_and_report": "/zh/licences/{licence}/stop-and-report",
    "stopped": "/zh/licences/{licence}/stop-and-report/done",
}
