"""Review of hits: the ministry decides, others read."""

from services.foundation.principal import Role
from tests.journeys.portal.permissions.roles import CASE_READERS

_DECIDERS = {Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR}
EXPECTED = {
    "hits": CASE_READERS - {Role.PROVINCIAL_OFFICER},
    # A province reads the hits of its own cases.
    "hit": CASE_READERS,
    **{
        f"{act}{step}": _DECIDERS
        for act in ("hit_decide", "hit_countersign")
        for step in ("", "_check", "_confirm")
    },
}
PATHS = {
    "hits": "/zh/hits",
    "hit": "/zh/hits/{hit}",
    "hit_decide": "/zh/hits/{hit}/decide",
    "hit_countersign": "/zh/hits/{release}/countersign",
}
