"""What the procedure of a licence does next: its document once, its expiry at the end of its validity."""

from datetime import datetime, timedelta

from services.approval.domain.decisions import Await, Conclude, Decision, Proceed, next_instant
from services.approval.domain.position import LicencePosition, LicenceState
from services.approval.domain.steps import ExpireLicence, LicenceStep, PrepareLicenceDocument

# A licence sleeps for most of its year; reconciliation repairs lost kicks, this is the last resort.
LONGEST_WAIT = timedelta(days=7)
# A run that is older continues as a new one, so that it follows the present code and stays short.
RUN_LENGTH = timedelta(days=30)

LIVE = frozenset({LicenceState.ISSUED, LicenceState.ACTIVE, LicenceState.SUSPENDED})


def decide(position: LicencePosition, now: datetime) -> Decision:
    """The next steps of a licence in this position at this instant (UTC)."""
    live = position.state in LIVE
    steps: list[LicenceStep] = []
    if live and position.expires_at is not None and position.expires_at <= now:
        steps.append(ExpireLicence(position.number))
    # Also of a licence that has ended: customs may write it off before anybody could print it.
    if not position.document_prepared:
        steps.append(PrepareLicenceDocument(position.number))
    if steps:
        return Proceed(tuple(steps))
    if not live:
        return Conclude(position.state.value)
    return Await(next_instant(now, now + LONGEST_WAIT, [position.expires_at]))
