"""Whatever the mail service answers, we know whether the letter went, did not, or may have."""

import pytest

from shared import wiring
from shared.adapters.ses_mailer import SesMailer
from shared.domain.letter_facts import Composed, Envelope
from shared.failures import NotSent, Unanswered
from tests.cloud import Cloud
from tests.wire import Fault, Wire, answer_lost, unreachable, xml_error

LETTER = Composed(subject="Your seat", text="You are in.", html="<p>You are in.</p>")


def _envelope(sender: str = "letters@idha.example") -> Envelope:
    return Envelope(
        sender_name="IDHA",
        sender=sender,
        reply_to="contact@idha.example",
        to_name="Zoë Röß",
        to=("zoe@example.org",),
        letter_id="confirmation#order-1",
    )


@pytest.fixture
def wire(cloud: Cloud) -> Wire:
    """The way to the mail service, which is asked once only."""
    return Wire("ses", wiring._ONCE)


def _mailer(wire: Wire) -> SesMailer:
    mailer = SesMailer(wire.client, "letters", sleep=lambda _: None)
    mailer._pause = 0.0  # the question about the quota is another test's
    return mailer


def test_a_letter_that_is_taken_has_the_services_own_id(cloud: Cloud, wire: Wire) -> None:
    message_id = _mailer(wire).send(_envelope(), LETTER)

    assert message_id
    (letter,) = cloud.inbox()
    assert letter["Subject"] == "Your seat"
    assert letter["X-Tending-Letter"] == "confirmation#order-1"
    assert str(letter["To"]) == "Zoë Röß <zoe@example.org>"


def test_a_sender_the_service_does_not_know_is_a_definite_no(wire: Wire) -> None:
    with pytest.raises(NotSent) as refused:
        _mailer(wire).send(_envelope("letters@unverified.example"), LETTER)

    assert refused.value.later is False


@pytest.mark.parametrize(
    ("fault", "later"),
    [
        (xml_error("Throttling"), True),
        (xml_error("TooManyRequestsException", 429), True),
        (xml_error("AccountSendingPausedException"), True),
        (xml_error("ServiceUnavailable", 503), True),
        (unreachable, True),
        (xml_error("MessageRejected"), False),
        (xml_error("MailFromDomainNotVerifiedException"), False),
        (xml_error("ConfigurationSetDoesNotExist"), False),
        (xml_error("AccessDenied", 403), False),
    ],
)
def test_a_no_is_a_no_for_now_or_for_good_and_nothing_was_sent(
    cloud: Cloud, wire: Wire, fault: Fault, later: bool
) -> None:
    wire.faults = [fault]

    with pytest.raises(NotSent) as refused:
        _mailer(wire).send(_envelope(), LETTER)

    assert refused.value.later is later
    assert cloud.inbox() == []


@pytest.mark.parametrize("fault", [answer_lost, xml_error("InternalFailure", 500)])
def test_silence_is_neither_a_yes_nor_a_no_and_is_not_asked_again(wire: Wire, fault: Fault) -> None:
    wire.faults = [fault]

    with pytest.raises(Unanswered):
        _mailer(wire).send(_envelope(), LETTER)

    assert len(wire.requests) == 1


def test_a_client_that_asks_again_would_have_written_twice(cloud: Cloud) -> None:
    """The negative control, and the reason why the mail client has one attempt."""
    patient = Wire("ses", wiring._PATIENT)
    patient.faults = [answer_lost]

    _mailer(patient).send(_envelope(), LETTER)

    assert len(cloud.inbox()) == 2


def test_letters_go_no_faster_than_the_account_may_send(wire: Wire) -> None:
    waited: list[float] = []
    mailer = SesMailer(wire.client, "letters", sleep=waited.append, clock=lambda: 100.0)

    for _ in range(3):
        mailer.send(_envelope(), LETTER)

    a_second = 1 / wire.client.get_send_quota()["MaxSendRate"]
    assert waited == pytest.approx([a_second, 2 * a_second])
