"""What the command line says of due diligence before the declaration."""

import pytest
from xuke.licensing.v1 import dossier_pb2, licence_pb2

from services.launcher.commands.licence_view import licence_view
from tests.unit.launcher.terminal import seen


def licence(*risks: int, demanded: bool = True) -> licence_pb2.Licence:
    return licence_pb2.Licence(
        due_diligence_demanded=demanded,
        due_diligence=[
            licence_pb2.RecordedDueDiligence(
                due_diligence=dossier_pb2.DueDiligence(
                    concluded_on="2026-11-21", military_risk=dossier_pb2.MilitaryRisk.ValueType(risk)
                )
            )
            for risk in risks
        ],
    )


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (licence(), "owed before the declaration"),
        (licence(dossier_pb2.MILITARY_RISK_NONE_FOUND), "no military risk found (2026-11-21)"),
        # Newest first.
        (
            licence(dossier_pb2.MILITARY_RISK_FOUND, dossier_pb2.MILITARY_RISK_NONE_FOUND),
            "发现军事风险 · military risk found (2026-11-21)",
        ),
    ],
)
def test_what_is_owed_or_was_found(shown: licence_pb2.Licence, said: str) -> None:
    assert said in seen(licence_view(shown, []))


def test_nothing_is_said_where_nobody_asks() -> None:
    assert "owed" not in seen(licence_view(licence(demanded=False), []))
