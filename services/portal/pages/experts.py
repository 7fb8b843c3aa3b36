"""What the platform has for experts: an honest page, for the opinion of experts is asked for and kept by the ministry."""

from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.page import Page


def experts() -> ResponseReturnValue:
    """Says where an opinion is asked for, how it reaches the case, and what an expert can do here."""
    return render_template("cases/experts.html")


PAGES: Final[tuple[Page, ...]] = (Page("experts", "/experts", experts, allow(Role.EXPERT)),)
