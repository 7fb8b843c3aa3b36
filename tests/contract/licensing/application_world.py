"""The application services running over a fresh database, and people who act through them."""

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import application_pb2_grpc as contract
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.database import Database
from services.foundation.documents.local_folder import LocalFolderDocumentStore
from services.foundation.errors import XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal
from services.licensing.application_registrations import application_registrations, load_context
from services.licensing.domain.review_sheet import ReviewFactor
from services.licensing.notification_registrations import notification_registrations
from services.licensing.organisation_registrations import organisation_registrations
from services.licensing.store.metadata import ledger
from tests.conftest import ServiceDatabase
from tests.support import identity
from tests.support.services import RunningService, SettableClock, request_id, running

# A Monday of a year whose calendar is published.
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

_BODY = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
PDF = (
    _BODY
    + b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\n"
    + b"startxref\n%d\n%%%%EOF\n" % len(_BODY)
)
COMPLETE = (
    dossiers.ATTACHMENT_KIND_CONTRACT,
    dossiers.ATTACHMENT_KIND_TECHNICAL_DESCRIPTION,
    dossiers.ATTACHMENT_KIND_END_USER_CERTIFICATE,
    dossiers.ATTACHMENT_KIND_LEGAL_REPRESENTATIVE_IDENTITY,
    dossiers.ATTACHMENT_KIND_MANAGER_IDENTITY,
    dossiers.ATTACHMENT_KIND_HANDLER_IDENTITY,
)
# The route of 1C117.d.1: missile technology, and the foreign ministry on everything.
ROUTE = ("MFA", "SASTIND", "CMC-EDD")


def dossier() -> dossiers.Dossier:
    """A dossier without a fault."""
    return dossiers.Dossier(
        instrument=dossiers.INSTRUMENT_SINGLE,
        applicant=dossiers.Applicant(
            name_zh="江苏某钨业有限公司",
            name_en="Jiangsu Tungsten Co., Ltd.",
            unified_social_credit_code=identity.EXPORTER.organisation,
            province="32",
        ),
        contract=dossiers.Contract(
            number="APT-2026-01", signed_on="2026-02-20", total_value="50000", currency="USD"
        ),
        transfer_mode=dossiers.TRANSFER_MODE_PHYSICAL_SHIPMENT,
        export_type=dossiers.EXPORT_TYPE_TRADE,
        destination="KR",
        items=[
            dossiers.Item(
                line_number=1,
                kind=dossiers.ITEM_KIND_GOODS,
                name_zh="仲钨酸铵",
                name_en="ammonium paratungstate",
                claimed_control_code="1C117.d.1",
                hs_code="2841801000",
                quantity="12000.5",
                unit="kg",
                value="50000",
                currency="USD",
            )
        ],
        parties=[
            dossiers.Party(role=role, name_en="Hangang Tools Co., Ltd.", country="KR", address="Daegu")
            for role in (
                dossiers.PARTY_ROLE_IMPORTER,
                dossiers.PARTY_ROLE_CONSIGNEE,
                dossiers.PARTY_ROLE_END_USER,
            )
        ],
        end_use=dossiers.EndUse(
            description_zh="民用硬质合金刀具",
            description_en="carbide tools",
            end_user_kind=dossiers.END_USER_KIND_CIVIL,
            purpose=dossiers.END_USE_PURPOSE_CIVIL,
        ),
        end_user_certificate=dossiers.EndUserCertificate(
            tier=dossiers.END_USER_CERTIFICATE_TIER_END_USER,
            signed_on="2026-02-10",
            signatory="director",
            undertakes_no_change_of_end_use=True,
            undertakes_no_transfer_to_third_party=True,
            undertakes_no_weapons_of_mass_destruction=True,
        ),
        customs_office="2300",
        declaration=dossiers.Declaration(truthful=True, will_report_changes=True),
    )


