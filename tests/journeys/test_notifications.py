"""Whoever has an address is told by e-mail of what happens to the application; here each mail is a file."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from xuke.licensing.v1 import licence_pb2 as li
from xuke.licensing.v1 import licence_pb2_grpc, notification_pb2_grpc, organisation_pb2_grpc
from xuke.licensing.v1 import notification_pb2 as n
from xuke.licensing.v1 import organisation_pb2 as o

from services.launcher import readiness
from services.launcher.clients import People
from services.launcher.demo import story_a
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.people import ask, stub
from services.launcher.demo.stories import ORGANISATION, declaration_numbers
from services.launcher.platform import Platform

_SECONDS = 30.0
EXPORTER, ADDRESS = "jiangsu.exporter", "zhao@jiangsu.example"
# The sentences in which the subjects of the mails end.
EXPECTED = ("已受理。", "准予许可，出口许可证件随后颁发。", "已颁发。海关确认收到后方可使用。")


def test_story_a_is_told_by_email_and_on_the_page(platform: Platform, people: People) -> None:
    directory = stub(people, EXPORTER, "licensing", organisation_pb2_grpc.DirectoryServiceStub)
    directory.RecordSignIn(o.RecordSignInRequest(name_zh="赵敏", name_en="Zhao Min", email=ADDRESS))
    numbers = declaration_numbers()
    licence = story_a.play(
        Cast(people, SilentNarrator()), ORGANISATION, (next(numbers), next(numbers), next(numbers))
    )
    licences = stub(people, EXPORTER, "licensing", licence_pb2_grpc.LicenceServiceStub)
    application_id = ask(licences.GetLicence, li.GetLicenceRequest(number=licence)).application_id
    page = f"{platform.place.addresses.url('portal')}/zh/applications/{application_id}"

    def told() -> list[str]:
        return [mail["Subject"] for mail in _mails(platform) if page in _text(mail)]

    def complete() -> bool:
        return all(any(subject.endswith(words) for subject in told()) for words in EXPECTED)

    assert readiness.wait_until(complete, _SECONDS), told()
    # Others of the organisation who have signed in meanwhile are told as well.
    recipients = {mail["To"].addresses[0].addr_spec for mail in _mails(platform) if page in _text(mail)}
    assert ADDRESS in recipients
    notifications = stub(people, EXPORTER, "licensing", notification_pb2_grpc.NotificationServiceStub)
    shown = ask(notifications.ListNotifications, n.ListNotificationsRequest(page_size=200))
    kinds = [each.kind for each in shown.notifications if each.application_id == application_id]
    assert list(reversed(kinds)) == [
        "SUBMISSION_RECEIVED",
        "ACCEPTED",
        "APPROVED",
        "LICENCE_ISSUED",
        "LICENCE_ACTIVE",
    ]
    assert shown.unread_count >= len(kinds)


def _mails(platform: Platform) -> list[EmailMessage]:
    return [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in sorted(platform.place.folder.mails.glob("*.eml"))
    ]


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
