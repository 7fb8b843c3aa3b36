"""What the pages of classification are looked at with: an inquiry, a product, proposals, and a task."""

import csv
import io
from collections.abc import Iterator

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import (
    classification_pb2_grpc,
    control_list_pb2_grpc,
    inquiry_pb2_grpc,
    product_pb2_grpc,
)
from xuke.classification.v1 import control_list_pb2 as ct
from xuke.classification.v1 import inquiry_pb2 as iq
from xuke.classification.v1 import product_pb2 as pr

from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.people import ask, new_request_id, stub, wait_for

ASKER, EDITOR, SECOND_EDITOR = "jiangsu.exporter", "list.editor", "list.second"
# A regime of its own, so that nothing else of the tests is classified otherwise.
REGIME, CODE = "test_regime", "9Z999.a"
NAME_ZH, NAME_EN = "量子泡沫发生器", "quantum foam generator"
# An entry of the list as shipped whose product the exporter keeps.
KEPT_CODE = "1C117.d.1"


def inquiries_of(cast: Cast, account: str) -> inquiry_pb2_grpc.InquiryServiceStub:
    """The consultation desk, on behalf of an account."""
    return stub(cast.people, account, "classification", inquiry_pb2_grpc.InquiryServiceStub)


def products_of(cast: Cast, account: str = ASKER) -> product_pb2_grpc.ProductServiceStub:
    """The product library of an account."""
    return stub(cast.people, account, "classification", product_pb2_grpc.ProductServiceStub)


def control_lists_of(cast: Cast, account: str) -> control_list_pb2_grpc.ControlListServiceStub:
    """The service of control lists, on behalf of an account."""
    return stub(cast.people, account, "classification", control_list_pb2_grpc.ControlListServiceStub)


def ask_inquiry(cast: Cast, name_zh: str = "钨合金棒材", name_en: str = "tungsten alloy rod") -> str:
    """An inquiry of the exporter; its id."""
    return ask(
        inquiries_of(cast, ASKER).AskInquiry,
        iq.AskInquiryRequest(
            request_id=new_request_id(),
            item=cl.Item(
                kind=cl.ITEM_KIND_GOODS,
                name_zh=name_zh,
                name_en=name_en,
                parameters=[cl.Parameter(name="钨含量", value="97", unit="%")],
            ),
            performance="钨含量 97%",
            main_uses="平衡块",
            reason_for_doubt="不清楚是否按颗粒尺寸判断",
            organisation_name_zh="江苏许可钨业有限公司",
            organisation_name_en="Jiangsu Xuke Tungsten Co., Ltd.",
        ),
    ).inquiry_id


def save_product(cast: Cast, article: str, item: cl.Item) -> str:
    """A product of the exporter; its id."""
    request = pr.SaveProductRequest(
        request_id=new_request_id(), article_number=article, family="钨制品", item=item
    )
    return ask(products_of(cast).SaveProduct, request).product_id


def kept_product(cast: Cast) -> str:
    """A product that claims a code of the list as shipped."""
    return save_product(
        cast,
        "XK-W-001",
        cl.Item(
            kind=cl.ITEM_KIND_GOODS,
            name_zh="钨合金粉末",
            name_en="tungsten alloy powder",
            claimed_control_code=KEPT_CODE,
            parameters=[cl.Parameter(name="钨含量", value="98", unit="%")],
        ),
    )


def list_file(status: str = "IN_FORCE") -> bytes:
    """A list of one entry, as the template has it."""
    row = {
        "identifier": CODE,
        "control_code": CODE,
        "name_zh": NAME_ZH,
        "name_en": NAME_EN,
        "announcement": "2026-1",
        "quality": "A",
        "parameters_complete": "yes",
        "status": status,
        "effective_from": "2026-01-01",
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, row)
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue().encode()


def propose_list(cast: Cast, account: str = EDITOR) -> ct.ControlListProposal:
    """A proposal to bring in the list of the regime."""

    def parts() -> Iterator[ct.ProposeControlListRequest]:
        yield ct.ProposeControlListRequest(
            description=ct.ControlListFile(
                request_id=new_request_id(),
                regime=REGIME,
                format="XUKE_CSV",
                edition="2026-01-01",
                file_name="test.csv",
                reason="A list for the tests.",
            )
        )
        yield ct.ProposeControlListRequest(content=list_file())

    return ask(control_lists_of(cast, account).ProposeControlList, parts)


def reclassified(cast: Cast) -> str:
    """A product that a new list catches, proposed by one editor and activated by another; the id of the task."""
    save_product(cast, "XK-Q-001", cl.Item(kind=cl.ITEM_KIND_GOODS, name_zh=NAME_ZH, name_en=NAME_EN))
    proposal = propose_list(cast)
    lists = control_lists_of(cast, SECOND_EDITOR)
    ask(
        lists.ActivateControlListProposal,
        ct.ActivateControlListProposalRequest(
            request_id=new_request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
        ),
    )
    tasks = wait_for(
        "a task of reclassification",
        lambda: (
            ask(lists.ListReclassificationTasks, ct.ListReclassificationTasksRequest(page_size=200)).tasks
        ),
        bool,
    )
    return next(one.task_id for one in tasks if one.change.item_name_zh == NAME_ZH)


def propose_suspension(cast: Cast) -> str:
    """A proposal of the second editor that waits; nobody activates it."""
    catalogue = stub(cast.people, EDITOR, "classification", classification_pb2_grpc.ClassificationServiceStub)
    entry = ask(catalogue.GetEntry, cl.GetEntryRequest(control_code=CODE, regime=REGIME))
    standing = cl.Standing(status=cl.ENTRY_STATUS_SUSPENDED, since="2027-01-01", basis="2026-2")
    return ask(
        control_lists_of(cast, SECOND_EDITOR).ProposeStandings,
        ct.ProposeStandingsRequest(
            request_id=new_request_id(),
            regime=REGIME,
            base_version=entry.list_version,
            standings=[ct.ProposedStanding(control_code=CODE, standing=standing)],
            legal_basis="Announcement 2026 No. 2",
            reason="The announcement suspends it.",
        ),
    ).proposal_id
