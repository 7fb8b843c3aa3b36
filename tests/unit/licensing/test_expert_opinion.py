"""Which requests take an opinion, and who may know of a case because of one."""

import dataclasses
import uuid
from datetime import UTC, datetime

import pytest

from services.licensing.domain.application import Application, may_see
from services.licensing.domain.dossier import Dossier
from services.licensing.domain.expert_opinion import ExpertRequest
from tests.support import identity

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answered_at", "under_way", "answerable"),
    [(None, True, True), (NOW, True, False), (None, False, False), (NOW, False, False)],
)
def test_an_opinion_is_given_once_and_in_time(
    answered_at: datetime | None, under_way: bool, answerable: bool
) -> None:
    request = ExpertRequest(
        uuid.uuid4(),
        uuid.uuid4(),
        "expert-1",
        "ministry-1",
        NOW,
        "?",
        answered_at=answered_at,
        under_way=under_way,
    )
    assert request.answerable is answerable


def test_an_expert_may_know_of_a_case_that_is_asked_about() -> None:
    case = Application(uuid.uuid4(), "91320100MA1XUKE016", "exporter-1", NOW, Dossier(), submitted_at=NOW)
    assert not may_see(identity.EXPERT, case)
    assert not may_see(identity.EXPERT, dataclasses.replace(case, asked_experts=("expert-2",)))
    asked = dataclasses.replace(case, asked_experts=("expert-2", "expert-1"))
    assert may_see(identity.EXPERT, asked)
    assert not may_see(identity.AUDITOR, dataclasses.replace(asked, submitted_at=None))
    assert not may_see(identity.CUSTOMS_OFFICER, asked)
