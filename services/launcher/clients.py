"""People of the platform as clients: a signed-in channel per account, and the REST interface as customs uses it."""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import grpc

from services.foundation.errors import ErrorCode, XukeError, not_found, unavailable
from services.foundation.grpc_channel import open_channel
from services.launcher.accounts import accounts
from services.launcher.addresses import Addresses
from services.launcher.readiness import DIRECT
from services.launcher.state_folder import StateFolder

CUSTOMS_ACCOUNT = "customs-system"
_TIMEOUT_SECONDS = 10


class CustomsClient:
    """The customs REST interface on behalf of one account."""

    def __init__(self, people: "People", account: str) -> None:
        self._people = people
        self._account = account

    def request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Sends a request; returns the status and the JSON body. Raises OSError if nobody answers."""
        data = None if body is None else json.dumps(body).encode()
        # The address is one of this platform, on the loopback interface.
        request = urllib.request.Request(  # noqa: S310
            self._people.addresses.url("customs") + path,
            data=data,
            method=method,
            headers={
                "Authorization": f"Bearer {self._people.token(self._account)}",
                "Content-Type": "application/json",
            },
        )
        try:
            with DIRECT.open(request, timeout=_TIMEOUT_SECONDS) as response:
                return response.status, _json(response.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, _json(refused.read())


def _json(content: bytes) -> Any:
    return json.loads(content) if content else None


class People:
    """The development accounts, each with its token and its channels, kept until `close`."""

    def __init__(self, addresses: Addresses, folder: StateFolder) -> None:
        self.addresses = addresses
        self._folder = folder
        self._tokens: dict[str, tuple[str, float]] = {}
        self._channels: dict[tuple[str, str], grpc.Channel] = {}
        self._lock = threading.RLock()

    def token(self, account: str) -> str:
        """A token of a person or program, renewed at half of its life.

        Errors: NOT_FOUND for an unknown account; UNAVAILABLE while the issuer cannot be asked.
        """
        with self._lock:
            token, renew_at = self._tokens.get(account, ("", 0.0))
            if time.time() < renew_at:
                return token
            answer = self._ask_issuer(self._proof(account))
            token = str(answer["access_token"])
            self._tokens[account] = (token, time.time() + float(answer["expires_in"]) / 2)
            return token

    def channel(self, account: str, service: str) -> grpc.Channel:
        """A channel to a service, such as "licensing", whose calls carry the account's token."""
        with self._lock:
            key = (account, service)
            if key not in self._channels:
                self._channels[key] = open_channel(self.addresses.of(service), lambda: self.token(account))
            return self._channels[key]

    def customs(self, account: str = CUSTOMS_ACCOUNT) -> CustomsClient:
        """The customs REST interface on behalf of an account."""
        return CustomsClient(self, account)

    def close(self) -> None:
        """Closes every channel."""
        with self._lock:
            for channel in self._channels.values():
                channel.close()
            self._channels.clear()

    def _proof(self, account: str) -> dict[str, str]:
        known = accounts()
        if account in known.persons:
            return {
                "grant_type": "password",
                "username": account,
                "password": known.development_password,
            }
        if account in known.programs:
            secret = self._folder.secret(account).read_text(encoding="utf-8")
            return {"grant_type": "client_credentials", "client_id": account, "client_secret": secret}
        raise not_found("account", account)

    def _ask_issuer(self, form: dict[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310
            f"{self.addresses.url('issuer')}/token", data=urllib.parse.urlencode(form).encode()
        )
        try:
            with DIRECT.open(request, timeout=_TIMEOUT_SECONDS) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as refused:
            with refused:
                raise XukeError(ErrorCode.UNAUTHENTICATED, "TOKEN_INVALID") from refused
        except (OSError, ValueError) as error:
            raise unavailable("ISSUER_UNAVAILABLE") from error
