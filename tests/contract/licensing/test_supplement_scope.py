"""While a supplement is asked for, what the notice names may be changed, and nothing else."""

from collections.abc import Sequence

import pytest
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.errors import ErrorCode
from tests.contract.licensing.application_world import COMPLETE, World, dossier, refusal, world
from tests.support import identity
from tests.support.services import request_id

__all__ = ["world"]

WITHOUT_CONTRACT = tuple(kind for kind in COMPLETE if kind != dossiers.ATTACHMENT_KIND_CONTRACT)


def deficiency(field: str) -> messages.Deficiency:
    return messages.Deficiency(code="UNCLEAR", field=field)


def asked(world: World, *fields: str, kinds: Sequence[int] = COMPLETE) -> messages.Application:
    """An application that a supplement is asked for, in what is missing and in these fields."""
    application_id = world.at_province(kinds)
    world.request_supplement(
        application_id, identity.PROVINCIAL_OFFICER, *(deficiency(field) for field in fields)
    )
    return world.get(application_id)


def update(world: World, application: messages.Application) -> messages.Application:
    return world.applicant().UpdateApplication(
        messages.UpdateApplicationRequest(
            request_id=request_id(),
            application_id=application.application_id,
            etag=application.etag,
            dossier=application.dossier,
        )
    )


def remove(world: World, application: messages.Application, kind: int) -> messages.Application:
    attachment = next(each for each in application.attachments if each.kind == kind)
    return world.applicant().RemoveAttachment(
        messages.RemoveAttachmentRequest(
            request_id=request_id(),
            application_id=application.application_id,
            etag=application.etag,
            attachment_id=attachment.attachment_id,
        )
    )


def test_a_draft_is_open_and_names_nothing(world: World) -> None:
    draft = world.drafted()
    draft.dossier.items[0].model = "APT-0"
    assert not update(world, draft).open_fields


def test_fields(world: World) -> None:
    application = asked(world, "dossier.items[0].parameters", "dossier.end_use")
    assert list(application.open_fields) == ["dossier.items[0].parameters", "dossier.end_use"]
    application.dossier.items[0].parameters.add(name="purity", value="99.95", unit="%")
    application.dossier.end_use.place_of_use = "Daegu"
    mended = update(world, application)
    assert mended.dossier.items[0].parameters[0].value == "99.95"

    mended.dossier.items[0].quantity = "99999"
    mended.dossier.destination = "VN"
    mended.dossier.end_use.description_en = "milling tools"
    error = refusal(lambda: update(world, mended))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(fault.field, fault.reason) for fault in error.violations] == [
        ("dossier.destination", "NOT_ASKED_FOR"),
        ("dossier.items[0].quantity", "NOT_ASKED_FOR"),
    ]
    assert world.supplement(application.application_id).submission_number == 2
    assert not world.get(application.application_id).open_fields


def test_documents(world: World) -> None:
    application = asked(world, "attachments.END_USER_CERTIFICATE", kinds=WITHOUT_CONTRACT)
    assert list(application.open_fields) == ["attachments.CONTRACT", "attachments.END_USER_CERTIFICATE"]
    key = application.application_id
    world.upload(key, dossiers.ATTACHMENT_KIND_CONTRACT)
    replaced = remove(world, world.get(key), dossiers.ATTACHMENT_KIND_END_USER_CERTIFICATE)
    world.upload(key, dossiers.ATTACHMENT_KIND_END_USER_CERTIFICATE)
    assert len(replaced.attachments) == len(WITHOUT_CONTRACT)
    for act in (
        lambda: world.upload(key, dossiers.ATTACHMENT_KIND_OTHER),
        lambda: world.upload(key, dossiers.ATTACHMENT_KIND_MANAGER_IDENTITY),
        lambda: remove(world, world.get(key), dossiers.ATTACHMENT_KIND_HANDLER_IDENTITY),
    ):
        assert [fault.reason for fault in refusal(act).violations] == ["NOT_ASKED_FOR"]
    error = refusal(lambda: world.upload(key, dossiers.ATTACHMENT_KIND_OTHER))
    assert error.violations[0].field == "attachments.OTHER"
    world.supplement(key)


def test_what_names_no_field_is_answered_in_a_document_of_its_own(world: World) -> None:
    application = asked(world, "")
    assert list(application.open_fields) == ["attachments.OTHER"]
    world.upload(application.application_id, dossiers.ATTACHMENT_KIND_OTHER)
    error = refusal(lambda: world.upload(application.application_id, dossiers.ATTACHMENT_KIND_CONTRACT))
    assert error.violations[0].reason == "NOT_ASKED_FOR"


