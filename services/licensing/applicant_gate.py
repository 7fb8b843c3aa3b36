"""The one gate of everybody who acts for an organisation: no transaction of an exporter or agent begins beside it.

An agent acts only within a recorded mandate in force today; without one the transaction goes on without an
organisation, and thus shows nothing. A member who may only read changes nothing. Row-level security says the
first again: an agent sees the rows of the organisation named in `xuke.acting_for`, which only this gate sets.
"""

import dataclasses

from sqlalchemy import text

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import permission_denied
from services.foundation.principal import Role
from services.licensing.domain.mandate import scope_in_force
from services.licensing.domain.standing import Demand, MemberRole, refusal_of_agent, refusal_of_member
from services.licensing.store import mandates, people

# What the methods ask that exporters or agents may call. One that is not named here asks the most.
DEMANDS = {
    "DirectoryService/RecordSignIn": Demand.NOTHING,
    "OrganisationService/GetOrganisation": Demand.READ,
    "OrganisationService/UpdateOrganisation": Demand.ADMINISTER,
    "OrganisationService/UpdateMember": Demand.ADMINISTER,
    "OrganisationService/GrantMandate": Demand.ADMINISTER,
    "OrganisationService/RevokeMandate": Demand.ADMINISTER,
    "ApplicationService/CreateApplication": Demand.PREPARE,
    "ApplicationService/CopyApplication": Demand.PREPARE,
    "ApplicationService/UpdateApplication": Demand.PREPARE,
    "ApplicationService/UploadAttachment": Demand.PREPARE,
    "ApplicationService/RemoveAttachment": Demand.PREPARE,
    "ApplicationService/SubmitApplication": Demand.FILE,
    "ApplicationService/SupplementApplication": Demand.FILE,
    "ApplicationService/WithdrawApplication": Demand.FILE,
    "ApplicationService/GetApplication": Demand.READ,
    "ApplicationService/ListApplications": Demand.READ,
    "ApplicationService/CheckApplication": Demand.READ,
    "ReviewService/DownloadAttachment": Demand.READ,
    "LicenceService/GetLicence": Demand.READ,
    "LicenceService/ListLicences": Demand.READ,
    "LicenceService/GetLicenceDocument": Demand.READ,
    "LicenceService/ListUsage": Demand.READ,
    "LicenceService/StopAndReport": Demand.FILE,
    "LicenceService/SurrenderLicence": Demand.FILE,
    "LicenceService/RecordDueDiligence": Demand.FILE,
    "NotificationService/ListNotifications": Demand.READ,
    # Marks what the caller himself has seen.
    "NotificationService/MarkNotificationsRead": Demand.READ,
}


def demand_of(method: str) -> Demand:
    """What a method asks, by its full name: /package.Service/Method."""
    return DEMANDS.get(method.rpartition(".")[2], Demand.FILE)


def admit(work: UnitOfWork) -> None:
    """Passes whoever has the standing for the called method; everybody but exporters and agents passes.

    An exporter of whom no sign-in is recorded (a service account, the command line) acts as a filer: the
    issuer vouches for the role. The standing that lets a change pass cannot be taken away before its commit.
    Errors: PERMISSION_DENIED with MEMBER_MAY_ONLY_READ, ADMINISTRATOR_NEEDED, AGENT_WITHOUT_MANDATE or
    MANDATE_DOES_NOT_COVER.
    """
    demand = demand_of(work.call.method)
    role = work.call.principal.role
    if demand is Demand.NOTHING or role not in (Role.EXPORTER, Role.AGENT):
        return
    if role is Role.AGENT:
        _require_mandate(work, demand)
    elif demand is not Demand.READ:
        # Administrators change members while they hold the organisation, and check again with that hold.
        require_member(work, demand, hold=demand is not Demand.ADMINISTER)


def require_member(work: UnitOfWork, demand: Demand, *, hold: bool = False) -> None:
    """Passes an exporter whose role in the organisation allows an act; with `hold`, it stays so."""
    principal = work.call.principal
    role = people.member_role(work.connection, principal.organisation, principal.subject, hold=hold)
    refusal = refusal_of_member(role or MemberRole.FILER, demand)
    if refusal:
        raise permission_denied(refusal)


def _require_mandate(work: UnitOfWork, demand: Demand) -> None:
    principal = work.call.principal
    own = mandates.of_agent(
        work.connection, principal.organisation, principal.subject, hold=demand is not Demand.READ
    )
    scope = scope_in_force(own, legal_day(work.call.now))
    acting_for = "" if scope is None else principal.organisation
    work.call = dataclasses.replace(
        work.call, principal=dataclasses.replace(principal, organisation=acting_for)
    )
    work.connection.execute(
        text("SELECT set_config('xuke.acting_for', :organisation, true)"), {"organisation": acting_for}
    )
    refusal = refusal_of_agent(scope, demand)
    if refusal:
        raise permission_denied(refusal)
