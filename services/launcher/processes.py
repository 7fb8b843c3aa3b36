"""The table of processes: name, command, what each waits for, how it is known to be ready, what it may know.

Read it from the top: this is the order in which the platform starts, as far as one waits for another.
"""

import os
import pathlib
import signal
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.foundation.migrations import migrate
from services.foundation.settings import SERVICES_WITH_DATABASE
from services.launcher import readiness
from services.launcher.addresses import Addresses
from services.launcher.ports import LOOPBACK
from services.launcher.postgres import EmbeddedPostgres
from services.launcher.state_folder import StateFolder

TEMPORAL_NAMESPACE = "xuke"
# Passed on from the launcher's own environment where the operator has set them.
_PASSED_ON = ("XUKE_CALENDAR", "XUKE_DESIGNATED_EXPORTERS", "XUKE_MALWARE_SCANNER")


@dataclass(frozen=True)
class Place:
    """Where one platform lives: its folder, its addresses and its database cluster."""

    folder: StateFolder
    addresses: Addresses

    @property
    def postgres(self) -> EmbeddedPostgres:
        """The embedded cluster."""
        return EmbeddedPostgres(self.folder.postgres, self.addresses.ports["postgres"])


Environment = Callable[[Place], Mapping[str, str]]


@dataclass(frozen=True)
class Process:
    """One row of the table."""

    name: str
    command: Callable[[Place], list[str]]
    waits_for: tuple[str, ...]
    # Asks it whether it is ready; a process that listens nowhere is ready once it has logged `says`.
    answers: Callable[[Place], bool] | None
    environment: Environment
    says: str = ""
    stop_signal: signal.Signals = signal.SIGTERM
    user: Callable[[Place], str | None] = lambda _: None
    # What must be done before each start, such as creating the cluster.
    prepare: Callable[[Place], None] = lambda _: None


@dataclass(frozen=True)
class Task:
    """Something the launcher itself does at each start, once what it waits for is ready."""

    name: str
    run: Callable[[Place], None]
    waits_for: tuple[str, ...]


def _migrate(place: Place) -> None:
    """Makes and migrates every database, one after the other: Alembic keeps its context in module globals."""
    for service in SERVICES_WITH_DATABASE:
        place.postgres.provision(service)
        migrate(service, place.postgres.owner_url(service))


def _make_signing_key(place: Place) -> None:
    """Makes the development key and certificate that sign licences, once."""
    # The key is written last; the import is slow, and only the first start needs it.
    if not any(place.folder.signing.glob("*-key.pem")):
        from services.licensing.document.development_authority import create_development_authority

        create_development_authority(place.folder.signing, datetime.now(UTC))


def program(name: str) -> str:
    """A program of the Python environment that the launcher runs in."""
    return str(pathlib.Path(sysconfig.get_path("scripts")) / name)


def _module(name: str) -> Callable[[Place], list[str]]:
    return lambda _: [sys.executable, "-m", f"services.{name}"]


def _base(_: Place) -> dict[str, str]:
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", **passed_on}


def _verifies_tokens(place: Place) -> dict[str, str]:
    return {"XUKE_ISSUER_URL": place.addresses.url("issuer")}


def _public_url(place: Place) -> dict[str, str]:
    """The base of the addresses that people and licences name: what the operator says, or the portal itself."""
    return {"XUKE_PUBLIC_URL": os.environ.get("XUKE_PUBLIC_URL", place.addresses.url("portal"))}


def _own_database(service: str) -> Environment:
    return lambda place: {f"XUKE_{service.upper()}_DATABASE_URL": place.postgres.service_url(service)}


def _owner_databases(place: Place) -> dict[str, str]:
    return {
        f"XUKE_{service.upper()}_OWNER_DATABASE_URL": place.postgres.owner_url(service)
        for service in SERVICES_WITH_DATABASE
    }


def _address(*services: str) -> Environment:
    return lambda place: {f"XUKE_{name.upper()}_ADDRESS": place.addresses.of(name) for name in services}


def _temporal(place: Place) -> dict[str, str]:
    return {
        "XUKE_TEMPORAL_ADDRESS": place.addresses.of("temporal"),
        "XUKE_TEMPORAL_NAMESPACE": TEMPORAL_NAMESPACE,
    }


def _account(client_id: str) -> Environment:
    return lambda place: {
        "XUKE_CLIENT_ID": client_id,
        "XUKE_CLIENT_SECRET_FILE": str(place.folder.secret(client_id)),
    }


def _mails(place: Place) -> dict[str, str]:
    """Nothing leaves the machine: each mail becomes a file."""
    return {
        "XUKE_MAIL_FOLDER": str(place.folder.mails),
        "XUKE_MAIL_FROM": "许可 Xuke <noreply@xuke.example>",
    }


