"""Bars as SVG: drawn on the server, read aloud by title and description, with a table beside them.

Nothing in them is needed to understand the page, and no colour tells anything alone: what a bar
says is written at its end.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

_WIDE, _ROW, _BAR, _GAP = 640, 48, 14, 6


class Bar(NamedTuple):
    """One bar: what it is of, how much of `whole` it fills, and what it says at its end."""

    label: str
    value: float
    said: str
    whole: float = 0.0


def bars(id: str, title: str, told: str, rows: Sequence[Bar]) -> Markup:  # noqa: A002 - HTML's word
    """The chart. Where a bar has a `whole`, that is drawn around it; else the longest fills all."""
    longest = max((max(row.value, row.whole) for row in rows), default=0) or 1
    high = _ROW * len(rows)
    drawn = Markup("").join(_row(at, row, longest) for at, row in enumerate(rows))
    return Markup(
        '<svg class="bars" role="img" viewBox="0 0 {wide} {high}" '
        'aria-labelledby="{id}-title {id}-told">'
        '<title id="{id}-title">{title}</title><desc id="{id}-told">{told}</desc>{drawn}</svg>'
    ).format(wide=_WIDE, high=high, id=id, title=title, told=told, drawn=drawn)


def _row(at: int, row: Bar, longest: float) -> Markup:
    top = at * _ROW
    return Markup(
        '<text x="0" y="{words}">{label}</text>'
        '<text x="{wide}" y="{words}" text-anchor="end">{said}</text>'
        "{around}"
        '<rect class="bar" x="0" y="{bar}" width="{filled:.1f}" height="{high}"/>'
    ).format(
        words=top + 18,
        wide=_WIDE,
        label=_shortened(row.label),
        said=row.said,
        around=_around(top, row.whole, longest) if row.whole else "",
        bar=top + 18 + _GAP,
        filled=_WIDE * max(0.0, row.value) / longest,
        high=_BAR,
    )


def _around(top: int, whole: float, longest: float) -> Markup:
    return Markup('<rect class="whole" x="0" y="{y}" width="{w:.1f}" height="{h}"/>').format(
        y=top + 18 + _GAP, w=_WIDE * whole / longest, h=_BAR
    )


_LONGEST_LABEL: Final = 52


def _shortened(label: str) -> Markup:
    """A label that does not run into what is said at the bar's end."""
    fits = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"
    return escape(fits)
