"""The web application: each declared route checks the caller, asks licensing as the caller, and answers in JSON."""

import json
import time
from collections.abc import Callable
from typing import Any, Final

import grpc
import structlog
from flask import Flask, Response, g, request
from google.protobuf import json_format
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter
from xuke.licensing.v1 import licence_pb2_grpc

from services.customs import headers
from services.customs.documentation import documentation_page
from services.customs.json_requests import read_request
from services.customs.openapi import openapi_document
from services.customs.problems import problem, problem_of
from services.customs.routes import ROUTES, Route
from services.foundation import permissions
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_channel import open_channel
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.identity import TokenVerifier, issuer_keys
from services.foundation.settings import Settings
from services.foundation.tracing import configure_logging, current_trace_id

GREATEST_BODY_BYTES: Final = 1024 * 1024
# Shorter than what clients usually wait, so that they learn the reason.
DEADLINE_SECONDS: Final = 8.0
_HEALTH_SECONDS: Final = 1.0
# What may be read without a token: nothing about any licence.
_OPEN_TO_ALL: Final = frozenset({"health", "openapi", "documentation"})

_log = structlog.get_logger()


class _Segment(BaseConverter):
    """A piece of a path that ends at a slash or at the colon before a verb (AIP-136)."""

    regex = "[^/:]+"


class Gateway:
    """Calls licensing on behalf of the caller."""

    def __init__(self, channel: grpc.Channel, verifier: TokenVerifier) -> None:
        self._customs = licence_pb2_grpc.CustomsServiceStub(channel)
        self._health: Any = health_pb2_grpc.HealthStub(channel)
        self._verifier = verifier
        self._permissions = {route.name: route.permission for route in ROUTES}

    def admit(self, endpoint: str) -> None:
        """Passes if the token of the request carries what the route demands; licensing checks it again.

        Errors: UNAUTHENTICATED; PERMISSION_DENIED.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise XukeError(ErrorCode.UNAUTHENTICATED, "TOKEN_MISSING")
        g.token = token.strip()
        g.principal = self._verifier.verify(g.token)
        permissions.check(self._permissions, endpoint, g.principal)

    def ask(self, route: Route, message: Message) -> Message:
        """The answer of licensing to the caller. Errors: whatever licensing refuses with."""
        method: Callable[..., Message] = getattr(self._customs, route.rpc)
        metadata = (("authorization", f"Bearer {g.token}"), ("x-request-id", g.request_id))
        try:
            return method(message, metadata=metadata)
        except grpc.RpcError as error:
            raise from_rpc_error(error, "licensing") from error

    def licensing_serves(self) -> bool:
        """Whether licensing says that it serves."""
        try:
            answer = self._health.Check(health_pb2.HealthCheckRequest(), timeout=_HEALTH_SECONDS)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def create_application(channel: grpc.Channel, verifier: TokenVerifier) -> Flask:
    """The application over a channel to licensing. Raises ValueError if a route has no declared scope."""
    application = Flask("services.customs", static_folder=None)
    application.config["MAX_CONTENT_LENGTH"] = GREATEST_BODY_BYTES
    application.url_map.converters["segment"] = _Segment
    gateway = Gateway(channel, verifier)
    for route in ROUTES:
        application.add_url_rule(
            route.path.replace("{", "<segment:").replace("}", ">"),
            route.name,
            _handler(gateway, route),
            methods=[route.verb],
            provide_automatic_options=False,
        )
    _add_open_routes(application, gateway)

    def guard() -> None:
        """Runs before every request that some route takes."""
        if request.url_rule is not None and request.endpoint not in _OPEN_TO_ALL:
            gateway.admit(str(request.endpoint))

    application.before_request(headers.enter)
    application.before_request(guard)
    application.after_request(headers.leave)
    application.after_request(_report)
    application.register_error_handler(XukeError, problem_of)
    application.register_error_handler(HTTPException, _web_problem)
    application.register_error_handler(Exception, _unexpected)
    demand_declared(application)
    return application


def demand_declared(application: Flask) -> None:
    """Passes if every rule of the application is a declared route or open by decision."""
    declared = {route.name for route in ROUTES} | _OPEN_TO_ALL
    undeclared = sorted(
        str(rule) for rule in application.url_map.iter_rules() if rule.endpoint not in declared
    )
    if undeclared:
        raise ValueError(f"routes without a declared scope: {', '.join(undeclared)}")


def from_environment() -> Flask:
    """The application as its process runs it; called in the process that serves, after any fork."""
    settings = Settings.from_environment()
    configure_logging("customs")
    verifier = TokenVerifier(settings.issuer_url, settings.audience, issuer_keys(settings.issuer_url))
    return create_application(
        open_channel(settings.address("licensing"), deadline_seconds=DEADLINE_SECONDS), verifier
    )


def _handler(gateway: Gateway, route: Route) -> Callable[..., Response]:
    def handle(**in_path: str) -> Response:
        if route.body and request.mimetype != "application/json":
            return problem(415, "CONTENT_TYPE_NOT_JSON")
        body = request.get_data() if route.body else b""
        message = read_request(route, in_path, dict(request.args.lists()), body)
        answer = gateway.ask(route, message)
        content = json_format.MessageToDict(
            answer, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
        )
        return _json(content, route.status_of(answer))

    return handle


def _add_open_routes(application: Flask, gateway: Gateway) -> None:
    document = openapi_document()
    page = documentation_page(application.jinja_env, document)

    def health() -> Response:
        serves = gateway.licensing_serves()
        word = "SERVING" if serves else "NOT_SERVING"
        return _json({"status": word, "licensing": word}, 200 if serves else 503)

    def openapi() -> Response:
        return _json(document, 200)

    def documentation() -> Response:
        response = Response(page.html, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = headers.content_security_policy(page.style)
        return response

    for path, view in (("/health", health), ("/openapi.json", openapi), ("/docs", documentation)):
        application.add_url_rule(path, view.__name__, view, methods=["GET"], provide_automatic_options=False)


def _json(content: object, status: int) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), status, content_type="application/json")


def _web_problem(error: HTTPException) -> Response:
    match error.code:
        case 404:
            answer = problem(404, "ROUTE_NOT_FOUND")
        case 405:
            answer = problem(405, "METHOD_NOT_ALLOWED", {"method": request.method})
            answer.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        case 413:
            answer = problem(413, "BODY_TOO_LARGE", {"limit": str(GREATEST_BODY_BYTES)})
        case _:
            answer = problem(400, "REQUEST_MALFORMED")
    return answer


def _unexpected(_: Exception) -> Response:
    """The edge: whatever it was is logged and becomes INTERNAL."""
    _log.exception("request_failed", path=request.path, trace_id=current_trace_id())
    return problem(500, "INTERNAL", {"trace_id": current_trace_id()})


def _report(response: Response) -> Response:
    principal = g.get("principal")
    _log.info(
        "request",
        method=request.method,
        route=str(request.url_rule or ""),
        status=response.status_code,
        subject=principal.subject if principal else "",
        request_id=g.request_id,
        trace_id=current_trace_id(),
        milliseconds=round((time.perf_counter() - g.started) * 1000, 2),
    )
    return response
