"""What the containers of other projects are told must be what Xuke expects of them."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from services.foundation import temporal
from services.foundation.migrations import migrate
from services.foundation.settings import SERVICES_WITH_DATABASE
from services.launcher.accounts import Account, accounts
from services.launcher.ports import free_ports
from services.launcher.postgres import EmbeddedPostgres
from services.launcher.processes import TEMPORAL_NAMESPACE
from services.launcher.state_folder import PROJECT

FOLDER = PROJECT / "deploy/compose"
REALM: dict[str, Any] = json.loads((FOLDER / "keycloak/realm.json").read_text(encoding="utf-8"))
USERS: dict[str, Any] = {user["username"]: user for user in REALM["users"]}
CLIENTS: dict[str, Any] = {client["clientId"]: client for client in REALM["clients"]}
SCOPES: dict[str, Any] = {scope["name"]: scope for scope in REALM["clientScopes"]}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedPostgres, Path]]:
    """A new cluster that asks every role but the superuser for a password, after the script of the container."""
    secrets = tmp_path_factory.mktemp("secrets")
    subprocess.run([FOLDER / "make-secrets.sh", secrets], check=True)
    folder = tmp_path_factory.mktemp("cluster")
    postgres = EmbeddedPostgres(folder, free_ports(1)[0])
    postgres.start()
    rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    (folder / "data" / "pg_hba.conf").write_text(rules)
    with postgres.connect() as connection:
        connection.execute("SELECT pg_reload_conf()")
    environment = {
        "PATH": f"{postgres.binaries}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres.port),
        "SECRETS": str(secrets),
    }
    subprocess.run([FOLDER / "postgres/databases.sh"], env=environment, check=True)
    yield postgres, secrets
    postgres.stop()


def address(cluster: tuple[EmbeddedPostgres, Path], secret: str) -> str:
    postgres, secrets = cluster
    return (secrets / secret).read_text().replace("@postgres:5432/", f"@127.0.0.1:{postgres.port}/")


@pytest.mark.parametrize("service", SERVICES_WITH_DATABASE)
def test_databases_are_made_so_that_the_owner_migrates_and_the_service_only_uses(
    cluster: tuple[EmbeddedPostgres, Path], service: str
) -> None:
    migrate(service, address(cluster, f"{service}_owner_url"))
    application = address(cluster, f"{service}_app_url").replace("+psycopg", "")
    with psycopg.connect(application) as connection:
        assert connection.execute("SELECT count(*) FROM audit_event").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE own (id int)")


def test_a_service_cannot_open_the_database_of_another(cluster: tuple[EmbeddedPostgres, Path]) -> None:
    own = address(cluster, "licensing_app_url").replace("+psycopg", "")
    psycopg.connect(own).close()
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(own.rpartition("/")[0] + "/xuke_screening")


@pytest.mark.parametrize(
    ("role", "database"),
    [("temporal", "temporal"), ("temporal", "temporal_visibility"), ("keycloak", "keycloak")],
)
def test_temporal_and_keycloak_own_their_databases(
    cluster: tuple[EmbeddedPostgres, Path], role: str, database: str
) -> None:
    postgres, secrets = cluster
    password = (secrets / f"{role}_database_password").read_text()
    url = f"postgresql://{role}:{password}@127.0.0.1:{postgres.port}/{database}"
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE own (id int)")


def test_the_namespace_is_what_the_worker_would_make_of_it() -> None:
    script = (FOLDER / "temporal/namespace.sh").read_text(encoding="utf-8")
    assert f"--retention {temporal.RETENTION.days}d" in script
    words = {"XukeState": "Keyword", "XukeSequence": "Int", "XukeDueAt": "Datetime"}
    assert [key.name for key in temporal.SEARCH_ATTRIBUTES] == list(words)
    assert [key.indexed_value_type.name.title() for key in temporal.SEARCH_ATTRIBUTES] == list(words.values())
    assert re.search(r"for attribute in (.*)", script)[1].split() == [  # type: ignore[index]
        f"{name}:{kind}" for name, kind in words.items()
    ]


def test_everybody_means_the_same_namespace() -> None:
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    for name in ("temporal-namespace", "relay", "approval"):
        assert services[name]["environment"]["XUKE_TEMPORAL_NAMESPACE"] == TEMPORAL_NAMESPACE
    assert yaml.safe_load((FOLDER / "temporal/dynamicconfig.yaml").read_text(encoding="utf-8")) == {}


def attributes(account: Account) -> dict[str, list[str]]:
    principal = account.principal
    values = {
        "name_zh": principal.name,
        "name_en": account.name_en,
        "xuke_role": principal.role.value,
        "xuke_organisation": principal.organisation,
        "xuke_province": principal.province,
        "xuke_agency": principal.agency,
    }
    return {name: [value] for name, value in values.items() if value}


def test_the_realm_has_every_account_with_its_claims() -> None:
    known = accounts()
    programs = {f"service-account-{name}": account for name, account in known.programs.items()}
    expected = {**known.persons, **programs}
    assert {name: user["attributes"] for name, user in USERS.items()} == {
        name: attributes(account) for name, account in expected.items()
    }
    assert {name: user.get("email", "") for name, user in USERS.items()} == {
        name: account.email for name, account in expected.items()
    }
    assert {user.get("serviceAccountClientId") for user in REALM["users"]} == {None, *known.programs}


def test_every_claim_is_mapped_from_its_attribute() -> None:
    mappers = SCOPES["xuke"]["protocolMappers"]
    claims = {
        mapper["config"]["claim.name"]: mapper["config"]["user.attribute"]
        for mapper in mappers
        if mapper["protocolMapper"] == "oidc-usermodel-attribute-mapper"
    }
    own = ("xuke_role", "xuke_organisation", "xuke_province", "xuke_agency")
    assert claims == {"name": "name_zh", "name#en": "name_en", **{name: name for name in own}}
    assert all(mapper["config"]["access.token.claim"] == "true" for mapper in mappers)
    others = {mapper["protocolMapper"]: mapper["config"] for mapper in mappers}
    assert "oidc-sub-mapper" in others
    assert others["oidc-audience-mapper"]["included.custom.audience"] == "xuke"


def test_the_address_of_a_person_is_told_at_sign_in_alone() -> None:
    (mapper,) = SCOPES["email"]["protocolMappers"]
    told = {name: mapper["config"][name] for name in ("user.attribute", "claim.name", "access.token.claim")}
    assert told == {"user.attribute": "email", "claim.name": "email", "access.token.claim": "false"}


def test_only_customs_officers_get_the_scopes_of_customs() -> None:
    scopes = {"customs:status", "customs:writeoff"}
    assert {mapping["clientScope"] for mapping in REALM["scopeMappings"]} == scopes
    assert all(mapping["roles"] == ["customs_officer"] for mapping in REALM["scopeMappings"])
    assert all(SCOPES[name]["attributes"]["include.in.token.scope"] == "true" for name in scopes)
    for name, user in USERS.items():
        officer = user["attributes"]["xuke_role"] == ["customs_officer"]
        assert user.get("realmRoles", []) == (["customs_officer"] if officer else []), name


def test_programs_use_client_credentials_and_only_the_portal_signs_people_in() -> None:
    start = (FOLDER / "keycloak/start.sh").read_text(encoding="utf-8")
    assert set(CLIENTS) == set(accounts().programs)
    for name, account in accounts().programs.items():
        client = CLIENTS[name]
        assert client["serviceAccountsEnabled"] is True
        assert not client["publicClient"]
        assert client["standardFlowEnabled"] is (name == "portal")
        assert not any(client[flow] for flow in ("implicitFlowEnabled", "directAccessGrantsEnabled"))
        assert set(client["defaultClientScopes"]) == {"xuke", *account.principal.scopes}
        variable = client["secret"].removeprefix("${").removesuffix("}")
        assert f"{variable}=$(< /run/secrets/{name.replace('-', '_')}_client_secret)" in start


def test_the_portal_signs_people_in_with_pkce_and_has_them_sent_back_to_itself_only() -> None:
    portal = CLIENTS["portal"]
    assert portal["redirectUris"] == ["${XUKE_PUBLIC_URL}/sign-in/callback"]
    assert portal["webOrigins"] == []
    assert portal["attributes"]["pkce.code.challenge.method"] == "S256"
    # Keycloak refuses a sign-in that asks for a scope which the client does not have; openid is always there.
    assert set(portal["optionalClientScopes"]) == {"profile", "email"} <= set(SCOPES)
    containers = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    told = {
        containers[name]["environment"]["XUKE_PUBLIC_URL"] for name in ("keycloak", "portal", "licensing")
    }
    assert len(told) == 1


def test_nobody_gives_themselves_another_role() -> None:
    provider = REALM["components"]["org.keycloak.userprofile.UserProfileProvider"][0]
    profile = json.loads(provider["config"]["kc.user.profile.config"][0])
    edits = {attribute["name"]: attribute["permissions"]["edit"] for attribute in profile["attributes"]}
    used = {name for user in REALM["users"] for name in user["attributes"]}
    assert used <= set(edits)
    assert all(editors == ["admin"] for editors in edits.values())
    assert "unmanagedAttributePolicy" not in profile


def test_no_password_is_in_the_realm() -> None:
    start = (FOLDER / "keycloak/start.sh").read_text(encoding="utf-8")
    for name in accounts().persons:
        assert [one["value"] for one in USERS[name]["credentials"]] == ["${XUKE_DEMO_PEOPLE_PASSWORD}"]
    exported = {word for line in re.findall(r"^export (.*)$", start, re.MULTILINE) for word in line.split()}
    used = set(re.findall(r"\$\{(XUKE_\w+)\}", json.dumps(REALM)))
    # No secret: the container has it in its environment.
    assert used - {"XUKE_PUBLIC_URL"} <= exported
    assert exported <= set(re.findall(r"^(\w+)=\$\(< /run/secrets/", start, re.MULTILINE))
