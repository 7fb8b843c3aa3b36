"""The folder that holds everything one embedded platform keeps: databases, workflow store, keys, logs, ports."""

import fcntl
import json
import os
import pathlib
import secrets
import shutil
from collections.abc import Mapping

from services.foundation.errors import ErrorCode, XukeError, failed_precondition
from services.launcher.accounts import accounts

# Everything the platform makes in its folder. The ports come last but the lock: they mark it as such a folder.
ENTRIES = (
    "postgres",
    "temporal",
    "identity",
    "documents",
    "audit",
    "signing",
    "portal-sessions",
    "mails",
    "logs",
    "processes.json",
    "processes.new",
    "ports.json",
    "lock",
)

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def default_folder() -> pathlib.Path:
    """XUKE_HOME, or `.xuke` beside the code."""
    return pathlib.Path(os.environ.get("XUKE_HOME", PROJECT / ".xuke")).resolve()


def _lives(process: bytes) -> bool:
    """Whether the process whose id a launcher has written into its lock is there; yes if it wrote none."""
    if not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _delete(entry: pathlib.Path) -> None:
    """Deletes a file or a folder, and of a link the link only."""
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)


class StateFolder:
    """Paths within a state folder, and the lock that keeps two launchers apart."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self._lock: int | None = None

    @property
    def postgres(self) -> pathlib.Path:
        """The PostgreSQL cluster."""
        return self.path / "postgres"

    @property
    def temporal(self) -> pathlib.Path:
        """The store of the workflow server; may be deleted and rebuilt from the databases."""
        return self.path / "temporal"

    @property
    def identity(self) -> pathlib.Path:
        """Signing keys of the development issuer and secrets of the programs."""
        return self.path / "identity"

    @property
    def documents(self) -> pathlib.Path:
        """The document store."""
        return self.path / "documents"

    @property
    def audit_log(self) -> pathlib.Path:
        """The sealed log."""
        return self.path / "audit"

    @property
    def signing(self) -> pathlib.Path:
        """Keys and certificates that sign licences."""
        return self.path / "signing"

    @property
    def portal_sessions(self) -> pathlib.Path:
        """The sessions of the portal; may be deleted, and everybody signs in again."""
        return self.path / "portal-sessions"

    @property
    def mails(self) -> pathlib.Path:
        """The e-mails that would have been sent, each in a file."""
        return self.path / "mails"

    @property
    def ports(self) -> pathlib.Path:
        """The ports chosen at the first start."""
        return self.path / "ports.json"

    @property
    def processes(self) -> pathlib.Path:
        """Process ids of the running platform, by name."""
        return self.path / "processes.json"

    def log(self, process: str) -> pathlib.Path:
        """Log file of a process."""
        return self.path / "logs" / f"{process}.log"

    def secret(self, program: str) -> pathlib.Path:
        """File of the secret of a program's account."""
        return self.secrets / program

    @property
    def secrets(self) -> pathlib.Path:
        """Folder of the secrets of the programs' accounts."""
        return self.identity / "secrets"

    def prepare(self) -> None:
        """Makes the folders, and the secrets that do not exist yet. Only the owner may read them."""
        self.path.mkdir(parents=True, exist_ok=True)
        for folder in (
            self.temporal,
            self.documents,
            self.audit_log,
            self.signing,
            self.portal_sessions,
            self.mails,
            self.path / "logs",
        ):
            folder.mkdir(exist_ok=True, mode=0o700)
        self.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.identity.chmod(0o700)
        for program in accounts().programs:
            if not self.secret(program).exists():
                self.secret(program).touch(mode=0o600)
                self.secret(program).write_text(secrets.token_urlsafe(32), encoding="utf-8")

    def acquire(self) -> int:
        """Takes the lock of the folder; returns its file descriptor.

        Errors: FAILED_PRECONDITION, PLATFORM_RUNNING if another launcher has it; PLATFORM_ENDING if that one
        was killed and its guardian, which holds the lock until then, still ends what it has left.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            reason = "PLATFORM_RUNNING" if _lives(os.read(descriptor, 20)) else "PLATFORM_ENDING"
            os.close(descriptor)
            raise failed_precondition(reason, folder=str(self.path)) from error
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._lock = descriptor
        return descriptor

    @property
    def locked(self) -> bool:
        """Whether this object has the lock."""
        return self._lock is not None

    def release(self) -> None:
        """Gives the lock back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def running(self) -> bool:
        """Whether a launcher has the lock now."""
        if not (self.path / "lock").exists():
            return False
        try:
            self.acquire()
        except XukeError:
            return True
        self.release()
        return False

    def chosen_ports(self) -> Mapping[str, int]:
        """The ports of the platform. Errors: UNAVAILABLE, PLATFORM_NEVER_STARTED."""
        if not self.ports.exists():
            raise XukeError(ErrorCode.UNAVAILABLE, "PLATFORM_NEVER_STARTED", {"folder": str(self.path)})
        ports: dict[str, int] = json.loads(self.ports.read_text(encoding="utf-8"))
        return ports

    def delete_workflow_store(self) -> None:
        """Deletes what the workflow server keeps.

        Errors: FAILED_PRECONDITION, PLATFORM_RUNNING while a launcher has the lock.
        """
        self.acquire()
        try:
            shutil.rmtree(self.temporal, ignore_errors=True)
        finally:
            self.release()

    def empty(self) -> list[str]:
        """Deletes what the platform made, and the folder if nothing else is in it; returns what else is, sorted.

        Errors: FAILED_PRECONDITION, NOT_A_STATE_FOLDER without the mark of a platform; PLATFORM_RUNNING or
        PLATFORM_ENDING while a launcher or its guardian has the lock.
        """
        if not self.path.exists():
            return []
        if not self._marked():
            raise failed_precondition("NOT_A_STATE_FOLDER", folder=str(self.path))
        self.acquire()
        try:
            for name in ENTRIES:
                _delete(self.path / name)
            left = sorted(entry.name for entry in self.path.iterdir())
            if not left:
                self.path.rmdir()
        finally:
            self.release()
        return left

    def _marked(self) -> bool:
        """Whether the ports that a platform has chosen lie here."""
        try:
            ports = json.loads(self.ports.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(ports, dict) and {"postgres", "temporal", "issuer"} <= ports.keys()
