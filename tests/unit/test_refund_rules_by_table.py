"""Which classes a refund is for, and how the request for it stands: by table."""

from datetime import datetime
from typing import Any

import pytest

from shared.domain.payment_parts import Refund
from shared.domain.payments import Order
from shared.domain.refund_requests import AskedBack, RefundState
from shared.domain.refunds import (
    classes_given_back,
    heard_of,
    request_of,
    settled,
)
from tests.catalogues import an_order, classes_catalogue
from tests.money import EARLY
from tests.refund_samples import a_request
from tests.told import usd

CLASSES = classes_catalogue()
FIRST, SECOND, THIRD, FOURTH, FIFTH = (session.id for session in CLASSES.sessions)
EACH = 5940


def _refund(minor: int | None, request: str = "", *sessions: str, **changes: Any) -> Refund:
    fields = {
        "amount": None if minor is None else usd(minor), "states": ("succeeded",),
        "sessions": sessions, "request": request, "first_said_at": EARLY,
    }  # fmt: skip
    return Refund.model_validate(fields | changes)


def _asked(*sessions: str, minor: int = EACH, **changes: Any) -> AskedBack:
    return AskedBack(sessions=sessions, amount=usd(minor), **changes)


def _bundle(*refunds: Refund, at: datetime | None = EARLY, **changes: Any) -> Order:
    numbered = {f"re_{number}": refund for number, refund in enumerate(refunds, 1)}
    fields = {"refunds": numbered, "refunded_at": at if refunds else None}
    return an_order(CLASSES, "all-five-supporter", **fields | changes)


def _sum(minor: int, **changes: Any) -> Order:
    return _bundle(refunded_in_all=usd(minor), refunded_at=EARLY, **changes)


_FOURTH = {"r1": _asked(FOURTH)}
_TWO = {"r1": _asked(FOURTH), "r2": _asked(SECOND)}
_ODD = {"r1": _asked(FOURTH, minor=100), "r2": _asked(SECOND, minor=200)}
_UNCLEAR = "unclear"


