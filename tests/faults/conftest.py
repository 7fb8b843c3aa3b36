"""The faults happen to a platform of their own, started as the one of the journeys is."""

from tests.journeys.conftest import people, platform

__all__ = ["people", "platform"]
