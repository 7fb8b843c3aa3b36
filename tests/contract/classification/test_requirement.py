"""Licence requirements over a socket: words of the table in, rows with their basis out."""

from collections.abc import Callable

import grpc
import pytest
from xuke.classification.v1 import requirement_pb2 as messages
from xuke.classification.v1 import requirement_pb2_grpc as contract

from services.classification.domain.requirement_rows import EndUse
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal
from tests.support import identity
from tests.support.services import RunningService

Determine = Callable[..., messages.Requirement]


@pytest.fixture
def determine(service: RunningService) -> Determine:
    stub = contract.RequirementServiceStub(service.channel(identity.EXPORTER))
    return lambda **values: stub.DetermineRequirement(messages.DetermineRequirementRequest(**values))


def refused(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


ORDINARY = {"mode": "EXPORT", "destination": "DE", "end_use": "CIVIL", "end_user_status": "NONE"}


def test_rows_carry_their_basis_and_the_answer_its_version_and_the_catch_all(determine: Determine) -> None:
    answer = determine(control_codes=["3c001.A"], **{**ORDINARY, "destination": "US"}, as_of="2026-11-28")
    assert answer.outcome == messages.REQUIREMENT_OUTCOME_PRESUMPTION_OF_DENIAL
    row = answer.rows[0]
    assert (row.row_id, row.source.instrument, row.source.article) == (
        "US-MINERALS",
        "商务部公告2024年第46号",
        "para. 2",
    )
    assert (row.standing, row.confidence, row.regime) == ("UNCONFIRMED", "high", "dual_use")
    assert list(row.control_codes) == ["3C001.a"]
    assert answer.as_of == "2026-11-28"
    assert answer.table_version.startswith("CN-LICENCE-REQUIREMENTS sha256:")
    assert [bool(text.zh and text.en) for text in answer.catch_all_questions] == [True] * 3


def test_no_licence_required_is_a_row_and_still_asks(determine: Determine) -> None:
    answer = determine(control_codes=["NOT_LISTED"], **ORDINARY)
    assert answer.outcome == messages.REQUIREMENT_OUTCOME_NO_LISTED_REQUIREMENT
    assert [row.row_id for row in answer.rows] == ["NOT-LISTED"]
    assert len(answer.catch_all_questions) == 3


def test_several_words_are_all_that_is_so(determine: Determine) -> None:
    answer = determine(control_codes=["1C004"], **{**ORDINARY, "end_user_status": "MILITARY; WATCH_LIST"})
    assert answer.outcome == messages.REQUIREMENT_OUTCOME_STRICT_REVIEW


def test_mass_market_cryptography_is_released_by_the_cryptography_law(determine: Determine) -> None:
    fact = "MASS_MARKET_CRYPTOGRAPHY"
    unknown = determine(control_codes=["5A002.b"], **ORDINARY)
    assert unknown.outcome == messages.REQUIREMENT_OUTCOME_INDIVIDUAL_LICENCE
    assert list(unknown.unknown_columns) == [fact]
    stated = determine(control_codes=["5A002.b"], **ORDINARY, facts_that_hold=[fact])
    assert stated.outcome == messages.REQUIREMENT_OUTCOME_NO_LISTED_REQUIREMENT
    assert (stated.rows[0].source.instrument, stated.rows[0].source.article) == ("密码法", "Art. 28(2)")
    denied = determine(control_codes=["5A002.b"], **ORDINARY, facts_that_do_not_hold=[fact])
    assert denied.outcome == messages.REQUIREMENT_OUTCOME_INDIVIDUAL_LICENCE
    assert list(denied.unknown_columns) == []


@pytest.mark.parametrize(
    ("code", "day", "outcome"),
    [
        # Announcement 2025 No. 55 was suspended through 2026-11-10 and counts, unconfirmed, from the next day.
        ("2C902.b", "2026-11-10", messages.REQUIREMENT_OUTCOME_NO_LISTED_REQUIREMENT),
        ("2C902.b", "2026-11-11", messages.REQUIREMENT_OUTCOME_INDIVIDUAL_LICENCE),
        # The heading of entries that apply counts as they do; what is not held counts as listed.
        ("2C902", "2026-11-11", messages.REQUIREMENT_OUTCOME_INDIVIDUAL_LICENCE),
        ("9A999", "2026-11-11", messages.REQUIREMENT_OUTCOME_INDIVIDUAL_LICENCE),
        # Before the days that the list covers nothing is said to be unlisted.
        ("2C902.b", "2024-11-30", messages.REQUIREMENT_OUTCOME_INDIVIDUAL_LICENCE),
    ],
)
def test_a_code_counts_as_its_entry_stands_on_the_day(
    determine: Determine, code: str, day: str, outcome: int
) -> None:
    answer = determine(control_codes=[code], **ORDINARY, as_of=day)
    assert answer.outcome == outcome
    # Whatever it counts as, it is called as in the request.
    assert {named for row in answer.rows for named in row.control_codes} == {code}


def test_every_end_use_can_be_stated_at_once(determine: Determine) -> None:
    words = ";".join(each.value for each in EndUse if each is not EndUse.CIVIL)
    answer = determine(control_codes=["1C004"], **{**ORDINARY, "end_use": words, "destination": "JP"})
    assert answer.outcome == messages.REQUIREMENT_OUTCOME_PROHIBITED


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"control_codes": ["1C004", "x"]}, "control_codes[1]", "CONTROL_CODE_MALFORMED"),
        ({"mode": "BY_AIR"}, "mode", "REQUIREMENT_WORD_UNKNOWN"),
        ({"end_use": "CIVIL;FUN"}, "end_use", "REQUIREMENT_WORD_UNKNOWN"),
        ({"end_user_status": "GOOD"}, "end_user_status", "REQUIREMENT_WORD_UNKNOWN"),
        ({"end_user_status": "NONE;MILITARY"}, "end_user_status", "REQUIREMENT_STATUS_CONTRADICTORY"),
        ({"facts_that_hold": ["NICE"]}, "facts_that_hold[0]", "REQUIREMENT_WORD_UNKNOWN"),
        (
            {"facts_that_hold": ["REGISTRABLE_ITEM"], "facts_that_do_not_hold": ["REGISTRABLE_ITEM"]},
            "facts_that_do_not_hold[0]",
            "REQUIREMENT_FACT_CONTRADICTORY",
        ),
        ({"as_of": "2026-02-30"}, "as_of", "CLASSIFICATION_DAY_INVALID"),
    ],
)
def test_a_word_that_the_table_does_not_know_is_refused_by_its_field(
    determine: Determine, values: dict[str, object], field: str, reason: str
) -> None:
    error = refused(lambda: determine(**values))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(each.field, each.reason) for each in error.violations] == [(field, reason)]


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda each: each.role.value)
def test_whoever_has_an_account_may_ask(service: RunningService, principal: Principal) -> None:
    stub = contract.RequirementServiceStub(service.channel(principal))
    answer = stub.DetermineRequirement(
        messages.DetermineRequirementRequest(control_codes=["1C004"], **ORDINARY)
    )
    assert answer.outcome == messages.REQUIREMENT_OUTCOME_INDIVIDUAL_LICENCE
