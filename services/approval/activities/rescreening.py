"""Re-screening as activities: one look at what is watched, the delivery of results, and the end of watching."""

import time

import grpc
import structlog
from temporalio import activity
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1 import licence_pb2 as licence
from xuke.screening.v1 import rescreening_pb2 as rescreening

from services.approval.activities.automatic_checks import to_screening, to_summary
from services.approval.activities.calls import acting, identified, reading
from services.approval.activities.services import Services
from services.approval.activities.waiting import refusal, screen
from services.approval.domain.rescreening import Looked
from services.approval.domain.steps import StopWatching, StopWatchingLicence
from services.approval.workflows.execution import DELIVER_RESCREENINGS, RESCREEN
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error

APPLICATIONS = "applications/"
# Within the time limit of the activity; a look that takes longer goes on in the service.
LOOK_SECONDS = 50.0
RESULTS_AT_ONCE = 100
# After this no further page is begun; the last one has time until the activity ends.
DELIVERY_SECONDS = 10.0

_log = structlog.get_logger()


class Rescreening:
    """What is owed stands in the databases of screening and licensing; every call may be repeated."""

    def __init__(self, services: Services) -> None:
        self._services = services
        # Where the delivery goes on: what licensing has refused is not to keep it from what comes after.
        self._next_page = ""

    @activity.defn(name=RESCREEN)
    @reading
    def rescreen(self) -> Looked:
        """Has changes followed and those screened again whom they concern, as far as one call goes."""
        stub = self._services.rescreening
        done = stub.Rescreen(identified(rescreening.RescreenRequest()), timeout=LOOK_SECONDS)
        owed = stub.ListUndelivered(rescreening.ListUndeliveredRequest(page_size=1)).results
        return Looked(more=done.more, undelivered=bool(owed))

    @activity.defn(name=DELIVER_RESCREENINGS)
    @reading
    def deliver(self) -> int:
        """Tells licensing of the results that it has not been told of, oldest first; returns how many it took.

        Those that were refused stay owed and come up again once all others have; where time is up before the
        last one, the next call goes on from there.
        """
        ends_at = time.monotonic() + DELIVERY_SECONDS
        delivered = 0
        while True:
            request = rescreening.ListUndeliveredRequest(
                page_size=RESULTS_AT_ONCE, page_token=self._next_page
            )
            page = self._services.rescreening.ListUndelivered(request)
            delivered += sum(self._deliver_one(result) for result in page.results)
            self._next_page = page.next_page_token
            if not page.next_page_token or time.monotonic() > ends_at:
                return delivered

    def _deliver_one(self, result: rescreening.ChangedScreening) -> bool:
        try:
            tell(self._services, result)
        except grpc.RpcError as raised:
            error = from_rpc_error(raised, "licensing")
            if error.code is ErrorCode.UNAVAILABLE:
                raise
            # It stays owed, and holds up no other.
            _log.error("rescreening_kept", watched_as=result.watched_as, reason=error.reason)
            return False
        return True

    @activity.defn(name="stop_watching")
    @acting
    def stop_watching(self, step: StopWatching) -> None:
        """Ends the watching of an application that ended without a licence."""
        _stop(self._services, APPLICATIONS + step.application_id)

    @activity.defn(name="stop_watching_licence")
    @acting
    def stop_watching_licence(self, step: StopWatchingLicence) -> None:
        """Ends the watching of the application whose licence has ended."""
        position = self._services.licence.GetLicencePosition(
            licence.GetLicencePositionRequest(number=step.number)
        )
        _stop(self._services, APPLICATIONS + position.application_id)


def refresh(services: Services, application_id: str) -> None:
    """Screens an application now and tells licensing what differs: no licence rests on an old screening.

    Errors: XukeError where screening cannot answer; RpcError where the result cannot be delivered.
    """
    result = _screened_now(services, application_id)
    if result.differs:
        tell(services, result)


def _screened_now(services: Services, application_id: str) -> rescreening.ChangedScreening:
    request = rescreening.RescreenOneRequest(watched_as=APPLICATIONS + application_id)
    try:
        return services.rescreening.RescreenOne(identified(request))
    except grpc.RpcError as raised:
        error = refusal(raised, "screening")
        if error.code is not ErrorCode.NOT_FOUND:
            raise error from None
    # It was screened before exports were watched.
    return _watch(services, application_id)


def _watch(services: Services, application_id: str) -> rescreening.ChangedScreening:
    case = services.review.GetCase(licensing.GetCaseRequest(application_id=application_id))
    position = services.procedure.GetPosition(licensing.GetPositionRequest(application_id=application_id))
    request = to_screening(application_id, position.submission_number, case.dossier, "")
    screened = screen(services, request)
    return rescreening.ChangedScreening(
        watched_as=request.watched_as,
        screening=screened,
        cause=rescreening.RESCREENING_CAUSE_DAY_CHANGED,
        cause_version=screened.as_of,
        differs=True,
    )


def tell(services: Services, result: rescreening.ChangedScreening) -> None:
    """Delivers one result; what licensing is no longer concerned with is watched no more.

    Errors: RpcError where licensing does not take it; the result then stays owed.
    """
    application_id = result.watched_as.removeprefix(APPLICATIONS)
    submission_number = int(result.screening.subject.rpartition("/")[2])
    cause = rescreening.RescreeningCause.Name(result.cause).removeprefix("RESCREENING_CAUSE_")
    request = licensing.RecordRescreeningRequest(
        application_id=application_id,
        submission_number=submission_number,
        rescreening=licensing.Rescreening(
            screening=to_summary(result.screening),
            cause=cause,
            cause_version=result.cause_version,
            screened_at=result.screening.screened_at,
        ),
    )
    answer = services.procedure.RecordRescreening(identified(request))
    services.rescreening.MarkDelivered(
        identified(rescreening.MarkDeliveredRequest(screening_ids=[result.screening.screening_id]))
    )
    if not answer.still_concerned:
        _stop(services, result.watched_as)


def _stop(services: Services, watched_as: str) -> None:
    services.rescreening.StopWatching(identified(rescreening.StopWatchingRequest(watched_as=[watched_as])))
