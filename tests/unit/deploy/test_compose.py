import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from services.foundation.documents.malware_scanner import malware_scanner
from services.foundation.settings import SERVICES_WITH_DATABASE, Settings
from services.launcher.processes import Process
from services.launcher.state_folder import PROJECT
from tests.unit.deploy.settings_model import (
    ELSEWHERE,
    GRPC,
    HTTP,
    NAMES_OF_PROCESSES,
    PORTS,
    SECRET_SETTINGS,
    XUKE_PROCESSES,
    databases,
    expected_settings,
    setting,
)

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
JOBS = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
LONG_RUNNING = sorted(set(SERVICES) - JOBS)
OF_XUKE = sorted(name for name, service in SERVICES.items() if "build" in service)
# What the launcher's table names and a container of another project takes the place of.
STANDS_FOR = {"issuer": "keycloak", "signing-key": "signing-key"}
by_process = pytest.mark.parametrize("process", XUKE_PROCESSES, ids=NAMES_OF_PROCESSES)


def secret_files(service: dict[str, Any]) -> set[str]:
    return {
        str(value).removeprefix("/run/secrets/")
        for name, value in service.get("environment", {}).items()
        if name.endswith("_FILE") and str(value).startswith("/run/secrets/")
    }


def test_the_file_follows_the_schema() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
    # The schema is older than this key.
    jsonschema.Draft7Validator(schema).validate(
        {key: value for key, value in COMPOSE.items() if key != "name"}
    )


@by_process
def test_every_process_runs_and_reads_what_the_launcher_would_give_it(process: Process) -> None:
    service = SERVICES[process.name]
    assert service["command"] == ["python", "-m", f"services.{process.name}"]
    assert {setting(name) for name in service["environment"]} == expected_settings(process)


@by_process
def test_every_process_waits_for_what_it_waits_for_in_the_launcher(process: Process) -> None:
    awaited = set()
    for name in process.waits_for:
        if name == "migrations":
            awaited |= {f"migrate-{service}" for service in databases(process)}
        else:
            awaited.add(STANDS_FOR.get(name, name))
    depends_on = SERVICES[process.name]["depends_on"]
    assert awaited <= set(depends_on)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_one_waits_for_the_success_of_a_job_and_for_the_health_of_anything_else(name: str) -> None:
    for awaited, how in SERVICES[name].get("depends_on", {}).items():
        expected = "service_completed_successfully" if awaited in JOBS else "service_healthy"
        assert how == {"condition": expected}, awaited


@by_process
def test_ports_are_those_of_the_addresses(process: Process) -> None:
    service = SERVICES[process.name]
    own = f"XUKE_{process.name.upper()}_ADDRESS"
    for name, value in service["environment"].items():
        if not name.endswith("_ADDRESS") or name in ELSEWHERE:
            continue
        called = name.removeprefix("XUKE_").removesuffix("_ADDRESS").lower()
        host = "0.0.0.0" if name == own else called
        assert value == f"{host}:{PORTS[called]}"
    port = PORTS.get(process.name)
    listens = [f"${{XUKE_BIND:-127.0.0.1}}:{port}:{port}"] if own in service["environment"] else []
    assert service.get("ports", []) == listens


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_port_is_open_to_the_network_unless_the_operator_says_so(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith(("127.0.0.1:", "${XUKE_BIND:-127.0.0.1}:"))
        assert "edge" in SERVICES[name]["networks"]


def test_what_is_not_for_callers_is_on_the_internal_network_only() -> None:
    assert COMPOSE["networks"]["internal"] == {"internal": True}
    # Sign-on, the document store and the mail server may be elsewhere, and signatures of malware are; these call them.
    outwards = {"approval", "storage-bucket", "notifier", "malware-scanner"}
    callable_from_the_host = {name for name, service in SERVICES.items() if "ports" in service}
    for name in set(SERVICES) - callable_from_the_host - outwards:
        assert SERVICES[name]["networks"] == ["internal"], name


def test_uploads_are_looked_at_by_the_scanner_unless_the_operator_says_otherwise() -> None:
    given = {
        name: service["environment"]["XUKE_MALWARE_SCANNER"]
        for name, service in SERVICES.items()
        if "XUKE_MALWARE_SCANNER" in service.get("environment", {})
    }
    assert given == {"licensing": "${XUKE_MALWARE_SCANNER-malware-scanner:3310}"}
    scanner = malware_scanner(Settings({"XUKE_MALWARE_SCANNER": "malware-scanner:3310"}))
    assert scanner is not None
    assert scanner.host in SERVICES
    assert set(SERVICES["licensing"]["networks"]) & set(SERVICES[scanner.host]["networks"])
    assert "malware-scanner" not in SERVICES["licensing"]["depends_on"]


@by_process
def test_health_is_asked_of_the_process_itself(process: Process) -> None:
    service = SERVICES[process.name]
    asks = ["CMD", "python", "-m", "services.launcher.probe"]
    own = f"127.0.0.1:{PORTS.get(process.name)}"
    if process.name in GRPC:
        asks += ["grpc", own]
    elif process.name in HTTP:
        asks += ["http", f"http://{own}/health"]
    else:
        asks += ["heartbeat", service["environment"]["XUKE_HEARTBEAT"]]
    assert service["healthcheck"]["test"] == asks


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_what_keeps_running_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_pinned(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].rpartition(":")
    if name in OF_XUKE:
        version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
            "version"
        ]
        assert SERVICES[name]["image"] == f"xuke:${{XUKE_VERSION:-{version}}}"
    else:
        assert image
        assert re.fullmatch(r"\d+\.\d+[\w.-]*", tag), tag


