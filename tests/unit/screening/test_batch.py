import csv
import json
import os
import pathlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from services.foundation.errors import XukeError
from services.launcher.command_line import main
from services.launcher.commands import screen as screen_command
from services.launcher.result_files import result_file
from services.screening.batch import MOST_HITS, Target, screen_rows, target_of_file, target_of_lists
from services.screening.batch_files import Row, read_rows
from services.screening.batch_pairs import compare_pair, compare_rows
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
        ('id,name\n1,a\n2,"b\n3,c\n4,d\n', "SCREENING_FILE_QUOTATION", {"line": "3"}),
        ('id,name\n1,"a\n2,"b"\n3,c\n', "SCREENING_FILE_QUOTATION", {"line": "2"}),
        ('id,"name\n1,a\n', "SCREENING_FILE_QUOTATION", {"line": "1"}),
        ("id,name\n1,Kern, Inc.\n", "SCREENING_FILE_CELLS_TOO_MANY", {"line": "2"}),
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
    assert (answers["2"][1:3], answers["2"][4]) == (("B", "cn"), "MATCH")
    assert answers["3"][4] == "CLEAR"
    assert answers["5"][4] == "REVIEW"


def test_only_the_lists_asked_for_count(tmp_path: pathlib.Path) -> None:
    path = file(tmp_path, "list.csv", LIST)
    target = target_of_file(path, read_matcher(), ("cn",))
    assert [(one.entry, one.list_code) for one in target.listed.values()] == [("B", "cn")]
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


TODAY = date(2026, 11, 21)


def own(basis: Basis, day: date = TODAY) -> Target:
    return target_of_lists(basis.lists, read_matcher(), (), day, TODAY)


def answers_to(target: Target, name: str, country: str = "") -> list[tuple[str, ...]]:
    return list(screen_rows([(2, {"id": "1", "name": name, "country": country})], target))


@pytest.mark.parametrize(
    ("name", "day", "verdict", "said"),
    [
        ("SUBARU Corporation", TODAY, "RESTRICTED", ""),
        ("SUBARU Corporation", date(2026, 2, 23), "CLEAR", "not yet in force"),
        ("Lockheed Martin Corporation", TODAY, "PROHIBITED", ""),
        ("flower " * 40 + "Lockheed Martin Corporation", TODAY, "PROHIBITED", ""),
        ("Lockheed Martin Corporation " + "flower " * 400, TODAY, "REVIEW", "longer than can be read"),
        ("A" * 10_000, TODAY, "REVIEW", "longer than can be read"),
        (" - ", TODAY, "REVIEW", "cannot be read"),
        ("Garden აბგ", TODAY, "REVIEW", "part of the name"),
    ],
)
def test_own_lists_stand_as_of_a_day(basis: Basis, name: str, day: date, verdict: str, said: str) -> None:
    answer = answers_to(own(basis, day), name)[0]
    assert answer[4] == verdict
    assert said in answer[5]


def test_stale_lists_screen_nothing_whatever_the_day_asked_for(basis: Basis) -> None:
    stale = max(one.review_by for one in basis.lists) + timedelta(days=1)
    with pytest.raises(XukeError, match="SCREENING_LIST_STALE"):
        target_of_lists(basis.lists, read_matcher(), (), TODAY, stale)


def test_an_id_that_two_lists_give_is_two_entries(tmp_path: pathlib.Path) -> None:
    content = "entity_id,name,list,country\n1,Sergey Ivanov,un,RU\n1,Mitsubishi Heavy Industries,cn,JP\n"
    target = target_of_file(file(tmp_path, "list.csv", content), read_matcher(), ())
    assert [row[1:3] for row in answers_to(target, "Sergey Ivanov")] == [("1", "un")]
    assert [row[1:3] for row in answers_to(target, "Mitsubishi Heavy Industries")] == [("1", "cn")]


@pytest.mark.parametrize("name", ["Sergey Ivanov", "王伟"])
@pytest.mark.parametrize(("bearers", "is_cut"), [(60, False), (MOST_HITS + 5, True)])
def test_all_who_bear_a_name_are_given_or_it_is_said_that_there_are_more(
    tmp_path: pathlib.Path, name: str, bearers: int, is_cut: bool
) -> None:
    lines = "".join(f"{at:04},{name},un\n" for at in range(bearers))
    target = target_of_file(file(tmp_path, "list.csv", f"entity_id,name,list\n{lines}"), read_matcher(), ())
    answers = answers_to(target, name)
    assert [answer[1] for answer in answers if answer[1]] == [
        f"{at:04}" for at in range(min(bearers, MOST_HITS))
    ]
    assert ("more than 200" in answers[-1][5]) is is_cut


def test_pairs_keep_their_columns() -> None:
    rows = [(2, {"query": "Иванов Иван", "candidate": "Ivan Ivanov", "label": "1"})]
    (row,) = compare_rows(rows, read_matcher())
    assert list(row) == ["query", "candidate", "label", "score", "verdict", "reason"]
    assert (row["verdict"], row["reason"]) == ("MATCH", "")


