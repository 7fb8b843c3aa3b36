"""What a supplement notice asks for, and the refusal of every other change until it is answered (补正)."""

from collections.abc import Iterable, Sequence

from services.foundation.database import UnitOfWork
from services.foundation.errors import FieldViolation, invalid_argument
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.case_parts import Notice
from services.licensing.domain.dossier import AttachmentKind, Dossier
from services.licensing.domain.findings import Deficiency, NoticeKind
from services.licensing.domain.open_fields import (
    attachment_path,
    is_open,
    names_a_field,
    not_asked_for,
    open_fields,
)
from services.licensing.store import review_records


def asked_by(application: Application, notices: Sequence[Notice]) -> tuple[Deficiency, ...]:
    """The deficiencies of the open notice; empty where none is open."""
    if application.state is not ApplicationState.SUPPLEMENT_REQUESTED:
        return ()
    return next(each.deficiencies for each in reversed(notices) if each.kind is NoticeKind.SUPPLEMENT)


def require_asked_for_fields(work: UnitOfWork, application: Application, dossier: Dossier) -> None:
    """Refuses a dossier with changes that the open notice did not ask for, naming each: NOT_ASKED_FOR."""
    if application.state is ApplicationState.SUPPLEMENT_REQUESTED:
        _refuse(not_asked_for(application.dossier, dossier, _opened(work, application)))


def require_asked_for_document(work: UnitOfWork, application: Application, kind: AttachmentKind) -> None:
    """Refuses a document of a kind that the open notice did not ask for: NOT_ASKED_FOR."""
    if application.state is ApplicationState.SUPPLEMENT_REQUESTED:
        path = attachment_path(kind)
        _refuse([] if is_open(path, _opened(work, application)) else [path])


def require_known_fields(dossier: Dossier, added: Sequence[Deficiency]) -> None:
    """Refuses deficiencies that name no field of the dossier and no kind of document: UNKNOWN_FIELD."""
    unknown = [
        FieldViolation(f"deficiencies[{position}].field", "UNKNOWN_FIELD", {"value": deficiency.field})
        for position, deficiency in enumerate(added)
        if deficiency.field and not names_a_field(deficiency.field, dossier)
    ]
    if unknown:
        raise invalid_argument(*unknown)


def _opened(work: UnitOfWork, application: Application) -> tuple[str, ...]:
    notices = review_records.notices(work.connection, application.application_id)
    return open_fields(asked_by(application, notices))


def _refuse(paths: Iterable[str]) -> None:
    violations = [FieldViolation(path, "NOT_ASKED_FOR") for path in paths]
    if violations:
        raise invalid_argument(*violations)
