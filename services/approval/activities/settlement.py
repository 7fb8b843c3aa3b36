"""What classification is told of a case: which items are still open, and what was decided about them in the end."""

from temporalio import activity
from xuke.classification.v1 import classification_pb2 as classification
from xuke.classification.v1 import precedent_pb2 as precedents
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.approval.activities.calls import acting, identified
from services.approval.activities.services import Services
from services.approval.domain.steps import SettleClassification

# Nobody decided on the items of an application that ended otherwise.
_DECIDED = (licensing.APPLICATION_STATE_LICENSED, licensing.APPLICATION_STATE_REFUSED)


class Settlement:
    """Reads the concluded case; every call may be repeated."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @activity.defn(name="settle_classification")
    @acting
    def settle_classification(self, step: SettleClassification) -> None:
        """Keeps each item that a reviewer assessed as a precedent, and closes the items of the application."""
        case = self._services.review.GetCase(licensing.GetCaseRequest(application_id=step.application_id))
        if case.state in _DECIDED:
            for assessed in case.assessments:
                if assessed.counts:
                    self._services.precedents.RecordPrecedent(identified(to_precedent(case, assessed)))
        keep_open(self._services, step.application_id, 0)


def keep_open(services: Services, application_id: str, submission_number: int) -> None:
    """Has the items of an application closed but for those of one submission; 0 keeps none."""
    request = classification.CloseItemsRequest(
        application_id=application_id, except_submission=submission_number
    )
    services.classification.CloseItems(identified(request))


def to_precedent(
    case: licensing.Case, assessed: licensing.ItemAssessment
) -> precedents.RecordPrecedentRequest:
    """What was held of one item of a decided case, with the lists that the checks read."""
    line_number = assessed.line_number
    return precedents.RecordPrecedentRequest(
        subject=f"applications/{case.application_id}/{line_number}",
        item=next(to_item(item) for item in case.dossier.items if item.line_number == line_number),
        control_codes=assessed.control_codes,
        reason=assessed.reason,
        decided_by=assessed.assessed_by,
        organisation=case.dossier.applicant.unified_social_credit_code,
        decided_at=case.decision.countersigned_at,
        list_versions=[
            version
            for found in case.classifications
            if found.line_number == line_number
            for version in found.list_versions
        ],
    )


def to_item(item: dossiers.Item) -> classification.Item:
    """An item of the dossier as classification asks for it."""
    return classification.Item(
        kind=classification.ItemKind.Value(dossiers.ItemKind.Name(item.kind)),
        name_zh=item.name_zh,
        name_en=item.name_en,
        description=item.description,
        hs_code=item.hs_code,
        claimed_control_code=item.claimed_control_code,
        parameters=[
            classification.Parameter(name=parameter.name, value=parameter.value, unit=parameter.unit)
            for parameter in item.parameters
        ],
    )
