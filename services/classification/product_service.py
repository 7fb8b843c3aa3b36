"""The use cases of the product library of one organisation, each within one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.classification import stored_items
from services.classification.domain.codes import normalise_control_code
from services.classification.domain.item import Item
from services.classification.domain.products import Family, Product, subject_of, to_classify
from services.classification.domain.query import checked
from services.classification.domain.stored import StoredItem
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.knowledge import Knowledge, knowledge_at
from services.classification.product_files.rows import ProductRow, faults_of_items
from services.classification.service import Answer, classify_by, classify_item
from services.classification.store import products
from services.classification.store.products import ProductFilter
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import (
    failed_precondition,
    invalid_field,
    not_found,
    permission_denied,
    stale_etag,
)
from services.foundation.ledger import Subject


@dataclass(frozen=True)
class Engine:
    """What items are classified with."""

    indexes: Indexes
    examination: Examination

    def knowledge(self, work: UnitOfWork) -> Knowledge:
        """What counts now in every regime."""
        return knowledge_at(work, self.indexes, self.examination)


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with its newest classification: what is kept of it, and, where one was asked for, all of it."""

    product: Product
    stored: StoredItem | None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A page of the library: `total` of what was asked for, `changed` in the whole library."""

    products: tuple[ProductView, ...]
    next_position: tuple[str, str] | None
    total: int
    changed: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


def list_products(
    work: UnitOfWork, wanted: ProductFilter, after: Sequence[str] | None, size: int
) -> ProductPage:
    """A page of the library by article number, after the number and id of the page before."""
    _organisation(work)
    found = products.page(work.connection, wanted, after, size + 1)
    kept = stored_items.find_many(work, [each.subject for each in found])
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    return ProductPage(
        tuple(ProductView(each, kept.get(each.subject)) for each in shown),
        (last.article_number, str(last.product_id)) if last is not None else None,
        products.count(work.connection, wanted),
        products.count_changed(work.connection),
    )


def get_product(work: UnitOfWork, engine: Engine, product_id: UUID, brief: bool = False) -> ProductView:
    """A product with its newest classification as it was then, had again from what was known at that time.

    Opening it is looking at it: a change of its outcome is told once and then counts as seen; but not in `brief`,
    which is what is kept of the classification only. Errors: NOT_FOUND.
    """
    organisation = _organisation(work)
    product = _existing(work, product_id)
    stored = stored_items.find(work, product.subject)
    if stored is None or brief:
        return ProductView(product, stored)
    answer = classify_item(
        work,
        engine.indexes,
        engine.examination,
        stored.item,
        stored.as_of,
        stored.regime,
        stored.classified_at,
    )
    if stored.outcome_changed:
        products.lock_library(work.connection, organisation)
        if stored_items.acknowledge(work, stored):
            _record(work, product, "PRODUCT_CHANGE_SEEN", outcome=stored.conclusion.outcome.name)
    return ProductView(product, stored, answer)


def save_product(
    work: UnitOfWork,
    engine: Engine,
    product_id: UUID | None,
    etag: str,
    article_number: str,
    family: str,
    item: Item,
) -> ProductView:
    """Adds a product, or changes one that nobody else changed meanwhile, and classifies it.

    Errors: NOT_FOUND; ABORTED STALE_ETAG; FAILED_PRECONDITION PRODUCT_ARCHIVED; INVALID_ARGUMENT with
    PRODUCT_ARTICLE_NUMBER_TAKEN, and those of `checked`.
    """
    organisation = _organisation(work)
    products.lock_library(work.connection, organisation)
    family_code = products.default_codes(work.connection).get(family, "")
    checked(to_classify(item, family_code), engine.examination.register)
    namesake = products.of_articles(work.connection, [article_number]).get(article_number)
    if namesake is not None and namesake.product_id != product_id:
        raise invalid_field("article_number", "PRODUCT_ARTICLE_NUMBER_TAKEN", article_number=article_number)
    if product_id is None:
        saved = products.add(work.connection, organisation, article_number, family, item, work.call.now)
        action = "PRODUCT_ADDED"
    else:
        before = _changeable(work, product_id, etag)
        saved = _changed(work, before, article_number, family, item)
        action = "PRODUCT_CHANGED"
    return _classified(work, engine.knowledge(work), organisation, saved, family_code, action)


def archive_product(work: UnitOfWork, product_id: UUID, etag: str) -> ProductView:
    """Takes a product out of the library; the record keeps it, and changes of lists leave it alone.

    Errors: NOT_FOUND; ABORTED STALE_ETAG; FAILED_PRECONDITION PRODUCT_ARCHIVED.
    """
    products.lock_library(work.connection, _organisation(work))
    before = _changeable(work, product_id, etag)
    archived = replace(before, row_version=before.row_version + 1, archived=True, changed_at=work.call.now)
    products.change(work.connection, archived)
    stored_items.close(work, archived.subject)
    _record(work, archived, "PRODUCT_ARCHIVED")
    return ProductView(archived, stored_items.find(work, archived.subject))


def import_products(work: UnitOfWork, engine: Engine, rows: Sequence[ProductRow]) -> Imported:
    """Adds or changes the products of a file by their article numbers, all of them or none, and classifies them.

    A column that the file does not have leaves what a product says; an empty cell empties it. Errors:
    INVALID_ARGUMENT naming line and column of everything that the engine cannot take.
    """
    organisation = _organisation(work)
    products.lock_library(work.connection, organisation)
    codes = products.default_codes(work.connection)
    known = products.of_articles(work.connection, [row.article_number for row in rows])
    wanted = [(row, *row.onto(known.get(row.article_number))) for row in rows]
    faults_of_items(
        [(row.line, to_classify(item, codes.get(family, ""))) for row, family, item in wanted],
        engine.examination.register,
    )
    knowledge = engine.knowledge(work)
    added = changed = 0
    for row, family, item in wanted:
        before = known.get(row.article_number)
        if before is None:
            saved = products.add(
                work.connection, organisation, row.article_number, family, item, work.call.now
            )
            action, added = "PRODUCT_ADDED", added + 1
        elif (family, item) != (before.family, before.item):
            saved = _changed(work, before, row.article_number, family, item)
            action, changed = "PRODUCT_CHANGED", changed + 1
        else:
            continue
        _classified(work, knowledge, organisation, saved, codes.get(family, ""), action)
    return Imported(added, changed, len(rows) - added - changed)


def list_families(work: UnitOfWork) -> list[Family]:
    """The families of the library with their default codes."""
    _organisation(work)
    return products.families(work.connection)


def save_family(work: UnitOfWork, engine: Engine, name: str, default_control_code: str) -> Family:
    """Sets the default code of a family and classifies its products that claim no code again.

    Errors: INVALID_ARGUMENT with CONTROL_CODE_MALFORMED or PRODUCT_FAMILY_CODE_UNKNOWN.
    """
    organisation = _organisation(work)
    products.lock_library(work.connection, organisation)
    knowledge = engine.knowledge(work)
    code = _known_code(default_control_code, knowledge)
    before = products.default_codes(work.connection).get(name, "")
    products.put_family(work.connection, organisation, name, code)
    members = products.of_family(work.connection, name)
    if code != before:
        for member in members:
            if not member.item.claimed_control_code:
                _classified(work, knowledge, organisation, member, code, "PRODUCT_FAMILY_CODE_CHANGED")
    work.record(
        Subject("product_library", organisation),
        "PRODUCT_FAMILY_SAVED",
        {"state": "ACTIVE", "default_control_code": code, "products": str(len(members))},
    )
    return Family(name, code, len(members))


def existing_with_code(work: UnitOfWork, product_id: UUID) -> tuple[Product, Item]:
    """A product and the item as it is classified, with the default code of its family. Errors: NOT_FOUND."""
    _organisation(work)
    product = _existing(work, product_id)
    default_code = products.default_codes(work.connection).get(product.family, "")
    return product, to_classify(product.item, default_code)


def _organisation(work: UnitOfWork) -> str:
    """Whose library it is: that of the caller's token and no other."""
    organisation = work.call.principal.organisation
    if not organisation:
        raise permission_denied("PRODUCT_ORGANISATION_MISSING")
    return organisation


