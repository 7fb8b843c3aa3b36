"""Queries over the product library of the organisation that calls: the database shows no other rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    cast,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from services.classification.domain.item import Item
from services.classification.domain.products import SUBJECTS, Family, Product
from services.classification.domain.stored import item_content, item_of_content
from services.classification.store.item_tables import classified_item
from services.classification.store.product_tables import product, product_family


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products of the library: words in number, names or codes; a family; those whose outcome changed."""

    query: str = ""
    family: str = ""
    only_changed: bool = False


def lock_library(connection: Connection, organisation: str) -> None:
    """Whoever changes the library of an organisation holds this until the transaction ends."""
    key = func.hashtextextended(f"product library {organisation}", 0)
    connection.execute(select(func.pg_advisory_xact_lock(key)))


def find(connection: Connection, product_id: UUID) -> Product | None:
    """A product, archived ones too."""
    row = connection.execute(select(product).where(product.c.product_id == product_id)).first()
    return None if row is None else _product(row)


def of_articles(connection: Connection, article_numbers: Collection[str]) -> dict[str, Product]:
    """The products of the library with these article numbers, by number."""
    rows = connection.execute(
        select(product).where(~product.c.archived, product.c.article_number.in_(article_numbers))
    )
    return {row.article_number: _product(row) for row in rows}


def of_family(connection: Connection, family: str) -> list[Product]:
    """The products of the library in a family, by article number."""
    rows = connection.execute(
        select(product)
        .where(~product.c.archived, product.c.family == family)
        .order_by(product.c.article_number)
    )
    return [_product(row) for row in rows]


def add(
    connection: Connection, organisation: str, article_number: str, family: str, item: Item, now: datetime
) -> Product:
    """Adds a product."""
    row = connection.execute(
        insert(product)
        .values(
            organisation=organisation,
            row_version=1,
            article_number=article_number,
            family=family,
            item=item_content(item),
            archived=False,
            changed_at=now,
        )
        .returning(product)
    ).one()
    return _product(row)


def change(connection: Connection, changed: Product) -> None:
    """Stores a changed product with its new row version."""
    connection.execute(
        update(product)
        .where(product.c.product_id == changed.product_id)
        .values(
            row_version=changed.row_version,
            article_number=changed.article_number,
            family=changed.family,
            item=item_content(changed.item),
            archived=changed.archived,
            changed_at=changed.changed_at,
        )
    )


def page(
    connection: Connection, wanted: ProductFilter, after: Sequence[str] | None, size: int
) -> list[Product]:
    """Products by article number, after a number and id."""
    columns = product.c
    query = select(product).where(_wanted(wanted)).order_by(columns.article_number, columns.product_id)
    if after is not None:
        number, product_id = after
        query = query.where(tuple_(columns.article_number, columns.product_id) > (number, UUID(product_id)))
    return [_product(row) for row in connection.execute(query.limit(size))]


def count(connection: Connection, wanted: ProductFilter) -> int:
    """How many products there are."""
    return connection.execute(select(func.count()).select_from(product).where(_wanted(wanted))).scalar_one()


def count_changed(connection: Connection) -> int:
    """How many products of the library have a changed outcome that nobody has looked at."""
    return connection.execute(select(func.count()).select_from(_changed_subjects().subquery())).scalar_one()


def families(connection: Connection) -> list[Family]:
    """Every family that has products or a default code, by name."""
    used = (
        select(product.c.family.label("name"), func.count().label("products"))
        .where(~product.c.archived, product.c.family != "")
        .group_by(product.c.family)
        .subquery()
    )
    name = func.coalesce(product_family.c.name, used.c.name)
    rows = connection.execute(
        select(
            name.label("name"),
            func.coalesce(product_family.c.default_control_code, "").label("code"),
            func.coalesce(used.c.products, 0).label("products"),
        )
        .select_from(product_family.outerjoin(used, product_family.c.name == used.c.name, full=True))
        .order_by(name.collate("C"))
    )
    return [Family(row.name, row.code, row.products) for row in rows]


def default_codes(connection: Connection) -> Mapping[str, str]:
    """The default control code of each family that has one."""
    rows = connection.execute(select(product_family.c.name, product_family.c.default_control_code))
    return {row.name: row.default_control_code for row in rows}


def put_family(connection: Connection, organisation: str, name: str, default_control_code: str) -> None:
    """Sets the default control code of a family."""
    connection.execute(
        insert_or_update(product_family)
        .values(organisation=organisation, name=name, default_control_code=default_control_code)
        .on_conflict_do_update(
            index_elements=[product_family.c.organisation, product_family.c.name],
            set_={"default_control_code": default_control_code},
        )
    )


def _wanted(wanted: ProductFilter) -> ColumnElement[bool]:
    columns = product.c
    conditions: list[ColumnElement[bool]] = [~columns.archived]
    for word in wanted.query.split():
        conditions.append(
            or_(
                *(
                    text.icontains(word, autoescape=True)
                    for text in (
                        columns.article_number,
                        columns.family,
                        columns.item["name_zh"].astext,
                        columns.item["name_en"].astext,
                        columns.item["hs_code"].astext,
                        columns.item["cas_number"].astext,
                        columns.item["claimed_control_code"].astext,
                    )
                )
            )
        )
    if wanted.family:
        conditions.append(columns.family == wanted.family)
    if wanted.only_changed:
        conditions.append(_subject(columns.product_id).in_(_changed_subjects()))
    return and_(*conditions)


def _changed_subjects() -> Select[tuple[str]]:
    """The organisation is named, though the database shows no other, so that an index serves."""
    columns = classified_item.c
    return select(columns.subject).where(
        columns.organisation == func.current_setting("xuke.organisation", True),
        columns.outcome_changed,
        columns.is_open,
        columns.subject.startswith(SUBJECTS),
    )


def _subject(product_id: ColumnElement[UUID]) -> ColumnElement[str]:
    return func.concat(SUBJECTS, cast(product_id, Text))


def _product(row: Row[Any]) -> Product:
    return Product(
        row.product_id,
        row.row_version,
        row.article_number,
        row.family,
        item_of_content(row.item),
        row.archived,
        row.changed_at.astimezone(UTC),
    )
