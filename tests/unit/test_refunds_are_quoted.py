"""What somebody gets back is said before they ask: per class, by the rules they bought under."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.catalogue import Catalogue, RefundPolicy
from shared.domain.money import Money
from shared.domain.payment_parts import Refund
from shared.domain.payments import Order, PaymentFact
from shared.domain.refund_quote import RefundLine, quote_refund
from shared.domain.refund_requests import AskedBack
from shared.domain.refunds import classes_given_back, shares, split
from shared.domain.zones import days_before, to_utc
from tests.catalogues import an_order, classes_catalogue, unit_catalogue

CLASSES = classes_catalogue()
FIRST, SECOND, THIRD, FOURTH, FIFTH = (session.id for session in CLASSES.sessions)
EARLY = datetime(2025, 6, 2, tzinfo=UTC)
# Noon in New York, seven days before the third class.
UNTIL = datetime(2025, 7, 27, 16, tzinfo=UTC)


def wall(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """What a clock on a wall shows."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


def bundle(**changes: object) -> Order:
    return an_order(CLASSES, "all-five-supporter", **changes)


def line(
    order: Order, session: str, now: datetime = EARLY, at_purchase: Catalogue = CLASSES,
    today: Catalogue | None = None, **attended: object,
) -> RefundLine:  # fmt: skip
    found = quote_refund(order, at_purchase, today or at_purchase, now, **attended).line(session)  # type: ignore[arg-type]
    assert found is not None
    return found


def with_policy(days: int | None, catalogue: Catalogue = CLASSES) -> Catalogue:
    refund = RefundPolicy(days_before=days, wording="As agreed.")
    policies = catalogue.policies.model_copy(update={"refund": refund})
    return catalogue.model_copy(update={"policies": policies})


def moved(session: str, starts: datetime, catalogue: Catalogue = CLASSES) -> Catalogue:
    sessions = tuple(
        one.model_copy(update={"starts": starts, "ends": starts + timedelta(hours=2)})
        if one.id == session
        else one
        for one in catalogue.sessions
    )
    return catalogue.model_copy(update={"sessions": sessions})


def test_a_class_of_the_supporters_bundle_brings_back_its_exact_fifth() -> None:
    quote = quote_refund(bundle(), CLASSES, CLASSES, EARLY)
    assert [str(one.share) for one in quote.lines] == ["$59.40"] * 5
    assert {one.way for one in quote.lines} == {"now"}


def test_a_price_that_does_not_divide_gives_its_odd_coins_to_the_first_classes() -> None:
    order = bundle(paid=Money(minor=10003, currency="USD"))
    assert list(shares(order).values()) == [2001, 2001, 2001, 2000, 2000]


@given(st.integers(0, 10**9), st.integers(1, 40))
def test_the_shares_of_all_classes_are_together_what_was_paid(minor: int, classes: int) -> None:
    parts = split(minor, tuple(f"class-{number}" for number in range(classes)))
    assert sum(parts.values()) == minor
    assert max(parts.values()) - min(parts.values()) <= 1


@pytest.mark.parametrize(
    ("seconds", "way"), [(-1, "now"), (0, "now"), (1, "staff")], ids=["before", "at", "after"]
)
def test_the_last_moment_still_counts_and_a_second_later_a_person_decides(
    seconds: int, way: str
) -> None:
    found = line(bundle(), THIRD, UNTIL + timedelta(seconds=seconds))
    assert found.way == way
    assert found.closes_at == UNTIL
    assert "Sunday, July 27, 2025, 12:00 pm, New York time" in found.reason.text
    assert ("You can still ask" in found.reason.text) is (way == "staff")


# The clocks of New York go back on November 2, 2025 and forward on March 9, 2025.
@pytest.mark.parametrize(
    ("starts", "until"),
    [
        (wall(2025, 11, 8, 12), datetime(2025, 11, 1, 16, tzinfo=UTC)),
        (wall(2025, 3, 15, 12), datetime(2025, 3, 8, 17, tzinfo=UTC)),
    ],
    ids=["autumn", "spring"],
)
@pytest.mark.parametrize("seconds", [0, 1])
def test_seven_days_are_seven_days_on_the_wall_across_a_change_of_clocks(
    starts: datetime, until: datetime, seconds: int
) -> None:
    catalogue = moved(THIRD, starts)
    at = until + timedelta(seconds=seconds)
    order = an_order(catalogue, f"{THIRD}-general")
    assert line(order, THIRD, at, catalogue).way == ("staff" if seconds else "now")
    # 168 hours would be another moment.
    assert to_utc(starts, "America/New_York") - timedelta(hours=168) != until


