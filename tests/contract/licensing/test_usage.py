"""The write-off over the wire and in the database: balances, repetition, and many callers at once."""

import itertools
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import grpc
import psycopg
import pytest
from xuke.licensing.v1 import licence_pb2 as messages

from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from tests.conftest import ServiceDatabase, superuser_connection
from tests.contract.licensing.licence_world import (
    LicenceWorld,
    declaration,
    licence_world,
    line,
    write_off,
)
from tests.support import identity


@pytest.fixture(scope="module")
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        yield started


def balances(result: messages.WriteOffResult) -> tuple[str, str, str]:
    return result.reserved_quantity, result.committed_quantity, result.available_quantity


def test_the_single_licence_from_first_reservation_to_its_lapse(world: LicenceWorld) -> None:
    number = world.active()
    withdrawn, exported, third = declaration(), declaration(), declaration()
    assert balances(world.reserve(number, withdrawn, "100")) == ("100", "0", "0")
    assert not world.status(number).usable
    assert balances(world.release(number, withdrawn)) == ("0", "0", "100")
    assert world.status(number).usable
    assert balances(world.reserve(number, exported, "98.5")) == ("98.5", "0", "1.5")
    committed = world.commit(number, exported)
    assert balances(committed) == ("0", "98.5", "1.5")
    assert committed.licence_state == messages.LICENCE_STATE_COMPLETED
    refused = world.reserve(number, third, "1")
    assert (refused.accepted, refused.reason) == (False, "LICENCE_COMPLETED")
    assert "第十五条第二款" in refused.explanation.zh
    assert "Art. 15(2)" in refused.explanation.en
    status = world.status(number)
    assert (status.state, status.state_reason) == (messages.LICENCE_STATE_COMPLETED, "EXPORT_COMPLETED")
    assert (status.usable, status.uses_made) == (False, 1)


def test_the_ledger_tells_every_entry_in_order(world: LicenceWorld) -> None:
    number, declared = world.active(), declaration()
    world.reserve(number, declared, "60")
    world.commit(number, declared, "55")
    usage = world.licences(identity.EXPORTER).ListUsage(messages.ListUsageRequest(number=number))
    assert [(entry.kind, entry.quantity, entry.available_after) for entry in usage.entries] == [
        (messages.USAGE_KIND_RESERVE, "60", "40"),
        (messages.USAGE_KIND_RELEASE, "5", "45"),
        (messages.USAGE_KIND_COMMIT, "55", "45"),
    ]
    assert {entry.recorded_by for entry in usage.entries} == {identity.CUSTOMS_OFFICER.subject}


def test_more_than_the_balance_is_refused_and_says_what_is_left(world: LicenceWorld) -> None:
    number, declared = world.active(), declaration()
    refused = world.reserve(number, declared, "100.000001")
    assert (refused.accepted, refused.reason) == (False, "BALANCE_EXCEEDED")
    assert balances(refused) == ("0", "0", "100")
    assert "100.000001" in refused.explanation.en
    # What was refused leaves no trace, so that the corrected line is a first one.
    assert world.reserve(number, declared, "100").accepted


def test_quantities_keep_six_places_and_no_needless_zeros(world: LicenceWorld) -> None:
    number = world.active(instrument="GENERAL")
    assert balances(world.reserve(number, declaration(), "0.100000")) == ("0.1", "0", "99.9")
    assert balances(world.reserve(number, declaration(), "0.000001")) == ("0.100001", "0", "99.899999")


def test_a_second_commit_gets_the_first_answer_and_takes_nothing(world: LicenceWorld) -> None:
    number, declared = world.active(), declaration()
    world.reserve(number, declared, "60")
    first = world.commit(number, declared, "55")
    assert world.commit(number, declared, "55") == first
    assert world.commit(number, declared, "54").reason == "DECLARATION_LINE_CONFLICT"
    assert world.get(number).lines[0].committed_quantity == "55"


def test_a_released_line_is_neither_committed_nor_reserved_again(world: LicenceWorld) -> None:
    number, declared = world.active(), declaration()
    world.reserve(number, declared, "60")
    first = world.release(number, declared)
    assert world.release(number, declared) == first
    assert world.commit(number, declared).reason == "DECLARATION_LINE_RELEASED"
    assert world.reserve(number, declared, "60").reason == "DECLARATION_LINE_RELEASED"


