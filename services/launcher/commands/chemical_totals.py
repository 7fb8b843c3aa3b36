"""`xuke chemical-totals`: what left the country of controlled chemicals, by year and schedule, as CSV."""

import csv
import pathlib
from collections.abc import Iterator

import click
from xuke.licensing.v1 import licence_pb2, licence_pb2_grpc

from services.launcher.commands.output import Refusing, account_option
from services.launcher.commands.running_platform import present_people
from services.launcher.result_files import result_file

_PAGE = 200


@click.command("chemical-totals", cls=Refusing)
@click.option(
    "--out", required=True, type=click.Path(path_type=pathlib.Path), help="Where the totals go, as CSV."
)
@click.option("--year", type=click.IntRange(1997, 9999), help="One year alone; every year without it.")
@account_option("ministry.officer")
def command(out: pathlib.Path, year: int | None, account: str) -> None:
    """Write what customs committed of controlled chemicals, by year, schedule, class, code and destination.

    Schedules are those of the Chemical Weapons Convention; the class is that of the national list. Units are kept
    apart. The result takes its place only when it is whole.
    """
    from services.classification.reference_files import read_obligations
    from services.launcher.chemical_totals import COLUMNS, is_chemical, totals

    licences = licence_pb2_grpc.LicenceServiceStub(present_people().channel(account, "licensing"))
    table = read_obligations()
    used = (
        (licence, licences.ListUsage(licence_pb2.ListUsageRequest(number=licence.number)).entries)
        for licence in _every(licences)
        if any(is_chemical(table, line.control_code) for line in licence.lines)
    )
    with result_file(out) as written:
        writer = csv.writer(written)
        writer.writerow(COLUMNS)
        writer.writerows(totals(table, used, year))


def _every(licences: licence_pb2_grpc.LicenceServiceStub) -> Iterator[licence_pb2.Licence]:
    token = ""
    while True:
        page = licences.ListLicences(licence_pb2.ListLicencesRequest(page_size=_PAGE, page_token=token))
        yield from page.licences
        token = page.next_page_token
        if not token:
            return
