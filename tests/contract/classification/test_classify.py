"""Classification over a socket, with its list in PostgreSQL."""

from collections.abc import Callable

import grpc
import pytest
from xuke.classification.v1 import classification_pb2 as messages
from xuke.classification.v1 import classification_pb2_grpc as contract

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal
from tests.support import identity
from tests.support.services import RunningService

Stub = Callable[[Principal], contract.ClassificationServiceStub]

TUNGSTATE = messages.Item(
    kind=messages.ITEM_KIND_GOODS,
    name_zh="仲钨酸铵",
    name_en="ammonium paratungstate",
    hs_code="2841801000",
)


def classify(stub: Stub, item: messages.Item, **request: str) -> messages.ClassifyResponse:
    return stub(identity.EXPORTER).Classify(messages.ClassifyRequest(item=item, **request))


def refusal(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


def test_ammonium_paratungstate_is_controlled_and_the_answer_says_why(stub: Stub) -> None:
    answer = classify(stub, TUNGSTATE, destination="KR")
    assert answer.overall == messages.OUTCOME_CONTROLLED
    assert answer.as_of == "2026-11-21"
    assert len(answer.list_versions) == 1
    first = answer.candidates[0]
    assert first.rank == 1
    assert first.outcome == messages.OUTCOME_CONTROLLED
    assert first.entry.control_code == "1C117.d.1"
    assert first.entry.list_version == answer.list_versions[0]
    assert first.entry.regime == "cn_dual_use"
    assert first.entry.status == messages.ENTRY_STATUS_IN_FORCE
    assert first.entry.effective_from == "2025-02-04"
    assert first.entry.source.instrument == "商务部 海关总署公告2025年第10号"
    assert first.entry.source.url.startswith("http://exportcontrol.mofcom.gov.cn/")
    assert {(reason.kind, reason.code) for reason in first.reasons} == {
        (messages.REASON_KIND_HS_CODE, "HS_CODE_10"),
        (messages.REASON_KIND_TEXT_ZH, "TEXT_EXACT"),
        (messages.REASON_KIND_TEXT_EN, "TEXT_EXACT"),
        (messages.REASON_KIND_RULE, "DESCRIPTION_MET"),
    }
    assert all(reason.text.zh and reason.text.en for reason in first.reasons)
    assert "2841801000" in next(reason.text.en for reason in first.reasons if reason.code == "HS_CODE_10")


def test_missing_parameters_are_asked_with_the_text_of_the_entry(stub: Stub) -> None:
    item = messages.Item(name_zh="三氧化二锑", hs_code="2825800010")
    answer = classify(stub, item)
    assert answer.overall == messages.OUTCOME_NEEDS_INFORMATION
    question = answer.questions[0]
    assert (question.code, question.control_code) == ("STATE_QUANTITY", "3C003.c")
    assert question.quote == "纯度大于等于99.99%"
    assert question.settles == ["3C003.c"]
    assert "纯度大于等于99.99%" in question.text.zh
    assert "purity" in question.text.en

    item.parameters.add(name="purity", value="99.5", unit="%")
    judged = classify(stub, item)
    assert judged.overall == messages.OUTCOME_NOT_CONTROLLED_FOR_ENTRY
    lines = {line.quote: line for line in judged.candidates[0].conditions}
    assert lines["纯度大于等于99.99%"].truth == messages.TRUTH_FALSE
    assert lines["纯度大于等于99.99%"].given == "99.5 %"
    assert judged.customs_remark.code == "CUSTOMS_NEAR_LIMIT"
    assert judged.customs_remark.text.zh.startswith("不属于管制物项")

    item.parameters[0].value = "99.995"
    assert classify(stub, item).overall == messages.OUTCOME_CONTROLLED


def test_a_controlled_item_has_its_sentence_for_customs_and_its_agencies(stub: Stub) -> None:
    answer = classify(stub, TUNGSTATE)
    assert answer.customs_remark.text.zh == "属于两用物项，管制编码：1C117.d.1"
    assert [(each.agency, each.necessity) for each in answer.candidates[0].agencies] == [
        ("MOFCOM", messages.AGENCY_NECESSITY_COMPETENT),
        ("CMC-EDD", messages.AGENCY_NECESSITY_AS_NEEDED),
        ("SASTIND", messages.AGENCY_NECESSITY_AS_NEEDED),
    ]
    assert [each.basis_is_law for each in answer.candidates[0].agencies] == [True, False, False]
    assert {each.entry.control_code for each in answer.related} >= {"1C117.d.2", "1C117.d.3"}
    assert answer.candidates[0].identified


def test_a_controlled_chemical_is_told_with_its_regime_its_bodies_and_its_class(stub: Stub) -> None:
    answer = classify(stub, messages.Item(name_zh="氰化钠", cas_number="143-33-9"))
    (regime,) = answer.legal_regimes
    assert (regime.regime, regime.possible, list(regime.because)) == (
        "CONTROLLED_CHEMICAL",
        False,
        ["1C450.c.22"],
    )
    assert (regime.source.instrument, regime.source.article) == ("两用物项出口管制条例", "Art. 47(2)")
    first = answer.candidates[0]
    assert [each.agency for each in first.agencies] == ["MIIT", "MOFCOM"]
    (obligation,) = first.entry.obligations
    assert (obligation.arrangement, obligation.reference, obligation.basis_kind) == (
        "CONTROLLED_CHEMICALS",
        "3",
        "inferred",
    )
    assert (first.entry.same_number.control_code, first.entry.same_number.regime) == ("1C450", "eu_dual_use")


def test_words_of_the_missile_list_lead_to_the_military_regime(stub: Stub) -> None:
    answer = classify(stub, messages.Item(name_zh="弹道导弹"))
    assert answer.overall == messages.OUTCOME_NEEDS_INFORMATION
    (regime,) = answer.legal_regimes
    assert (regime.regime, regime.possible) == ("MILITARY", True)
    assert regime.source.article == "Art. 47(3)"
    assert "弹道导弹" in regime.quote


def test_an_entry_of_unconfirmed_standing_is_applied_and_marked(stub: Stub) -> None:
    item = messages.Item(name_zh="金属钬")
    now = classify(stub, item)
    assert now.overall == messages.OUTCOME_CONTROLLED
    assert now.candidates[0].entry.status == messages.ENTRY_STATUS_UNCONFIRMED
    assert "ENTRY_UNCONFIRMED" in {reason.code for reason in now.candidates[0].reasons}
    before = classify(stub, item, as_of="2026-11-10")
    assert before.overall == messages.OUTCOME_NOT_CONTROLLED_FOR_ENTRY
    assert before.candidates[0].entry.status == messages.ENTRY_STATUS_SUSPENDED


def test_no_entry_found_asks_the_catch_all(stub: Stub) -> None:
    answer = classify(stub, messages.Item(name_zh="木制家具", hs_code="9403600000"))
    assert answer.overall == messages.OUTCOME_NO_ENTRY_FOUND
    assert [question.code for question in answer.questions] == [
        "CATCH_ALL_NATIONAL_SECURITY",
        "CATCH_ALL_MASS_DESTRUCTION",
        "CATCH_ALL_TERRORISM",
    ]
    assert all("第十二条第三款" in question.text.zh for question in answer.questions)


@pytest.mark.parametrize(
    ("item", "request_fields", "field", "reason"),
    [
        (messages.Item(name_zh="仲钨酸铵", hs_code="9999887700"), {}, "item.hs_code", "HS_CODE_UNKNOWN"),
        (messages.Item(name_zh="仲钨酸铵", hs_code="28418"), {}, "item.hs_code", "string.pattern"),
        (messages.Item(), {}, "item", "ITEM_UNDESCRIBED"),
        (messages.Item(cas_number="7681-49-5"), {}, "item.cas_number", "CAS_NUMBER_MALFORMED"),
        (TUNGSTATE, {"as_of": "2026-02-30"}, "as_of", "CLASSIFICATION_DAY_INVALID"),
        (TUNGSTATE, {"regime": "us_ear"}, "regime", "REGIME_UNKNOWN"),
    ],
)
def test_bad_input_names_the_field(
    stub: Stub, item: messages.Item, request_fields: dict[str, str], field: str, reason: str
) -> None:
    error = refusal(lambda: classify(stub, item, **request_fields))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(found.field, found.reason) for found in error.violations] == [(field, reason)]


def test_an_unknown_commodity_code_is_named_in_the_error(stub: Stub) -> None:
    error = refusal(lambda: classify(stub, messages.Item(name_zh="x", hs_code="9999887700")))
    assert error.violations[0].metadata == {"hs_code": "9999887700"}


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda principal: principal.role.value)
def test_whoever_has_an_account_may_ask(stub: Stub, principal: Principal) -> None:
    client = stub(principal)
    assert client.Classify(messages.ClassifyRequest(item=TUNGSTATE)).candidates
    assert client.GetEntry(messages.GetEntryRequest(control_code="1C117.d.1")).name_zh == "仲钨酸铵"
    assert client.SearchEntries(messages.SearchEntriesRequest(query="锑")).entries
    assert client.ListListVersions(messages.ListListVersionsRequest()).versions


def test_nobody_asks_without_an_account(service: RunningService) -> None:
    request = messages.ClassifyRequest(item=TUNGSTATE)
    client = contract.ClassificationServiceStub(service.channel(identity.EXPORTER))
    error = refusal(lambda: client.Classify(request, metadata=[("authorization", "Bearer nonsense")]))
    assert (error.code, error.reason) == (ErrorCode.UNAUTHENTICATED, "TOKEN_INVALID")
