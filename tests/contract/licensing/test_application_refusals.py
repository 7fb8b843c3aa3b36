"""Bad input and wrong callers: each is refused with the field or the reason, and changes nothing."""

import dataclasses
import uuid
from collections.abc import Callable

import pytest
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.errors import ErrorCode
from tests.contract.licensing.application_world import COMPLETE, PDF, World, dossier, refusal, world
from tests.support import identity
from tests.support.mandates import grant_mandate
from tests.support.services import request_id

__all__ = ["world"]


def test_stale_etag(world: World) -> None:
    application = world.create()
    request = messages.UpdateApplicationRequest(
        request_id=request_id(),
        application_id=application.application_id,
        etag=application.etag,
        dossier=dossier(),
    )
    updated = world.applicant().UpdateApplication(request)
    assert updated.etag != application.etag
    request.request_id = request_id()
    error = refusal(lambda: world.applicant().UpdateApplication(request))
    assert (error.code, error.reason) == (ErrorCode.ABORTED, "STALE_ETAG")


def test_repeated_request_gets_the_first_answer(world: World) -> None:
    request = messages.CreateApplicationRequest(request_id=request_id(), dossier=dossier())
    first = world.applicant().CreateApplication(request)
    assert world.applicant().CreateApplication(request) == first
    own = world.applicant().ListApplications(messages.ListApplicationsRequest())
    assert len(own.applications) == 1
    request.dossier.destination = "JP"
    error = refusal(lambda: world.applicant().CreateApplication(request))
    assert (error.code, error.reason) == (ErrorCode.ABORTED, "REQUEST_ID_REUSED")


def test_repeated_submission_and_upload(world: World) -> None:
    application_id = world.create().application_id
    request = request_id()
    kind = dossiers.ATTACHMENT_KIND_CONTRACT
    first = world.upload(application_id, kind, request=request)
    assert world.upload(application_id, kind, request=request) == first
    assert len(world.get(application_id).attachments) == 1
    other = PDF.replace(b"/Count 0", b"/Count 1")
    error = refusal(lambda: world.upload(application_id, kind, other, request=request))
    assert error.reason == "REQUEST_ID_REUSED"

    for each in COMPLETE[1:]:
        world.upload(application_id, each)
    submit = messages.SubmitApplicationRequest(
        request_id=request_id(), application_id=application_id, etag=world.get(application_id).etag
    )
    submitted = world.applicant().SubmitApplication(submit)
    assert world.applicant().SubmitApplication(submit) == submitted
    # Even when nothing more may be attached.
    assert world.upload(application_id, kind, request=request) == first


def test_another_organisation_finds_nothing(world: World) -> None:
    application = world.drafted()
    other = world.applicant(identity.OTHER_EXPORTER)
    key = application.application_id
    calls: list[Callable[[], object]] = [
        lambda: other.GetApplication(messages.GetApplicationRequest(application_id=key)),
        lambda: other.SubmitApplication(
            messages.SubmitApplicationRequest(
                request_id=request_id(), application_id=key, etag=application.etag
            )
        ),
        lambda: world.upload(key, dossiers.ATTACHMENT_KIND_OTHER, who=identity.OTHER_EXPORTER),
        lambda: list(
            world.reviewer(identity.OTHER_EXPORTER).DownloadAttachment(
                messages.DownloadAttachmentRequest(
                    application_id=key, attachment_id=application.attachments[0].attachment_id
                )
            )
        ),
        lambda: other.GetApplication(messages.GetApplicationRequest(application_id=str(uuid.uuid4()))),
    ]
    for call in calls:
        error = refusal(call)
        assert (error.code, error.metadata["kind"]) == (ErrorCode.NOT_FOUND, "application")
    assert not other.ListApplications(messages.ListApplicationsRequest()).applications
    agent = world.applicant(identity.AGENT)
    grant_mandate(world.service)
    assert agent.GetApplication(messages.GetApplicationRequest(application_id=key)) == application


def test_officers_never_see_drafts_nor_other_provinces(world: World) -> None:
    draft = world.drafted().application_id
    submitted = world.submitted().application_id
    for who in (
        identity.PROVINCIAL_OFFICER,
        identity.MINISTRY_OFFICER,
        identity.MINISTRY_DIRECTOR,
        identity.AUDITOR,
    ):
        assert refusal(lambda who=who: world.case(draft, who)).code is ErrorCode.NOT_FOUND
        assert world.case(submitted, who).application_id == submitted
        listed = world.reviewer(who).ListCases(messages.ListCasesRequest())
        assert [case.application_id for case in listed.cases] == [submitted]
    assert refusal(lambda: world.case(submitted, identity.OTHER_PROVINCE)).code is ErrorCode.NOT_FOUND
    assert not world.reviewer(identity.OTHER_PROVINCE).ListCases(messages.ListCasesRequest()).cases
    # A withdrawn draft was never handed in.
    world.withdraw(draft)
    assert refusal(lambda: world.case(draft)).code is ErrorCode.NOT_FOUND


