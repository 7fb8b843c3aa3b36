"""How a caller of the token endpoint proves who it is: one function per grant of OAuth 2.0 (RFC 6749).

A further grant, such as authorization_code with PKCE, is one more function in `GRANTS`.
"""

import hmac
import pathlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.launcher.accounts import Account, Accounts


class GrantRefused(Exception):
    """The proof is wrong. `error` is a code of RFC 6749 5.2, `status` the HTTP status that belongs to it."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error = error
        self.description = description
        self.status = status
        super().__init__(f"{error}: {description}")


@dataclass(frozen=True)
class Directory:
    """Who exists and how each proves it: the accounts, and a folder with one file per program's secret."""

    accounts: Accounts
    secrets: pathlib.Path


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _password(form: Mapping[str, str], directory: Directory) -> Account:
    """Resource owner password credentials (RFC 6749 4.3): for development accounts only."""
    account = directory.accounts.persons.get(form.get("username", ""))
    right = _same(form.get("password", ""), directory.accounts.development_password)
    if account is None or not right:
        raise GrantRefused("invalid_grant", "user name or password is wrong")
    return account


def _client_credentials(form: Mapping[str, str], directory: Directory) -> Account:
    """Client credentials (RFC 6749 4.4): for programs."""
    account = directory.accounts.programs.get(form.get("client_id", ""))
    file = directory.secrets / account.name if account else None
    if account is None or file is None or not file.exists():
        raise GrantRefused("invalid_client", "client id or secret is wrong", 401)
    if not _same(form.get("client_secret", ""), file.read_text(encoding="utf-8").strip()):
        raise GrantRefused("invalid_client", "client id or secret is wrong", 401)
    return account


GRANTS: Mapping[str, Callable[[Mapping[str, str], Directory], Account]] = {
    "password": _password,
    "client_credentials": _client_credentials,
}


def prove(form: Mapping[str, str], directory: Directory) -> Account:
    """The account that the caller of the token endpoint has proved to be. Raises GrantRefused."""
    grant = GRANTS.get(form.get("grant_type", ""))
    if grant is None:
        raise GrantRefused("unsupported_grant_type", f"use one of {', '.join(GRANTS)}")
    return grant(form, directory)
