"""Every act of a reviewer in pages; each area of them stands in a module of its own."""

from typing import Final

from services.portal.page import Page
from services.portal.pages import (
    actions_assessment,
    actions_consultation,
    actions_decision,
    actions_exclusion,
    actions_intake,
    actions_licence,
    actions_opinion,
    actions_supplement,
    actions_waiver,
)

PAGES: Final[tuple[Page, ...]] = (
    *actions_assessment.PAGES,
    *actions_consultation.PAGES,
    *actions_decision.PAGES,
    *actions_exclusion.PAGES,
    *actions_intake.PAGES,
    *actions_licence.PAGES,
    *actions_opinion.PAGES,
    *actions_supplement.PAGES,
    *actions_waiver.PAGES,
)
