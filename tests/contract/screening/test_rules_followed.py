"""A grade or a rule that two people change, and a suspension that ends, look again at whom they concern."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from xuke.screening.v1 import list_pb2, list_pb2_grpc
from xuke.screening.v1 import rescreening_pb2 as messages
from xuke.screening.v1 import rescreening_pb2_grpc as contract
from xuke.screening.v1 import screening_pb2 as screening
from xuke.screening.v1 import screening_pb2_grpc as screening_contract

from services.foundation.database import Database
from services.foundation.ledger import Subject
from services.foundation.principal import Principal
from services.screening.bases import Bases
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.rule_rows import (
    DESTINATION_COLUMNS,
    RULE_COLUMNS,
    destination_row,
    register,
    rule_row,
    rule_set,
)
from services.screening.server import registrations
from services.screening.store.rules import current_destinations, current_rules
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.contract.screening.cases import refusal
from tests.support import identity
from tests.support.services import RunningService, SettableClock, call_of, request_id, running


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))


@pytest.fixture
def service(
    service_database: Callable[[str], ServiceDatabase], shipped: Shipped, clock: SettableClock
) -> Iterator[RunningService]:
    database = Database(service_database("screening").url, ledger)
    load(database, shipped, clock)
    with running(registrations(database, Bases(read_comparison())), clock) as service:
        yield service
    database.dispose()


def csv_of(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def propose(service: RunningService, file_format: int, content: bytes) -> list_pb2.Proposal:
    description = list_pb2.ImportDescription(
        request_id=request_id(),
        format=list_pb2.ListFormat.ValueType(file_format),
        read_on="2026-11-21",
        file_name="rules.csv",
        reason="A new announcement",
    )
    lists = list_pb2_grpc.ListServiceStub(service.channel(identity.LIST_EDITOR))
    proposed = lists.ProposeImport(
        iter(
            [
                list_pb2.ProposeImportRequest(description=description),
                list_pb2.ProposeImportRequest(content=content),
            ]
        )
    )
    # What it would change is counted when it is read.
    return lists.GetProposal(list_pb2.GetProposalRequest(proposal_id=proposed.proposal_id))


def activate(service: RunningService, proposal: list_pb2.Proposal, who: Principal) -> list_pb2.Proposal:
    return list_pb2_grpc.ListServiceStub(service.channel(who)).ActivateProposal(
        list_pb2.ActivateProposalRequest(
            request_id=request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
        )
    )


def watch(service: RunningService, name: str, destination: str) -> screening.Screening:
    party = screening.Party(role=screening.PARTY_ROLE_END_USER, name_en=name, country=destination)
    return screening_contract.ScreeningServiceStub(service.channel(identity.PROCEDURE)).Screen(
        screening.ScreenRequest(
            request_id=request_id(),
            subject=f"{name}/1",
            watched_as=f"applications/{name}",
            parties=[party],
            destination=destination,
            end_user_kind=screening.END_USER_KIND_CIVIL,
            end_use_purpose=screening.END_USE_PURPOSE_CIVIL,
        )
    )


def looked_again(service: RunningService) -> dict[str, messages.ChangedScreening]:
    """What differs after everything that changed was followed, by the watched export."""
    stub = contract.RescreeningServiceStub(service.channel(identity.PROCEDURE))
    while stub.Rescreen(messages.RescreenRequest(request_id=request_id())).more:
        pass
    found = stub.ListUndelivered(messages.ListUndeliveredRequest()).results
    return {each.watched_as.removeprefix("applications/"): each for each in found}


def test_a_new_grade_of_a_destination_looks_again_at_its_exports(
    service: RunningService, shipped: Shipped
) -> None:
    assert watch(service, "seoul-works", "KR").verdict == screening.VERDICT_CLEAR
    watch(service, "berlin-works", "DE")
    assert looked_again(service) == {}

    grades = [destination_row(each) for each in shipped.destinations.destinations]
    korea = grades[0] | {"country": "KR", "grade": "HIGH", "demands": "DUE_DILIGENCE"}
    proposal = propose(
        service,
        list_pb2.LIST_FORMAT_DESTINATIONS_CSV,
        csv_of(DESTINATION_COLUMNS, [*grades, korea | {"effective_from": "2026-11-21"}]),
    )
    assert (proposal.added, proposal.changed, proposal.ended) == (1, 0, 0)
    assert (proposal.more_severe, proposal.less_severe) == (1, 0)
    assert refusal(lambda: activate(service, proposal, identity.LIST_EDITOR)).reason == "FOUR_EYES"
    activate(service, proposal, identity.SECOND_EDITOR)

    found = looked_again(service)
    assert list(found) == ["seoul-works"]
    result = found["seoul-works"]
    assert result.cause == messages.RESCREENING_CAUSE_RULES_CHANGED
    assert result.screening.verdict == screening.VERDICT_REVIEW
    (finding,) = result.screening.rule_findings
    assert finding.rule_id == "DESTINATION-KR"
    assert list(finding.demands) == [screening.DEMAND_DUE_DILIGENCE]
    assert proposal.list_version in result.screening.versions


def test_a_rule_that_a_file_leaves_out_ends_and_its_exports_are_looked_at_again(
    service: RunningService, shipped: Shipped
) -> None:
    rules = [rule_row(rule) for rule in shipped.rules.rules]
    banned = rules[0] | {"rule_id": "DE-ALL", "destination": "DE", "effective_from": "2026-11-01"}
    banned |= dict.fromkeys(
        ("end_user_kinds", "end_use_purposes", "catch_all_limbs", "knowledge", "effective_to"), ""
    )
    added = propose(
        service,
        list_pb2.LIST_FORMAT_RULES_CSV,
        csv_of(RULE_COLUMNS, [*rules, banned | {"verdict": "PROHIBITED"}]),
    )
    activate(service, added, identity.SECOND_EDITOR)
    assert watch(service, "berlin-works", "DE").verdict == screening.VERDICT_PROHIBITED

    ended = propose(service, list_pb2.LIST_FORMAT_RULES_CSV, csv_of(RULE_COLUMNS, rules))
    assert (ended.added, ended.ended, ended.less_severe) == (0, 1, 1)
    activate(service, ended, identity.SECOND_EDITOR)
    assert looked_again(service)["berlin-works"].screening.verdict == screening.VERDICT_CLEAR
    lists = list_pb2_grpc.ListServiceStub(service.channel(identity.AUDITOR))
    kept = {rule.rule_id: rule for rule in lists.ListRules(list_pb2.ListRulesRequest()).rules}
    assert (kept["DE-ALL"].effective_to, kept["DE-ALL"].in_force) == ("2026-11-20", False)


def test_a_suspension_that_ends_looks_again_although_nobody_changed_anything(
    service: RunningService, clock: SettableClock
) -> None:
    assert watch(service, "boston-works", "US").verdict == screening.VERDICT_CLEAR
    assert looked_again(service) == {}
    # Announcement 2025 No. 72 suspends paragraph 2 of Announcement 2024 No. 46 up to 2026-11-27.
    clock.advance(timedelta(days=7))
    result = looked_again(service)["boston-works"]
    assert (result.cause, result.cause_version) == (messages.RESCREENING_CAUSE_DAY_CHANGED, "2026-11-28")
    assert {finding.rule_id for finding in result.screening.rule_findings} == {
        "DESTINATION-US",
        "US-MINERALS-AND-GRAPHITE",
    }


def test_rules_and_grades_of_a_later_program_are_proposed_and_one_editor_decides(
    service_database: Callable[[str], ServiceDatabase], shipped: Shipped, clock: SettableClock
) -> None:
    database = Database(service_database("screening").url, ledger)
    rules = [rule_row(rule) for rule in shipped.rules.rules]
    grades = [destination_row(each) for each in shipped.destinations.destinations]

    def program(rule_id: str) -> Shipped:
        """A later program: a rule more, and one grade lowered."""
        more = rules[0] | {"rule_id": rule_id, "effective_from": "2026-11-21"}
        lowered = [grades[0] | {"grade": "LOW", "reason_en": rule_id}, *grades[1:]]
        return replace(shipped, rules=rule_set([*rules, more]), destinations=register(lowered))

    def counting() -> tuple[str | None, str | None]:
        with database.begin(call_of(identity.AUDITOR)) as work:
            return current_rules(work.connection), current_destinations(work.connection)

    def events(subject: Subject) -> list[str]:
        with database.begin(call_of(identity.AUDITOR)) as work:
            return [event.action for event in work.events(subject, 0)]

    first = (shipped.rules.version, shipped.destinations.version)
    try:
        load(database, shipped, clock)
        assert counting() == first
        later, latest = program("LATER"), program("LATEST")
        for newer in (later, latest):
            # Even what no person has touched is not replaced by a start of the program, and nothing says it was.
            assert load(database, newer, clock) == [newer.rules.version, newer.destinations.version]
            assert load(database, newer, clock) == []
            assert counting() == first
            assert events(Subject("rule_set", newer.rules.version)) == []
            assert events(Subject("destination_register", newer.destinations.version)) == []
        with running(registrations(database, Bases(read_comparison())), clock) as service:
            lists = list_pb2_grpc.ListServiceStub(service.channel(identity.LIST_EDITOR))
            made = lists.ListProposals(list_pb2.ListProposalsRequest()).proposals
            open_ones = [one for one in made if one.state == list_pb2.PROPOSAL_STATE_PROPOSED]
            assert (len(made), len(open_ones)) == (4, 2)
            for one in open_ones:
                assert one.proposed_by == "service:screening"
                whole = lists.GetProposal(list_pb2.GetProposalRequest(proposal_id=one.proposal_id))
                activate(service, whole, identity.LIST_EDITOR)
        assert counting() == (latest.rules.version, latest.destinations.version)
        # A start with an old program undoes nothing.
        assert load(database, shipped, clock) == load(database, later, clock) == []
        assert counting() == (latest.rules.version, latest.destinations.version)
    finally:
        database.dispose()
