"""Queries about licences: issue, read, lock, change of state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, false, insert, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.foundation.principal import Principal, Role
from services.licensing.domain.licence_account import LicenceAccount, LineAccount
from services.licensing.domain.licence_state import LicenceState
from services.licensing.store.licence_tables import (
    licence,
    licence_change,
    licence_line,
    licence_serial,
    licence_statement,
    usage_entry,
)


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """Which licences a caller may see. Row-level security says the same a second time."""
    match principal.role:
        case Role.EXPORTER | Role.AGENT:
            return licence.c.unified_social_credit_code == principal.organisation
        case Role.PROVINCIAL_OFFICER:
            return licence.c.province == principal.province
        case (
            Role.MINISTRY_OFFICER
            | Role.MINISTRY_DIRECTOR
            | Role.CUSTOMS_OFFICER
            | Role.ENFORCEMENT_OFFICER
            | Role.AUDITOR
            | Role.PROCEDURE
        ):
            return true()
        case Role.AGENCY_REVIEWER | Role.EXPERT | Role.LIST_EDITOR | Role.PORTAL | Role.NOTIFIER:
            return false()


def number_of_application(connection: Connection, application_id: str) -> str | None:
    """Number of the licence issued on an application."""
    found: str | None = connection.execute(
        select(licence.c.number).where(licence.c.application_id == application_id)
    ).scalar_one_or_none()
    return found


def next_serial(connection: Connection, instrument: str, year: int, issuer: str) -> int:
    """The next serial within instrument, year and issuer; holds its row until the end of the transaction."""
    serial: int = connection.execute(
        upsert(licence_serial)
        .values(instrument=instrument, year=year, issuer=issuer, last=1)
        .on_conflict_do_update(
            index_elements=licence_serial.primary_key, set_={"last": licence_serial.c.last + 1}
        )
        .returning(licence_serial.c.last)
    ).scalar_one()
    return serial


def insert_licence(
    connection: Connection, values: Mapping[str, object], lines: Sequence[Mapping[str, object]]
) -> None:
    """Stores a new licence with its lines."""
    connection.execute(insert(licence).values(**values))
    connection.execute(insert(licence_line), list(lines))


def read_licence(connection: Connection, principal: Principal, number: str) -> Row[Any] | None:
    """A licence that the caller may see."""
    return connection.execute(
        select(licence).where(licence.c.number == number, visible_to(principal))
    ).one_or_none()


def lock_licence(connection: Connection, principal: Principal, number: str) -> Row[Any] | None:
    """As `read_licence`, locked until the end of the transaction: one writer at a time on its ledger."""
    return connection.execute(
        select(licence).where(licence.c.number == number, visible_to(principal)).with_for_update()
    ).one_or_none()


def list_licences(
    connection: Connection,
    principal: Principal,
    states: Iterable[str],
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Licences the caller may see, the latest first, after a place in that order."""
    conditions = [visible_to(principal)]
    wanted = list(states)
    if wanted:
        conditions.append(licence.c.state.in_(wanted))
    if after is not None:
        conditions.append(tuple_(licence.c.issued_at, licence.c.number) < tuple_(*after))
    return connection.execute(
        select(licence)
        .where(and_(*conditions))
        .order_by(licence.c.issued_at.desc(), licence.c.number.desc())
        .limit(limit)
    ).all()


def read_lines(connection: Connection, numbers: Iterable[str]) -> dict[str, list[Row[Any]]]:
    """Lines of licences by number, in order."""
    lines: dict[str, list[Row[Any]]] = {number: [] for number in numbers}
    for row in connection.execute(
        select(licence_line)
        .where(licence_line.c.licence_number.in_(lines))
        .order_by(licence_line.c.licence_number, licence_line.c.line_number)
    ):
        lines[row.licence_number].append(row)
    return lines


def account_of(row: Row[Any], lines: Iterable[Row[Any]], demanding: Iterable[str]) -> LicenceAccount:
    """The account of a licence from its rows.

    `demanding` are the countries for which due diligence is demanded today before goods are declared.
    """
    return LicenceAccount(
        number=row.number,
        state=LicenceState(row.state),
        state_reason=row.state_reason,
        acknowledged=row.acknowledged_at is not None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        max_uses=row.uses_allowed,
        uses_taken=row.uses_taken,
        uses_made=row.uses_made,
        due_diligence_missing=(
            row.due_diligence_recorded_at is None and not set(row.reached_countries).isdisjoint(demanding)
        ),
        lines={
            line.line_number: LineAccount(
                line.line_number, line.hs_code, line.unit, line.licensed, line.reserved, line.committed
            )
            for line in lines
        },
    )


def due_diligence_missing(connection: Connection, number: str, demanding: Iterable[str]) -> bool:
    """Whether due diligence is demanded of a licence, given the countries that demand it, and not recorded."""
    row = connection.execute(
        select(licence.c.due_diligence_recorded_at, licence.c.reached_countries).where(
            licence.c.number == number
        )
    ).one()
    return row.due_diligence_recorded_at is None and not set(row.reached_countries).isdisjoint(demanding)


def update_state(connection: Connection, number: str, state: str, **values: object) -> None:
    """Writes the state and other columns of a locked licence, and counts the version its etag stands for."""
    connection.execute(
        update(licence)
        .where(licence.c.number == number)
        .values(state=state, version=licence.c.version + 1, **values)
    )


def update_document(connection: Connection, number: str, document_sha256: str) -> bool:
    """Notes the digest of the document of a licence that has none yet; False if it has one."""
    noted = connection.execute(
        update(licence)
        .where(licence.c.number == number, licence.c.document_sha256.is_(None))
        .values(document_sha256=document_sha256)
    )
    return noted.rowcount == 1


def insert_change(
    connection: Connection, number: str, action: str, state: str, state_reason: str, occurred_at: datetime
) -> None:
    """Adds a row to the feed that customs reads."""
    connection.execute(
        insert(licence_change).values(
            number=number, action=action, state=state, state_reason=state_reason, occurred_at=occurred_at
        )
    )


def insert_statement(connection: Connection, number: str, sequence: int, statement: str) -> None:
    """Stores what a person stated with an act, by the sequence of its event."""
    connection.execute(
        insert(licence_statement).values(licence_number=number, sequence=sequence, statement=statement)
    )


def list_usage(connection: Connection, number: str) -> Sequence[Row[Any]]:
    """The usage ledger of a licence, in order."""
    return connection.execute(
        select(usage_entry).where(usage_entry.c.licence_number == number).order_by(usage_entry.c.entry_number)
    ).all()