def test_the_second_notice_opens_what_it_names_and_not_what_the_first_did(world: World) -> None:
    application = asked(world, "dossier.end_use")
    key = application.application_id
    world.supplement(key)
    world.checks(key, submission_number=2)
    world.forward(key)
    world.request_supplement(key, identity.MINISTRY_OFFICER, deficiency("dossier.contract.number"))
    again = world.get(key)
    assert list(again.open_fields) == ["dossier.contract.number"]
    again.dossier.end_use.place_of_use = "Daegu"
    again.dossier.contract.number = "APT-2026-02"
    error = refusal(lambda: update(world, again))
    assert [fault.field for fault in error.violations] == ["dossier.end_use.place_of_use"]


@pytest.mark.parametrize("field", ["dossier.items[1].hs_code", "attachments.PASSPORT", "the contract"])
def test_officers_name_fields_that_there_are(world: World, field: str) -> None:
    application_id = world.at_province()
    error = refusal(
        lambda: world.request_supplement(
            application_id, identity.PROVINCIAL_OFFICER, deficiency("dossier.end_use"), deficiency(field)
        )
    )
    assert [(fault.field, fault.reason, fault.metadata["value"]) for fault in error.violations] == [
        ("deficiencies[1].field", "UNKNOWN_FIELD", field)
    ]
    assert world.case(application_id).state == messages.APPLICATION_STATE_PROVINCIAL_REVIEW


def test_a_demanded_tier_of_certificate_is_asked_for_and_holds_the_case_until_it_is_there(
    world: World,
) -> None:
    application_id = world.submitted().application_id
    demand = ["CERTIFICATE_GOVERNMENT_CERTIFIED", "DUE_DILIGENCE"]
    world.checks(application_id, messages.SCREENING_VERDICT_REVIEW, demands=demand)
    case = world.case(application_id)
    assert list(case.screening.findings[0].demands) == demand
    assert [(each.code, each.field, each.source.article) for each in case.computed_deficiencies] == [
        ("CERTIFICATE_TIER_TOO_LOW", "attachments.END_USER_CERTIFICATE", "Art. 24(1)"),
        ("CERTIFICATE_TIER_TOO_LOW", "dossier.end_user_certificate", "Art. 24(1)"),
    ]
    assert refusal(lambda: world.forward(application_id)).reason == "DEFICIENCIES_OPEN"

    # The officer adds nothing: what the destination demands is told by itself, and opens what answers it.
    world.request_supplement(application_id, identity.PROVINCIAL_OFFICER)
    application = world.get(application_id)
    assert list(application.open_fields) == [
        "attachments.END_USER_CERTIFICATE",
        "dossier.end_user_certificate",
    ]
    remove(world, application, dossiers.ATTACHMENT_KIND_END_USER_CERTIFICATE)
    world.upload(application_id, dossiers.ATTACHMENT_KIND_END_USER_CERTIFICATE)
    application = world.get(application_id)
    application.dossier.end_user_certificate.tier = dossiers.END_USER_CERTIFICATE_TIER_GOVERNMENT_CERTIFIED
    update(world, application)
    world.supplement(application_id)
    world.checks(application_id, messages.SCREENING_VERDICT_REVIEW, submission_number=2, demands=demand)
    assert not world.case(application_id).computed_deficiencies
    world.forward(application_id)


def test_an_application_for_a_flagged_destination_needs_due_diligence(world: World) -> None:
    content = dossier()
    content.destination = "JP"
    for party in content.parties:
        party.country = "JP"
    application = world.drafted(content=content)

    def faults() -> set[tuple[str, str]]:
        found = world.applicant().CheckApplication(
            messages.CheckApplicationRequest(application_id=application.application_id)
        )
        return {(fault.field, fault.reason) for fault in found.faults}

    fields = {field.name for field in dossiers.DueDiligence.DESCRIPTOR.fields}
    demanded = {(f"dossier.due_diligence.{name}", "DUE_DILIGENCE_DEMANDED") for name in fields}
    assert faults() == demanded
    error = refusal(lambda: world.submit(application.application_id))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert {(each.field, each.reason) for each in error.violations} == demanded

    application.dossier.due_diligence.CopyFrom(
        dossiers.DueDiligence(
            concluded_on="2026-03-01",
            conducted_by="compliance department",
            methods="visit",
            end_user_findings="a tool maker",
            end_use_findings="car parts",
            military_risk=dossiers.MILITARY_RISK_FOUND,
        )
    )
    application = update(world, application)
    assert faults() == {("dossier.due_diligence.military_risk", "MILITARY_RISK_FOUND")}
    application.dossier.due_diligence.military_risk = dossiers.MILITARY_RISK_NONE_FOUND
    update(world, application)
    submitted = world.submit(application.application_id)
    assert submitted.dossier.due_diligence.methods == "visit"
    copied = world.applicant().CopyApplication(
        messages.CopyApplicationRequest(request_id=request_id(), application_id=application.application_id)
    )
    assert copied.dossier.due_diligence == dossiers.DueDiligence()
