"""Precedents over a socket: who records and reads them, and what they bring to a classification."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import grpc
import pytest
import sqlalchemy
from xuke.classification.v1 import classification_pb2 as classification
from xuke.classification.v1 import precedent_pb2 as messages
from xuke.classification.v1 import precedent_pb2_grpc as contract

from services.classification.store.precedents import precedent
from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from tests.contract.classification.conftest import Stub
from tests.support import identity
from tests.support.services import RunningService, call_of, request_id

READERS = {
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.LIST_EDITOR,
    Role.AUDITOR,
}
# Of these everybody is shown the own organisation's, see below.
OWNERS = {Role.EXPORTER, Role.AGENT}
# As long as a subject may be (OpenID Connect Core 1.0, 2).
LONGEST_SUBJECT = "m" * 255
DECIDED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NAME = "七彩蝴蝶牌旋纹筒"

Precedents = Callable[[Principal], contract.PrecedentServiceStub]


@pytest.fixture
def precedents(service: RunningService) -> Precedents:
    return lambda principal: contract.PrecedentServiceStub(service.channel(principal))


def record(
    precedents: Precedents,
    subject: str,
    name: str = NAME,
    *codes: str,
    reason: str = "按用途。",
    of: str = "",
) -> messages.Precedent:
    request = messages.RecordPrecedentRequest(
        request_id=request_id(),
        subject=subject,
        item=classification.Item(
            kind=classification.ITEM_KIND_GOODS,
            name_zh=name,
            hs_code="8482990000",
            parameters=[classification.Parameter(name="直径", value="3", unit="mm")],
        ),
        control_codes=codes,
        reason=reason,
        decided_by=LONGEST_SUBJECT,
        list_versions=["CN 2026-11"],
        organisation=of,
    )
    request.decided_at.FromDatetime(DECIDED)
    return precedents(identity.PROCEDURE).RecordPrecedent(request)


def find(
    precedents: Precedents, name: str, most: int = 0, who: Principal = identity.MINISTRY_OFFICER
) -> list[messages.Precedent]:
    request = messages.FindPrecedentsRequest(item=classification.Item(name_zh=name), most=most)
    return list(precedents(who).FindPrecedents(request).precedents)


def subject() -> str:
    return f"applications/{uuid.uuid4()}/1"


def test_what_was_decided_is_found_whole(precedents: Precedents) -> None:
    key = subject()
    kept = record(precedents, key, "青瓷龙头阀杆组件", "2B350.g", "2B230")
    (found,) = find(precedents, "青瓷龙头阀杆组件")
    assert (found.precedent_id, found.subject, found.score) == (kept.precedent_id, key, "1.0000")
    assert list(found.control_codes) == ["2B350.g", "2B230"]
    assert (found.reason, found.decided_by, list(found.list_versions)) == (
        "按用途。",
        LONGEST_SUBJECT,
        ["CN 2026-11"],
    )
    assert found.decided_at.ToDatetime(UTC) == DECIDED
    assert found.item.kind == classification.ITEM_KIND_GOODS
    assert [(each.name, each.value, each.unit) for each in found.item.parameters] == [("直径", "3", "mm")]


def test_a_subject_has_one_precedent(precedents: Precedents, database: Database) -> None:
    key = subject()
    first = record(precedents, key, "单晶石英摆片", "7A101")
    again = record(precedents, key, "单晶石英摆片", "7A001", reason="otherwise")
    assert again == first
    assert [each.subject for each in find(precedents, "单晶石英摆片")] == [key]
    with database.begin(call_of(identity.AUDITOR)) as work:
        told = work.connection.execute(
            sqlalchemy.text("SELECT payload FROM audit_event WHERE subject_id = :id"),
            {"id": first.precedent_id},
        ).all()
    assert len(told) == 1


def test_the_most_alike_first_and_no_more_than_asked_for(precedents: Precedents) -> None:
    exact, near = subject(), subject()
    record(precedents, near, "锆合金热交换器管板配件", "1C234")
    record(precedents, exact, "锆合金热交换器管板", "1C234")
    assert [each.subject for each in find(precedents, "锆合金热交换器管板")][:2] == [exact, near]
    assert [each.subject for each in find(precedents, "锆合金热交换器管板", 1)] == [exact]
    assert find(precedents, "xyz") == []


def test_who_may_record_and_read(precedents: Precedents) -> None:
    for principal in identity.ONE_OF_EACH_ROLE:
        passed = {}
        stub = precedents(principal)
        for name, call in (
            ("record", lambda stub=stub: stub.RecordPrecedent(messages.RecordPrecedentRequest())),
            ("find", lambda stub=stub: stub.FindPrecedents(messages.FindPrecedentsRequest())),
        ):
            with pytest.raises(grpc.RpcError) as caught:
                call()
            passed[name] = from_rpc_error(caught.value).code is not ErrorCode.PERMISSION_DENIED
        assert (principal.role, passed) == (
            principal.role,
            {"record": principal.role is Role.PROCEDURE, "find": principal.role in READERS | OWNERS},
        )


def test_an_organisation_is_shown_what_was_decided_about_its_own_items_and_no_more(
    precedents: Precedents,
) -> None:
    mine, others = subject(), subject()
    record(precedents, mine, "玄武岩纤维编织套管", "1C210", of=identity.EXPORTER.organisation)
    record(precedents, others, "玄武岩纤维编织套管", "1C211", of="91440000MA5XXXXX0X")
    record(precedents, subject(), "玄武岩纤维编织套管", "1C212")
    (found,) = find(precedents, "玄武岩纤维编织套管", who=identity.EXPORTER)
    assert (found.subject, list(found.control_codes)) == (mine, ["1C210"])
    assert (found.reason, found.decided_by) == ("", "")
    assert find(precedents, "玄武岩纤维编织套管", who=identity.OTHER_EXPORTER) == []
    assert len(find(precedents, "玄武岩纤维编织套管")) == 3


def test_row_level_security_says_the_same_and_nobody_changes_one(
    precedents: Precedents, database: Database
) -> None:
    record(precedents, subject())
    for principal in identity.ONE_OF_EACH_ROLE:
        with database.begin(call_of(principal)) as work:
            rows = work.connection.execute(sqlalchemy.select(precedent.c.organisation)).scalars().all()
            seen = [each for each in rows if not each or each != principal.organisation]
            expected = principal.role in READERS | {Role.PROCEDURE}
            assert (principal.role, bool(seen)) == (principal.role, expected)
    with (
        pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
        database.begin(call_of(identity.PROCEDURE)) as work,
    ):
        work.connection.execute(sqlalchemy.text("UPDATE precedent SET control_codes = '{}'"))


def test_a_precedent_is_a_candidate_for_those_who_examine_and_a_secret_to_others(
    precedents: Precedents, stub: Stub, database: Database
) -> None:
    name = "幻彩琉璃导流锥筒"
    item = classification.Item(name_zh=name, kind=classification.ITEM_KIND_GOODS)
    record(precedents, subject(), name, "1C117.d.1")

    def proposed(who: Principal, kept_as: str = "") -> tuple[classification.ClassifyResponse, list[str]]:
        answer = stub(who).Classify(classification.ClassifyRequest(item=item, subject=kept_as))
        return answer, [
            each.entry.control_code
            for each in answer.candidates
            if classification.REASON_KIND_PRECEDENT in [reason.kind for reason in each.reasons]
        ]

    answer, codes = proposed(identity.MINISTRY_OFFICER)
    assert codes == ["1C117.d.1"]
    assert answer.overall == classification.OUTCOME_NEEDS_INFORMATION
    assert proposed(identity.EXPORTER)[1] == []
    assert proposed(identity.OTHER_EXPORTER)[1] == []
    # What a later list is held against does not rest on precedents.
    key = f"applications/{uuid.uuid4()}/1/1"
    kept, codes = proposed(identity.PROCEDURE, key)
    assert codes == ["1C117.d.1"]
    with database.begin(call_of(identity.PROCEDURE)) as work:
        stored = work.connection.execute(
            sqlalchemy.text("SELECT codes FROM classified_item WHERE subject = :subject"), {"subject": key}
        ).scalar_one()
    assert "1C117.d.1" not in stored
    assert kept.overall == classification.OUTCOME_NEEDS_INFORMATION
