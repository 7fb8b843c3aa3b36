"""Plots as inline SVG, made of numbers and words alone: no script, no style attribute, no library.

Positions across are shares of the width and heights are pixels, so that a plot fills the room that it is given
and its words keep their size, on a phone as on a desk. Colours come from classes of the style sheet. Each plot
carries a title and a description; the figures themselves stand in a table beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

# A row: its words on a line, and below them its mark.
_ROW: Final = 54
_WORDS: Final = 16
_MARK: Final = 25
_MARK_HEIGHT: Final = 12
# The least share of the width at which a mark is seen.
_LEAST: Final = 0.6
_COLUMNS_HEIGHT: Final = 190
_COLUMNS_LEFT: Final = 9.0
_COLUMN_LABELS: Final = 4
# The share of the width of a phone that a month takes in words.
_LABEL_ROOM: Final = 15.0


@dataclass(frozen=True)
class Part:
    """A part of a bar or a column; `kind` names its colour in the style sheet."""

    kind: str
    value: float


@dataclass(frozen=True)
class Bar:
    """A row with its parts one after the other; `said` are the figures in words."""

    label: str
    said: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Range:
    """A row from its median to its ninetieth percentile; `limit` 0 is none, `empty` a row without a case."""

    label: str
    said: str
    median: float
    ninetieth: float
    limit: float
    empty: bool


@dataclass(frozen=True)
class Column:
    """Columns side by side under one label."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Caption:
    """What a plot is called and what it shows, for whoever cannot see it; `key` is unique on the page."""

    key: str
    title: str
    description: str


def bars(caption: Caption, rows: Sequence[Bar]) -> Markup:
    """Horizontal bars on one scale, which begins at nought."""
    greatest = max((sum(part.value for part in row.parts) for row in rows), default=0)
    drawn = []
    for number, row in enumerate(rows):
        top = number * _ROW
        drawn += [_words(row.label, row.said, top), _rectangle("track", 0, 100, top + _MARK)]
        widths = [_width(part.value, greatest) for part in row.parts]
        # Little parts are drawn wider than they are; together they still do not leave the plot.
        shrunk = min(100 / sum(widths), 1.0) if any(widths) else 1.0
        left = 0.0
        for part, width in zip(row.parts, widths, strict=True):
            if width:
                drawn.append(_rectangle(part.kind, left, width * shrunk, top + _MARK))
                left += width * shrunk
    return _svg(caption, len(rows) * _ROW, drawn)


def ranges(caption: Caption, rows: Sequence[Range]) -> Markup:
    """A mark from median to ninetieth percentile in each row, against a line at its limit, on one scale."""
    greatest = max((max(row.ninetieth, row.limit) for row in rows), default=0)
    step = _step(greatest, 5)
    end = max(step * math.ceil(greatest / step), step)
    height = len(rows) * _ROW
    drawn: list[Markup] = []
    for number, row in enumerate(rows):
        middle = number * _ROW + _MARK + _MARK_HEIGHT // 2
        drawn += [_words(row.label, row.said, number * _ROW), _across("track", 0, 100, middle)]
        drawn += [_line("track", _share(value, end), middle - 3, middle + 3) for value in _ticks(step, end)]
        if not row.empty:
            left, right = _share(row.median, end), _share(row.ninetieth, end)
            drawn += [
                _across("range", left, right, middle),
                _line("ninetieth", right, middle - 8, middle + 8),
                Markup('<circle class="plot__median" cx="{}" cy="{}" r="7"/>').format(_percent(left), middle),
            ]
        if row.limit:
            drawn.append(_line("limit", _share(row.limit, end), middle - 9, middle + 9))
    drawn += [
        _text("plot__tick", _share(value, end), height + 3, f"{value:g}", value, end)
        for value in _ticks(step, end)
    ]
    return _svg(caption, height + 10, drawn)