@pytest.mark.parametrize(
    ("query", "candidate", "reason"),
    [
        ("", "Ivanov", "SCREENING_ROW_UNREADABLE"),
        ("Ivanov", "???", "SCREENING_ROW_UNREADABLE"),
        ("A" * 10_000, "Ivanov", "SCREENING_ROW_TOO_LONG"),
        ("Garden აბგ", "Ivanov", "SCREENING_ROW_UNREAD_IN_PART"),
    ],
)
def test_what_cannot_be_read_is_never_clear(query: str, candidate: str, reason: str) -> None:
    (row,) = compare_rows([(2, {"query": query, "candidate": candidate})], read_matcher())
    assert row["verdict"] == "REVIEW"
    assert row["reason"]
    told = json.loads(command("compare", "--json", "--", query, candidate).output)
    assert (told["verdict"], told["reason"]) == ("REVIEW", reason)


def test_a_long_name_is_compared_in_full() -> None:
    pair = compare_pair(
        "flower " * 40 + "Lockheed Martin Corporation", "Lockheed Martin Corporation", read_matcher()
    )
    assert pair.verdict != "CLEAR"


def command(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(autouse=True)
def on_a_day_on_which_the_lists_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_command, "now", lambda: datetime(2026, 11, 21, 4, tzinfo=UTC))


def test_a_person_is_told_of_stale_lists_in_both_languages(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_command, "now", lambda: datetime(2036, 1, 1, tzinfo=UTC))
    parties, result = file(tmp_path, "parties.csv", "id,name\n1,Subaru\n"), tmp_path / "result.csv"
    refused = command("screen", str(parties), "--out", str(result), "--as-of", "2026-11-21")
    assert refused.exit_code == 1
    assert "请更新名单" in refused.stderr
    assert "update the list" in refused.stderr
    assert not result.exists()


@pytest.mark.parametrize("usage", [("screen",), ("screen", "x.csv"), ("compare",), ("compare", "Ivanov")])
def test_usage_is_told_in_both_languages(usage: tuple[str, ...]) -> None:
    told = command(*usage)
    assert told.exit_code == 2
    assert "请给出" in told.stderr
    assert "Give " in told.stderr


def test_a_country_that_is_none_is_named_with_its_line(tmp_path: pathlib.Path) -> None:
    content = "id,name,country\n1,Subaru,jp\n2,Subaru,Japan\n"
    parties, result = file(tmp_path, "parties.csv", content), tmp_path / "result.csv"
    refused = command("screen", str(parties), "--out", str(result))
    assert "SCREENING_FILE_COUNTRY_UNKNOWN" in refused.stderr
    assert "第3行“country”列" in refused.stderr.replace("\n", "")
    assert list(tmp_path.iterdir()) == [parties]


@pytest.mark.parametrize("link", ["", "symbolic", "hard"])
def test_a_result_is_never_written_over_what_is_read(tmp_path: pathlib.Path, link: str) -> None:
    content = "id,name,query,candidate,entity_id\n1,Subaru,a,b,c\n"
    given = out = file(tmp_path, "given.csv", content)
    if link:
        out = tmp_path / "out.csv"
        (os.symlink if link == "symbolic" else os.link)(given, out)
    other = file(tmp_path, "other.csv", content)
    for arguments in (
        ("screen", str(given)),
        ("screen", str(other), "--names", str(given)),
        ("compare", "--pairs", str(given)),
    ):
        refused = command(*arguments, "--out", str(out))
        assert refused.exit_code == 1
        assert "FILE_IS_INPUT" in refused.stderr
    assert given.read_text(encoding="utf-8") == content


def test_a_run_that_fails_leaves_the_earlier_result(tmp_path: pathlib.Path) -> None:
    result = file(tmp_path, "result.csv", "earlier")
    parties = file(tmp_path, "parties.csv", "id,name,query,candidate\n1,Subaru,a,b\n2\n")
    assert command("screen", str(parties), "--out", str(result)).exit_code == 1
    assert command("compare", "--pairs", str(parties), "--out", str(result)).exit_code == 1
    assert result.read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parties.csv", "result.csv"]


def test_a_result_goes_where_a_link_leads_and_keeps_who_may_read_it(tmp_path: pathlib.Path) -> None:
    result = file(tmp_path, "result.csv", "earlier")
    result.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(result)
    with result_file(link) as written:
        written.write("later")
    assert (link.is_symlink(), result.read_text(encoding="utf-8")) == (True, "later")
    assert result.stat().st_mode & 0o777 == 0o640
    with result_file(pathlib.Path("/dev/null")) as written:
        written.write("nowhere")
    assert pathlib.Path("/dev/null").is_char_device()


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
    assert result.read_text(encoding="utf-8").startswith("query,candidate,score,verdict,reason\n")
    assert "0." in command("compare", "Иванов", "Ivanov").output
    assert command("compare", "Ivanov").exit_code == 2
    assert command("screen", str(pairs), "--out", str(result)).exit_code == 1
    nowhere = str(tmp_path / "none" / "result.csv")
    assert "FILE_NOT_WRITABLE" in command("screen", str(parties), "--out", nowhere).output
    assert "FILE_NOT_WRITABLE" in command("compare", "--pairs", str(pairs), "--out", nowhere).output


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
