"""Choosing a product of the library as an item of an application."""

import uuid
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError
from services.portal.acting import tell
from services.portal.filing import addresses
from services.portal.filing.openness import is_open
from services.portal.filing.places import DOSSIER
from services.portal.filing.products import item_of
from services.portal.filing.saving import read_application, replace_dossier
from services.portal.filing.sections import ITEMS
from services.portal.form_act import new_request_id
from services.portal.page import APPLICANTS, Page
from services.portal.pages.products import find_products, product_name, read_product
from services.portal.readings import as_text


def products(application_id: uuid.UUID) -> ResponseReturnValue:
    """Products to choose from, by name, number or code."""
    application = read_application(application_id)
    if not is_open(application, f"{DOSSIER}{ITEMS}"):
        return redirect(addresses.overview(application), 303)
    return _page(application, changed_meanwhile=False)


def choose(application_id: uuid.UUID) -> ResponseReturnValue:
    """Adds the product that was chosen, once; the person fills in quantity and value."""
    try:
        product = read_product(uuid.UUID(request.form.get("product_id", "")))
    except ValueError as error:
        raise NotFound from error
    application = read_application(application_id)
    if not is_open(application, f"{DOSSIER}{ITEMS}"):
        return redirect(addresses.overview(application), 303)
    if request.form.get("etag", "") != application.etag:
        return _page(application, changed_meanwhile=True), 409
    dossier = d.Dossier()
    dossier.CopyFrom(application.dossier)
    dossier.items.append(item_of(product, dossier))
    try:
        replace_dossier(application, dossier, request.form.get("request_id", ""))
    except XukeError as error:
        if error.code is not ErrorCode.ABORTED:
            raise
        return _page(read_application(application_id), changed_meanwhile=True), 409
    tell("filing_products.added")
    return redirect(url_for("filing_entries", application_id=application_id, part=ITEMS), 303)


def _page(application: a.Application, *, changed_meanwhile: bool) -> str:
    query = as_text(request.args.get("query", ""))[:200]
    return render_template(
        "products/choose.html",
        application=application,
        found=find_products(query),
        query=query,
        is_first="page" not in request.args,
        request_id=new_request_id,
        changed_meanwhile=changed_meanwhile,
        product_name=product_name,
    )


_PATH: Final = "/applications/<uuid:application_id>/items/products"
PAGES: Final[tuple[Page, ...]] = (
    Page("filing_products", _PATH, products, APPLICANTS),
    Page("filing_products_choose", _PATH, choose, APPLICANTS, methods=("POST",)),
)
