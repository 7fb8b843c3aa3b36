"""The addresses of the pages of filing."""

import uuid

from flask import url_for
from xuke.licensing.v1 import application_pb2 as a

from services.portal.answers import is_under
from services.portal.filing.openness import is_draft, is_open
from services.portal.filing.places import DOSSIER, Place, place_of
from services.portal.filing.sections import ATTACHMENTS, ENTRIES


def of_place(application_id: str | uuid.UUID, place: Place, back: str = "") -> str:
    """The page of a step; `back` is "check" or "list" if it was opened from the answers or from a list of entries."""
    if place.part:
        return url_for(
            "filing_entry_step",
            application_id=application_id,
            part=place.part,
            number=place.number,
            step=place.step.key,
            back=back or None,
        )
    return url_for("filing_step", application_id=application_id, step=place.step.key, back=back or None)


def mending(application: a.Application, path: str, back: str = "") -> str:
    """The page on which what a path of the services names is mended; the list of steps for what no page asks."""
    key = application.application_id
    if is_under(path, ATTACHMENTS):
        kind = path.partition(".")[2]
        return url_for("filing_attachments", application_id=key, kind=kind or None)
    place = place_of(path)
    if place is not None and place.number <= _entries(application, place.part):
        return of_place(key, place, back)
    for part in ENTRIES:
        if is_under(path, f"{DOSSIER}{part}"):
            return url_for("filing_entries", application_id=key, part=part)
    return overview(application)


def _entries(application: a.Application, part: str) -> int:
    return len(getattr(application.dossier, part)) if part else 0


def overview(application: a.Application) -> str:
    """Where the work on an application is listed: its tasks, or the points of a supplement notice."""
    asked = application.status.state == a.PUBLIC_STATE_SUPPLEMENT_ASKED_OF_YOU
    endpoint = "application_supplement" if asked else "application"
    return url_for(endpoint, application_id=application.application_id)


def section(application: a.Application, part: str = "") -> str:
    """Where a finished section leads: to the list of its entries, or to the overview."""
    if part and is_open(application, f"{DOSSIER}{part}"):
        return url_for("filing_entries", application_id=application.application_id, part=part)
    return overview(application)


def checking(application: a.Application) -> str:
    """The page on which the answers are checked before they are sent."""
    if is_draft(application):
        return url_for("filing_check", application_id=application.application_id)
    return overview(application)
