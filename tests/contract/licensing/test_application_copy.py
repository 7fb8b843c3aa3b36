"""A new draft with the contents of an application of the same organisation."""

from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.ledger import Subject
from services.foundation.principal import Principal
from services.licensing.store.metadata import ledger
from tests.contract.licensing.application_world import World, refusal, world
from tests.support import identity
from tests.support.services import call_of, request_id

__all__ = ["world"]


def copy(
    world: World, application_id: str, who: Principal = identity.EXPORTER, request: str = ""
) -> messages.Application:
    return world.applicant(who).CopyApplication(
        messages.CopyApplicationRequest(request_id=request or request_id(), application_id=application_id)
    )


def test_what_is_copied_and_what_must_be_given_anew(world: World) -> None:
    source = world.submitted()
    made = copy(world, source.application_id)
    assert made.copied_from == source.application_id
    assert made.status.state == messages.PUBLIC_STATE_DRAFT
    assert (made.number, made.submission_number, list(made.attachments)) == ("", 0, [])
    for part in ("applicant", "contract", "items", "parties", "end_use", "destination", "customs_office"):
        assert getattr(made.dossier, part) == getattr(source.dossier, part), part
    assert source.dossier.declaration.truthful
    assert not made.dossier.declaration.truthful
    certificate = made.dossier.end_user_certificate
    assert certificate.tier == source.dossier.end_user_certificate.tier
    assert source.dossier.end_user_certificate.signatory
    assert (certificate.signatory, certificate.signed_on) == ("", "")
    assert not certificate.undertakes_no_weapons_of_mass_destruction
    assert world.get(made.application_id) == made


def test_the_event_names_what_was_copied_and_a_repetition_makes_one(world: World) -> None:
    source = world.drafted()
    request = request_id()
    made = copy(world, source.application_id, request=request)
    assert copy(world, source.application_id, request=request) == made
    database = Database(world.database.url, ledger)
    with database.begin(call_of(identity.EXPORTER)) as work:
        events = work.events(Subject("application", made.application_id))
    database.dispose()
    assert [(event.action, event.payload["copied_from"]) for event in events] == [
        ("create", source.application_id)
    ]
    listed = world.applicant().ListApplications(messages.ListApplicationsRequest()).applications
    assert {each.application_id for each in listed} == {source.application_id, made.application_id}


def test_a_copy_cannot_be_submitted_as_it_is(world: World) -> None:
    made = copy(world, world.submitted().application_id)
    error = refusal(lambda: world.submit(made.application_id))
    assert {
        "dossier.declaration.truthful",
        "attachments.END_USER_CERTIFICATE",
        "dossier.end_user_certificate.signatory",
    } <= {fault.field for fault in error.violations}


def test_another_organisation_copies_nothing(world: World) -> None:
    source = world.create(dossiers.Dossier(destination="KR"))
    error = refusal(lambda: copy(world, source.application_id, identity.OTHER_EXPORTER))
    assert error.code is ErrorCode.NOT_FOUND
