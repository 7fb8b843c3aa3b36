"""The web application: languages, sessions, sign-in, the gate, and the pages."""

import time
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from services.foundation.errors import permission_denied
from services.foundation.identity import ServiceCredential, TokenVerifier, issuer_keys
from services.foundation.settings import Settings
from services.foundation.tracing import configure_logging
from services.portal import sign_in
from services.portal.configuration import Configuration
from services.portal.errors import add_error_pages
from services.portal.gate import STATIC, Gate, gate
from services.portal.kept_text import KeptText
from services.portal.language import Language, current
from services.portal.pages import PAGES
from services.portal.pages.health import HEALTH
from services.portal.security_headers import add_security_headers
from services.portal.services import Services
from services.portal.sessions import ServerSessions, SessionFiles
from services.portal.template_context import add_template_context

GREATEST_BODY_BYTES = 1024 * 1024

_log = structlog.get_logger()


class _LanguageInPath(BaseConverter):
    regex = "zh|en"

    def to_python(self, value: str) -> Language:
        return Language(value)

    def to_url(self, value: Any) -> str:
        return Language(value).value


def create_application(configuration: Configuration) -> Flask:
    """The application. Raises ValueError if a page has no declared permission."""
    application = Flask("services.portal")
    application.config.update(MAX_CONTENT_LENGTH=GREATEST_BODY_BYTES, WTF_CSRF_TIME_LIMIT=None)
    # Flask-WTF signs its tokens with it, and by them a form is known whose session is over.
    application.secret_key = configuration.client_secret
    application.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        application.wsgi_app,
        x_for=configuration.proxies,
        x_proto=configuration.proxies,
        x_host=configuration.proxies,
        x_port=0,
        x_prefix=0,
    )
    application.jinja_loader = ChoiceLoader(
        [
            PackageLoader("services.portal"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    application.jinja_env.trim_blocks = application.jinja_env.lstrip_blocks = True
    application.url_map.converters["language"] = _LanguageInPath
    files = SessionFiles(configuration.sessions)
    application.session_interface = ServerSessions(files, secure=configuration.secure)
    KeptText(files, configuration.client_secret, secure=configuration.secure).install(application)
    verifier = TokenVerifier(
        configuration.issuer_url, configuration.audience, issuer_keys(configuration.issuer_url)
    )
    sign_in.SignIn(application, configuration, verifier)
    credential = ServiceCredential(
        configuration.issuer_url, configuration.client_id, configuration.client_secret
    )
    Services(configuration.addresses, credential).install(application)
    add_security_headers(application, secure=configuration.secure, sign_on=configuration.issuer_origin)
    application.url_value_preprocessor(_take_language)
    application.url_defaults(_keep_language)
    declared = Gate(PAGES)
    declared.install(application, Limiter(get_remote_address, app=application, storage_uri="memory://"))
    application.before_request(_guard)
    application.after_request(_report)
    CSRFProtect(application)
    add_error_pages(application)
    add_template_context(application)
    declared.demand_declared(application)
    return application


def from_environment() -> Flask:
    """The application as its process runs it; called in the process that serves, after any fork."""
    configure_logging("portal")
    return create_application(Configuration.from_settings(Settings.from_environment()))


def _take_language(_: str | None, values: dict[str, Any] | None) -> None:
    if values is not None and "lang" in values:
        g.language = values.pop("lang")
    elif request.path.startswith("/en/"):
        g.language = Language.EN


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and request and _speaks(endpoint):
        values["lang"] = current()


def _speaks(endpoint: str) -> bool:
    return current_app.url_map.is_endpoint_expecting(endpoint, "lang")


def _guard() -> ResponseReturnValue | None:
    """Runs before every request that some page takes."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in (STATIC, HEALTH.endpoint):
        return None
    principal = sign_in.recognise()
    if gate().admits(endpoint, principal.role if principal else None):
        if endpoint in gate().body_limits:
            request.max_content_length = gate().body_limits[endpoint]
        return None
    if principal is None:
        return sign_in.sign_in_again()
    raise permission_denied("ROLE_NOT_ALLOWED", role=principal.role.value)


def _report(response: Response) -> Response:
    principal = g.get("principal")
    _log.info(
        "request",
        method=request.method,
        route=str(request.url_rule or ""),
        status=response.status_code,
        subject=principal.subject if principal else "",
        trace_id=g.get("trace_id", ""),
        milliseconds=round((time.perf_counter() - g.started) * 1000, 2) if "started" in g else 0,
    )
    return response
