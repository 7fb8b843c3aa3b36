"""Tokens of the development issuer as the services see them, over real sockets."""

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
from joserfc.jwk import KeySet

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.identity import ServiceCredential, TokenVerifier, discover, issuer_keys
from services.foundation.principal import Role
from services.launcher.accounts import accounts
from services.launcher.issuer.keys import TOKEN_SECONDS
from services.launcher.ports import free_ports
from tests.contract.identity.conftest import SECRET, RunningIssuer, running_issuer


def ask(
    issuer: RunningIssuer, form: dict[str, str], headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any], Any]:
    request = urllib.request.Request(
        f"{issuer.url}/token", data=urllib.parse.urlencode(form).encode(), headers=headers or {}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, json.load(response), response.headers
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused), refused.headers


def password(issuer: RunningIssuer, username: str) -> dict[str, Any]:
    form = {"grant_type": "password", "username": username, "password": accounts().development_password}
    status, answer, _ = ask(issuer, form)
    assert status == 200, answer
    return answer


def verifier(issuer: RunningIssuer, audience: str = "xuke") -> TokenVerifier:
    return TokenVerifier(issuer.url, audience, issuer_keys(issuer.url))


def test_discovery_names_where_keys_and_tokens_are(issuer: RunningIssuer) -> None:
    metadata = discover(issuer.url)
    assert metadata["issuer"] == issuer.url
    assert metadata["jwks_uri"].startswith(issuer.url)
    assert metadata["token_endpoint"].startswith(issuer.url)
    assert metadata["id_token_signing_alg_values_supported"] == ["ES256"]


@pytest.mark.parametrize("username", sorted(accounts().persons))
def test_every_person_becomes_the_principal_of_the_account(issuer: RunningIssuer, username: str) -> None:
    answer = password(issuer, username)
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == TOKEN_SECONDS
    assert verifier(issuer).verify(answer["access_token"]) == accounts().persons[username].principal


def test_a_program_becomes_its_principal(issuer: RunningIssuer) -> None:
    token = ServiceCredential(issuer.url, "approval", SECRET).token()
    principal = verifier(issuer).verify(token)
    assert (principal.subject, principal.role) == ("service:approval", Role.PROCEDURE)


def test_a_program_may_prove_itself_by_basic_authentication(issuer: RunningIssuer) -> None:
    proof = base64.b64encode(f"approval:{SECRET}".encode()).decode()
    status, _, headers = ask(
        issuer, {"grant_type": "client_credentials"}, {"Authorization": f"Basic {proof}"}
    )
    assert (status, headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password", "username": "auditor", "password": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "nobody", "password": "xuke-dev"}, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "approval", "password": "xuke-dev"}, 400, "invalid_grant"),
        (
            {"grant_type": "client_credentials", "client_id": "approval", "client_secret": "wrong"},
            401,
            "invalid_client",
        ),
        ({"grant_type": "client_credentials", "client_id": "auditor"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "../signing_keys.json"}, 401, "invalid_client"),
        # Its secret has not been made in this state folder.
        ({"grant_type": "client_credentials", "client_id": "customs-system"}, 401, "invalid_client"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({}, 400, "unsupported_grant_type"),
    ],
)
def test_a_wrong_proof_is_refused(
    issuer: RunningIssuer, form: dict[str, str], status: int, error: str
) -> None:
    given, answer, headers = ask(issuer, form)
    assert (given, answer["error"]) == (status, error)
    assert "access_token" not in answer
    assert headers["Cache-Control"] == "no-store"


def test_an_expired_token_is_refused(issuer: RunningIssuer) -> None:
    auditor = accounts().persons["auditor"]
    now = time.time()
    verifier(issuer).verify(issuer.issuer_at(now - TOKEN_SECONDS + 60).token(auditor))
    expired = issuer.issuer_at(now - TOKEN_SECONDS - 1).token(auditor)
    with pytest.raises(XukeError) as refused:
        verifier(issuer).verify(expired)
    assert refused.value.code is ErrorCode.UNAUTHENTICATED