def _existing(work: UnitOfWork, product_id: UUID) -> Product:
    found = products.find(work.connection, product_id)
    if found is None:
        raise not_found("product", str(product_id))
    return found


def _changeable(work: UnitOfWork, product_id: UUID, etag: str) -> Product:
    found = _existing(work, product_id)
    if found.archived:
        raise failed_precondition("PRODUCT_ARCHIVED", id=str(product_id))
    if etag != str(found.row_version):
        raise stale_etag("product", str(product_id))
    return found


def _changed(work: UnitOfWork, before: Product, article_number: str, family: str, item: Item) -> Product:
    saved = replace(
        before,
        row_version=before.row_version + 1,
        article_number=article_number,
        family=family,
        item=item,
        changed_at=work.call.now,
    )
    products.change(work.connection, saved)
    return saved


def _classified(
    work: UnitOfWork, knowledge: Knowledge, organisation: str, product: Product, family_code: str, action: str
) -> ProductView:
    item = to_classify(product.item, family_code)
    answer = classify_by(knowledge, item, legal_day(work.call.now), work.call.now)
    stored = stored_items.keep(work, subject_of(product.product_id), organisation, item, answer)
    _record(work, product, action, outcome=answer.overall.name)
    return ProductView(product, stored, answer)


def _record(work: UnitOfWork, product: Product, action: str, **words: str) -> None:
    state = "ARCHIVED" if product.archived else "ACTIVE"
    work.record(Subject("product", str(product.product_id)), action, {"state": state, **words})


def _known_code(text: str, knowledge: Knowledge) -> str:
    if not text.strip():
        return ""
    code = normalise_control_code(text)
    if code is None:
        raise invalid_field("family.default_control_code", "CONTROL_CODE_MALFORMED", control_code=text)
    if not any(index.below(code) for index in knowledge.indexes):
        raise invalid_field("family.default_control_code", "PRODUCT_FAMILY_CODE_UNKNOWN", control_code=code)
    return code
