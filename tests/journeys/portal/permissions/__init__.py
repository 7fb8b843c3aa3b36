"""Who may open which page, by area, written independently of the pages: a change of either must be meant.

A module has EXPECTED, the roles by endpoint (None is everybody), and PATHS, an address of each page that can be
opened by GET, with the names of `World` in braces.
"""

import importlib
import pkgutil

from services.foundation.principal import Role

_NO_AREA = "roles"


def _areas() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != _NO_AREA)


def _merged(table: str) -> dict:
    together: dict = {}
    for area in _areas():
        rows = getattr(importlib.import_module(f"{__name__}.{area}"), table)
        assert not together.keys() & rows.keys(), (
            f"{area} says a second time: {together.keys() & rows.keys()}"
        )
        together |= rows
    return together


EXPECTED: dict[str, set[Role] | None] = _merged("EXPECTED")
PATHS: dict[str, str] = _merged("PATHS")
