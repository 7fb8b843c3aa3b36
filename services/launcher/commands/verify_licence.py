"""`xuke verify-licence`: is this file a licence as it was signed? Needs a certificate, and no platform."""

import pathlib
from typing import TYPE_CHECKING

import click

from services.foundation.errors import failed_precondition
from services.foundation.messages import render
from services.launcher.commands.output import (
    FAILED,
    Refusing,
    console,
    ill,
    json_option,
    literal,
    now,
    print_json,
    read_file,
    well,
)
from services.launcher.state_folder import StateFolder, default_folder

if TYPE_CHECKING:
    from services.licensing.document.verify import DocumentVerification


def verify(file: pathlib.Path, trust: pathlib.Path) -> "DocumentVerification":
    """Verifies a licence as a file against the certificates of a PEM file, as of now.

    Errors: FAILED_PRECONDITION, FILE_NOT_READABLE or TRUST_NOT_A_CERTIFICATE.
    """
    # Reading PDF and certificates is slow to import, and only this command needs it.
    from cryptography import x509

    from services.licensing.document.verify import verify_document

    content, certificates = read_file(file), read_file(trust)
    try:
        trusted = x509.load_pem_x509_certificates(certificates)
    except ValueError as error:
        raise failed_precondition("TRUST_NOT_A_CERTIFICATE", file=str(trust)) from error
    return verify_document(content, trusted, now())


def _told(result: "DocumentVerification") -> dict[str, str]:
    """What the file says of itself, as far as its signature vouches for it."""
    statement = result.statement
    told = {
        "number": statement.number if statement else None,
        "issued": statement.issued.isoformat() if statement else None,
        "valid_to": statement.valid_to.isoformat() if statement else None,
        "signer": result.signer,
        "standing": result.standing.value if result.standing else None,
        "signed_at": result.signed_at.isoformat() if result.signed_at else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _as_json(result: "DocumentVerification") -> dict[str, object]:
    findings = []
    for finding in result.findings:
        sentence = render(finding.value)
        findings.append({"reason": finding.value, "zh": sentence.zh, "en": sentence.en})
    return {"genuine": result.genuine, **_told(result), "findings": findings}


def _show(file: pathlib.Path, result: "DocumentVerification") -> None:
    reason = "LICENCE_GENUINE" if result.genuine else "LICENCE_NOT_GENUINE"
    sentence = render(reason, {"file": str(file)})
    line = f"{sentence.zh}\n  {sentence.en}"
    console.print(well(line) if result.genuine else ill(line))
    for finding in result.findings:
        said = render(finding.value)
        console.print(literal(f"  • {said.zh}\n    {said.en}"), literal(f"({finding.value})", "dim"))
    for name, value in _told(result).items():
        console.print(literal(f"  {name}", "dim"), literal(value))
    if result.standing is not None and result.standing.value == "DEVELOPMENT":
        specimen = render("LICENCE_IS_SPECIMEN")
        console.print(literal(f"  ! {specimen.zh}\n    {specimen.en}", "yellow"))


@click.command("verify-licence", cls=Refusing)
@click.argument("file", type=click.Path(path_type=pathlib.Path))
@click.option(
    "--trust",
    type=click.Path(path_type=pathlib.Path),
    help="PEM file of the authority to trust; without it the one of the state folder.",
)
@json_option
def command(file: pathlib.Path, trust: pathlib.Path | None, as_json: bool) -> None:
    """Verify a licence PDF offline: intact, whole, and signed by a trusted signer. Exit code 1 if not.

    It does not say whether the licence may be used today; only the issuing authority knows that.
    """
    from services.licensing.document.signing import TRUST_FILE

    result = verify(file, trust or StateFolder(default_folder()).signing / TRUST_FILE)
    if as_json:
        print_json(_as_json(result))
    else:
        _show(file, result)
    if not result.genuine:
        raise click.exceptions.Exit(FAILED)
