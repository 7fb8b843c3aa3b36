"""The gRPC service of licence requirements, and who may call it."""

from collections.abc import Mapping

import grpc
from xuke.classification.v1 import requirement_pb2 as messages
from xuke.classification.v1 import requirement_pb2_grpc as contract
from xuke.foundation.v1 import foundation_pb2

from services.classification import requirement_service
from services.classification.conversion import day_of
from services.classification.domain.outcomes import CATCH_ALL
from services.classification.domain.requirement_rows import RequirementOutcome, RequirementTable
from services.classification.domain.requirements import FoundRow
from services.classification.indexes import Indexes
from services.classification.requirement_service import DeterminedRequirement, RequirementQuestion
from services.foundation.database import Database
from services.foundation.grpc_server import Registration, current_call
from services.foundation.messages import render
from services.foundation.permissions import allow
from services.foundation.principal import Role

_OUTCOMES: Mapping[RequirementOutcome | None, "messages.RequirementOutcome.ValueType"] = {
    None: messages.REQUIREMENT_OUTCOME_UNSPECIFIED,
    RequirementOutcome.NO_LISTED_REQUIREMENT: messages.REQUIREMENT_OUTCOME_NO_LISTED_REQUIREMENT,
    RequirementOutcome.DECLARATION_ONLY: messages.REQUIREMENT_OUTCOME_DECLARATION_ONLY,
    RequirementOutcome.REGISTRATION: messages.REQUIREMENT_OUTCOME_REGISTRATION,
    RequirementOutcome.GENERAL_LICENCE_POSSIBLE: messages.REQUIREMENT_OUTCOME_GENERAL_LICENCE_POSSIBLE,
    RequirementOutcome.INDIVIDUAL_LICENCE: messages.REQUIREMENT_OUTCOME_INDIVIDUAL_LICENCE,
    RequirementOutcome.STRICT_REVIEW: messages.REQUIREMENT_OUTCOME_STRICT_REVIEW,
    RequirementOutcome.PRESUMPTION_OF_DENIAL: messages.REQUIREMENT_OUTCOME_PRESUMPTION_OF_DENIAL,
    RequirementOutcome.PROHIBITED: messages.REQUIREMENT_OUTCOME_PROHIBITED,
}


class RequirementServicer(contract.RequirementServiceServicer):
    """Reads only: the law is public, and nothing is kept of what was asked."""

    def __init__(self, database: Database, indexes: Indexes, table: RequirementTable) -> None:
        self._database = database
        self._indexes = indexes
        self._table = table

    def DetermineRequirement(
        self, request: messages.DetermineRequirementRequest, context: grpc.ServicerContext
    ) -> messages.Requirement:
        question = RequirementQuestion(
            control_codes=tuple(request.control_codes),
            mode=request.mode,
            destination=request.destination,
            end_use=request.end_use,
            end_user_status=request.end_user_status,
            content_percent=request.content_percent,
            as_of=day_of(request.as_of),
            facts_that_hold=tuple(request.facts_that_hold),
            facts_that_do_not_hold=tuple(request.facts_that_do_not_hold),
        )
        with self._database.begin(current_call()) as work:
            found = requirement_service.determine_requirement(work, self._indexes, self._table, question)
        return _requirement_message(found, self._table.version)


def _requirement_message(found: DeterminedRequirement, version: str) -> messages.Requirement:
    # 出口管制法 Art. 12(3): asked whatever the table says.
    questions = (render(code.value) for code in CATCH_ALL)
    return messages.Requirement(
        outcome=_OUTCOMES[found.determination.outcome],
        worst_possible=_OUTCOMES[found.determination.worst_possible],
        rows=[_row_message(row) for row in found.determination.rows],
        unknown_columns=found.determination.unknown_columns,
        table_version=version,
        as_of=found.as_of.isoformat(),
        catch_all_questions=[foundation_pb2.LocalizedText(zh=text.zh, en=text.en) for text in questions],
    )


def _row_message(found: FoundRow) -> messages.RequirementRow:
    row = found.row
    return messages.RequirementRow(
        row_id=row.row_id,
        outcome=_OUTCOMES[row.outcome],
        possible=found.possible,
        source=foundation_pb2.LegalSource(
            instrument=row.basis.instrument, article=row.basis.article, url=row.basis.url
        ),
        text=foundation_pb2.LocalizedText(zh=row.text_zh, en=row.text_en),
        effective_from=row.validity.since.isoformat(),
        effective_to=row.validity.until.isoformat() if row.validity.until else "",
        standing=found.standing.value,
        confidence=row.confidence.value,
        documents=row.documents,
        agencies=row.agencies,
        regime=row.regime,
        control_codes=found.items,
        replaced_by=found.replaced_by,
        unknown_columns=found.unknown_columns,
    )


def registration(database: Database, indexes: Indexes, table: RequirementTable) -> Registration:
    """The service; what is controlled is public, so whoever has an account may ask."""
    return Registration(
        messages.DESCRIPTOR.services_by_name["RequirementService"],
        contract.add_RequirementServiceServicer_to_server,
        RequirementServicer(database, indexes, table),
        {"DetermineRequirement": allow(*Role)},
    )
