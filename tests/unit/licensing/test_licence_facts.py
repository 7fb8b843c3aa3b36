"""The facts of a licence survive their canonical bytes, whatever the grant holds."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.licensing.document.canonical import canonical_bytes, digest
from services.licensing.domain.licence_grant import GrantedCondition, GrantedParty, LicenceGrant
from services.licensing.domain.licence_instrument import rule_in_force
from services.licensing.domain.licence_number import MINISTRY, Instrument, LicenceNumber
from services.licensing.licence_code_names import CodeList, coded_name
from services.licensing.licence_facts import licence_facts, read_licence_facts
from services.licensing.licence_instruments import instrument_rules
from tests.contract.licensing.licence_world import grant, line

texts = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=30)
parties = st.builds(
    GrantedParty, texts, st.just("") | texts, st.sampled_from(["KR", "JP", "DE", "QQ"]), texts
)
lines = st.builds(
    lambda quantity, value: replace(line(), quantity=quantity, value=value),
    st.decimals(Decimal("0.000001"), Decimal(10) ** 14, places=6),
    st.decimals(0, Decimal(10) ** 14, places=4),
)
grants = st.builds(
    lambda party, condition, lines, day, instrument, office: grant(
        importer=party,
        consignee=party,
        end_user=party,
        conditions=condition,
        lines=tuple(replace(one, line_number=number) for number, one in enumerate(lines, start=1)),
        decided_on=day,
        instrument=instrument,
        customs_office=office,
    ),
    parties,
    st.lists(st.builds(GrantedCondition, texts, texts), max_size=2).map(tuple),
    st.lists(lines, min_size=1, max_size=3),
    st.dates(date(2024, 12, 1), date(2100, 1, 1)),
    st.sampled_from(["SINGLE", "GENERAL"]),
    st.sampled_from(["2300", "9999"]),
)


@given(grants, st.integers(1, 9_999_999))
def test_facts_are_read_back_as_they_were_stored(granted: LicenceGrant, serial: int) -> None:
    instrument = Instrument(granted.instrument)
    number = LicenceNumber(instrument, granted.decided_on.year, MINISTRY, serial)
    facts = licence_facts(granted, number, rule_in_force(instrument_rules(), instrument, granted.decided_on))
    canonical = canonical_bytes(facts)
    assert read_licence_facts(canonical) == facts
    assert digest(canonical_bytes(read_licence_facts(canonical))) == digest(canonical)


def test_codes_have_names_and_an_unknown_code_is_its_own() -> None:
    assert coded_name(CodeList.COUNTRY, "KR").name.zh == "韩国"
    assert coded_name(CodeList.CUSTOMS_OFFICE, "2300").name.en == "Nanjing Customs"
    assert coded_name(CodeList.UNIT, "kg").name.zh == "千克"
    assert coded_name(CodeList.CUSTOMS_OFFICE, "9999").name.zh == "9999"
