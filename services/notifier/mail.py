"""Makes the mail of a notification: its sentence and a link, in Chinese and then in English, and nothing else."""

from datetime import UTC
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape

from xuke.licensing.v1 import notification_pb2 as messages

from services.foundation.messages import render

_PAGES = {
    messages.NOTIFICATION_AUDIENCE_APPLICANT: "applications",
    messages.NOTIFICATION_AUDIENCE_AUTHORITY: "cases",
}
_LANGUAGES = ("zh", "en")
# As the attribute `lang` names them.
_TAGS = {"zh": "zh-CN", "en": "en"}


class UnsendableMail(Exception):
    """No mail can be made of this: the address or the name is none that a header can hold."""


def parse_address(text: str) -> Address:
    """A mail address with the name that may stand before it. Errors: UnsendableMail."""
    name, address = parseaddr(text)
    return _address(name, address)


def _address(name: str, address: str) -> Address:
    try:
        made = Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:
        raise UnsendableMail("the address cannot stand in a mail") from error
    if not made.username or not made.domain:
        raise UnsendableMail("the address is incomplete")
    return made


def mail_of(email: messages.PendingEmail, sender: Address, public_url: str) -> EmailMessage:
    """The mail of a notification. The same e-mail gives the same mail, so that a repeated one is recognised.

    Errors: UnsendableMail.
    """
    name = email.recipient_name.zh or email.recipient_name.en
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = sender
    mail["To"] = _address(name, email.address)
    mail["Subject"] = _words("zh", "MAIL_SUBJECT", sentence=email.notification.text.zh)
    mail["Date"] = format_datetime(email.notification.created_at.ToDatetime(UTC))
    mail["Message-ID"] = f"<{email.email_id}@{sender.domain}>"
    # RFC 3834: no automatic answers, please.
    mail["Auto-Submitted"] = "auto-generated"
    paragraphs = {language: _paragraphs(email, language, public_url) for language in _LANGUAGES}
    mail.set_content(_plain(paragraphs), cte="base64")
    mail.add_alternative(_html(paragraphs), subtype="html", cte="base64")
    return mail


def _words(language: str, reason: str, **values: str) -> str:
    text = render(reason, values)
    return text.zh if language == "zh" else text.en


def _paragraphs(
    email: messages.PendingEmail, language: str, public_url: str
) -> tuple[str, str, str, str, str]:
    """Greeting, sentence, words of the link, its address, closing."""
    notification, chinese = email.notification, language == "zh"
    name = email.recipient_name.zh if chinese else email.recipient_name.en
    greeting = "MAIL_GREETING" if name else "MAIL_GREETING_NAMELESS"
    return (
        _words(language, greeting, name=name),
        notification.text.zh if chinese else notification.text.en,
        _words(language, "MAIL_LINK"),
        f"{public_url}/{language}/{_PAGES[email.audience]}/{notification.application_id}",
        _words(language, "MAIL_CLOSING"),
    )


def _plain(paragraphs: dict[str, tuple[str, str, str, str, str]]) -> str:
    parts = [
        f"{greeting}\n\n{sentence}\n\n{link}\n{address}\n\n{closing}\n"
        for greeting, sentence, link, address, closing in paragraphs.values()
    ]
    return "\n----\n\n".join(parts)


def _html(paragraphs: dict[str, tuple[str, str, str, str, str]]) -> str:
    parts = [
        f'<div lang="{_TAGS[language]}"><p>{escape(greeting)}</p><p>{escape(sentence)}</p>'
        f'<p><a href="{escape(address)}">{escape(link)}</a></p><p><small>{escape(closing)}</small></p></div>'
        for language, (greeting, sentence, link, address, closing) in paragraphs.items()
    ]
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>许可 Xuke</title></head><body>'
        + "<hr>".join(parts)
        + "</body></html>\n"
    )
