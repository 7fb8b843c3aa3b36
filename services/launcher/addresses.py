"""Where each part of an embedded platform is reached."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.launcher.ports import LOOPBACK

# In the order in which ports are given out.
NAMES = (
    "customs",
    "issuer",
    "classification",
    "screening",
    "licensing",
    "consultation",
    "sealer",
    "postgres",
    "temporal",
    "temporal_ui",
    "portal",
)


@dataclass(frozen=True)
class Addresses:
    """Addresses on the loopback interface, from the ports by name."""

    ports: Mapping[str, int]

    def of(self, name: str) -> str:
        """host:port of a service."""
        return f"{LOOPBACK}:{self.ports[name]}"

    def url(self, name: str) -> str:
        """http address of a part that speaks HTTP."""
        return f"http://{self.of(name)}"
