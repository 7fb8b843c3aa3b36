"""Queries on what an applicant handed in: frozen submissions and attachments."""

import hashlib
import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from services.foundation.ledger import canonical_json
from services.licensing.domain.application import Attachment
from services.licensing.domain.dossier import AttachmentKind, Dossier
from services.licensing.domain.records import from_json, to_json
from services.licensing.store.application_tables import attachment, submission


@dataclass(frozen=True)
class Submission:
    """A frozen dossier with the documents that belonged to it; never changed."""

    submission_number: int
    dossier: Dossier
    attachments: tuple[Attachment, ...]
    sha256: str


def freeze(
    connection: Connection,
    application_id: uuid.UUID,
    submission_number: int,
    dossier: Dossier,
    submitted_by: str,
    now: datetime,
) -> Submission:
    """Stores the dossier and the list of its attachments as they are now; `sha256` covers both."""
    attachments = tuple(current_attachments(connection, application_id))
    dossier_json = canonical_json(to_json(dossier))
    listed = canonical_json(
        [{"attachment_id": str(each.attachment_id), "sha256": each.sha256} for each in attachments]
    )
    digest = hashlib.sha256(f'{{"attachments":{listed},"dossier":{dossier_json}}}'.encode()).hexdigest()
    connection.execute(
        insert(submission).values(
            application_id=application_id,
            submission_number=submission_number,
            dossier=dossier_json,
            attachments=listed,
            sha256=digest,
            submitted_by=submitted_by,
            submitted_at=now,
        )
    )
    return Submission(submission_number, dossier, attachments, digest)


def find_submission(connection: Connection, application_id: uuid.UUID, submission_number: int) -> Submission:
    """A submission that is known to exist."""
    row = connection.execute(
        select(submission).where(
            submission.c.application_id == application_id,
            submission.c.submission_number == submission_number,
        )
    ).one()
    ids = [uuid.UUID(each["attachment_id"]) for each in json.loads(row.attachments)]
    known = {
        each.attachment_id: _attachment(each)
        for each in connection.execute(select(attachment).where(attachment.c.attachment_id.in_(ids)))
    }
    return Submission(
        row.submission_number,
        from_json(Dossier, json.loads(row.dossier)),
        tuple(known[each] for each in ids),
        row.sha256,
    )


def add_attachment(connection: Connection, application_id: uuid.UUID, added: Attachment) -> None:
    """Stores the description of a document whose bytes are already in the document store."""
    connection.execute(
        insert(attachment).values(
            attachment_id=added.attachment_id,
            application_id=application_id,
            kind=added.kind,
            file_name=added.file_name,
            media_type=added.media_type,
            size=added.size,
            sha256=added.sha256,
            uploaded_at=added.uploaded_at,
        )
    )


def remove_attachment(
    connection: Connection, application_id: uuid.UUID, attachment_id: uuid.UUID, now: datetime
) -> bool:
    """Takes a document out of the dossier being worked on; false if it is not in it.

    Its row and bytes stay: an earlier submission may rest on them.
    """
    return (
        connection.execute(
            update(attachment)
            .where(
                attachment.c.attachment_id == attachment_id,
                attachment.c.application_id == application_id,
                attachment.c.removed_at.is_(None),
            )
            .values(removed_at=now)
        ).rowcount
        == 1
    )


def current_attachments(connection: Connection, application_id: uuid.UUID) -> list[Attachment]:
    """Documents of the dossier being worked on, in the order of their upload."""
    return current_attachments_of(connection, [application_id]).get(application_id, [])


def current_attachments_of(
    connection: Connection, application_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Attachment]]:
    """The same of several applications, by their ids; one that has none is left out."""
    rows = connection.execute(
        select(attachment)
        .where(attachment.c.application_id.in_(application_ids), attachment.c.removed_at.is_(None))
        .order_by(attachment.c.uploaded_at, attachment.c.attachment_id)
    )
    found: dict[uuid.UUID, list[Attachment]] = {}
    for row in rows:
        found.setdefault(row.application_id, []).append(_attachment(row))
    return found


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        row.attachment_id,
        AttachmentKind(row.kind),
        row.file_name,
        row.media_type,
        row.size,
        row.sha256,
        row.uploaded_at.astimezone(UTC),
    )
