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

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def default_folder() -> pathlib.Path:
    """XUKE_HOME, or `.xuke` beside the code."""
    return pathlib.Path(os.environ.get("XUKE_HOME", PROJECT / ".xuke")).resolve()


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
        for folder in (self.temporal, self.documents, self.audit_log, self.signing, self.path / "logs"):
            folder.mkdir(exist_ok=True, mode=0o700)
        self.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.identity.chmod(0o700)
        for program in accounts().programs:
            if not self.secret(program).exists():
                self.secret(program).touch(mode=0o600)
                self.secret(program).write_text(secrets.token_urlsafe(32), encoding="utf-8")

    def acquire(self) -> int:
        """Takes the lock of the folder; returns its file descriptor.

        Errors: FAILED_PRECONDITION, PLATFORM_RUNNING if another launcher has it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise failed_precondition("PLATFORM_RUNNING", folder=str(self.path)) from error
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

    def empty(self) -> None:
        """Deletes everything. Errors: FAILED_PRECONDITION, PLATFORM_RUNNING while a launcher has the lock."""
        if not self.path.exists():
            return
        self.acquire()
        try:
            shutil.rmtree(self.path)
        finally:
            self.release()
