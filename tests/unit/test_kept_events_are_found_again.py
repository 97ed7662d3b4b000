"""By whom and by what a payment event is found again: ids alone, from whatever was sent."""

import json
from pathlib import Path

import pytest

from shared.adapters.payment_providers import read_event
from shared.domain.kept_events import KeptEvent, mentioned_in
from shared.domain.links import learner_id
from tests.world import KEY, World

ANA = "ana@people.example"


@pytest.mark.parametrize(
    "body",
    [
        {"customer_details": {"email": ANA}},
        {"customer_details": {"email": " Ana@People.Example"}},
        {"receipt": f"Sent to Ana <{ANA}>, with thanks."},
        {"attendees": [{"profile": {"email": ANA}}]},
    ],
)
def test_whoever_has_an_address_in_it_is_found_wherever_it_stands(body: object) -> None:
    escaped = json.dumps(body).replace("@", "\\u0040").encode()
    for written in (json.dumps(body).encode(), escaped):
        assert mentioned_in("stripe", written, KEY).people == {learner_id(ANA, KEY)}


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[1, 2]", b"\xff\xfe", b'{"email": "not an address@"}', b"[" * 100_000]
)
def test_what_names_nobody_is_nobodys_and_nothing_is_too_strange(body: bytes) -> None:
    assert mentioned_in("stripe", body, KEY) == (frozenset(), frozenset())


def test_what_is_no_json_is_searched_as_it_stands() -> None:
    broken = b'{"email": "' + ANA.encode() + b'", '
    assert mentioned_in("paypal", broken, KEY).people == {learner_id(ANA, KEY)}


@pytest.mark.parametrize("provider", ["stripe", "razorpay", "paypal"])
def test_an_event_is_found_by_its_payment_though_it_names_nobody(provider: str) -> None:
    known = 0
    for file in _events_of(provider):
        body = file.read_bytes()
        orders = {fact.order for fact in read_event(provider, body, live=False).facts}
        assert orders <= mentioned_in(provider, body, KEY).orders, file.name
        known += len(orders)
    assert known >= 5


def _events_of(provider: str) -> list[Path]:
    folder = Path("events/payment_webhook")
    return sorted((folder if provider == "stripe" else folder / provider).glob("*.json"))


def test_what_is_kept_of_an_event_says_nothing_of_what_it_says() -> None:
    world = World()
    world.keep(json.dumps({"email": ANA, "id": "pi_12345"}).encode(), [])

    kept = world.records.everything(KeptEvent)
    assert {one.about for one in kept} == {learner_id(ANA, KEY), "stripe-pi_12345"}
    assert not any("ana" in f"{one.key()} {one.model_dump_json()}" for one in kept)
    assert {one.file for one in kept} == {*world.raw_events.objects}
