"""Papers of a product, as pages and as PDF: the comparison with one entry line by line, and the statement."""

from typing import Final
from uuid import UUID

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import product_pb2 as pr

from services.foundation.errors import not_found
from services.portal.condition_lines import nested
from services.portal.page import APPLICANTS, Page
from services.portal.pages.case_attachments import PDF
from services.portal.pages.products import product_name, read_product
from services.portal.services import services


def comparison(product_id: UUID, control_code: str) -> ResponseReturnValue:
    """Every line of the law of one entry: met, not met, unknown. Errors: NOT_FOUND."""
    found = read_product(product_id)
    answer = found.classification
    looked_at = (*answer.candidates, *answer.related)
    candidate = next((one for one in looked_at if one.entry.control_code == control_code), None)
    if candidate is None:
        raise not_found("control_entry", control_code)
    return render_template(
        "products/comparison.html",
        product=found,
        name=product_name(found),
        candidate=candidate,
        lines=nested(candidate.conditions),
    )


def comparison_paper(product_id: UUID, control_code: str) -> ResponseReturnValue:
    """The same as PDF."""
    return _paper(
        services().ask(
            services().products.GetComparisonSheet,
            pr.GetComparisonSheetRequest(product_id=str(product_id), control_code=control_code),
        )
    )


def statement(product_id: UUID) -> ResponseReturnValue:
    """The dated statement of the classification of a product."""
    found = read_product(product_id)
    return render_template("products/statement.html", product=found, name=product_name(found), nested=nested)


def statement_paper(product_id: UUID) -> ResponseReturnValue:
    """The same as PDF."""
    return _paper(
        services().ask(
            services().products.GetClassificationStatement,
            pr.GetClassificationStatementRequest(product_id=str(product_id)),
        )
    )


def _paper(paper: pr.Paper) -> Response:
    plain = "".join(
        one if one.isascii() and (one.isalnum() or one in "-._") else "_" for one in paper.file_name
    )
    return Response(
        paper.content,
        content_type=PDF,
        headers={"Content-Disposition": f'attachment; filename="{plain}"'},
    )


_PATH: Final = "/products/<uuid:product_id>"
_ENTRY: Final = f"{_PATH}/comparison/<control_code>"
PAGES: Final[tuple[Page, ...]] = (
    Page("product_comparison", _ENTRY, comparison, APPLICANTS),
    Page("product_comparison_paper", f"{_ENTRY}/sheet.pdf", comparison_paper, APPLICANTS),
    Page("product_statement", f"{_PATH}/statement", statement, APPLICANTS),
    Page("product_statement_paper", f"{_PATH}/statement.pdf", statement_paper, APPLICANTS),
)
