"""An application as it stands, and who may know of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from services.foundation.principal import Principal, Role
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.dossier import AttachmentKind, Dossier


@dataclass(frozen=True)
class Application:
    """The head of an application; its parts (submissions, notices, deadlines ...) are kept beside it.

    `version` is the etag. `received_at` is when the authority that has the case received its materials.
    `checks_return_to` is the stage that the case goes to when the automatic checks pass.
    """

    application_id: uuid.UUID
    organisation: str
    created_by: str
    created_at: datetime
    dossier: Dossier
    version: int = 1
    state: ApplicationState = ApplicationState.DRAFT
    number: str | None = None
    province: str = ""
    applicant_name: str = ""
    destination: str = ""
    submitted_at: datetime | None = None
    received_at: datetime | None = None
    submission_number: int = 0
    procedure_version: str = ""
    checks_return_to: ApplicationState = ApplicationState.PROVINCIAL_REVIEW
    supplements_asked_by: tuple[ApplicationState, ...] = ()
    supplement_window_closed: bool = False
    provincial_opinion: str = ""
    consulted_agencies: tuple[str, ...] = ()
    asked_experts: tuple[str, ...] = ()
    licence_number: str = ""
    withdrawal_reason: str = ""
    copied_from: uuid.UUID | None = None

    @property
    def id(self) -> str:
        """The id as text."""
        return str(self.application_id)

    @property
    def etag(self) -> str:
        """Changes with every change of the application (AIP-154)."""
        return str(self.version)


@dataclass(frozen=True)
class Attachment:
    """A document of an application; its bytes are in the document store under `sha256`."""

    attachment_id: uuid.UUID
    kind: AttachmentKind
    file_name: str
    media_type: str
    size: int
    sha256: str
    uploaded_at: datetime


def may_see(principal: Principal, application: Application) -> bool:
    """Whether the caller may know that the application exists; row-level security says the same again."""
    submitted = application.submitted_at is not None
    match principal.role:
        case Role.EXPORTER | Role.AGENT:
            return bool(principal.organisation) and application.organisation == principal.organisation
        case Role.PROVINCIAL_OFFICER:
            return submitted and bool(principal.province) and application.province == principal.province
        case Role.AGENCY_REVIEWER:
            return submitted and principal.agency in application.consulted_agencies
        case Role.MINISTRY_OFFICER | Role.MINISTRY_DIRECTOR | Role.AUDITOR | Role.PROCEDURE:
            return submitted
        case Role.EXPERT:
            return submitted and principal.subject in application.asked_experts
        case Role.CUSTOMS_OFFICER | Role.ENFORCEMENT_OFFICER | Role.LIST_EDITOR | Role.PORTAL | Role.NOTIFIER:
            return False
        case _:
            assert_never(principal.role)
