"""The licence services as others meet them: real gRPC, real PostgreSQL, real signing, a settable clock."""

import itertools
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from xuke.licensing.v1 import licence_pb2 as messages
from xuke.licensing.v1 import licence_pb2_grpc

from services.foundation.clock import legal_day
from services.foundation.database import Database, UnitOfWork
from services.foundation.documents.local_folder import LocalFolderDocumentStore
from services.foundation.principal import Principal
from services.licensing.document.development_authority import create_development_authority
from services.licensing.document.signing import Es256Signer
from services.licensing.domain.licence_grant import (
    GrantedCondition,
    GrantedLine,
    GrantedParty,
    LicenceGrant,
)
from services.licensing.licence_registrations import licence_registrations
from services.licensing.licence_service import issue_licence
from services.licensing.notification_registrations import notification_registrations
from services.licensing.organisation_registrations import organisation_registrations
from services.licensing.store.metadata import ledger
from tests.conftest import ServiceDatabase
from tests.support import identity
from tests.support.services import RunningService, SettableClock, call_of, request_id, running

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HS_CODE = "2841801000"
_declarations = itertools.count(310020260000000001)
_BUYER = GrantedParty(
    "韩国钨业贸易株式会社", "Korea Tungsten Trading Co., Ltd.", "KR", "88 Sejong-daero, Seoul"
)


def line(number: int = 1, quantity: str = "100", hs_code: str = HS_CODE) -> GrantedLine:
    return GrantedLine(
        number,
        "仲钨酸铵",
        "Ammonium paratungstate",
        "APT-0",
        "1C117.d.1",
        hs_code,
        Decimal(quantity),
        "kg",
        Decimal("3875.5"),
        "USD",
    )


def grant(**changes: object) -> LicenceGrant:
    """A grant of 100 kg to Korea on the day of NOW, with changes."""
    base = LicenceGrant(
        application_id=str(uuid.uuid4()),
        application_number="APP-2026-000123",
        instrument="SINGLE",
        holder_name_zh="江苏华钨新材料有限公司",
        holder_name_en="Jiangsu Huawu New Materials Co., Ltd.",
        unified_social_credit_code=identity.EXPORTER.organisation,
        province="32",
        destination="KR",
        importer=_BUYER,
        consignee=_BUYER,
        end_user=replace(_BUYER, name_zh="韩国精工株式会社", name_en="Hanguk Precision Tools Co., Ltd."),
        end_use_zh="用于生产民用硬质合金切削刀具",
        end_use_en="Cemented-carbide cutting tools for civil use",
        end_user_kind="CIVIL",
        end_use_purpose="CIVIL",
        contract_number="HW-KR-2026-0087",
        transfer_mode="PHYSICAL_SHIPMENT",
        customs_office="2300",
        lines=(line(),),
        conditions=(GrantedCondition("货物运抵后三十日内报告。", "Report arrival within thirty days."),),
        decided_on=legal_day(NOW),
    )
    return replace(base, **changes)


def declaration() -> str:
    """A customs declaration number that no other test uses."""
    return str(next(_declarations))


@dataclass
class LicenceWorld:
    """A running service with its database and clock."""

    service: RunningService
    database: Database
    addresses: ServiceDatabase
    clock: SettableClock

    def licences(self, principal: Principal) -> licence_pb2_grpc.LicenceServiceStub:
        return licence_pb2_grpc.LicenceServiceStub(self.service.channel(principal))

    def procedure(
        self, principal: Principal = identity.PROCEDURE
    ) -> licence_pb2_grpc.LicenceProcedureServiceStub:
        return licence_pb2_grpc.LicenceProcedureServiceStub(self.service.channel(principal))

    def verification(self, principal: Principal) -> licence_pb2_grpc.LicenceVerificationServiceStub:
        return licence_pb2_grpc.LicenceVerificationServiceStub(self.service.channel(principal))

    def customs(self, principal: Principal = identity.CUSTOMS_OFFICER) -> licence_pb2_grpc.CustomsServiceStub:
        return licence_pb2_grpc.CustomsServiceStub(self.service.channel(principal))

    @contextmanager
    def work(self, principal: Principal) -> Iterator[UnitOfWork]:
        with self.database.begin(call_of(principal, self.clock.now())) as work:
            yield work

    def issue(self, **changes: object) -> str:
        """Issues a licence as the decision of the ministry does; returns its number."""
        with self.work(identity.SECOND_OFFICER) as work:
            return issue_licence(work, grant(**changes))

    def acknowledge(self, number: str, reference: str = "GACC-1") -> messages.LicenceStatus:
        return self.customs().AcknowledgeLicence(
            messages.AcknowledgeLicenceRequest(
                request_id=request_id(), number=number, customs_reference=reference
            )
        )

    def active(self, **changes: object) -> str:
        """Issues a licence that customs has acknowledged."""
        number = self.issue(**changes)
        assert self.acknowledge(number).state == messages.LICENCE_STATE_ACTIVE
        return number

    def get(self, number: str) -> messages.Licence:
        return self.licences(identity.MINISTRY_OFFICER).GetLicence(messages.GetLicenceRequest(number=number))

    def status(self, number: str) -> messages.LicenceStatus:
        return self.customs().GetLicenceStatus(messages.GetLicenceStatusRequest(number=number))

    def reserve(
        self, number: str, declared: str, quantity: str, **changes: object
    ) -> messages.WriteOffResult:
        return self.customs().ReserveQuantities(write_off(number, declared, quantity, **changes)).results[0]

    def commit(
        self, number: str, declared: str, quantity: str = "", **changes: object
    ) -> messages.WriteOffResult:
        return self.customs().CommitQuantities(write_off(number, declared, quantity, **changes)).results[0]

    def release(
        self, number: str, declared: str, quantity: str = "", **changes: object
    ) -> messages.WriteOffResult:
        return self.customs().ReleaseQuantities(write_off(number, declared, quantity, **changes)).results[0]


def write_off(number: str, declared: str, quantity: str, **changes: object) -> messages.WriteOffRequest:
    """One line of a declaration against one line of a licence."""
    values: dict[str, object] = {
        "declaration_line": 1,
        "licence_number": number,
        "licence_line": 1,
        "quantity": quantity,
        "unit": "kg",
        "hs_code": HS_CODE,
    }
    return messages.WriteOffRequest(
        declaration_number=declared, lines=[messages.WriteOffLine(**(values | changes))]
    )


@contextmanager
def licence_world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    """A freshly migrated database and the three services over it."""
    addresses = service_database("licensing")
    database = Database(addresses.url, ledger)
    clock = SettableClock(NOW)
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        create_development_authority(keys, NOW)
        documents = LocalFolderDocumentStore(Path(folder) / "documents")
        registrations = licence_registrations(
            database, documents, Es256Signer.load(keys), "https://licences.example.cn"
        )
        registrations += organisation_registrations(database) + notification_registrations(database)
        with running(registrations, clock) as service:
            yield LicenceWorld(service, database, addresses, clock)
    database.dispose()


def day(text: str) -> date:
    return date.fromisoformat(text)
