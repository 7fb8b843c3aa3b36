"""The write-off of a customs declaration against licences, line by line.

A line is reserved when it is declared, and committed when the goods have left or released when they will not.
Reserving and committing need a licence that is usable on the day, because the export has to be completed
within the validity (Regulation 792 Art. 15(2)) and stops at once with a suspension (Art. 25); releasing gives
back and is always possible. Repeating an accepted act returns the first answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.foundation.principal import Role
from services.licensing.domain.licence_account import (
    DeclarationLineState,
    LicenceAccount,
    LineAccount,
    Refusal,
    UsageKind,
    due_diligence_refusal,
    standing_refusal,
)
from services.licensing.domain.licence_state import LicenceAction, LicenceState, transition

ZERO = Decimal(0)


@dataclass(frozen=True)
class Demand:
    """One line as customs sends it. `quantity` None means what is reserved; texts may be empty but to reserve."""

    declaration_line: int
    licence_number: str
    licence_line: int
    quantity: Decimal | None
    unit: str
    hs_code: str


@dataclass(frozen=True)
class DeclaredLine:
    """A line of the declaration that the ledger knows: what it reserved and what became of it."""

    declaration_line: int
    licence_number: str
    licence_line: int
    quantity: Decimal
    committed: Decimal
    state: DeclarationLineState


@dataclass(frozen=True)
class Balances:
    """The account of the licence line and the state of the licence, as an answer tells them."""

    reserved: Decimal
    committed: Decimal
    available: Decimal
    licence_state: LicenceState


@dataclass(frozen=True)
class LineOutcome:
    """The answer about one line; `balances` is None where the licence or its line is not known."""

    demand: Demand
    refusal: Refusal | None
    balances: Balances | None
    repeated: bool = False


@dataclass(frozen=True)
class Entry:
    """One entry for the usage ledger, with the balances right after it."""

    kind: UsageKind
    declaration_line: int
    licence_number: str
    licence_line: int
    quantity: Decimal
    unit: str
    reserved_after: Decimal
    committed_after: Decimal
    available_after: Decimal


class WriteOff:
    """One call about one declaration, worked out in memory while the licences are locked.

    `accounts` are the licences the call names, as far as they exist; `declared` the lines of the declaration
    that the ledger knows; `answered` the first answers to accepted lines, by line and kind. Accounts and
    declared lines change as lines are accepted; `entries` and `changed_lines` say what is to be stored.
    """

    def __init__(
        self,
        today: date,
        accounts: Mapping[str, LicenceAccount],
        declared: Iterable[DeclaredLine],
        answered: Mapping[tuple[int, UsageKind], Balances],
    ) -> None:
        self.entries: list[Entry] = []
        self._today = today
        self._accounts = accounts
        self._declared = {line.declaration_line: line for line in declared}
        self._answered = dict(answered)
        self._answered_before = frozenset(answered)

    def changed_accounts(self) -> list[LicenceAccount]:
        """The licences that accepted a line, by number."""
        return [self._accounts[number] for number in sorted({entry.licence_number for entry in self.entries})]

    def changed_lines(self) -> list[DeclaredLine]:
        """The lines of the declaration that changed, as they are now."""
        return [self._declared[line] for line in sorted({entry.declaration_line for entry in self.entries})]

    def apply(self, kind: UsageKind, demands: Iterable[Demand]) -> list[LineOutcome]:
        """Accepts or refuses each line on its own, then settles the licences that changed."""
        outcomes = [self._outcome(kind, demand) for demand in demands]
        for account in self.changed_accounts():
            self._settle(account)
        return [self._settled(outcome) for outcome in outcomes]

    def _outcome(self, kind: UsageKind, demand: Demand) -> LineOutcome:
        account = self._accounts.get(demand.licence_number)
        answer = self._answer(kind, demand, account)
        if isinstance(answer, Balances):
            repeated = (demand.declaration_line, kind) in self._answered_before
            return LineOutcome(demand, None, answer, repeated)
        line = account.lines.get(demand.licence_line) if account else None
        return LineOutcome(demand, answer, _balances(account, line) if account and line else None)

    def _answer(self, kind: UsageKind, demand: Demand, account: LicenceAccount | None) -> Refusal | Balances:
        known = self._declared.get(demand.declaration_line)
        if known is not None and not self._same_line(demand, known):
            return self._refusal("DECLARATION_LINE_CONFLICT", demand)
        if account is None:
            return self._refusal("LICENCE_UNKNOWN", demand)
        line = account.lines.get(demand.licence_line)
        if line is None:
            return self._refusal("LICENCE_LINE_UNKNOWN", demand)
        match kind:
            case UsageKind.RESERVE:
                return self._reserve(demand, account, line, known)
            case UsageKind.COMMIT:
                return self._commit(demand, account, line, known)
            case UsageKind.RELEASE:
                return self._release(demand, account, line, known)

    def _reserve(
        self, demand: Demand, account: LicenceAccount, line: LineAccount, known: DeclaredLine | None
    ) -> Refusal | Balances:
        if known is not None:
            if demand.quantity != known.quantity or _mismatch(demand, line) is not None:
                return self._refusal("DECLARATION_LINE_CONFLICT", demand)
            if known.state is DeclarationLineState.RELEASED:
                # A line that was given back stays so: an "accepted" would be read as a standing reservation.
                return self._refusal("DECLARATION_LINE_RELEASED", demand)
            return self._answered[demand.declaration_line, UsageKind.RESERVE]
        refusal = (
            standing_refusal(account, self._today)
            or due_diligence_refusal(account)
            or _mismatch(demand, line)
            or self._use_refusal(account)
            or self._quantity_refusal(demand, line.available, "BALANCE_EXCEEDED", line)
        )
        if refusal is not None:
            return refusal
        quantity = demand.quantity or ZERO
        if not self._uses(account.number):
            account.uses_taken += 1
        line.reserved += quantity
        self._declared[demand.declaration_line] = DeclaredLine(
            demand.declaration_line,
            account.number,
            line.line_number,
            quantity,
            ZERO,
            DeclarationLineState.RESERVED,
        )
        return self._enter(UsageKind.RESERVE, demand, quantity, account, line)

    def _commit(
        self, demand: Demand, account: LicenceAccount, line: LineAccount, known: DeclaredLine | None
    ) -> Refusal | Balances:
        if known is None:
            return self._refusal("DECLARATION_LINE_NOT_RESERVED", demand)
        quantity = known.quantity if demand.quantity is None else demand.quantity
        match known.state:
            case DeclarationLineState.RELEASED:
                return self._refusal("DECLARATION_LINE_RELEASED", demand)
            case DeclarationLineState.COMMITTED:
                if quantity != known.committed:
                    return self._refusal("DECLARATION_LINE_CONFLICT", demand)
                return self._answered[demand.declaration_line, UsageKind.COMMIT]
            case DeclarationLineState.RESERVED:
                refusal = (
                    standing_refusal(account, self._today)
                    or _mismatch(demand, line, empty_is_same=True)
                    or self._quantity_refusal(
                        replace(demand, quantity=quantity), known.quantity, "COMMIT_EXCEEDS_RESERVATION", line
                    )
                )
        if refusal is not None:
            return refusal
        rest = known.quantity - quantity
        if rest:
            line.reserved -= rest
            self._enter(UsageKind.RELEASE, demand, rest, account, line)
        if not self._uses(account.number, DeclarationLineState.COMMITTED):
            account.uses_made += 1
        line.reserved -= quantity
        line.committed += quantity
        self._declared[known.declaration_line] = replace(
            known, committed=quantity, state=DeclarationLineState.COMMITTED
        )
        return self._enter(UsageKind.COMMIT, demand, quantity, account, line)

    def _release(
        self, demand: Demand, account: LicenceAccount, line: LineAccount, known: DeclaredLine | None
    ) -> Refusal | Balances:
        if known is None:
            return self._refusal("DECLARATION_LINE_NOT_RESERVED", demand)
        if known.state is DeclarationLineState.COMMITTED:
            return self._refusal("DECLARATION_LINE_COMMITTED", demand)
        if demand.quantity not in (None, known.quantity):
            values = {"reserved": _text(known.quantity), "unit": line.unit}
            return self._refusal("RELEASE_NOT_WHOLE", demand, **values)
        if known.state is DeclarationLineState.RELEASED:
            return self._answered[demand.declaration_line, UsageKind.RELEASE]
        mismatch = _mismatch(demand, line, empty_is_same=True)
        if mismatch is not None:
            return mismatch
        line.reserved -= known.quantity
        self._declared[known.declaration_line] = replace(known, state=DeclarationLineState.RELEASED)
        if not self._uses(account.number):
            account.uses_taken -= 1
        return self._enter(UsageKind.RELEASE, demand, known.quantity, account, line)

    def _same_line(self, demand: Demand, known: DeclaredLine) -> bool:
        return (demand.licence_number, demand.licence_line) == (known.licence_number, known.licence_line)

    def _uses(self, number: str, *states: DeclarationLineState) -> bool:
        """Whether a line of this declaration is reserved or committed (or in `states`) under the licence."""
        counted = states or (DeclarationLineState.RESERVED, DeclarationLineState.COMMITTED)
        return any(
            line.licence_number == number and line.state in counted for line in self._declared.values()
        )

    def _use_refusal(self, account: LicenceAccount) -> Refusal | None:
        """A further declaration may use the licence only if a use is left."""
        if account.max_uses is None or self._uses(account.number) or account.uses_taken < account.max_uses:
            return None
        in_progress = account.uses_taken > account.uses_made
        reason = "USE_IN_PROGRESS" if in_progress else "LICENCE_COMPLETED"
        return Refusal(reason, {"id": account.number})

    def _quantity_refusal(
        self, demand: Demand, most: Decimal, reason: str, line: LineAccount
    ) -> Refusal | None:
        if demand.quantity is None or demand.quantity <= 0:
            return self._refusal("QUANTITY_NOT_POSITIVE", demand)
        if demand.quantity > most:
            values = {"quantity": _text(demand.quantity), "available": _text(most), "unit": line.unit}
            return self._refusal(reason, demand, **values)
        return None

    def _enter(
        self,
        kind: UsageKind,
        demand: Demand,
        quantity: Decimal,
        account: LicenceAccount,
        line: LineAccount,
    ) -> Balances:
        balances = _balances(account, line)
        self.entries.append(
            Entry(
                kind,
                demand.declaration_line,
                account.number,
                line.line_number,
                quantity,
                line.unit,
                line.reserved,
                line.committed,
                line.available,
            )
        )
        self._answered[demand.declaration_line, kind] = balances
        return balances

    def _settle(self, account: LicenceAccount) -> None:
        """Ends a licence whose uses are made, or whose quantities have left."""
        facts = account.facts(self._today)
        if account.state not in (LicenceState.ACTIVE, LicenceState.SUSPENDED):
            return
        if facts.uses_spent and not facts.reservation_outstanding:
            action, reason = LicenceAction.COMPLETE, "EXPORT_COMPLETED"
        elif facts.quantities_spent and account.state is LicenceState.ACTIVE:
            action, reason = LicenceAction.EXHAUST, "QUANTITIES_EXHAUSTED"
        else:
            return
        account.state = transition(account.number, account.state, action, Role.CUSTOMS_OFFICER, facts)
        account.state_reason = reason

    def _settled(self, outcome: LineOutcome) -> LineOutcome:
        """The outcome with the state of the licence after the whole call; a repeated answer stays as it was."""
        account = self._accounts.get(outcome.demand.licence_number)
        if outcome.repeated or outcome.balances is None or account is None:
            return outcome
        return replace(outcome, balances=replace(outcome.balances, licence_state=account.state))

    def _refusal(self, reason: str, demand: Demand, **values: str) -> Refusal:
        common = {"id": demand.licence_number, "licence_line": str(demand.licence_line)}
        return Refusal(reason, {**common, "declaration_line": str(demand.declaration_line), **values})


def _mismatch(demand: Demand, line: LineAccount, *, empty_is_same: bool = False) -> Refusal | None:
    """Goods other than the licensed ones, or counted otherwise, are not covered."""
    for reason, given, licensed in (
        ("HS_CODE_MISMATCH", demand.hs_code, line.hs_code),
        ("UNIT_MISMATCH", demand.unit, line.unit),
    ):
        if given != licensed and not (empty_is_same and not given):
            return Refusal(reason, {"id": demand.licence_number, "given": given, "licensed": licensed})
    return None


def _balances(account: LicenceAccount, line: LineAccount) -> Balances:
    return Balances(line.reserved, line.committed, line.available, account.state)


def _text(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
