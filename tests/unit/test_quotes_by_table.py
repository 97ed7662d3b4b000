"""The way of each class back, and the word for it, by table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.catalogue import Catalogue
from shared.domain.decisions import Decision, Reason
from shared.domain.payment_parts import Refund
from shared.domain.refund_quote import RefundLine, RefundQuote, last_moment, quote_refund
from shared.domain.refund_requests import AskedBack
from tests.catalogues import an_order, classes_catalogue, unit_catalogue
from tests.money import EARLY
from tests.refund_samples import cancelled
from tests.told import usd

CLASSES = classes_catalogue()
FIRST, SECOND, THIRD, FOURTH, FIFTH = (session.id for session in CLASSES.sessions)
OVER = CLASSES.session(THIRD).ends_at
# Noon in New York, seven days before the third class.
UNTIL = datetime(2025, 7, 27, 16, tzinfo=UTC)
_ASK = "You can still ask: a person reads it and answers you."
_COIN = timedelta(seconds=1)
_REVIEW = Decision(granted=False, reasons=(), rule_version="x")


def _quote(now: datetime = EARLY, today: Catalogue = CLASSES, **changes: Any) -> RefundQuote:
    attended = changes.pop("attended", ())
    order = an_order(CLASSES, "all-five-supporter", **changes)
    return quote_refund(order, CLASSES, today, now, attended=attended)


def _third(now: datetime = EARLY, today: Catalogue = CLASSES, **changes: Any) -> RefundLine:
    found = _quote(now, today, **changes).line(THIRD)
    assert found is not None
    return found


def _asked(session: str = THIRD, **changes: Any) -> AskedBack:
    return AskedBack(sessions=(session,), amount=usd(5940), **changes)


def _refund(state: str, request: str = "r1") -> dict[str, Refund]:
    return {"re_1": Refund(amount=usd(5940), states=(state,), request=request, first_said_at=EARLY)}


_FREE: dict[str, Any] = {"paid": usd(0)}
_WITHOUT = CLASSES.model_copy(update={"sessions": CLASSES.sessions[:2] + CLASSES.sessions[3:]})
_UNIT = unit_catalogue()


@pytest.mark.parametrize(
    ("line", "way", "code"),
    [
        (_third(), "now", "in_time"),
        (_third(UNTIL), "now", "in_time"),
        (_third(UNTIL + _COIN), "staff", "late"),
        (_third(OVER - _COIN), "staff", "late"),
        (_third(OVER), "staff", "over"),
        (_third(OVER + _COIN), "staff", "over"),
        (_third(today=_WITHOUT), "none", "gone"),
        (_third(today=cancelled(CLASSES, THIRD)), "none", "cancelled"),
        (_third(today=cancelled(CLASSES, SECOND)), "now", "in_time"),
        (_third(OVER - _COIN, **_FREE), "give_up", "free"),
        (_third(OVER, **_FREE), "none", "over"),
        (_third(OVER + _COIN, **_FREE), "none", "over"),
        (_third(paid=usd(2)), "give_up", "free"),
        (_third(paid=usd(3)), "now", "in_time"),
        (_third(attended=(THIRD,)), "staff", "attended"),
        (_third(attended=(SECOND, FOURTH)), "now", "in_time"),
        (_third(given_back=(THIRD,)), "none", "given_back"),
        (_third(given_back=(SECOND,)), "now", "in_time"),
        (_third(voided="refunded"), "none", "given_back"),
        (_third(voided="cancelled"), "none", "not_paid"),
        (_third(disputes={"dp": ("open",)}), "none", "disputed"),
        (_third(disputes={"dp": ("lost",)}), "none", "revoked"),
        (_third(disputes={"dp": ("won",)}), "now", "in_time"),
        (_third(paid=None), "none", "not_paid"),
        (_third(paid=None, failed=True), "none", "not_paid"),
        (_third(review=_REVIEW), "staff", "unclear"),
        (_third(asked_back={"r1": _asked()}), "none", "under_way"),
        (_third(asked_back={"r1": _asked(SECOND)}), "now", "in_time"),
        (_third(asked_back={"r1": _asked(ended=True)}), "now", "in_time"),
        (_third(asked_back={"r1": _asked(), "r2": _asked(ended=True)}), "none", "under_way"),
        (_third(asked_back={"r1": _asked()}, refunds=_refund("pending")), "none", "under_way"),
        (_third(asked_back={"r1": _asked()}, refunds=_refund("failed")), "staff", "failed_before"),
        (_third(asked_back={"r1": _asked()}, refunds=_refund("failed", "")), "none", "under_way"),
        (
            _third(asked_back={"r1": _asked(SECOND)}, refunds=_refund("failed")),
            *("now", "in_time"),
        ),
        (
            _third(asked_back={"r1": _asked(ended=True)}, refunds=_refund("succeeded")),
            *("now", "in_time"),
        ),
    ],
)
def test_the_way_of_a_class_back(line: RefundLine, way: str, code: str) -> None:
    assert (line.way, line.reason.code) == (way, code)
    assert line.can_be_asked is (way != "none")
    assert (line.closes_at == UNTIL) is (code in ("in_time", "late"))
    assert line.reason.text.endswith(_ASK) is (way == "staff")


def test_a_class_brings_back_its_share_in_the_currency_that_was_paid() -> None:
    rupees = quote_refund(an_order(_UNIT, "unit-standard"), _UNIT, _UNIT, EARLY)

    assert [str(line.share) for line in rupees.lines] == ["₹1,125.00"] * 4
    assert {line.reason.code for line in rupees.lines} == {"by_hand"}
    assert [str(line.share) for line in _quote(paid=None).lines] == ["$0.00"] * 5
    assert [line.session for line in _quote().lines] == [FIRST, SECOND, THIRD, FOURTH, FIFTH]
    assert _quote().line("elsewhere") is None


def test_a_class_that_was_moved_keeps_the_later_of_its_two_last_moments() -> None:
    third = CLASSES.session(THIRD)
    for days in (-3, 3):
        starts, ends = (one + timedelta(days=days) for one in (third.starts, third.ends))
        moved = third.model_copy(update={"starts": starts, "ends": ends})
        assert last_moment(moved, CLASSES) == UNTIL + timedelta(days=max(0, days))
    new = third.model_copy(update={"id": "new-class"})
    assert last_moment(new, CLASSES) == UNTIL
    assert last_moment(_UNIT.sessions[0], _UNIT) is None


def test_a_seal_is_short_and_says_of_the_chosen_classes_alone_what_they_bring_back() -> None:
    why = Reason(code="in_time", text="In time.")

    def seal(*chosen: str, order: str = "o", way: Any = "now", minor: int = 5) -> str:
        lines = tuple(
            RefundLine(session=one, way=way, share=usd(minor), reason=why) for one in "abc"
        )
        return RefundQuote(order=order, lines=lines).seal_of(chosen)

    assert len(seal("a")) == 16
    assert seal("a", "b") == seal("b", "a", "elsewhere")
    others = [
        *(seal("b"), seal("a", "b"), seal("a", order="p"), seal("a", way="staff")),
        *(seal("a", minor=6), seal(), seal("a", "b", "c")),
    ]
    assert len({seal("a"), *others}) == len(others) + 1
