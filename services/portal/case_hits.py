"""The hits of a case as people have decided them by now."""

from collections.abc import Mapping
from typing import Final

import structlog
from xuke.licensing.v1 import application_pb2 as a
from xuke.screening.v1 import hit_pb2 as h

from services.foundation.errors import ErrorCode, XukeError
from services.portal.hit_filters import OPEN_STATES, open_count
from services.portal.services import services

_log = structlog.get_logger()
_MOST: Final = 200
# A page about other things is not kept waiting for a number.
_PATIENCE_SECONDS: Final = 1.5


def reviewed_hits(case: a.Case) -> Mapping[str, h.HitCase]:
    """The hits by their ids; none where there was no screening, it is not watched any more, or hits are not for the person."""
    if not case.screening.screening_id:
        return {}
    try:
        found = services().ask(
            services().hits.ListHits,
            h.ListHitsRequest(watched_as=f"applications/{case.application_id}", page_size=_MOST),
        )
    except XukeError as error:
        if error.code is not ErrorCode.PERMISSION_DENIED:
            raise
        return {}
    return {one.hit_id: one for one in found.hits}


def hits_waiting() -> int:
    """How many hits wait for a decision; 0 while screening cannot be asked, which then is said on its own page."""
    try:
        found = services().ask(
            services().hits.ListHits,
            h.ListHitsRequest(states=OPEN_STATES, page_size=1),
            seconds=_PATIENCE_SECONDS,
        )
    except XukeError as error:
        _log.warning("hits_not_counted", reason=error.reason, code=error.code.name)
        return 0
    return open_count(found.counts)
