"""Adding a product to the library, changing one, and the default code of a family of products."""

from typing import Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import product_pb2 as pr

from services.portal import answers, form_act
from services.portal.acting import tell
from services.portal.form_act import FormAct
from services.portal.forms import Kind, Question
from services.portal.item_questions import CLAIMED_CODE, DESCRIPTION
from services.portal.page import APPLICANTS, Page
from services.portal.pages.products import product_name, read_product
from services.portal.services import services

QUESTIONS: Final = (
    Question(
        "article_number",
        Kind.TEXT,
        "product.article_number",
        "product.article_number_hint",
        required=True,
        width=20,
    ),
    Question("family", Kind.TEXT, "product.family", "product.family_hint", width=20),
    *DESCRIPTION,
    CLAIMED_CODE,
)
FAMILY: Final = (
    Question("family.name", Kind.TEXT, "product.family", required=True, width=20),
    Question(
        "family.default_control_code",
        Kind.CONTROL_CODE,
        "families.default_control_code",
        "families.default_control_code_hint",
        width=20,
    ),
)


def add() -> ResponseReturnValue:
    """The form of a new product."""
    return _page(form_act.opened(QUESTIONS), None)


def add_send() -> ResponseReturnValue:
    """Adds it, once."""
    return _save(pr.SaveProductRequest(), None)


def change(product_id: UUID) -> ResponseReturnValue:
    """The form of a product as it stands."""
    found = read_product(product_id)
    return _page(form_act.opened(QUESTIONS, answers.stated(QUESTIONS, _as_request(found))), found)


def change_send(product_id: UUID) -> ResponseReturnValue:
    """Changes it, if nobody else did meanwhile."""
    found = read_product(product_id)
    message = pr.SaveProductRequest(product_id=found.product_id, etag=request.form.get("etag", ""))
    return _save(message, found)


def _save(message: pr.SaveProductRequest, found: pr.Product | None) -> ResponseReturnValue:
    saved: list[pr.Product] = []
    refusal = form_act.attempt(
        QUESTIONS,
        message,
        lambda: saved.append(services().ask(services().products.SaveProduct, message)),
    )
    if refusal is not None:
        return _page(refusal, found), refusal.status
    tell("product.saved")
    return redirect(url_for("product", product_id=saved[0].product_id), 303)


def _as_request(product: pr.Product) -> pr.SaveProductRequest:
    return pr.SaveProductRequest(
        article_number=product.article_number, family=product.family, item=product.item
    )


def _page(act: FormAct, product: pr.Product | None) -> str:
    return render_template(
        "products/form.html",
        act=act,
        faults=act.faults,
        product=product,
        name=product_name(product) if product else "",
    )


def families() -> ResponseReturnValue:
    """The families with their default codes, and the form that sets one."""
    stated = {"family-name": (request.args.get("name", "")[:200],)}
    return _families_page(form_act.opened(FAMILY, stated))


def families_send() -> ResponseReturnValue:
    """Sets the default code of a family; an empty one takes it away."""
    message = pr.SaveFamilyRequest()
    refusal = form_act.attempt(
        FAMILY, message, lambda: services().ask(services().products.SaveFamily, message)
    )
    if refusal is not None:
        return _families_page(refusal), refusal.status
    tell("families.saved")
    return redirect(url_for("product_families"), 303)


def _families_page(act: FormAct) -> str:
    found = services().ask(services().products.ListFamilies, pr.ListFamiliesRequest()).families
    return render_template("products/families.html", act=act, faults=act.faults, families=found)


PAGES: Final[tuple[Page, ...]] = (
    Page("product_add", "/products/add", add, APPLICANTS),
    Page("product_add_send", "/products/add", add_send, APPLICANTS, methods=("POST",)),
    Page("product_change", "/products/<uuid:product_id>/change", change, APPLICANTS),
    Page(
        "product_change_send",
        "/products/<uuid:product_id>/change",
        change_send,
        APPLICANTS,
        methods=("POST",),
    ),
    Page("product_families", "/products/families", families, APPLICANTS),
    Page("product_families_send", "/products/families", families_send, APPLICANTS, methods=("POST",)),
)
