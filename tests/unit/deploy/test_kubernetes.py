import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from services.foundation.settings import SERVICES_WITH_DATABASE
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
    expected_settings,
    launcher_settings,
    setting,
)

FOLDER = PROJECT / "deploy/kubernetes"
BASE, PRODUCTION = FOLDER / "base", FOLDER / "overlays/production"
# In an overlay these are patches, not resources of their own.
PATCHES = ("databases.yaml",)
Resource = dict[str, Any]


def documents(file: Path) -> list[Resource]:
    return [document for document in yaml.safe_load_all(file.read_text(encoding="utf-8")) if document]


RESOURCES: list[Resource] = [
    resource
    for file in sorted(BASE.glob("*.yaml"))
    if file.name != "kustomization.yaml"
    for resource in documents(file)
]
by_process = pytest.mark.parametrize("process", XUKE_PROCESSES, ids=NAMES_OF_PROCESSES)


def of_kind(kind: str) -> dict[str, Resource]:
    return {one["metadata"]["name"]: one for one in RESOURCES if one["kind"] == kind}


DEPLOYMENTS, JOBS = of_kind("Deployment"), of_kind("Job")
WORKLOADS = {**DEPLOYMENTS, **JOBS}
CONFIGURATION: dict[str, str] = of_kind("ConfigMap")["xuke-platform"]["data"]


def pod(workload: Resource) -> Resource:
    specification: Resource = workload["spec"]["template"]["spec"]
    return specification


def container(workload: Resource) -> Resource:
    (only,) = pod(workload)["containers"]
    one: Resource = only
    return one


def environment(workload: Resource) -> dict[str, str]:
    given = {}
    for variable in container(workload)["env"]:
        if "value" in variable:
            given[variable["name"]] = variable["value"]
        else:
            reference = variable["valueFrom"]["configMapKeyRef"]
            assert reference["name"] == "xuke-platform"
            given[variable["name"]] = CONFIGURATION[reference["key"]]
    return given


def labels_of(workload: Resource) -> dict[str, str]:
    labels: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return labels


@pytest.mark.parametrize("folder", [BASE, PRODUCTION], ids=["base", "production"])
def test_the_kustomization_lists_every_file(folder: Path) -> None:
    kustomization = documents(folder / "kustomization.yaml")[0]
    patches = [patch["path"] for patch in kustomization.get("patches", [])]
    listed = {*kustomization["resources"], *patches} - {"../../base"}
    assert listed == {path.name for path in folder.iterdir()} - {"kustomization.yaml"}


