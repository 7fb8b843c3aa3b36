"""The web application: languages, sessions, sign-in, the gate, and the pages."""

import time
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, redirect, request, url_for
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
from services.portal.gate import PAGES, admits, demand_declared
from services.portal.language import Language, current
from services.portal.pages import applications, cases, licences, public, stop_and_report
from services.portal.security_headers import add_security_headers
from services.portal.services import Services, services
from services.portal.sessions import ServerSessions, SessionFiles
from services.portal.template_context import add_template_context

GREATEST_BODY_BYTES = 1024 * 1024
# Of one address: more than a person needs, less than a search through the numbers wants. Counted in the memory
# of each process; several portals each allow as much.
VERIFICATIONS = "30 per minute"
SIGN_INS = "30 per minute"

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
    # Flask-WTF signs its tokens; the secret need not outlive the sessions that they belong to.
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
    application.session_interface = ServerSessions(
        SessionFiles(configuration.sessions), secure=configuration.secure
    )
    verifier = TokenVerifier(
        configuration.issuer_url, configuration.audience, issuer_keys(configuration.issuer_url)
    )
    sign_in.SignIn(application, configuration, verifier)
    credential = ServiceCredential(
        configuration.issuer_url, configuration.client_id, configuration.client_secret
    )
    Services(configuration.addresses, credential).install(application)
    add_security_headers(application, secure=configuration.secure)
    application.url_value_preprocessor(_take_language)
    application.url_defaults(_keep_language)
    _add_pages(application)
    application.before_request(_guard)
    application.after_request(_report)
    CSRFProtect(application)
    add_error_pages(application)
    add_template_context(application)
    demand_declared(application)
    return application


def from_environment() -> Flask:
    """The application as its process runs it; called in the process that serves, after any fork."""
    configure_logging("portal")
    return create_application(Configuration.from_settings(Settings.from_environment()))


def _add_pages(application: Flask) -> None:
    limiter = Limiter(get_remote_address, app=application, storage_uri="memory://")
    verify = limiter.limit(VERIFICATIONS)(public.verification)
    enter = limiter.limit(SIGN_INS)(sign_in.begin)
    stop = "/licences/<number>/stop-and-report"
    for endpoint, path, view, methods in (
        ("start", "/", public.start, "GET"),
        ("accessibility", "/accessibility", public.accessibility, "GET"),
        ("verification_form", "/verify", public.verification_form, "GET"),
        ("verification", "/verify/<number>", verify, "GET"),
        ("sign_in", "/sign-in", enter, "GET"),
        ("sign_out", "/sign-out", sign_in.sign_out, "POST"),
        ("application", "/applications/<uuid:application_id>", applications.application, "GET"),
        ("licence", "/licences/<number>", licences.licence, "GET"),
        ("licence_document", "/licences/<number>/document.pdf", licences.licence_document, "GET"),
        ("stop_and_report", stop, stop_and_report.form, "GET"),
        ("stop_and_report_check", stop, stop_and_report.check, "POST"),
        ("stop_and_report_confirm", f"{stop}/confirm", stop_and_report.confirm, "POST"),
        ("stopped", f"{stop}/done", stop_and_report.stopped, "GET"),
        ("queue", "/cases", cases.queue, "GET"),
        ("case", "/cases/<uuid:application_id>", cases.case, "GET"),
    ):
        application.add_url_rule(f"/<language:lang>{path}", endpoint, view, methods=[methods])
    application.add_url_rule("/", "root", _root)
    application.add_url_rule("/verify/<number>", "printed_link", _printed_link)
    application.add_url_rule("/sign-in/callback", "callback", sign_in.callback)
    application.add_url_rule("/health", "health", _health)


def _root() -> ResponseReturnValue:
    return redirect(url_for("start", lang=Language.ZH), 302)


def _printed_link(number: str) -> ResponseReturnValue:
    """The address in the code printed on a licence; browsers carry the signed statement after # along."""
    return redirect(url_for("verification", lang=Language.ZH, number=number), 302)


def _health() -> ResponseReturnValue:
    serves = services().licensing_serves()
    return {"status": "SERVING" if serves else "NOT_SERVING"}, 200 if serves else 503


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
    if endpoint is None or endpoint in ("static", "health"):
        return None
    principal = sign_in.recognise()
    if PAGES[endpoint] is not None and principal is None:
        return sign_in.sign_in_again()
    if not admits(endpoint, principal.role if principal else None):
        raise permission_denied("ROLE_NOT_ALLOWED", role=str(principal.role.value if principal else ""))
    return None


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