def test_a_line_is_bound_to_its_licence(world: LicenceWorld) -> None:
    one, other, declared = world.active(), world.active(), declaration()
    assert world.reserve(one, declared, "10").accepted
    assert world.reserve(other, declared, "10").reason == "DECLARATION_LINE_CONFLICT"
    assert world.commit(other, declared).reason == "DECLARATION_LINE_CONFLICT"


def test_lines_of_one_call_are_accepted_or_refused_on_their_own(world: LicenceWorld) -> None:
    first, second = world.active(lines=(line(), line(2, "5"))), world.active()
    never = world.issue()
    request = messages.WriteOffRequest(declaration_number=declaration())
    for index, (number, licence_line, quantity) in enumerate(
        [
            (second, 1, "100"),
            (first, 2, "6"),
            (first, 1, "1"),
            (never, 1, "1"),
            ("XKA20263200001231", 1, "1"),
            ("?", 1, "1"),
        ],
        start=1,
    ):
        part = write_off(
            number, request.declaration_number, quantity, licence_line=licence_line, declaration_line=index
        )
        request.lines.extend(part.lines)
    results = world.customs().ReserveQuantities(request).results
    assert [result.reason for result in results] == [
        "",
        "BALANCE_EXCEEDED",
        "",
        "LICENCE_NOT_ACKNOWLEDGED",
        "LICENCE_UNKNOWN",
        "LICENCE_UNKNOWN",
    ]
    again = world.customs().ReserveQuantities(request).results
    assert [balances(result) for result in again if result.accepted] == [
        balances(result) for result in results if result.accepted
    ]


def test_one_event_for_each_licence_and_call_with_what_was_entered(world: LicenceWorld) -> None:
    number = world.active(lines=(line(), line(2)))
    request = write_off(number, declaration(), "10")
    request.lines.extend(
        write_off(number, request.declaration_number, "20", declaration_line=2, licence_line=2).lines
    )
    world.customs().ReserveQuantities(request)
    world.customs().ReserveQuantities(request)
    position = world.procedure().GetLicencePosition(messages.GetLicencePositionRequest(number=number))
    assert [event.action for event in position.events] == ["ISSUED", "ACKNOWLEDGED", "QUANTITIES_RESERVED"]
    # The procedure learns the declaration, not what was in it.
    assert dict(position.events[-1].references) == {"declaration_number": request.declaration_number}
    with world.work(identity.AUDITOR) as work:
        payload = work.connection.exec_driver_sql(
            "SELECT payload::jsonb FROM audit_event WHERE subject_id = %s AND subject_sequence = 3", (number,)
        ).scalar_one()
    assert [entry["quantity"] for entry in payload["entries"]] == ["10", "20"]


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": "1.0000001"},
        {"quantity": "-1"},
        {"quantity": "1e3"},
        {"hs_code": "284180"},
        {"declaration_line": 0},
    ],
)
def test_a_malformed_line_is_refused_naming_the_field(
    world: LicenceWorld, changes: dict[str, object]
) -> None:
    number = world.active()
    with pytest.raises(grpc.RpcError) as caught:
        world.reserve(number, declaration(), **({"quantity": "1"} | changes))
    error = from_rpc_error(caught.value)
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert error.violations[0].field == f"lines[0].{next(iter(changes))}"


def test_many_at_once_never_overdraw_a_licence(world: LicenceWorld) -> None:
    number = world.active(instrument="GENERAL")
    declarations = [declaration() for _ in range(40)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda declared: world.reserve(number, declared, "3"), declarations))
    assert sum(result.accepted for result in results) == 33
    assert {result.reason for result in results if not result.accepted} == {"BALANCE_EXCEEDED"}
    assert balances(
        world.commit(number, next(d for d, r in zip(declarations, results, strict=True) if r.accepted))
    ) == (
        "96",
        "3",
        "1",
    )


def test_the_same_declaration_sent_many_times_at_once_counts_once(world: LicenceWorld) -> None:
    number, declared = world.active(), declaration()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: world.reserve(number, declared, "30"), range(16)))
        commits = list(pool.map(lambda _: world.commit(number, declared), range(16)))
    assert all(result == results[0] for result in results)
    assert all(result == commits[0] for result in commits)
    assert balances(commits[0]) == ("0", "30", "70")


