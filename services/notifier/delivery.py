"""Where mails go: to a mail server (RFC 5321), or in development each into a file."""

import os
import pathlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Protocol, assert_never

from services.notifier.configuration import MailServer, Security

# For each step of the conversation; a mail server may well take its time before it greets.
_TIMEOUT_SECONDS = 10.0


class ServerAway(Exception):
    """The mail server cannot be reached, or does not take us in: no mail is at fault."""


class MailRefused(Exception):
    """This mail was not taken; the message is the answer of the mail server."""


class Delivery(Protocol):
    """Takes mails, one after the other."""

    def send(self, mail_id: str, mail: EmailMessage) -> None:
        """Returns once the mail is taken. Errors: MailRefused; ServerAway."""
        ...


class MailFolder:
    """Writes each mail into a file of its own, named by its id: a repeated one replaces the first."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder

    def send(self, mail_id: str, mail: EmailMessage) -> None:
        """Errors: ServerAway where the file cannot be written."""
        unfinished = self._folder / f".{mail_id}"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            unfinished.write_bytes(mail.as_bytes())
            os.replace(unfinished, self._folder / f"{mail_id}.eml")
        except OSError as error:
            raise ServerAway(str(error)) from error


class MailSession:
    """One conversation with a mail server."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def send(self, mail_id: str, mail: EmailMessage) -> None:
        """See `Delivery`. What ends the conversation is told of the mail; the next one begins another."""
        connection = self._connection or self._begin()
        try:
            connection.send_message(mail)
        except (smtplib.SMTPException, OSError) as error:
            self.end()
            raise MailRefused(_answer(error)) from error

    def _begin(self) -> smtplib.SMTP:
        server = self._server
        connection: smtplib.SMTP | None = None
        try:
            connection = _connect(server)
            if server.username:
                connection.login(server.username, server.password)
        except (smtplib.SMTPException, OSError) as error:
            if connection is not None:
                connection.close()
            raise ServerAway(_answer(error)) from error
        self._connection = connection
        return connection

    def end(self) -> None:
        """Ends the conversation, if there is one."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection.close()
            self._connection = None


def _connect(server: MailServer) -> smtplib.SMTP:
    match server.security:
        case Security.NONE:
            return smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
        case Security.STARTTLS:
            connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
            try:
                connection.starttls(context=ssl.create_default_context())
            except (smtplib.SMTPException, OSError):
                connection.close()
                raise
            return connection
        case Security.TLS:
            return smtplib.SMTP_SSL(
                server.host, server.port, timeout=_TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        case _:
            assert_never(server.security)


def _answer(error: Exception) -> str:
    """What the mail server said, or what happened instead."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(_said(code, text) for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


@contextmanager
def delivery_to(destination: MailServer | pathlib.Path) -> Iterator[Delivery]:
    """Takes mails until the end of the block."""
    if isinstance(destination, pathlib.Path):
        yield MailFolder(destination)
        return
    session = MailSession(destination)
    try:
        yield session
    finally:
        session.end()
