"""The way into the staff desk: only what the user pool signed for us lets anybody in."""

import base64
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.staff_desk import door
from shared import desk_wiring
from shared.domain.staff import Role, Staff
from shared.domain.staff_sessions import StaffSession, proof_of
from shared.failures import Unavailable
from tests.cloud import CONTEXT, Cloud
from tests.gateway import proxy_event
from tests.staff import HOST, signed_in
from tests.staff_pool import CLIENT, LEFT, SECRET, STRANGERS_KEY, StaffPool

HOUR = 3600


def _ask(
    method: str, path: str, cookie: str = "", query: str = "", **headers: str
) -> dict[str, Any]:
    event = proxy_event(
        method, path, headers={"Host": HOST, **headers, **({"Cookie": cookie} if cookie else {})}
    )
    if query:
        several = parse_qs(query)
        event["multiValueQueryStringParameters"] = several
        event["queryStringParameters"] = {name: one[-1] for name, one in several.items()}
    answer: dict[str, Any] = door.handler(event, CONTEXT)
    return answer


def _header(answer: dict[str, Any], name: str) -> str:
    return str(answer["multiValueHeaders"][name][0])


def _cookies(answer: dict[str, Any]) -> SimpleCookie:
    found = SimpleCookie()
    for one in answer["multiValueHeaders"].get("Set-Cookie", []):
        found.load(one)
    return found


def _comes_back(pool: StaffPool, before: str = "") -> dict[str, Any]:
    """Somebody signs in, and their browser follows each address; `before` is where it was."""
    began = _ask("GET", "/staff/sign-in", Referer=before)
    assert began["statusCode"] == 303
    kept = "; ".join(f"{one.key}={one.value}" for one in _cookies(began).values() if one.value)
    led_to = urlsplit(pool.signs_in(_header(began, "Location")))
    assert led_to.path.endswith("/staff/signed-in")
    return _ask("GET", "/staff/signed-in", kept, led_to.query)


def _kept(cloud: Cloud) -> list[Any]:
    return cloud.items("STAFF_SESSIONS_TABLE")


def test_who_only_reviews_is_led_to_where_votes_wait(cloud: Cloud, staff_pool: StaffPool) -> None:
    staff_pool.groups = ["reviewer"]

    assert _header(_comes_back(staff_pool), "Location") == "../staff/scholarships"

    wanted = f"https://{HOST}/live/staff/scholarships/idha-2025"
    assert _header(_comes_back(staff_pool, wanted), "Location") == "../staff/scholarships/idha-2025"


def test_a_coordinator_signs_in_and_the_browser_keeps_one_secret(
    cloud: Cloud, staff_pool: StaffPool
) -> None:
    answer = _comes_back(staff_pool)

    assert answer["statusCode"] == 303
    assert _header(answer, "Location") == "../staff"
    kept = _cookies(answer)["__Host-staff"]
    assert kept["httponly"] and kept["secure"]
    assert (kept["path"], kept["samesite"], kept["max-age"]) == ("/", "Lax", str(8 * HOUR))
    (item,) = _kept(cloud)
    assert item["name"]["S"] == "robin@idha.example"
    assert item["roles"]["SS"] == ["coordinator"]
    assert kept.value not in str(item), "what is kept opens nothing"
    assert int(item["expires_at"]["N"]) == int(cloud.now.timestamp()) + 8 * HOUR


@pytest.mark.parametrize(
    ("before", "leads_to"),
    [
        (f"https://{HOST}/live/staff/sessions/c1?from=x", "../staff/sessions/c1?from=x"),
        (f"https://{HOST}/live/staff/search?q=Zo%C3%AB+B", "../staff/search?q=Zo%C3%AB+B"),
        (f"https://{HOST}/live/staff", "../staff"),
        (f"https://{HOST}/live/staff/acts/refuse-payment", "../staff"),
        (f"https://{HOST}/live/staff/machine-room/sweep", "../staff"),
        (f"https://{HOST}/live/staff/%2e%2e/me", "../staff"),
        (f"https://{HOST}/live/staffroom", "../staff"),
        (f"https://{HOST}/live/me/token", "../staff"),
        ("https://elsewhere.example/live/staff/sessions/c1", "../staff"),
        ("https:///staff/sessions/c1", "../staff"),
        ("", "../staff"),
    ],
)
def test_who_was_turned_away_from_a_page_of_the_desk_is_led_there_after_signing_in(
    cloud: Cloud, staff_pool: StaffPool, before: str, leads_to: str
) -> None:
    answer = _comes_back(staff_pool, before)

    assert (answer["statusCode"], _header(answer, "Location")) == (303, leads_to)
    forgotten = _cookies(answer)["__Host-staff-wanted"]
    assert forgotten.value == "" and forgotten["httponly"] and forgotten["secure"]


def test_a_page_that_was_made_up_in_a_cookie_is_not_led_to(
    cloud: Cloud, staff_pool: StaffPool
) -> None:
    for made_up in ("https://elsewhere.example/staff", "//elsewhere.example/staff", "\xff"):
        said = base64.urlsafe_b64encode(made_up.encode("latin-1")).decode()
        began = _ask("GET", "/staff/sign-in")
        (name, kept), *_ = _cookies(began).items()
        led_to = urlsplit(staff_pool.signs_in(_header(began, "Location")))
        cookie = f"{name}={kept.value}; __Host-staff-wanted={said}"
        answer = _ask("GET", "/staff/signed-in", cookie, led_to.query)
        assert _header(answer, "Location") == "../staff"


