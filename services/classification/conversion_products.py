"""Between the contract and the product library: nothing is decided here."""

from uuid import UUID

from xuke.classification.v1 import classification_pb2, product_pb2

from services.classification import conversion
from services.classification.domain.item import Item
from services.classification.domain.products import Family
from services.classification.domain.stored import StoredItem
from services.classification.product_service import Imported, ProductPage, ProductView
from services.foundation.documents.printable import unprintable
from services.foundation.errors import FieldViolation, invalid_argument, invalid_field
from services.foundation.pagination import encode_page_token


def identifier(text: str, field: str, reason: str = "string.uuid") -> UUID:
    """A UUID. Errors: INVALID_ARGUMENT on the field with the reason."""
    try:
        return UUID(text)
    except ValueError as error:
        raise invalid_field(field, reason) from error


def saved_item(request: product_pb2.SaveProductRequest) -> Item:
    """The item of a product. Errors: INVALID_ARGUMENT naming every text that cannot be printed or kept."""
    message = request.item
    texts = [
        ("article_number", request.article_number),
        ("family", request.family),
        *((f"item.{name}", getattr(message, name)) for name in ("name_zh", "name_en", "description")),
        *(
            (f"item.parameters[{at}].{name}", getattr(each, name))
            for at, each in enumerate(message.parameters)
            for name in ("name", "value", "unit", "test_condition")
        ),
    ]
    refused = [
        FieldViolation(field, "UNPRINTABLE_CHARACTER", {"character": f"U+{ord(character):04X}"})
        for field, text in texts
        for character in unprintable(text)
    ]
    if refused:
        raise invalid_argument(*refused)
    return conversion.item_of(classification_pb2.ClassifyRequest(item=message))


def product_message(view: ProductView) -> product_pb2.Product:
    """A product; its classification in full where it was asked for, else its outcome and codes."""
    product = view.product
    message = product_pb2.Product(
        product_id=str(product.product_id),
        etag=str(product.row_version),
        article_number=product.article_number,
        family=product.family,
        item=conversion.item_message(product.item),
        archived=product.archived,
        changed_at=conversion.instant(product.changed_at),
    )
    stored = view.stored
    if stored is not None:
        message.classified_at.CopyFrom(conversion.instant(stored.classified_at))
        message.outcome_changed = stored.outcome_changed
        if not product.item.claimed_control_code:
            message.family_control_code = stored.item.claimed_control_code
        if stored.outcome_before is not None:
            message.outcome_before = conversion.OUTCOMES[stored.outcome_before]
        message.classification.CopyFrom(
            conversion.answer_message(view.answer) if view.answer is not None else _kept(stored)
        )
    return message


def page_message(page: ProductPage) -> product_pb2.ListProductsResponse:
    """A page of the library."""
    position = page.next_position
    return product_pb2.ListProductsResponse(
        products=[product_message(view) for view in page.products],
        next_page_token=encode_page_token(*position) if position is not None else "",
        total=page.total,
        changed=page.changed,
    )


def imported_message(imported: Imported) -> product_pb2.ImportProductsResponse:
    """What an import did."""
    return product_pb2.ImportProductsResponse(
        added=imported.added, changed=imported.changed, unchanged=imported.unchanged
    )


def family_message(family: Family) -> product_pb2.Family:
    """A product family."""
    return product_pb2.Family(
        name=family.name, default_control_code=family.default_control_code, products=family.products
    )


def _kept(stored: StoredItem) -> classification_pb2.ClassifyResponse:
    outcome = conversion.OUTCOMES[stored.conclusion.outcome]
    return classification_pb2.ClassifyResponse(
        list_versions=stored.list_versions,
        as_of=stored.as_of.isoformat(),
        known_at=conversion.instant(stored.classified_at),
        overall=outcome,
        candidates=[
            classification_pb2.Candidate(
                rank=rank, entry=classification_pb2.Entry(control_code=code), outcome=outcome
            )
            for rank, code in enumerate(stored.conclusion.codes, start=1)
        ],
    )


def needed_text(text: str, field: str) -> str:
    """A text without spaces around it, of which something is left. Errors: INVALID_ARGUMENT on the field."""
    bare = text.strip()
    if not bare:
        raise invalid_field(field, "PRODUCT_TEXT_MISSING")
    return bare
