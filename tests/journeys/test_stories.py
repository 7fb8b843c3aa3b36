"""The four stories of the issue, played over the running platform through its public interfaces."""

import pytest

from services.launcher.demo import story_a, story_b, story_c, story_d
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.stories import ORGANISATION, declaration_numbers

_numbers = declaration_numbers()


@pytest.fixture
def cast(people) -> Cast:
    return Cast(people, SilentNarrator())


def test_a_from_application_to_write_off(cast: Cast) -> None:
    story_a.play(cast, ORGANISATION, (next(_numbers), next(_numbers), next(_numbers)))


def test_b_a_listed_party_is_refused_at_the_gate_and_kept(cast: Cast) -> None:
    story_b.play(cast, ORGANISATION)


def test_c_an_incomplete_application_is_returned_once(cast: Cast) -> None:
    story_c.play(cast, ORGANISATION)


def test_d_stop_and_report_reaches_customs(cast: Cast) -> None:
    story_d.play(cast, ORGANISATION, next(_numbers))
