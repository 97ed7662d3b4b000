"""Bars as SVG: drawn on the server, read aloud by title and description, with a table beside them.

Nothing in them is needed to understand the page, and no colour tells anything alone: what a bar
says is written under it. Lengths are shares of the width, so that words stay as large on a phone.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

_ROW: Final = 72
_LABEL, _BAR, _SAID = 16, 26, 56  # how far below the top of its row each begins, or stands
_THICK: Final = 12
# What fits beside nothing else on a phone.
_LONGEST_LABEL: Final = 34


class Bar(NamedTuple):
    """One bar: what it is of, how much of `whole` it fills, and what it says."""

    label: str
    value: float
    said: str
    whole: float = 0.0


def bars(id: str, title: str, told: str, rows: Sequence[Bar]) -> Markup:  # noqa: A002 - HTML's word
    """The chart. Where a bar has a `whole`, that is drawn around it; the longest fills all."""
    longest = max((max(row.value, row.whole) for row in rows), default=0) or 1
    drawn = Markup("").join(_row(at * _ROW, row, longest) for at, row in enumerate(rows))
    return Markup(
        '<svg class="bars" role="img" width="100%" height="{high}" '
        'aria-labelledby="{id}-title {id}-told">'
        '<title id="{id}-title">{title}</title><desc id="{id}-told">{told}</desc>{drawn}</svg>'
    ).format(high=_ROW * len(rows), id=id, title=title, told=told, drawn=drawn)


def _row(top: int, row: Bar, longest: float) -> Markup:
    return Markup("").join(
        (
            _words(top + _LABEL, _shortened(row.label)),
            _rect("whole", top, row.whole / longest) if row.whole else "",
            _rect("bar", top, max(0.0, row.value) / longest),
            _words(top + _SAID, row.said),
        )
    )


def _words(at: int, said: str) -> Markup:
    return Markup('<text x="0" y="{at}">{said}</text>').format(at=at, said=said)


def _rect(what: str, top: int, share: float) -> Markup:
    return Markup('<rect class="{what}" x="0" y="{y}" width="{w:.2f}%" height="{h}"/>').format(
        what=what, y=top + _BAR, w=100 * share, h=_THICK
    )


def _shortened(label: str) -> Markup:
    """A label that fits on a phone, to its end or to where it is cut."""
    fits = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"
    return escape(fits)
