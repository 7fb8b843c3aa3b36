"""Signing in with an OpenID Connect issuer: authorization code with PKCE, state and nonce; and signing out."""

import time
import urllib.parse
from typing import Any, Final

import requests
import structlog
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import RequestRedirect
from xuke.licensing.v1 import organisation_pb2 as o

from services.foundation.errors import ErrorCode, XukeError, unavailable
from services.foundation.identity import TokenVerifier
from services.foundation.principal import Principal
from services.portal.configuration import Configuration
from services.portal.kept_text import kept_text
from services.portal.language import Language, current
from services.portal.page import ANYBODY, Page
from services.portal.services import services
from services.portal.sessions import Session

# However long a token is good for, a person signs in again every working day.
LONGEST_SESSION_SECONDS: Final = 8 * 3600
# Of one address; several portals each allow as much.
SIGN_INS: Final = "30 per minute"
_TIMEOUT_SECONDS: Final = 5
_RECORD_SECONDS: Final = 3
_EXTENSION: Final = "xuke-sign-in"

_log = structlog.get_logger()


class SignIn:
    """The issuer as the portal knows it."""

    def __init__(self, application: Flask, configuration: Configuration, verifier: TokenVerifier) -> None:
        self._configuration = configuration
        self.verifier = verifier
        base = configuration.issuer_url.rstrip("/")
        self.client: Any = OAuth(application).register(
            "issuer",
            client_id=configuration.client_id,
            client_secret=configuration.client_secret,
            server_metadata_url=f"{base}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile email",
                "code_challenge_method": "S256",
                "timeout": _TIMEOUT_SECONDS,
            },
        )
        application.extensions[_EXTENSION] = self

    def begin(self) -> ResponseReturnValue:
        """Sends the person to the issuer. Errors: UNAVAILABLE while it cannot be asked."""
        try:
            answer: ResponseReturnValue = self.client.authorize_redirect(self._configuration.callback_url)
        except requests.RequestException as error:
            raise unavailable("ISSUER_UNAVAILABLE") from error
        return answer

    def finish(self) -> None:
        """Takes the answer of the issuer and starts the session of the person under a new name.

        Raises BadRequest for an answer that was not asked for here. Errors: UNAUTHENTICATED for a person without
        a role on the platform; UNAVAILABLE while the issuer cannot be asked.
        """
        try:
            token = self.client.authorize_access_token()
        except requests.RequestException as error:
            raise unavailable("ISSUER_UNAVAILABLE") from error
        except (OAuthError, JoseError, KeyError) as error:
            raise BadRequest from error
        principal = self.verifier.verify(token["access_token"])
        person = token["userinfo"]
        now = time.time()
        lifetime = min(float(token.get("expires_in", 300)), LONGEST_SESSION_SECONDS)
        name = str(person.get("name", person["sub"]))
        content = {
            "token": token["access_token"],
            "name_zh": name,
            "name_en": str(person.get("name#en", name)),
            "csrf_token": kept_text().form_token(principal.subject),
        }
        _own_session().renew(content, now + lifetime)
        g.token = token["access_token"]
        _record(content["name_zh"], content["name_en"], str(person.get("email", "")))


def _record(name_zh: str, name_en: str, email: str) -> None:
    """Tells the directory who signed in, so that colleagues can be named and written to; without it the sign-in
    goes on.
    """
    told = o.RecordSignInRequest(name_zh=name_zh[:200], name_en=name_en[:200], email=email[:254])
    try:
        services().ask(services().directory.RecordSignIn, told, seconds=_RECORD_SECONDS)
    except XukeError as error:
        _log.warning("sign_in_not_recorded", reason=error.reason, code=error.code.name)


def _own_session() -> Session:
    own = session._get_current_object()  # type: ignore[attr-defined]  # werkzeug's proxy of what is ours
    if not isinstance(own, Session):
        raise TypeError("the session is of another interface")
    return own


def _sign_in() -> SignIn:
    found: SignIn = current_app.extensions[_EXTENSION]
    return found


def recognise() -> Principal | None:
    """The person who is signed in, if any; remembered for the request. A session past its token is ended."""
    token = session.get("token")
    if token is None:
        return None
    try:
        principal = _sign_in().verifier.verify(token)
    except XukeError as error:
        if error.code is not ErrorCode.UNAUTHENTICATED:
            raise
        _own_session().end()
        return None
    g.token = token
    g.principal = principal
    return principal


def own_page(path: str) -> str:
    """The path if it is that of a page of this portal that can be opened by GET; else empty.

    Whatever else a link could name (another host, a scheme, a backslash that browsers read as a slash) is no
    page of this portal, so nobody can be sent elsewhere by way of the sign-in.
    """
    if not path.startswith("/") or path.startswith("//") or not path.isprintable() or "\\" in path:
        return ""
    adapter = current_app.url_map.bind(urllib.parse.urlsplit(request.host_url).netloc)
    try:
        adapter.match(urllib.parse.unquote(path.partition("?")[0]), "GET")
    except (HTTPException, RequestRedirect):
        return ""
    return path


def sign_in_again() -> ResponseReturnValue:
    """Sends a person whose session is over, or who has none, to sign in and then back to this page; the text of
    a form is kept until then.
    """
    wanted = request.full_path.rstrip("?") if request.method == "GET" else kept_text().keep()
    _own_session().end()
    return redirect(url_for("sign_in", lang=current().value, next=wanted or None), 303)


def begin() -> ResponseReturnValue:
    """Starts the sign-in; `next` is the page to come back to."""
    answer = _sign_in().begin()
    session["next"] = own_page(request.args.get("next", "")) or url_for("start", lang=current().value)
    return answer


def callback() -> ResponseReturnValue:
    """Where the issuer sends people back to. Its address must not stay in the history: it holds the code."""
    wanted = own_page(str(session.get("next", ""))) or url_for("start", lang=current().value)
    # The address of this page names no language; the page that was wanted does.
    g.language = Language(wanted.split("/")[1]) if wanted.startswith(("/zh/", "/en/")) else Language.ZH
    if request.args.get("error") == "access_denied":
        return redirect(wanted, 303)
    try:
        _sign_in().finish()
    except XukeError as error:
        if error.code is ErrorCode.UNAUTHENTICATED:
            return render_template("common/no_role.html"), 403
        raise
    return redirect(wanted, 303)


def sign_out() -> ResponseReturnValue:
    """Ends the session here. The sign-on of the organisation is its own and stays."""
    _own_session().end()
    return redirect(url_for("start", lang=current().value, signed_out="1"), 303)


PAGES: Final[tuple[Page, ...]] = (
    Page("sign_in", "/sign-in", begin, ANYBODY, limit=SIGN_INS),
    Page("callback", "/sign-in/callback", callback, ANYBODY, in_languages=False),
    Page("sign_out", "/sign-out", sign_out, ANYBODY, methods=("POST",)),
)
