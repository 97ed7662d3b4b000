"""Every page that a token opens × every token that does not open it: one page, nothing learned.

Routes are read from the template, so one that is new is tried here before anybody thinks of it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.catalogue_published.handler import publish
from functions.payment_webhook.record import handler as record
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.links import Purpose, sign
from shared.domain.payments import Order
from tests.applicants import SERIES as ROUND
from tests.applicants import applied
from tests.cloud import CONTEXT, IDENTITY_KEY, Cloud, link, who
from tests.gateway import queue_event
from tests.openapi import deployed
from tests.payments import checkout
from tests.season import AMARA, BO, CLASS_1, open_season
from tests.staff import Answer, Browser

ANOTHER_KEY = b"the key of another institute, which is long enough for that"
ROUTES = sorted(
    route
    for route in deployed()
    # Eventbrite's secret address is no token of ours, and has tests of its own.
    if "{token}" in route[1] and not route[1].startswith("/webhooks/")
)
# Which purpose opens what stands below each of these, and for whom a token is made out.
_PURPOSES: dict[str, Purpose] = {
    "/me/": "me",
    "/watch/": "watch",
    "/my-certificate/": "certificate",
    "/my-application/": "application",
    "/review/": "review",
    "/unsubscribe/": "unsubscribe",
    "/address/": "address",
}
# Asks before it looks whose it is: whoever is gone has nothing to stop.
_ASKS_FIRST = "/unsubscribe/"
# Whoever holds one of these that is signed and over is told so, and how to get another.
_SAYS_THAT_IT_IS_OVER = "/review/"


def _purpose(route: str) -> Purpose:
    (found,) = [purpose for start, purpose in _PURPOSES.items() if route.startswith(start)]
    return found


def _subject(purpose: Purpose, learner: str = AMARA) -> str:
    return {
        "watch": f"{CLASS_1.id}/{learner}",
        "certificate": f"{CLASS_1.id}/{learner}",
        "application": f"{ROUND}/S-AAAAAAAA",
        "review": f"{ROUND}/R1",
        "address": f"{learner}/c1",
    }.get(purpose, learner)


def _made_up(purpose: Purpose, cloud: Cloud) -> str:
    return "made-up"


def _altered(purpose: Purpose, cloud: Cloud) -> str:
    token = link(purpose, _subject(purpose))
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def _of_another_institute(purpose: Purpose, cloud: Cloud) -> str:
    return sign(purpose, _subject(purpose), ANOTHER_KEY)


def _over(purpose: Purpose, cloud: Cloud) -> str:
    return link(purpose, _subject(purpose), cloud.now - timedelta(seconds=1))


def _of_nobody(purpose: Purpose, cloud: Cloud) -> str:
    return link(purpose, _subject(purpose, "Lnobody").replace("S-AAAAAAAA", "S-NOBODY00"))


def _for_something_else(purpose: Purpose, cloud: Cloud) -> str:
    return link("form" if purpose != "form" else "me", _subject(purpose))


FORGERIES: list[Callable[[Purpose, Cloud], str]] = [
    *(_altered, _of_another_institute, _over, _of_nobody, _for_something_else),
]


def _asked(route: tuple[str, str], token: str, **parts: str) -> Answer:
    method, path = route
    told = {"session": CLASS_1.id, "series": "idha-2025", "scope": CLASS_1.id} | parts
    for name, value in {"token": token, **told}.items():
        path = path.replace(f"{{{name}}}", value)
    path = path.replace("{", "").replace("}", "")
    browser = Browser()
    return browser.get(path) if method == "GET" else browser.post(path)


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    return open_season(cloud)


def test_there_are_such_pages_and_each_has_a_purpose() -> None:
    assert len(ROUTES) > 30
    assert all(_purpose(route) for _, route in ROUTES)


@pytest.mark.parametrize("forged", FORGERIES, ids=lambda one: one.__name__.strip("_"))
def test_a_token_that_does_not_open_it_is_as_good_as_one_that_was_made_up(
    season: Cloud, forged: Callable[[Purpose, Cloud], str]
) -> None:
    before = season.items()
    for route in ROUTES:
        purpose = _purpose(route[1])
        if forged is _over and route[1].startswith(_SAYS_THAT_IT_IS_OVER):
            continue
        if forged is _of_nobody and route[1].startswith(_ASKS_FIRST):
            continue
        token = forged(purpose, season)
        answer, plain = _asked(route, token), _asked(route, _made_up(purpose, season))
        assert (answer.status, answer.body) == (plain.status, plain.body), route
        assert plain.status == 404, route
        assert token not in answer.body
        assert "no-store" in answer.headers["Cache-Control"]
    assert season.items() == before


def test_the_right_token_opens_something(season: Cloud) -> None:
    """The control: the same requests with the right token do not all end on that page."""
    opened = {
        route
        for route in ROUTES
        if _asked(route, link(_purpose(route[1]), _subject(_purpose(route[1])))).status != 404
    }
    assert {("GET", "/me/{token}"), ("GET", "/watch/{token}")} <= opened
    assert len(opened) > 10


def test_with_ones_own_token_nobody_opens_what_is_another_persons(season: Cloud) -> None:
    (order,) = [one.order for one in season.everything(Order) if one.learner == AMARA]
    mine = _asked(("GET", "/me/{token}/refund/{order}"), link("me", AMARA), order=order)
    assert mine.status == 200
    for method in ("GET", "POST"):
        route = (method, "/me/{token}/refund/{order}")
        theirs = _asked(route, link("me", BO), order=order)
        plain = _asked(route, "made-up", order=order)
        assert (theirs.status, theirs.body) == (plain.status, plain.body)


def test_with_a_token_of_one_institute_nobody_opens_what_is_of_the_other(season: Cloud) -> None:
    publish(season.publish("misa-2025"), CONTEXT)
    with open("events/catalogue_published/misa-2025.yaml", "rb") as file:
        misa = read_catalogue(file.read())
    paid = checkout(misa, "unit-usd", "Grace", 77)
    assert record(queue_event(paid), CONTEXT) == {"batchItemFailures": []}
    grace = link("me", who("grace@example.org"))
    assert _asked(("GET", "/me/{token}"), grace).status == 200

    learned: list[Any] = []
    for route in ROUTES:
        if not route[1].startswith("/me/") or route[1].count("{") < 2:
            continue
        theirs, plain = _asked(route, grace), _asked(route, "made-up")
        if (theirs.status, theirs.body) != (plain.status, plain.body):
            learned.append((route, theirs.status))
    assert learned == []


def test_an_application_is_opened_by_its_own_token_alone(season: Cloud) -> None:
    reference = applied(season)
    route = ("GET", "/my-application/{token}")
    own = _asked(route, link("application", f"{ROUND}/{reference}"))
    others = [
        _asked(route, link("me", f"{ROUND}/{reference}")),
        _asked(route, sign("application", f"{ROUND}/{reference}", ANOTHER_KEY)),
        _asked(route, link("application", f"misa-just-clinic-2025/{reference}")),
    ]

    assert own.status == 200
    plain = _asked(route, "made-up")
    assert {(one.status, one.body) for one in others} == {(plain.status, plain.body)}
    assert len(IDENTITY_KEY) > 32
