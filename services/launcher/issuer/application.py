"""The issuer's addresses: discovery (OpenID Connect Discovery 1.0), keys (RFC 7517) and tokens (RFC 6749)."""

import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, jsonify, request
from joserfc import jwt

from services.launcher.accounts import Account
from services.launcher.issuer.grants import GRANTS, Directory, GrantRefused, Proven, prove
from services.launcher.issuer.keys import TOKEN_SECONDS, SigningKeys
from services.launcher.issuer.sign_in_page import add_sign_in_page


@dataclass(frozen=True)
class Issuer:
    """What the issuer says of itself and whom it knows."""

    url: str
    audience: str
    directory: Directory
    keys: SigningKeys
    now: Callable[[], float] = time.time

    def token(self, account: Account) -> str:
        """A signed token of an account, valid for one hour; claims as `foundation.identity` reads them."""
        issued_at = self.now()
        principal = account.principal
        key = self.keys.signing_key(issued_at)
        claims = {
            "iss": self.url,
            "aud": self.audience,
            "sub": principal.subject,
            "jti": str(uuid.uuid4()),
            "iat": int(issued_at),
            "exp": int(issued_at) + TOKEN_SECONDS,
            "name": principal.name,
            "name#en": account.name_en,
            "scope": " ".join(sorted(principal.scopes)),
            "xuke_role": principal.role.value,
            "xuke_organisation": principal.organisation,
            "xuke_province": principal.province,
            "xuke_agency": principal.agency,
        }
        return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": str(key.kid)}, claims, key)

    def id_token(self, proven: Proven) -> str:
        """Who signed in, told to the program that asked (OpenID Connect Core 1.0, 2)."""
        issued_at = self.now()
        key = self.keys.signing_key(issued_at)
        principal = proven.account.principal
        claims = {
            "iss": self.url,
            "aud": proven.signed_in_at,
            "sub": principal.subject,
            "iat": int(issued_at),
            "exp": int(issued_at) + TOKEN_SECONDS,
            "nonce": proven.nonce,
            "name": principal.name,
            "name#en": proven.account.name_en,
            "email": proven.account.email,
            "email_verified": True,
        }
        return jwt.encode({"alg": "ES256", "kid": str(key.kid)}, claims, key)

    def metadata(self) -> dict[str, object]:
        """The discovery document."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "grant_types_supported": list(GRANTS),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile", "email"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }


def _form() -> dict[str, str]:
    form = dict(request.form.items())
    if request.authorization is not None and request.authorization.type == "basic":
        form["client_id"] = urllib.parse.unquote(request.authorization.username or "")
        form["client_secret"] = urllib.parse.unquote(request.authorization.password or "")
    return form


def make_application(issuer: Issuer) -> Flask:
    """The WSGI application of an issuer."""
    application = Flask("xuke-issuer")
    # A page elsewhere must not reach the issuer under a name of its own (DNS rebinding).
    application.config["TRUSTED_HOSTS"] = [urllib.parse.urlsplit(issuer.url).hostname]
    application.config["MAX_CONTENT_LENGTH"] = 16 * 1024

    @application.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(issuer.metadata())

    @application.get("/jwks")
    def jwks() -> Response:
        issuer.keys.signing_key(issuer.now())
        return jsonify(issuer.keys.public_keys().as_dict(private=False))

    @application.post("/token")
    def token() -> Response:
        proven = prove(_form(), issuer.directory)
        content: dict[str, object] = {
            "access_token": issuer.token(proven.account),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": " ".join(sorted(proven.account.principal.scopes)),
        }
        if proven.signed_in_at:
            content["id_token"] = issuer.id_token(proven)
        answer = jsonify(content)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    add_sign_in_page(application, issuer.directory)

    @application.errorhandler(GrantRefused)
    def refused(error: GrantRefused) -> Response:
        answer = jsonify(error=error.error, error_description=error.description)
        answer.status_code = error.status
        answer.headers["Cache-Control"] = "no-store"
        if error.status == 401:
            answer.headers["WWW-Authenticate"] = 'Basic realm="xuke"'
        return answer

    return application