@pytest.mark.parametrize(
    ("shown", "later"),
    [
        (wall(2025, 11, 9, 1, 30), datetime(2025, 11, 2, 6, 30, tzinfo=UTC)),  # shown twice
        (wall(2025, 3, 16, 2, 30), datetime(2025, 3, 9, 7, 30, tzinfo=UTC)),  # never shown
    ],
)
def test_a_last_moment_that_a_change_of_clocks_hides_is_the_later_one(
    shown: datetime, later: datetime
) -> None:
    starts = shown.replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    assert days_before(starts, 7, "America/New_York") == later


def test_the_policy_counts_that_stood_when_it_was_bought() -> None:
    now = UNTIL - timedelta(days=3)
    assert line(bundle(), THIRD, now, CLASSES, today=with_policy(30)).way == "now"
    assert line(bundle(), THIRD, now, with_policy(30), today=CLASSES).way == "staff"


def test_a_class_that_was_moved_can_be_given_back_until_the_later_of_both_moments() -> None:
    sooner, later = (moved(THIRD, wall(2025, month, 20, 12)) for month in (7, 8))
    assert line(bundle(), THIRD, UNTIL, CLASSES, today=sooner).way == "staff"  # it is over
    sooner = moved(THIRD, wall(2025, 7, 30, 12))
    assert line(bundle(), THIRD, UNTIL, CLASSES, today=sooner).way == "now"
    assert line(bundle(), THIRD, UNTIL + timedelta(days=10), CLASSES, today=later).way == "now"


def test_where_the_institute_decides_each_time_a_person_does() -> None:
    unit = unit_catalogue()
    found = line(an_order(unit, "unit-standard"), unit.sessions[0].id, EARLY, unit)
    assert (found.way, found.reason.code) == ("staff", "by_hand")


def test_a_class_that_is_over_or_was_attended_is_for_a_person_to_decide() -> None:
    over = CLASSES.sessions[0].ends_at
    assert line(bundle(), FIRST, over).reason.code == "over"
    assert line(bundle(), FIRST, over, attended={FIRST}).reason.code == "attended"
    assert line(bundle(), SECOND, over, attended={FIRST}).way == "now"


def test_what_went_back_or_is_asked_for_cannot_be_asked_for_again() -> None:
    asked = AskedBack(sessions=(SECOND,), amount=Money(minor=5940, currency="USD"))
    order = bundle(given_back=(FIRST,), asked_back={"r1": asked})
    quote = quote_refund(order, CLASSES, CLASSES, EARLY)
    assert [one.reason.code for one in quote.lines[:3]] == ["given_back", "under_way", "in_time"]
    ended = order.model_copy(
        update={"asked_back": {"r1": asked.model_copy(update={"ended": True})}}
    )
    assert line(ended, SECOND).way == "now"


def test_a_refund_that_did_not_arrive_is_for_a_person() -> None:
    five = Money(minor=5940, currency="USD")
    order = bundle(
        asked_back={"r1": AskedBack(sessions=(SECOND,), amount=five)},
        refunds={
            "re_1": Refund(
                amount=five, states=("failed", "succeeded"), request="r1", first_said_at=EARLY
            )
        },
    )
    assert line(order, SECOND).reason.code == "failed_before"
    assert line(order, THIRD).way == "now"


@pytest.mark.parametrize(("state", "code"), [("open", "disputed"), ("lost", "revoked")])
def test_while_the_bank_looks_into_a_payment_nothing_goes_back_here(state: str, code: str) -> None:
    found = line(bundle(disputes={"dp_1": (state,)}), THIRD)
    assert (found.way, found.reason.code) == ("none", code)


def test_a_payment_that_has_not_arrived_gives_nothing_back() -> None:
    order = bundle(paid=None, pending=Money(minor=29700, currency="USD"))
    assert line(order, THIRD).reason.code == "not_paid"


def test_a_free_place_can_be_given_up_until_the_class_is_over() -> None:
    free = bundle(paid=Money(minor=0, currency="USD"))
    third = CLASSES.session(THIRD)
    assert line(free, THIRD, third.ends_at - timedelta(seconds=1)).way == "give_up"
    assert line(free, THIRD, third.ends_at).way == "none"


def test_a_cancelled_class_needs_no_asking() -> None:
    sessions = tuple(
        one.model_copy(update={"cancelled": "Our speaker is ill."}) if one.id == THIRD else one
        for one in CLASSES.sessions
    )
    today = CLASSES.model_copy(update={"sessions": sessions})
    assert line(bundle(), THIRD, today=today).reason.code == "cancelled"
    assert [one.id for one in today.held_sessions] == [FIRST, SECOND, FOURTH, FIFTH]