def test_an_agency_sees_what_it_is_consulted_on(world: World) -> None:
    application_id = world.accepted()
    unseen = refusal(lambda: world.case(application_id, identity.AGENCY_REVIEWER))
    assert unseen.code is ErrorCode.NOT_FOUND
    world.consult(application_id, ["MFA", "SASTIND"])
    seen = world.case(application_id, identity.AGENCY_REVIEWER)
    assert seen.dossier.items[0].name_zh == "仲钨酸铵"
    unseen = refusal(lambda: world.case(application_id, identity.OTHER_AGENCY))
    assert unseen.code is ErrorCode.NOT_FOUND


def test_every_fault_is_named_at_once(world: World) -> None:
    faulty = dossier()
    faulty.items[0].hs_code = "9999991000"
    faulty.items[0].quantity = "0"
    faulty.applicant.unified_social_credit_code = "91440100MA1XUKE028"
    faulty.destination = "XX"
    faulty.declaration.truthful = False
    application = world.drafted((), faulty)
    error = refusal(lambda: world.submit(application.application_id))
    assert (error.code, error.reason) == (ErrorCode.INVALID_ARGUMENT, "INVALID_INPUT")
    assert {(fault.field, fault.reason) for fault in error.violations} == {
        ("dossier.items[0].hs_code", "UNKNOWN_HS_CODE"),
        ("dossier.items[0].quantity", "NOT_POSITIVE"),
        ("dossier.applicant.unified_social_credit_code", "NOT_YOUR_ORGANISATION"),
        ("dossier.destination", "UNKNOWN_COUNTRY"),
        ("dossier.declaration.truthful", "DECLARATION_MISSING"),
        ("attachments.END_USER_CERTIFICATE", "ATTACHMENT_MISSING"),
    }
    assert world.get(application.application_id).status.state == messages.PUBLIC_STATE_DRAFT


def test_unknown_hs_code_names_the_item(world: World) -> None:
    content = dossier()
    content.items.append(content.items[0])
    content.items[1].line_number = 2
    content.items[1].hs_code = "0000001000"
    application = world.drafted(COMPLETE, content)
    error = refusal(lambda: world.submit(application.application_id))
    assert [(fault.field, fault.reason) for fault in error.violations] == [
        ("dossier.items[1].hs_code", "UNKNOWN_HS_CODE")
    ]
    assert error.violations[0].metadata["value"] == "0000001000"


@pytest.mark.parametrize(
    ("content", "file_name", "field", "reason"),
    [
        (b"\x00" * (30 * 1024 * 1024), "contract.pdf", "content", "ATTACHMENT_TOO_LARGE"),
        (b"this is not a PDF at all", "contract.pdf", "content", "ATTACHMENT_TYPE_NOT_ACCEPTED"),
        (PDF[:-20], "contract.pdf", "content", "ATTACHMENT_DAMAGED"),
        (b"", "contract.pdf", "content", "ATTACHMENT_EMPTY"),
        (PDF, "contract.png", "file_name", "ATTACHMENT_NAME_MISLEADING"),
    ],
    ids=["30 MB", "no PDF", "cut off", "empty", "misleading name"],
)
def test_attachments_that_are_refused(
    world: World, content: bytes, file_name: str, field: str, reason: str
) -> None:
    application_id = world.create().application_id
    error = refusal(
        lambda: world.upload(application_id, dossiers.ATTACHMENT_KIND_CONTRACT, content, file_name=file_name)
    )
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(fault.field, fault.reason) for fault in error.violations] == [(field, reason)]
    assert not world.get(application_id).attachments


def test_upload_begins_with_its_description(world: World) -> None:
    parts = [messages.UploadAttachmentRequest(content=PDF)]
    error = refusal(lambda: world.applicant().UploadAttachment(iter(parts)))
    assert error.violations[0].reason == "DESCRIPTION_MUST_COME_FIRST"


def test_downloads(world: World) -> None:
    application = world.submitted()
    attachment = application.attachments[0]
    request = messages.DownloadAttachmentRequest(
        application_id=application.application_id, attachment_id=attachment.attachment_id
    )
    for who in (identity.PROVINCIAL_OFFICER, identity.MINISTRY_OFFICER, identity.EXPORTER):
        content = b"".join(part.content for part in world.reviewer(who).DownloadAttachment(request))
        assert content == PDF
    request.attachment_id = str(uuid.uuid4())
    error = refusal(lambda: list(world.reviewer(identity.EXPORTER).DownloadAttachment(request)))
    assert error.code is ErrorCode.NOT_FOUND


