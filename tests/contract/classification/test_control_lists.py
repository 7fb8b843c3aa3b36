"""Control lists are changed by two people: a file or a form proposes, another person activates, nothing is removed."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import grpc
import pytest
import sqlalchemy
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as messages

from services.classification import reclassification, stored_items
from services.classification.domain.entries import ControlList
from services.classification.domain.index import ListIndex
from services.classification.domain.item import Item, Nature
from services.classification.domain.outcomes import Outcome
from services.classification.examination import Examination, read_examination
from services.classification.indexes import Indexes
from services.classification.loading import load
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server import registrations
from services.classification.service import classify_item
from services.classification.store import tasks
from services.classification.store.proposal_tables import control_list_change, control_list_proposal
from services.classification.store.tables import ledger
from services.classification.upkeep import Upkeep
from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.ledger import Subject
from services.foundation.pagination import encode_page_token
from tests.conftest import ServiceDatabase
from tests.contract.classification.lists import REGIME, Person, refusal
from tests.support import identity
from tests.support.services import RunningService, SettableClock, call_of, request_id, running

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEADER = "identifier,control_code,name_zh,name_en,parameters_zh,parameters_complete,hs_codes,announcement,"
HEADER += "quality,effective_from\n"
NEW = "3C909,3C909,试验用氧化铪溅射靶材,hafnium oxide trial target,,yes,2825902000,2026-80,A,2026-11-01\n"
HAFNIUM = cl.Item(kind=cl.ITEM_KIND_GOODS, name_zh="试验用氧化铪溅射靶材", hs_code="2825902000")
APT = cl.Item(
    kind=cl.ITEM_KIND_GOODS, name_zh="仲钨酸铵", name_en="ammonium paratungstate", hs_code="2841801000"
)


@pytest.fixture(scope="module")
def shipped() -> ControlList:
    return read_control_list()


@pytest.fixture(scope="module")
def examination() -> Examination:
    return read_examination()


@pytest.fixture(scope="module")
def indexes() -> Indexes:
    return Indexes(read_search_policy())


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def database(
    service_database: Callable[[str], ServiceDatabase], shipped: ControlList, clock: SettableClock
) -> Iterator[Database]:
    database = Database(service_database("classification").url, ledger)
    load(database, shipped, clock)
    yield database
    database.dispose()


@pytest.fixture
def upkeep(database: Database, indexes: Indexes, examination: Examination, clock: SettableClock) -> Upkeep:
    return Upkeep(database, indexes, examination, clock)


@pytest.fixture
def service(
    database: Database, indexes: Indexes, examination: Examination, clock: SettableClock
) -> Iterator[RunningService]:
    with running(registrations(database, indexes, examination), clock) as service:
        yield service


@pytest.fixture
def editor(service: RunningService) -> Person:
    return Person(service, identity.LIST_EDITOR)


@pytest.fixture
def second(service: RunningService) -> Person:
    return Person(service, identity.SECOND_EDITOR)


@pytest.fixture
def procedure(service: RunningService) -> Person:
    return Person(service, identity.PROCEDURE)


def keep(procedure: Person, item: cl.Item, subject: str) -> cl.ClassifyResponse:
    return procedure.classification.Classify(
        cl.ClassifyRequest(item=item, subject=subject, organisation="91320100MA1XUKE016")
    )


def stamp(moment: datetime) -> Timestamp:
    found = Timestamp()
    found.FromDatetime(moment)
    return found


def rows(database: Database) -> tuple[int, ...]:
    with database.begin(call_of(identity.LIST_EDITOR)) as work:
        return tuple(
            work.connection.execute(
                sqlalchemy.select(sqlalchemy.func.count()).select_from(table)
            ).scalar_one()
            for table in (control_list_proposal, control_list_change, ledger.audit_event)
        )


def test_an_entry_counts_once_a_second_person_activates_it(
    editor: Person, second: Person, database: Database, shipped: ControlList
) -> None:
    proposal = editor.bring_in(HEADER + NEW)
    assert (proposal.state, proposal.kind) == (
        messages.CONTROL_LIST_PROPOSAL_STATE_PROPOSED,
        messages.CONTROL_LIST_PROPOSAL_KIND_LIST,
    )
    assert proposal.base_version == shipped.version
    assert (proposal.added, proposal.changed, proposal.ended) == (1, 0, 0)
    assert proposal.unchanged == len(shipped.entries)
    assert list(proposal.allowed_actions) == ["withdraw"]
    (change,) = editor.changes(proposal)
    assert (change.control_code, change.kind, change.name_zh) == ("3C909", "ADDED", "试验用氧化铪溅射靶材")
    told = {field.field: (field.before, field.after) for field in change.fields}
    assert told["hs_references"] == ("", "2825902000 announcement 2026-80")
    assert told["standings"] == ("", "IN_FORCE 2026-11-01.. (2026-80)")
    assert refusal(lambda: editor.entry("3C909")).code is ErrorCode.NOT_FOUND

    assert list(second.read(proposal).allowed_actions) == ["activate", "reject"]
    activated = second.activate(proposal)
    assert (activated.state, activated.decided_by) == (
        messages.CONTROL_LIST_PROPOSAL_STATE_ACTIVATED,
        "editor-2",
    )
    assert editor.entry("3C909").list_version == activated.list_version == editor.current()
    classified = editor.classification.Classify(cl.ClassifyRequest(item=HAFNIUM))
    assert classified.overall == cl.OUTCOME_CONTROLLED
    assert classified.candidates[0].entry.control_code == "3C909"
    assert [each.list_version for each in editor.versions()] == [activated.list_version, shipped.version]
    with database.begin(call_of(identity.AUDITOR)) as work:
        about = work.events(Subject("control_list_proposal", proposal.proposal_id))
        (counted,) = work.events(Subject("control_list_regime", REGIME))
    assert [(event.action, event.actor_subject) for event in about] == [
        ("CONTROL_LIST_PROPOSED", "editor-1"),
        ("CONTROL_LIST_PROPOSAL_ACTIVATED", "editor-2"),
    ]
    assert counted.payload["version"] == activated.list_version


def test_four_eyes(editor: Person, second: Person, database: Database) -> None:
    proposal = editor.bring_in(HEADER + NEW)
    for act, reason in (
        (editor.activate, "FOUR_EYES"),
        (editor.reject, "FOUR_EYES"),
        (second.withdraw, "PROPOSAL_OF_ANOTHER"),
    ):
        error = refusal(lambda act=act: act(proposal))
        assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, reason)
    with (
        pytest.raises(sqlalchemy.exc.IntegrityError, match="four_eyes"),
        database.begin(call_of(identity.LIST_EDITOR)) as work,
    ):
        work.connection.execute(
            sqlalchemy.update(control_list_proposal).values(
                state="ACTIVATED", decided_by="editor-1", decided_at=NOW
            )
        )
    stale = messages.ControlListProposal(proposal_id=proposal.proposal_id, etag="7")
    assert refusal(lambda: second.activate(stale)).reason == "STALE_ETAG"
    rejected = second.reject(proposal)
    assert rejected.decision_reason == "Not by this announcement"
    assert refusal(lambda: second.activate(rejected)).reason == "PROPOSAL_STATE_FORBIDS_ACTION"
    assert refusal(lambda: editor.entry("3C909")).code is ErrorCode.NOT_FOUND


def test_of_two_proposals_on_the_same_version_one_counts(editor: Person, second: Person) -> None:
    first = editor.bring_in(HEADER + NEW)
    other = editor.bring_in(HEADER + NEW.replace("3C909", "3C910"))
    second.activate(first)
    assert refusal(lambda: second.activate(other)).reason == "PROPOSAL_BASE_CHANGED"
    assert second.read(other).outcome_changes == 0
    # Withdrawing it is still possible, so that it does not stand open for ever.
    assert editor.withdraw(other).state == messages.CONTROL_LIST_PROPOSAL_STATE_WITHDRAWN


def test_of_two_proposals_activated_at_the_same_time_one_counts(editor: Person, second: Person) -> None:
    proposals = [
        editor.bring_in(HEADER + NEW.replace("3C909", code)) for code in ("3C909", "3C910", "3C911", "3C912")
    ]

    def activate(proposal: messages.ControlListProposal) -> str:
        try:
            return second.activate(proposal).list_version
        except grpc.RpcError as error:
            return from_rpc_error(error).reason

    with ThreadPoolExecutor(len(proposals)) as pool:
        came_of_it = sorted(pool.map(activate, proposals))
    assert came_of_it == [editor.current(), *["PROPOSAL_BASE_CHANGED"] * 3]


def test_nothing_that_counted_is_ever_changed_or_removed(database: Database) -> None:
    for statement in (
        "DELETE FROM list_activation",
        "UPDATE list_activation SET activated_at = now()",
        "DELETE FROM interpretation",
        "UPDATE interpretation SET answer = 'TRUE'",
        "DELETE FROM control_list_proposal",
        "UPDATE control_list_proposal SET reason = ''",
        "DELETE FROM control_list_change",
        "DELETE FROM classified_item",
        "DELETE FROM classification_run",
        "UPDATE classification_run SET outcome = ''",
        "DELETE FROM reclassification_task",
        "UPDATE reclassification_task SET outcome_after = ''",
    ):
        with (
            pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
            database.engine.begin() as connection,
        ):
            connection.execute(sqlalchemy.text(statement))


def test_before_the_first_list_nothing_was_known(editor: Person) -> None:
    long_ago = stamp(NOW - timedelta(days=1))
    error = refusal(lambda: editor.entry("1C117.d.1", known_at=long_ago))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "CONTROL_LIST_NOT_LOADED")
    found = editor.classification.SearchEntries(
        cl.SearchEntriesRequest(query="1C117.d.1", known_at=stamp(NOW))
    )
    assert found.list_versions == [editor.current()]


def test_a_request_that_is_repeated_is_answered_as_before(editor: Person, second: Person) -> None:
    same = request_id()
    first = editor.bring_in(HEADER + NEW, request_id=same)
    second.activate(first)
    again = editor.bring_in(HEADER + NEW, request_id=same, chunk=7)
    assert again.proposal_id == first.proposal_id
    error = refusal(lambda: editor.bring_in(HEADER + NEW + NEW.replace("3C909", "3C911"), request_id=same))
    assert error.reason == "REQUEST_ID_REUSED"


def test_the_faults_of_a_file_are_told_with_line_and_column_and_nothing_is_kept(
    editor: Person, database: Database
) -> None:
    before = rows(database)
    content = HEADER + (
        ",,,,,maybe,12,,Z,2026-13-01\n"
        "3C909,3C909,名称,,,yes,2825902000,2026-80,A,\n"
        "3C909,3C909,名称,,,yes,2825902000,2026-80,A,2026-01-01\n"
    )
    error = refusal(lambda: editor.bring_in(content))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert {(each.field, each.reason) for each in error.violations} == {
        ("lines[2].identifier", "IMPORT_VALUE_MISSING"),
        ("lines[2].name_zh", "IMPORT_ENTRY_UNNAMED"),
        ("lines[2].announcement", "IMPORT_VALUE_MISSING"),
        ("lines[2].parameters_complete", "IMPORT_WORD_UNKNOWN"),
        ("lines[2].quality", "IMPORT_WORD_UNKNOWN"),
        ("lines[2].hs_codes", "IMPORT_HS_CODE_INVALID"),
        ("lines[2].effective_from", "IMPORT_DAY_INVALID"),
        ("lines[2].effective_from", "IMPORT_VALUE_MISSING"),
        ("lines[3].effective_from", "IMPORT_VALUE_MISSING"),
        ("lines[4].identifier", "IMPORT_ENTRY_TWICE"),
    }
    for broken, reason in (
        (b"\xff\xfe", "IMPORT_NOT_UTF8"),
        (b"", "IMPORT_FILE_EMPTY"),
        (b"identifier,announcement\n", "IMPORT_FILE_EMPTY"),
        (b"identifier\n1", "IMPORT_COLUMN_MISSING"),
        (b"identifier,announcement,colour\n", "IMPORT_COLUMN_UNKNOWN"),
        (b'identifier,announcement\n"1,2\n', "IMPORT_ROW_UNREADABLE"),
        (b"identifier,announcement\n1C001\n", "IMPORT_CELLS_DIFFER"),
    ):
        found = refusal(lambda broken=broken: editor.bring_in(broken))
        assert [each.reason for each in found.violations] == [reason], broken
    for fields, place in (
        ({"format": "PDF"}, "format"),
        ({"regime": "中国"}, "regime"),
        ({"edition": "2026-02-30"}, "edition"),
    ):
        found = refusal(lambda fields=fields: editor.bring_in(HEADER + NEW, **fields))
        assert [each.field for each in found.violations] == [place]
    assert rows(database) == before


def test_what_a_file_has_no_column_for_stays_and_what_it_leaves_out_too(
    editor: Person, second: Person
) -> None:
    proposal = editor.bring_in("identifier,announcement,note_zh\n1C117.d.1,2025-10,试验说明\n")
    (change,) = editor.changes(proposal)
    assert [(one.field, one.before, one.after) for one in change.fields] == [("note_zh", "", "试验说明")]
    before = editor.entry("1C117.d.1")
    second.activate(proposal)
    after = editor.entry("1C117.d.1")
    assert (after.note.zh, after.hs_codes, after.standings) == ("试验说明", before.hs_codes, before.standings)
    error = refusal(lambda: editor.bring_in("identifier,announcement,note_zh\n1C117.d.1,2025-10,试验说明\n"))
    assert [each.reason for each in error.violations] == ["LIST_NOTHING_CHANGES"]


EU = "entry_code,path,parent_path,kind,text,valid_from\n"
EU_LASERS = "6A005,6A005,,provision,Lasers and components for trial purposes,2025-11-15\n"
EU_MIRRORS = "6A004,6A004,,provision,Optical mirrors for trial purposes,2025-11-15\n"


def test_the_list_of_another_regime_is_a_file(editor: Person, second: Person) -> None:
    fields = {"regime": "eu_dual_use", "format": "EU_ANNEX_CSV", "edition": "2025-11-15"}
    proposal = editor.bring_in(EU + EU_LASERS + EU_MIRRORS, **fields)
    assert (proposal.base_version, proposal.added) == ("", 2)
    second.activate(proposal)
    found = editor.entry("6A005", regime="eu_dual_use")
    assert (found.name_en, found.list_version) == (
        "Lasers and components for trial purposes",
        proposal.list_version,
    )
    # The next edition does not hold the mirrors any more: they end and are not removed.
    again = editor.bring_in(EU + EU_LASERS, **(fields | {"edition": "2026-06-01"}))
    assert (again.added, again.changed, again.ended, again.unchanged) == (0, 0, 1, 1)
    second.activate(again)
    mirrors = editor.entry("6A004", regime="eu_dual_use")
    assert mirrors.status == cl.ENTRY_STATUS_REPEALED
    assert editor.entry("6A004", regime="eu_dual_use", as_of="2026-05-31").status == cl.ENTRY_STATUS_IN_FORCE
    # Listed again they stand again, from that edition on.
    third = editor.bring_in(EU + EU_LASERS + EU_MIRRORS, **(fields | {"edition": "2026-09-01"}))
    (change,) = editor.changes(third)
    assert change.kind == "CHANGED"
    second.activate(third)
    standings = [
        (each.status, each.since, each.until)
        for each in editor.entry("6A004", regime="eu_dual_use").standings
    ]
    assert standings == [
        (cl.ENTRY_STATUS_IN_FORCE, "2025-11-15", "2026-05-31"),
        (cl.ENTRY_STATUS_REPEALED, "2026-06-01", "2026-08-31"),
        (cl.ENTRY_STATUS_IN_FORCE, "2026-09-01", ""),
    ]


def test_a_fault_of_the_european_file_names_line_and_column(editor: Person) -> None:
    error = refusal(
        lambda: editor.bring_in(
            EU + EU_LASERS.replace("2025-11-15", "soon"), regime="eu_dual_use", format="EU_ANNEX_CSV"
        )
    )
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(each.field, each.reason) for each in error.violations] == [
        ("lines[2].valid_from", "CLASSIFICATION_FILE_ROW_UNREADABLE")
    ]


def test_a_character_that_cannot_be_kept_is_told_with_its_line(editor: Person) -> None:
    fields = {"regime": "eu_dual_use", "format": "EU_ANNEX_CSV", "edition": "2025-11-15"}
    for content in (EU + EU_LASERS + EU_MIRRORS.replace("trial", "tr\0ial"), EU + "\n6A\x01,,,,\n"):
        error = refusal(lambda content=content: editor.bring_in(content, **fields))
        assert [(each.field, each.reason) for each in error.violations] == [
            ("lines[3]", "IMPORT_CONTROL_CHARACTER")
        ]


def test_an_operator_says_what_follows_a_suspension(
    editor: Person, second: Person, clock: SettableClock
) -> None:
    assert editor.entry("2C902.b").status == cl.ENTRY_STATUS_UNCONFIRMED
    proposal = editor.state("2C902.b", cl.ENTRY_STATUS_IN_FORCE, "2026-11-11")
    assert (proposal.kind, proposal.legal_basis, proposal.url) == (
        messages.CONTROL_LIST_PROPOSAL_KIND_STANDINGS,
        "商务部公告2026年第70号",
        "https://www.mofcom.gov.cn/",
    )
    (change,) = editor.changes(proposal)
    assert [field.field for field in change.fields] == ["standings"]
    clock.advance(timedelta(hours=1))
    second.activate(proposal)
    entry = editor.entry("2C902.b")
    assert (entry.status, entry.standings[-1].basis) == (cl.ENTRY_STATUS_IN_FORCE, "商务部公告2026年第70号")
    assert editor.entry("2C902.b", as_of="2026-11-10").status == cl.ENTRY_STATUS_SUSPENDED
    # What the system knew before stands: the same legal day is read either way.
    then = stamp(NOW)
    assert editor.entry("2C902.b", as_of="2026-11-15", known_at=then).status == cl.ENTRY_STATUS_UNCONFIRMED
    assert editor.entry("2C902.b", as_of="2026-11-15").status == cl.ENTRY_STATUS_IN_FORCE


def test_every_standing_at_fault_is_named_and_no_basis_is_none(editor: Person) -> None:
    def stating(code: str, since: str, until: str = "") -> messages.ProposedStanding:
        standing = cl.Standing(status=cl.ENTRY_STATUS_TEMPORARY, since=since, until=until)
        return messages.ProposedStanding(control_code=code, standing=standing)

    faulty = [
        stating("9Z999", "2026-12-01"),
        stating("1C117.d.1", "2026-12-01"),
        stating("1C004", "2026-12-01"),
    ]
    error = refusal(lambda: editor.state_all(faulty))
    assert [(each.field, each.reason) for each in error.violations] == [
        ("standings[0].control_code", "ENTRY_UNKNOWN"),
        ("standings[1]", "TEMPORARY_CONTROL_NOT_ALLOWED"),
        ("standings[2]", "TEMPORARY_CONTROL_NOT_ALLOWED"),
    ]
    for fields, field in (({"legal_basis": " "}, "legal_basis"), ({"reason": "。"}, "reason")):
        error = refusal(
            lambda fields=fields: editor.state("1C004", cl.ENTRY_STATUS_IN_FORCE, "2026-11-11", **fields)
        )
        assert [(each.field, each.reason) for each in error.violations] == [(field, "VALUE_MISSING")]
    error = refusal(lambda: editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_TRUE, basis="-"))
    assert [(each.field, each.reason) for each in error.violations] == [("basis", "VALUE_MISSING")]
    for since, until, field in (
        ("0001-01-01", "", "standings[0].standing.since"),
        ("2026-12-01", "9999-12-31", "standings[0].standing.until"),
    ):
        error = refusal(
            lambda since=since, until=until: editor.state("1C004", cl.ENTRY_STATUS_IN_FORCE, since, until)
        )
        assert [(each.field, each.reason) for each in error.violations] == [
            (field, "STANDING_DAY_OUT_OF_RANGE")
        ]


def test_standings_that_the_law_does_not_allow_are_refused(editor: Person) -> None:
    temporary = cl.ENTRY_STATUS_TEMPORARY
    for until, field, reason in (
        ("", "standings[0]", "TEMPORARY_CONTROL_NOT_ALLOWED"),
        ("2028-12-01", "standings[0]", "TEMPORARY_CONTROL_NOT_ALLOWED"),
        ("2026-11-30", "standings[0].standing.until", "STANDING_DAYS_REVERSED"),
        ("2027-02-30", "standings[0].standing.until", "CLASSIFICATION_DAY_INVALID"),
    ):
        error = refusal(lambda until=until: editor.state("1C117.d.1", temporary, "2026-12-01", until))
        assert [(each.field, each.reason) for each in error.violations] == [(field, reason)]
    fourth = [
        messages.ProposedStanding(
            control_code="1C117.d.1",
            standing=cl.Standing(status=temporary, since=f"{year}-12-01", until=f"{year + 2}-11-30"),
        )
        for year in (2026, 2028, 2030, 2032)
    ]
    error = refusal(lambda: editor.state_all(fourth))
    assert [(each.field, each.reason) for each in error.violations] == [
        ("standings[3]", "TEMPORARY_CONTROL_NOT_ALLOWED")
    ]
    error = refusal(lambda: editor.state("9Z999", cl.ENTRY_STATUS_IN_FORCE, "2026-11-11"))
    assert [each.reason for each in error.violations] == ["ENTRY_UNKNOWN"]
    error = refusal(lambda: editor.state("2C902.b", cl.ENTRY_STATUS_IN_FORCE, "2026-11-11", base="older"))
    assert error.reason == "LIST_BASE_CHANGED"


MPCVD = cl.Item(
    kind=cl.ITEM_KIND_GOODS,
    name_zh="微波等离子体化学气相沉积（MPCVD）设备",
    parameters=[
        cl.Parameter(name="微波功率", value="10", unit="千瓦"),
        cl.Parameter(name="微波频率", value="915", unit="兆赫"),
    ],
)


def test_an_interpretation_of_two_people_settles_a_question_for_every_item(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep, clock: SettableClock
) -> None:
    first = keep(procedure, MPCVD, "applications/a/1/0")
    assert first.overall == cl.OUTCOME_NEEDS_INFORMATION
    proposal = editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_TRUE)
    assert proposal.interpretation.path == "2024-33/2B005"
    assert proposal.interpretation.answer == cl.TRUTH_TRUE
    assert refusal(lambda: editor.activate(proposal)).reason == "FOUR_EYES"
    (change,) = second.outcome_changes(proposal)
    assert (change.subject, change.before) == ("applications/a/1/0", cl.OUTCOME_NEEDS_INFORMATION)
    assert second.read(proposal).outcome_changes == 1
    clock.advance(timedelta(hours=1))
    second.activate(proposal)
    now = editor.classification.Classify(cl.ClassifyRequest(item=MPCVD))
    settled = {
        line.interpretation for line in now.candidates[0].conditions if line.about == "microwave_power"
    }
    assert settled == {"民法典第一千二百五十九条"}
    assert now.overall == change.after != cl.OUTCOME_NEEDS_INFORMATION
    # Before its day, and by what was known before, the question is open as it was.
    earlier = editor.classification.Classify(cl.ClassifyRequest(item=MPCVD, as_of="2025-12-31"))
    assert earlier.overall == cl.OUTCOME_NEEDS_INFORMATION
    replayed = editor.classification.Classify(
        cl.ClassifyRequest(item=MPCVD, as_of=first.as_of, known_at=first.known_at)
    )
    assert replayed == first
    assert upkeep.run_once() == 1
    (task,) = editor.tasks()
    assert task.change == change
    listed = editor.lists.ListInterpretations(messages.ListInterpretationsRequest(control_code="2b005"))
    assert [(each.activated_by, each.basis) for each in listed.interpretations] == [
        ("editor-2", "民法典第一千二百五十九条")
    ]
    before = messages.ListInterpretationsRequest(known_at=stamp(NOW))
    assert not editor.lists.ListInterpretations(before).interpretations

    opened = second.interpret("2B005", "boundary:microwave_power", cl.TRUTH_UNKNOWN)
    editor.activate(opened)
    again = editor.classification.Classify(cl.ClassifyRequest(item=MPCVD))
    assert again.overall == cl.OUTCOME_NEEDS_INFORMATION


LIGHT_TUNGSTEN = cl.Item(
    kind=cl.ITEM_KIND_GOODS,
    name_zh="钨镍铁合金",
    parameters=[
        cl.Parameter(name="密度", value="10", unit="g/cm3"),
        cl.Parameter(name="弹性极限", value="100", unit="MPa"),
        cl.Parameter(name="极限抗拉强度", value="100", unit="MPa"),
        cl.Parameter(name="延伸率", value="1", unit="%"),
    ],
)


def test_a_limit_that_the_law_has_given_up_clears_nothing(editor: Person, second: Person) -> None:
    def outcome() -> "cl.Outcome.ValueType":
        answer = editor.classification.Classify(cl.ClassifyRequest(item=LIGHT_TUNGSTEN))
        return next(each.outcome for each in answer.candidates if each.entry.control_code == "1C004")

    assert outcome() == cl.OUTCOME_NOT_CONTROLLED_FOR_ENTRY
    # A better translation changes no law.
    second.activate(editor.bring_in("identifier,announcement,name_en\n1C004,2025-10,tungsten alloys\n"))
    assert outcome() == cl.OUTCOME_NOT_CONTROLLED_FOR_ENTRY
    amended = "identifier,announcement,parameters_zh\n1C004,2026-80,密度大于5g/cm³\n"
    second.activate(editor.bring_in(amended))
    # The rule of the program still says 17.5 g/cm³; the words that count no longer do.
    assert outcome() == cl.OUTCOME_NEEDS_INFORMATION


def test_only_a_question_of_the_rule_can_be_settled(editor: Person, second: Person) -> None:
    for code, question, field, reason in (
        ("1C117.d.1", "boundary:density", "control_code", "ENTRY_WITHOUT_RULE"),
        ("2B005", "boundary:density", "question", "QUESTION_NOT_OF_RULE"),
        # A fact of one item, whatever the answer.
        ("1C117.b", "missile_parts", "question", "QUESTION_OF_ONE_ITEM"),
        ("2C902.c", "further_conditions", "question", "QUESTION_OF_ONE_ITEM"),
    ):
        error = refusal(lambda code=code, question=question: editor.interpret(code, question, cl.TRUTH_FALSE))
        assert [(each.field, each.reason) for each in error.violations] == [(field, reason)]
    error = refusal(
        lambda: editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_TRUE, path="2024-33/2B006")
    )
    assert [each.reason for each in error.violations] == ["QUESTION_PATH_UNKNOWN"]
    for code in ("1C117.b", "2C902.c"):
        asked = editor.lists.ListInterpretations(messages.ListInterpretationsRequest(control_code=code))
        assert not asked.questions
    one = editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_TRUE)
    other = editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_FALSE)
    second.activate(one)
    assert refusal(lambda: second.activate(other)).reason == "PROPOSAL_BASE_CHANGED"


def test_stored_items_are_shown_before_activation_and_raise_tasks_after_it(
    editor: Person,
    second: Person,
    procedure: Person,
    upkeep: Upkeep,
    database: Database,
    clock: SettableClock,
) -> None:
    first = keep(procedure, APT, "applications/a/1/0")
    assert first.overall == cl.OUTCOME_CONTROLLED
    keep(procedure, HAFNIUM, "products/1")
    proposal = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")
    assert upkeep.run_once() == 0
    (change,) = editor.outcome_changes(proposal)
    assert (change.subject, change.item_name_zh, change.before) == (
        "applications/a/1/0",
        "仲钨酸铵",
        cl.OUTCOME_CONTROLLED,
    )
    assert change.after != cl.OUTCOME_CONTROLLED
    assert list(change.codes_before) == ["1C117.d.1"]
    assert second.read(proposal).outcome_changes == 1
    assert not editor.tasks()

    clock.advance(timedelta(hours=1))
    second.activate(proposal)
    assert upkeep.run_once() == 2
    (task,) = editor.tasks()
    assert (task.change, task.list_version) == (change, proposal.list_version)
    assert upkeep.run_once() == 0
    with database.begin(call_of(identity.EXPORTER)) as work:
        stored = stored_items.find(work, "applications/a/1/0")
        assert stored is not None
        assert (stored.outcome_changed, stored.outcome_before.name) == (True, "CONTROLLED")
        assert stored.list_versions == (proposal.list_version,)
        history = stored_items.history(work, "applications/a/1/0")
        assert [run.conclusion.outcome.name for run in history] == [
            "CONTROLLED",
            stored.conclusion.outcome.name,
        ]
        # What came after it was read is not seen.
        assert not stored_items.acknowledge(work, replace(stored, list_versions=("an earlier one",)))
        assert stored_items.find(work, "applications/a/1/0") == stored
        assert stored_items.acknowledge(work, stored)
        again = stored_items.find(work, "applications/a/1/0")
        assert again is not None
        assert not again.outcome_changed
    with database.begin(call_of(identity.OTHER_EXPORTER)) as work:
        assert stored_items.find_many(work, ["applications/a/1/0", "products/1"]) == {}
    replayed = editor.classification.Classify(
        cl.ClassifyRequest(item=APT, as_of=history[0].as_of.isoformat(), known_at=stamp(history[0].known_at))
    )
    assert replayed == first

    settled = editor.lists.SettleReclassificationTask(
        messages.SettleReclassificationTaskRequest(
            request_id=request_id(), task_id=task.task_id, etag=task.etag, settlement="Told the applicant"
        )
    )
    assert (settled.settled_by, settled.settlement) == ("editor-1", "Told the applicant")
    assert not editor.tasks()
    assert [each.task_id for each in editor.tasks(settled=True)] == [task.task_id]
    one = messages.GetReclassificationTaskRequest(task_id=task.task_id)
    assert editor.lists.GetReclassificationTask(one) == settled
    one.task_id = "00000000-0000-0000-0000-000000000000"
    assert refusal(lambda: editor.lists.GetReclassificationTask(one)).code is ErrorCode.NOT_FOUND
    error = refusal(
        lambda: editor.lists.SettleReclassificationTask(
            messages.SettleReclassificationTaskRequest(
                request_id=request_id(), task_id=task.task_id, etag=settled.etag, settlement="Again"
            )
        )
    )
    assert error.reason == "TASK_SETTLED_ALREADY"


def test_an_item_that_matters_no_longer_is_left_alone(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep, database: Database
) -> None:
    keep(procedure, APT, "applications/a/1/0")
    with database.begin(call_of(identity.PROCEDURE)) as work:
        stored_items.close(work, "applications/a/1/0")
    proposal = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")
    assert not editor.outcome_changes(proposal)
    second.activate(proposal)
    assert upkeep.run_once() == 0
    assert not editor.tasks()


def test_a_day_alone_changes_what_an_item_comes_to(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep, clock: SettableClock
) -> None:
    second.activate(editor.bring_in(HEADER + NEW.replace("2026-11-01", "2026-11-25")))
    keep(procedure, HAFNIUM, "products/1")
    assert upkeep.run_once() == 0
    clock.advance(timedelta(days=3))
    assert upkeep.run_once() == 1
    assert not editor.tasks()
    clock.advance(timedelta(days=1))
    assert upkeep.run_once() == 1
    (task,) = editor.tasks()
    assert (task.change.after, list(task.change.codes_after)) == (cl.OUTCOME_CONTROLLED, ["3C909"])


def test_only_the_procedure_keeps_a_classification_for_a_subject(editor: Person, procedure: Person) -> None:
    error = refusal(lambda: keep(editor, APT, "applications/a/1/0"))
    assert (error.code, error.reason) == (
        ErrorCode.PERMISSION_DENIED,
        "CLASSIFICATION_SUBJECT_OF_PROCEDURE",
    )
    error = refusal(
        lambda: procedure.classification.Classify(
            cl.ClassifyRequest(item=APT, subject="applications/a/1/0", known_at=stamp(NOW))
        )
    )
    assert [each.reason for each in error.violations] == ["CLASSIFICATION_KEPT_AS_KNOWN_NOW"]


def test_what_takes_effect_later_is_shown_before_activation_with_its_day(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep, clock: SettableClock
) -> None:
    keep(procedure, APT, "products/1")
    keep(procedure, HAFNIUM, "products/2")
    coming = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-12-15", "2027-12-14")
    (change,) = editor.outcome_changes(coming)
    assert (change.subject, change.before, change.since) == (
        "products/1",
        cl.OUTCOME_CONTROLLED,
        "2026-12-15",
    )
    assert second.read(coming).outcome_changes == 1
    second.activate(coming)
    assert upkeep.run_once() == 2
    assert not editor.tasks()
    # A new entry that is announced for a later day.
    new = editor.bring_in(HEADER + NEW.replace("2026-11-01", "2027-03-01"))
    assert [(each.subject, each.since, each.after) for each in editor.outcome_changes(new)] == [
        ("products/2", "2027-03-01", cl.OUTCOME_CONTROLLED)
    ]
    # On its day each comes true, and the task says of what.
    clock.instant = datetime(2026, 12, 14, 16, 0, tzinfo=UTC)
    assert upkeep.run_once() == 2
    (task,) = editor.tasks()
    assert (task.change.subject, task.change.after, task.change.since) == ("products/1", change.after, "")


def test_a_step_that_is_repeated_hides_no_change_and_opens_nothing_again(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep
) -> None:
    application = request_id()
    subject = f"applications/{application}/1/0"
    keep(procedure, APT, subject)
    second.activate(editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20"))
    # The procedure tries again what it did before, and before the upkeep came to it.
    assert keep(procedure, APT, subject).overall != cl.OUTCOME_CONTROLLED
    assert upkeep.run_once() == 1
    (task,) = editor.tasks()
    assert (task.change.subject, task.change.before) == (subject, cl.OUTCOME_CONTROLLED)
    procedure.classification.CloseItems(
        cl.CloseItemsRequest(request_id=request_id(), application_id=application)
    )
    keep(procedure, APT, subject)
    editor.activate(second.state("1C117.d.1", cl.ENTRY_STATUS_IN_FORCE, "2026-11-20"))
    assert upkeep.run_once() == 0
    assert editor.tasks() == [task]


def test_an_item_that_rests_on_an_activation_already_is_not_led_back(
    editor: Person,
    second: Person,
    procedure: Person,
    upkeep: Upkeep,
    database: Database,
    examination: Examination,
) -> None:
    proposal = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")

    class ActivatedMeanwhile(Indexes):
        """What counts is read; then, before the items are claimed, something else comes to count."""

        def among(self, *asked: object, **named: object) -> list[ListIndex]:
            found = super().among(*asked, **named)  # type: ignore[arg-type]
            second.activate(proposal)
            keep(procedure, APT, "products/1")
            return found

    with database.begin(call_of(identity.LIST_EDITOR)) as work:
        reclassification.reclassify_some(work, ActivatedMeanwhile(read_search_policy()), examination)
    assert not editor.tasks()
    assert upkeep.run_once() == 0
    with database.begin(call_of(identity.AUDITOR)) as work:
        stored = stored_items.find(work, "products/1")
    assert stored is not None
    assert stored.list_versions == (proposal.list_version,)


def test_an_item_that_nobody_foresaw_holds_up_no_other(
    editor: Person,
    second: Person,
    procedure: Person,
    upkeep: Upkeep,
    database: Database,
    indexes: Indexes,
    examination: Examination,
) -> None:
    keep(procedure, APT, "products/2")
    with database.begin(call_of(identity.PROCEDURE)) as work:
        item = Item(Nature.GOODS, "仲钨酸铵", "", "", "", "", "", ())
        answer = classify_item(work, indexes, examination, item, None, REGIME)
        # There never was such a regime; nothing can be asked of it.
        stored_items.keep(work, "products/1", "91320100MA1XUKE016", item, answer, "vanished")
    second.activate(editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20"))
    assert upkeep.run_once() == 2
    assert upkeep.run_once() == 0
    with database.begin(call_of(identity.AUDITOR)) as work:
        kept = stored_items.find_many(work, ["products/1", "products/2"])
    assert kept["products/1"].conclusion.outcome is Outcome.NEEDS_INFORMATION
    assert kept["products/2"].conclusion.outcome is not Outcome.CONTROLLED


def test_a_temporary_control_is_told_of_before_its_term_ends_and_on_day_731(
    editor: Person, second: Person, upkeep: Upkeep, database: Database, clock: SettableClock
) -> None:
    temporary = HEADER.replace("effective_from", "effective_from,effective_to,status")
    line = NEW.strip() + ",2028-10-30,TEMPORARY\n"
    second.activate(editor.bring_in(temporary + line))

    def state() -> tuple[int, int, int]:
        (found,) = editor.lists.ListTemporaryControls(messages.ListTemporaryControlsRequest()).controls
        assert (found.since, found.control_code) == ("2026-11-01", "3C909")
        return found.state, found.days_left, found.extensions

    def told() -> list[tuple[str, date, str]]:
        upkeep.run_once()
        with database.begin(call_of(identity.AUDITOR)) as work:
            return tasks.alarms(work.connection, REGIME)

    assert state() == (messages.TEMPORARY_CONTROL_STATE_RUNNING, 709, 0)
    assert told() == []
    # The term is 730 days; 90 days before its end the evaluation is due.
    clock.instant = datetime(2028, 8, 1, 16, 0, tzinfo=UTC)
    due = ("3C909", date(2028, 10, 30), "EVALUATION_DUE")
    assert state() == (messages.TEMPORARY_CONTROL_STATE_EVALUATION_DUE, 89, 0)
    assert told() == told() == [due]
    clock.instant = datetime(2028, 10, 30, 15, 59, tzinfo=UTC)
    assert told() == [due]
    assert editor.entry("3C909").status == cl.ENTRY_STATUS_TEMPORARY
    # Day 731 begins at midnight in Shanghai.
    clock.instant = datetime(2028, 10, 30, 16, 0, tzinfo=UTC)
    assert (date(2028, 10, 31) - date(2026, 11, 1)).days == 730
    overdue = ("3C909", date(2028, 10, 30), "EVALUATION_OVERDUE")
    assert state() == (messages.TEMPORARY_CONTROL_STATE_EVALUATION_OVERDUE, -1, 0)
    assert told() == [due, overdue]
    assert editor.entry("3C909").status == cl.ENTRY_STATUS_UNCONFIRMED
    with database.begin(call_of(identity.AUDITOR)) as work:
        events = work.events(Subject("temporary_control", f"{REGIME}/3C909"))
    assert [event.action for event in events] == [
        "TEMPORARY_CONTROL_EVALUATION_DUE",
        "TEMPORARY_CONTROL_EVALUATION_OVERDUE",
    ]
    extended = editor.state("3C909", cl.ENTRY_STATUS_TEMPORARY, "2028-10-31", "2030-10-30")
    second.activate(extended)
    assert state() == (messages.TEMPORARY_CONTROL_STATE_RUNNING, 729, 1)


def test_what_people_activated_is_not_undone_by_a_start(
    editor: Person, second: Person, database: Database, shipped: ControlList, clock: SettableClock
) -> None:
    activated = second.activate(editor.state("2C902.b", cl.ENTRY_STATUS_IN_FORCE, "2026-11-11"))
    added = second.activate(editor.bring_in(HEADER + NEW))
    assert load(database, shipped, clock) is False
    assert editor.current() == added.list_version != activated.list_version

    def with_note(text: str, **fields: object) -> ControlList:
        entries = tuple(
            replace(entry, note_zh=text) if entry.identifier == "1C117.d.1" else entry
            for entry in shipped.entries
            if entry.identifier != "1C117.d.2"
        )
        return replace(shipped, entries=entries, **fields)

    older = with_note("旧", version="older", edition=date(2025, 1, 1))
    assert load(database, older, clock) is False
    newer = with_note("新", version="newer", edition=date(2026, 11, 25))
    assert load(database, newer, clock) is True
    assert load(database, newer, clock) is False
    newest = with_note("最新", version="newest", edition=date(2026, 11, 26))
    assert load(database, newest, clock) is True
    listed = editor.lists.ListControlListProposals(messages.ListControlListProposalsRequest()).proposals
    assert [(each.file_name, each.state) for each in listed[:2]] == [
        ("newest", messages.CONTROL_LIST_PROPOSAL_STATE_PROPOSED),
        ("newer", messages.CONTROL_LIST_PROPOSAL_STATE_WITHDRAWN),
    ]
    # Of what the program says as before, what people made of it stays; what it leaves out ends.
    assert {(change.control_code, change.kind) for change in editor.changes(listed[0])} == {
        ("1C117.d.1", "CHANGED"),
        ("1C117.d.2", "ENDED"),
    }
    assert editor.current() == added.list_version
    second.activate(listed[0])
    assert editor.entry("1C117.d.1").note.zh == "最新"
    assert editor.entry("1C117.d.2", as_of="2026-11-26").status == cl.ENTRY_STATUS_REPEALED
    assert editor.entry("1C117.d.2", as_of="2026-11-25").status == cl.ENTRY_STATUS_IN_FORCE
    assert editor.entry("2C902.b").status == cl.ENTRY_STATUS_IN_FORCE
    assert editor.entry("3C909").name_zh == "试验用氧化铪溅射靶材"


def test_what_a_program_brings_is_proposed_again_when_the_list_has_moved_on(
    editor: Person, second: Person, database: Database, shipped: ControlList, clock: SettableClock
) -> None:
    # People brought in an announcement of a later day than the edition of the next program.
    second.activate(editor.bring_in(HEADER + NEW, edition="2026-11-20"))
    entries = tuple(replace(each, note_zh="新") if each.code == "1C004" else each for each in shipped.entries)
    newer = replace(shipped, version="newer", edition=date(2026, 7, 1), entries=entries)
    assert load(database, newer, clock) is True
    listed = editor.lists.ListControlListProposals(messages.ListControlListProposalsRequest()).proposals
    second.activate(editor.state("2C902.b", cl.ENTRY_STATUS_IN_FORCE, "2026-11-11"))
    assert refusal(lambda: second.activate(listed[0])).reason == "PROPOSAL_BASE_CHANGED"
    assert load(database, newer, clock) is True
    assert load(database, newer, clock) is False
    again, *_ = editor.lists.ListControlListProposals(messages.ListControlListProposalsRequest()).proposals
    assert (again.file_name, again.base_version) == ("newer", editor.current())
    assert second.read(listed[0]).state == messages.CONTROL_LIST_PROPOSAL_STATE_WITHDRAWN
    assert [change.control_code for change in editor.changes(again)] == ["1C004"]
    second.activate(again)
    # The next program is held against that one, and not against what people brought in.
    later = replace(newer, version="later", edition=date(2026, 8, 1), entries=shipped.entries)
    assert load(database, later, clock) is True


def test_a_whole_edition_is_never_followed_by_an_earlier_one(editor: Person, second: Person) -> None:
    fields = {"regime": "eu_dual_use", "format": "EU_ANNEX_CSV", "edition": "2026-06-01"}
    second.activate(editor.bring_in(EU + EU_LASERS + EU_MIRRORS, **fields))
    error = refusal(lambda: editor.bring_in(EU + EU_LASERS, **(fields | {"edition": "2025-11-15"})))
    assert [(each.field, each.reason) for each in error.violations] == [("edition", "LIST_EDITION_EARLIER")]
    misspelt = EU_MIRRORS.replace("provision", "provison")
    error = refusal(lambda: editor.bring_in(EU + EU_LASERS + misspelt, **fields))
    assert [(each.field, each.reason) for each in error.violations] == [
        ("lines[3].kind", "CLASSIFICATION_FILE_ROW_UNREADABLE")
    ]


def test_lists_are_read_page_by_page(editor: Person, procedure: Person) -> None:
    for at in range(5):
        keep(procedure, APT, f"products/{at}")
    lines = "".join(NEW.replace("3C909", f"3C91{at}") for at in range(5))
    proposal = editor.bring_in(HEADER + lines)
    request = messages.ListControlListChangesRequest(proposal_id=proposal.proposal_id, page_size=2)
    found = []
    while True:
        page = editor.lists.ListControlListChanges(request)
        found += [change.control_code for change in page.changes]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == [f"3C91{at}" for at in range(5)]
    suspended = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")
    outcomes = messages.ListOutcomeChangesRequest(proposal_id=suspended.proposal_id, page_size=2)
    subjects = []
    counted = []
    while True:
        answer = editor.lists.ListOutcomeChanges(outcomes)
        subjects += [change.subject for change in answer.changes]
        counted.append(answer.outcome_changes)
        if not answer.next_page_token:
            break
        outcomes.page_token = answer.next_page_token
    assert subjects == [f"products/{at}" for at in range(5)]
    # The first page is told with how many they are on all.
    assert counted == [5, -1, -1]
    uncounted = messages.GetControlListProposalRequest(
        proposal_id=suspended.proposal_id, without_outcome_changes=True
    )
    assert editor.lists.GetControlListProposal(uncounted).outcome_changes == -1
    assert editor.read(suspended).outcome_changes == 5
    for ask, request in (
        (editor.lists.ListReclassificationTasks, messages.ListReclassificationTasksRequest(page_token="x")),
        (
            editor.lists.ListControlListChanges,
            messages.ListControlListChangesRequest(
                proposal_id=proposal.proposal_id, page_token=encode_page_token("9" * 30)
            ),
        ),
        (
            editor.lists.ListOutcomeChanges,
            messages.ListOutcomeChangesRequest(
                proposal_id=suspended.proposal_id, page_token=encode_page_token("\0")
            ),
        ),
    ):
        error = refusal(lambda ask=ask, request=request: ask(request))
        assert [each.reason for each in error.violations] == ["PAGE_TOKEN_INVALID"]
    error = refusal(
        lambda: editor.lists.ListInterpretations(messages.ListInterpretationsRequest(control_code="\0"))
    )
    assert [each.reason for each in error.violations] == ["LIST_TEXT_UNPRINTABLE"]


def test_the_upkeep_takes_up_an_activation_by_itself(
    database: Database,
    indexes: Indexes,
    examination: Examination,
    clock: SettableClock,
    upkeep: Upkeep,
) -> None:
    with running(registrations(database, indexes, examination, upkeep.wake), clock) as service:
        editor, second = Person(service, identity.LIST_EDITOR), Person(service, identity.SECOND_EDITOR)
        keep(Person(service, identity.PROCEDURE), APT, "applications/a/1/0")
        upkeep.start()
        try:
            second.activate(editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20"))
            # The pause between two passes is longer than this wait.
            deadline = time.monotonic() + 30
            while not editor.tasks():
                assert time.monotonic() < deadline, "it did not come about in time"
                time.sleep(0.05)
        finally:
            upkeep.stop()
