"""Plots are well-formed, stay within their room, and draw to scale."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from services.portal import plots
from services.portal.plots import Bar, Caption, Column, Part, Range

CAPTION = Caption("plot-x", "Cases & <states>", "What it shows")
_SVG = "{http://www.w3.org/2000/svg}"
_VALUES = st.one_of(st.integers(0, 10_000_000), st.floats(0, 1e6))


def drawn(markup: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def elements(root: ElementTree.Element, name: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in root.iter(f"{_SVG}{name}") if kind in one.get("class", "").split()]


def share(text: str | None) -> float:
    assert text is not None
    return float(text.removesuffix("%"))


def stays_within(root: ElementTree.Element) -> None:
    height = float(root.get("height", ""))
    for one in root.iter():
        left, wide = one.get("x", "0"), one.get("width", "0")
        if one is not root and one.tag == f"{_SVG}rect":
            assert share(left) >= 0
            assert share(wide) >= 0
            assert share(left) + share(wide) <= 100.02
            assert float(one.get("y", "")) + float(one.get("height", "")) <= height
        for name in ("x1", "x2", "cx"):
            if name in one.attrib:
                assert 0 <= share(one.get(name)) <= 100
        assert "style" not in one.attrib


def bars_of(rows: list[list[float]]) -> Markup:
    return plots.bars(
        CAPTION,
        [
            Bar(f"row {at}", str(sum(row)), tuple(Part("open", value) for value in row))
            for at, row in enumerate(rows)
        ],
    )


def test_a_plot_says_what_it_is() -> None:
    root = drawn(bars_of([[1.0]]))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "plot-x-title plot-x-desc"
    said = {one.get("id"): one.text for one in root if one.get("id")}
    assert said == {"plot-x-title": "Cases & <states>", "plot-x-desc": "What it shows"}


def test_words_are_words() -> None:
    hostile = "<script>alert('x')</script>\"&"
    for markup in (
        plots.bars(CAPTION, [Bar(hostile, hostile, (Part("open", 1),))]),
        plots.ranges(CAPTION, [Range(hostile, hostile, 1, 2, 3, empty=False)]),
        plots.columns(CAPTION, [Column(hostile, (Part("open", 1),))]),
    ):
        assert "<script" not in markup
        assert hostile in [one.text for one in drawn(markup).iter(f"{_SVG}text")]


@given(st.lists(st.lists(_VALUES, min_size=1, max_size=4), max_size=12))
def test_bars_stay_within_their_room(rows: list[list[float]]) -> None:
    stays_within(drawn(bars_of(rows)))


@given(st.lists(st.tuples(_VALUES, _VALUES, st.integers(0, 500), st.booleans()), max_size=8))
def test_ranges_stay_within_their_room(rows: list[tuple[float, float, int, bool]]) -> None:
    made = [Range("r", "", min(one, two), max(one, two), limit, empty) for one, two, limit, empty in rows]
    root = drawn(plots.ranges(CAPTION, made))
    stays_within(root)
    assert len(elements(root, "circle", "plot__median")) == sum(not row.empty for row in made)
    assert len(elements(root, "line", "plot__limit")) == sum(bool(row.limit) for row in made)


@given(st.lists(st.lists(_VALUES, min_size=2, max_size=2), max_size=40))
def test_columns_stay_within_their_room_and_rise_with_their_values(groups: list[list[float]]) -> None:
    made = [Column("2026-11", tuple(Part("submitted", value) for value in group)) for group in groups]
    root = drawn(plots.columns(CAPTION, made))
    stays_within(root)
    heights = [float(one.get("height", "")) for one in elements(root, "rect", "plot__part--submitted")]
    values = [value for group in groups for value in group]
    by_value = [height for _, height in sorted(zip(values, heights, strict=True))]
    assert by_value == sorted(by_value)
    labels = [one for one in elements(root, "text", "plot__tick") if one.text == "2026-11"]
    assert len(labels) <= 4
    assert bool(labels) == bool(groups)


def test_bars_are_drawn_to_scale() -> None:
    root = drawn(
        plots.bars(
            CAPTION,
            [
                Bar("a", "50", (Part("overdue", 10), Part("open", 40))),
                Bar("b", "25", (Part("overdue", 0), Part("open", 25))),
            ],
        )
    )
    overdue, still_open = (
        elements(root, "rect", "plot__part--overdue"),
        elements(root, "rect", "plot__part--open"),
    )
    assert [share(one.get("width")) for one in overdue] == [20]
    assert [(share(one.get("x")), share(one.get("width"))) for one in still_open] == [(20, 80), (0, 50)]


def test_what_is_little_is_seen_and_nothing_is_not() -> None:
    root = drawn(bars_of([[1_000_000.0], [1.0], [0.0]]))
    assert [share(one.get("width")) for one in elements(root, "rect", "plot__part--open")] == [100, 0.6]


def test_ranges_are_drawn_to_scale() -> None:
    root = drawn(plots.ranges(CAPTION, [Range("r", "", 20, 30, 45, empty=False)]))
    (median,) = elements(root, "circle", "plot__median")
    (ninetieth,) = elements(root, "line", "plot__ninetieth")
    (limit,) = elements(root, "line", "plot__limit")
    assert [share(median.get("cx")), share(ninetieth.get("x1")), share(limit.get("x1"))] == [40, 60, 90]
    ticks = [one.text for one in elements(root, "text", "plot__tick")]
    assert ticks == ["0", "10", "20", "30", "40", "50"]


@pytest.mark.parametrize(
    ("greatest", "ticks"), [(0, "0 1"), (3, "0 1 2 3"), (153, "0 50 100 150 200"), (1000, "0 500 1,000")]
)
def test_a_scale_has_round_steps(greatest: int, ticks: str) -> None:
    root = drawn(plots.columns(CAPTION, [Column("m", (Part("submitted", greatest),))]))
    said = [one.text or "" for one in elements(root, "text", "plot__tick")]
    assert " ".join(text for text in said if re.fullmatch(r"[\d,]+", text)) == ticks
