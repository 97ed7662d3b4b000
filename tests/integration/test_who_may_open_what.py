"""Every route of the desk × everybody who may not open it: one page, one status, nothing learned.

Routes are read from the template, so one that is new is tried here before anybody thinks of it.
"""

from datetime import timedelta

import pytest

from shared import desk_wiring
from shared.domain.audits import Audit
from shared.domain.staff import Role
from shared.domain.staff_sessions import id_of
from tests.cloud import Cloud
from tests.front_door import turned_away
from tests.openapi import deployed, guarded
from tests.season import AMARA, CLASS_1, open_season
from tests.staff import Browser, signed_in

# The way in and out: open to everybody, by what it is.
WAY_IN = {
    *(("GET", "/staff/sign-in"), ("GET", "/staff/signed-in"), ("GET", "/staff/signed-out")),
    ("POST", "/staff/sign-out"),
}
STAFF = sorted(
    route
    for route in deployed()
    if (route[1] == "/staff" or route[1].startswith("/staff")) and route not in WAY_IN
)
# Who may do none of it. Each route below has at least one part that may not, besides no part.
NOBODY_IN_PARTICULAR = (
    *("no session", "a made-up one", "one that is over", "one signed out"),
    "no part any more",
)


def _path(route: str) -> str:
    known = {"session": CLASS_1.id, "series": "idha-2025", "learner": AMARA}
    for name, value in known.items():
        route = route.replace(f"{{{name}}}", value)
    return route.replace("{", "").replace("}", "")


def _browser(cloud: Cloud, who: str) -> Browser:
    browser = signed_in(cloud, Role.COORDINATOR)
    match who:
        case "no session":
            return Browser(once=browser.once)
        case "a made-up one":
            return Browser("made-up", browser.once)
        case "one that is over":
            cloud.now += timedelta(hours=8)
        case "one signed out":
            desk_wiring.sessions().end(id_of(browser.cookie))
        case "no part any more":
            return signed_in(cloud, name="new@idha.example")
    return browser


def _knock(browser: Browser, method: str, path: str) -> tuple[int, str]:
    answer = browser.get(path) if method == "GET" else browser.post(path, why="Because.")
    return answer.status, answer.body


def test_every_route_below_staff_asks_the_authorizer_first() -> None:
    assert len(STAFF) > 3
    assert [route for route in STAFF if route not in guarded()] == []
    assert [route for route in guarded() if not route[1].startswith("/staff")] == []


@pytest.mark.parametrize("who", NOBODY_IN_PARTICULAR)
@pytest.mark.parametrize(("method", "route"), STAFF, ids=lambda part: part)
def test_whoever_has_no_session_gets_the_one_page(
    cloud: Cloud, method: str, route: str, who: str
) -> None:
    open_season(cloud)
    status, _, page = turned_away()
    before = cloud.items()
    browser = _browser(cloud, who)

    assert _knock(browser, method, _path(route)) == (status, page.decode())
    assert cloud.items() == before
    assert cloud.everything(Audit) == []


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("method", "route"), STAFF, ids=lambda part: part)
def test_another_part_gets_the_same_page_or_it_is_their_part(
    cloud: Cloud, method: str, route: str, role: Role
) -> None:
    """What is not somebody's to open looks as it looks to strangers, letter by letter."""
    open_season(cloud)
    closed = turned_away()
    browser = signed_in(cloud, role)
    answer = browser.get(_path(route)) if method == "GET" else browser.post(_path(route))

    mine = role in _PARTS[method, route]
    if not mine:
        assert (answer.status, answer.body) == (closed[0], closed[2].decode())
        said = {name.lower(): value for name, value in answer.headers.items()}
        for name, value in closed[1].items():
            assert said[name.lower()] == value
    else:
        assert answer.body != closed[2].decode()


_MONEY = {Role.COORDINATOR, Role.ACCOUNTANT}
# Read aloud: who opens what. A route that is missing here fails the test above.
_PARTS: dict[tuple[str, str], set[Role]] = {
    ("GET", "/staff"): set(Role),
    ("POST", "/staff/acts/accept-payment"): _MONEY,
    ("POST", "/staff/acts/refuse-payment"): _MONEY,
    ("POST", "/staff/acts/name-refunded-classes"): _MONEY,
}


ACTS = [route for method, route in STAFF if method == "POST"]


@pytest.mark.parametrize("route", ACTS)
@pytest.mark.parametrize("how", ["no word", "another word", "another page", "no page", "nothing"])
def test_no_act_is_done_by_a_form_that_our_pages_did_not_show(
    cloud: Cloud, route: str, how: str
) -> None:
    open_season(cloud)
    browser = signed_in(cloud, *Role)
    other = signed_in(cloud, *Role, name="sam@idha.example")
    before = cloud.items()

    match how:
        case "no word":
            answer = browser.post(_path(route), once="", why="Because.")
        case "another word":
            answer = browser.post(_path(route), once=other.once, why="Because.")
        case "another page":
            answer = browser.post(_path(route), origin="https://elsewhere.example", why="x")
        case "no page":
            answer = browser.post(_path(route), origin=None, why="Because.")
        case _:
            answer = browser.post(_path(route), origin="null", why="Because.")

    assert answer.status == 403
    assert "Nothing was done" in answer.body
    assert cloud.items() == before


def test_a_form_of_our_own_page_is_taken(cloud: Cloud) -> None:
    """The control: with the right word and from here, it gets as far as the act."""
    browser = signed_in(cloud, Role.COORDINATOR)

    answer = browser.post("/staff/acts/refuse-payment", order="stripe-pi_none", why="Because.")

    assert answer.status == 409
    assert "No payment" in answer.body