@pytest.mark.parametrize(
    ("order", "classes"),
    [
        (_bundle(), ()),
        (_bundle(voided="cancelled"), (FIRST, SECOND, THIRD, FOURTH, FIFTH)),
        # Money that came back is for no class, whatever staff had said of it.
        (_bundle(_refund(100, states=("failed", "succeeded")), refund_is_for=(FIRST,)), ()),
        (_bundle(_refund(100), refund_is_for=(FIRST,)), (FIRST,)),
        (_bundle(_refund(100), refund_is_for=()), ()),
        (_bundle(_refund(1)), _UNCLEAR),
        (_bundle(_refund(EACH), paid=None), ()),
        # A request that is carried out, one beside it that is not yet.
        (_bundle(_refund(EACH, "r1"), asked_back=_TWO), (FOURTH,)),
        (_bundle(_refund(EACH, "r1"), _refund(1), asked_back=_FOURTH), _UNCLEAR),
        (_bundle(_refund(EACH, "r1"), _refund(EACH, "", FIRST), asked_back=_FOURTH),
         (FIRST, FOURTH)),
        (_bundle(_refund(EACH, "r1"), _refund(None, "", FIRST), asked_back=_FOURTH), (FOURTH,)),
        (_bundle(_refund(EACH), asked_back={"r1": _asked(FOURTH, refund="re_1")}), (FOURTH,)),
        # A refund of ours whose amount was never said, and a sum that is exactly all the others.
        (_sum(4 * EACH, refunds={"re_1": _refund(None, "r1")}, asked_back=_FOURTH),
         (FIRST, SECOND, THIRD, FOURTH, FIFTH)),
        # By name: exactly, with an unknown one beside, or not exactly.
        (_bundle(_refund(2 * EACH, "", FIRST, THIRD)), (FIRST, THIRD)),
        (_bundle(_refund(EACH, "", FIRST, "elsewhere")), (FIRST,)),
        (_bundle(_refund(EACH - 1, "", FIRST)), _UNCLEAR),
        (_bundle(_refund(EACH + 1, "", FIRST)), _UNCLEAR),
        # Sums that fit one request, all of them, some of them, or none.
        (_sum(EACH, asked_back=_FOURTH), (FOURTH,)),
        (_sum(100, asked_back=_ODD), (FOURTH,)),
        (_sum(200, asked_back=_ODD), (SECOND,)),
        (_sum(300, asked_back=_ODD), (SECOND, FOURTH)),
        (_sum(50, asked_back=_ODD), _UNCLEAR),
        (_sum(1, asked_back={"r1": _asked(FOURTH, minor=1), "r2": _asked(SECOND, minor=1)}), ()),
        (_sum(150, asked_back=_ODD), _UNCLEAR),
        (_sum(400, asked_back=_ODD | {"r3": _asked(FIRST, minor=200)}), ()),
        (_sum(EACH, asked_back={"r1": _asked(FOURTH, ended=True)}), _UNCLEAR),
        (_sum(2 * EACH, asked_back={"r1": _asked(FOURTH), "r2": _asked(SECOND, ended=True)}),
         _UNCLEAR),
        (_sum(EACH, asked_back=_FOURTH, refunds={"re_1": _refund(EACH, "r1", states=("failed",))}),
         ()),
        (_sum(2 * EACH, asked_back=_FOURTH,
              refunds={"re_1": _refund(EACH, "r1", states=("failed",))}), _UNCLEAR),
        # What was ahead when it began.
        (_bundle(_refund(2 * EACH), at=CLASSES.sessions[2].starts_at), (FOURTH, FIFTH)),
        (_bundle(_refund(EACH), at=CLASSES.sessions[3].starts_at), (FIFTH,)),
        (_bundle(_refund(2 * EACH), at=CLASSES.sessions[3].starts_at), _UNCLEAR),
        (_bundle(_refund(EACH), at=CLASSES.sessions[4].starts_at), _UNCLEAR),
        (_bundle(_refund(EACH), at=None), _UNCLEAR),
        (_bundle(_refund(EACH, "r1"), _refund(EACH), asked_back={"r1": _asked(FIFTH)},
                 at=CLASSES.sessions[2].starts_at), (FOURTH, FIFTH)),
    ],
)  # fmt: skip
def test_the_classes_that_money_was_for(order: Order, classes: tuple[str, ...] | str) -> None:
    found = classes_given_back(order, CLASSES)

    if classes == _UNCLEAR:
        assert found.unclear is not None
        assert not found.unclear.granted
        sure = {one for part in order.refunds for one in _of_request(order, part)}
        assert set(found.classes) == sure
    else:
        assert (found.classes, found.unclear) == (classes, None)


def _of_request(order: Order, part: str) -> tuple[str, ...]:
    request = request_of(order, part)
    counts = order.refunds[part].counts
    return order.asked_back[request].sessions if request and counts else ()


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (_bundle(_refund(100, "", FIRST)),
         "$1.00 of $297.00 went back, and the refund names 1 class. A class's share is $59.40."),
        (_bundle(_refund(100, "", FIRST, SECOND)),
         "$1.00 of $297.00 went back, and the refund names 2 classes. A class's share is $59.40."),
        (_bundle(_refund(100), paid=usd(10003)),
         "$1.00 of $100.03 went back, and nothing says for which classes. "
         "A class's share is $20.01 or $20.00."),
    ],
)  # fmt: skip
def test_staff_read_what_is_unclear_and_what_a_class_is_worth(order: Order, text: str) -> None:
    unclear = classes_given_back(order, CLASSES).unclear

    assert unclear is not None
    assert [reason.code for reason in unclear.reasons] == ["refund_unclear", "suggestion"]
    assert unclear.reasons[0].text == text


