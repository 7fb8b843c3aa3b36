"""An objection of an agency stands until that agency itself says otherwise."""

import pytest

from services.licensing.domain.findings import ConsultationSummary, OpinionSummary
from services.licensing.domain.objections import objecting_agencies

Round = dict[str, str]


@pytest.mark.parametrize(
    ("rounds", "objecting"),
    [
        ((), ()),
        (({},), ()),
        (({"MFA": "APPROVE"},), ()),
        (({"MFA": "REFUSE"},), ("MFA",)),
        (({"MFA": "REFUSE", "SASTIND": "REFUSE"},), ("MFA", "SASTIND")),
        (({"MFA": "REFUSE"}, {"SASTIND": "APPROVE"}), ("MFA",)),
        (({"MFA": "REFUSE"}, {}), ("MFA",)),
        (({"MFA": "REFUSE"}, {"MFA": ""}), ("MFA",)),
        (({"MFA": "REFUSE"}, {"MFA": "APPROVE_WITH_CONDITIONS"}), ()),
        (({"MFA": "REFUSE"}, {"MFA": "NO_OBJECTION", "SASTIND": "REFUSE"}), ("SASTIND",)),
        (({"MFA": "APPROVE"}, {"MFA": "REFUSE"}), ("MFA",)),
        (({"MFA": "REFUSE"}, {"MFA": "APPROVE"}, {"MFA": "REFUSE"}), ("MFA",)),
    ],
)
def test_the_latest_opinion_of_each_agency_counts(
    rounds: tuple[Round, ...], objecting: tuple[str, ...]
) -> None:
    closed = [
        ConsultationSummary(
            f"round-{number}",
            number,
            opinions=tuple(OpinionSummary(agency, opinion=opinion) for agency, opinion in opinions.items()),
        )
        for number, opinions in enumerate(rounds, start=1)
    ]
    assert objecting_agencies(closed) == objecting
