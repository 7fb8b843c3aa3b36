"""The steps of a licence's procedure."""

from temporalio import activity
from xuke.licensing.v1 import licence_pb2 as licence

from services.approval.activities.calls import acting, identified
from services.approval.activities.services import Services
from services.approval.domain.steps import ExpireLicence, PrepareLicenceDocument


class LicenceSteps:
    """Each step is one call of licensing."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @activity.defn(name="prepare_licence_document")
    @acting
    def prepare_licence_document(self, step: PrepareLicenceDocument) -> None:
        """Renders, signs and stores the document; licensing keeps the first."""
        request = licence.PrepareLicenceDocumentRequest(number=step.number)
        self._services.licence.PrepareLicenceDocument(identified(request))

    @activity.defn(name="expire_licence")
    @acting
    def expire_licence(self, step: ExpireLicence) -> None:
        """Expires the licence if licensing finds that its validity has passed."""
        request = licence.ExpireLicenceRequest(number=step.number)
        self._services.licence.ExpireLicence(identified(request))
