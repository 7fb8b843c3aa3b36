import csv
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.codes import HsRegister, normalise_cas_number, normalise_control_code
from services.classification.domain.entries import ControlEntry, ControlList, EntryStatus, TermKind
from services.classification.reference_files import REFERENCE, read_control_list

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
def test_an_entry_applies_exactly_outside_its_holes(
    control_list: ControlList, data: st.DataObject, day: date
) -> None:
    entry = data.draw(st.sampled_from(control_list.entries))
    announced = day < entry.effective_from
    suspended = (
        entry.suspended_from is not None
        and entry.suspended_to is not None
        and entry.suspended_from <= day <= entry.suspended_to
    )
    assert entry.status_on(day).applies is not (announced or suspended)


def test_an_entry_that_ends_is_repealed_the_day_after(control_list: ControlList) -> None:
    entry = replace(_entry(control_list, "1C117.d.1"), effective_to=date(2026, 6, 30))
    assert entry.status_on(date(2026, 6, 30)) is EntryStatus.IN_FORCE
    assert entry.status_on(date(2026, 6, 30) + timedelta(days=1)) is EntryStatus.REPEALED


def test_the_shipped_list_is_whole(control_list: ControlList, register: HsRegister) -> None:
    identifiers = [entry.identifier for entry in control_list.entries]
    assert len(identifiers) == len(set(identifiers)) == 241
    for entry in control_list.entries:
        assert entry.quality in ("A", "A-")
        assert entry.name_zh
        assert entry.name_en
        assert entry.category_zh
        assert entry.source.title.startswith("商务部")
        code = entry.control_code or entry.proposed_code
        assert normalise_control_code(code) == code
        assert code[1] == entry.kind.value
        assert entry.control_code in ("", entry.identifier)
        assert bool(entry.parameters_zh) is bool(entry.parameters_en)
        assert bool(entry.decontrol_zh) is bool(entry.decontrol_en)
        assert any(term.kind in (TermKind.NAME, TermKind.ALIAS) for term in entry.terms)
        assert all(register.exists(hs_code) for hs_code in entry.hs_codes)
        for term in entry.terms:
            if term.kind is TermKind.CAS_NUMBER:
                assert normalise_cas_number(term.text) == term.text


def test_dates_of_an_entry_are_those_of_its_announcement(control_list: ControlList) -> None:
    with (REFERENCE / "announcements.csv").open(encoding="utf-8", newline="") as file:
        announcements = {row["announcement"]: row for row in csv.DictReader(file)}
    for entry in control_list.entries:
        announcement = announcements[entry.source.announcement]
        assert announcement["title"] == entry.source.title
        assert announcement["url"] == entry.source.url
        assert announcement["effective_from"] == entry.effective_from.isoformat()
        assert announcement["suspended_from"] == (
            entry.suspended_from.isoformat() if entry.suspended_from else ""
        )
        assert announcement["suspended_by"] == entry.suspended_by
        assert announcement["status"] == entry.confirmation.value


def test_the_version_names_the_content(control_list: ControlList, tmp_path: Path) -> None:
    for name in ("list.toml", "control_list.csv", "terms.csv"):
        (tmp_path / name).write_bytes((REFERENCE / name).read_bytes())
    assert read_control_list(tmp_path).version == control_list.version
    text = (tmp_path / "control_list.csv").read_text(encoding="utf-8").replace("仲钨酸铵", "仲钨酸胺", 1)
    (tmp_path / "control_list.csv").write_text(text, encoding="utf-8")
    changed = read_control_list(tmp_path).version
    assert changed != control_list.version
    assert changed.startswith("CN-DUAL-USE 2026-01-01 sha256:")


def test_the_edition_is_the_newest_day_an_entry_took_effect(control_list: ControlList) -> None:
    described = tomllib.loads((REFERENCE / "list.toml").read_text(encoding="utf-8"))
    assert described["edition"] == max(entry.effective_from for entry in control_list.entries)
