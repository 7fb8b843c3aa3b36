"""The pages: what each asks the services, and what it hands to its template.

Each module declares its own pages in PAGES; here stands which modules there are, one in a line.
"""

from typing import Final

from services.portal import sign_in
from services.portal.page import Page
from services.portal.pages import (
    actions,
    application_acts,
    application_status,
    applications,
    case_attachments,
    case_desk,
    case_print,
    cases,
    experts,
    filing_attachments,
    filing_check,
    filing_entries,
    filing_steps,
    filing_tasks,
    health,
    help,
    licence_list,
    licences,
    mandates,
    notifications,
    organisation,
    overview,
    public,
    queue,
    search,
    stop_and_report,
    supplement,
    tasks,
)

PAGES: Final[tuple[Page, ...]] = (
    *actions.PAGES,
    *application_acts.PAGES,
    *application_status.PAGES,
    *applications.PAGES,
    *case_attachments.PAGES,
    *case_desk.PAGES,
    *case_print.PAGES,
    *cases.PAGES,
    *experts.PAGES,
    *filing_attachments.PAGES,
    *filing_check.PAGES,
    *filing_entries.PAGES,
    *filing_steps.PAGES,
    *filing_tasks.PAGES,
    *health.PAGES,
    *help.PAGES,
    *licence_list.PAGES,
    *licences.PAGES,
    *mandates.PAGES,
    *notifications.PAGES,
    *organisation.PAGES,
    *overview.PAGES,
    *public.PAGES,
    *queue.PAGES,
    *search.PAGES,
    *sign_in.PAGES,
    *stop_and_report.PAGES,
    *supplement.PAGES,
    *tasks.PAGES,
)
