"""Draws lines over logarithmic scales as SVG, which needs no library and can be read in a difference."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple, TypeAlias

Points: TypeAlias = Sequence[tuple[float, float]]
_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 130, 40, 50  # margins
_COLOURS = ("#0b5394", "#cc4125", "#38761d", "#b45f06", "#674ea7", "#134f5c", "#a64d79", "#666666", "#7f6000")


class Chart(NamedTuple):
    """Lines by name, and what the axes say; values are above zero."""

    title: str
    across: str
    upwards: str
    lines: Mapping[str, Points]


def svg(charts: Sequence[Chart]) -> str:
    """The charts that hold a point, one below the other."""
    drawn = [chart for chart in charts if any(chart.lines.values())]
    parts = (
        f'<g transform="translate(0 {number * _HEIGHT})">{_drawn(chart)}</g>' for number, chart in enumerate(drawn)
    )
    height = _HEIGHT * len(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        ' font-family="sans-serif" font-size="12">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{"".join(parts)}</svg>\n'
    )


class _Scale(NamedTuple):
    """A logarithmic axis: powers of ten that hold all values, and where they are drawn."""

    low: int
    high: int
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value is drawn."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> Iterator[float]:
        """The powers of ten."""
        yield from (10.0**power for power in range(self.low, self.high + 1))


def _scale(values: Sequence[float], start: float, end: float) -> _Scale:
    low = math.floor(math.log10(min(values)))
    return _Scale(low, max(low + 1, math.ceil(math.log10(max(values)))), start, end)


def _drawn(chart: Chart) -> str:
    points = [point for line in chart.lines.values() for point in line]
    across = _scale([x for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    upwards = _scale([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    return "\n".join((*_axes(chart, across, upwards), *_lines(chart, across, upwards)))


def _axes(chart: Chart, across: _Scale, upwards: _Scale) -> Iterator[str]:
    middle = (_WIDTH - _RIGHT + _LEFT) / 2
    yield f'<text x="{_LEFT}" y="22" font-size="15">{escape(chart.title)}</text>'
    yield f'<text x="{middle}" y="{_HEIGHT - 12}" text-anchor="middle">{escape(chart.across)}</text>'
    yield f'<text x="8" y="{_TOP - 6}" fill="#444">{escape(chart.upwards)}</text>'
    for tick in across.ticks():
        x = across.at(tick)
        yield f'<path d="M{x} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{tick:g}</text>'
    for tick in upwards.ticks():
        y = upwards.at(tick)
        yield f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{tick:g}</text>'


def _lines(chart: Chart, across: _Scale, upwards: _Scale) -> Iterator[str]:
    for number, (name, points) in enumerate(chart.lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [(across.at(x), upwards.at(y)) for x, y in points]
        if not places:
            continue
        path = " ".join(f"{x},{y}" for x, y in places)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places)
        key = _TOP + 18 * number
        yield f'<path d="M{_WIDTH - _RIGHT + 12} {key}h18" stroke="{colour}" stroke-width="3"/>'
        yield f'<text x="{_WIDTH - _RIGHT + 36}" y="{key + 4}">{escape(name)}</text>'
