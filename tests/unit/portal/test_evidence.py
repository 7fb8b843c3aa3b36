"""The points of a comparison as a page shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xuke.screening.v1 import screening_pb2 as s

from services.portal.evidence import Evidence, points


@pytest.mark.parametrize(
    ("thousandths", "expected"), [(1250, "+1.250"), (-300, "−0.300"), (0, "+0.000"), (-12005, "−12.005")]
)
def test_points_stand_with_their_sign(thousandths: int, expected: str) -> None:
    assert points(thousandths) == expected


@given(st.lists(st.integers(-20_000, 20_000)))
def test_the_parts_add_up_and_the_weightiest_comes_first(parts: list[int]) -> None:
    found = Evidence.of(s.EvidencePart(points=one) for one in parts)
    assert found.total == sum(parts) == sum(one.points for one in found.parts)
    weights = [abs(one.points) for one in found.parts]
    assert weights == sorted(weights, reverse=True)
