"""What exporters and their agents do: one use case per RPC of ApplicationService."""

import dataclasses
import uuid
from collections.abc import Collection

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import FieldViolation, invalid_argument, invalid_field, not_found
from services.foundation.pagination import page_size
from services.licensing.application_context import REGIME, ApplicationContext
from services.licensing.application_views import ApplicationView, view_of, views_of
from services.licensing.case_change import change, load, load_for_change, record, require_allowed
from services.licensing.domain.application import Application, Attachment
from services.licensing.domain.application_state import Action, ApplicationState
from services.licensing.domain.dossier import Applicant, AttachmentKind, Dossier
from services.licensing.domain.dossier_faults import Filer, faults
from services.licensing.domain.public_status import PublicState, public_state
from services.licensing.domain.search import folded, search_text
from services.licensing.page_positions import decode_position, encode_position
from services.licensing.store import application_documents, applications, case_queue, people
from services.licensing.supplement_scope import require_asked_for_document, require_asked_for_fields


def create(work: UnitOfWork, context: ApplicationContext, dossier: Dossier) -> ApplicationView:
    """Opens a draft for the caller's organisation; one without applicant begins with its particulars."""
    if dossier.applicant == Applicant():
        kept = people.read_organisation(work.connection, work.call.principal.organisation)
        dossier = dossier if kept is None else dataclasses.replace(dossier, applicant=kept[1])
    return _open_draft(work, context, dossier)


def copy(work: UnitOfWork, context: ApplicationContext, application_id: str) -> ApplicationView:
    """Opens a draft with the contents of an application; documents and the declaration are given anew."""
    source = load(work, application_id)
    return _open_draft(
        work, context, source.dossier.for_another_application(), copied_from=source.application_id
    )


def _open_draft(
    work: UnitOfWork,
    context: ApplicationContext,
    dossier: Dossier,
    copied_from: uuid.UUID | None = None,
) -> ApplicationView:
    principal = work.call.principal
    created = Application(
        application_id=uuid.uuid4(),
        organisation=principal.organisation,
        created_by=principal.subject,
        created_at=work.call.now,
        dossier=dossier,
        copied_from=copied_from,
    )
    applications.add(work.connection, created)
    record(work, created, "create", {"copied_from": str(copied_from)} if copied_from else {})
    return view_of(work, context, created)


def update(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str, dossier: Dossier
) -> ApplicationView:
    """Replaces the dossier of a draft; while a supplement is asked for, only in what was asked for."""
    application = load_for_change(work, application_id, etag)
    require_asked_for_fields(work, application, dossier)
    changed = dataclasses.replace(application, dossier=dossier)
    return view_of(work, context, change(work, context, changed, Action.UPDATE))


def attach(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    kind: AttachmentKind,
    file_name: str,
    media_type: str,
    size: int,
    sha256: str,
) -> Attachment:
    """Adds a document whose bytes are already in the document store."""
    application = load(work, application_id, lock=True)
    require_asked_for_document(work, application, kind)
    attachment = Attachment(uuid.uuid4(), kind, file_name, media_type, size, sha256, work.call.now)
    change(
        work,
        context,
        application,
        Action.ATTACH,
        payload={
            "attachment_id": str(attachment.attachment_id),
            "kind": kind.value,
            "sha256": sha256,
        },
    )
    application_documents.add_attachment(work.connection, application.application_id, attachment)
    return attachment


def require_known(work: UnitOfWork, application_id: str) -> None:
    """Refuses an upload to an application that the caller may not know of, before its bytes are read."""
    load(work, application_id)


def remove_attachment(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str, attachment_id: str
) -> ApplicationView:
    """Takes a document out of the dossier being worked on; what was submitted keeps it."""
    application = load_for_change(work, application_id, etag)
    for attachment in application_documents.current_attachments(work.connection, application.application_id):
        if str(attachment.attachment_id) == attachment_id:
            require_asked_for_document(work, application, attachment.kind)
    changed = change(
        work,
        context,
        application,
        Action.REMOVE_ATTACHMENT,
        payload={"attachment_id": attachment_id},
    )
    removed = application_documents.remove_attachment(
        work.connection, application.application_id, uuid.UUID(attachment_id), work.call.now
    )
    if not removed:
        raise not_found("attachment", attachment_id)
    return view_of(work, context, changed)


