"""The platform that `xuke up` has started, as the other commands find it."""

from services.foundation.errors import unavailable
from services.launcher.addresses import Addresses
from services.launcher.clients import People
from services.launcher.processes import Place
from services.launcher.state_folder import StateFolder, default_folder


def present_place() -> Place:
    """Folder and addresses of the platform. Errors: UNAVAILABLE, PLATFORM_NEVER_STARTED."""
    folder = StateFolder(default_folder())
    return Place(folder, Addresses(folder.chosen_ports()))


def running_place() -> Place:
    """The same of a platform that runs. Errors: UNAVAILABLE, PLATFORM_NOT_RUNNING or PLATFORM_NEVER_STARTED."""
    place = present_place()
    if not place.folder.running():
        raise unavailable("PLATFORM_NOT_RUNNING", folder=str(place.folder.path))
    return place


def present_people() -> People:
    """The accounts as clients of the running platform.

    Errors: UNAVAILABLE, PLATFORM_NOT_RUNNING or PLATFORM_NEVER_STARTED.
    """
    place = running_place()
    return People(place.addresses, place.folder)
