"""Charts as inline SVG: bars that lie and columns that stand, drawn from numbers alone.

Colours are the page's, by class, so that they follow light, dark and print. Every number is also written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

_WIDE = 760
_ROW, _BAR = 24, 16
_LABEL, _VALUE = 250, 70
_HIGH, _FOOT, _LETTER = 150, 34, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its label, its parts as (class, number), and what is written behind it."""

    label: str
    parts: Sequence[tuple[str, int]]
    value: str

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(number for _, number in self.parts)


def bars(rows: Sequence[Bar], says: str) -> str:
    """Lying bars from one zero, the longest as wide as there is room."""
    most = max((row.total for row in rows), default=0) or 1
    room = _WIDE - _LABEL - _VALUE - 20
    shapes = [line for number, row in enumerate(rows) for line in _bar(row, number * _ROW, room / most)]
    return _svg(shapes, len(rows) * _ROW, says)


def _bar(row: Bar, top: int, scale: float) -> Iterator[str]:
    yield _text(_LABEL - 8, top + 13, _short(row.label, 36), "end")
    x = float(_LABEL)
    for name, number in row.parts:
        wide = number * scale
        if number:
            what = f"{row.label}: {name} {number:,}"
            yield (
                f'<rect class="{name}" x="{x:.1f}" y="{top + 1}" width="{max(wide, 1):.1f}" height="{_BAR}">'
                f"<title>{escape(what)}</title></rect>"
            )
        x += wide
    yield _text(x + 6, top + 13, row.value)


def columns(rows: Sequence[tuple[str, int, int]], says: str) -> str:
    """Standing columns: of each label all calls, pale, and of them those that would go, strong."""
    most = max((calls for _, calls, _ in rows), default=0) or 1
    step = (_WIDE - 20) / max(len(rows), 1)
    shapes = [
        line for number, row in enumerate(rows) for line in _column(row, 10 + number * step, step, most)
    ]
    longest = max((len(label) for label, _, _ in rows), default=0)
    every = max(1, ceil(longest * _LETTER / step))
    shapes += [
        _text(10 + (number + 0.5) * step, _HIGH + 16, rows[number][0], "middle", small=True)
        for number in range(every // 2, len(rows), every)
    ]
    shapes.append(f'<line class="axis" x1="10" y1="{_HIGH}" x2="{_WIDE - 10}" y2="{_HIGH}"/>')
    shapes.append(_text(10, 12, f"most: {most:,} calls", small=True))
    return _svg(shapes, _HIGH + _FOOT, says)


def _column(row: tuple[str, int, int], x: float, step: float, most: int) -> Iterator[str]:
    label, calls, go = row
    room, wide = _HIGH - 22, max(step * 0.76, 0.8)
    for name, number in (("all", calls), ("go", go)):
        high = room * number / most
        if number:
            what = f"{label}: {calls:,} calls, {go:,} would go"
            yield (
                f'<rect class="{name}" x="{x + step * 0.12:.1f}" y="{_HIGH - high:.1f}" width="{wide:.1f}" '
                f'height="{high:.1f}"><title>{escape(what)}</title></rect>'
            )


def legend(names: Sequence[tuple[str, str]]) -> str:
    """What the classes mean."""
    keys = "".join(f'<span class="key"><i class="{name}"></i>{escape(says)}</span>' for name, says in names)
    return f'<p class="legend">{keys}</p>'


def _svg(shapes: Sequence[str], high: int, says: str) -> str:
    head = f'<svg viewBox="0 0 {_WIDE} {max(high, 1)}" role="img" aria-label="{escape(says)}">'
    return "\n".join([head, *shapes, "</svg>"])


def _text(x: float, y: float, says: str, anchor: str = "start", *, small: bool = False) -> str:
    size = ' class="small"' if small else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{size}>{escape(says)}</text>'


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
