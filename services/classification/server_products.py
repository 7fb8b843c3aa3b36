"""The gRPC service of the product library and its papers, and who may call each method."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from uuid import UUID

import grpc
from xuke.classification.v1 import product_pb2 as messages
from xuke.classification.v1 import product_pb2_grpc as contract

from services.classification import conversion_products as conversion
from services.classification import paper_service, product_service
from services.classification.conversion import day_of
from services.classification.conversion_papers import paper_message
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.papers.facts import PaperFacts
from services.classification.papers.rendering import PaperRenderer
from services.classification.product_files.csv_lines import csv_lines
from services.classification.product_files.rows import Lines, product_rows
from services.classification.product_files.xlsx_lines import xlsx_lines
from services.classification.product_service import Engine
from services.classification.store.products import ProductFilter
from services.foundation.database import Database, UnitOfWork
from services.foundation.errors import invalid_field
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.pagination import decode_page_token, page_size
from services.foundation.permissions import allow
from services.foundation.principal import Role

MAXIMUM_FILE_BYTES: Final = 8 * 1024 * 1024
# The library is the secret of the firm that keeps it.
_OWN_PEOPLE: Final = allow(Role.EXPORTER, Role.AGENT)
_READERS: Final[Mapping["messages.ProductFormat.ValueType", Lines]] = {
    messages.PRODUCT_FORMAT_CSV: csv_lines,
    messages.PRODUCT_FORMAT_XLSX: xlsx_lines,
}


class ProductServicer(contract.ProductServiceServicer):
    """Keeps the library of the organisation that the caller's token names."""

    def __init__(self, database: Database, engine: Engine, renderer: PaperRenderer) -> None:
        self._database = database
        self._engine = engine
        self._renderer = renderer

    def ListProducts(
        self, request: messages.ListProductsRequest, context: grpc.ServicerContext
    ) -> messages.ListProductsResponse:
        after = decode_page_token(request.page_token, 2)
        if after is not None:
            conversion.identifier(after[1], "page_token", "PAGE_TOKEN_INVALID")
        wanted = ProductFilter(request.query, request.family, request.only_changed)
        with self._database.begin(current_call()) as work:
            page = product_service.list_products(work, wanted, after, page_size(request.page_size))
        return conversion.page_message(page)

    def GetProduct(
        self, request: messages.GetProductRequest, context: grpc.ServicerContext
    ) -> messages.Product:
        with self._database.begin(current_call()) as work:
            view = product_service.get_product(work, self._engine, UUID(request.product_id), request.brief)
        return conversion.product_message(view)

    def SaveProduct(
        self, request: messages.SaveProductRequest, context: grpc.ServicerContext
    ) -> messages.Product:
        product_id = conversion.identifier(request.product_id, "product_id") if request.product_id else None
        item = conversion.saved_item(request)

        def save(work: UnitOfWork) -> messages.Product:
            return conversion.product_message(
                product_service.save_product(
                    work,
                    self._engine,
                    product_id,
                    request.etag,
                    conversion.needed_text(request.article_number, "article_number"),
                    request.family.strip(),
                    item,
                )
            )

        return transact(self._database, request, messages.Product, save)

    def ArchiveProduct(
        self, request: messages.ArchiveProductRequest, context: grpc.ServicerContext
    ) -> messages.Product:
        return transact(
            self._database,
            request,
            messages.Product,
            lambda work: conversion.product_message(
                product_service.archive_product(work, UUID(request.product_id), request.etag)
            ),
        )

    def ImportProducts(
        self, request_iterator: Iterator[messages.ImportProductsRequest], context: grpc.ServicerContext
    ) -> messages.ImportProductsResponse:
        first = next(request_iterator, None)
        if first is None or first.WhichOneof("part") != "description":
            raise invalid_field("description", "DESCRIPTION_MUST_COME_FIRST")
        content = _received(request_iterator)
        # The same request id with another file is another request.
        identity = messages.ImportProductsRequest(
            content=first.SerializeToString(deterministic=True) + hashlib.sha256(content).digest()
        )
        rows = product_rows(content, _READERS[first.description.format])
        with self._database.begin(current_call()) as work:
            return work.once(
                first.description.request_id,
                identity,
                messages.ImportProductsResponse,
                lambda: conversion.imported_message(
                    product_service.import_products(work, self._engine, rows)
                ),
            )

    def ListFamilies(
        self, request: messages.ListFamiliesRequest, context: grpc.ServicerContext
    ) -> messages.ListFamiliesResponse:
        with self._database.begin(current_call()) as work:
            found = product_service.list_families(work)
        return messages.ListFamiliesResponse(families=[conversion.family_message(each) for each in found])

    def SaveFamily(
        self, request: messages.SaveFamilyRequest, context: grpc.ServicerContext
    ) -> messages.Family:
        name = conversion.needed_text(request.family.name, "family.name")
        return transact(
            self._database,
            request,
            messages.Family,
            lambda work: conversion.family_message(
                product_service.save_family(work, self._engine, name, request.family.default_control_code)
            ),
        )

    def GetComparisonSheet(
        self, request: messages.GetComparisonSheetRequest, context: grpc.ServicerContext
    ) -> messages.Paper:
        day, product_id = day_of(request.as_of), UUID(request.product_id)
        return self._paper(
            lambda work: paper_service.comparison_sheet(
                work, self._engine, product_id, request.control_code, day
            ),
            request.without_file,
        )

    def GetClassificationStatement(
        self, request: messages.GetClassificationStatementRequest, context: grpc.ServicerContext
    ) -> messages.Paper:
        day, product_id = day_of(request.as_of), UUID(request.product_id)
        return self._paper(
            lambda work: paper_service.statement(work, self._engine, product_id, day), request.without_file
        )

    def _paper(self, facts_of: Callable[[UnitOfWork], PaperFacts], without_file: bool) -> messages.Paper:
        """What the paper says is gathered in a transaction, and printed after it."""
        with self._database.begin(current_call()) as work:
            facts = facts_of(work)
        return paper_message(facts, self._renderer, without_file=without_file)


def _received(parts: Iterator[messages.ImportProductsRequest]) -> bytes:
    content = bytearray()
    for part in parts:
        if part.WhichOneof("part") != "content":
            raise invalid_field("content", "CONTENT_MUST_FOLLOW")
        content += part.content
        if len(content) > MAXIMUM_FILE_BYTES:
            raise invalid_field("content", "IMPORT_FILE_TOO_LARGE", most=str(MAXIMUM_FILE_BYTES))
    return bytes(content)


def registration(
    database: Database, indexes: Indexes, examination: Examination, renderer: PaperRenderer
) -> Registration:
    """The service with the permission of each method."""
    return Registration(
        messages.DESCRIPTOR.services_by_name["ProductService"],
        contract.add_ProductServiceServicer_to_server,
        ProductServicer(database, Engine(indexes, examination), renderer),
        {
            "ListProducts": _OWN_PEOPLE,
            "GetProduct": _OWN_PEOPLE,
            "SaveProduct": _OWN_PEOPLE,
            "ArchiveProduct": _OWN_PEOPLE,
            "ImportProducts": _OWN_PEOPLE,
            "ListFamilies": _OWN_PEOPLE,
            "SaveFamily": _OWN_PEOPLE,
            "GetComparisonSheet": _OWN_PEOPLE,
            "GetClassificationStatement": _OWN_PEOPLE,
        },
    )