def submit(work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str) -> ApplicationView:
    """Freezes the dossier and hands it in; pins the procedure version in force on that day."""
    application = load_for_change(work, application_id, etag)
    require_allowed(work, application, Action.SUBMIT)
    today = legal_day(work.call.now)
    _require_faultless(work, context, application)
    procedure = context.procedures.effective_on(REGIME, today)
    province = application.dossier.applicant.province
    numbered = dataclasses.replace(
        application,
        number=applications.next_number(work.connection, province, today.year),
        submitted_at=work.call.now,
        procedure_version=procedure.version,
    )
    return _hand_in(work, context, numbered, Action.SUBMIT)


def supplement(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str
) -> ApplicationView:
    """Answers a supplement notice (补正): freezes the mended dossier, which is checked again."""
    application = load_for_change(work, application_id, etag)
    require_allowed(work, application, Action.SUPPLEMENT)
    _require_faultless(work, context, application)
    if application.dossier.applicant.province != application.province:
        raise invalid_field("dossier.applicant.province", "PROVINCE_CHANGED", province=application.province)
    return _hand_in(work, context, application, Action.SUPPLEMENT)


def check(
    work: UnitOfWork, context: ApplicationContext, application_id: str
) -> tuple[Application, list[FieldViolation]]:
    """The application, and everything that keeps it from being handed in; changes nothing."""
    application = load(work, application_id)
    return application, _faults_of(work, context, application)


def _require_faultless(work: UnitOfWork, context: ApplicationContext, application: Application) -> None:
    found = _faults_of(work, context, application)
    if found:
        raise invalid_argument(*found)


def _faults_of(
    work: UnitOfWork, context: ApplicationContext, application: Application
) -> list[FieldViolation]:
    attached = application_documents.current_attachments(work.connection, application.application_id)
    filer = Filer(application.organisation, work.call.principal.province)
    kinds = (each.kind for each in attached)
    return faults(application.dossier, kinds, filer, context.reference, legal_day(work.call.now))


def _hand_in(
    work: UnitOfWork, context: ApplicationContext, application: Application, action: Action
) -> ApplicationView:
    dossier = application.dossier
    handed_in = dataclasses.replace(
        application,
        received_at=work.call.now,
        submission_number=application.submission_number + 1,
        province=dossier.applicant.province,
        applicant_name=dossier.applicant.name_zh,
        destination=dossier.destination,
    )
    frozen = application_documents.freeze(
        work.connection,
        application.application_id,
        handed_in.submission_number,
        dossier,
        work.call.principal.subject,
        work.call.now,
    )
    payload = {
        "number": handed_in.number,
        "submission_number": frozen.submission_number,
        "dossier_sha256": frozen.sha256,
        "procedure_version": handed_in.procedure_version,
    }
    changed = change(work, context, handed_in, action, payload=payload)
    case_queue.set_submitted_contents(
        work.connection, changed.application_id, search_text(changed.number, dossier), dossier
    )
    return view_of(work, context, changed)


def withdraw(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str, reason: str
) -> ApplicationView:
    """Takes the application back, from any state before the decision."""
    found = load_for_change(work, application_id, etag)
    application = dataclasses.replace(found, withdrawal_reason=reason)
    return view_of(work, context, change(work, context, application, Action.WITHDRAW))


def get(work: UnitOfWork, context: ApplicationContext, application_id: str) -> ApplicationView:
    """The applicant's view."""
    return view_of(work, context, load(work, application_id))


def list_own(
    work: UnitOfWork,
    context: ApplicationContext,
    states: Collection[PublicState],
    query: str,
    size: int,
    page_token: str,
) -> tuple[list[ApplicationView], str]:
    """Applications of the caller's organisation, newest first, and the token of the next page."""
    wanted = {state for state in ApplicationState if public_state(state) in states}
    limit = page_size(size)
    found = applications.of_organisation(
        work.connection,
        work.call.principal.organisation,
        wanted,
        folded(query),
        decode_position(page_token),
        limit + 1,
    )
    token = ""
    if len(found) > limit:
        found = found[:limit]
        token = encode_position(found[-1].created_at, found[-1].application_id)
    return views_of(work, context, found), token
