"""What the portal must be told: where it is, whom it asks, and where it keeps its sessions."""

import pathlib
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from services.foundation.settings import Settings
from services.portal.services import ASKED


@dataclass(frozen=True)
class Configuration:
    """Settings of the portal; `from_settings` names their variables."""

    public_url: str
    # host:port by the name of the service.
    addresses: Mapping[str, str]
    issuer_url: str
    audience: str
    client_id: str
    client_secret: str
    sessions: pathlib.Path
    # How many proxies stand before the portal, each of which adds to X-Forwarded-For; 0 believes none.
    proxies: int = 0

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Reads XUKE_PUBLIC_URL, XUKE_ISSUER_URL, XUKE_AUDIENCE, XUKE_CLIENT_ID, XUKE_CLIENT_SECRET,
        XUKE_PORTAL_SESSIONS (a folder), XUKE_PORTAL_PROXIES, and the address of each service that it asks.

        Raises SettingMissing, naming the variable.
        """
        return cls(
            public_url=settings.public_url.rstrip("/"),
            addresses={name: settings.address(name) for name in ASKED},
            issuer_url=settings.issuer_url,
            audience=settings.audience,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            sessions=pathlib.Path(settings.text("XUKE_PORTAL_SESSIONS")),
            proxies=settings.number("XUKE_PORTAL_PROXIES", 0),
        )

    @property
    def callback_url(self) -> str:
        """Where the issuer sends people back to after they signed in; registered there."""
        return f"{self.public_url}/sign-in/callback"

    @property
    def issuer_origin(self) -> str:
        """Scheme, host and port of the issuer, as browsers name where they are."""
        address = urllib.parse.urlsplit(self.issuer_url)
        return f"{address.scheme}://{address.netloc}"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the portal over TLS."""
        return self.public_url.startswith("https://")
