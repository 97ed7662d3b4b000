"""What of a payment is the scholarship fund's, and what an award returns to it: by table."""

from typing import Any

import pytest

from shared.domain.catalogue import Offer
from shared.domain.refunds import returned, surplus
from tests.catalogues import an_order, classes_catalogue
from tests.scholarships import Scholarships
from tests.told import usd

FUNDED = Scholarships().catalogue
FIRST, SECOND, THIRD, FOURTH, FIFTH = (session.id for session in FUNDED.sessions)
_LOST, _OPEN = {"disputes": {"dp": ("lost",)}}, {"disputes": {"dp": ("open",)}}


def _funded(offer: Offer, *more: Offer, **changes: Any) -> int:
    catalogue = FUNDED.model_copy(update={"prices": (*FUNDED.prices, *more)})
    order = an_order(FUNDED, "all-five-supporter", paid=offer.price, sessions=offer.sessions)
    return surplus(order.model_copy(update=changes), offer, catalogue)


def _like(offer: str, **changes: Any) -> Offer:
    return FUNDED.offer(offer).model_copy(update={"id": "another"} | changes)


_SUPPORTER = FUNDED.offer("all-five-supporter")
_SINGLE = FUNDED.offer(f"{FIRST}-supporter")


@pytest.mark.parametrize(
    ("offer", "changes", "owed"),
    [
        (_SUPPORTER, {}, 8700),
        (_SUPPORTER, _OPEN, 8700),
        (_SUPPORTER, _LOST, 0),
        (_SUPPORTER, {"paid": None}, 0),
        (_SUPPORTER, {"given_back": (FIRST,)}, 4 * 1740),
        (_SUPPORTER, {"given_back": (FIRST, SECOND, THIRD, FOURTH, FIFTH)}, 0),
        (_SUPPORTER, {"sessions": ()}, 0),
        (_SINGLE, {}, 2500),
        (_like("all-five-supporter", amount=29701), {"given_back": (FIRST,)}, 6960),
        (FUNDED.offer("all-five-general"), {}, 0),
        (FUNDED.offer("all-five-reduced"), {}, 0),
        (_like("all-five-reduced", amount=20999), {}, 0),
        (_like("all-five-supporter", tier="friend", amount=30000), {}, 9000),
        # The usual rate was another when it was bought: who paid it gave nothing beyond.
        (_like("all-five-general", amount=25000), {}, 0),
        (_like("all-five-supporter", currency="EUR"), {}, 0),
        (_like("all-five-supporter", sessions=(FIRST, SECOND)), {}, 0),
    ],
)
def test_what_is_above_the_usual_rate_is_the_funds_while_its_classes_are_kept(
    offer: Offer, changes: dict[str, Any], owed: int
) -> None:
    assert _funded(offer, **changes) == owed


@pytest.mark.parametrize(
    "beside",
    [
        *({"tier": "a-lower-name"}, {"tier": "zz-a-higher-name"}),
        *({"currency": "AAA"}, {"currency": "ZZZ"}),
        {"sessions": (FIRST, SECOND, THIRD, FOURTH, FIFTH, "sixth")},
        {"sessions": (FIRST, SECOND)},
    ],
)
def test_only_the_same_classes_in_the_same_currency_at_the_covered_rate_are_the_usual_rate(
    beside: dict[str, Any],
) -> None:
    dearer = _like("all-five-general", amount=10**6, **beside)

    assert _funded(_SUPPORTER, dearer) == 8700
    assert _funded(_SUPPORTER, _like("all-five-general", amount=22000)) == 7700


def test_without_scholarships_nothing_is_above() -> None:
    bare = classes_catalogue()
    order = an_order(bare, "all-five-supporter")

    assert surplus(order, bare.offer("all-five-supporter"), bare) == 0


@pytest.mark.parametrize(
    ("changes", "back"),
    [
        ({"given_back": (FIRST, FIFTH)}, 2001 + 2000),
        ({"given_back": ()}, 0),
        ({"given_back": (FIRST,), "paid": None}, 0),
        ({"given_back": (FIRST,)} | _LOST, 0),
        ({"given_back": (FIRST,)} | _OPEN, 2001),
    ],
)
def test_an_award_returns_the_share_of_each_class_that_was_given_back(
    changes: dict[str, Any], back: int
) -> None:
    assert returned(an_order(FUNDED, "all-five-supporter", **changes), usd(10003)) == back
