"""Administrators of organisations in tests, and the mandates that they give to agents."""

from xuke.licensing.v1 import organisation_pb2 as messages
from xuke.licensing.v1 import organisation_pb2_grpc as contract

from services.foundation.principal import Principal
from tests.support import identity
from tests.support.services import RunningService, request_id


def sign_in(service: RunningService, who: Principal, email: str = "") -> messages.SignedInPerson:
    """Records a sign-in, as the portal does."""
    return contract.DirectoryServiceStub(service.channel(who)).RecordSignIn(
        messages.RecordSignInRequest(name_zh=who.name, name_en=who.name, email=email)
    )


def grant_mandate(
    service: RunningService,
    *,
    by: Principal = identity.EXPORTER,
    agent: Principal = identity.AGENT,
    scope: int = messages.MANDATE_SCOPE_FILE,
    valid_from: str = "2020-01-01",
    valid_to: str = "2099-12-31",
) -> messages.Mandate:
    """Signs the first exporter of an organisation in and gives an agent a mandate."""
    sign_in(service, by)
    organisation = contract.OrganisationServiceStub(service.channel(by)).GrantMandate(
        messages.GrantMandateRequest(
            request_id=request_id(),
            agent_subject=agent.subject,
            agent_name=agent.name,
            agent_organisation="91110000MA1XUKE010",
            scope=messages.MandateScope.ValueType(scope),
            document_number="WT-2026-001",
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )
    return organisation.mandates[0]
