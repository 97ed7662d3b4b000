"""Kept events, read again with today's code: what would be otherwise, and how it is repaired."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.adapters.memory import MemoryFiles
from shared.domain import replays
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.payments import EventMarker, Order, PaymentFact
from shared.domain.registrations import SeatCount
from shared.domain.replays import Replay
from shared.failures import Unavailable
from shared.usecases.keep_events import keep_event, kept_events
from shared.usecases.record_payment import LISTED, record_payment
from shared.usecases.replay_events import NothingKept, Replayed, replay_events
from shared.usecases.retell_order import Sanction
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, paid, who

CATALOGUE = classes_catalogue()
CLASS = CATALOGUE.sessions[0].id
OFFER = f"{CLASS}-general"
ANA = "ana@people.example"
BO = "bo@people.example"
ORDER = "stripe-pi_1"
REPAIR = Sanction("Mira", "The reader took refunds for payments.")

Reader = Callable[[PaymentFact], Sequence[PaymentFact]]


def _as_told(fact: PaymentFact) -> Sequence[PaymentFact]:
    return [fact]


@dataclass
class Kept:
    """A world whose deliveries are kept, read by code that may be wrong and may be put right."""

    world: World = field(default_factory=World)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    reader: Reader = _as_told

    def read(self, provider: str, body: bytes) -> tuple[Sequence[PaymentFact], str]:
        told = PaymentFact.model_validate(json.loads(body)["fact"], strict=False)
        assert told.provider == provider
        return self.reader(told), body.hex()

    def deliver(self, *told: PaymentFact) -> None:
        """As the function that records does: keep, read, record."""
        for one in told:
            said = {"id": one.event, "fact": one.model_dump(mode="json")}
            body = json.dumps(said).encode()
            keep_event(
                one.provider, body, [one], files=self.files, records=self.world.records,
                identity_key=KEY, now=self.world.now,
            )  # fmt: skip
            facts, sha256 = self.read(one.provider, body)
            for fact in facts:
                record_payment(
                    fact, sha256, records=self.world.records, identity_key=KEY, live=False,
                    now=self.world.now,
                )  # fmt: skip

    def replay(self, which: str | None = None, sanction: Sanction | None = None) -> Replayed:
        return replay_events(
            which, read=self.read, files=self.files, records=self.world.records, identity_key=KEY,
            live=False, now=self.world.now, sanction=sanction,
        )  # fmt: skip

    def everything(self) -> dict[object, object]:
        return dict(self.world.records._kept)

    def order(self, order: str = ORDER) -> Order:
        found = self.world.records.get(Order.key_of(order), Order)
        assert found is not None
        return found


@pytest.fixture
def kept() -> Kept:
    """A series on sale, and nothing told yet."""
    found = Kept()
    found.world.publish(CATALOGUE)
    return found


def _paid(number: int = 1, address: str = ANA, **changes: object) -> PaymentFact:
    return paid(CATALOGUE, OFFER, address, number, **changes)


def _said(says: str, event: str, **changes: object) -> PaymentFact:
    fields = _paid().model_dump() | {
        "says": says, "event": event, "amount": None, "offer_ids": (), "buyer_address": "",
    }  # fmt: skip
    return PaymentFact.model_validate(fields | changes)


def _deaf(fact: PaymentFact) -> Sequence[PaymentFact]:
    """Code that does not know what a payment is."""
    return [] if fact.says == "paid" else [fact]


def _read_as(**otherwise: object) -> Reader:
    return lambda fact: [fact.model_copy(update=otherwise)]


def _cannot(fact: PaymentFact) -> Sequence[PaymentFact]:
    raise ValueError(f"{fact.buyer_address} is not understood")


def _takes_refunds_for_payments(fact: PaymentFact) -> Sequence[PaymentFact]:
    return [fact.model_copy(update={"says": "failed"}) if fact.says == "refunded" else fact]


# --- code that is right ----------------------------------------------------------------------


def test_with_the_same_code_nothing_would_be_otherwise_and_nothing_is_written(kept: Kept) -> None:
    kept.deliver(_paid(), _paid(2, BO), _said("refunded", "evt_r", amount=_price()))
    before = kept.everything()

    looked, applied = kept.replay(), kept.replay(sanction=REPAIR)

    assert (looked.events, looked.unchanged, looked.orders) == (3, 2, [])
    assert (applied.unchanged, applied.orders) == (2, [])
    assert kept.everything() == before


def test_a_payment_in_review_stays_as_it_is_while_nothing_changes(kept: Kept) -> None:
    kept.deliver(_paid(amount=Money(minor=1, currency="USD")))
    before = kept.everything()

    assert kept.replay(sanction=REPAIR).unchanged == 1
    assert kept.everything() == before


# --- code that was wrong ---------------------------------------------------------------------


def test_what_was_not_heard_is_told_before_it_is_done_and_done_as_it_was_told(kept: Kept) -> None:
    kept.reader = _deaf
    kept.deliver(_paid())
    assert kept.world.seats(CLASS) == {}
    kept.reader = _as_told
    before = kept.everything()

    looked = kept.replay("evt_1")

    (order,) = looked.orders
    assert order["new_facts"] == [f"paid of {_price()} (evt_1)"]
    assert {"what": "status", "before": "", "after": "paid"} in order["changes"]
    assert {"what": f"seat in {CLASS}", "before": "", "after": "active"} in order["changes"]
    assert order["letters"] == ["confirmation"]
    assert kept.everything() == before, "looking writes nothing"

    assert kept.replay("evt_1", REPAIR).orders == [order]

    assert kept.world.seats(CLASS) == {who(ANA): "active"}
    assert len(kept.world.letters(LetterKind.CONFIRMATION)) == 1
    kept.deliver(_paid())
    assert kept.replay().unchanged == 1, "and a delivery that comes again is a repetition"


def test_an_event_that_could_not_be_read_is_kept_until_it_can(kept: Kept) -> None:
    kept.reader = _cannot
    with pytest.raises(ValueError, match="not understood"):
        kept.deliver(_paid())

    (unread,) = kept.replay().unreadable
    assert unread["why"] == "ValueError", "and what is wrong with it names nobody"

    kept.reader = _as_told
    kept.replay(sanction=REPAIR)

    assert kept.world.seats(CLASS) == {who(ANA): "active"}


def test_a_fact_that_was_wrong_is_taken_back(kept: Kept) -> None:
    kept.reader = _takes_refunds_for_payments
    kept.deliver(_paid(), _said("refunded", "evt_r", amount=_price()))
    assert kept.order().failed
    assert kept.world.seats(CLASS) == {who(ANA): "active"}
    kept.reader = _as_told

    kept.replay(sanction=REPAIR)

    assert kept.order().status == "refunded"
    assert not kept.order().failed
    assert kept.world.seats(CLASS) == {who(ANA): "ended"}
    assert kept.replay().orders == []


def test_what_was_repaired_is_as_if_the_code_had_been_right_from_the_start(kept: Kept) -> None:
    story = [
        _said("pending", "evt_p", amount=_price()),
        _paid(),
        _said("refund", "evt_f", part="re_1", state="succeeded", amount=_price()),
        _paid(2, BO),
    ]
    other = Kept()
    other.world.publish(CATALOGUE)
    other.deliver(*story)
    kept.reader = _deaf
    kept.deliver(*story)
    kept.reader = _as_told

    kept.replay(sanction=REPAIR)

    assert _ends(kept) == _ends(other)


def test_an_order_that_is_older_than_what_is_kept_only_gains(kept: Kept) -> None:
    kept.reader = _takes_refunds_for_payments
    kept.deliver(_paid(), _said("refunded", "evt_r", amount=_price()))
    first = next(key for key in kept.files.objects if _paid().event in _text(kept, key))
    del kept.files.objects[first]
    kept.reader = _as_told

    kept.replay(sanction=REPAIR)

    assert kept.order().paid == _price(), "its payment is not kept any more, and still stands"
    assert kept.order().failed, "so nothing of it is taken back"
    assert kept.order().status == "refunded", "but what is told now is added"


def test_an_event_that_cannot_be_read_takes_nothing_back_either(kept: Kept) -> None:
    kept.deliver(_paid(), _said("refunded", "evt_r", amount=_price()))

    def reader(fact: PaymentFact) -> Sequence[PaymentFact]:
        return _cannot(fact) if fact.says == "paid" else [fact]

    kept.reader = reader
    replayed = kept.replay(sanction=REPAIR)

    assert replayed.orders == []
    assert kept.order().paid == _price()


def test_what_staff_said_outlives_a_replay(kept: Kept) -> None:
    from shared.usecases.rule_on_payment import accept_payment, refuse_payment

    strange = Money(minor=1, currency="USD")
    kept.deliver(_paid(amount=strange), _paid(2, BO, amount=strange))
    staff = {"by": "Mira", "why": "A friend.", "records": kept.world.records, "now": kept.world.now}
    accept_payment(ORDER, OFFER, identity_key=KEY, **staff)  # type: ignore[arg-type]
    refuse_payment("stripe-pi_2", **staff)  # type: ignore[arg-type]
    before = kept.everything()

    assert kept.replay(sanction=REPAIR).unchanged == 2
    assert kept.everything() == before


# --- what is left to people ------------------------------------------------------------------


def test_a_payment_of_which_nothing_is_told_any_more_is_left_to_staff(kept: Kept) -> None:
    kept.deliver(_paid())
    kept.reader = _deaf
    before = kept.everything()

    replayed = kept.replay(sanction=REPAIR)

    assert [one["order"] for one in replayed.by_hand] == [ORDER]
    assert kept.everything() == before


def test_what_was_bought_stays_bought_and_staff_are_told_that_it_was_not_that(kept: Kept) -> None:
    kept.deliver(_paid())
    kept.reader = _read_as(amount=Money(minor=1, currency="USD"))

    replayed = kept.replay(sanction=REPAIR)

    said = " ".join(one["what"] for one in replayed.by_hand)
    assert f"It was granted as '{OFFER}'. Today it would wait" in said
    assert kept.world.seats(CLASS) == {who(ANA): "active"}


def test_a_seat_goes_to_whoever_the_events_name_by_todays_code(kept: Kept) -> None:
    kept.reader = _read_as(buyer_address=BO)
    kept.deliver(_paid())
    kept.reader = _as_told

    kept.replay(sanction=REPAIR)

    assert kept.world.seats(CLASS) == {who(ANA): "active", who(BO): "ended"}


def test_everything_of_an_order_is_either_told_by_events_or_ours_to_keep() -> None:
    ours = {
        *("order", "provider", "version", "learner", "waiting", "waiting_since", "expires_at"),
        *("first_seen_at", "live", "ruling", "refund_is_for", "asked_back", "given_back"),
        *("posted", "returned", "held_before", "series", "catalogue_revision", "offer", "tier"),
        *("sessions", "review", "counted", "erased_at"),
    }

    assert set(Order.model_fields) == ours | set(replays._UNTOLD)
    assert not ours & set(replays._UNTOLD)


# --- what is asked and what is said ----------------------------------------------------------


@pytest.mark.parametrize("which", ["evt_1", ORDER])
def test_one_event_is_found_by_its_id_its_payment_or_its_hash(kept: Kept, which: str) -> None:
    kept.deliver(_paid(), _paid(2, BO))
    names = {event.name for event in kept_events(kept.files) if ANA in event.body.decode()}

    assert kept.replay(which).events == 1
    assert [kept.replay(name).events for name in names] == [1]


def test_an_event_that_is_not_kept_is_said_so(kept: Kept) -> None:
    with pytest.raises(NothingKept, match="'evt_9' is kept"):
        kept.replay("evt_9")


def test_who_repaired_what_and_why_is_kept_without_anybodys_address(kept: Kept) -> None:
    kept.reader = _deaf
    kept.deliver(_paid())
    kept.reader = _as_told

    report = kept.replay(sanction=REPAIR)

    (replay,) = kept.world.records.everything(Replay)
    assert (replay.order, replay.by, replay.why) == (ORDER, *REPAIR)
    assert "status: nothing, would be paid" in replay.changes
    assert "letter: confirmation" in replay.changes
    assert ANA not in repr(replay) + repr(report)


def test_of_an_event_with_two_bodies_the_one_that_was_taken_in_counts(kept: Kept) -> None:
    kept.deliver(_paid(), _paid(amount=Money(minor=1, currency="USD")))
    replayed = kept.replay(sanction=REPAIR)

    assert replayed.altered == ["evt_1"]
    assert replayed.orders == []
    assert kept.order().paid == _price()


def test_what_a_provider_listed_is_compared_by_what_it_says_and_not_by_its_bytes(
    kept: Kept,
) -> None:
    kept.deliver(_paid())
    marker = kept.world.records.everything(EventMarker)[0]
    kept.world.records.commit(marker.model_copy(update={"body_sha256": LISTED}))

    assert kept.replay(sanction=REPAIR).unchanged == 1


def test_the_last_seat_goes_to_whoever_paid_first(kept: Kept) -> None:
    one_seat = CATALOGUE.model_copy(
        update={
            "sessions": tuple(
                one.model_copy(update={"capacity": 1}) if one.id == CLASS else one
                for one in CATALOGUE.sessions
            )
        }
    )
    kept.world.wait(minutes=1)
    kept.world.publish(one_seat)
    kept.reader = _deaf
    kept.deliver(_paid(7, BO), _paid(3, ANA))
    kept.reader = _as_told

    looked = kept.replay()
    assert [one["order"] for one in looked.orders] == ["stripe-pi_3", "stripe-pi_7"]
    kept.replay(sanction=REPAIR)

    assert kept.world.seats(CLASS) == {who(ANA): "active"}
    assert kept.order("stripe-pi_7").waiting == "review"
    assert [count.taken for count in kept.world.records.everything(SeatCount)] == [1]
    changes = {one["what"]: one["after"] for one in looked.orders[1]["changes"]}
    assert changes["review"].endswith("has no seat left.")


def test_what_goes_wrong_with_one_payment_leaves_the_others(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.reader = _deaf
    kept.deliver(_paid(), _paid(2, BO))
    kept.reader = _as_told
    real = kept.world.records.get

    def get(key: object, of: object) -> object:
        if key == Order.key_of(ORDER):
            raise Unavailable("The table did not answer.")
        return real(key, of)  # type: ignore[arg-type]

    monkeypatch.setattr(kept.world.records, "get", get)
    replayed = kept.replay(sanction=REPAIR)

    assert replayed.failed == [{"order": ORDER, "why": "Unavailable"}]
    assert [one["order"] for one in replayed.orders] == ["stripe-pi_2"]


def test_a_body_that_comes_again_is_kept_once_and_a_key_names_nobody(kept: Kept) -> None:
    records = kept.world.records
    told: dict[str, Any] = {"files": kept.files, "records": records, "identity_key": KEY}
    for _ in range(3):
        keep_event("stripe", b'{"email": "ana@people.example"}', [], now=kept.world.now, **told)
    keep_event("Ana <ana@people.example>", b"{}", None, now=kept.world.now, **told)

    assert [key.split("/")[:2] for key in sorted(kept.files.objects)] == [
        ["payment-events", "stripe"],
        ["payment-events", "unknown"],
    ]
    assert not any("ana" in key for key in kept.files.objects)


def _price() -> Money:
    offer = CATALOGUE.offer(OFFER)
    return Money(minor=offer.amount, currency=offer.currency)


def _text(kept: Kept, key: str) -> str:
    return str(json.loads(kept.files.objects[key])["id"])


def _ends(kept: Kept) -> object:
    records = kept.world.records
    orders = [one.model_dump(exclude={"version"}) for one in records.everything(Order)]
    return orders, kept.world.seats(CLASS)
