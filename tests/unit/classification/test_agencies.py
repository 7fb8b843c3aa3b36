import pytest

from services.classification.domain.agencies import AgencyRule, AgencyTable, Necessity
from services.classification.domain.entries import ControlList
from services.classification.reference_files import read_agencies

COMPETENT, REQUIRED, AS_NEEDED = Necessity.COMPETENT, Necessity.REQUIRED, Necessity.AS_NEEDED


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("1C450.c.21", [("MIIT", COMPETENT, True), ("MOFCOM", REQUIRED, True)]),
        ("5A002.b", [("MOFCOM", COMPETENT, True), ("SCA", REQUIRED, True)]),
        ("5E002", [("MOFCOM", COMPETENT, True), ("SCA", REQUIRED, True)]),
        (
            "1C351.a.1",
            [("MOFCOM", COMPETENT, True), ("MARA", AS_NEEDED, False), ("NHC", AS_NEEDED, False)],
        ),
        # Third character 3, and neither micro-organism nor toxin.
        ("1C350.c", [("MOFCOM", COMPETENT, True)]),
        ("2B231", [("MOFCOM", COMPETENT, True), ("CAEA", REQUIRED, False)]),
        (
            "1C117.d.1",
            [("MOFCOM", COMPETENT, True), ("CMC-EDD", AS_NEEDED, False), ("SASTIND", AS_NEEDED, False)],
        ),
        ("1C902.b", [("MOFCOM", COMPETENT, True)]),
        ("3C001.a", [("MOFCOM", COMPETENT, True)]),
    ],
)
def test_who_takes_part(
    control_list: ControlList, identifier: str, expected: list[tuple[str, Necessity, bool]]
) -> None:
    entry = next(each for each in control_list.entries if each.identifier == identifier)
    found = read_agencies().of_entry(entry)
    assert [(each.code, each.necessity, each.basis_is_law) for each in found] == expected
    assert all(each.basis for each in found)


def test_every_entry_has_one_body_that_decides(control_list: ControlList) -> None:
    table = read_agencies()
    for entry in control_list.entries:
        found = table.of_entry(entry)
        assert [each.code for each in found if each.necessity is COMPETENT] in (["MOFCOM"], ["MIIT"])
        assert all(each.basis_is_law for each in found if each.necessity is COMPETENT)


def test_a_row_for_an_entry_goes_before_rules_and_counts_below_it(control_list: ControlList) -> None:
    override = AgencyRule(1, "1C117.d", (), "", ("CAEA",), REQUIRED, "2026-99", True)
    table = AgencyTable.of((*read_agencies().rules, override))
    by_identifier = {each.identifier: each for each in control_list.entries}
    assert [each.code for each in table.of_entry(by_identifier["1C117.d.1"])] == ["CAEA"]
    assert "CAEA" not in [each.code for each in table.of_entry(by_identifier["1C117.b"])]