def test_a_submitted_dossier_cannot_be_touched(world: World) -> None:
    application = world.submitted()
    key, etag = application.application_id, application.etag
    attached = application.attachments[0].attachment_id
    calls: list[Callable[[], object]] = [
        lambda: world.applicant().UpdateApplication(
            messages.UpdateApplicationRequest(
                request_id=request_id(), application_id=key, etag=etag, dossier=dossier()
            )
        ),
        lambda: world.upload(key, dossiers.ATTACHMENT_KIND_OTHER),
        lambda: world.applicant().RemoveAttachment(
            messages.RemoveAttachmentRequest(
                request_id=request_id(), application_id=key, etag=etag, attachment_id=attached
            )
        ),
        lambda: world.submit(key),
        lambda: world.supplement(key),
    ]
    for call in calls:
        error = refusal(call)
        assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "ACTION_NOT_ALLOWED")
        assert error.metadata["state"] == "SUBMITTED"
        assert error.metadata["allowed"] == "withdraw"
        assert error.metadata["id"] == key


def test_texts_that_cannot_be_kept(world: World) -> None:
    application_id = world.drafted().application_id
    error = refusal(
        lambda: world.applicant().WithdrawApplication(
            messages.WithdrawApplicationRequest(
                request_id=request_id(), application_id=application_id, etag="1", reason="a\x00b"
            )
        )
    )
    assert [(fault.field, fault.reason) for fault in error.violations] == [
        ("reason", "UNPRINTABLE_CHARACTER")
    ]
    content = dossier()
    content.applicant.name_zh = "钨\x00业"
    error = refusal(lambda: world.submit(world.drafted(COMPLETE, content).application_id))
    assert [fault.field for fault in error.violations] == ["dossier.applicant.name_zh"]


def test_removing_an_attachment(world: World) -> None:
    application = world.drafted()
    attached = application.attachments[0].attachment_id
    request = messages.RemoveAttachmentRequest(
        request_id=request_id(),
        application_id=application.application_id,
        etag=application.etag,
        attachment_id=attached,
    )
    left = world.applicant().RemoveAttachment(request)
    assert attached not in {each.attachment_id for each in left.attachments}
    request.request_id, request.etag = request_id(), left.etag
    assert refusal(lambda: world.applicant().RemoveAttachment(request)).code is ErrorCode.NOT_FOUND
    assert world.get(application.application_id).etag == left.etag


def test_lists_page_without_loss(world: World) -> None:
    created = {world.create().application_id for _ in range(5)}
    seen: list[str] = []
    token = ""
    while True:
        page = world.applicant().ListApplications(
            messages.ListApplicationsRequest(page_size=2, page_token=token)
        )
        seen += [each.application_id for each in page.applications]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == 5
    assert set(seen) == created
    drafts = messages.ListApplicationsRequest(states=[messages.PUBLIC_STATE_REFUSED])
    assert not world.applicant().ListApplications(drafts).applications
    bad = messages.ListApplicationsRequest(page_token="nonsense")
    assert refusal(lambda: world.applicant().ListApplications(bad)).violations[0].field == "page_token"


def test_a_token_without_an_organisation_owns_nothing(world: World) -> None:
    world.create()
    nobody = dataclasses.replace(identity.EXPORTER, subject="exporter-9", organisation="")
    assert not world.applicant(nobody).ListApplications(messages.ListApplicationsRequest()).applications


def test_a_check_tells_what_submitting_would_and_changes_nothing(world: World) -> None:
    bare = world.create(dossiers.Dossier(contract=dossiers.Contract(signed_on="2026-02-30")))
    asked = messages.CheckApplicationRequest(application_id=bare.application_id)
    checked = world.applicant().CheckApplication(asked)
    submit = messages.SubmitApplicationRequest(
        request_id=request_id(), application_id=bare.application_id, etag=bare.etag
    )
    error = refusal(lambda: world.applicant().SubmitApplication(submit))
    assert [(fault.field, fault.reason) for fault in checked.faults] == [
        (violation.field, violation.reason) for violation in error.violations
    ]
    day = next(fault for fault in checked.faults if fault.field == "dossier.contract.signed_on")
    assert "2026-02-30" in day.text.zh
    assert dict(day.values) == {"value": "2026-02-30"}
    assert checked.etag == world.get(bare.application_id).etag == bare.etag


def test_a_complete_application_has_no_faults_and_a_foreign_one_is_not_found(world: World) -> None:
    complete = world.create()
    for kind in COMPLETE:
        world.upload(complete.application_id, kind)
    asked = messages.CheckApplicationRequest(application_id=complete.application_id)
    assert not world.applicant().CheckApplication(asked).faults
    error = refusal(lambda: world.applicant(identity.OTHER_EXPORTER).CheckApplication(asked))
    assert error.code is ErrorCode.NOT_FOUND
