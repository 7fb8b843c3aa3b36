"""The rules on destinations, end users and end uses, and the register of destinations, as they stand on a day."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from xuke.screening.v1 import list_pb2 as pl

from services.portal.page import Page
from services.portal.pages.lists import day_asked
from services.portal.party_lists import READERS, legal_today
from services.portal.services import services


def rules() -> ResponseReturnValue:
    """Every rule: whether it bites on the day asked, and where it says so."""
    return _page("lists/rules.html", "list_rules")


def destinations() -> ResponseReturnValue:
    """Every destination of the register with its grade of risk."""
    return _page("lists/destinations.html", "list_destinations")


def _page(template: str, endpoint: str) -> str:
    typed = request.args.get("as_of", "").strip()
    as_of = day_asked(typed)
    found = services().ask(services().lists.ListRules, pl.ListRulesRequest(as_of=as_of or ""))
    return render_template(
        template,
        found=found,
        endpoint=endpoint,
        typed=typed,
        as_of=as_of or legal_today().isoformat(),
        not_a_day=as_of is None,
    )


PAGES: Final[tuple[Page, ...]] = (
    Page("list_rules", "/lists/rules", rules, READERS),
    Page("list_destinations", "/lists/destinations", destinations, READERS),
)
