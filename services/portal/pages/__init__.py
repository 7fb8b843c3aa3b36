"""The pages: what each asks the services, and what it hands to its template.

Each module declares its own pages in PAGES; here stands which modules there are, one in a line.
"""

from typing import Final

from services.portal import sign_in
from services.portal.page import Page
from services.portal.pages import (
    actions,
    applications,
    cases,
    health,
    licences,
    public,
    search,
    stop_and_report,
)

PAGES: Final[tuple[Page, ...]] = (
    *actions.PAGES,
    *applications.PAGES,
    *cases.PAGES,
    *health.PAGES,
    *licences.PAGES,
    *public.PAGES,
    *search.PAGES,
    *sign_in.PAGES,
    *stop_and_report.PAGES,
)