def test_a_single_licence_is_won_by_one_of_many_declarations(world: LicenceWorld) -> None:
    number = world.active()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: world.reserve(number, declaration(), "1"), range(16)))
    assert sum(result.accepted for result in results) == 1
    assert {result.reason for result in results if not result.accepted} == {"USE_IN_PROGRESS"}


def test_calls_over_the_same_licences_in_any_order_do_not_block_each_other(world: LicenceWorld) -> None:
    numbers = [world.active(instrument="GENERAL") for _ in range(4)]
    orders = list(itertools.permutations(numbers))[:16]

    def reserve(order: tuple[str, ...]) -> list[bool]:
        request = messages.WriteOffRequest(declaration_number=declaration())
        for index, number in enumerate(order, start=1):
            request.lines.extend(
                write_off(number, request.declaration_number, "1", declaration_line=index).lines
            )
        return [result.accepted for result in world.customs().ReserveQuantities(request).results]

    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(reserve, orders))
    assert all(all(lines) for lines in accepted)
    assert {world.get(number).lines[0].reserved_quantity for number in numbers} == {"16"}


def test_one_declaration_on_two_licences_at_once_is_bound_to_one(world: LicenceWorld) -> None:
    one, other, declared = world.active(), world.active(), declaration()
    start = threading.Barrier(2)

    def reserve(number: str) -> messages.WriteOffResult:
        start.wait()
        return world.reserve(number, declared, "1")

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(reserve, (one, other)))
    assert sorted(result.reason for result in results) == ["", "DECLARATION_LINE_CONFLICT"]


def test_random_traffic_keeps_ledger_and_balances_in_step(world: LicenceWorld) -> None:
    number = world.active(instrument="GENERAL", lines=(line(1, "50"), line(2, "20")))
    declarations = [declaration() for _ in range(6)]

    def traffic(seed: int) -> None:
        choose = random.Random(seed)
        for _ in range(12):
            act = choose.choice([world.reserve, world.reserve, world.commit, world.release])
            quantity = (
                choose.choice(["5", "7.5", "12"]) if act == world.reserve else choose.choice(["", "5", "3"])
            )
            act(
                number,
                choose.choice(declarations),
                quantity,
                declaration_line=choose.randint(1, 2),
                licence_line=choose.randint(1, 2),
            )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(traffic, range(6)))
    with world.work(identity.AUDITOR) as work:
        rows = work.connection.exec_driver_sql(
            "SELECT line.licensed, line.reserved, line.committed,"
            " coalesce(sum(quantity) FILTER (WHERE kind = 'RESERVE'), 0),"
            " coalesce(sum(quantity) FILTER (WHERE kind = 'COMMIT'), 0),"
            " coalesce(sum(quantity) FILTER (WHERE kind = 'RELEASE'), 0)"
            " FROM licence_line AS line LEFT JOIN usage_entry AS entry"
            " ON (entry.licence_number, entry.licence_line) = (line.licence_number, line.line_number)"
            " WHERE line.licence_number = %s GROUP BY line.licence_number, line.line_number",
            (number,),
        ).all()
    assert len(rows) == 2
    for licensed, reserved, committed, entered, left, given_back in rows:
        assert Decimal(0) <= reserved
        assert reserved + committed <= licensed
        assert (reserved, committed) == (entered - left - given_back, left)
    assert any(row[3] > 0 for row in rows)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE licence_line SET reserved = 101 WHERE licence_number = %s",
        "UPDATE licence_line SET committed = -1 WHERE licence_number = %s",
        "UPDATE licence SET uses_taken = 2 WHERE number = %s",
    ],
)
def test_the_database_itself_refuses_an_overdrawn_licence(world: LicenceWorld, statement: str) -> None:
    number = world.active()
    with superuser_connection(world.addresses) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(statement, (number,))


@pytest.mark.parametrize(
    "table", ["usage_entry", "licence_change", "licence_statement", "licence", "audit_event"]
)
def test_the_service_cannot_delete_what_it_recorded(world: LicenceWorld, table: str) -> None:
    with world.database.engine.connect() as connection, pytest.raises(Exception, match="permission denied"):
        connection.exec_driver_sql(f"DELETE FROM {table}")
