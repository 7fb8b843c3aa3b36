"""The accounts of the development issuer, as `reference/accounts.toml` lists them."""

import functools
import pathlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from services.foundation.principal import Principal, Role

FILE = pathlib.Path(__file__).resolve().parent / "reference" / "accounts.toml"


@dataclass(frozen=True)
class Account:
    """One person or program. `name` is the user name of a person or the client id of a program; a program has
    no e-mail address.
    """

    name: str
    principal: Principal
    name_en: str
    email: str = ""


@dataclass(frozen=True)
class Accounts:
    """Every account by name. Persons share one development password; each program has a secret of its own."""

    development_password: str
    persons: Mapping[str, Account]
    programs: Mapping[str, Account]


def _account(name: str, subject: str, row: Mapping[str, object]) -> Account:
    scopes = row.get("scopes", [])
    principal = Principal(
        subject=subject,
        name=str(row["name_zh"]),
        role=Role(str(row["role"])),
        organisation=str(row.get("organisation", "")),
        province=str(row.get("province", "")),
        agency=str(row.get("agency", "")),
        scopes=frozenset(str(scope) for scope in scopes) if isinstance(scopes, list) else frozenset(),
    )
    return Account(name, principal, str(row["name_en"]), str(row.get("email", "")))


@functools.cache
def accounts() -> Accounts:
    """The accounts of this release."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Accounts(
        development_password=content["development_password"],
        persons={
            row["username"]: _account(row["username"], row["username"], row) for row in content["person"]
        },
        programs={
            row["client_id"]: _account(row["client_id"], f"service:{row['client_id']}", row)
            for row in content["program"]
        },
    )
