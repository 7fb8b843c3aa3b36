"""The settings of the notifier: a mail server or a folder, never both and never neither."""

from pathlib import Path

import pytest

from services.foundation.settings import SettingMissing, Settings
from services.notifier.configuration import MailServer, Security, SettingWrong, configuration

BASE = {"XUKE_MAIL_FROM": "Xuke <noreply@xuke.example>", "XUKE_PUBLIC_URL": "https://xuke.example/"}
SERVER = {**BASE, "XUKE_SMTP_ADDRESS": "mail.example:587"}


def test_a_folder() -> None:
    found = configuration(Settings({**BASE, "XUKE_MAIL_FOLDER": "/mails"}))
    assert found.destination == Path("/mails")
    assert (found.public_url, found.poll_seconds) == ("https://xuke.example", 5)
    assert found.sender.addr_spec == "noreply@xuke.example"


def test_a_mail_server_is_spoken_to_in_secret_unless_told_otherwise(tmp_path: Path) -> None:
    assert configuration(Settings(SERVER)).destination == MailServer("mail.example", 587, Security.STARTTLS)
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    found = configuration(
        Settings(
            {
                **SERVER,
                "XUKE_SMTP_SECURITY": "tls",
                "XUKE_SMTP_USERNAME": "xuke",
                "XUKE_SMTP_PASSWORD_FILE": str(tmp_path / "password"),
            }
        )
    )
    assert found.destination == MailServer("mail.example", 587, Security.TLS, "xuke", "secret")
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        (BASE, "XUKE_MAIL_FOLDER"),
        ({**SERVER, "XUKE_MAIL_FOLDER": "/mails"}, "XUKE_MAIL_FOLDER"),
        ({**BASE, "XUKE_SMTP_ADDRESS": "mail.example"}, "XUKE_SMTP_ADDRESS"),
        ({**BASE, "XUKE_SMTP_ADDRESS": ":25"}, "XUKE_SMTP_ADDRESS"),
        ({**SERVER, "XUKE_SMTP_SECURITY": "ssl"}, "XUKE_SMTP_SECURITY"),
        ({**SERVER, "XUKE_SMTP_USERNAME": "xuke"}, "XUKE_SMTP_PASSWORD"),
        (
            {**SERVER, "XUKE_SMTP_SECURITY": "none", "XUKE_SMTP_USERNAME": "a", "XUKE_SMTP_PASSWORD": "b"},
            "XUKE_SMTP_SECURITY",
        ),
        ({**SERVER, "XUKE_MAIL_FROM": "nobody"}, "XUKE_MAIL_FROM"),
    ],
)
def test_what_cannot_be_followed_is_named(wrong: dict[str, str], names: str) -> None:
    with pytest.raises(SettingWrong, match=names):
        configuration(Settings(wrong))


def test_who_writes_must_be_told() -> None:
    with pytest.raises(SettingMissing, match="XUKE_MAIL_FROM"):
        configuration(Settings({"XUKE_MAIL_FOLDER": "/mails"}))
