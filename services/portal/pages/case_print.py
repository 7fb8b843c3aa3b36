"""A case on paper: everything on one page, in order, as it stands."""

import uuid
from datetime import UTC, datetime
from typing import Final

from flask.typing import ResponseReturnValue

from services.portal.case_clock import case_intervals, case_timeline
from services.portal.case_frame import READERS, read_case, render_case
from services.portal.decision_changes import changes
from services.portal.dossier_summary import dossier_sections
from services.portal.history_sentences import history_rows
from services.portal.page import Page
from services.portal.pages.cases import claims, consultation_of, screening_of
from services.portal.screening_sides import screened_parties


def printed(application_id: uuid.UUID) -> ResponseReturnValue:
    """The case without navigation; of each item what the checks recorded, not the tree of the law's words."""
    found = read_case(application_id)
    now = datetime.now(UTC)
    screened, hits, lists = screening_of(found)
    return render_case(
        "cases/print.html",
        found,
        "case",
        sections=dossier_sections(found.dossier),
        recorded={one.line_number: one for one in found.classifications},
        claims=claims(found),
        screened=screened,
        hits=hits,
        party_lists=lists,
        parties=screened_parties(found.dossier),
        boards=consultation_of(found),
        changes=changes(found),
        timeline=case_timeline(found, now),
        intervals=case_intervals(found, now),
        history_rows=history_rows,
        printed_at=now,
    )


PAGES: Final[tuple[Page, ...]] = (Page("case_print", "/cases/<uuid:application_id>/print", printed, READERS),)