@pytest.mark.parametrize(
    "file",
    sorted([*BASE.glob("*.yaml"), *PRODUCTION.glob("*.yaml")]),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_every_resource_is_valid(file: Path) -> None:
    if file.name == "kustomization.yaml" or file.name in PATCHES:
        return
    for resource in documents(file):
        kubernetes_validate.validate(resource, "1.37", strict=True)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on this machine")
def test_what_the_overlay_builds_is_valid_and_in_its_namespace() -> None:
    built = subprocess.run(["kubectl", "kustomize", PRODUCTION], check=True, capture_output=True, text=True)
    resources = [one for one in yaml.safe_load_all(built.stdout) if one]
    for resource in resources:
        kubernetes_validate.validate(resource, "1.37", strict=True)
        if resource["kind"] != "Namespace":
            assert resource["metadata"]["namespace"] == "xuke"
    policies = [one for one in resources if one["kind"] == "NetworkPolicy"]
    to_databases = [
        edge
        for policy in policies
        for edge in policy["spec"].get("egress", [])
        if {"protocol": "TCP", "port": 5432} in edge["ports"]
    ]
    assert len(to_databases) == 7
    assert all("to" in edge for edge in to_databases)


@by_process
def test_every_process_runs_and_reads_what_the_launcher_would_give_it(process: Process) -> None:
    deployment = DEPLOYMENTS[process.name]
    assert container(deployment)["command"] == ["python", "-m", f"services.{process.name}"]
    assert {setting(name) for name in environment(deployment)} == expected_settings(process)


def test_nothing_else_is_deployed() -> None:
    assert set(DEPLOYMENTS) == set(NAMES_OF_PROCESSES)
    assert set(JOBS) == {f"migrate-{service}" for service in SERVICES_WITH_DATABASE}
    assert {one["kind"] for one in RESOURCES}.isdisjoint({"Secret", "Role", "ClusterRole", "Ingress"})


@by_process
def test_ports_are_those_of_the_addresses(process: Process) -> None:
    given = environment(DEPLOYMENTS[process.name])
    services = of_kind("Service")
    for name, value in given.items():
        if not name.endswith("_ADDRESS") or name in ELSEWHERE:
            continue
        called = name.removeprefix("XUKE_").removesuffix("_ADDRESS").lower()
        if called == process.name:
            assert value == f"0.0.0.0:{PORTS[called]}"
            (port,) = container(DEPLOYMENTS[process.name])["ports"]
            assert port["containerPort"] == PORTS[called]
            assert services[called]["spec"]["selector"] == labels_of(DEPLOYMENTS[called])
        else:
            (port,) = services[called]["spec"]["ports"]
            assert value == f"{called}:{port['port']}" == f"{called}:{PORTS[called]}"
            assert port["targetPort"] == container(DEPLOYMENTS[called])["ports"][0]["name"]


@by_process
def test_probes_ask_the_process_itself(process: Process) -> None:
    one = container(DEPLOYMENTS[process.name])
    asked = [one[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")]
    if process.name in GRPC:
        assert [probe["grpc"] for probe in asked] == [{"port": PORTS[process.name]}] * 3
    elif process.name in HTTP:
        assert one["readinessProbe"]["httpGet"] == {"path": "/health", "port": "http"}
        # Its health asks licensing; a licensing that is away is no reason to restart it.
        assert one["livenessProbe"]["tcpSocket"] == one["startupProbe"]["tcpSocket"] == {"port": "http"}
    else:
        file = environment(DEPLOYMENTS[process.name])["XUKE_HEARTBEAT"]
        command = ["python", "-m", "services.launcher.probe", "heartbeat", file]
        assert [probe["exec"]["command"] for probe in asked] == [command] * 3


@pytest.mark.parametrize("name", sorted(WORKLOADS))
def test_pods_have_no_rights_and_bounded_resources(name: str) -> None:
    specification, one = pod(WORKLOADS[name]), container(WORKLOADS[name])
    security = specification["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    # The user of the image.
    assert f"USER {security['runAsUser']}:{security['runAsGroup']}" in (PROJECT / "Dockerfile").read_text()
    assert specification["automountServiceAccountToken"] is False
    assert specification["serviceAccountName"] in of_kind("ServiceAccount")
    assert one["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(one["resources"]) == {"requests", "limits"}
    assert all(set(bounds) == {"cpu", "memory"} for bounds in one["resources"].values())


@pytest.mark.parametrize("name", sorted(WORKLOADS))
def test_images_are_pinned_by_the_version_of_this_release(name: str) -> None:
    version = (PROJECT / "pyproject.toml").read_text(encoding="utf-8").split('version = "')[1].split('"')[0]
    assert container(WORKLOADS[name])["image"] == f"xuke:{version}"
    (image,) = documents(PRODUCTION / "kustomization.yaml")[0]["images"]
    assert image["name"] == "xuke"
    assert image["newTag"] == version


@pytest.mark.parametrize("name", sorted(WORKLOADS))
def test_secrets_come_from_files_of_secrets_that_are_mounted(name: str) -> None:
    workload = WORKLOADS[name]
    volumes = {volume["name"]: volume for volume in pod(workload)["volumes"]}
    mounts = {mount["mountPath"]: mount for mount in container(workload)["volumeMounts"]}
    named = set()
    for variable, value in environment(workload).items():
        assert not variable.endswith(SECRET_SETTINGS), variable
        if variable.endswith("_FILE"):
            mount = mounts[value.rpartition("/")[0]]
            assert mount["readOnly"] is True
            named.add(volumes[mount["name"]]["secret"]["secretName"])
    if name == "licensing":
        assert mounts[environment(workload)["XUKE_SIGNING"]]["name"] == "xuke-signing"
        named.add("xuke-signing")
    secrets = {
        volume["secret"]["secretName"]: volume["secret"] for volume in volumes.values() if "secret" in volume
    }
    assert set(secrets) == named
    # Readable by the group of the pod and by nobody else.
    assert all(secret["defaultMode"] == 0o440 for secret in secrets.values())


def test_every_secret_is_told_to_the_operator() -> None:
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    for workload in WORKLOADS.values():
        for volume in pod(workload)["volumes"]:
            if "secret" in volume:
                name = volume["secret"]["secretName"]
                generic = name
                for service in SERVICES_WITH_DATABASE:
                    generic = generic.replace(f"xuke-{service}-", "xuke-$service-")
                assert generic in told, name


@pytest.mark.parametrize("service", SERVICES_WITH_DATABASE)
def test_only_migrations_and_the_sealer_connect_as_owner(service: str) -> None:
    variable = f"XUKE_{service.upper()}_OWNER_DATABASE_URL_FILE"
    given = {name for name, workload in WORKLOADS.items() if variable in environment(workload)}
    assert given == {f"migrate-{service}", "sealer"}
    assert container(JOBS[f"migrate-{service}"])["command"] == ["xuke", "migrate", service]


@by_process
def test_every_deployment_survives_the_loss_of_a_node_as_well_as_it_can(process: Process) -> None:
    deployment, budget = DEPLOYMENTS[process.name], of_kind("PodDisruptionBudget")[process.name]
    assert budget["spec"]["selector"]["matchLabels"] == labels_of(deployment)
    if process.name in ("sealer", "portal", "notifier"):
        # One alone writes the sealed log, one keeps its sessions on a volume of one node, one sends each mail once.
        assert deployment["spec"]["replicas"] == 1
        assert deployment["spec"]["strategy"] == {"type": "Recreate"}
        assert budget["spec"]["maxUnavailable"] == 1
    else:
        assert deployment["spec"]["replicas"] > budget["spec"]["minAvailable"] == 1


def policy_of(name: str) -> Resource:
    policy: Resource = of_kind("NetworkPolicy")[name]["spec"]
    return policy


def test_nothing_is_allowed_unless_a_policy_says_so() -> None:
    assert policy_of("default-deny") == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def callers(name: str) -> set[str]:
    return {
        source["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for rule in policy_of(name)["ingress"]
        for source in rule["from"]
        if "podSelector" in source
    }


def called(name: str) -> dict[str, int]:
    return {
        target["podSelector"]["matchLabels"]["app.kubernetes.io/name"]: rule["ports"][0]["port"]
        for rule in policy_of(name)["egress"]
        for target in rule.get("to", [])
    }


@by_process
def test_policies_allow_exactly_the_calls_that_the_settings_name(process: Process) -> None:
    given = launcher_settings(process)
    assert policy_of(process.name)["podSelector"]["matchLabels"] == labels_of(DEPLOYMENTS[process.name])
    targets = {
        name.removeprefix("XUKE_").removesuffix("_ADDRESS").lower()
        for name in given
        if name.endswith("_ADDRESS") and name != "XUKE_TEMPORAL_ADDRESS"
    } - {process.name}
    assert called(process.name) == {name: PORTS[name] for name in targets}
    own = f"XUKE_{process.name.upper()}_ADDRESS"
    assert callers(process.name) == {
        other.name for other in XUKE_PROCESSES if own in launcher_settings(other)
    } - {process.name}
    outside = {rule["ports"][0]["port"] for rule in policy_of(process.name)["egress"] if "to" not in rule}
    expected = {
        5432: any(name.endswith("DATABASE_URL") for name in given),
        443: "XUKE_ISSUER_URL" in given,
        7233: "XUKE_TEMPORAL_ADDRESS" in given,
        587: "XUKE_MAIL_FROM" in given,
        3310: "XUKE_MALWARE_SCANNER" in expected_settings(process),
    }
    assert outside == {port for port, needed in expected.items() if needed}
    for rule in policy_of(process.name)["ingress"]:
        assert [port["port"] for port in rule["ports"]] == [PORTS[process.name]]


def test_migrations_reach_databases_only() -> None:
    assert policy_of("migrations")["ingress"] == []
    assert [rule["ports"] for rule in policy_of("migrations")["egress"]] == [
        [{"protocol": "TCP", "port": 5432}]
    ]
    assert all(
        labels_of(job) == policy_of("migrations")["podSelector"]["matchLabels"] for job in JOBS.values()
    )