@pytest.mark.parametrize(
    ("how", "changed"),
    [
        ("signed by somebody else", {"signs_with": STRANGERS_KEY}),
        ("signed with a key that the pool has not", {"kid": "k2"}),
        ("not signed at all", {"algorithm": "none"}),
        ("signed with a word instead of a key", {"algorithm": "HS256", "signs_with": "x" * 32}),
        ("of another pool", {"claims": {"iss": "https://cognito-idp.x.amazonaws.com/other"}}),
        ("for another client", {"claims": {"aud": "another-client"}}),
        ("of another sign-in", {"claims": {"nonce": "another"}}),
        ("of no sign-in", {"claims": {"nonce": None}}),
        ("long over", {"claims": {"exp": int(time.time()) - HOUR}}),
        ("without an end", {"claims": {"exp": None}}),
        ("from the future", {"claims": {"iat": int(time.time()) + HOUR}}),
        ("for something else", {"claims": {"token_use": "access"}}),
        ("of an address that was never shown to be theirs", {"verified": False}),
        ("of an address that says it is verified in a word", {"verified": "true"}),
        ("of no address", {"claims": {"email": None}}),
        ("of somebody in no group", {"groups": None}),
        ("of somebody in another group", {"groups": ["admins"]}),
    ],
)
def test_a_token_that_is_not_as_it_should_be_lets_nobody_in(
    cloud: Cloud, staff_pool: StaffPool, how: str, changed: dict[str, Any]
) -> None:
    for name, value in changed.items():
        setattr(staff_pool, name, value)

    answer = _comes_back(staff_pool)

    assert answer["statusCode"] == 403
    assert "Set-Cookie" not in answer["multiValueHeaders"]
    assert _kept(cloud) == []


def _no_cookie(cookie: str, query: str) -> tuple[str, str]:
    return "", query


def _other_state(cookie: str, query: str) -> tuple[str, str]:
    return cookie, query.replace("state=", "state=x")


def _other_code(cookie: str, query: str) -> tuple[str, str]:
    return cookie, query.replace("code=", "code=x")


def _two_cookies(cookie: str, query: str) -> tuple[str, str]:
    return f"{cookie}; {cookie}x", query


@pytest.mark.parametrize("change", [_no_cookie, _other_state, _other_code, _two_cookies])
def test_only_what_this_browser_began_is_ended(
    cloud: Cloud, staff_pool: StaffPool, change: Callable[[str, str], tuple[str, str]]
) -> None:
    began = _ask("GET", "/staff/sign-in")
    (name, kept), *_ = _cookies(began).items()
    led_to = urlsplit(staff_pool.signs_in(_header(began, "Location")))

    answer = _ask("GET", "/staff/signed-in", *change(f"{name}={kept.value}", led_to.query))

    assert answer["statusCode"] == 403
    assert _kept(cloud) == []


def test_a_pool_that_does_not_answer_lets_nobody_in_and_says_so(
    cloud: Cloud, staff_pool: StaffPool
) -> None:
    began = _ask("GET", "/staff/sign-in")
    (name, kept), *_ = _cookies(began).items()
    led_to = urlsplit(staff_pool.signs_in(_header(began, "Location")))
    staff_pool.broken = True

    answer = _ask("GET", "/staff/signed-in", f"{name}={kept.value}", led_to.query)

    assert answer["statusCode"] == 503
    assert _kept(cloud) == []


def test_what_the_page_of_the_pool_is_told_holds_no_secret(staff_pool: StaffPool) -> None:
    proof = proof_of("a secret")

    address = desk_wiring.sign_in().address(proof)

    assert CLIENT in address
    assert SECRET not in address and proof.verifier not in address and "a secret" not in address


def test_a_code_without_the_clients_secret_is_worth_nothing(staff_pool: StaffPool) -> None:
    assert staff_pool.exchanged({"code": "x"}, "Basic eA==")[0] == 400


def test_signing_out_ends_the_session_here_and_leads_to_the_end_of_it_there(
    cloud: Cloud, staff_pool: StaffPool
) -> None:
    browser = signed_in(cloud, Role.COORDINATOR)

    answer = browser.post("/staff/sign-out")

    assert answer.status == 200
    assert f"{staff_pool.address}/logout?" in answer.headers["Refresh"]
    assert parse_qs(urlsplit(answer.headers["Refresh"]).query)["logout_uri"] == [LEFT]
    assert _kept(cloud) == []
    assert browser.get("/staff").status == 403


def test_another_page_cannot_sign_somebody_out(cloud: Cloud, staff_pool: StaffPool) -> None:
    browser = signed_in(cloud, Role.COORDINATOR)

    assert browser.post("/staff/sign-out", once="made up").status == 403
    assert browser.post("/staff/sign-out", origin="https://elsewhere.example").status == 403
    assert browser.get("/staff").status == 200


def test_sessions_that_cannot_be_read_are_no_answer(cloud: Cloud) -> None:
    cloud.dynamodb.delete_table(TableName="staff-sessions")
    sessions = desk_wiring.sessions()
    staff = Staff(name="robin@idha.example", roles=frozenset({Role.COORDINATOR}))
    session = StaffSession(id="x", name=staff.name, roles=staff.roles, expires_at=cloud.now)

    with pytest.raises(Unavailable):
        sessions.find("x")
    with pytest.raises(Unavailable):
        sessions.keep(session)
    with pytest.raises(Unavailable):
        sessions.end("x")