@pytest.mark.parametrize(
    ("refunds", "in_all", "heard"),
    [
        ({}, None, 0),
        ({}, 500, 500),
        ({"a": _refund(300)}, None, 300),
        ({"a": _refund(300, states=("pending",))}, 200, 300),
        ({"a": _refund(300, states=("failed",))}, None, 0),
        ({"a": _refund(None)}, None, 0),
        ({"a": _refund(EACH, "r1")}, None, 0),
        ({"a": _refund(EACH, "r1")}, EACH, 0),
        ({"a": _refund(EACH, "r1")}, EACH + 7, 7),
        ({"a": _refund(1000)}, 3000, 3000),
        ({"a": _refund(EACH, "r1"), "b": _refund(300)}, EACH + 100, 300),
        ({"a": _refund(EACH, "r1"), "b": _refund(300)}, EACH + 400, 400),
    ],
)
def test_what_went_back_by_other_hands_is_the_most_that_we_heard_of_less_ours(
    refunds: dict[str, Refund], in_all: int | None, heard: int
) -> None:
    said = None if in_all is None else usd(in_all)

    assert heard_of(_bundle().model_copy(update={"refunds": refunds, "refunded_in_all": said})) == (
        heard
    )


_S = RefundState
_FAILED = ("failed", "succeeded")


@pytest.mark.parametrize(
    ("state", "order", "ends"),
    [
        (_S.DECLINED, {"given_back": (FOURTH,)}, _S.DECLINED),
        (_S.WITHDRAWN, {"given_back": (FOURTH,)}, _S.WITHDRAWN),
        (_S.ASKED, {"given_back": (FOURTH,)}, _S.DONE),
        (_S.STAFF, {"given_back": (FIRST, FOURTH)}, _S.DONE),
        (_S.FAILED, {"given_back": (FOURTH,)}, _S.DONE),
        (_S.ASKED, {"given_back": (FIRST,)}, _S.ASKED),
        (_S.DONE, {}, _S.FAILED),
        (_S.SENT, {"refunds": {"re_9": _refund(EACH, "R", states=_FAILED)}}, _S.FAILED),
        (_S.SENT, {"refunds": {"re_9": _refund(EACH, "other", states=_FAILED)}}, _S.SENT),
        (_S.SENT, {"refunds": {"re_9": _refund(EACH, "zz-other", states=_FAILED)}}, _S.SENT),
        (_S.ASKED, {"disputes": {"dp": ("lost",)}}, _S.WITHDRAWN),
        (_S.STAFF, {"disputes": {"dp": ("lost",)}}, _S.WITHDRAWN),
        (_S.SENT, {"disputes": {"dp": ("lost",)}}, _S.SENT),
        (_S.ASKED, {"disputes": {"dp": ("open",)}}, _S.ASKED),
        (_S.ASKED, {"refunds": {"re_9": _refund(EACH, "R", states=("pending",))}}, _S.SENT),
        (_S.MOVING, {"refunds": {"re_9": _refund(EACH, "R", states=("pending",))}}, _S.SENT),
        (_S.STAFF, {"refunds": {"re_9": _refund(EACH, "R", states=("pending",))}}, _S.STAFF),
        (_S.ASKED, {}, _S.ASKED),
        (_S.MOVING, {}, _S.MOVING),
    ],
)
def test_a_request_is_where_the_facts_of_its_order_have_brought_it(
    state: RefundState, order: dict[str, Any], ends: RefundState
) -> None:
    request = a_request(_bundle(), FOURTH, state)
    asked = {
        request.request: request.asked(), "other": _asked(FIRST), "zz-other": _asked(SECOND),
    }  # fmt: skip

    refunds = {
        part: one.model_copy(update={"request": request.request}) if one.request == "R" else one
        for part, one in order.get("refunds", {}).items()
    }
    told = _bundle().model_copy(update=order | {"refunds": refunds, "asked_back": asked})

    found = settled(request, told)

    assert found.state is ends
    moved = refunds and any(one.request == request.request for one in refunds.values())
    assert found.refund == ("re_9" if moved and ends is not state else "")


def test_a_request_of_two_classes_is_done_when_both_have_ended_and_keeps_its_refunds_name() -> None:
    request = a_request(_bundle(), FOURTH, RefundState.SENT).model_copy(
        update={"sessions": (FOURTH, SECOND), "refund": "re_3"}
    )

    assert settled(request, _bundle(given_back=(FOURTH,))).state is RefundState.SENT
    done = settled(request, _bundle(given_back=(SECOND, FOURTH)))
    assert (done.state, done.refund) == (RefundState.DONE, "re_3")