def columns(caption: Caption, groups: Sequence[Column]) -> Markup:
    """Columns in groups, on one scale, which begins at nought."""
    greatest = max((part.value for group in groups for part in group.parts), default=0)
    step = _step(greatest, 4)
    end = max(step * math.ceil(greatest / step), step)
    drawn = []
    for value in _ticks(step, end):
        y = _height(value, end)
        drawn += [
            _across("grid", 0, 100, y),
            Markup('<text class="plot__tick" x="0" y="{}">{}</text>').format(y - 4, f"{value:,g}"),
        ]
    room = (100 - _COLUMNS_LEFT) / max(len(groups), 1)
    every = math.ceil(len(groups) / _COLUMN_LABELS) or 1
    for number, group in enumerate(groups):
        left = _COLUMNS_LEFT + number * room
        wide = min(room * 0.7 / max(len(group.parts), 1), 3.0)
        start = left + (room - wide * len(group.parts)) / 2
        for place, part in enumerate(group.parts):
            top = _height(part.value, end)
            drawn.append(
                Markup(
                    '<rect class="plot__part plot__part--{}" x="{}" y="{}" width="{}" height="{}"/>'
                ).format(
                    part.kind,
                    _percent(start + place * wide),
                    _number(top),
                    _percent(wide * 0.92),
                    _number(_COLUMNS_HEIGHT - top),
                )
            )
        if (len(groups) - 1 - number) % every == 0:
            # Under narrow columns words would leave the plot on its right.
            anchor, under = ("middle", left + room / 2) if room > _LABEL_ROOM else ("end", left + room)
            drawn.append(
                Markup('<text class="plot__tick" x="{}" y="{}" text-anchor="{}">{}</text>').format(
                    _percent(under), _COLUMNS_HEIGHT + 20, anchor, group.label
                )
            )
    return _svg(caption, _COLUMNS_HEIGHT + 28, drawn)


def _svg(caption: Caption, height: float, drawn: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="plot" role="img" width="100%" height="{height}" aria-labelledby="{key}-title {key}-desc"'
        ' xmlns="http://www.w3.org/2000/svg"><title id="{key}-title">{title}</title>'
        '<desc id="{key}-desc">{description}</desc>{drawn}</svg>'
    ).format(
        height=_number(height),
        key=caption.key,
        title=caption.title,
        description=caption.description,
        drawn=Markup("").join(drawn),
    )


def _words(label: str, said: str, top: float) -> Markup:
    return Markup(
        '<text class="plot__label" x="0" y="{y}">{label}</text>'
        '<text class="plot__said" x="100%" y="{y}" text-anchor="end">{said}</text>'
    ).format(y=_number(top + _WORDS), label=label, said=said)


def _rectangle(kind: str, left: float, width: float, top: float) -> Markup:
    return Markup('<rect class="plot__part plot__part--{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, _percent(left), _number(top), _percent(width), _MARK_HEIGHT
    )


def _across(kind: str, left: float, right: float, y: float) -> Markup:
    return Markup('<line class="plot__{}" x1="{}" x2="{}" y1="{y}" y2="{y}"/>').format(
        kind, _percent(left), _percent(right), y=_number(y)
    )


def _line(kind: str, x: float, top: float, bottom: float) -> Markup:
    return Markup('<line class="plot__{}" x1="{x}" x2="{x}" y1="{}" y2="{}"/>').format(
        kind, _number(top), _number(bottom), x=_percent(x)
    )


def _text(kind: str, x: float, y: float, words: str, value: float, end: float) -> Markup:
    """Words under a place of the scale, which at its ends turn inwards."""
    anchor = "start" if value == 0 else "end" if value >= end else "middle"
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        kind, _percent(x), _number(y), anchor, words
    )


def _width(value: float, whole: float) -> float:
    return max(100 * value / whole, _LEAST) if value > 0 and whole > 0 else 0.0


def _share(value: float, whole: float) -> float:
    return min(100 * value / whole, 100.0) if whole else 0.0


def _height(value: float, whole: float) -> float:
    """The y of a value; the highest leaves room for the words above its line."""
    return _COLUMNS_HEIGHT - (_COLUMNS_HEIGHT - 20) * value / whole


def _step(greatest: float, steps: int) -> float:
    """A round step, of 1, 2 or 5, with which about so many lead to the greatest value; at least 1."""
    if greatest <= steps:
        return 1.0
    power = 10.0 ** math.floor(math.log10(greatest / steps))
    return next(size * power for size in (1, 2, 5, 10) if size * power * steps >= greatest)


def _ticks(step: float, end: float) -> list[float]:
    return [step * number for number in range(round(end / step) + 1)]


def _percent(value: float) -> str:
    return f"{_number(value)}%"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
