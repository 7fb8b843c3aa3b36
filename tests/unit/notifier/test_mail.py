"""The mail of a notification: what is in it, what is not, and what no mail is made of."""

import uuid
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import notification_pb2 as messages

from services.notifier.mail import UnsendableMail, mail_of, parse_address

SENDER = parse_address("许可 Xuke <noreply@xuke.example>")
APPLICATION_ID = str(uuid.UUID(int=7))
URL = "https://xuke.example"


def pending(**changes: object) -> messages.PendingEmail:
    email = messages.PendingEmail(
        email_id=str(uuid.UUID(int=1)),
        address="zhao@example.cn",
        recipient_name=foundation.LocalizedText(zh="江苏许可钨业有限公司 赵敏", en="Zhao Min"),
        notification=messages.Notification(
            notification_id=str(uuid.UUID(int=2)),
            kind="ACCEPTED",
            text=foundation.LocalizedText(zh="申请 SQ32 已受理。", en="Application SQ32 is accepted."),
            application_id=APPLICATION_ID,
            application_number="SQ32",
        ),
        audience=messages.NOTIFICATION_AUDIENCE_APPLICANT,
    )
    email.notification.created_at.FromDatetime(datetime(2026, 3, 2, 2, tzinfo=UTC))
    email.MergeFrom(messages.PendingEmail(**changes))
    return email


def read_back(email: messages.PendingEmail):
    return message_from_bytes(mail_of(email, SENDER, URL).as_bytes(), policy=policy.default)


def test_a_mail_says_the_sentence_and_where_to_read_on_in_both_languages() -> None:
    mail = read_back(pending())
    assert mail["From"].addresses[0].addr_spec == "noreply@xuke.example"
    assert mail["To"].addresses[0].display_name == "江苏许可钨业有限公司 赵敏"
    assert mail["Subject"] == "许可 Xuke：申请 SQ32 已受理。"
    assert mail["Message-ID"] == f"<{uuid.UUID(int=1)}@xuke.example>"
    assert mail["Date"].datetime == datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert mail["Auto-Submitted"] == "auto-generated"
    for subtype in ("plain", "html"):
        text = mail.get_body((subtype,)).get_content()
        chinese, english = text.index("申请 SQ32 已受理。"), text.index("Application SQ32 is accepted.")
        assert chinese < english
        assert f"{URL}/zh/applications/{APPLICATION_ID}" in text
        assert f"{URL}/en/applications/{APPLICATION_ID}" in text
        assert "Zhao Min" in text


def test_officers_are_led_to_the_case() -> None:
    mail = read_back(pending(audience=messages.NOTIFICATION_AUDIENCE_AUTHORITY))
    assert f"{URL}/zh/cases/{APPLICATION_ID}" in mail.get_body(("plain",)).get_content()


def test_the_same_notification_makes_the_same_mail() -> None:
    first, second = (mail_of(pending(), SENDER, URL) for _ in range(2))
    assert first.items() == second.items()
    assert [part.get_content() for part in first.iter_parts()] == [
        part.get_content() for part in second.iter_parts()
    ]


def test_markup_in_a_name_stays_text() -> None:
    name = foundation.LocalizedText(zh="<script>alert(1)</script>", en="<b>")
    html = read_back(pending(recipient_name=name)).get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@given(
    name=st.text(max_size=40),
    address=st.one_of(st.text(max_size=40), st.text(max_size=20).map(lambda text: f"a@b{text}.cn")),
)
def test_no_name_or_address_adds_a_header(name: str, address: str) -> None:
    email = pending()
    email.recipient_name.zh, email.address = name.encode("utf-8", "ignore").decode(), ""
    email.address = address.encode("utf-8", "ignore").decode()
    try:
        raw = mail_of(email, SENDER, URL).as_bytes()
    except UnsendableMail:
        return
    found = message_from_bytes(raw, policy=policy.default)
    assert set(found.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n"])
def test_a_line_break_in_a_name_or_an_address_is_refused(newline: str) -> None:
    hostile = f"Zhao{newline}Bcc: everybody@example.cn"
    with pytest.raises(UnsendableMail):
        mail_of(pending(recipient_name=foundation.LocalizedText(zh=hostile)), SENDER, URL)
    with pytest.raises(UnsendableMail):
        mail_of(pending(address=f"zhao@example.cn{newline}Bcc: x@example.cn"), SENDER, URL)


@pytest.mark.parametrize("address", ["", "zhao", "@example.cn", "zhao@", "a@b, c@d", "zhao example.cn"])
def test_what_is_no_address_is_refused(address: str) -> None:
    email = pending()
    email.address = address
    with pytest.raises(UnsendableMail):
        mail_of(email, SENDER, URL)