class World:
    """The services with a clock that the test sets."""

    def __init__(self, service: RunningService, clock: SettableClock, database: ServiceDatabase) -> None:
        self.service = service
        self.clock = clock
        self.database = database

    def applicant(self, who: Principal = identity.EXPORTER) -> contract.ApplicationServiceStub:
        return contract.ApplicationServiceStub(self.service.channel(who))

    def reviewer(self, who: Principal) -> contract.ReviewServiceStub:
        return contract.ReviewServiceStub(self.service.channel(who))

    @property
    def procedure(self) -> contract.ProcedureServiceStub:
        return contract.ProcedureServiceStub(self.service.channel(identity.PROCEDURE))

    # What the applicant does.

    def create(self, content: dossiers.Dossier | None = None) -> messages.Application:
        return self.applicant().CreateApplication(
            messages.CreateApplicationRequest(request_id=request_id(), dossier=content or dossier())
        )

    def upload(
        self,
        application_id: str,
        kind: int,
        content: bytes = PDF,
        *,
        file_name: str = "document.pdf",
        request: str = "",
        who: Principal = identity.EXPORTER,
    ) -> dossiers.Attachment:
        description = messages.AttachmentDescription(
            request_id=request or request_id(),
            application_id=application_id,
            kind=dossiers.AttachmentKind.ValueType(kind),
            file_name=file_name,
        )
        parts = itertools.chain(
            [messages.UploadAttachmentRequest(description=description)],
            (
                messages.UploadAttachmentRequest(content=content[start : start + 1_000_000])
                for start in range(0, len(content), 1_000_000)
            ),
        )
        return self.applicant(who).UploadAttachment(parts)

    def get(self, application_id: str) -> messages.Application:
        return self.applicant().GetApplication(messages.GetApplicationRequest(application_id=application_id))

    def submit(self, application_id: str) -> messages.Application:
        return self.applicant().SubmitApplication(
            messages.SubmitApplicationRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=self.get(application_id).etag,
            )
        )

    def supplement(self, application_id: str) -> messages.Application:
        return self.applicant().SupplementApplication(
            messages.SupplementApplicationRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=self.get(application_id).etag,
            )
        )

    def withdraw(self, application_id: str, etag: str = "") -> messages.Application:
        return self.applicant().WithdrawApplication(
            messages.WithdrawApplicationRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=etag or self.get(application_id).etag,
                reason="the contract was cancelled",
            )
        )

    def drafted(
        self, kinds: Sequence[int] = COMPLETE, content: dossiers.Dossier | None = None
    ) -> messages.Application:
        application = self.create(content)
        for kind in kinds:
            self.upload(application.application_id, kind)
        return self.get(application.application_id)

    def submitted(
        self, kinds: Sequence[int] = COMPLETE, content: dossiers.Dossier | None = None
    ) -> messages.Application:
        return self.submit(self.drafted(kinds, content).application_id)

    # What the procedure does.

    def position(self, application_id: str, after: int = 0) -> messages.Position:
        return self.procedure.GetPosition(
            messages.GetPositionRequest(application_id=application_id, after_sequence=after)
        )

    def checks(
        self,
        application_id: str,
        verdict: int = messages.SCREENING_VERDICT_CLEAR,
        *,
        submission_number: int = 1,
        control_code: str = "1C117.d.1",
        outcome: str = "CONTROLLED",
        further_codes: Sequence[str] = (),
        demands: Sequence[str] = (),
    ) -> messages.Position:
        words = messages.ScreeningVerdict.ValueType
        finding = messages.ScreeningFinding(
            finding_id="1",
            verdict=words(verdict),
            explanation=foundation.LocalizedText(zh="列入管控名单", en="on the control list of parties"),
            source=foundation.LegalSource(instrument="商务部公告2025年第1号"),
            demands=demands,
        )
        return self.procedure.RecordAutomaticChecks(
            messages.RecordAutomaticChecksRequest(
                request_id=request_id(),
                application_id=application_id,
                submission_number=submission_number,
                classifications=[
                    messages.ItemClassification(
                        line_number=1, outcome=outcome, control_codes=[control_code, *further_codes]
                    )
                ],
                screening=messages.ScreeningSummary(
                    screening_id=str(uuid.uuid4()),
                    verdict=words(verdict),
                    findings=[] if verdict == messages.SCREENING_VERDICT_CLEAR else [finding],
                ),
            )
        )

    def close_round(
        self,
        application_id: str,
        consolidation: str = "FAVOURABLE",
        round_number: int = 1,
        agencies: Sequence[str] = ROUTE,
    ) -> messages.Position:
        opinion = {"ADVERSE": "REFUSE", "NO_OPINION": ""}.get(consolidation, "APPROVE")
        opened = self.procedure.RecordConsultationOpened(
            messages.RecordConsultationOpenedRequest(
                request_id=request_id(),
                application_id=application_id,
                round_number=round_number,
                round_id=str(uuid.uuid4()),
            )
        )
        return self.procedure.RecordConsultationClosed(
            messages.RecordConsultationClosedRequest(
                request_id=request_id(),
                application_id=application_id,
                consultation=messages.ConsultationSummary(
                    round_id=opened.round_id,
                    round_number=round_number,
                    consolidation=consolidation,
                    opinions=[
                        messages.OpinionSummary(
                            agency=agency,
                            task_state="ANSWERED" if opinion else "CLOSED_UNANSWERED",
                            opinion=opinion,
                            task_id=str(uuid.uuid4()),
                        )
                        for agency in agencies
                    ],
                ),
            )
        )

    def expire(self, application_id: str, deadline_id: str) -> messages.Position:
        return self.procedure.ExpireDeadline(
            messages.ExpireDeadlineRequest(
                request_id=request_id(), application_id=application_id, deadline_id=deadline_id
            )
        )

    # What officers do.

    def case(self, application_id: str, who: Principal = identity.MINISTRY_OFFICER) -> messages.Case:
        return self.reviewer(who).GetCase(messages.GetCaseRequest(application_id=application_id))

    def _etag(self, application_id: str) -> str:
        return self.case(application_id).etag

    def request_supplement(
        self, application_id: str, who: Principal, *deficiencies: messages.Deficiency
    ) -> messages.Case:
        return self.reviewer(who).RequestSupplement(
            messages.RequestSupplementRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=self._etag(application_id),
                deficiencies=deficiencies,
            )
        )

    def forward(self, application_id: str) -> messages.Case:
        return self.reviewer(identity.PROVINCIAL_OFFICER).ForwardApplication(
            messages.ForwardApplicationRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=self._etag(application_id),
                opinion="材料齐全，拟同意。",
            )
        )

    def accept(self, application_id: str) -> messages.Case:
        return self.reviewer(identity.MINISTRY_OFFICER).AcceptApplication(
            messages.AcceptApplicationRequest(
                request_id=request_id(), application_id=application_id, etag=self._etag(application_id)
            )
        )

    def consult(self, application_id: str, agencies: Sequence[str] = ROUTE) -> messages.Case:
        return self.reviewer(identity.MINISTRY_OFFICER).StartConsultation(
            messages.StartConsultationRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=self._etag(application_id),
                agencies=[
                    messages.AgencyChoice(
                        agency=agency,
                        consult=agency in agencies,
                        reason="" if agency in agencies else "not needed",
                    )
                    for agency in ROUTE
                ],
            )
        )

    def start_exclusion(self, application_id: str) -> messages.Case:
        return self.reviewer(identity.MINISTRY_OFFICER).StartExclusion(
            messages.StartExclusionRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=self._etag(application_id),
                reason=messages.EXCLUSION_REASON_EXPERT_OPINION,
                note="three experts on tungsten",
            )
        )

    def end_exclusion(self, application_id: str) -> messages.Case:
        case = self.case(application_id)
        return self.reviewer(identity.MINISTRY_OFFICER).EndExclusion(
            messages.EndExclusionRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=case.etag,
                exclusion_id=case.clock.exclusions[-1].exclusion_id,
                result="no concern",
            )
        )

    def propose(
        self,
        application_id: str,
        outcome: int = messages.DECISION_OUTCOME_GRANT,
        factors: Sequence[str] = tuple(ReviewFactor),
    ) -> messages.Case:
        return self.reviewer(identity.MINISTRY_OFFICER).ProposeDecision(
            messages.ProposeDecisionRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=self._etag(application_id),
                outcome=messages.DecisionOutcome.ValueType(outcome),
                reasons="最终用户和最终用途可信。",
                factors=[messages.FactorAssessment(factor=factor, rating="NO_CONCERN") for factor in factors],
                conditions=[foundation.LocalizedText(zh="报告到货。", en="Report the arrival.")],
            )
        )

    def countersign(
        self,
        application_id: str,
        who: Principal = identity.SECOND_OFFICER,
        *,
        agree: bool = True,
        etag: str = "",
    ) -> messages.Case:
        return self.reviewer(who).CountersignDecision(
            messages.CountersignDecisionRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=etag or self._etag(application_id),
                agree=agree,
                comment="" if agree else "the end use is not clear",
            )
        )

    # Ways to a state.

    def at_province(self, kinds: Sequence[int] = COMPLETE) -> str:
        application_id = self.submitted(kinds).application_id
        self.checks(application_id)
        return application_id

    def at_intake(self) -> str:
        application_id = self.at_province()
        self.forward(application_id)
        return application_id

    def accepted(self) -> str:
        application_id = self.at_intake()
        self.accept(application_id)
        return application_id

    def ready(self, consolidation: str = "FAVOURABLE") -> str:
        application_id = self.accepted()
        self.consult(application_id)
        self.close_round(application_id, consolidation)
        return application_id

    def proposed(self, outcome: int = messages.DECISION_OUTCOME_GRANT) -> str:
        application_id = self.ready()
        self.propose(application_id, outcome)
        return application_id


def refusal(act: Callable[[], object]) -> XukeError:
    """The error that a call is refused with."""
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


@pytest.fixture
def world(service_database: Callable[[str], ServiceDatabase], tmp_path: Path) -> Iterator[World]:
    made = service_database("licensing")
    database = Database(made.url, ledger)
    clock = SettableClock(MONDAY)
    documents = LocalFolderDocumentStore(tmp_path)
    registrations = [
        *application_registrations(database, documents, load_context(), statistics_lifetime=timedelta()),
        *organisation_registrations(database),
        *notification_registrations(database),
    ]
    with running(registrations, clock) as service:
        yield World(service, clock, made)
    database.dispose()
