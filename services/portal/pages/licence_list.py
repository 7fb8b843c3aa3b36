"""Licences that a person may see, filtered by their state."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import licence_pb2 as li

from services.portal.language import plain
from services.portal.page import Page
from services.portal.pages.licences import READERS
from services.portal.services import services

LICENCES_SHOWN: Final = 20
EVERY: Final = "every"
STATES: Final = tuple(plain(li.LicenceState, number) for number in li.LicenceState.values() if number)


def licences() -> ResponseReturnValue:
    """A page of the list, the latest first."""
    choice = request.args.get("state", EVERY)
    states = [li.LicenceState.Value(f"LICENCE_STATE_{choice}")] if choice in STATES else []
    found = services().ask(
        services().licences.ListLicences,
        li.ListLicencesRequest(
            page_size=LICENCES_SHOWN, page_token=request.args.get("page", "")[:400], states=states
        ),
    )
    return render_template(
        "licences/list.html",
        licences=found.licences,
        next_page=found.next_page_token,
        is_first="page" not in request.args,
        choice=choice if choice in STATES else EVERY,
        states=STATES,
    )


PAGES: Final[tuple[Page, ...]] = (Page("licences", "/licences", licences, READERS),)
