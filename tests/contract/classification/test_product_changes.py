"""A list changes, and the library says which products came to another outcome, until somebody looks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import product_pb2 as messages
from xuke.classification.v1.product_pb2_grpc import ProductServiceStub

from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.loading import load
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server import registrations
from services.classification.store.tables import ledger
from services.classification.upkeep import Upkeep
from services.foundation.database import Database
from tests.conftest import ServiceDatabase
from tests.contract.classification.lists import Person
from tests.support import identity
from tests.support.services import RunningService, SettableClock, request_id, running


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))


@pytest.fixture
def database(service_database: Callable[[str], ServiceDatabase], clock: SettableClock) -> Iterator[Database]:
    database = Database(service_database("classification").url, ledger)
    load(database, read_control_list(), clock)
    yield database
    database.dispose()


@pytest.fixture
def indexes() -> Indexes:
    return Indexes(read_search_policy())


@pytest.fixture
def service(database: Database, indexes: Indexes, clock: SettableClock) -> Iterator[RunningService]:
    with running(registrations(database, indexes, read_examination()), clock) as service:
        yield service


def saved(stub: ProductServiceStub, article_number: str, item: cl.Item) -> messages.Product:
    return stub.SaveProduct(
        messages.SaveProductRequest(request_id=request_id(), article_number=article_number, item=item)
    )


def test_a_suspension_marks_the_product_it_concerns_and_papers_can_still_be_had_of_the_day_before(
    service: RunningService, database: Database, indexes: Indexes, clock: SettableClock
) -> None:
    stub = ProductServiceStub(service.channel(identity.EXPORTER))
    apt = saved(stub, "APT", cl.Item(kind=cl.ITEM_KIND_GOODS, name_zh="仲钨酸铵", hs_code="2841801000"))
    gone = saved(stub, "OLD", cl.Item(kind=cl.ITEM_KIND_GOODS, name_zh="仲钨酸铵", hs_code="2841801000"))
    saved(stub, "SB", cl.Item(kind=cl.ITEM_KIND_GOODS, name_zh="三氧化二锑", hs_code="2825800010"))
    stub.ArchiveProduct(
        messages.ArchiveProductRequest(request_id=request_id(), product_id=gone.product_id, etag=gone.etag)
    )
    assert apt.classification.overall == cl.OUTCOME_CONTROLLED
    editor, second = Person(service, identity.LIST_EDITOR), Person(service, identity.SECOND_EDITOR)
    proposal = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")
    assert [change.subject for change in editor.outcome_changes(proposal)] == [f"products/{apt.product_id}"]
    clock.advance(timedelta(hours=1))
    second.activate(proposal)
    Upkeep(database, indexes, read_examination(), clock).run_once()

    listed = stub.ListProducts(messages.ListProductsRequest(only_changed=True))
    assert [(each.article_number, each.outcome_changed) for each in listed.products] == [("APT", True)]
    assert (listed.total, listed.changed) == (1, 1)
    opened = stub.GetProduct(messages.GetProductRequest(product_id=apt.product_id))
    assert opened.outcome_before == cl.OUTCOME_CONTROLLED
    assert opened.outcome_changed
    assert opened.classification.overall != cl.OUTCOME_CONTROLLED
    assert opened.classification.list_versions == [proposal.list_version]
    assert opened.classified_at.ToDatetime(UTC) == clock.now()
    assert stub.ListProducts(messages.ListProductsRequest()).changed == 0

    sheet = messages.GetComparisonSheetRequest(product_id=apt.product_id, control_code="1C117.d.1")
    today = stub.GetComparisonSheet(sheet)
    sheet.as_of = "2026-11-19"
    before = stub.GetComparisonSheet(sheet)
    assert before.content != today.content
    assert before.file_name == "comparison-2026-11-19.pdf"
