"""What was typed into a form that could not be taken stays: for half an hour, for that person, in that browser.

A form whose session has ended is not acted upon, and one that meets an outage may not have been. Its fields are
kept, and once the person has signed in again, or the service is back, the page of the form shows them, to be looked
at and sent anew; nothing is ever sent again by itself.

The token that protects a form against forgery (CSRF) says for whom the form was made: it is signed by the portal and
holds a digest of the person. So a form of another site, or of another person who uses the same browser, keeps and
shows nothing. The fields lie in the folder of the sessions, encrypted under a name that only the browser knows.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from services.portal.sessions import SessionFiles

KEPT_SECONDS: Final = 1800
GREATEST_BYTES: Final = 64 * 1024
_MOST_FORMS: Final = 4
_TOKEN: Final = "csrf_token"  # noqa: S105 - the name of the field
# What the page makes anew each time: kept, it would be stale.
_MADE_BY_THE_PAGE: Final = frozenset({_TOKEN, "request_id", "etag"})
_EXTENSION: Final = "xuke-kept-text"
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """Kept text of the page in progress; `filled` if its form shows it already."""

    fields: Fields
    filled: bool


class KeptText:
    """The kept forms of all browsers."""

    def __init__(self, files: SessionFiles, secret: str, *, secure: bool) -> None:
        self._files = files
        self._secret = secret
        self._secure = secure
        self.cookie_name = "__Host-xuke-kept" if secure else "xuke-kept"

    def install(self, application: Flask) -> None:
        """Makes this the kept text of an application."""
        application.extensions[_EXTENSION] = self
        application.after_request(self._answer)

    def form_token(self, subject: str) -> str:
        """What the forms of a person's session are protected with: nobody else's, and new with every session."""
        return f"{secrets.token_hex(20)}.{self._person(subject)}"

    def keep(self) -> str:
        """Keeps the fields of the form that was sent, if it was made here for a person, and nobody else is signed
        in. Returns the address of the page to show them on; empty if nothing was kept.
        """
        # What is typed comes percent-encoded, a Chinese character as nine bytes of its three.
        if (request.content_length or 0) > 4 * GREATEST_BYTES or _is_of_another_site():
            return ""
        person = self._made_for(request.form.get(_TOKEN, ""))
        principal = g.get("principal")
        if not person or (principal is not None and self._person(principal.subject) != person):
            return ""
        fields = [
            (name, value) for name, value in request.form.items(multi=True) if name not in _MADE_BY_THE_PAGE
        ]
        page = page_of_form(request.path)
        size = sum(len(name.encode()) + len(value.encode()) for name, value in fields)
        if not fields or not page or size > GREATEST_BYTES:
            return ""
        forms = self._forms(person)
        forms.pop(page, None)
        forms[page] = fields
        self._write(person, dict(list(forms.items())[-_MOST_FORMS:]))
        g.kept_new = True
        query = request.query_string.decode("ascii", "replace")
        return f"{page}?{query}" if query and page == request.path else page

    def fields_here(self) -> Fields | None:
        """The kept fields of the page in progress, for the person who is signed in."""
        principal = g.get("principal")
        if principal is None or request.method != "GET":
            return None
        return self._forms(self._person(principal.subject)).get(request.path)

    def _answer(self, response: Response) -> Response:
        """A form that was sent and taken is no longer kept; the browser learns a new name."""
        principal = g.get("principal")
        if (
            request.method == "POST"
            and response.status_code == 303
            and principal is not None
            and not g.get("kept_new", False)
            and self._name()
        ):
            person = self._person(principal.subject)
            forms = self._forms(person)
            if forms.pop(page_of_form(request.path), None) is not None:
                self._write(person, forms)
        name = g.get("kept_name")
        if name == "":
            response.delete_cookie(self.cookie_name, secure=self._secure, httponly=True, samesite="Lax")
        elif name is not None:
            response.set_cookie(
                self.cookie_name,
                name,
                max_age=KEPT_SECONDS,
                secure=self._secure,
                httponly=True,
                samesite="Lax",
                path="/",
            )
        return response

    def _name(self) -> str:
        return request.cookies.get(self.cookie_name, "")

    def _forms(self, person: str) -> dict[str, Fields]:
        """The forms kept for a person in this browser, by their pages, the oldest first."""
        content = self._files.read(self._name()) if self._name() else None
        if content is None or not hmac.compare_digest(str(content.get("person", "")), person):
            return {}
        return {
            page: [(name, value) for name, value in fields]
            for page, fields in content.get("forms", {}).items()
        }

    def _write(self, person: str, forms: dict[str, Fields]) -> None:
        """Writes under a fresh name; the old one is worth nothing from now on."""
        self._files.delete(self._name())
        if not forms:
            g.kept_name = ""
            return
        g.kept_name = secrets.token_urlsafe(32)
        content: dict[str, Any] = {"person": person, "forms": forms}
        self._files.write(g.kept_name, content, KEPT_SECONDS)

    def _person(self, subject: str) -> str:
        return hmac.new(self._secret.encode(), b"person:" + subject.encode(), hashlib.sha256).hexdigest()

    def _made_for(self, token: str) -> str:
        """The digest of the person for whom a form was made here; empty for any other text."""
        try:
            # As Flask-WTF signs it; how old the form is does not matter, for nothing is done by it.
            inner = URLSafeTimedSerializer(self._secret, salt="wtf-csrf-token").loads(token)
        except BadData:
            return ""
        return str(inner).partition(".")[2]


def _is_of_another_site() -> bool:
    """Whether the browser says that another site sent the form (Fetch Metadata); it would push out what is kept."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"


def page_of_form(path: str) -> str:
    """The page on which a form that is sent to a path stands: the nearest above it that can be opened."""
    adapter = current_app.url_map.bind("")
    parts = path.strip("/").split("/")
    for length in range(len(parts), 0, -1):
        above = "/" + "/".join(parts[:length])
        for candidate in (above, f"{above}/"):
            try:
                adapter.match(candidate, "GET")
            except (HTTPException, RequestRedirect):
                continue
            return candidate
    return ""


def kept_text() -> KeptText:
    """The kept text of the application in progress."""
    found: KeptText = current_app.extensions[_EXTENSION]
    return found


def kept_values() -> MultiDict[str, str] | None:
    """What was typed into the form of the page in progress and could not be taken; None if nothing is kept.

    The view of a form asks for it when the page is opened, and shows it in the fields like any faulty input.
    """
    fields = kept_text().fields_here()
    if fields is None:
        return None
    g.kept_filled = True
    return MultiDict(fields)


def shown_here() -> Shown | None:
    """For the layout of pages, after the view: what is kept of this page."""
    fields = kept_text().fields_here()
    return Shown(fields, bool(g.get("kept_filled", False))) if fields is not None else None
