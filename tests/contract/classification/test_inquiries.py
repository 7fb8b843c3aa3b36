"""The consultation desk over a socket: asked by an organisation, answered by the ministry, kept in the ledger."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy
from xuke.classification.v1 import classification_pb2, inquiry_pb2_grpc
from xuke.classification.v1 import inquiry_pb2 as messages

from services.classification import server_inquiries
from services.classification.desk import read_desk
from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.reference_files import read_search_policy
from services.classification.store.inquiry_tables import inquiry as inquiry_table
from services.classification.store.inquiry_tables import inquiry_text
from services.foundation.database import Database
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.ledger import Subject
from services.foundation.pagination import encode_page_token
from services.foundation.principal import Principal
from tests.support import identity
from tests.support.services import RunningService, SettableClock, call_of, request_id, running

_NOTHING = str(uuid.UUID(int=0))
_ASKERS, _MINISTRY = {"exporter", "agent"}, {"ministry_officer", "ministry_director"}

# method -> (a request that is valid in form, roles admitted); written out apart from the server's own table.
METHODS: dict[str, tuple[object, set[str]]] = {
    "AskInquiry": (messages.AskInquiryRequest(item=classification_pb2.Item()), _ASKERS),
    "SupplementInquiry": (
        messages.SupplementInquiryRequest(inquiry_id=_NOTHING, etag="1", text="x"),
        _ASKERS,
    ),
    "WithdrawInquiry": (messages.WithdrawInquiryRequest(inquiry_id=_NOTHING, etag="1"), _ASKERS),
    "GetInquiry": (messages.GetInquiryRequest(inquiry_id=_NOTHING), _ASKERS | _MINISTRY | {"auditor"}),
    "ListInquiries": (messages.ListInquiriesRequest(), _ASKERS | _MINISTRY | {"auditor"}),
    "RequestInformation": (
        messages.RequestInformationRequest(inquiry_id=_NOTHING, etag="1", text="x"),
        _MINISTRY,
    ),
    "AnswerInquiry": (
        messages.AnswerInquiryRequest(
            inquiry_id=_NOTHING, etag="1", answer=messages.INQUIRY_ANSWER_DEPENDS, reasons="x"
        ),
        _MINISTRY,
    ),
    "GetCitedAnswer": (
        messages.GetCitedAnswerRequest(number="ZX-2026-000000"),
        _MINISTRY
        | {"provincial_officer", "agency_reviewer", "customs_officer", "enforcement_officer", "auditor"},
    ),
    "GetInquiryStatistics": (messages.GetInquiryStatisticsRequest(), _MINISTRY | {"auditor"}),
}


class Desk:
    """The desk under test, spoken to by whoever is named."""

    def __init__(self, service: RunningService, clock: SettableClock, database: Database) -> None:
        self.service, self.clock, self.database = service, clock, database

    def by(self, principal: Principal) -> inquiry_pb2_grpc.InquiryServiceStub:
        return inquiry_pb2_grpc.InquiryServiceStub(self.service.channel(principal))

    def ask(self, principal: Principal = identity.EXPORTER, **values: object) -> messages.Inquiry:
        return self.by(principal).AskInquiry(asking(**values))

    def get(self, principal: Principal, asked: messages.Inquiry) -> messages.Inquiry:
        return self.by(principal).GetInquiry(messages.GetInquiryRequest(inquiry_id=asked.inquiry_id))

    def request_information(self, asked: messages.Inquiry) -> messages.Inquiry:
        return self.by(identity.MINISTRY_OFFICER).RequestInformation(
            messages.RequestInformationRequest(
                request_id=request_id(), inquiry_id=asked.inquiry_id, etag=asked.etag, text="密度是多少？"
            )
        )

    def supplement(self, asked: messages.Inquiry, **values: object) -> messages.Inquiry:
        return self.by(identity.EXPORTER).SupplementInquiry(
            messages.SupplementInquiryRequest(
                request_id=request_id(),
                inquiry_id=asked.inquiry_id,
                etag=asked.etag,
                **{"text": "见参数。", **values},
            )
        )

    def answer(
        self,
        asked: messages.Inquiry,
        kind: "messages.InquiryAnswer.ValueType" = messages.INQUIRY_ANSWER_CONTROLLED,
        codes: tuple[str, ...] = ("1C004",),
        etag: str = "",
        principal: Principal = identity.MINISTRY_OFFICER,
    ) -> messages.Inquiry:
        return self.by(principal).AnswerInquiry(
            messages.AnswerInquiryRequest(
                request_id=request_id(),
                inquiry_id=asked.inquiry_id,
                etag=etag or asked.etag,
                answer=kind,
                control_codes=codes,
                reasons="密度和强度均超过限值。",
            )
        )

    def withdraw(self, asked: messages.Inquiry) -> messages.Inquiry:
        return self.by(identity.EXPORTER).WithdrawInquiry(
            messages.WithdrawInquiryRequest(
                request_id=request_id(), inquiry_id=asked.inquiry_id, etag=asked.etag
            )
        )


def asking(**values: object) -> messages.AskInquiryRequest:
    return messages.AskInquiryRequest(
        **{
            "request_id": request_id(),
            "item": classification_pb2.Item(name_zh="钨镍铁合金", hs_code="8101991001"),
            "performance": "密度18.1克/立方厘米，抗拉强度1300兆帕",
            "main_uses": "平衡配重",
            "reason_for_doubt": "不能确定弹性极限如何测定",
            "organisation_name_zh": "徐可示例有限公司",
            **values,
        }
    )


@pytest.fixture
def desk(service: RunningService, database: Database) -> Iterator[Desk]:
    """`service` loads the list into the database; the desk has a clock of its own."""
    clock = SettableClock(datetime(2026, 11, 2, 2, 0, tzinfo=UTC))
    registration = server_inquiries.registration(
        database, Indexes(read_search_policy()), read_examination(), read_desk()
    )
    with running([registration], clock) as service_of_desk:
        yield Desk(service_of_desk, clock, database)


def refusal(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


def reasons(error: XukeError) -> dict[str, str]:
    assert error.code is ErrorCode.INVALID_ARGUMENT
    return {each.field: each.reason for each in error.violations}


def test_the_matrix_speaks_of_every_method() -> None:
    service = messages.DESCRIPTOR.services_by_name["InquiryService"]
    assert METHODS.keys() == {method.name for method in service.methods}


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda each: each.role.value)
@pytest.mark.parametrize("method", METHODS)
def test_matrix(desk: Desk, method: str, principal: Principal) -> None:
    request, admitted = METHODS[method]
    if "request_id" in request.DESCRIPTOR.fields_by_name:  # type: ignore[attr-defined]
        request.request_id = request_id()  # type: ignore[attr-defined]
    try:
        getattr(desk.by(principal), method)(request)
    except grpc.RpcError as error:
        refused = from_rpc_error(error)
        if principal.role.value in admitted:
            assert refused.code in (ErrorCode.NOT_FOUND, ErrorCode.INVALID_ARGUMENT)
        else:
            assert (refused.code, refused.reason) == (ErrorCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED")
    else:
        assert principal.role.value in admitted


def test_each_missing_content_is_named(desk: Desk) -> None:
    error = refusal(lambda: desk.ask(performance=" ", main_uses="", reason_for_doubt="\n"))
    assert reasons(error) == {
        "performance": "INQUIRY_PERFORMANCE_MISSING",
        "main_uses": "INQUIRY_MAIN_USES_MISSING",
        "reason_for_doubt": "INQUIRY_REASON_MISSING",
    }


def test_what_says_nothing_is_no_content(desk: Desk) -> None:
    item = classification_pb2.Item(
        name_zh="钨镍铁合金", parameters=[classification_pb2.Parameter(name="密度", value="-")]
    )
    error = refusal(lambda: desk.ask(item=item, performance="。", main_uses="—", reason_for_doubt="..."))
    assert set(reasons(error)) == {"performance", "main_uses", "reason_for_doubt"}
    assert reasons(refusal(lambda: desk.supplement(desk.request_information(desk.ask()), text="。"))) == {
        "text": "VALUE_MISSING"
    }


def test_parameters_are_performance(desk: Desk) -> None:
    item = classification_pb2.Item(
        name_zh="钨镍铁合金",
        parameters=[classification_pb2.Parameter(name="密度", value="18.1", unit="g/cm3")],
    )
    assert desk.ask(item=item, performance="").item.parameters[0].value == "18.1"


def test_what_is_asked_has_a_number_a_target_and_no_content_in_the_ledger(desk: Desk) -> None:
    request = asking()
    asked = desk.by(identity.EXPORTER).AskInquiry(request)
    assert desk.by(identity.EXPORTER).AskInquiry(request) == asked
    assert asked.state == messages.INQUIRY_STATE_ASKED
    assert asked.number.startswith("ZX-2026-")
    assert len(asked.number) == len("ZX-2026-000012")
    assert asked.organisation == identity.EXPORTER.organisation
    assert asked.organisation_name_zh == "徐可示例有限公司"
    # Ten working days from Monday, 2 November 2026.
    assert (asked.answer_by, asked.overdue) == ("2026-11-16", False)
    assert list(asked.allowed_actions) == ["WITHDRAW"]
    with desk.database.begin(call_of(identity.EXPORTER)) as work:
        events = work.events(Subject("inquiry", asked.inquiry_id))
    assert [event.action for event in events] == ["ASK"]
    assert events[0].payload.keys() == {"state", "number", "list_versions"}


def test_an_item_that_cannot_be_so_is_refused_to_whoever_asks(desk: Desk) -> None:
    item = classification_pb2.Item(name_zh="钨镍铁合金", hs_code="0000")
    assert reasons(refusal(lambda: desk.ask(item=item))) == {"item.hs_code": "HS_CODE_UNKNOWN"}
    assert reasons(refusal(lambda: desk.ask(item=classification_pb2.Item(), performance="\x00"))) == {
        "performance": "UNPRINTABLE_CHARACTER"
    }


def test_an_account_without_an_organisation_cannot_ask(desk: Desk) -> None:
    nobody = replace(identity.EXPORTER, subject="exporter-without", organisation="")
    error = refusal(lambda: desk.ask(nobody))
    assert (error.code, error.reason) == (ErrorCode.PERMISSION_DENIED, "INQUIRY_NEEDS_ORGANISATION")


def test_others_do_not_see_it_and_the_database_says_so_too(desk: Desk) -> None:
    asked = desk.ask()
    assert desk.get(identity.AGENT, asked).number == asked.number
    assert refusal(lambda: desk.get(identity.OTHER_EXPORTER, asked)).code is ErrorCode.NOT_FOUND
    other = desk.by(identity.OTHER_EXPORTER)
    assert not other.ListInquiries(messages.ListInquiriesRequest(query=asked.number)).inquiries
    taken = messages.WithdrawInquiryRequest(
        request_id=request_id(), inquiry_id=asked.inquiry_id, etag=asked.etag
    )
    assert refusal(lambda: other.WithdrawInquiry(taken)).code is ErrorCode.NOT_FOUND
    rows = sqlalchemy.select(inquiry_table.c.number).where(inquiry_table.c.number == asked.number)
    for principal, seen in (
        (identity.EXPORTER, [asked.number]),
        (identity.OTHER_EXPORTER, []),
        (identity.PROVINCIAL_OFFICER, []),
        (identity.CUSTOMS_OFFICER, []),
        (identity.AUDITOR, [asked.number]),
    ):
        with desk.database.begin(call_of(principal)) as work:
            assert list(work.connection.execute(rows).scalars()) == seen


def test_only_the_ministry_sees_what_the_engine_finds_as_of_the_day_asked(desk: Desk) -> None:
    asked = desk.ask()
    desk.clock.advance(timedelta(days=30))
    found = desk.get(identity.MINISTRY_OFFICER, asked).computed
    assert found.as_of == "2026-11-02"
    assert "1C004" in [candidate.entry.control_code for candidate in found.candidates]
    assert not desk.get(identity.EXPORTER, asked).HasField("computed")


def test_a_question_back_stops_the_target_and_the_supplement_starts_it_anew(desk: Desk) -> None:
    waiting = desk.request_information(desk.ask())
    assert waiting.state == messages.INQUIRY_STATE_INFORMATION_REQUESTED
    assert (waiting.answer_by, waiting.overdue) == ("", False)
    desk.clock.advance(timedelta(days=14))
    parameter = classification_pb2.Parameter(name="密度", value="18.1", unit="g/cm3")
    told = desk.supplement(waiting, text="见\r\n参数。", parameters=[parameter])
    assert told.state == messages.INQUIRY_STATE_ASKED
    assert told.answer_by == "2026-11-30"
    assert [(each.author_role, each.text) for each in told.messages] == [
        ("ministry_officer", "密度是多少？"),
        ("exporter", "见\n参数。"),
    ]
    assert told.item.parameters[0].value == "18.1"
    assert refusal(lambda: desk.supplement(told)).reason == "INQUIRY_STATE_FORBIDS_ACTION"


def test_an_answer_is_cited_by_its_number_and_binds_nobody_at_customs(desk: Desk) -> None:
    answered = desk.answer(desk.ask(), codes=("1c004", "1C117.d"))
    assert answered.state == messages.INQUIRY_STATE_ANSWERED
    assert list(answered.control_codes) == ["1C004", "1C117.d"]
    assert answered.answered_by == identity.MINISTRY_OFFICER.name
    assert len(answered.list_versions) == 1
    assert not answered.allowed_actions
    seen = desk.get(identity.EXPORTER, answered)
    assert seen.answer_reasons == "密度和强度均超过限值。"
    assert seen.answered_by == ""
    assert seen.number in seen.citation_note.zh
    assert "不约束海关" in seen.citation_note.zh
    assert "does not bind customs" in seen.citation_note.en
    with desk.database.begin(call_of(identity.AUDITOR)) as work:
        event = work.events(Subject("inquiry", answered.inquiry_id))[-1]
    assert (event.action, event.state) == ("ANSWER", "ANSWERED")
    assert event.payload["control_codes"] == "1C004 1C117.d"
    assert event.payload["list_versions"] == answered.list_versions[0]


def test_an_officer_who_is_shown_a_number_reads_the_answer_and_no_more(desk: Desk) -> None:
    def cited(principal: Principal, number: str) -> messages.CitedAnswer:
        return desk.by(principal).GetCitedAnswer(messages.GetCitedAnswerRequest(number=number))

    asked = desk.ask()
    for number in (asked.number, "ZX-2026-999999", "x"):
        error = refusal(lambda number=number: cited(identity.PROVINCIAL_OFFICER, number))
        assert error.code is ErrorCode.NOT_FOUND
    answered = desk.answer(asked)
    for principal in (identity.PROVINCIAL_OFFICER, identity.CUSTOMS_OFFICER, identity.MINISTRY_OFFICER):
        found = cited(principal, f" {asked.number.lower()}")
        assert (found.answer, found.answer_reasons) == (answered.answer, answered.answer_reasons)
        assert (list(found.control_codes), found.list_versions) == (["1C004"], answered.list_versions)
        assert (found.organisation, found.item_name_zh) == (asked.organisation, "钨镍铁合金")
        assert "不约束海关" in found.citation_note.zh
    assert reasons(refusal(lambda: cited(identity.CUSTOMS_OFFICER, "\0"))) == {
        "number": "UNPRINTABLE_CHARACTER"
    }
    # The database shows them the answered ones, and no correspondence.
    written = desk.answer(desk.supplement(desk.request_information(desk.ask())))
    states = sqlalchemy.select(inquiry_table.c.state).distinct()
    texts = sqlalchemy.select(sqlalchemy.func.count()).where(inquiry_text.c.inquiry_id == written.inquiry_id)
    for principal, seen in ((identity.MINISTRY_OFFICER, 2), (identity.CUSTOMS_OFFICER, 0)):
        with desk.database.begin(call_of(principal)) as work:
            assert work.connection.execute(texts).scalar_one() == seen
    with desk.database.begin(call_of(identity.CUSTOMS_OFFICER)) as work:
        assert list(work.connection.execute(states).scalars()) == ["ANSWERED"]


def test_codes_must_be_those_of_the_list_and_fit_the_answer(desk: Desk) -> None:
    asked = desk.ask()
    error = refusal(lambda: desk.answer(asked, codes=("1C004", "9A999", "x")))
    assert reasons(error) == {
        "control_codes[1]": "INQUIRY_CODE_NOT_IN_LIST",
        "control_codes[2]": "INQUIRY_CODE_NOT_IN_LIST",
    }
    assert reasons(refusal(lambda: desk.answer(asked, codes=()))) == {"control_codes": "INQUIRY_CODES_NEEDED"}
    contradicted = refusal(lambda: desk.answer(asked, messages.INQUIRY_ANSWER_NOT_CONTROLLED))
    assert reasons(contradicted) == {"control_codes": "INQUIRY_CODES_CONTRADICT_ANSWER"}
    assert desk.answer(asked, messages.INQUIRY_ANSWER_NOT_CONTROLLED, codes=()).answer_reasons


def test_what_has_ended_stays_and_a_stale_view_changes_nothing(desk: Desk) -> None:
    asked = desk.ask()
    waiting = desk.request_information(asked)
    assert refusal(lambda: desk.answer(asked)).reason == "STALE_ETAG"
    withdrawn = desk.withdraw(waiting)
    assert withdrawn.state == messages.INQUIRY_STATE_WITHDRAWN
    error = refusal(lambda: desk.answer(withdrawn))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "INQUIRY_STATE_FORBIDS_ACTION")
    assert error.metadata["state"] == "WITHDRAWN"


def test_of_two_answers_at_once_one_counts(desk: Desk) -> None:
    asked = desk.ask()

    def answer(principal: Principal) -> str:
        try:
            return desk.answer(asked, principal=principal).answered_by
        except grpc.RpcError as error:
            return from_rpc_error(error).reason

    with ThreadPoolExecutor(2) as pool:
        results = set(pool.map(answer, (identity.MINISTRY_OFFICER, identity.SECOND_OFFICER)))
    kept = desk.get(identity.MINISTRY_OFFICER, asked).answered_by
    assert results == {kept, "STALE_ETAG"}


def test_those_due_first_come_first_page_by_page(desk: Desk) -> None:
    mark = f"批次{uuid.uuid4().hex}"
    item = classification_pb2.Item(name_zh=f"钨镍铁合金{mark}")
    asked = []
    for _ in range(5):
        desk.clock.advance(timedelta(minutes=1))
        asked.append(desk.ask(item=item))
    desk.request_information(asked[0])
    desk.withdraw(asked[1])
    desk.answer(asked[2])
    desk.clock.advance(timedelta(days=20))
    request = messages.ListInquiriesRequest(query=mark.upper(), page_size=2)
    listed: list[messages.Inquiry] = []
    while True:
        page = desk.by(identity.MINISTRY_OFFICER).ListInquiries(request)
        listed += page.inquiries
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert [each.number for each in listed] == [asked[at].number for at in (3, 4, 0, 2, 1)]
    assert [each.overdue for each in listed] == [True, True, False, False, False]
    narrowed = messages.ListInquiriesRequest(query=mark, states=[messages.INQUIRY_STATE_ANSWERED])
    found = desk.by(identity.EXPORTER).ListInquiries(narrowed).inquiries
    assert [each.number for each in found] == [asked[2].number]
    for token in (
        "x",
        encode_page_token("1", "NaN", "x"),
        encode_page_token("9" * 30, "1", _NOTHING),
        encode_page_token("0", "1e999999999", _NOTHING),
        encode_page_token("0", "1", "\0"),
    ):
        request = messages.ListInquiriesRequest(page_token=token)
        error = refusal(lambda request=request: desk.by(identity.EXPORTER).ListInquiries(request))
        assert reasons(error) == {"page_token": "PAGE_TOKEN_INVALID"}, token
    request = messages.ListInquiriesRequest(query="\0")
    error = refusal(lambda: desk.by(identity.EXPORTER).ListInquiries(request))
    assert reasons(error) == {"query": "UNPRINTABLE_CHARACTER"}


def test_statistics_are_those_of_the_ledger(desk: Desk) -> None:
    # A month of its own: other tests ask in November.
    desk.clock.instant = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
    first, second, third = desk.ask(), desk.ask(), desk.ask()
    desk.ask(identity.OTHER_EXPORTER)
    desk.clock.advance(timedelta(days=1))
    desk.answer(first)
    desk.clock.advance(timedelta(days=2))
    desk.answer(second, messages.INQUIRY_ANSWER_DEPENDS, codes=("1C004", "3C001.a"))
    desk.withdraw(third)
    desk.clock.advance(timedelta(days=30))
    figures = desk.by(identity.AUDITOR).GetInquiryStatistics(
        messages.GetInquiryStatisticsRequest(since="2026-07-01", until="2026-07-31")
    )
    assert (figures.asked, figures.answered, figures.overdue, figures.median_working_days) == (4, 2, 1, 1)
    assert {each.key: each.count for each in figures.by_answer} == {
        "CONTROLLED": 1,
        "NOT_CONTROLLED": 0,
        "DEPENDS": 1,
    }
    assert [(each.key, each.count) for each in figures.by_control_code] == [("1C004", 2), ("3C001.a", 1)]
    assert "10" in figures.note.zh
    assert "及时" in figures.note.zh
    reversed_days = messages.GetInquiryStatisticsRequest(since="2026-07-02", until="2026-07-01")
    error = refusal(lambda: desk.by(identity.AUDITOR).GetInquiryStatistics(reversed_days))
    assert reasons(error) == {"until": "INQUIRY_DAYS_REVERSED"}