def test_a_token_for_another_audience_is_refused(issuer: RunningIssuer) -> None:
    token = password(issuer, "auditor")["access_token"]
    with pytest.raises(XukeError) as refused:
        verifier(issuer, audience="another-platform").verify(token)
    assert refused.value.reason == "TOKEN_NOT_FOR_THIS_PLATFORM"


def test_a_changed_token_is_refused(issuer: RunningIssuer) -> None:
    head, claims, signature = password(issuer, "jiangsu.exporter")["access_token"].split(".")
    content = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    content["xuke_role"] = "ministry_director"
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    with pytest.raises(XukeError) as refused:
        verifier(issuer).verify(f"{head}.{forged}.{signature}")
    assert refused.value.reason == "TOKEN_INVALID"


def test_keys_rotate_under_running_verifiers(issuer: RunningIssuer) -> None:
    before = password(issuer, "auditor")["access_token"]
    old_hand = verifier(issuer)
    old_hand.verify(before)
    issuer.keys.rotate(time.time())
    after = password(issuer, "auditor")["access_token"]
    assert old_hand.verify(after) == old_hand.verify(before)
    assert verifier(issuer).verify(before) == verifier(issuer).verify(after)


def test_bad_tokens_do_not_make_a_verifier_ask_the_issuer_each_time(issuer: RunningIssuer) -> None:
    asked: list[float] = []
    instant = [time.time()]
    load = issuer_keys(issuer.url)

    def counted() -> KeySet:
        asked.append(instant[0])
        return load()

    hand = TokenVerifier(issuer.url, "xuke", counted, lambda: instant[0])
    for token in ("no-token", "a.b.c", "", "a.b.c.d.e"):
        with pytest.raises(XukeError) as refused:
            hand.verify(token)
        assert refused.value.code is ErrorCode.UNAUTHENTICATED
    assert len(asked) == 2
    instant[0] += 6
    issuer.keys.rotate(time.time())
    assert hand.verify(password(issuer, "auditor")["access_token"]).role is Role.AUDITOR
    assert len(asked) == 3


def test_a_service_credential_is_asked_for_once_and_renewed_at_half_of_its_life(
    issuer: RunningIssuer,
) -> None:
    now = time.time()
    instant = [now]
    credential = ServiceCredential(issuer.url, "approval", SECRET, lambda: instant[0])
    first = credential.token()
    instant[0] = now + TOKEN_SECONDS / 2 - 1
    assert credential.token() == first
    instant[0] = now + TOKEN_SECONDS / 2
    second = credential.token()
    assert second != first
    assert verifier(issuer).verify(second).role is Role.PROCEDURE


def test_tokens_outlive_a_restart_and_a_credential_outlives_an_absence(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    state, port = tmp_path_factory.mktemp("issuer"), free_ports(1)[0]
    now = time.time()
    instant = [now]
    with running_issuer(state, port) as issuer:
        token = password(issuer, "auditor")["access_token"]
        credential = ServiceCredential(issuer.url, "approval", SECRET, lambda: instant[0])
        first = credential.token()
    instant[0] = now + TOKEN_SECONDS / 2
    assert credential.token() == first
    instant[0] = now + TOKEN_SECONDS
    with pytest.raises(XukeError) as refused:
        credential.token()
    assert refused.value.code is ErrorCode.UNAVAILABLE
    with running_issuer(state, port) as issuer:
        assert verifier(issuer).verify(token).subject == "auditor"
        assert credential.token() != first


def test_a_page_elsewhere_cannot_reach_it_under_a_name_of_its_own(issuer: RunningIssuer) -> None:
    request = urllib.request.Request(f"{issuer.url}/jwks", headers={"Host": "attacker.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=5)
    assert refused.value.code == 400
