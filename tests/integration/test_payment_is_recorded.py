"""What was queued becomes seats and letters; one message that cannot be read costs itself only."""

from io import StringIO

import pytest

from functions.payment_webhook.record import handler
from shared.domain.letters import LetterKind
from shared.domain.payments import EventMarker, Order
from shared.domain.registrations import Registration, RegistrationStatus
from tests.cloud import CONTEXT, ENVIRON, Cloud, who
from tests.gateway import queue_event
from tests.payments import body_of, changed
from tests.season import IDHA, on_sale

FIRST, SECOND = (session.id for session in IDHA.sessions[:2])
PAID, BUNDLE = "checkout.session.completed.paid", "checkout.session.completed.bundle"
AMARA, DEVIKA = who("amara.osei@example.org"), who("devika.pillai@example.org")


@pytest.fixture
def published(cloud: Cloud) -> Cloud:
    """IDHA's series is on sale."""
    return on_sale(cloud)


def _failed(*bodies: str) -> list[str]:
    answer = handler(queue_event(*bodies), CONTEXT)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def _seats(cloud: Cloud, session: str) -> dict[str, RegistrationStatus]:
    found = cloud.records.find(f"SESSION#{session}", Registration, "REG#")
    return {registration.learner: registration.status for registration in found}


def test_payments_become_seats_and_letters_that_wait_to_be_sent(published: Cloud) -> None:
    assert _failed(body_of(PAID), body_of(BUNDLE)) == []

    assert _seats(published, FIRST) == {AMARA: "active", DEVIKA: "active"}
    assert _seats(published, SECOND) == {DEVIKA: "active"}
    assert {letter.learner for letter in published.letters(LetterKind.CONFIRMATION)} == {
        AMARA,
        DEVIKA,
    }
    (marker,) = [m for m in published.everything(EventMarker) if "amara" not in m.order][:1]
    assert marker.expires_at is not None
    assert marker.expires_at > published.now.timestamp() + 399 * 86400


@pytest.mark.parametrize(
    "poison",
    ["", "{}", "not json", "{" * 1000, changed(PAID, amount_total="60.00")],
    ids=["empty", "an empty object", "words", "depth", "an amount in words"],
)
def test_a_message_that_cannot_be_read_fails_alone(published: Cloud, poison: str) -> None:
    assert _failed(body_of(PAID), poison, body_of(BUNDLE)) == ["message-1"]

    assert _seats(published, FIRST) == {AMARA: "active", DEVIKA: "active"}


def test_a_batch_of_nothing_but_poison_fails_message_by_message(published: Cloud) -> None:
    assert _failed("{}", "{}") == ["message-0", "message-1"]


def test_the_same_batch_twice_and_the_same_message_twice_count_once(published: Cloud) -> None:
    for _ in range(2):
        assert _failed(body_of(PAID), body_of(PAID), body_of(BUNDLE)) == []

    assert len(published.letters(LetterKind.CONFIRMATION)) == 2
    assert len(published.everything(EventMarker)) == 2


def test_a_known_event_with_another_body_changes_nothing_and_is_counted(
    published: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    _failed(body_of(PAID))

    assert _failed(changed(PAID, amount_total=8500)) == []

    assert '"PaymentAltered":[1.0]' in capsys.readouterr().out
    (order,) = published.everything(Order)
    assert order.paid is not None and order.paid.minor == 6000


def test_a_refund_that_comes_before_its_payment_leaves_no_seat(published: Cloud) -> None:
    assert _failed(body_of("charge.refunded.full"), body_of(PAID)) == []

    assert _seats(published, FIRST) == {AMARA: "ended"}
    assert published.letters(LetterKind.CONFIRMATION) == []


def test_an_event_of_no_interest_is_done_with(
    published: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _failed(body_of("checkout.session.expired")) == []

    assert '"PaymentEventNotNeeded":[1.0]' in capsys.readouterr().out
    assert published.everything(Order) == []


def test_a_payment_that_no_series_lists_is_kept_for_staff(cloud: Cloud) -> None:
    assert _failed(body_of(PAID)) == []

    (order,) = cloud.everything(Order)
    assert order.waiting == "review"
    (letter,) = cloud.letters(LetterKind.STAFF_REVIEW)
    assert letter.lines == ("No published series lists what this payment names.",)


@pytest.mark.parametrize(
    ("stage", "live", "waits"),
    [("staging", False, None), ("staging", True, "review"), ("local", False, None),
     ("prod", True, None), ("prod", False, "review")],
)  # fmt: skip
def test_only_the_real_system_takes_real_money_and_it_takes_no_other(
    published: Cloud, monkeypatch: pytest.MonkeyPatch, stage: str, live: bool, waits: str | None
) -> None:
    monkeypatch.setenv("STAGE", stage)

    assert _failed(changed(PAID, event={"livemode": live})) == []

    (order,) = published.everything(Order)
    assert order.waiting == waits


def test_while_the_table_is_gone_messages_come_again_and_then_are_done(published: Cloud) -> None:
    table = published.dynamodb.describe_table(TableName=ENVIRON["RECORDS_TABLE"])["Table"]
    published.dynamodb.delete_table(TableName=table["TableName"])

    assert _failed(body_of(PAID), body_of(BUNDLE)) == ["message-0", "message-1"]


def test_what_is_logged_and_counted_names_nobody(
    published: Cloud, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    _failed(body_of(PAID), changed(BUNDLE, customer_details=["Devika Pillai"]), body_of(PAID))

    told = logged.getvalue() + capsys.readouterr().out
    assert '"PaymentRecorded":[1.0]' in told
    assert "UnreadableEvent" in told
    for name in ("Amara", "Osei", "Devika", "example.org"):
        assert name not in told
