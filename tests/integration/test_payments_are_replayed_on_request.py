"""Every delivery is kept as it came; an operator has the kept ones read again, and sees none."""

import json
from io import StringIO
from typing import Any

import pytest

from functions.payment_webhook import record, replay
from shared.adapters import payment_providers
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.payments import Order
from shared.domain.registrations import Registration
from shared.domain.replays import Replay
from tests.cloud import CONTEXT, ENVIRON, Cloud, who
from tests.gateway import queue_event
from tests.payments import body_of, changed
from tests.season import IDHA, on_sale

PAID, BUNDLE = body_of("checkout.session.completed.paid"), "checkout.session.completed.bundle"
EVENT, ORDER = (
    json.loads(PAID)["id"],
    "stripe-" + json.loads(PAID)["data"]["object"]["payment_intent"],
)
FIRST = IDHA.sessions[0].id
AMARA = who("amara.osei@example.org")


@pytest.fixture
def published(cloud: Cloud) -> Cloud:
    """IDHA's series is on sale."""
    return on_sale(cloud)


def _deliver(*bodies: str) -> list[str]:
    answer = record.handler(queue_event(*bodies), CONTEXT)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def _replay(**asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = replay.handler(asked, CONTEXT)
    json.dumps(answer)  # as Lambda answers
    return answer


def _seats(cloud: Cloud) -> dict[str, str]:
    found = cloud.records.find(f"SESSION#{FIRST}", Registration, "REG#")
    return {registration.learner: str(registration.status) for registration in found}


def _breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code goes out that cannot read a payment."""

    def reader(body: bytes, live: bool) -> Any:
        raise UnreadableEvent("A payment is not understood.")

    monkeypatch.setitem(payment_providers._READERS, "stripe", reader)


def _mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(payment_providers._READERS, "stripe", payment_providers._of_stripe)


def test_what_was_delivered_is_kept_byte_for_byte_and_once(published: Cloud) -> None:
    assert _deliver(PAID, PAID, "no json at all") == ["message-2"]

    kept = published.raw_events()
    assert sorted(kept.values()) == sorted([PAID.encode(), b"no json at all"])
    assert all(key.startswith("payment-events/stripe/") for key in kept)
    assert not any("amara" in key for key in kept)


def test_while_events_cannot_be_kept_none_is_recorded_and_all_come_again(
    published: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.s3.delete_bucket(Bucket=ENVIRON["RAW_EVENTS_BUCKET"])

    assert _deliver(PAID) == ["message-0"]
    assert published.everything(Order) == []


def test_with_the_same_code_a_replay_finds_nothing(published: Cloud) -> None:
    _deliver(PAID, body_of(BUNDLE), body_of("charge.refunded.full"))
    before = published.items()

    looked, applied = _replay(all=True), _replay(all=True, apply=True, by="Mira", why="To be sure.")

    assert looked["orders"] == applied["orders"] == []
    assert (looked["events"], looked["unchanged"]) == (3, 2)
    assert published.items() == before


def test_what_broken_code_did_not_take_in_is_taken_in_by_mended_code_once(
    published: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _breaks(monkeypatch)
    assert _deliver(PAID) == ["message-0"]
    assert _replay(all=True)["unreadable"] == [
        {"event": EVENT, "why": "A payment is not understood."}
    ]
    _mended(monkeypatch)

    (order,) = _replay(event=EVENT)["orders"]
    assert order["order"] == ORDER
    assert _seats(published) == {}, "looking writes nothing"

    repaired = _replay(event=EVENT, apply=True, by="Mira", why="The reader was mended.")

    assert repaired["orders"] == [order]
    assert _seats(published) == {AMARA: "active"}
    (signed,) = published.everything(Replay)
    assert (signed.order, signed.by, signed.why) == (ORDER, "Mira", "The reader was mended.")
    assert '"PaymentsReplayed":[1.0]' in capsys.readouterr().out
    assert _deliver(PAID) == [], "and when the queue hands it over again, it is a repetition"
    assert _replay(all=True)["orders"] == []


def test_what_came_over_stripes_bus_and_through_the_door_is_one_event(published: Cloud) -> None:
    cover = {"source": "aws.partner/stripe.com/ed_1", "detail": json.loads(PAID)}
    _deliver(PAID)
    record.handler(queue_event(json.dumps(cover), provider=None), CONTEXT)

    replayed = _replay(event=EVENT)

    assert (replayed["events"], replayed["altered"], replayed["orders"]) == (2, [], [])


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({}, "Name one event, or say all."),
        ({"event": "evt_1", "all": True}, "Name one event, or say all."),
        ({"all": True, "apply": True}, "To apply it, say by whom and why."),
        ({"all": True, "apply": True, "by": "Mira", "why": " "}, "say by whom and why."),
        ({"event": "evt_of_long_ago"}, "No event or payment 'evt_of_long_ago' is kept."),
    ],
)
def test_what_is_not_clear_is_not_done(
    published: Cloud, asked: dict[str, Any], problem: str
) -> None:
    _deliver(PAID)

    assert problem in _replay(**asked)["problem"]


def test_nobody_is_named_in_what_an_operator_gets_and_in_what_is_logged(
    published: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    logged: StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _breaks(monkeypatch)
    _deliver(
        PAID, body_of(BUNDLE), changed(BUNDLE, event={"id": "evt_odd"}, customer_details=["x"])
    )
    _mended(monkeypatch)

    answers = json.dumps([_replay(all=True), _replay(all=True, apply=True, by="Mira", why="So.")])

    told = answers + logged.getvalue() + capsys.readouterr().out
    assert ORDER in told
    for name in ("Amara", "Osei", "Devika", "example.org"):
        assert name not in told
