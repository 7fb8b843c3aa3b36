"""The notifier between licensing and a mail server: both real, on sockets."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.foundation.grpc_channel import open_channel
from services.launcher.ports import free_ports
from services.notifier.configuration import Configuration, MailServer, Security
from services.notifier.mail import parse_address
from services.notifier.notifier import Notifier
from tests.contract.licensing.application_world import World, world
from tests.support import identity
from tests.support.mail_server import mail_server
from tests.support.mandates import sign_in
from tests.support.notifications import pending

__all__ = ["world"]

COLLEAGUE = replace(identity.EXPORTER, subject="exporter-colleague", name="Qian")


@pytest.fixture
def told(world: World) -> str:
    """Two people wait for an e-mail about the application whose id it returns."""
    sign_in(world.service, identity.EXPORTER, "zhao@example.cn")
    sign_in(world.service, COLLEAGUE, "qian@example.cn")
    return world.submitted().application_id


def notifier(world: World, destination: MailServer | Path, stopping: bool = False) -> Notifier:
    configured = Configuration(
        parse_address("许可 <noreply@xuke.example>"), "https://xuke.example", destination, 5
    )
    channel = world.service.channel(identity.NOTIFIER)
    return Notifier(configured, channel, lambda: stopping, lambda: None)


def local(port: int) -> MailServer:
    return MailServer("127.0.0.1", port, Security.NONE)


def test_everybody_gets_one_mail(world: World, told: str) -> None:
    with mail_server() as server:
        notifying = notifier(world, local(server.port))
        assert notifying.turn() == 5
        notifying.turn()
        assert server.conversations == 1
    assert sorted(mail.recipients for mail in server.taken) == [("qian@example.cn",), ("zhao@example.cn",)]
    mail = server.taken[0]
    assert mail.sender == "noreply@xuke.example"
    assert f"https://xuke.example/zh/applications/{told}" in mail.mail.get_body(("plain",)).get_content()
    assert not pending(world.service)


def test_one_refused_recipient_holds_nobody_up(world: World, told: str) -> None:
    with mail_server() as server:
        server.refused["qian@example.cn"] = "550 5.1.1 no such user"
        notifying = notifier(world, local(server.port))
        notifying.turn()
        assert [mail.recipients for mail in server.taken] == [("zhao@example.cn",)]
        assert not pending(world.service)
        world.clock.advance(timedelta(minutes=1))
        (waiting,) = pending(world.service)
        assert (waiting.address, waiting.attempts) == ("qian@example.cn", 1)
        server.refused.clear()
        notifying.turn()
        assert server.taken[-1].recipients == ("qian@example.cn",)
    assert not pending(world.service)


def test_a_mail_server_that_is_away_costs_no_attempt(world: World, told: str) -> None:
    (port,) = free_ports(1)
    notifying = notifier(world, local(port))
    assert [notifying.turn() for _ in range(5)] == [10, 20, 40, 60, 60]
    assert [waiting.attempts for waiting in pending(world.service)] == [0, 0]
    with mail_server(port) as server:
        assert notifying.turn() == 5
        assert len(server.taken) == 2


def test_what_was_sent_and_not_recorded_is_sent_again_as_the_same_mail(world: World, told: str) -> None:
    with mail_server() as server:
        first = notifier(world, local(server.port))
        waiting = pending(world.service)
        # The notifier dies after the mail server took the mail.
        first._licensing.RecordEmailAttempt = _die
        with pytest.raises(KeyboardInterrupt):
            first.turn()
        assert len(pending(world.service)) == len(waiting)
        notifier(world, local(server.port)).turn()
    identifiers = [taken.mail["Message-ID"] for taken in server.taken]
    assert len(identifiers) == 3
    assert set(identifiers) == {f"<{email.email_id}@xuke.example>" for email in waiting}


def _die(_: object) -> None:
    raise KeyboardInterrupt


def test_in_development_each_mail_is_a_file(world: World, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    notifier(world, folder).turn()
    mails = sorted(folder.iterdir())
    assert len(mails) == 2
    assert all(mail.suffix == ".eml" for mail in mails)
    assert not pending(world.service)


def test_told_to_stop_it_sends_nothing_more(world: World, told: str) -> None:
    with mail_server() as server:
        notifier(world, local(server.port), stopping=True).turn()
    assert not server.taken
    assert len(pending(world.service)) == 2


def test_licensing_that_is_away_is_waited_for(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with open_channel(f"127.0.0.1:{port}", lambda: "", 0.2) as channel:
        configured = Configuration(parse_address("a@b.example"), "https://xuke.example", tmp_path, 5)
        assert Notifier(configured, channel, lambda: False, lambda: None).turn() == 10


def test_a_server_that_cannot_encrypt_gets_no_mail_that_was_to_be_encrypted(world: World, told: str) -> None:
    with mail_server() as server:
        destination = replace(local(server.port), security=Security.STARTTLS)
        assert notifier(world, destination).turn() == 10
    assert not server.taken
    assert [waiting.attempts for waiting in pending(world.service)] == [0, 0]
