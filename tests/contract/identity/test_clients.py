"""The accounts as clients of a running issuer."""

from services.foundation.identity import TokenVerifier, issuer_keys
from services.launcher.addresses import Addresses
from services.launcher.clients import CUSTOMS_ACCOUNT, People
from services.launcher.state_folder import StateFolder
from tests.contract.identity.conftest import RunningIssuer


def test_customs_acts_as_its_system_with_both_scopes(issuer: RunningIssuer) -> None:
    folder = StateFolder(issuer.state)
    (issuer.state / "secrets" / CUSTOMS_ACCOUNT).write_text("a-secret-of-the-customs-system")
    identity = issuer.state / "identity"
    if not identity.exists():
        identity.symlink_to(issuer.state)
    ports = {"issuer": int(issuer.url.rpartition(":")[2])}
    people = People(Addresses(ports), folder)
    principal = TokenVerifier(issuer.url, "xuke", issuer_keys(issuer.url)).verify(
        people.token(CUSTOMS_ACCOUNT)
    )
    assert principal.subject == "service:customs-system"
    assert principal.scopes == {"customs:status", "customs:writeoff"}
