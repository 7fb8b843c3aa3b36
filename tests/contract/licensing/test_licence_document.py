"""The document of a licence: stored before it is noted, the same for ever, verified when handed out."""

import hashlib
import io
from collections.abc import Callable, Iterator

import grpc
import pytest
from pypdf import PdfReader
from xuke.licensing.v1 import licence_pb2 as messages

from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.licensing.procedure_service import list_open_subjects
from tests.conftest import ServiceDatabase, superuser_connection
from tests.contract.licensing.licence_world import LicenceWorld, licence_world
from tests.support import identity
from tests.support.services import request_id


@pytest.fixture(scope="module")
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        yield started


def prepare(world: LicenceWorld, number: str) -> messages.LicencePosition:
    return world.procedure().PrepareLicenceDocument(
        messages.PrepareLicenceDocumentRequest(request_id=request_id(), number=number)
    )


def document(world: LicenceWorld, number: str) -> messages.LicenceDocument:
    return world.licences(identity.EXPORTER).GetLicenceDocument(
        messages.GetLicenceDocumentRequest(number=number)
    )


def test_it_is_refused_until_it_is_prepared(world: LicenceWorld) -> None:
    number = world.issue()
    with pytest.raises(grpc.RpcError) as caught:
        document(world, number)
    error = from_rpc_error(caught.value)
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "DOCUMENT_NOT_PREPARED")


def test_the_holder_gets_the_signed_document_of_the_facts(world: LicenceWorld) -> None:
    number = world.issue()
    assert prepare(world, number).document_prepared
    found = document(world, number)
    assert (found.number, found.media_type) == (number, "application/pdf")
    assert hashlib.sha256(found.content).hexdigest() == found.sha256 == world.get(number).document_sha256
    reader = PdfReader(io.BytesIO(found.content))
    canonical = [content for contents in reader.attachments.values() for content in contents]
    assert world.get(number).canonical_sha256 in {
        hashlib.sha256(content).hexdigest() for content in canonical
    }
    assert "/Sig" in {field.get("/FT") for field in (reader.get_fields() or {}).values()}


def test_preparing_again_keeps_the_first_document(world: LicenceWorld) -> None:
    number = world.issue()
    first = prepare(world, number)
    again = prepare(world, number)
    assert again.sequence == first.sequence
    assert [event.action for event in again.events] == ["ISSUED", "DOCUMENT_PREPARED"]
    assert again.events[-1].references["document_sha256"] == world.get(number).document_sha256


def test_a_licence_that_ended_unprinted_stays_open_for_its_procedure_until_it_is_printed(
    world: LicenceWorld,
) -> None:
    number = world.active()
    world.licences(identity.MINISTRY_DIRECTOR).RevokeLicence(
        messages.RevokeLicenceRequest(
            request_id=request_id(), number=number, etag=world.get(number).etag, reasons="Art. 20(2)."
        )
    )

    def is_open() -> bool:
        with world.work(identity.PROCEDURE) as work:
            subjects, _ = list_open_subjects(work, 200, "")
        return ("licence", number) in [(kind, subject) for kind, subject, _ in subjects]

    assert is_open()
    assert prepare(world, number).document_prepared
    assert not is_open()


def test_facts_that_were_altered_in_the_database_are_not_printed(world: LicenceWorld) -> None:
    number = world.issue()
    with superuser_connection(world.addresses) as connection:
        connection.execute(
            "UPDATE licence SET canonical = convert_to(replace(convert_from(canonical, 'UTF8'),"
            ' \'"quantity":"100"\', \'"quantity":"900"\'), \'UTF8\') WHERE number = %s',
            (number,),
        )
    with pytest.raises(grpc.RpcError) as caught:
        prepare(world, number)
    assert from_rpc_error(caught.value).reason == "LICENCE_FACTS_DAMAGED"
    assert not world.get(number).document_sha256
