"""How a caller of the token endpoint proves who it is: one function per grant of OAuth 2.0 (RFC 6749)."""

import hmac
import pathlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.launcher.accounts import Account, Accounts
from services.launcher.issuer.codes import Codes


class GrantRefused(Exception):
    """The proof is wrong. `error` is a code of RFC 6749 5.2, `status` the HTTP status that belongs to it."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error = error
        self.description = description
        self.status = status
        super().__init__(f"{error}: {description}")


@dataclass(frozen=True)
class Directory:
    """Who exists and how each proves it: the accounts, and a folder with one file per program's secret.

    `redirect_uris` names where a program may have persons sent back to after they signed in.
    """

    accounts: Accounts
    secrets: pathlib.Path
    redirect_uris: Mapping[str, str] = field(default_factory=dict)
    codes: Codes = field(default_factory=Codes)


@dataclass(frozen=True)
class Proven:
    """Who a caller proved to be; with `signed_in_at`, the program that gets an ID token, and its nonce."""

    account: Account
    signed_in_at: str = ""
    nonce: str = ""


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _password(form: Mapping[str, str], directory: Directory) -> Proven:
    """Resource owner password credentials (RFC 6749 4.3): for development accounts only."""
    account = directory.accounts.persons.get(form.get("username", ""))
    right = _same(form.get("password", ""), directory.accounts.development_password)
    if account is None or not right:
        raise GrantRefused("invalid_grant", "user name or password is wrong")
    return Proven(account)


def _program(form: Mapping[str, str], directory: Directory) -> Account:
    """The program that shows its secret."""
    account = directory.accounts.programs.get(form.get("client_id", ""))
    file = directory.secrets / account.name if account else None
    if account is None or file is None or not file.exists():
        raise GrantRefused("invalid_client", "client id or secret is wrong", 401)
    if not _same(form.get("client_secret", ""), file.read_text(encoding="utf-8").strip()):
        raise GrantRefused("invalid_client", "client id or secret is wrong", 401)
    return account


def _client_credentials(form: Mapping[str, str], directory: Directory) -> Proven:
    """Client credentials (RFC 6749 4.4): for programs."""
    return Proven(_program(form, directory))


def _authorization_code(form: Mapping[str, str], directory: Directory) -> Proven:
    """Authorization code (RFC 6749 4.1) with PKCE (RFC 7636): a program on behalf of a person who signed in."""
    program = _program(form, directory)
    granted = directory.codes.redeem(
        form.get("code", ""),
        client_id=program.name,
        redirect_uri=form.get("redirect_uri", ""),
        verifier=form.get("code_verifier", ""),
    )
    if granted is None:
        raise GrantRefused("invalid_grant", "the code is unknown, used, expired or another's")
    return Proven(granted.account, program.name, granted.nonce)


GRANTS: Mapping[str, Callable[[Mapping[str, str], Directory], Proven]] = {
    "authorization_code": _authorization_code,
    "password": _password,
    "client_credentials": _client_credentials,
}


def prove(form: Mapping[str, str], directory: Directory) -> Proven:
    """Who the caller of the token endpoint has proved to be. Raises GrantRefused."""
    grant = GRANTS.get(form.get("grant_type", ""))
    if grant is None:
        raise GrantRefused("unsupported_grant_type", f"use one of {', '.join(GRANTS)}")
    return grant(form, directory)
