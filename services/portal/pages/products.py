"""The product library of an exporter: products with their newest classification, and putting one away."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import product_pb2 as pr

from services.portal.acting import Act, Answer, Faults, Sending, Typed
from services.portal.case_precedents import application_of, own_precedents_of, precedent_name
from services.portal.condition_lines import nested
from services.portal.language import choose, text
from services.portal.page import APPLICANTS, Page
from services.portal.readings import as_text
from services.portal.services import services

PRODUCTS_SHOWN: Final = 50
_GREATEST_QUERY: Final = 200


def products() -> ResponseReturnValue:
    """Products by name, number or code, of a family, or those whose outcome a list changed."""
    query, family = (as_text(request.args.get(name, ""))[:_GREATEST_QUERY] for name in ("query", "family"))
    only_changed = request.args.get("changed") == "1"
    found = find_products(query, family, only_changed)
    families = services().ask(services().products.ListFamilies, pr.ListFamiliesRequest()).families
    return render_template(
        "products/products.html",
        found=found,
        families=families,
        query=query,
        family=family,
        only_changed=only_changed,
        narrowed=bool(query or family or only_changed),
        is_first="page" not in request.args,
        product_name=product_name,
    )


def find_products(query: str, family: str = "", only_changed: bool = False) -> pr.ListProductsResponse:
    """A page of the library; which one stands in the address."""
    return services().ask(
        services().products.ListProducts,
        pr.ListProductsRequest(
            query=query,
            family=family,
            only_changed=only_changed,
            page_size=PRODUCTS_SHOWN,
            page_token=request.args.get("page", "")[:400],
        ),
    )


def read_product(product_id: UUID) -> pr.Product:
    """A product with outcome and codes; a change of its outcome stays to be looked at.

    Errors: NOT_FOUND, also for another organisation's.
    """
    return services().ask(
        services().products.GetProduct, pr.GetProductRequest(product_id=str(product_id), brief=True)
    )


def product_name(product: pr.Product) -> str:
    """Its name in the language of the page; in the other one where it has none, else its number."""
    return choose(product.item.name_zh, product.item.name_en) or product.article_number


def product(product_id: UUID) -> ResponseReturnValue:
    """What is stated of a product, and what the control lists say of it; whoever opens it has seen a change."""
    found = services().ask(services().products.GetProduct, pr.GetProductRequest(product_id=str(product_id)))
    return render_template(
        "products/product.html",
        product=found,
        name=product_name(found),
        nested=nested,
        precedents=own_precedents_of(found.item),
        precedent_name=precedent_name,
        application_of=application_of,
    )


class Archive(Act[pr.Product]):
    """Puts a product away: kept in the record, gone from the library."""

    name = "product_archive"
    endpoint = "product_archive"
    path = "/products/<uuid:product_id>/archive"
    permission = APPLICANTS
    asks = False
    stale = "product.stale"
    overtaken = "product.overtaken"

    def read(self, address: Mapping[str, Any]) -> pr.Product:
        """The product."""
        return read_product(address["product_id"])

    def possible(self, subject: pr.Product) -> bool:
        """Once."""
        return not subject.archived

    def etag(self, subject: pr.Product) -> str:
        """That of the product."""
        return subject.etag

    def home(self, subject: pr.Product) -> str:
        """The product."""
        return url_for("product", product_id=subject.product_id)

    def context(self, subject: pr.Product) -> dict[str, Any]:
        """The product, in brief."""
        return {
            "product": subject,
            "caption": product_name(subject),
            "beside": "products/facts.html",
            "state_shown": "products/state.html",
            "obstacles": (),
        }

    def faults(self, subject: pr.Product, typed: Typed) -> Faults:
        """Nothing is asked."""
        return {}

    def answers(self, subject: pr.Product, typed: Typed) -> Sequence[Answer]:
        """Which one it is."""
        return [
            Answer(text("product.article_number"), subject.article_number),
            Answer(text("product.name"), product_name(subject)),
        ]

    def send(self, subject: pr.Product, typed: Typed, sending: Sending) -> None:
        """ArchiveProduct."""
        services().ask(
            services().products.ArchiveProduct,
            pr.ArchiveProductRequest(
                request_id=sending.request_id, product_id=subject.product_id, etag=sending.etag
            ),
        )


PAGES: Final[tuple[Page, ...]] = (
    Page("products", "/products", products, APPLICANTS),
    Page("product", "/products/<uuid:product_id>", product, APPLICANTS),
    *Archive().pages(),
)
