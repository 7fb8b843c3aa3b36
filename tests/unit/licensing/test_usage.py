"""The write-off in memory: examples of each refusal, and a machine that tries every order of acts."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.foundation.messages import catalogue, render
from services.licensing.domain.licence_account import (
    DeclarationLineState,
    LicenceAccount,
    LineAccount,
    UsageKind,
)
from services.licensing.domain.licence_state import LicenceState
from services.licensing.domain.licence_usage import (
    Balances,
    DeclaredLine,
    Demand,
    LineOutcome,
    WriteOff,
)

NUMBER, TODAY = "XKA20260000000015", date(2026, 11, 23)
RESERVE, COMMIT, RELEASE = UsageKind.RESERVE, UsageKind.COMMIT, UsageKind.RELEASE


class Book:
    """What the database keeps between calls, in memory."""

    def __init__(self, max_uses: int | None = 1, lines: int = 1, licensed: str = "100") -> None:
        self.account = LicenceAccount(
            NUMBER,
            LicenceState.ACTIVE,
            "",
            True,
            TODAY,
            TODAY + timedelta(days=364),
            max_uses,
            0,
            0,
            False,
            {
                n: LineAccount(n, "2841801000", "kg", Decimal(licensed), Decimal(0), Decimal(0))
                for n in range(1, lines + 1)
            },
        )
        self.declared: dict[str, dict[int, DeclaredLine]] = {}
        self.answered: dict[str, dict[tuple[int, UsageKind], Balances]] = {}
        self.entries: list = []

    def call(
        self, kind: UsageKind, declaration: str, *demands: Demand, today: date = TODAY
    ) -> list[LineOutcome]:
        declared = self.declared.setdefault(declaration, {})
        answered = self.answered.setdefault(declaration, {})
        write = WriteOff(today, {NUMBER: self.account}, declared.values(), answered)
        outcomes = write.apply(kind, demands)
        declared.update({line.declaration_line: line for line in write.changed_lines()})
        for entry in write.entries:
            answered[entry.declaration_line, entry.kind] = Balances(
                entry.reserved_after, entry.committed_after, entry.available_after, self.account.state
            )
        self.entries += write.entries
        return outcomes

    def one(
        self, kind: UsageKind, declaration: str, quantity: str | None = None, **changes: object
    ) -> LineOutcome:
        return self.call(kind, declaration, demand(quantity, **changes))[0]


def demand(quantity: str | None = None, **changes: object) -> Demand:
    values: dict[str, object] = {
        "declaration_line": 1,
        "licence_number": NUMBER,
        "licence_line": 1,
        "quantity": None if quantity is None else Decimal(quantity),
        "unit": "kg",
        "hs_code": "2841801000",
    }
    return Demand(**(values | changes))


def reason(outcome: LineOutcome) -> str:
    """The reason of a refusal, after a look at its sentence: it is whole in both languages."""
    if outcome.refusal is None:
        return ""
    sentence = render(outcome.refusal.reason, outcome.refusal.metadata)
    assert outcome.refusal.reason not in (sentence.zh, sentence.en)
    assert "<" not in sentence.zh + sentence.en
    return outcome.refusal.reason


def numbers(outcome: LineOutcome) -> tuple[str, str, str]:
    assert outcome.balances is not None
    balances = outcome.balances
    return str(balances.reserved), str(balances.committed), str(balances.available)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"licence_number": "XKA20263200001231"}, "LICENCE_UNKNOWN"),
        ({"licence_line": 2}, "LICENCE_LINE_UNKNOWN"),
        ({"hs_code": "2841809000"}, "HS_CODE_MISMATCH"),
        ({"hs_code": ""}, "HS_CODE_MISMATCH"),
        ({"unit": "t"}, "UNIT_MISMATCH"),
        ({"unit": ""}, "UNIT_MISMATCH"),
        ({"quantity": None}, "QUANTITY_NOT_POSITIVE"),
        ({"quantity": Decimal(0)}, "QUANTITY_NOT_POSITIVE"),
        ({"quantity": Decimal("100.000001")}, "BALANCE_EXCEEDED"),
    ],
)
def test_what_cannot_be_reserved(changes: dict[str, object], expected: str) -> None:
    book = Book()
    assert reason(book.call(RESERVE, "D1", replace(demand("10"), **changes))[0]) == expected
    assert book.entries == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (LicenceState.ISSUED, "LICENCE_NOT_ACKNOWLEDGED"),
        (LicenceState.SUSPENDED, "LICENCE_SUSPENDED"),
        (LicenceState.COMPLETED, "LICENCE_COMPLETED"),
        (LicenceState.EXHAUSTED, "LICENCE_EXHAUSTED"),
        (LicenceState.EXPIRED, "LICENCE_EXPIRED"),
        (LicenceState.SURRENDERED, "LICENCE_SURRENDERED"),
        (LicenceState.REVOKED, "LICENCE_REVOKED"),
    ],
)
def test_only_an_active_licence_is_used_but_anything_is_given_back(
    state: LicenceState, expected: str
) -> None:
    book = Book(max_uses=None)
    book.one(RESERVE, "D1", "10")
    book.account.state = state
    assert reason(book.one(RESERVE, "D2", "10")) == expected
    assert reason(book.one(COMMIT, "D1")) == expected
    assert reason(book.one(RELEASE, "D1")) == ""
    assert book.account.lines[1].available == 100


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (TODAY - timedelta(days=1), "LICENCE_NOT_YET_VALID"),
        (TODAY, ""),
        (TODAY + timedelta(days=364), ""),
        (TODAY + timedelta(days=365), "LICENCE_EXPIRED"),
    ],
)
def test_both_ends_of_the_validity_count(day: date, expected: str) -> None:
    assert reason(Book().call(RESERVE, "D1", demand("10"), today=day)[0]) == expected


def test_a_repeated_act_gets_the_first_answer_even_when_balances_moved_on() -> None:
    book = Book(max_uses=None)
    first = book.one(RESERVE, "D1", "40")
    book.one(RESERVE, "D2", "50")
    again = book.one(RESERVE, "D1", "40.0")
    assert (numbers(again), again.repeated) == (numbers(first), True)
    book.one(COMMIT, "D1")
    assert numbers(book.one(RESERVE, "D1", "40")) == numbers(first)
    assert book.account.lines[1].available == 10


def test_the_same_line_with_other_content_is_a_conflict() -> None:
    book = Book(max_uses=None, lines=2)
    book.one(RESERVE, "D1", "40")
    for changed in (demand("41"), demand("40", unit="t"), demand("40", licence_line=2)):
        assert reason(book.call(RESERVE, "D1", changed)[0]) == "DECLARATION_LINE_CONFLICT"
    book.one(COMMIT, "D1", "30")
    assert reason(book.one(COMMIT, "D1", "29")) == "DECLARATION_LINE_CONFLICT"
    # Empty means what is reserved, which is not what was committed.
    assert reason(book.one(COMMIT, "D1")) == "DECLARATION_LINE_CONFLICT"


def test_a_smaller_commit_gives_back_the_rest_in_the_ledger_too() -> None:
    book = Book(max_uses=None)
    book.one(RESERVE, "D1", "40")
    assert numbers(book.one(COMMIT, "D1", "30.5")) == ("0.0", "30.5", "69.5")
    assert [(entry.kind, str(entry.quantity)) for entry in book.entries] == [
        (RESERVE, "40"),
        (RELEASE, "9.5"),
        (COMMIT, "30.5"),
    ]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([(COMMIT, None)], "DECLARATION_LINE_NOT_RESERVED"),
        ([(RELEASE, None)], "DECLARATION_LINE_NOT_RESERVED"),
        ([(RESERVE, "10"), (COMMIT, "10.000001")], "COMMIT_EXCEEDS_RESERVATION"),
        ([(RESERVE, "10"), (COMMIT, "0")], "QUANTITY_NOT_POSITIVE"),
        ([(RESERVE, "10"), (RELEASE, "4")], "RELEASE_NOT_WHOLE"),
        ([(RESERVE, "10"), (RELEASE, None), (COMMIT, None)], "DECLARATION_LINE_RELEASED"),
        ([(RESERVE, "10"), (RELEASE, None), (RESERVE, "10")], "DECLARATION_LINE_RELEASED"),
        ([(RESERVE, "10"), (COMMIT, None), (RELEASE, None)], "DECLARATION_LINE_COMMITTED"),
        ([(RESERVE, "10"), (COMMIT, None), (COMMIT, "10")], ""),
        ([(RESERVE, "10"), (RELEASE, None), (RELEASE, "10")], ""),
    ],
)
def test_the_last_of_a_row_of_acts(acts: list[tuple[UsageKind, str | None]], expected: str) -> None:
    book = Book(max_uses=None)
    outcomes = [book.one(kind, "D1", quantity) for kind, quantity in acts]
    assert [reason(outcome) for outcome in outcomes] == [""] * (len(acts) - 1) + [expected]


def test_a_single_licence_holds_one_declaration_and_lapses_with_its_export() -> None:
    book = Book()
    book.one(RESERVE, "D1", "100")
    assert reason(book.one(RESERVE, "D2", "1")) == "USE_IN_PROGRESS"
    book.one(RELEASE, "D1")
    assert reason(book.one(RESERVE, "D2", "90")) == ""
    assert reason(book.one(RESERVE, "D3", "5")) == "USE_IN_PROGRESS"
    committed = book.one(COMMIT, "D2")
    assert committed.balances is not None
    assert committed.balances.licence_state is LicenceState.COMPLETED
    assert book.account.state_reason == "EXPORT_COMPLETED"
    assert reason(book.one(RESERVE, "D3", "5")) == "LICENCE_COMPLETED"


def test_the_lines_of_one_declaration_are_one_use() -> None:
    book = Book(lines=2)
    second = {"declaration_line": 2, "licence_line": 2}
    book.call(RESERVE, "D1", demand("100"), demand("50", **second))
    book.one(COMMIT, "D1")
    assert book.account.state is LicenceState.ACTIVE
    assert book.account.uses_made == 1
    # What is left is given back, and with it the export is completed.
    outcome = book.one(RELEASE, "D1", **second)
    assert outcome.balances is not None
    assert outcome.balances.licence_state is LicenceState.COMPLETED


def test_a_general_licence_is_exhausted_when_all_of_it_has_left() -> None:
    book = Book(max_uses=None)
    for declaration in ("D1", "D2"):
        book.one(RESERVE, declaration, "50")
        book.one(COMMIT, declaration)
    assert (book.account.state, book.account.uses_made) == (LicenceState.EXHAUSTED, 2)


def test_each_line_is_answered_on_its_own() -> None:
    book = Book(max_uses=None, lines=2)
    outcomes = book.call(
        RESERVE,
        "D1",
        demand("60"),
        demand("60", declaration_line=2),
        demand("60", declaration_line=3, licence_line=2),
        demand("60"),
    )
    assert [reason(outcome) for outcome in outcomes] == ["", "BALANCE_EXCEEDED", "", ""]
    assert len(book.entries) == 2


class WriteOffMachine(RuleBasedStateMachine):
    """Any order of acts of three declarations with two lines each on a licence of two lines."""

    @initialize(max_uses=st.sampled_from([None, 1, 2]))
    def start(self, max_uses: int | None) -> None:
        self.book = Book(max_uses=max_uses, lines=2, licensed="10")
        self.accepted: dict[tuple[str, int, UsageKind], LineOutcome] = {}

    @rule(
        kind=st.sampled_from(list(UsageKind)),
        declaration=st.sampled_from(["D1", "D2", "D3"]),
        line=st.integers(1, 2),
        licence_line=st.integers(1, 2),
        quantity=st.none() | st.sampled_from([Decimal("0.000001"), Decimal(3), Decimal("5.5"), Decimal(10)]),
    )
    def act(
        self, kind: UsageKind, declaration: str, line: int, licence_line: int, quantity: Decimal | None
    ) -> None:
        before = len(self.book.entries)
        outcome = self.book.call(
            kind, declaration, demand(declaration_line=line, licence_line=licence_line, quantity=quantity)
        )[0]
        if outcome.refusal is not None or outcome.repeated:
            assert len(self.book.entries) == before
        if outcome.refusal is None:
            first = self.accepted.setdefault((declaration, line, kind), outcome)
            assert first.balances == outcome.balances

    @rule(to=st.sampled_from([LicenceState.ACTIVE, LicenceState.SUSPENDED]))
    def stop_or_resume(self, to: LicenceState) -> None:
        if self.book.account.state in (LicenceState.ACTIVE, LicenceState.SUSPENDED):
            self.book.account.state = to

    @invariant()
    def never_overdrawn_and_the_ledger_adds_up(self) -> None:
        for number, line in self.book.account.lines.items():
            of_line = [entry for entry in self.book.entries if entry.licence_line == number]
            total = {kind: sum(e.quantity for e in of_line if e.kind is kind) for kind in UsageKind}
            assert line.reserved >= 0
            assert line.reserved + line.committed <= line.licensed
            assert line.reserved == total[RESERVE] - total[COMMIT] - total[RELEASE]
            assert line.committed == total[COMMIT]

    @invariant()
    def uses_are_declarations(self) -> None:
        held = (DeclarationLineState.RESERVED, DeclarationLineState.COMMITTED)
        taken = {d for d, lines in self.book.declared.items() if any(x.state in held for x in lines.values())}
        made = {
            d
            for d, lines in self.book.declared.items()
            if any(x.state is DeclarationLineState.COMMITTED for x in lines.values())
        }
        account = self.book.account
        assert (account.uses_taken, account.uses_made) == (len(taken), len(made))
        assert account.max_uses is None or account.uses_taken <= account.max_uses

    @invariant()
    def an_export_that_is_completed_ends_the_licence(self) -> None:
        account = self.book.account
        facts = account.facts(TODAY)
        if facts.uses_spent and not facts.reservation_outstanding:
            assert account.state is LicenceState.COMPLETED


TestWriteOffMachine = WriteOffMachine.TestCase
TestWriteOffMachine.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)


def test_without_due_diligence_nothing_is_declared_and_what_was_declared_may_leave() -> None:
    book = Book(max_uses=None)
    assert book.one(RESERVE, "D1", "40").refusal is None
    book.account.due_diligence_missing = True
    refused = book.one(RESERVE, "D2", "40").refusal
    assert refused is not None
    assert (refused.reason, refused.metadata) == ("DUE_DILIGENCE_MISSING", {"id": NUMBER})
    assert refused.reason in catalogue()
    assert book.one(COMMIT, "D1").refusal is None
    book.account.due_diligence_missing = False
    assert book.one(RESERVE, "D2", "40").refusal is None
