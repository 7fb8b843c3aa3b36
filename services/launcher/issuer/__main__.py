"""Runs the development issuer.

Settings: XUKE_ISSUER_URL (http, loopback; also where it listens), XUKE_AUDIENCE, XUKE_ISSUER_STATE, the folder
of the signing keys and of the programs' secrets, and XUKE_PUBLIC_URL, the portal, which has persons sent back to it;
without it nobody can sign in with a browser.
"""

import pathlib
import sys
import urllib.parse

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from services.foundation.settings import Settings
from services.launcher.accounts import accounts
from services.launcher.issuer.application import Issuer, make_application
from services.launcher.issuer.grants import Directory
from services.launcher.issuer.keys import SigningKeys

LOOPBACK = ("127.0.0.1", "localhost")


def build() -> Flask:
    """The application of this process, from its settings."""
    settings = Settings.from_environment()
    folder = pathlib.Path(settings.text("XUKE_ISSUER_STATE"))
    portal = settings.text("XUKE_PUBLIC_URL", "").rstrip("/")
    redirect_uris = {"portal": f"{portal}/sign-in/callback"} if portal else {}
    return make_application(
        Issuer(
            url=settings.issuer_url.rstrip("/"),
            audience=settings.audience,
            directory=Directory(accounts(), folder / "secrets", redirect_uris),
            keys=SigningKeys(folder / "signing_keys.json"),
        )
    )


def main() -> None:
    """Serves until SIGTERM. Refuses any address but the loopback one: the passwords are known to all."""
    address = urllib.parse.urlsplit(Settings.from_environment().issuer_url)
    if address.scheme != "http" or address.hostname not in LOOPBACK or address.port is None:
        sys.exit(f"the development issuer listens on http://127.0.0.1:PORT only, not on {address.geturl()}")
    Granian(
        "services.launcher.issuer.__main__:build",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=address.port,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=5,
    ).serve()


if __name__ == "__main__":
    main()