def _together(*parts: Environment) -> Environment:
    def environment(place: Place) -> Mapping[str, str]:
        together = _base(place)
        for part in parts:
            together.update(part(place))
        return together

    return environment


def _temporal_command(place: Place) -> list[str]:
    ports = place.addresses.ports
    return [
        program("temporal"), "server", "start-dev",
        "--ip", LOOPBACK,
        "--port", str(ports["temporal"]),
        "--ui-port", str(ports["temporal_ui"]),
        "--ui-disable-news-fetch",
        "--db-filename", str(place.folder.temporal / "temporal.db"),
        "--sqlite-pragma", "journal_mode=WAL",
        "--sqlite-pragma", "synchronous=FULL",
        "--namespace", TEMPORAL_NAMESPACE,
        "--log-level", "error",
    ]  # fmt: skip


def _serves(name: str) -> Callable[[Place], bool]:
    return lambda place: readiness.serves_grpc(place.addresses.of(name))


def _answers(name: str, path: str) -> Callable[[Place], bool]:
    return lambda place: readiness.answers_http(place.addresses.url(name) + path)


def _grpc_service(name: str, *further: Environment, waits_for: tuple[str, ...] = ()) -> Process:
    return Process(
        name,
        _module(name),
        waits_for=("migrations", *waits_for),
        answers=_serves(name),
        environment=_together(_verifies_tokens, _own_database(name), _address(name), *further),
    )


TABLE: tuple[Process | Task, ...] = (
    Process(
        "postgres",
        lambda place: place.postgres.command(),
        waits_for=(),
        answers=lambda place: place.postgres.accepts_connections(),
        environment=lambda place: place.postgres.environment(),
        stop_signal=signal.SIGINT,
        user=lambda place: place.postgres.user,
        prepare=lambda place: place.postgres.prepare(),
    ),
    Task("migrations", _migrate, waits_for=("postgres",)),
    Task("signing-key", _make_signing_key, waits_for=()),
    Process(
        "temporal",
        _temporal_command,
        waits_for=(),
        answers=_serves("temporal"),
        environment=lambda place: {"PATH": os.environ.get("PATH", ""), "HOME": str(place.folder.temporal)},
    ),
    Process(
        "issuer",
        _module("launcher.issuer"),
        waits_for=(),
        answers=_answers("issuer", "/.well-known/openid-configuration"),
        environment=_together(
            _verifies_tokens,
            _public_url,
            lambda place: {"XUKE_ISSUER_STATE": str(place.folder.identity)},
        ),
    ),
    _grpc_service("classification"),
    _grpc_service("screening"),
    _grpc_service(
        "licensing",
        _public_url,
        lambda place: {
            "XUKE_DOCUMENTS": str(place.folder.documents),
            "XUKE_SIGNING": str(place.folder.signing),
        },
        waits_for=("signing-key",),
    ),
    _grpc_service("consultation"),
    Process(
        "sealer",
        _module("sealer"),
        waits_for=("migrations",),
        answers=_serves("sealer"),
        environment=_together(
            _verifies_tokens,
            _owner_databases,
            _address("sealer"),
            lambda place: {"XUKE_AUDIT_LOG": str(place.folder.audit_log)},
        ),
    ),
    Process(
        "relay",
        _module("relay"),
        waits_for=("migrations", "temporal"),
        answers=None,
        environment=_together(
            _own_database("licensing"), _own_database("consultation"), _own_database("screening"), _temporal
        ),
        says="relaying",
    ),
    Process(
        "approval",
        _module("approval"),
        waits_for=("temporal", "issuer", "classification", "screening", "licensing", "consultation"),
        answers=None,
        environment=_together(
            _verifies_tokens,
            _address("classification", "screening", "licensing", "consultation"),
            _temporal,
            _account("approval"),
        ),
        says="working",
    ),
    Process(
        "customs",
        _module("customs"),
        waits_for=("licensing",),
        answers=_answers("customs", "/health"),
        environment=_together(_verifies_tokens, _address("customs", "licensing")),
    ),
    Process(
        "portal",
        _module("portal"),
        waits_for=("issuer", "classification", "screening", "licensing", "consultation"),
        answers=_answers("portal", "/health"),
        environment=_together(
            _verifies_tokens,
            _public_url,
            _address("portal", "classification", "screening", "licensing", "consultation"),
            _account("portal"),
            lambda place: {"XUKE_PORTAL_SESSIONS": str(place.folder.portal_sessions)},
        ),
    ),
    Process(
        "notifier",
        _module("notifier"),
        waits_for=("issuer", "licensing"),
        answers=None,
        environment=_together(
            _verifies_tokens, _public_url, _address("licensing"), _account("notifier"), _mails
        ),
        says="notifying",
    ),
)

PROCESSES: tuple[Process, ...] = tuple(row for row in TABLE if isinstance(row, Process))
