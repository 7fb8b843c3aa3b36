"""Who the caller is: verifies the tokens of an OIDC issuer and turns their claims into a principal.

Claims: `sub`, `name`, `scope` (OIDC) and `xuke_role`, `xuke_organisation`, `xuke_province`, `xuke_agency`,
which any issuer can be configured to add.
"""

import hashlib
import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.foundation.errors import ErrorCode, XukeError, unavailable
from services.foundation.principal import Principal, Role

ALGORITHMS = ["ES256", "RS256", "EdDSA"]
_CACHE_SIZE = 10_000
_TIMEOUT_SECONDS = 5
_RETRY_SECONDS = 1
_ASK_AGAIN_SECONDS = 5


def _fetch_json(url: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """GETs (or POSTs a form to) an address of the issuer."""
    body = urllib.parse.urlencode(form).encode() if form is not None else None
    try:
        # The address comes from the operator's settings.
        with urllib.request.urlopen(url, data=body, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
    except (OSError, ValueError) as error:
        raise unavailable("ISSUER_UNAVAILABLE") from error
    return answer


def discover(issuer_url: str) -> dict[str, Any]:
    """The issuer's metadata (OpenID Connect Discovery 1.0)."""
    return _fetch_json(f"{issuer_url.rstrip('/')}/.well-known/openid-configuration")


def issuer_keys(issuer_url: str) -> Callable[[], KeySet]:
    """A source of the issuer's present signing keys."""

    def load() -> KeySet:
        keys: KeySet = KeySet.import_key_set(_fetch_json(discover(issuer_url)["jwks_uri"]))  # type: ignore[arg-type]
        return keys

    return load


def _unauthenticated(reason: str) -> XukeError:
    return XukeError(ErrorCode.UNAUTHENTICATED, reason)


@dataclass
class TokenVerifier:
    """Verifies a bearer token once and remembers the principal until the token expires.

    Signature verification costs about 70 microseconds; the memory is keyed by the digest of the token.
    """

    issuer_url: str
    audience: str
    load_keys: Callable[[], KeySet]
    now: Callable[[], float] = time.time
    _keys: KeySet | None = None
    _ask_again_at: float = 0.0
    _known: dict[bytes, tuple[float, Principal]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def verify(self, token: str) -> Principal:
        """The principal of a token. Errors: UNAUTHENTICATED; UNAVAILABLE while the issuer cannot be asked."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None and known[0] > self.now():
            return known[1]
        claims = self._claims(token)
        principal = self._principal(claims)
        with self._lock:
            if len(self._known) >= _CACHE_SIZE:
                self._known.clear()
            self._known[digest] = (float(claims["exp"]), principal)
        return principal

    def _claims(self, token: str) -> dict[str, Any]:
        if self._keys is None:
            self._keys = self.load_keys()
        try:
            claims = self._decode(token, self._keys)
        except (JoseError, ValueError) as error:
            if not self._may_ask_again():
                raise _unauthenticated("TOKEN_INVALID") from error
            # The issuer may have rotated its keys since we asked.
            self._keys = self.load_keys()
            try:
                claims = self._decode(token, self._keys)
            except (JoseError, ValueError) as second:
                raise _unauthenticated("TOKEN_INVALID") from second
        try:
            jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": self.issuer_url},
                aud={"essential": True, "value": self.audience},
                exp={"essential": True},
                sub={"essential": True},
            ).validate(claims)
        except JoseError as error:
            raise _unauthenticated("TOKEN_NOT_FOR_THIS_PLATFORM") from error
        return claims

    def _may_ask_again(self) -> bool:
        """Whether the keys may be asked for again: a flood of bad tokens must not become one on the issuer."""
        with self._lock:
            if self.now() < self._ask_again_at:
                return False
            self._ask_again_at = self.now() + _ASK_AGAIN_SECONDS
            return True

    @staticmethod
    def _decode(token: str, keys: KeySet) -> dict[str, Any]:
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)

    @staticmethod
    def _principal(claims: Mapping[str, Any]) -> Principal:
        try:
            role = Role(claims.get("xuke_role", ""))
        except ValueError as error:
            raise _unauthenticated("TOKEN_WITHOUT_ROLE") from error
        return Principal(
            subject=str(claims["sub"]),
            name=str(claims.get("name", claims["sub"])),
            role=role,
            organisation=str(claims.get("xuke_organisation", "")),
            province=str(claims.get("xuke_province", "")),
            agency=str(claims.get("xuke_agency", "")),
            scopes=frozenset(str(claims.get("scope", "")).split()),
        )


@dataclass
class ServiceCredential:
    """Gets and renews the token of a service account (OAuth 2.0 client credentials, RFC 6749 4.4).

    It renews at half of a token's life and keeps the one it has while the issuer cannot be asked, so that an
    issuer that is away for less than that is not noticed.
    """

    issuer_url: str
    client_id: str
    client_secret: str
    now: Callable[[], float] = time.time
    _token: str = ""
    _renew_at: float = 0.0
    _expires_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self) -> str:
        """A token that is still valid. Errors: UNAVAILABLE if there is none and the issuer cannot be asked."""
        with self._lock:
            now = self.now()
            if now >= self._renew_at:
                try:
                    self._renew(now)
                except XukeError:
                    if now >= self._expires_at - _TIMEOUT_SECONDS:
                        raise
                    self._renew_at = now + _RETRY_SECONDS
            return self._token

    def _renew(self, now: float) -> None:
        answer = _fetch_json(
            discover(self.issuer_url)["token_endpoint"],
            {
                "grant_type": "client_credentials",
                "client_id": self.client_id,
                "client_secret": self.client_secret,
            },
        )
        lifetime = float(answer.get("expires_in", 300))
        self._token = str(answer["access_token"])
        self._renew_at = now + lifetime / 2
        self._expires_at = now + lifetime
