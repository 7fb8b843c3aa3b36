"""Papers of a product, as pages and as PDF: the comparison with one entry line by line, and the statement.

Page and PDF of a day say the same: the page shows what the paper says, and the digest at the foot of its pages.
"""

from typing import Final
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import product_pb2 as pr

from services.foundation.errors import ErrorCode, XukeError
from services.portal import forms
from services.portal.condition_lines import nested
from services.portal.forms import Faults, Kind, Question
from services.portal.language import text
from services.portal.page import APPLICANTS, Page
from services.portal.pages.case_attachments import PDF
from services.portal.pages.products import product_name, read_product
from services.portal.party_lists import legal_today
from services.portal.readings import as_text, day_of_law
from services.portal.services import services

_LONGEST_CODE: Final = 40
CODE: Final = (
    Question("control_code", Kind.TEXT, "product.compare_code", "product.compare_code_hint", width=20),
)


def compare(product_id: UUID) -> ResponseReturnValue:
    """Asks for the code of any entry, and leads to the comparison with it."""
    found = read_product(product_id)
    typed = request.args.get("control_code", "")[:200]
    faults = Faults()
    if "control_code" in request.args:
        try:
            sheet = _sheet(product_id, as_text(typed), "", without_file=True)
        except XukeError as error:
            if error.code not in (ErrorCode.NOT_FOUND, ErrorCode.INVALID_ARGUMENT):
                raise
            faults = Faults({"control_code": text("product.fault_code")})
        else:
            code = sheet.comparison.found.entry.control_code
            return redirect(url_for("product_comparison", product_id=product_id, control_code=code), 303)
    page = render_template(
        "products/compare.html",
        product=found,
        name=product_name(found),
        asked=forms.asked(CODE, {"control_code": (typed,)}, faults),
        faults=faults,
    )
    return page, 400 if faults else 200


def comparison(product_id: UUID, control_code: str) -> ResponseReturnValue:
    """Every line of the law of one entry: met, not met, unknown. Errors: NOT_FOUND."""
    as_of = day_of_law(_typed_day())
    return _page(
        "products/comparison.html",
        product_id,
        as_of,
        _sheet(product_id, control_code, as_of or "", without_file=True),
        code=control_code,
    )


def comparison_paper(product_id: UUID, control_code: str) -> ResponseReturnValue:
    """The same as PDF."""
    return _paper(_sheet(product_id, control_code, day_of_law(_typed_day()) or "", without_file=False))


def statement(product_id: UUID) -> ResponseReturnValue:
    """The dated statement of the classification of a product."""
    as_of = day_of_law(_typed_day())
    paper = _statement(product_id, as_of or "", without_file=True)
    return _page("products/statement.html", product_id, as_of, paper, nested=nested)


def statement_paper(product_id: UUID) -> ResponseReturnValue:
    """The same as PDF."""
    return _paper(_statement(product_id, day_of_law(_typed_day()) or "", without_file=False))


def _typed_day() -> str:
    return request.args.get("as_of", "")[:40]


def _sheet(product_id: UUID, control_code: str, as_of: str, *, without_file: bool) -> pr.Paper:
    return services().ask(
        services().products.GetComparisonSheet,
        pr.GetComparisonSheetRequest(
            product_id=str(product_id),
            control_code=control_code[:_LONGEST_CODE],
            as_of=as_of,
            without_file=without_file,
        ),
    )


def _statement(product_id: UUID, as_of: str, *, without_file: bool) -> pr.Paper:
    return services().ask(
        services().products.GetClassificationStatement,
        pr.GetClassificationStatementRequest(
            product_id=str(product_id), as_of=as_of, without_file=without_file
        ),
    )


def _page(
    template: str, product_id: UUID, as_of: str | None, paper: pr.Paper, **more: object
) -> ResponseReturnValue:
    found = read_product(product_id)
    return render_template(
        template,
        product=found,
        name=product_name(found),
        paper=paper,
        typed=_typed_day(),
        as_of=as_of or "",
        today=legal_today().isoformat(),
        not_a_day=as_of is None,
        **more,
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
_ENTRY: Final = f"{_PATH}/comparison/<path:control_code>"
PAGES: Final[tuple[Page, ...]] = (
    Page("product_compare", f"{_PATH}/comparison", compare, APPLICANTS),
    Page("product_comparison", _ENTRY, comparison, APPLICANTS),
    Page("product_comparison_paper", f"{_PATH}/sheet/<path:control_code>", comparison_paper, APPLICANTS),
    Page("product_statement", f"{_PATH}/statement", statement, APPLICANTS),
    Page("product_statement_paper", f"{_PATH}/statement.pdf", statement_paper, APPLICANTS),
)
