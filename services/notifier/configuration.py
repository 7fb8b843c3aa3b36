"""The settings of the notifier: who writes, and either a mail server or, for development, a folder."""

import pathlib
from dataclasses import dataclass, field
from email.headerregistry import Address
from enum import StrEnum

from services.foundation.settings import Settings
from services.notifier.mail import UnsendableMail, parse_address


class SettingWrong(Exception):
    """A setting that cannot be followed, or two that contradict each other; the message names the variables."""


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    # RFC 3207: begins in the clear and refuses to go on unless it can be encrypted.
    STARTTLS = "starttls"
    # RFC 8314: encrypted from the beginning.
    TLS = "tls"


@dataclass(frozen=True)
class MailServer:
    """The mail server to submit to; without a user name it is not signed in to."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Configuration:
    """How mails are made and where they go."""

    sender: Address
    public_url: str
    destination: MailServer | pathlib.Path
    poll_seconds: int


def configuration(settings: Settings) -> Configuration:
    """Reads the settings.

    XUKE_MAIL_FROM (`Name <address>`), XUKE_PUBLIC_URL, XUKE_NOTIFIER_POLL_SECONDS (5), and one of
    XUKE_MAIL_FOLDER (each mail becomes a file) and XUKE_SMTP_ADDRESS (host:port), the latter with
    XUKE_SMTP_SECURITY (none, starttls or tls; starttls) and, to sign in, XUKE_SMTP_USERNAME and XUKE_SMTP_PASSWORD.
    Errors: SettingMissing; SettingWrong.
    """
    folder, server = settings.text("XUKE_MAIL_FOLDER", ""), settings.text("XUKE_SMTP_ADDRESS", "")
    if bool(folder) == bool(server):
        raise SettingWrong("set exactly one of XUKE_SMTP_ADDRESS and XUKE_MAIL_FOLDER")
    try:
        sender = parse_address(settings.text("XUKE_MAIL_FROM"))
    except UnsendableMail as error:
        raise SettingWrong("XUKE_MAIL_FROM is no mail address") from error
    return Configuration(
        sender,
        settings.public_url.rstrip("/"),
        pathlib.Path(folder) if folder else _mail_server(settings, server),
        settings.number("XUKE_NOTIFIER_POLL_SECONDS", 5),
    )


def _mail_server(settings: Settings, address: str) -> MailServer:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise SettingWrong("XUKE_SMTP_ADDRESS is not host:port")
    try:
        security = Security(settings.text("XUKE_SMTP_SECURITY", Security.STARTTLS))
    except ValueError as error:
        raise SettingWrong(f"XUKE_SMTP_SECURITY is none of {', '.join(Security)}") from error
    username, password = settings.text("XUKE_SMTP_USERNAME", ""), settings.text("XUKE_SMTP_PASSWORD", "")
    if not username:
        return MailServer(host.strip("[]"), int(port), security)
    if not password:
        raise SettingWrong("XUKE_SMTP_USERNAME needs XUKE_SMTP_PASSWORD")
    if security is Security.NONE:
        raise SettingWrong("XUKE_SMTP_PASSWORD is not sent in the clear: set XUKE_SMTP_SECURITY")
    return MailServer(host.strip("[]"), int(port), security, username, password)
