"""The tier of end-user certificate that the findings of a screening demand."""

import itertools

import pytest

from services.licensing.domain.completeness import certificate_deficiencies
from services.licensing.domain.dossier import EndUserCertificateTier
from services.licensing.domain.findings import ScreeningFinding, ScreeningVerdict

T = EndUserCertificateTier
CERTIFIED, ISSUED = "CERTIFICATE_GOVERNMENT_CERTIFIED", "CERTIFICATE_GOVERNMENT_ISSUED"


def finding(*demands: str) -> ScreeningFinding:
    return ScreeningFinding("DESTINATION-JP", ScreeningVerdict.REVIEW, demands=demands)


@pytest.mark.parametrize(
    ("tier", "demands", "asked_for"),
    [
        (T.END_USER, (), ""),
        (T.END_USER, ("DUE_DILIGENCE",), ""),
        (T.END_USER, (CERTIFIED,), "issued or certified"),
        (T.GOVERNMENT_CERTIFIED, (CERTIFIED,), ""),
        (T.GOVERNMENT_ISSUED, (CERTIFIED,), ""),
        (T.GOVERNMENT_CERTIFIED, (ISSUED,), "issued by"),
        (T.GOVERNMENT_CERTIFIED, (CERTIFIED, ISSUED), "issued by"),
        (T.END_USER, (CERTIFIED, ISSUED), "issued by"),
        (T.GOVERNMENT_ISSUED, (CERTIFIED, ISSUED), ""),
    ],
)
def test_what_a_finding_demands_is_open_until_it_is_met(
    tier: EndUserCertificateTier, demands: tuple[str, ...], asked_for: str
) -> None:
    for findings in ([finding(*demands)], [finding(demand) for demand in reversed(demands)]):
        found = certificate_deficiencies(tier, findings)
        if not asked_for:
            assert found == ()
            continue
        document, stated = found
        assert asked_for in document.text.en
        assert [each.field for each in found] == [
            "attachments.END_USER_CERTIFICATE",
            "dossier.end_user_certificate",
        ]
        assert document.source == stated.source
        assert document.source.article == "Art. 24(1)"


def test_a_further_demand_never_asks_for_less() -> None:
    for tier, demand, further in itertools.product(T, (CERTIFIED, ISSUED), (CERTIFIED, ISSUED)):
        if certificate_deficiencies(tier, [finding(demand)]):
            assert certificate_deficiencies(tier, [finding(demand), finding(further)])
