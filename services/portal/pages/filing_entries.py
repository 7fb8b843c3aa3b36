"""The items and the parties of an application: what is there, adding one, and taking one away."""

import uuid
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError
from services.portal.dossier_summary import Section, dossier_sections
from services.portal.filing import addresses
from services.portal.filing.openness import is_editable, is_open
from services.portal.filing.places import DOSSIER, Place
from services.portal.filing.progress import check
from services.portal.filing.saving import entry_digest, read_application, replace_dossier
from services.portal.filing.sections import ENTRIES, ITEMS
from services.portal.page import APPLICANTS, Page

_ATTEMPTS: Final = 5


def entries(application_id: uuid.UUID, part: str) -> ResponseReturnValue:
    """The entries of a part, each with the way to change and to remove it."""
    application = read_application(application_id)
    if not is_editable(application):
        return redirect(addresses.overview(application), 303)
    found = [one for one in dossier_sections(application.dossier) if one.path.startswith(f"{part}[")]
    path = f"{DOSSIER}{part}"
    lacking = [lack for lack in check(application) if lack.path.startswith(path)]
    return render_template(
        "filing/entries.html",
        application=application,
        part=part,
        section=ENTRIES[part],
        entries=found,
        change=lambda row: addresses.mending(application, f"{DOSSIER}{row}", "list"),
        open=lambda row: is_open(application, f"{DOSSIER}{row}"),
        lacking=lacking,
        may_add=is_open(application, path),
        add_address=addresses.of_place(application_id, Place(ENTRIES[part].steps[0], part, len(found) + 1)),
        overview=addresses.overview(application),
    )


def remove_form(application_id: uuid.UUID, part: str, number: int) -> ResponseReturnValue:
    """Asks whether an entry shall go."""
    application = read_application(application_id)
    section = _entry(application, part, number)
    if not is_open(application, f"{DOSSIER}{part}"):
        return redirect(addresses.overview(application), 303)
    return render_template(
        "filing/remove.html",
        application=application,
        part=part,
        number=number,
        section=section,
        entry=entry_digest(Place(ENTRIES[part].steps[0], part, number), application),
    )


def remove(application_id: uuid.UUID, part: str, number: int) -> ResponseReturnValue:
    """Takes away the entry that the page showed, wherever it stands now; nothing if it is gone or was changed.

    Errors: FAILED_PRECONDITION if the application may not be changed any more.
    """
    entry = request.form.get("entry", "")
    for attempt in range(_ATTEMPTS):
        application = read_application(application_id)
        dossier = d.Dossier()
        dossier.CopyFrom(application.dossier)
        kept = getattr(dossier, part)
        steps = ENTRIES[part].steps
        digests = [entry_digest(Place(steps[0], part, place + 1), application) for place in range(len(kept))]
        if entry not in digests:
            break
        del kept[number - 1 if digests[number - 1 : number] == [entry] else digests.index(entry)]
        if part == ITEMS:
            for place, item in enumerate(dossier.items, start=1):
                item.line_number = place
        try:
            replace_dossier(application, dossier)
            break
        except XukeError as error:
            if error.code is not ErrorCode.ABORTED or attempt == _ATTEMPTS - 1:
                raise
    return redirect(url_for("filing_entries", application_id=application_id, part=part), 303)


def _entry(application: a.Application, part: str, number: int) -> Section:
    wanted = f"{part}[{number - 1}]"
    found = next((one for one in dossier_sections(application.dossier) if one.path == wanted), None)
    if found is None:
        raise NotFound
    return found


_PATH: Final = "/applications/<uuid:application_id>/<any(items, parties):part>"
PAGES: Final[tuple[Page, ...]] = (
    Page("filing_entries", _PATH, entries, APPLICANTS),
    Page("filing_entry_remove_form", f"{_PATH}/<int:number>/remove", remove_form, APPLICANTS),
    Page("filing_entry_remove", f"{_PATH}/<int:number>/remove", remove, APPLICANTS, methods=("POST",)),
)
