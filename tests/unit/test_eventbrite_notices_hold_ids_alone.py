"""What Eventbrite posts is not believed: it is matched for ids, and those are asked about."""

import json
from typing import Any

import pytest

from shared.adapters.eventbrite_webhook import NEEDED, UnreadableNotice, ids_in, is_ours
from tests.eventbrite_api import EVENTS

API = "https://www.eventbriteapi.com/v3"


def notice(action: object = "order.placed", api_url: object = f"{API}/orders/12/") -> bytes:
    return json.dumps({"config": {"action": action}, "api_url": api_url}).encode()


def test_an_order_is_its_number_and_what_happened() -> None:
    assert json.loads(ids_in(notice()) or b"") == {"action": "order.placed", "order": "12"}
    assert ids_in(notice(api_url=f"{API}/orders/12")) == ids_in(notice())


def test_a_ticket_is_its_event_s_number_and_its_own() -> None:
    ids = ids_in(notice("attendee.updated", f"{API}/events/7/attendees/8/"))

    assert json.loads(ids or b"") == {"action": "attendee.updated", "event": "7", "attendee": "8"}


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_of_every_model_notice_nothing_else_is_kept(path: Any) -> None:
    told = json.loads(path.read_bytes())
    ids = ids_in(path.read_bytes())

    assert (ids is None) is (told["config"]["action"] not in NEEDED)
    if ids is not None:
        assert set(json.loads(ids)) <= {"action", "order", "event", "attendee"}
        assert b"http" not in ids


@pytest.mark.parametrize(
    "address",
    [
        "http://www.eventbriteapi.com/v3/orders/12/",
        "https://www.eventbriteapi.com.evil.example/v3/orders/12/",
        "https://evil.example/https://www.eventbriteapi.com/v3/orders/12/",
        "https://www.eventbriteapi.com@evil.example/v3/orders/12/",
        "https://wwwxeventbriteapi.com/v3/orders/12/",
        f"{API}/orders/12/../../users/me/",
        f"{API}/orders/12/?token=x",
        f"{API}/orders/12/#",
        f"{API}/orders/12//",
        f"{API}/orders/12/\n",
        f"{API}/orders/１２/",
        f"{API}/orders/{'1' * 21}/",
        f"{API}/orders//",
        f"{API}/events/7/",
        f"{API}/users/me/",
        "http://169.254.169.254/latest/meta-data/",
        "",
        None,
        12,
        [f"{API}/orders/12/"],
    ],
)
def test_an_address_that_is_no_order_and_no_ticket_is_refused(address: object) -> None:
    with pytest.raises(UnreadableNotice):
        ids_in(notice(api_url=address))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b'{"config": null}', b'{"config": {"action": 7}}',
        b'{"config": {}, "api_url": ""}', b"[" * 60_000, b"\xff", notice() * 2, notice()[:-3],
        notice()[:-1] + b', "api_url": "x"}', notice()[:-1] + b', "more": NaN}',
        notice()[:-1] + b', "more": 1e400}', notice()[:-1] + b', "more": "\\ud800"}',
        notice()[:-1] + b', "more": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_two_parsers_could_read_two_ways_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableNotice) as unreadable:
        ids_in(body)
    assert unreadable.value.__cause__ is None


@pytest.mark.parametrize("action", ["attendee.checked_in", "event.published", "test", "order"])
def test_what_needs_nothing_to_be_done_is_not_asked_about(action: str) -> None:
    assert ids_in(notice(action, "{api-endpoint-to-fetch-object-details}")) is None


def test_only_the_whole_secret_opens_and_an_empty_one_never_does() -> None:
    assert is_ours("abc", ["new", "abc"])
    assert not is_ours("ab", ["abc"])
    assert not is_ours("abcd", ["abc"])
    assert not is_ours("", ["", "abc"])
    assert not is_ours("é", ["abc"])
    assert not is_ours("abc", [])
