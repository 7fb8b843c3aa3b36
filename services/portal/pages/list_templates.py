"""The templates of the files that can be brought in, and what each column means."""

from typing import Final

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from services.foundation.errors import not_found
from services.portal.list_templates import TEMPLATES
from services.portal.page import Page
from services.portal.party_lists import READERS

# Spreadsheets know by it that the file is in UTF-8.
_MARK: Final = "\ufeff"


def templates() -> ResponseReturnValue:
    """The columns of every template."""
    return render_template("lists/templates.html", templates=TEMPLATES)


def template(name: str) -> ResponseReturnValue:
    """An empty file with the columns. Errors: NOT_FOUND."""
    if name not in TEMPLATES:
        raise not_found("template", name)
    return Response(
        _MARK + ",".join(column.name for column in TEMPLATES[name]) + "\r\n",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


PAGES: Final[tuple[Page, ...]] = (
    Page("list_templates", "/lists/templates", templates, READERS),
    Page("list_template", "/lists/templates/<name>.csv", template, READERS),
)
