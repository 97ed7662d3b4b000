"""Every route of the desk × everybody who may not open it: one page, one status, nothing learned.

Routes are read from the template, so one that is new is tried here before anybody thinks of it.
"""

from datetime import timedelta
from typing import Any

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


_MONEY = {Role.COORDINATOR, Role.ACCOUNTANT}
_SCHOLARSHIPS = {Role.COORDINATOR, Role.REVIEWER}
# Read aloud: who opens what, besides staff of the other parts, who do not.
_PAGES_OF: dict[str, set[Role]] = {
    "/staff": set(Role),
    "/staff/sessions/{session}": _MONEY,
    "/staff/today.csv": set(Role),
    "/staff/sessions/{session}/{of_session}": _MONEY,
    "/staff/sessions/{session}/upload/{what}": {Role.COORDINATOR},
    "/staff/series": _MONEY,
    "/staff/series/{series}": _MONEY,
    "/staff/series.csv": _MONEY,
    "/staff/series/{series}/{of_series}": _MONEY,
    "/staff/people/{learner}": _MONEY,
    "/staff/people/{learner}/{of_person}": _MONEY,
    "/staff/people/{learner}/apart": {Role.COORDINATOR},
    "/staff/search": _MONEY,
    "/staff/search.csv": _MONEY,
    "/staff/scholarships": _SCHOLARSHIPS,
    "/staff/scholarships/{series}": _SCHOLARSHIPS,
    "/staff/scholarships.csv": _SCHOLARSHIPS,
    "/staff/scholarships/{series}/fund.csv": _SCHOLARSHIPS,
    "/staff/scholarships/{series}/applications.csv": _SCHOLARSHIPS,
    "/staff/scholarships/{series}/{reference}": _SCHOLARSHIPS,
    "/staff/catalogue": {Role.COORDINATOR},
    "/staff/catalogue/{series}": {Role.COORDINATOR},
    "/staff/catalogue/{series}/file": {Role.COORDINATOR},
    "/staff/machine-room": {Role.COORDINATOR},
    "/staff/machine-room.csv": {Role.COORDINATOR},
}
_OF_MONEY = (
    *("accept-payment", "refuse-payment", "name-refunded-classes"),
    *("accept-refund", "decline-refund"),
)
_OF_SCHOLARSHIPS = ("vote-on-application", "decide-application", "end-voting")
_OF_COORDINATORS = (
    *("send-round-letter-again", "round-letter-seen-to"),
    *("match-row", "correct-address", "same-person", "two-people", "send-page-link"),
    *("two-after-all", "announce-recording"),
    *("accept-reflection", "refuse-reflection", "print-again", "release-recording"),
    *("choose-window", "send-letter-again", "letter-seen-to"),
    *("compare-catalogue", "apply-catalogue", "uphold-decision", "change-decision"),
    *("post-letter-again", "override", "take-back-override", "change-address", "close-session"),
    *("revoke-certificate", "reinstate-certificate", "correct-certificate"),
    *("hold-person", "lift-hold"),
)
_OF_MACHINES = ("hand-back", "sweep", "run-again", "repair-alarms")
PARTS: dict[tuple[str, str], set[Role]] = {
    **{("GET", page): roles for page, roles in _PAGES_OF.items()},
    **{("POST", f"/staff/acts/{act}"): _MONEY for act in _OF_MONEY},
    **{("POST", f"/staff/acts/{act}"): _SCHOLARSHIPS for act in _OF_SCHOLARSHIPS},
    **{("POST", f"/staff/acts/{act}"): {Role.COORDINATOR} for act in _OF_COORDINATORS},
    **{("POST", f"/staff/machine-room/{act}"): {Role.COORDINATOR} for act in _OF_MACHINES},
}


def _path(route: str) -> str:
    known = {"session": CLASS_1.id, "series": "idha-2025", "learner": AMARA, "what": "attendance"}
    known |= {"of_session": "roster.csv", "of_series": "people.csv", "of_person": "letters.csv"}
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


def _knock(browser: Browser, method: str, route: str) -> tuple[int, str]:
    path = _path(route)
    answer = browser.get(path) if method == "GET" else browser.post(path, why="Because.")
    return answer.status, answer.body


def test_every_route_below_staff_asks_the_authorizer_first() -> None:
    assert len(STAFF) > 3
    assert [route for route in STAFF if route not in guarded()] == []
    assert [route for route in guarded() if not route[1].startswith("/staff")] == []


@pytest.mark.parametrize("who", NOBODY_IN_PARTICULAR)
def test_whoever_has_no_session_gets_the_one_page_everywhere(cloud: Cloud, who: str) -> None:
    open_season(cloud)
    status, _, page = turned_away()
    before = cloud.items()
    browser = _browser(cloud, who)

    answers = {route: _knock(browser, *route) for route in STAFF}

    assert {route: one for route, one in answers.items() if one != (status, page.decode())} == {}
    assert cloud.items() == before
    assert cloud.everything(Audit) == []


@pytest.mark.parametrize("role", list(Role))
def test_what_is_another_parts_looks_as_it_looks_to_strangers(cloud: Cloud, role: Role) -> None:
    """Letter by letter, and header by header; and what is theirs opens."""
    open_season(cloud)
    status, headers, page = turned_away()
    browser = signed_in(cloud, role)

    for method, route in STAFF:
        path = _path(route)
        answer = browser.get(path) if method == "GET" else browser.post(path)
        if role in PARTS[method, route]:
            # The file of a season that was put back is not there, and that is all it says.
            opens = answer.body != page.decode() or route.endswith("/file")
            assert opens, f"{method} {route} is theirs"
            # Empty forms are answered in a sentence. Queues and machines are not there to look at.
            assert answer.status < 500 or "machine-room" in route, f"{method} {route}"
            continue
        assert (answer.status, answer.body) == (status, page.decode()), f"{method} {route}"
        said = {name.lower(): value for name, value in answer.headers.items()}
        assert {name: said[name.lower()] for name in headers} == headers


def test_of_every_route_somebody_has_said_whose_part_it_is() -> None:
    assert set(PARTS) == set(STAFF)


@pytest.mark.parametrize("how", ["no word", "another word", "another page", "no page", "nothing"])
def test_no_act_is_done_by_a_form_that_our_pages_did_not_show(cloud: Cloud, how: str) -> None:
    open_season(cloud)
    browser = signed_in(cloud, *Role)
    other = signed_in(cloud, *Role, name="sam@idha.example")
    before = cloud.items()
    ways: dict[str, dict[str, Any]] = {
        "no word": {"once": ""},
        "another word": {"once": other.once},
        "another page": {"origin": "https://elsewhere.example"},
        "no page": {"origin": None},
        "nothing": {"origin": "null"},
    }

    for route in (route for method, route in STAFF if method == "POST"):
        answer = browser.post(_path(route), **{"why": "Because.", **ways[how]})
        assert answer.status == 403, route
        assert "Nothing was done" in answer.body
    assert cloud.items() == before


def test_a_form_of_our_own_page_is_taken(cloud: Cloud) -> None:
    """The control: with the right word and from here, it gets as far as the act."""
    browser = signed_in(cloud, Role.COORDINATOR)

    answer = browser.post("/staff/acts/refuse-payment", order="stripe-pi_none", why="Because.")

    assert answer.status == 409
    assert "No payment" in answer.body
