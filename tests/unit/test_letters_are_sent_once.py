"""A letter is sent once: whoever claims it sends it, and what became of it is never guessed."""

import threading
from contextlib import suppress

import pytest

from shared.adapters.memory import PlainComposer
from shared.domain.letter_facts import Composed, Envelope, LetterFacts
from shared.domain.letters import CLAIM_LEASE, Letter, LetterKind, LetterStatus, owe
from shared.failures import Conflict, NotSent, Unanswered
from shared.usecases.gather_letter_facts import gather
from shared.usecases.send_letter import send_letter
from tests.catalogues import classes_catalogue
from tests.world import World, paid, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
BUSY = NotSent("The mail service asks for patience (Throttling).", later=True)
REFUSED = NotSent("The mail service refused it (MessageRejected).", later=False)
SILENCE = Unanswered("The mail service did not answer.")


@pytest.fixture
def owing(world: World) -> World:
    """Ana paid, and her confirmation is owed."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    return world


def _confirmation(world: World) -> Letter:
    (letter,) = world.letters(LetterKind.CONFIRMATION)
    return letter


def _envelopes(world: World) -> list[tuple[str, ...]]:
    return [envelope.to for envelope, _ in world.mailer.sent]


def test_a_letter_that_is_owed_is_sent_and_no_longer_waits(owing: World) -> None:
    owing.post()

    letter = _confirmation(owing)
    assert letter.status is LetterStatus.SENT
    assert (letter.message_id, letter.sent_at) == ("message-1", owing.now)
    assert letter.waiting is None
    ((envelope, _),) = owing.mailer.sent
    assert envelope.to == ("ana@example.org",)
    assert envelope.reply_to == CLASSES.institute.contact


def test_the_same_owed_letter_handed_to_two_workers_is_sent_by_one(owing: World) -> None:
    as_both_saw_it = _confirmation(owing)

    outcomes = [
        send_letter(as_both_saw_it, claim, owing.desk, owing.now) for claim in ("one", "two")
    ]

    assert outcomes == [LetterStatus.SENT, LetterStatus.SENDING]
    assert len(owing.mailer.sent) == 1


def test_eight_workers_at_the_same_moment_send_one_letter(owing: World) -> None:
    letter = _confirmation(owing)
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        send_letter(letter, f"claim-{number}", owing.desk, owing.now)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(owing.mailer.sent) == 1


def test_without_claims_the_same_two_workers_would_send_it_twice(owing: World) -> None:
    """The negative control: take the claim away, and the test above would notice."""
    as_both_saw_it = _confirmation(owing)

    for _ in ("one", "two"):
        _send_unclaimed(as_both_saw_it, owing)

    assert len(owing.mailer.sent) == 2


def _send_unclaimed(letter: Letter, world: World) -> None:
    """A worker as most write it: is it pending? then send, then note that it was sent."""
    if letter.status is not LetterStatus.PENDING:
        return
    facts = gather(letter, world.desk, world.now)
    assert facts.learner is not None
    envelope = Envelope(
        sender_name="",
        sender="letters@idha.example",
        reply_to="letters@idha.example",
        to_name=facts.learner.name,
        to=(facts.learner.address,),
        letter_id=letter.about,
    )
    message_id = world.mailer.send(envelope, world.desk.composer.compose(facts))
    with suppress(Conflict):
        world.records.commit(letter.sent(message_id, world.now))


def test_a_letter_the_service_has_no_time_for_is_owed_as_before(owing: World) -> None:
    owing.mailer.answers = [BUSY]

    with pytest.raises(NotSent):
        send_letter(_confirmation(owing), "claim", owing.desk, owing.now)

    assert _confirmation(owing).status is LetterStatus.PENDING
    owing.post()
    assert _envelopes(owing) == [("ana@example.org",)]


def test_a_letter_that_is_refused_is_not_tried_again_and_staff_are_told(owing: World) -> None:
    owing.mailer.answers = [REFUSED]

    owing.post()
    owing.wait(hours=2)
    owing.sweep()
    owing.post()

    letter = _confirmation(owing)
    assert letter.status is LetterStatus.FAILED
    assert letter.note == "The mail service refused it (MessageRejected)."
    (notice,) = owing.letters(LetterKind.STAFF_LETTER)
    assert notice.learner == who("ana@example.org")
    assert _envelopes(owing) == [CLASSES.institute.staff]


def test_a_letter_to_staff_that_is_refused_does_not_write_about_itself(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org", offer_ids=("plink_odd",))
    world.mailer.answers = [REFUSED]

    world.post()

    (letter,) = world.letters(LetterKind.STAFF_REVIEW)
    assert letter.status is LetterStatus.FAILED
    assert world.letters(LetterKind.STAFF_LETTER) == []


def test_a_letter_without_an_answer_is_never_sent_again_by_a_retry(owing: World) -> None:
    owing.mailer.answers = [SILENCE]

    for claim in ("first", "retry", "retry of the retry"):
        send_letter(_confirmation(owing), claim, owing.desk, owing.now)

    assert _confirmation(owing).status is LetterStatus.UNKNOWN
    assert len(owing.mailer.sent) == 1


def test_the_sweep_sends_an_unanswered_confirmation_once_more_and_then_gives_up(
    owing: World,
) -> None:
    owing.mailer.answers = [SILENCE, SILENCE]
    for _ in range(4):
        owing.post()
        owing.wait(minutes=20)
        owing.sweep()

    assert _envelopes(owing)[:2] == [("ana@example.org",)] * 2
    assert _envelopes(owing).count(("ana@example.org",)) == 2
    letter = _confirmation(owing)
    assert letter.status is LetterStatus.FAILED
    assert letter.note == "The mail service never said whether it was sent."
    assert len(owing.letters(LetterKind.STAFF_LETTER)) == 1


def test_a_letter_that_had_to_wait_first_keeps_its_one_more_try(owing: World) -> None:
    owing.mailer.answers = [BUSY, BUSY, SILENCE]
    for _ in range(5):
        owing.post()
        owing.wait(minutes=20)
        owing.sweep()

    assert _envelopes(owing) == [("ana@example.org",)] * 2
    assert _confirmation(owing).status is LetterStatus.SENT


def test_an_unanswered_letter_of_another_kind_is_not_sent_again(owing: World) -> None:
    fact = paid(CLASSES, f"{CLASS_1.id}-general", "bo@example.org", 7)
    owing.post()
    owing.deliver(fact)
    owing.deliver(fact.model_copy(update={"event": "evt_back", "says": "refunded"}))
    owing.mailer.answers = [SILENCE]
    for _ in range(3):
        owing.post()
        owing.wait(minutes=20)
        owing.sweep()

    (letter,) = owing.letters(LetterKind.REFUNDED)
    assert letter.status is LetterStatus.FAILED
    assert _envelopes(owing).count(("bo@example.org",)) == 1


@pytest.mark.parametrize("answers", [[BUSY], [SILENCE], [REFUSED]])
def test_an_unanswered_letter_is_left_alone_until_its_worker_must_be_gone(
    owing: World, answers: list[NotSent | Unanswered | None]
) -> None:
    owing.mailer.answers = answers
    owing.post()
    before = _confirmation(owing)
    owing.wait(minutes=9)

    owing.sweep()

    assert _confirmation(owing) == before


def test_a_claim_whose_holder_died_is_not_taken_over_but_settled_by_the_sweep(
    owing: World,
) -> None:
    owing.records.commit(_confirmation(owing).claimed("of a worker that died", owing.now))

    owing.wait(minutes=14)
    owing.sweep()
    assert send_letter(_confirmation(owing), "another", owing.desk, owing.now) == "SENDING"
    assert owing.mailer.sent == []

    owing.now += CLAIM_LEASE
    owing.sweep()
    assert _confirmation(owing).status is LetterStatus.UNKNOWN
    owing.sweep()
    owing.post()
    assert _confirmation(owing).status is LetterStatus.SENT
    assert len(owing.mailer.sent) == 1


def test_a_confirmation_of_what_was_refunded_meanwhile_is_withdrawn(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    world.deliver(fact)
    world.deliver(fact.model_copy(update={"event": "evt_back", "says": "refunded"}))

    world.post()

    assert _confirmation(world).status is LetterStatus.WITHDRAWN
    assert [letter.subject for _, letter in world.mailer.sent] == ["refunded#stripe-pi_1"]


def test_a_letter_that_cannot_be_written_fails_alone_and_staff_are_told(owing: World) -> None:
    class Wordless(PlainComposer):
        def compose(self, facts: LetterFacts) -> Composed:
            if facts.letter.letter is LetterKind.CONFIRMATION:
                raise ValueError("no words")
            return super().compose(facts)

    desk = owing.desk.__class__(**{**vars(owing.desk), "composer": Wordless()})

    with pytest.raises(ValueError, match="no words"):
        send_letter(_confirmation(owing), "claim", desk, owing.now)

    assert _confirmation(owing).status is LetterStatus.FAILED
    assert _confirmation(owing).note == "It could not be written: ValueError."
    assert len(owing.letters(LetterKind.STAFF_LETTER)) == 1


def test_what_is_owed_is_named_by_what_it_is_about_so_it_cannot_be_owed_twice(
    owing: World,
) -> None:
    again = owe(LetterKind.CONFIRMATION, _confirmation(owing).about, owing.now)

    with pytest.raises(Conflict):
        owing.records.commit(again)
