"""Totals of controlled chemicals per schedule and year, from the usage of licences."""

from datetime import UTC, datetime

from click.testing import CliRunner
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.licensing.v1 import licence_pb2 as messages

from services.classification.reference_files import read_obligations
from services.launcher.chemical_totals import COLUMNS, is_chemical, totals
from services.launcher.command_line import main

COMMIT, RESERVE = messages.USAGE_KIND_COMMIT, messages.USAGE_KIND_RESERVE


def licence(number: str, *codes: str, destination: str = "KR") -> messages.Licence:
    lines = [messages.LicenceLine(line_number=at, control_code=code) for at, code in enumerate(codes, 1)]
    return messages.Licence(number=number, destination=destination, lines=lines)


def entry(
    kind: "messages.UsageKind.ValueType", quantity: str, when: datetime, line: int = 1, unit: str = "kg"
) -> messages.UsageEntry:
    stamp = Timestamp()
    stamp.FromDatetime(when)
    return messages.UsageEntry(kind=kind, quantity=quantity, unit=unit, licence_line=line, recorded_at=stamp)


def in_march(year: int) -> datetime:
    return datetime(year, 3, 2, 2, tzinfo=UTC)


def test_quantities_add_up_by_year_schedule_code_destination_and_unit() -> None:
    used = [
        (
            licence("L1", "1C450.c.5", "1C117.d.1"),
            [
                entry(RESERVE, "100", in_march(2026)),
                entry(COMMIT, "10.5", in_march(2026)),
                entry(COMMIT, "7", in_march(2026), line=2),
                entry(COMMIT, "3", in_march(2025)),
            ],
        ),
        (licence("L2", "1C450.c.5"), [entry(COMMIT, "0.25", in_march(2026))]),
        (licence("L3", "1C450.c.5"), [entry(COMMIT, "2", in_march(2026), unit="t")]),
        (licence("L4", "1C450.c.22", destination="JP"), [entry(COMMIT, "1", in_march(2026))]),
        (licence("L5", "1C450.b.7"), [entry(COMMIT, "4", in_march(2026))]),
    ]
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in totals(read_obligations(), used)]
    assert [
        (row["year"], row["schedule"], row["class"], row["control_code"], row["destination"]) for row in rows
    ] == [
        ("2025", "3", "3", "1C450.c.5", "KR"),
        # A national addition to the third class: in no schedule of the convention.
        ("2026", "", "3", "1C450.c.22", "JP"),
        ("2026", "2", "2", "1C450.b.7", "KR"),
        ("2026", "3", "3", "1C450.c.5", "KR"),
        ("2026", "3", "3", "1C450.c.5", "KR"),
    ]
    assert [(row["quantity"], row["unit"], row["licences"]) for row in rows[3:]] == [
        ("10.75", "kg", "2"),
        ("2", "t", "1"),
    ]
    only = list(totals(read_obligations(), used, 2025))
    assert [row[0] for row in only] == ["2025"]


def test_the_year_is_that_of_the_day_of_law() -> None:
    new_year_in_china = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    used = [(licence("L1", "1C450.c.5"), [entry(COMMIT, "1", new_year_in_china)])]
    assert [row[0] for row in totals(read_obligations(), used)] == ["2026"]


def test_other_items_are_no_chemicals() -> None:
    table = read_obligations()
    assert [is_chemical(table, code) for code in ("1C450.a.1", "1C350.c", "1C117.d.1", "")] == [
        True,
        False,
        False,
        False,
    ]


def test_the_command_says_what_it_writes() -> None:
    shown = CliRunner().invoke(main, ["chemical-totals", "--help"])
    assert shown.exit_code == 0
    assert "by year, schedule" in " ".join(shown.output.split())
