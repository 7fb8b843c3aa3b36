"""What each process of the launcher's table is given, as the measure for every other way to deploy it."""

from pathlib import Path

from services.launcher.addresses import NAMES, Addresses
from services.launcher.ports import PREFERRED_FIRST
from services.launcher.processes import PROCESSES, Place, Process
from services.launcher.state_folder import PROJECT, StateFolder

PORTS = {name: PREFERRED_FIRST + position for position, name in enumerate(NAMES)}
GRPC = ("classification", "screening", "licensing", "consultation", "sealer")
HTTP = ("customs", "portal")
# Settings that a deployment gives beyond the launcher's, where the default would not do.
FURTHER: dict[str, set[str]] = {
    "licensing": {
        "XUKE_S3_ENDPOINT",
        "XUKE_S3_REGION",
        "XUKE_S3_ACCESS_KEY",
        "XUKE_S3_SECRET_KEY",
        "XUKE_PUBLIC_URL",
        "XUKE_MALWARE_SCANNER",
    },
    "relay": {"XUKE_HEARTBEAT"},
    "approval": {"XUKE_HEARTBEAT"},
    "portal": {"XUKE_PUBLIC_URL", "XUKE_PORTAL_PROXIES"},
    "notifier": {
        "XUKE_HEARTBEAT",
        "XUKE_PUBLIC_URL",
        "XUKE_SMTP_ADDRESS",
        "XUKE_SMTP_SECURITY",
        "XUKE_SMTP_USERNAME",
        "XUKE_SMTP_PASSWORD",
    },
}
# Given by an operator where there is something to say.
OPTIONAL = {"XUKE_CALENDAR", "XUKE_DESIGNATED_EXPORTERS", "XUKE_PUBLIC_URL"}
# Addresses of what is no process of this platform.
ELSEWHERE = ("XUKE_TEMPORAL_ADDRESS", "XUKE_SMTP_ADDRESS")
# Whoever learns one of these can act as somebody else: they come from files only.
SECRET_SETTINGS = ("_DATABASE_URL", "_CLIENT_SECRET", "_ACCESS_KEY", "_SECRET_KEY", "PASSWORD")

XUKE_PROCESSES: tuple[Process, ...] = tuple(
    process for process in PROCESSES if (PROJECT / "services" / process.name / "__main__.py").exists()
)
NAMES_OF_PROCESSES = [process.name for process in XUKE_PROCESSES]


def setting(variable: str) -> str:
    """The setting that an environment variable gives."""
    return variable.removesuffix("_FILE")


def launcher_settings(process: Process) -> dict[str, str]:
    """The XUKE_ settings that the launcher gives a process, on the ports that it prefers."""
    place = Place(StateFolder(Path("/state")), Addresses(PORTS))
    given = process.environment(place).items()
    return {setting(name): value for name, value in given if name.startswith("XUKE_")}


def expected_settings(process: Process) -> set[str]:
    """The settings that any deployment gives a process: the launcher's and those it must add."""
    given = set(launcher_settings(process))
    audience = {"XUKE_AUDIENCE"} if "XUKE_ISSUER_URL" in given else set()
    return given - OPTIONAL | audience | FURTHER.get(process.name, set())


def databases(process: Process) -> set[str]:
    """The services whose databases a process opens."""
    return {
        name.removeprefix("XUKE_").split("_")[0].lower()
        for name in launcher_settings(process)
        if name.endswith("_DATABASE_URL")
    }
