"""What a page declares of itself, in the module that holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask.typing import ResponseReturnValue

from services.foundation.permissions import Permission, allow
from services.foundation.principal import Role

# Needs no sign-in.
ANYBODY: Final = None
APPLICANTS: Final = allow(Role.EXPORTER, Role.AGENT)


@dataclass(frozen=True)
class Page:
    """A page: the name that links call it by, its path after the language, what answers, and who may open it.

    `permission` has no default, so that nobody forgets it; the services check every call again. `limit` is how
    often one address may ask, such as "30 per minute", counted in the memory of each process. A page whose path
    begins without a language (`in_languages`) is one that people do not read. `body_limit` is the greatest number
    of bytes that it takes from those who may open it, where that is more than every page takes.
    """

    endpoint: str
    path: str
    view: Callable[..., ResponseReturnValue]
    permission: Permission | None
    methods: tuple[str, ...] = ("GET",)
    limit: str | None = None
    in_languages: bool = True
    body_limit: int | None = None

    @property
    def rule(self) -> str:
        """The path as the application routes it."""
        return f"/<language:lang>{self.path}" if self.in_languages else self.path
