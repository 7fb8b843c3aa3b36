"""The search of the header: it leads to where the person's role finds what was typed."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import licence_pb2 as li

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.gate import admits
from services.portal.page import Page
from services.portal.services import services

GREATEST_QUERY: Final = 100
# XK, the letter of the instrument, thirteen digits and the check character, however it is spaced.
_LICENCE_NUMBER: Final = re.compile("XK[A-Z][0-9]{13}[0-9X]")
# The lists that are searched, for the first that the role may open, and how each shows everything that it has.
_LISTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "queue": {"state": "every"},
    "tasks": {},
    "applications": {},
}


def search() -> ResponseReturnValue:
    """A licence by its number, else the list that the role searches; a page of its own where it has none."""
    query = request.args.get("query", "").strip()[:GREATEST_QUERY]
    role = g.principal.role
    number = re.sub(r"[\s-]", "", query).upper()
    if _LICENCE_NUMBER.fullmatch(number) and admits("licence", role) and _is_there(number):
        return redirect(url_for("licence", number=number), 303)
    for endpoint, everything in _LISTS.items():
        if admits(endpoint, role):
            return redirect(url_for(endpoint, query=query or None, **everything), 303)
    return render_template("common/search.html", query=query)


def _is_there(number: str) -> bool:
    """Whether the person may see a licence of this number."""
    try:
        services().ask(services().licences.GetLicence, li.GetLicenceRequest(number=number))
    except XukeError as error:
        if error.code in (ErrorCode.NOT_FOUND, ErrorCode.INVALID_ARGUMENT):
            return False
        raise
    return True


PAGES: Final[tuple[Page, ...]] = (
    Page(
        "search",
        "/search",
        search,
        allow(
            Role.EXPORTER,
            Role.AGENT,
            Role.PROVINCIAL_OFFICER,
            Role.MINISTRY_OFFICER,
            Role.MINISTRY_DIRECTOR,
            Role.AGENCY_REVIEWER,
            Role.ENFORCEMENT_OFFICER,
            Role.AUDITOR,
        ),
    ),
)
