"""Who may call what: declared per method, nobody by default."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.foundation.errors import permission_denied
from services.foundation.principal import Principal, Role


@dataclass(frozen=True)
class Permission:
    """Roles that may call a method, and the scopes that the token must carry besides."""

    roles: frozenset[Role]
    scopes: frozenset[str] = frozenset()


def allow(*roles: Role, scopes: tuple[str, ...] = ()) -> Permission:
    """Declares a permission."""
    return Permission(frozenset(roles), frozenset(scopes))


def check(permissions: Mapping[str, Permission], method: str, principal: Principal) -> None:
    """Passes if the declared permission of `method` admits the caller; raises PERMISSION_DENIED if not."""
    permission = permissions.get(method)
    if permission is None or principal.role not in permission.roles:
        raise permission_denied("ROLE_NOT_ALLOWED", role=principal.role.value, method=method)
    missing = sorted(permission.scopes - principal.scopes)
    if missing:
        raise permission_denied("SCOPE_MISSING", scopes=" ".join(missing), method=method)
