"""What the desk's page of one series says in charts, each with a table beside it."""

from typing import Any

from shared.adapters.svg_bars import Bar, bars
from shared.domain.desk_series import SeriesPage
from shared.domain.money import Money
from shared.domain.rounds import Round
from shared.domain.session_counts import Tally
from shared.domain.takings import Line


def series_words(view: SeriesPage) -> dict[str, Any]:
    """What the template draws beside the view itself."""
    tiers = {tier.id: tier.title for tier in view.catalogue.tiers}
    return {
        "seats_chart": bars(
            "seats",
            "Seats",
            "How many hold a seat in each session, and how many there are.",
            [_seats(one.session.title, one.taken, one.session.capacity) for one in view.seats],
        ),
        "money_charts": [_money_chart(view, currency, tiers) for currency in _currencies(view)],
        "money": [_money(line, tiers) for line in view.money],
        "sums": [_money(line, tiers) for line in view.sums],
        "credit": [
            {"session": one.session, "counts": one.counts, "reasons": _reasons(one.counts.came_to)}
            for one in view.seats
            if one.counts is not None
        ],
        "unit": view.unit,
        "credit_chart": bars(
            "credit",
            "Credit",
            "How many of those who were decided attended in full, by session.",
            [
                Bar(
                    one.session.title,
                    one.counts.came_to.attended,
                    f"{one.counts.came_to.attended} of {one.counts.came_to.decided}",
                    one.counts.came_to.decided,
                )
                for one in view.seats
                if one.counts is not None
            ],
        ),
        "scholarships": say_counts(view.round),
    }


def _seats(title: str, taken: int, capacity: int | None) -> Bar:
    said = f"{taken:,} of {capacity:,}" if capacity else f"{taken:,}"
    return Bar(title, taken, said, capacity or 0)


def _currencies(view: SeriesPage) -> list[str]:
    return sorted({line.currency for line in view.money})


def _money_chart(view: SeriesPage, currency: str, tiers: dict[str, str]) -> Any:
    lines = [line for line in view.money if line.currency == currency]
    return bars(
        f"money-{currency.lower()}",
        f"Money in {currency}",
        "What stayed of what came in, by provider and rate.",
        [Bar(_name(line, tiers), line.kept.minor, str(line.kept), line.paid) for line in lines],
    )


def _name(line: Line, tiers: dict[str, str]) -> str:
    rate = tiers.get(line.tier, line.tier)
    return f"{line.provider.title()}, {rate}" if rate else line.provider.title()


def _money(line: Line, tiers: dict[str, str]) -> dict[str, str]:
    def said(minor: int) -> str:
        return str(Money(minor=max(0, minor), currency=line.currency))

    return {
        "provider": line.provider.title(),
        "rate": tiers.get(line.tier, line.tier),
        "orders": f"{line.orders:,}",
        "paid": said(line.paid),
        "back": said(line.back),
        "kept": str(line.kept),
    }


def _reasons(came_to: Tally) -> list[tuple[str, int]]:
    """Why a certificate was not earned, by code, the most frequent first."""
    return sorted(came_to.reasons.items(), key=lambda one: (-one[1], one[0]))


def say_counts(around: Round | None) -> list[tuple[str, str]]:
    """The counts of a closed round. A number that is too small is said to be that."""
    counts = around.counts if around else ()
    return [
        (
            _what(one.what),
            "fewer than 10, or told by the others" if one.number is None else f"{one.number:,}",
        )
        for one in counts
    ]


def _what(what: str) -> str:
    kind, _, which = what.partition(":")
    if kind == "all":
        return "Applications"
    return f"{'Outcome' if kind == 'outcome' else 'Asked to be put first'}: {which}"
