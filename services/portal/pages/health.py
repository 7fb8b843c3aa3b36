"""Whether the portal can do its work, for whoever watches over the platform."""

from typing import Final

from flask.typing import ResponseReturnValue

from services.portal.page import ANYBODY, Page
from services.portal.services import services


def health() -> ResponseReturnValue:
    """SERVING as long as licensing serves: without it hardly a page has anything to show."""
    serves = services().licensing_serves()
    return {"status": "SERVING" if serves else "NOT_SERVING"}, 200 if serves else 503


HEALTH: Final = Page("health", "/health", health, ANYBODY, in_languages=False)
PAGES: Final[tuple[Page, ...]] = (HEALTH,)
