"""An operator says with a legal basis how entries stand, within what the law allows."""

from datetime import timedelta

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as messages

from tests.contract.classification.control_lists.cases import NOW, stamp
from tests.contract.classification.lists import Person, refusal
from tests.support.services import SettableClock


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
