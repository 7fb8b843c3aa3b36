"""Who may open which page: what the pages declare, nobody by default; the services check every call again."""

from collections.abc import Iterable
from typing import Final

from flask import Flask, current_app
from flask_limiter import Limiter

from services.foundation.permissions import Permission
from services.foundation.principal import Role
from services.portal.page import ANYBODY, Page

_EXTENSION: Final = "xuke-gate"
# The files that the application itself serves.
STATIC: Final = "static"


class Gate:
    """The pages with their permissions. Raises ValueError for an endpoint that is declared twice."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = tuple(pages)
        self.permissions: dict[str, Permission | None] = {STATIC: ANYBODY}
        self.body_limits = {page.endpoint: page.body_limit for page in self._pages if page.body_limit}
        for page in self._pages:
            if page.endpoint in self.permissions:
                raise ValueError(f"declared twice: {page.endpoint}")
            self.permissions[page.endpoint] = page.permission

    def install(self, application: Flask, limiter: Limiter) -> None:
        """Routes the pages, and makes this the gate of the application."""
        for page in self._pages:
            view = limiter.limit(page.limit)(page.view) if page.limit else page.view
            application.add_url_rule(page.rule, page.endpoint, view, methods=list(page.methods))
        application.extensions[_EXTENSION] = self

    def demand_declared(self, application: Flask) -> None:
        """Passes if every rule of the application is declared. Raises ValueError, naming those that are not."""
        rules = application.url_map.iter_rules()
        undeclared = sorted(str(rule) for rule in rules if rule.endpoint not in self.permissions)
        if undeclared:
            raise ValueError(f"pages that nobody declared: {', '.join(undeclared)}")

    def admits(self, endpoint: str, role: Role | None) -> bool:
        """Whether the page is for a role; None is a person who has not signed in."""
        permission = self.permissions[endpoint]
        return permission is None or (role is not None and role in permission.roles)


def gate() -> Gate:
    """The gate of the application in progress."""
    found: Gate = current_app.extensions[_EXTENSION]
    return found


def admits(endpoint: str, role: Role | None) -> bool:
    """Whether a page of the application in progress is for a role."""
    return gate().admits(endpoint, role)
