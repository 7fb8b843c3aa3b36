"""What every command shares: how errors are told to people, how messages become JSON, the state folder."""

import json
import pathlib
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console
from rich.text import Text

from services.foundation.errors import XukeError, failed_precondition
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.messages import render

CHINA = ZoneInfo("Asia/Shanghai")
FAILED = 1

Command = TypeVar("Command", bound=Callable[..., Any])

# What applicants write reaches the terminal as they wrote it: nothing in it is a mark for colours or emoji.
console = Console(markup=False, emoji=False, highlight=False)
_errors = Console(stderr=True, markup=False, emoji=False, highlight=False)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def account_option(default: str) -> Callable[[Command], Command]:
    """The option that says on whose behalf a command reads."""
    return click.option(
        "--as", "account", default=default, show_default=True, help="Account that asks; see `xuke up`."
    )


def literal(value: str, style: str = "") -> Text:
    """A text that is shown as it is, whatever it contains.

    Characters that steer a terminal or turn the direction of writing are replaced by U+FFFD; lines stay lines.
    """
    harmless = (
        character if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf") else "\ufffd"
        for character in value
    )
    return Text("".join(harmless), style)


def well(value: str) -> Text:
    """A line that says that something is well."""
    return Text("✓ ", "green").append_text(literal(value, "not bold default"))


def ill(value: str) -> Text:
    """A line that says that something is not well."""
    return Text("✗ ", "bold red").append_text(literal(value, "not bold default"))


def tell(error: XukeError) -> None:
    """Tells a person what was refused, in both languages, with each field and its fix."""
    sentence = render(error.reason, error.metadata)
    _errors.print(ill(f"{sentence.zh}\n  {sentence.en}  ({error.reason})"))
    for violation in error.violations:
        fix = render(violation.reason, violation.metadata)
        _errors.print(
            Text("  • ").append_text(literal(violation.field, "bold")), literal(f"{fix.zh}  {fix.en}")
        )


def error_json(error: XukeError) -> dict[str, object]:
    """An error for programs."""
    sentence = render(error.reason, error.metadata)
    return {
        "error": error.reason,
        "code": error.code.name,
        "metadata": error.metadata,
        "zh": sentence.zh,
        "en": sentence.en,
        "fields": [
            {"field": violation.field, "reason": violation.reason, "metadata": dict(violation.metadata)}
            for violation in error.violations
        ],
    }


class Refusing(click.Command):
    """A command that tells refusals instead of showing a traceback, and then ends with exit code 1."""

    def invoke(self, context: click.Context) -> Any:
        """Runs the command."""
        try:
            return super().invoke(context)
        except grpc.RpcError as failure:
            error = from_rpc_error(failure)
        except XukeError as refused:
            error = refused
        if context.params.get("as_json"):
            print_json(error_json(error))
        else:
            tell(error)
        raise click.exceptions.Exit(FAILED)


def message_json(message: Message) -> dict[str, Any]:
    """A message as JSON with the field names of its contract."""
    content: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return content


def print_json(content: Mapping[str, object] | list[Any]) -> None:
    """Prints JSON and nothing else."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


def local_time(instant: Timestamp) -> str:
    """An instant as people in China read it; empty where it is not set."""
    if not instant.seconds:
        return ""
    return instant.ToDatetime(tzinfo=UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def due_day(instant: Timestamp) -> str:
    """The last day on which something is in time; empty where it is not set.

    The last day ends at 24:00 (截止时间为二十四时, Civil Code Art. 203 paragraph 2), so an instant at midnight in
    China is the end of the day before. Any other instant is shown as it is.
    """
    if not instant.seconds:
        return ""
    local = instant.ToDatetime(tzinfo=UTC).astimezone(CHINA)
    if local.time() != time.min:
        return local_time(instant)
    return (local.date() - timedelta(days=1)).isoformat()


def write_file(file: pathlib.Path, content: bytes) -> None:
    """Writes a file that the caller has named. Errors: FAILED_PRECONDITION, FILE_NOT_WRITABLE."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise failed_precondition(
            "FILE_NOT_WRITABLE", file=str(file), error=error.strerror or str(error)
        ) from error


def read_file(file: pathlib.Path) -> bytes:
    """Reads a file that the caller has named. Errors: FAILED_PRECONDITION, FILE_NOT_READABLE."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise failed_precondition(
            "FILE_NOT_READABLE", file=str(file), error=error.strerror or str(error)
        ) from error


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC)
