"""The product library over a socket: one organisation's own, classified as it is saved, never deleted."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import grpc
import pytest
from sqlalchemy import text
from xuke.classification.v1 import classification_pb2, product_pb2
from xuke.classification.v1.product_pb2_grpc import ProductServiceStub

from services.classification import product_service
from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.loading import load
from services.classification.papers.rendering import PaperRenderer
from services.classification.product_service import Engine
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server_products import registration
from services.foundation.database import Database
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.ledger import Subject
from services.foundation.pagination import encode_page_token
from services.foundation.principal import Principal, Role
from tests.support import identity
from tests.support.services import SettableClock, call_of, request_id, running
from tests.unit.classification.product_files.workbooks import number, workbook

Library = Callable[[Principal], ProductServiceStub]

ALLOWED = {Role.EXPORTER, Role.AGENT}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Indexes(read_search_policy()), read_examination())


@pytest.fixture(scope="module")
def library(database: Database, clock: SettableClock, engine: Engine) -> Iterator[Library]:
    load(database, read_control_list(), clock)
    renderer = PaperRenderer()
    with running([registration(database, engine.indexes, engine.examination, renderer)], clock) as service:
        yield lambda principal: ProductServiceStub(service.channel(principal))


def refusal(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


def firm() -> Principal:
    """An exporter of an organisation of its own, so that tests do not meet in one library."""
    name = uuid.uuid4().hex[:18].upper()
    return Principal(f"exporter-{name}", "Lu", Role.EXPORTER, organisation=name, province="32")


def antimony(**more: Any) -> classification_pb2.Item:
    return classification_pb2.Item(
        kind=classification_pb2.ITEM_KIND_GOODS, name_zh="三氧化二锑", hs_code="2825800010", **more
    )


def save(stub: ProductServiceStub, **values: Any) -> product_pb2.Product:
    values.setdefault("article_number", "SB-1")
    values.setdefault("item", antimony())
    return stub.SaveProduct(product_pb2.SaveProductRequest(request_id=request_id(), **values))


def import_file(
    stub: ProductServiceStub,
    content: bytes,
    file_format: "product_pb2.ProductFormat.ValueType" = product_pb2.PRODUCT_FORMAT_CSV,
    request: str = "",
) -> product_pb2.ImportProductsResponse:
    description = product_pb2.ProductFile(
        request_id=request or request_id(), format=file_format, file_name="products"
    )
    return stub.ImportProducts(
        iter(
            [
                product_pb2.ImportProductsRequest(description=description),
                *(
                    product_pb2.ImportProductsRequest(content=content[at : at + 1000])
                    for at in range(0, len(content), 1000)
                ),
            ]
        )
    )


def test_a_product_is_classified_as_it_is_saved_and_kept_with_every_word(library: Library) -> None:
    stub = library(firm())
    item = antimony(name_en="antimony trioxide", cas_number="1309-64-4", description="powder")
    item.parameters.add(name="purity", value="99.5", unit="%", test_condition="ICP-MS")
    saved = save(stub, article_number=" SB-017 ", family="锑制品", item=item)
    # Below the limit, but under a test condition of which the law does not speak: that clears nothing.
    assert saved.classification.overall == classification_pb2.OUTCOME_NEEDS_INFORMATION
    assert saved.classification.candidates[0].entry.control_code == "3C003.c"
    assert (saved.article_number, saved.etag, saved.archived) == ("SB-017", "1", False)
    found = stub.GetProduct(product_pb2.GetProductRequest(product_id=saved.product_id))
    assert found.item == item
    assert found == saved


def test_the_list_shows_outcomes_pages_and_finds_words(library: Library) -> None:
    stub = library(firm())
    for at in range(5):
        save(stub, article_number=f"A-{at}", family="氧化物" if at % 2 else "")
    save(stub, article_number="B-100%", item=classification_pb2.Item(name_zh="碳化钨", name_en="WC"))
    first = stub.ListProducts(product_pb2.ListProductsRequest(page_size=4))
    rest = stub.ListProducts(product_pb2.ListProductsRequest(page_size=4, page_token=first.next_page_token))
    numbers = [product.article_number for product in (*first.products, *rest.products)]
    assert numbers == ["A-0", "A-1", "A-2", "A-3", "A-4", "B-100%"]
    assert (first.total, first.changed, rest.next_page_token) == (6, 0, "")
    assert first.products[0].classification.overall == classification_pb2.OUTCOME_NEEDS_INFORMATION
    assert first.products[0].classification.candidates[0].entry.control_code == "3C003.c"

    def found(**wanted: Any) -> list[str]:
        answer = stub.ListProducts(product_pb2.ListProductsRequest(**wanted))
        assert answer.total == len(answer.products)
        return [product.article_number for product in answer.products]

    assert found(query="wc") == ["B-100%"]
    assert found(query="0%") == ["B-100%"]
    assert found(query="a- 三氧化") == ["A-0", "A-1", "A-2", "A-3", "A-4"]
    assert found(family="氧化物") == ["A-1", "A-3"]
    for token in ("x", encode_page_token("A-1", "no id")):
        refused = refusal(lambda token=token: found(page_token=token))  # type: ignore[misc]
        assert refused.violations[0].reason == "PAGE_TOKEN_INVALID"


def test_an_id_that_is_none_is_refused(library: Library) -> None:
    refused = refusal(lambda: save(library(firm()), product_id="SB-1", etag="1"))
    assert [(each.field, each.reason) for each in refused.violations] == [("product_id", "string.uuid")]


def test_two_people_do_not_overwrite_each_other(library: Library) -> None:
    stub = library(firm())
    saved = save(stub)
    again = save(stub, product_id=saved.product_id, etag=saved.etag, item=antimony(name_en="changed"))
    assert (again.product_id, again.etag, again.item.name_en) == (saved.product_id, "2", "changed")
    late = refusal(lambda: save(stub, product_id=saved.product_id, etag=saved.etag))
    assert (late.code, late.reason) == (ErrorCode.ABORTED, "STALE_ETAG")


def test_an_article_number_stands_once_in_the_library(library: Library) -> None:
    stub = library(firm())
    first = save(stub)
    taken = refusal(lambda: save(stub))
    assert [(each.field, each.reason) for each in taken.violations] == [
        ("article_number", "PRODUCT_ARTICLE_NUMBER_TAKEN")
    ]
    stub.ArchiveProduct(
        product_pb2.ArchiveProductRequest(
            request_id=request_id(), product_id=first.product_id, etag=first.etag
        )
    )
    assert save(stub).product_id != first.product_id


def test_a_repeated_request_saves_once(library: Library) -> None:
    stub = library(firm())
    request = product_pb2.SaveProductRequest(request_id=request_id(), article_number="X", item=antimony())
    assert stub.SaveProduct(request) == stub.SaveProduct(request)
    assert stub.ListProducts(product_pb2.ListProductsRequest()).total == 1


def test_an_archived_product_is_kept_and_out_of_the_library(library: Library, database: Database) -> None:
    owner = firm()
    stub = library(owner)
    saved = save(stub)
    archive = product_pb2.ArchiveProductRequest(
        request_id=request_id(), product_id=saved.product_id, etag=saved.etag
    )
    archived = stub.ArchiveProduct(archive)
    assert archived.archived
    assert stub.ListProducts(product_pb2.ListProductsRequest()).total == 0
    assert stub.GetProduct(product_pb2.GetProductRequest(product_id=saved.product_id)).item == saved.item
    for change in (
        lambda: save(stub, product_id=saved.product_id, etag=archived.etag),
        lambda: stub.ArchiveProduct(
            product_pb2.ArchiveProductRequest(
                request_id=request_id(), product_id=saved.product_id, etag=archived.etag
            )
        ),
    ):
        assert refusal(change).reason == "PRODUCT_ARCHIVED"
    with database.begin(call_of(owner)) as work:
        kept = work.connection.execute(
            text("SELECT is_open FROM classified_item WHERE subject = :subject"),
            {"subject": f"products/{saved.product_id}"},
        ).scalar_one()
        events = work.events(Subject("product", saved.product_id))
    assert kept is False
    assert [(event.action, event.state) for event in events] == [
        ("PRODUCT_ADDED", "ACTIVE"),
        ("PRODUCT_ARCHIVED", "ARCHIVED"),
    ]
    assert "三氧化二锑" not in str([event.payload for event in events])


def test_the_service_cannot_delete(database: Database, library: Library) -> None:
    owner = firm()
    save(library(owner))
    with pytest.raises(Exception, match="permission denied"), database.begin(call_of(owner)) as work:
        work.connection.execute(text("DELETE FROM product"))


def test_a_library_is_nobody_elses(library: Library) -> None:
    owner, other = firm(), library(firm())
    saved = save(library(owner), family="锑制品")
    library(owner).SaveFamily(
        product_pb2.SaveFamilyRequest(request_id=request_id(), family=product_pb2.Family(name="锑制品"))
    )
    assert other.ListProducts(product_pb2.ListProductsRequest()).total == 0
    assert not other.ListFamilies(product_pb2.ListFamiliesRequest()).families
    attempts: list[Callable[[], object]] = [
        lambda: other.GetProduct(product_pb2.GetProductRequest(product_id=saved.product_id)),
        lambda: save(other, product_id=saved.product_id, etag=saved.etag),
        lambda: other.ArchiveProduct(
            product_pb2.ArchiveProductRequest(
                request_id=request_id(), product_id=saved.product_id, etag=saved.etag
            )
        ),
        lambda: other.GetComparisonSheet(
            product_pb2.GetComparisonSheetRequest(product_id=saved.product_id, control_code="3C003.c")
        ),
        lambda: other.GetClassificationStatement(
            product_pb2.GetClassificationStatementRequest(product_id=saved.product_id)
        ),
    ]
    for attempt in attempts:
        assert refusal(attempt).code is ErrorCode.NOT_FOUND
    assert library(owner).GetProduct(product_pb2.GetProductRequest(product_id=saved.product_id)).etag == "1"


def test_an_account_without_an_organisation_has_no_library(library: Library) -> None:
    nobody = Principal("exporter-none", "He", Role.EXPORTER)
    refused = refusal(lambda: library(nobody).ListProducts(product_pb2.ListProductsRequest()))
    assert (refused.code, refused.reason) == (ErrorCode.PERMISSION_DENIED, "PRODUCT_ORGANISATION_MISSING")


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda each: each.role.value)
def test_who_may_call_what(library: Library, principal: Principal) -> None:
    stub, nothing = library(principal), str(uuid.uuid4())
    calls: dict[str, Callable[[], object]] = {
        "ListProducts": lambda: stub.ListProducts(product_pb2.ListProductsRequest()),
        "GetProduct": lambda: stub.GetProduct(product_pb2.GetProductRequest(product_id=nothing)),
        "SaveProduct": lambda: save(stub, product_id=nothing, etag="1"),
        "ArchiveProduct": lambda: stub.ArchiveProduct(
            product_pb2.ArchiveProductRequest(request_id=request_id(), product_id=nothing, etag="1")
        ),
        "ImportProducts": lambda: import_file(stub, b""),
        "ListFamilies": lambda: stub.ListFamilies(product_pb2.ListFamiliesRequest()),
        "SaveFamily": lambda: stub.SaveFamily(
            product_pb2.SaveFamilyRequest(request_id=request_id(), family=product_pb2.Family(name=nothing))
        ),
        "GetComparisonSheet": lambda: stub.GetComparisonSheet(
            product_pb2.GetComparisonSheetRequest(product_id=nothing, control_code="3C003.c")
        ),
        "GetClassificationStatement": lambda: stub.GetClassificationStatement(
            product_pb2.GetClassificationStatementRequest(product_id=nothing)
        ),
    }
    methods = product_pb2.DESCRIPTOR.services_by_name["ProductService"].methods
    assert {method.name for method in methods} == set(calls)
    for name, call in calls.items():
        try:
            call()
            reason = ""
        except grpc.RpcError as error:
            reason = from_rpc_error(error).reason
        assert (reason != "ROLE_NOT_ALLOWED") == (principal.role in ALLOWED), (name, reason)


def test_a_product_without_a_code_takes_that_of_its_family(library: Library) -> None:
    stub = library(firm())
    bare = save(stub, article_number="1", family="锑制品")
    claimed = save(stub, article_number="2", family="锑制品", item=antimony(claimed_control_code="3C003.c"))
    assert bare.classification.overall == classification_pb2.OUTCOME_NEEDS_INFORMATION
    family = stub.SaveFamily(
        product_pb2.SaveFamilyRequest(
            request_id=request_id(),
            family=product_pb2.Family(name="锑制品", default_control_code="3c003.C"),
        )
    )
    assert (family.default_control_code, family.products) == ("3C003.c", 2)
    after = stub.GetProduct(product_pb2.GetProductRequest(product_id=bare.product_id))
    assert after.item.claimed_control_code == ""
    assert after.classification.candidates[0].reasons[0].code == "CONTROL_CODE_EXACT"
    assert after.classified_at.ToDatetime() >= bare.classified_at.ToDatetime()
    assert stub.GetProduct(product_pb2.GetProductRequest(product_id=claimed.product_id)) == claimed
    (listed,) = stub.ListFamilies(product_pb2.ListFamiliesRequest()).families
    assert listed == family
    for code, reason in (("X", "CONTROL_CODE_MALFORMED"), ("9E999.z", "PRODUCT_FAMILY_CODE_UNKNOWN")):
        refused = refusal(
            lambda code=code: stub.SaveFamily(  # type: ignore[misc]
                product_pb2.SaveFamilyRequest(
                    request_id=request_id(),
                    family=product_pb2.Family(name="锑制品", default_control_code=code),
                )
            )
        )
        assert refused.violations[0].reason == reason


def test_a_changed_outcome_is_marked_until_somebody_looks(library: Library, database: Database) -> None:
    owner = firm()
    stub = library(owner)
    saved = save(stub)
    save(stub, article_number="SB-2")
    with database.begin(call_of(owner)) as work:
        work.connection.execute(
            text(
                "UPDATE classified_item SET outcome_changed = true, outcome_before = 'NO_ENTRY_FOUND'"
                " WHERE subject = :subject"
            ),
            {"subject": f"products/{saved.product_id}"},
        )
    listed = stub.ListProducts(product_pb2.ListProductsRequest(only_changed=True))
    assert [product.product_id for product in listed.products] == [saved.product_id]
    assert (listed.total, listed.changed, listed.products[0].outcome_changed) == (1, 1, True)
    brief = product_pb2.GetProductRequest(product_id=saved.product_id, brief=True)
    assert stub.GetProduct(brief).outcome_changed
    assert stub.GetProduct(brief).classification == listed.products[0].classification
    opened = stub.GetProduct(product_pb2.GetProductRequest(product_id=saved.product_id))
    assert (opened.outcome_changed, opened.outcome_before) == (
        True,
        classification_pb2.OUTCOME_NO_ENTRY_FOUND,
    )
    again = stub.GetProduct(product_pb2.GetProductRequest(product_id=saved.product_id))
    assert (again.outcome_changed, again.outcome_before) == (
        False,
        classification_pb2.OUTCOME_NO_ENTRY_FOUND,
    )
    assert stub.ListProducts(product_pb2.ListProductsRequest()).changed == 0
    assert seen(database, owner, saved) == 1


def seen(database: Database, owner: Principal, product: product_pb2.Product) -> int:
    """How often the record says that a change of the outcome was looked at."""
    with database.begin(call_of(owner)) as work:
        events = work.events(Subject("product", product.product_id))
    return sum(event.action == "PRODUCT_CHANGE_SEEN" for event in events)


def test_a_change_that_comes_while_a_product_is_opened_was_not_seen(
    library: Library, database: Database
) -> None:
    owner = firm()
    stub = library(owner)
    saved = save(stub)
    change = text(
        "UPDATE classified_item SET outcome_changed = true, outcome_before = outcome, outcome = :outcome"
        " WHERE subject = :subject"
    )
    values = {"subject": f"products/{saved.product_id}"}
    with database.begin(call_of(owner)) as work:
        work.connection.execute(change, {"outcome": "NO_ENTRY_FOUND", **values})
    opening = product_pb2.GetProductRequest(product_id=saved.product_id)
    with ThreadPoolExecutor(1) as reader, database.begin(call_of(owner)) as work:
        work.connection.execute(change, {"outcome": "CONTROLLED", **values})
        opened = reader.submit(stub.GetProduct, opening)
        waits = text("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        while not opened.done() and not work.connection.execute(waits).scalar_one():
            wait([opened], timeout=0.01)
    assert opened.result().outcome_changed
    assert seen(database, owner, saved) == 0
    assert stub.ListProducts(product_pb2.ListProductsRequest()).changed == 1


CSV = """货号,产品族,中文名称,海关商品编号,技术参数
SB-1,锑制品,三氧化二锑,2825800010,purity=99.995 %; 粒度=5 μm
HS-0,,马,0101210010,
"""


def test_a_csv_file_adds_changes_and_leaves(library: Library) -> None:
    stub = library(firm())
    request = request_id()
    first = import_file(stub, CSV.encode("utf-8-sig"), request=request)
    assert (first.added, first.changed, first.unchanged) == (2, 0, 0)
    assert import_file(stub, CSV.encode("utf-8-sig"), request=request) == first
    second = import_file(stub, CSV.encode())
    assert (second.added, second.changed, second.unchanged) == (0, 0, 2)
    third = import_file(stub, b"article_number,name_en\nSB-1,antimony trioxide\nNEW,tungsten rod\n")
    assert (third.added, third.changed, third.unchanged) == (1, 1, 0)
    by_number = {
        product.article_number: product
        for product in stub.ListProducts(product_pb2.ListProductsRequest()).products
    }
    assert by_number["HS-0"].item.hs_code == "0101210010"
    changed = by_number["SB-1"]
    assert (changed.item.name_zh, changed.item.name_en, changed.etag) == (
        "三氧化二锑",
        "antimony trioxide",
        "2",
    )
    assert [(each.name, each.value) for each in changed.item.parameters] == [
        ("purity", "99.995 %"),
        ("粒度", "5 μm"),
    ]
    assert changed.classification.overall == classification_pb2.OUTCOME_CONTROLLED
    other = refusal(lambda: import_file(stub, b"article_number,name_en\nZ,z\n", request=request))
    assert other.reason == "REQUEST_ID_REUSED"


def test_a_workbook_is_read_like_a_csv_file(library: Library) -> None:
    stub = library(firm())
    content = workbook(
        [
            ["article_number", "name_zh", "hs_code", "parameters"],
            ["SB-1", "三氧化二锑", "2825800010", "purity=99.995 %"],
            [number("17"), "马", "0101210010", ""],
        ]
    )
    answer = import_file(stub, content, product_pb2.PRODUCT_FORMAT_XLSX)
    assert (answer.added, answer.changed, answer.unchanged) == (2, 0, 0)
    found = stub.ListProducts(product_pb2.ListProductsRequest()).products
    assert [(each.article_number, each.item.hs_code) for each in found] == [
        ("17", "0101210010"),
        ("SB-1", "2825800010"),
    ]


def test_of_a_file_with_a_fault_nothing_is_taken(library: Library) -> None:
    stub = library(firm())
    lines = "article_number,name_zh,hs_code,cas_number\nA,三氧化二锑,2825800010,\nB,x,0000000000,1309-64-5\nC,,,\n"
    refused = refusal(lambda: import_file(stub, lines.encode()))
    assert [(each.field, each.reason) for each in refused.violations] == [
        ("lines[3].hs_code", "PRODUCT_HS_CODE_UNKNOWN"),
        ("lines[3].cas_number", "PRODUCT_CAS_NUMBER_MALFORMED"),
        ("lines[4]", "PRODUCT_ITEM_UNDESCRIBED"),
    ]
    assert refused.violations[0].metadata["place_en"] == "Line 3, “hs_code”: "
    assert stub.ListProducts(product_pb2.ListProductsRequest()).total == 0


def test_what_is_saved_can_be_printed(library: Library) -> None:
    refused = refusal(lambda: save(library(firm()), item=antimony(description="a\u200bb")))
    assert [(each.field, each.reason) for each in refused.violations] == [
        ("item.description", "UNPRINTABLE_CHARACTER")
    ]


def test_papers_are_the_same_bytes_each_time(library: Library) -> None:
    stub = library(firm())
    saved = save(stub, family="锑制品")
    sheet = product_pb2.GetComparisonSheetRequest(product_id=saved.product_id, control_code="3C003.c")
    first = stub.GetComparisonSheet(sheet)
    assert first.content.startswith(b"%PDF-1.7")
    assert first.media_type == "application/pdf"
    assert first.file_name == "comparison-2026-11-21.pdf"
    assert stub.GetComparisonSheet(sheet) == first
    statement = product_pb2.GetClassificationStatementRequest(product_id=saved.product_id, as_of="2026-01-31")
    dated = stub.GetClassificationStatement(statement)
    assert dated.file_name == "statement-2026-01-31.pdf"
    assert stub.GetClassificationStatement(statement) == dated
    sheet.control_code = "9Z999"
    assert refusal(lambda: stub.GetComparisonSheet(sheet)).code is ErrorCode.NOT_FOUND


def test_what_a_paper_says_is_had_without_its_file(library: Library) -> None:
    stub = library(firm())
    stub.SaveFamily(
        product_pb2.SaveFamilyRequest(
            request_id=request_id(),
            family=product_pb2.Family(name="锑制品", default_control_code="3C003.c"),
        )
    )
    purity = classification_pb2.Parameter(name="purity", value="99.5", unit="%")
    product_id = save(stub, family="锑制品", item=antimony(parameters=[purity])).product_id
    wanted = product_pb2.GetComparisonSheetRequest(product_id=product_id, control_code="3c003.C")
    whole = stub.GetComparisonSheet(wanted)
    wanted.without_file = True
    said = stub.GetComparisonSheet(wanted)
    assert (said.content, said.file_name, said.sha256) == (b"", "", "")
    assert (said.basis, said.comparison) == (whole.basis, whole.comparison)
    assert len(said.basis.digest) == 64
    assert (said.basis.item.claimed_control_code, said.basis.code_of_family) == ("3C003.c", True)
    sheet = said.comparison
    (limit,) = (row for row in sheet.rows if row.limit.zh)
    assert (limit.asked.en, limit.given, limit.limit.zh) == ("purity", "99.5 %", "≥ 99.99 %")
    assert (limit.truth, limit.compared) == (classification_pb2.TRUTH_FALSE, True)
    assert sheet.met + sheet.not_met + sheet.unknown == sum(row.compared for row in sheet.rows)
    assert [each.agency for each in sheet.found.agencies] == ["MOFCOM"]
    statement = stub.GetClassificationStatement(
        product_pb2.GetClassificationStatementRequest(
            product_id=product_id, as_of="2026-01-31", without_file=True
        )
    )
    assert not statement.content
    assert statement.basis.as_of == statement.statement.as_of == "2026-01-31"


def test_the_code_of_its_family_is_told_apart_from_a_claim(library: Library) -> None:
    stub = library(firm())
    bare = save(stub, article_number="1", family="锑制品")
    assert bare.family_control_code == ""
    stub.SaveFamily(
        product_pb2.SaveFamilyRequest(
            request_id=request_id(),
            family=product_pb2.Family(name="锑制品", default_control_code="3C003.c"),
        )
    )
    claiming = save(stub, article_number="2", family="锑制品", item=antimony(claimed_control_code="3C003.c"))
    listed = {each.product_id: each for each in stub.ListProducts(product_pb2.ListProductsRequest()).products}
    assert listed[bare.product_id].family_control_code == "3C003.c"
    assert listed[bare.product_id].item.claimed_control_code == ""
    assert listed[claiming.product_id].family_control_code == ""


def test_a_use_case_takes_the_organisation_from_the_token_alone(
    library: Library, database: Database, engine: Engine
) -> None:
    """Row-level security stands behind the use cases: a row of another organisation cannot even be written."""
    owner = firm()
    save(library(owner))
    with database.begin(call_of(firm())) as work:
        assert not product_service.list_products(work, product_service.ProductFilter(), None, 10).products
    with pytest.raises(Exception, match="row-level security"), database.begin(call_of(firm())) as work:
        work.connection.execute(
            text(
                "INSERT INTO product_family (organisation, name, default_control_code)"
                " VALUES (:organisation, 'x', '')"
            ),
            {"organisation": owner.organisation},
        )
