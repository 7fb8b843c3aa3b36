import csv
import pathlib
from collections.abc import Iterator
from datetime import date

import pytest
from click.testing import CliRunner, Result

from services.foundation.errors import XukeError
from services.launcher.command_line import main
from services.screening.batch import (
    Row,
    compare_rows,
    read_rows,
    screen_rows,
    target_of_file,
    target_of_lists,
)
from services.screening.batch_workers import Screener
from services.screening.domain.screen import Basis
from services.screening.matching.matcher import read_matcher


def file(folder: pathlib.Path, name: str, content: str | bytes) -> pathlib.Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: pathlib.Path, *columns: str) -> list[tuple[int, Row]]:
    return list(read_rows(path, columns, lambda _: None))


@pytest.mark.parametrize(
    ("content", "reason", "metadata"),
    [
        ("id,title\n1,x\n", "SCREENING_FILE_COLUMN_MISSING", {"column": "name", "line": "1"}),
        ("", "SCREENING_FILE_EMPTY", {}),
        ("id,name\n1,a\n2\n", "SCREENING_FILE_ROW_UNREADABLE", {"column": "name", "line": "3"}),
        (b"id,name\n1,\xff\n", "SCREENING_FILE_NOT_UTF8", {"line": "2"}),
    ],
)
def test_an_error_names_the_column_and_the_line(
    tmp_path: pathlib.Path, content: str | bytes, reason: str, metadata: dict[str, str]
) -> None:
    with pytest.raises(XukeError, match=reason) as refused:
        read(file(tmp_path, "parties.csv", content), "name")
    assert metadata.items() <= refused.value.metadata.items()


def test_a_file_that_is_not_there_is_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(XukeError, match="SCREENING_FILE_UNREADABLE"):
        read(tmp_path / "none.csv", "name")


def test_a_byte_order_mark_and_capitals_in_column_names_do_no_harm(tmp_path: pathlib.Path) -> None:
    path = file(tmp_path, "parties.csv", b"\xef\xbb\xbfID,Name\n1,Ivanov\n")
    assert read(path, "name") == [(2, {"id": "1", "name": "Ivanov"})]


LIST = "entity_id,name,list\nA,Sergey IVANOV,un\nA,Сергей Иванов,un\nB,Mitsubishi Heavy Industries,cn\n"


def test_every_row_has_an_answer_and_a_name_that_cannot_be_read_never_passes(tmp_path: pathlib.Path) -> None:
    target = target_of_file(file(tmp_path, "list.csv", LIST), read_matcher(), ())
    rows = [
        (2, {"id": "1", "name": "Ivanov, Sergei"}),
        (3, {"id": "2", "name": "三菱重工業株式会社"}),
        (4, {"id": "3", "name": "Jane Appleby"}),
        (5, {"name": "???"}),
    ]
    answers = {row[0]: row for row in screen_rows(rows, target)}
    assert (answers["1"][1:3], answers["1"][4]) == (("A", "un"), "MATCH")
    assert (answers["2"][1:3], answers["2"][4]) == (("B", "cn"), "REVIEW")
    assert answers["3"][4] == "CLEAR"
    assert answers["5"][4] == "REVIEW"


def test_only_the_lists_asked_for_count(tmp_path: pathlib.Path) -> None:
    path = file(tmp_path, "list.csv", LIST)
    target = target_of_file(path, read_matcher(), ("cn",))
    assert set(target.lists) == {"B"}
    with pytest.raises(XukeError, match="SCREENING_LIST_UNKNOWN"):
        target_of_file(path, read_matcher(), ("fr",))


def test_rows_are_asked_for_one_at_a_time(tmp_path: pathlib.Path) -> None:
    target = target_of_file(file(tmp_path, "list.csv", LIST), read_matcher(), ())
    asked: list[int] = []

    def endless() -> Iterator[tuple[int, Row]]:
        number = 0
        while True:
            number += 1
            asked.append(number)
            yield number, {"id": str(number), "name": "Ivanov"}

    answers = screen_rows(endless(), target)
    assert next(answers)[0] == "1"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "day", "verdict"),
    [
        ("SUBARU Corporation", date(2026, 11, 21), "RESTRICTED"),
        ("SUBARU Corporation", date(2026, 2, 23), "CLEAR"),
        ("Lockheed Martin Corporation", date(2026, 11, 21), "PROHIBITED"),
    ],
)
def test_own_lists_stand_as_of_a_day(basis: Basis, name: str, day: date, verdict: str) -> None:
    target = target_of_lists(basis.lists, read_matcher(), (), day)
    assert next(screen_rows([(2, {"id": "1", "name": name})], target))[4] == verdict


def test_pairs_keep_their_columns() -> None:
    rows = [(2, {"query": "Иванов Иван", "candidate": "Ivan Ivanov", "label": "1"})]
    (row,) = compare_rows(rows, read_matcher())
    assert list(row) == ["query", "candidate", "label", "score", "verdict"]
    assert row["verdict"] == "MATCH"


def command(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_commands_write_their_files(tmp_path: pathlib.Path) -> None:
    parties = file(tmp_path, "parties.csv", "id,name,type,country\n7,Subaru Corporation,org,JP\n")
    result = tmp_path / "result.csv"
    assert command("screen", str(parties), "--out", str(result), "--as-of", "2026-11-21").exit_code == 0
    with result.open(encoding="utf-8", newline="") as written:
        (row,) = csv.DictReader(written)
    assert list(row) == ["id", "entry", "list", "score", "verdict", "explanation"]
    assert (row["id"], row["list"], row["verdict"]) == ("7", "watch_list", "RESTRICTED")
    pairs = file(tmp_path, "pairs.csv", "query,candidate\nIvanov,Ivanova\n")
    assert command("compare", "--pairs", str(pairs), "--out", str(result)).exit_code == 0
    assert result.read_text(encoding="utf-8").startswith("query,candidate,score,verdict\n")
    assert "0." in command("compare", "Иванов", "Ivanov").output
    assert command("compare", "Ivanov").exit_code == 2
    assert command("screen", str(pairs), "--out", str(result)).exit_code == 1
    nowhere = str(tmp_path / "none" / "result.csv")
    assert "SCREENING_FILE_UNWRITABLE" in command("screen", str(parties), "--out", nowhere).output
    assert "SCREENING_FILE_UNWRITABLE" in command("compare", "--pairs", str(pairs), "--out", nowhere).output


def test_workers_answer_as_one_process_does_in_the_order_of_the_file(tmp_path: pathlib.Path) -> None:
    target = target_of_file(file(tmp_path, "list.csv", LIST), read_matcher(), ())
    rows = [(at + 2, {"id": str(at), "name": f"Ivanov {at % 7} Sergei"}) for at in range(900)]
    several = Screener(target, 2)
    try:
        assert list(several.screen(rows)) == list(screen_rows(rows, target))
    finally:
        several.close()


def test_an_error_in_a_row_ends_the_work_of_the_workers(tmp_path: pathlib.Path) -> None:
    target = target_of_file(file(tmp_path, "list.csv", LIST), read_matcher(), ())
    path = file(tmp_path, "parties.csv", "id,name\n" + "1,Ivanov\n" * 500 + "2\n")
    several = Screener(target, 2)
    try:
        with pytest.raises(XukeError, match="SCREENING_FILE_ROW_UNREADABLE"):
            list(several.screen(read_rows(path, ("name",), lambda _: None)))
    finally:
        several.close()
