import csv
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.codes import HsRegister, normalise_cas_number, normalise_control_code
from services.classification.domain.entries import ControlEntry, ControlList, HsTrust, Quality, TermKind
from services.classification.domain.standings import EntryStatus, Standing
from services.classification.reference_files import LIST_FILES, REFERENCE, read_control_list

DAYS = st.dates(date(2022, 1, 1), date(2032, 1, 1))


def _entry(control_list: ControlList, identifier: str) -> ControlEntry:
    return next(entry for entry in control_list.entries if entry.identifier == identifier)


@pytest.mark.parametrize(
    ("identifier", "day", "status"),
    [
        # Announcement 2025 No. 57: to take effect 2025-11-08, suspended 2025-11-07 to 2026-11-10.
        ("1C909.a.1", date(2025, 11, 7), EntryStatus.ANNOUNCED),
        ("1C909.a.1", date(2025, 11, 8), EntryStatus.SUSPENDED),
        ("1C909.a.1", date(2026, 11, 10), EntryStatus.SUSPENDED),
        ("1C909.a.1", date(2026, 11, 11), EntryStatus.UNCONFIRMED),
        # Announcement 2025 No. 62 was in force before it was suspended.
        ("1E902.a", date(2025, 10, 8), EntryStatus.ANNOUNCED),
        ("1E902.a", date(2025, 10, 9), EntryStatus.IN_FORCE),
        ("1E902.a", date(2025, 11, 6), EntryStatus.IN_FORCE),
        ("1E902.a", date(2025, 11, 7), EntryStatus.SUSPENDED),
        # Announcement 2025 No. 10.
        ("1C117.d.1", date(2025, 2, 3), EntryStatus.ANNOUNCED),
        ("1C117.d.1", date(2025, 2, 4), EntryStatus.IN_FORCE),
        ("1C117.d.1", date(2026, 11, 21), EntryStatus.IN_FORCE),
    ],
)
def test_standing_of_an_entry_on_a_day(
    control_list: ControlList, identifier: str, day: date, status: EntryStatus
) -> None:
    assert _entry(control_list, identifier).status_on(day) is status


@given(st.data(), DAYS)
def test_an_entry_applies_exactly_on_the_days_of_a_standing_that_applies(
    control_list: ControlList, data: st.DataObject, day: date
) -> None:
    entry = data.draw(st.sampled_from(control_list.entries))
    on_that_day = [
        each for each in entry.standings if each.since <= day and (each.until is None or day <= each.until)
    ]
    assert len(on_that_day) <= 1
    assert entry.status_on(day).applies is any(each.status.applies for each in on_that_day)


def test_an_entry_that_ends_is_repealed_the_day_after(control_list: ControlList) -> None:
    entry = _entry(control_list, "1C117.d.1")
    ended = replace(
        entry, standings=(Standing(EntryStatus.IN_FORCE, date(2025, 2, 4), date(2026, 6, 30), "2025-10"),)
    )
    assert ended.status_on(date(2026, 6, 30)) is EntryStatus.IN_FORCE
    assert ended.status_on(date(2026, 6, 30) + timedelta(days=1)) is EntryStatus.REPEALED


def test_the_shipped_list_is_whole(control_list: ControlList, register: HsRegister) -> None:
    identifiers = [entry.identifier for entry in control_list.entries]
    assert len(identifiers) == len(set(identifiers)) == 655
    for entry in control_list.entries:
        assert entry.name_zh
        assert entry.name_en
        assert entry.category_zh
        assert entry.source.title.startswith("商务部")
        code = entry.control_code or entry.proposed_code
        assert normalise_control_code(code) == code
        assert code[1] == entry.kind.value
        assert entry.control_code in ("", entry.identifier)
        assert bool(entry.parameters_zh) is bool(entry.parameters_en)
        assert entry.parameters_complete is False or entry.quality.decides
        assert bool(entry.decontrol_zh) is bool(entry.decontrol_en)
        assert any(term.kind in (TermKind.NAME, TermKind.ALIAS) for term in entry.terms)
        assert all(register.exists(hs_code) for hs_code in entry.hs_codes)
        for term in entry.terms:
            if term.kind is TermKind.CAS_NUMBER:
                assert normalise_cas_number(term.text) == term.text


def test_entries_stand_as_their_announcement_does(control_list: ControlList) -> None:
    with (REFERENCE / "standings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for entry in control_list.entries:
        assert [
            (row["status"].upper(), row["since"], row["until"], row["basis"])
            for row in rows
            if row["announcement"] == entry.source.announcement
        ] == [
            (each.status, each.since.isoformat(), each.until.isoformat() if each.until else "", each.basis)
            for each in entry.standings
        ]


def test_the_parts_of_the_list_are_trusted_differently(control_list: ControlList) -> None:
    counted = Counter(entry.quality for entry in control_list.entries)
    assert counted == {Quality.OFFICIAL: 71, Quality.CHECKED: 179, Quality.PARSED: 132, Quality.NAME: 273}
    trusts = Counter(each.trust for entry in control_list.entries for each in entry.hs_references)
    assert trusts == {HsTrust.ANNOUNCEMENT: 185, HsTrust.CATALOGUE: 567}


def test_the_version_names_the_content(control_list: ControlList, tmp_path: Path) -> None:
    for name in LIST_FILES:
        (tmp_path / name).write_bytes((REFERENCE / name).read_bytes())
    assert read_control_list(tmp_path).version == control_list.version
    text = (tmp_path / "control_list.csv").read_text(encoding="utf-8").replace("仲钨酸铵", "仲钨酸胺", 1)
    (tmp_path / "control_list.csv").write_text(text, encoding="utf-8")
    changed = read_control_list(tmp_path).version
    assert changed != control_list.version
    assert changed.startswith("CN-DUAL-USE 2026-01-01 sha256:")


def test_the_edition_is_the_newest_day_from_which_an_entry_is_confirmed(control_list: ControlList) -> None:
    described = tomllib.loads((REFERENCE / "list.toml").read_text(encoding="utf-8"))
    assert described["edition"] == max(
        each.since
        for entry in control_list.entries
        for each in entry.standings
        if each.status is EntryStatus.IN_FORCE
    )


def test_what_only_the_catalogue_prints_is_unconfirmed_before_it(control_list: ControlList) -> None:
    entry = _entry(control_list, "2B231")
    assert entry.status_on(date(2024, 11, 30)) is EntryStatus.ANNOUNCED
    assert entry.status_on(date(2024, 12, 1)) is EntryStatus.UNCONFIRMED
    assert entry.status_on(date(2025, 12, 31)) is EntryStatus.UNCONFIRMED
    assert entry.status_on(date(2026, 1, 1)) is EntryStatus.IN_FORCE