def test_both_temporal_images_are_of_one_version() -> None:
    tags = {
        SERVICES[name]["image"].rpartition(":")[2]
        for name in ("temporal", "temporal-schema", "temporal-namespace")
    }
    assert len(tags) == 1


@pytest.mark.parametrize("name", OF_XUKE)
def test_the_image_runs_without_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service, "the image has its own user"


def test_the_dockerfile_ends_as_a_user_that_is_not_root() -> None:
    lines = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    stages = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert len(stages) == 2
    assert all(re.fullmatch(r"python:3\.11\.\d+-slim-\w+", image) for image in stages)
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001:10001"]
    assert any("--require-hashes -r requirements.lock" in line for line in lines)
    assert "requirements-dev" not in "\n".join(lines)


@pytest.mark.parametrize("name", OF_XUKE)
def test_a_process_gets_the_secrets_that_it_names_and_no_other(name: str) -> None:
    assert set(SERVICES[name].get("secrets", [])) == secret_files(SERVICES[name])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_stands_in_the_environment(name: str) -> None:
    for variable in SERVICES[name].get("environment", {}):
        assert not variable.endswith(SECRET_SETTINGS), variable


def test_every_secret_is_declared_used_and_made(tmp_path: Path) -> None:
    declared = COMPOSE["secrets"]
    assert {name: value["file"] for name, value in declared.items()} == {
        name: f"./deploy/compose/secrets/{name}" for name in declared
    }
    assert {name for service in SERVICES.values() for name in service.get("secrets", [])} == set(declared)
    make_secrets(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(declared)
    ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "deploy/compose/secrets/" in ignored


def make_secrets(folder: Path) -> None:
    subprocess.run([PROJECT / "deploy/compose/make-secrets.sh", folder], check=True)


def test_secrets_are_random_kept_and_out_of_reach(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make_secrets(folder)
    first = {path.name: path.read_text() for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}
    random = [value for name, value in first.items() if not name.endswith(("_url", ".json"))]
    assert all(re.fullmatch(r"[0-9a-f]{48}", value) for value in random)
    assert len(set(random)) == len(random)
    (folder / "s3_access_key").unlink()
    make_secrets(folder)
    second = {path.name: path.read_text() for path in folder.iterdir()}
    assert second.pop("s3_access_key") != first.pop("s3_access_key")
    assert second == first


def test_the_addresses_of_databases_carry_the_roles_and_their_passwords(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    for service in SERVICES_WITH_DATABASE:
        for role in ("owner", "app"):
            password = (tmp_path / f"{service}_{role}_password").read_text()
            assert (tmp_path / f"{service}_{role}_url").read_text() == (
                f"postgresql+psycopg://xuke_{service}_{role}:{password}@postgres:5432/xuke_{service}"
            )
    key, secret = ((tmp_path / f"s3_{name}_key").read_text() for name in ("access", "secret"))
    identity = json.loads((tmp_path / "s3_identities.json").read_text())["identities"][0]
    assert identity["credentials"] == [{"accessKey": key, "secretKey": secret}]


@pytest.mark.parametrize("service", SERVICES_WITH_DATABASE)
def test_only_migrations_and_the_sealer_connect_as_owner(service: str) -> None:
    given = {
        name for name, container in SERVICES.items() if f"{service}_owner_url" in container.get("secrets", [])
    }
    assert given == {f"migrate-{service}", "sealer"}
    job = SERVICES[f"migrate-{service}"]
    assert job["command"] == ["xuke", "migrate", service]
    assert list(job["environment"]) == [f"XUKE_{service.upper()}_OWNER_DATABASE_URL_FILE"]


def test_every_file_that_is_mounted_exists_and_every_volume_is_declared() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (PROJECT / source).is_file(), (name, source)
                assert volume.endswith(":ro")
            else:
                assert source in COMPOSE["volumes"], (name, source)


@pytest.mark.parametrize(
    "script", sorted((PROJECT / "deploy/compose").rglob("*.sh")), ids=lambda path: path.name
)
def test_scripts_are_well_formed_and_may_be_run(script: Path) -> None:
    shell = script.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!")
    subprocess.run([shell, "-n", script], check=True)
    assert script.stat().st_mode & 0o111
