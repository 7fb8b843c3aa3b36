"""A mail server for tests: speaks SMTP (RFC 5321) on a socket and keeps what it takes."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


@dataclass(frozen=True)
class Taken:
    """A mail with the addresses of its envelope."""

    sender: str
    recipients: tuple[str, ...]
    mail: EmailMessage


@dataclass
class MailServer:
    """What was taken, and the answers by which recipients are refused."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    conversations: int = 0


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        state: MailServer = self.server.state  # type: ignore[attr-defined]
        state.conversations += 1
        self._say("220 mail.test ESMTP")
        sender, recipients = "", []
        for line in self.rfile:
            command = line.decode().strip()
            word = command.partition(" ")[0].upper()
            if word in ("EHLO", "HELO"):
                self._say("250 mail.test")
            elif word == "MAIL":
                sender, recipients = _path(command), []
                self._say("250 ok")
            elif word == "RCPT":
                refusal = state.refused.get(_path(command))
                if refusal is None:
                    recipients.append(_path(command))
                self._say(refusal or "250 ok")
            elif word == "DATA":
                self._say("354 go on")
                mail = BytesParser(policy=policy.SMTP).parsebytes(self._content())
                state.taken.append(Taken(sender, tuple(recipients), mail))
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok" if word in ("RSET", "NOOP") else "502 not here")

    def _content(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


def _path(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    with _Server(("127.0.0.1", port), _Conversation) as server:
        state = MailServer(port=server.server_address[1])
        server.state = state  # type: ignore[attr-defined]
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield state
        finally:
            server.shutdown()
            serving.join()
