"""`xuke licence`: a licence with its quantities and its use."""

import pathlib

import click
from xuke.licensing.v1 import licence_pb2, licence_pb2_grpc

from services.launcher.commands import licence_view
from services.launcher.commands.output import (
    Refusing,
    account_option,
    console,
    json_option,
    message_json,
    print_json,
    write_file,
)
from services.launcher.commands.running_platform import present_people


@click.command("licence", cls=Refusing)
@click.argument("number")
@account_option("ministry.officer")
@json_option
@click.option(
    "--pdf",
    "file",
    type=click.Path(dir_okay=False, path_type=pathlib.Path),
    help="Write the signed document to this file.",
)
def command(number: str, account: str, as_json: bool, file: pathlib.Path | None) -> None:
    """Show the licence with this NUMBER: state, quantities, use."""
    people = present_people()
    licences = licence_pb2_grpc.LicenceServiceStub(people.channel(account, "licensing"))
    licence = licences.GetLicence(licence_pb2.GetLicenceRequest(number=number))
    usage = licences.ListUsage(licence_pb2.ListUsageRequest(number=number))
    document = None
    if file is not None:
        document = licences.GetLicenceDocument(licence_pb2.GetLicenceDocumentRequest(number=number))
        write_file(file, document.content)
    if as_json:
        print_json({"licence": message_json(licence), "usage": message_json(usage).get("entries", [])})
        return
    console.print(licence_view.licence_view(licence, usage.entries))
    if document is not None:
        console.print(f"{file}  {document.media_type}  SHA-256 {document.sha256}")