def test_a_quote_is_another_as_soon_as_anything_of_what_was_chosen_is() -> None:
    chosen = (FIRST, THIRD)
    seen = quote_refund(bundle(), CLASSES, CLASSES, UNTIL).seal_of(chosen)
    same = quote_refund(bundle(given_back=(SECOND,)), CLASSES, CLASSES, UNTIL)
    assert same.seal_of(chosen) == seen
    others = [
        quote_refund(bundle(), CLASSES, CLASSES, UNTIL + timedelta(seconds=1)).seal_of(chosen),
        quote_refund(bundle(given_back=(FIRST,)), CLASSES, CLASSES, UNTIL).seal_of(chosen),
        quote_refund(
            bundle(paid=Money(minor=29705, currency="USD")), CLASSES, CLASSES, UNTIL
        ).seal_of(chosen),
        quote_refund(bundle(), CLASSES, CLASSES, UNTIL).seal_of((THIRD,)),
    ]
    assert seen not in others


# --- which classes the provider's words give back --------------------------------------------


def dollars(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def went_back(minor: int, request: str = "", part: str = "re_1", *sessions: str) -> PaymentFact:
    return PaymentFact(
        provider="stripe", event=f"evt_{part}", order="o", says="refund", at=EARLY, live=False,
        amount=dollars(minor), part=part, state="succeeded", sessions=sessions, request=request,
    )  # fmt: skip


def sum_said(minor: int) -> PaymentFact:
    return PaymentFact(
        provider="stripe", event="evt_sum", order="o", says="refunded", at=EARLY, live=False,
        amount=dollars(minor),
    )  # fmt: skip


def asks(**sessions: str) -> dict[str, AskedBack]:
    return {
        request: AskedBack(sessions=(session,), amount=dollars(5940))
        for request, session in sessions.items()
    }


def test_a_refund_that_carries_out_a_request_ends_its_classes_whatever_its_amount() -> None:
    """Staff may give back less than a share, and the place ends all the same."""
    order = bundle(asked_back=asks(r1=FOURTH)).with_fact(went_back(3000, "r1"))
    assert classes_given_back(order, CLASSES) == ((FOURTH,), None)


def test_a_sum_that_comes_before_its_refund_is_taken_for_the_one_request_under_way() -> None:
    order = bundle(asked_back=asks(r1=FOURTH)).with_fact(sum_said(5940))
    assert classes_given_back(order, CLASSES).classes == (FOURTH,)


def test_a_sum_that_could_be_either_of_two_requests_waits_and_asks_nobody() -> None:
    order = bundle(asked_back=asks(r1=FOURTH, r2=SECOND)).with_fact(sum_said(5940))
    assert classes_given_back(order, CLASSES) == ((), None)
    named = order.with_fact(went_back(5940, "r2"))
    assert classes_given_back(named, CLASSES).classes == (SECOND,)
    both = order.with_fact(sum_said(2 * 5940))
    assert classes_given_back(both, CLASSES).classes == (SECOND, FOURTH)


def test_money_given_back_by_hand_beside_a_request_is_for_staff_and_takes_no_class_back() -> None:
    order = bundle(asked_back=asks(r1=FOURTH)).with_fact(went_back(5940, "r1"))
    found = classes_given_back(order.with_fact(went_back(1000, part="re_2")), CLASSES)
    assert found.classes == (FOURTH,)
    assert found.unclear is not None


def test_a_request_that_staff_declined_explains_no_money() -> None:
    ended = AskedBack(sessions=(FOURTH,), amount=dollars(5940), ended=True)
    order = bundle(asked_back={"r1": ended}).with_fact(sum_said(5940))
    assert classes_given_back(order, CLASSES).unclear is not None


def test_what_staff_said_of_an_earlier_refund_stands_beside_a_later_request() -> None:
    order = bundle(asked_back=asks(r1=FOURTH), refund_is_for=(FIRST,))
    order = order.with_fact(went_back(5000)).with_fact(went_back(5940, "r1", "re_2"))
    assert classes_given_back(order, CLASSES).classes == (FIRST, FOURTH)


def test_odd_coins_are_no_reason_to_ask_staff() -> None:
    order = bundle(paid=dollars(10003))
    order = order.with_fact(went_back(2001, "", "re_1", SECOND))
    assert classes_given_back(order, CLASSES).classes == (SECOND,)
    wrong = bundle(paid=dollars(10003)).with_fact(went_back(2001, "", "re_1", FIFTH))
    assert classes_given_back(wrong, CLASSES).unclear is not None


def test_a_place_that_was_given_up_ends_without_any_money() -> None:
    nothing = AskedBack(sessions=(SECOND,), amount=dollars(0))
    free = bundle(paid=dollars(0), asked_back={"r1": nothing})
    assert classes_given_back(free, CLASSES).classes == (SECOND,)
    assert free.status == "paid"
    all_of_it = AskedBack(sessions=free.sessions, amount=dollars(0))
    assert free.model_copy(update={"asked_back": {"r1": all_of_it}}).status == "refunded"
