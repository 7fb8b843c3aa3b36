"""The settings of every process, each with its environment variable.

A variable NAME may be given as NAME_FILE instead, whose file then holds the value: secrets stay out of the
environment. An unset variable without a default is reported by name when it is first needed.
"""

import os
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass

SERVICES_WITH_DATABASE = ("classification", "screening", "licensing", "consultation")


class SettingMissing(Exception):
    """A setting that this process needs is not given; the message names the variable."""


@dataclass(frozen=True)
class Settings:
    """Reads settings from a mapping, normally the environment."""

    environment: Mapping[str, str]

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings of this process."""
        return cls(dict(os.environ))

    def text(self, name: str, default: str | None = None) -> str:
        """Value of variable `name`, of the file that `name`_FILE names, or the default."""
        if name in self.environment:
            return self.environment[name]
        if f"{name}_FILE" in self.environment:
            return pathlib.Path(self.environment[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
        if default is None:
            raise SettingMissing(f"set {name} or {name}_FILE")
        return default

    def number(self, name: str, default: int) -> int:
        """Value of variable `name` as a whole number."""
        return int(self.text(name, str(default)))

    def database_url(self, service: str) -> str:
        """XUKE_<SERVICE>_DATABASE_URL: where the service connects, as a role that owns no table."""
        return self.text(f"XUKE_{service.upper()}_DATABASE_URL")

    def owner_database_url(self, service: str) -> str:
        """XUKE_<SERVICE>_OWNER_DATABASE_URL: where migrations and the sealer connect, as the owner."""
        return self.text(f"XUKE_{service.upper()}_OWNER_DATABASE_URL")

    def address(self, service: str) -> str:
        """XUKE_<SERVICE>_ADDRESS: host:port where the service listens and is called."""
        return self.text(f"XUKE_{service.upper()}_ADDRESS")

    @property
    def issuer_url(self) -> str:
        """XUKE_ISSUER_URL: the OIDC issuer whose tokens are accepted."""
        return self.text("XUKE_ISSUER_URL")

    @property
    def audience(self) -> str:
        """XUKE_AUDIENCE: the audience a token must name."""
        return self.text("XUKE_AUDIENCE", "xuke")

    @property
    def client_id(self) -> str:
        """XUKE_CLIENT_ID: the service account of this process."""
        return self.text("XUKE_CLIENT_ID")

    @property
    def client_secret(self) -> str:
        """XUKE_CLIENT_SECRET: the secret of the service account."""
        return self.text("XUKE_CLIENT_SECRET")

    @property
    def temporal_address(self) -> str:
        """XUKE_TEMPORAL_ADDRESS: host:port of the Temporal frontend."""
        return self.text("XUKE_TEMPORAL_ADDRESS")

    @property
    def temporal_namespace(self) -> str:
        """XUKE_TEMPORAL_NAMESPACE."""
        return self.text("XUKE_TEMPORAL_NAMESPACE", "xuke")

    @property
    def documents(self) -> str:
        """XUKE_DOCUMENTS: folder of the document store, or s3://bucket/prefix."""
        return self.text("XUKE_DOCUMENTS")

    @property
    def malware_scanner(self) -> str:
        """XUKE_MALWARE_SCANNER: host:port of the clamd that looks at uploads; optional, unset means no scan."""
        return self.text("XUKE_MALWARE_SCANNER", "")

    @property
    def audit_log_folder(self) -> pathlib.Path:
        """XUKE_AUDIT_LOG: folder of the sealed log, outside the databases."""
        return pathlib.Path(self.text("XUKE_AUDIT_LOG"))

    @property
    def signing_folder(self) -> pathlib.Path:
        """XUKE_SIGNING: folder of the keys and certificates that sign licences."""
        return pathlib.Path(self.text("XUKE_SIGNING"))

    @property
    def calendar_file(self) -> pathlib.Path | None:
        """XUKE_CALENDAR: file with holiday notices newer than those shipped; optional."""
        name = self.text("XUKE_CALENDAR", "")
        return pathlib.Path(name) if name else None

    @property
    def designations_file(self) -> pathlib.Path | None:
        """XUKE_DESIGNATED_EXPORTERS: file of companies that are designated to export, beside those shipped; optional."""
        name = self.text("XUKE_DESIGNATED_EXPORTERS", "")
        return pathlib.Path(name) if name else None

    @property
    def heartbeat_file(self) -> pathlib.Path | None:
        """XUKE_HEARTBEAT: file that a process without a port keeps touching, for its prober; optional."""
        name = self.text("XUKE_HEARTBEAT", "")
        return pathlib.Path(name) if name else None

    @property
    def public_url(self) -> str:
        """XUKE_PUBLIC_URL: base of the links printed on licences."""
        return self.text("XUKE_PUBLIC_URL", "https://xuke.example")
