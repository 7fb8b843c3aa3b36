"""Sessions kept on the server; the browser holds a random name of 256 bits and nothing else.

A session holds the access token of a person, so it must not be in the browser, and must truly end at sign-out:
a cookie that carries everything cannot be taken back. It is no data of the domain, and losing it costs a person
one sign-in, so it needs no database: one file a session, in a folder that survives a restart and that several
portals may share. A file is encrypted under a key that only the name in the browser's cookie yields, and its own
name is another digest of it: who can read the folder can neither read nor take over a session.
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

# Until a person has come back from the sign-on.
ANONYMOUS_SECONDS: Final = 600
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_SWEEP_SECONDS: Final = 60
_EXPIRES: Final = "_expires_at"


class Session(dict[str, Any], SessionMixin):
    """What is remembered between the requests of one browser."""

    def __init__(self, name: str = "", content: dict[str, Any] | None = None) -> None:
        super().__init__(content or {})
        self.name = name
        self.read_as = json.dumps(self, sort_keys=True)
        self.replaced = ""

    def renew(self, content: dict[str, Any], expires_at: float) -> None:
        """Starts anew under another name, so that a name known before the sign-in is worth nothing after it."""
        self.replaced = self.replaced or self.name
        self.name = ""
        self.clear()
        self.update(content)
        self[_EXPIRES] = expires_at

    def end(self) -> None:
        """Forgets everything; the file goes, and the cookie with it."""
        self.replaced = self.replaced or self.name
        self.name = ""
        self.clear()


class SessionFiles:
    """The folder of sessions."""

    def __init__(self, folder: pathlib.Path, now: Callable[[], float] = time.time) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._now = now
        self._swept_at = 0.0
        self._lock = threading.Lock()

    def read(self, name: str) -> dict[str, Any] | None:
        """What is kept under a name; None if nothing is, or its time is over."""
        if not _NAME.fullmatch(name):
            return None
        try:
            content: dict[str, Any] = json.loads(_cipher(name).decrypt(self._file(name).read_bytes()))
        except (FileNotFoundError, InvalidToken, ValueError):
            return None
        return content if float(content[_EXPIRES]) > self._now() else None

    def write(self, name: str, content: dict[str, Any], seconds: float = ANONYMOUS_SECONDS) -> None:
        """Keeps it until its own `_expires_at`, or for so many seconds where it has none."""
        content.setdefault(_EXPIRES, self._now() + seconds)
        sealed = _cipher(name).encrypt(json.dumps(content).encode())
        descriptor, fresh = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(sealed)
        # The sweep goes by the time of the file; a reader sees the old content or the new, never half of it.
        os.utime(fresh, (self._now(), float(content[_EXPIRES])))
        pathlib.Path(fresh).replace(self._file(name))
        self._sweep()

    def delete(self, name: str) -> None:
        """Ends a session."""
        if _NAME.fullmatch(name):
            self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> pathlib.Path:
        return self._folder / hashlib.sha256(b"file:" + name.encode()).hexdigest()

    def _sweep(self) -> None:
        with self._lock:
            if self._now() < self._swept_at + _SWEEP_SECONDS:
                return
            self._swept_at = self._now()
        for file in self._folder.iterdir():
            try:
                if file.stat().st_mtime < self._now() - _SWEEP_SECONDS:
                    file.unlink()
            except FileNotFoundError:
                continue


def _cipher(name: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"key:" + name.encode()).digest()))


class ServerSessions(SessionInterface):
    """Flask's sessions, over the files."""

    def __init__(self, files: SessionFiles, *, secure: bool) -> None:
        self._files = files
        self._secure = secure
        # The prefix binds the cookie to this host and to TLS (RFC 6265bis 4.1.3.2).
        self.cookie_name = "__Host-xuke" if secure else "xuke"

    def open_session(self, app: Flask, request: Request) -> Session:
        """The session of a request. A name that the server did not give out is not taken up."""
        name = request.cookies.get(self.cookie_name, "")
        content = self._files.read(name)
        return Session(name, content) if content is not None else Session()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Writes what changed, and tells the browser the name if it is new."""
        if not isinstance(session, Session):
            raise TypeError("the session is of another interface")
        if session.replaced:
            self._files.delete(session.replaced)
        if not session:
            if session.replaced:
                response.delete_cookie(self.cookie_name, secure=self._secure, httponly=True, samesite="Lax")
            return
        if session.name and json.dumps(session, sort_keys=True) == session.read_as:
            return
        is_new = not session.name
        session.name = session.name or secrets.token_urlsafe(32)
        self._files.write(session.name, session)
        if is_new:
            response.set_cookie(
                self.cookie_name, session.name, secure=self._secure, httponly=True, samesite="Lax", path="/"
            )
