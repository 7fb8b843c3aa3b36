"""What every command shares: how errors are told to people, how messages become JSON, the state folder."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console

from services.foundation.errors import XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.messages import render

CHINA = ZoneInfo("Asia/Shanghai")
FAILED = 1

Command = TypeVar("Command", bound=Callable[..., Any])

console = Console()
_errors = Console(stderr=True)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def account_option(default: str) -> Callable[[Command], Command]:
    """The option that says on whose behalf a command reads."""
    return click.option(
        "--as", "account", default=default, show_default=True, help="Account that asks; see `xuke up`."
    )


def tell(error: XukeError) -> None:
    """Tells a person what was refused, in both languages, with each field and its fix."""
    sentence = render(error.reason, error.metadata)
    _errors.print(f"[bold red]✗[/] {sentence.zh}\n  {sentence.en}  [dim]({error.reason})[/]", highlight=False)
    for violation in error.violations:
        fix = render(violation.reason, violation.metadata)
        _errors.print(f"  • [bold]{violation.field}[/] {fix.zh}  {fix.en}", highlight=False)


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


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC)
