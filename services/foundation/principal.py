"""Who acts: a person or a service account, in one role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """The roles of the platform. A token names exactly one."""

    EXPORTER = "exporter"
    AGENT = "agent"
    PROVINCIAL_OFFICER = "provincial_officer"
    MINISTRY_OFFICER = "ministry_officer"
    MINISTRY_DIRECTOR = "ministry_director"
    AGENCY_REVIEWER = "agency_reviewer"
    EXPERT = "expert"
    CUSTOMS_OFFICER = "customs_officer"
    ENFORCEMENT_OFFICER = "enforcement_officer"
    LIST_EDITOR = "list_editor"
    AUDITOR = "auditor"
    # The approval worker: conducts the procedure, decides nothing.
    PROCEDURE = "procedure"
    # The portal on behalf of nobody: learns whether a licence stands, and nothing else.
    PORTAL = "portal"
    # Delivers notifications by e-mail, and reads nothing but those that wait.
    NOTIFIER = "notifier"


@dataclass(frozen=True)
class Principal:
    """The authenticated caller.

    `organisation` is a unified social credit code (统一社会信用代码), `province` a two-digit division code
    (GB/T 2260), `agency` a code of the agency directory; each is empty where it does not apply.
    """

    subject: str
    name: str
    role: Role
    organisation: str = ""
    province: str = ""
    agency: str = ""
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Call:
    """One call as the handlers see it: who, when (UTC), and the trace it belongs to."""

    principal: Principal
    now: datetime
    trace_id: str
    method: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
