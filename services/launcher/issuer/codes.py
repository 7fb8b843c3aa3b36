"""Authorization codes (RFC 6749 4.1) with proof of the key that asked for them (PKCE, RFC 7636)."""

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.launcher.accounts import Account

# RFC 6749 4.1.2 names ten minutes at most; a browser that is sent on needs a moment.
CODE_SECONDS = 60


@dataclass(frozen=True)
class Authorization:
    """What a person granted to a program on the sign-in page."""

    account: Account
    client_id: str
    redirect_uri: str
    code_challenge: str
    nonce: str
    expires_at: float


def challenge_of(verifier: str) -> str:
    """The challenge that belongs to a verifier by the method S256 (RFC 7636 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Codes:
    """The codes given out and not yet redeemed, in the memory of the one process of the issuer."""

    now: Callable[[], float] = time.time
    _given: dict[str, Authorization] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def give(
        self, account: Account, *, client_id: str, redirect_uri: str, code_challenge: str, nonce: str
    ) -> str:
        """A new code, good for one minute."""
        code = secrets.token_urlsafe(32)
        now = self.now()
        granted = Authorization(account, client_id, redirect_uri, code_challenge, nonce, now + CODE_SECONDS)
        with self._lock:
            self._given = {kept: one for kept, one in self._given.items() if one.expires_at > now}
            self._given[code] = granted
        return code

    def redeem(self, code: str, *, client_id: str, redirect_uri: str, verifier: str) -> Authorization | None:
        """What the code stands for, once; None if it is unknown, used, expired or another's."""
        with self._lock:
            granted = self._given.pop(code, None)
        if granted is None or granted.expires_at <= self.now():
            return None
        same = hmac.compare_digest(challenge_of(verifier), granted.code_challenge)
        if not same or (granted.client_id, granted.redirect_uri) != (client_id, redirect_uri):
            return None
        return granted
