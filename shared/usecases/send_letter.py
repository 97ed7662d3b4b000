"""Send one owed letter: claim it, write it, hand it over, and remember what became of it.

Nobody is written to twice by a retry: a letter that was handed over without an answer is set aside
as UNKNOWN, and only its kind's policy, carried out by the sweep, may send it once more.
"""

from datetime import datetime

from shared.domain.letter_facts import Composed, Envelope, LetterFacts
from shared.domain.letters import Fact, Letter, LetterKind, LetterStatus, owe
from shared.domain.mailboxes import Mailbox
from shared.failures import Conflict, NoLongerTrue, NotSent, Unanswered, Unavailable
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.gather_letter_facts import Desk, gather
from shared.usecases.owe_letters import owe_once

# Sent to an address that is to be confirmed, whatever is known of the one on file.
_TO_ANOTHER_ADDRESS = (LetterKind.ADDRESS_CONFIRM,)


def send_letter(letter: Letter, claim: str, desk: Desk, now: datetime) -> LetterStatus:
    """Send the letter if nobody else does. `claim` is unique to this attempt.

    Raises NotSent(later=True) when the mail service asks for patience: it is owed as before.
    """
    mine = _claim(letter, claim, desk.letters, now)
    if mine is None:
        return LetterStatus.SENDING
    kept_back = _kept_back(mine, desk.records)
    if kept_back is not None:
        return _settle(kept_back, desk.letters)
    try:
        facts = gather(mine, desk, now)
        composed = desk.composer.compose(facts)
        envelope = _envelope(mine, facts, desk)
    except NoLongerTrue as reason:
        return _settle(mine.withdrawn(str(reason)), desk.letters)
    except Unavailable as error:
        _settle(mine.back_in_line("Something it says could not be read."), desk.letters)
        raise NotSent(str(error), later=True) from error
    except Exception as error:
        # A letter we cannot write is for staff to know, and must not hold up the others.
        _settle(mine.failed(f"It could not be written: {type(error).__name__}."), desk.letters)
        tell_staff_it_failed(mine, "It could not be written.", desk.records, now)
        raise
    return _hand_over(mine, envelope, composed, desk, now)


def _kept_back(letter: Letter, records: Records) -> Letter | None:
    """The letter settled without being sent, because its reader cannot get it or wants none."""
    if letter.learner is None or letter.letter in _TO_ANOTHER_ADDRESS or letter.letter.to_staff:
        return None
    mailbox = records.get(Mailbox.key_of(letter.learner), Mailbox)
    if mailbox is None:
        return None
    if letter.letter.is_announcement and not mailbox.wants_announcements:
        return letter.withdrawn("They want no announcements.")
    if mailbox.bounced_at is not None:
        return letter.returned(None, "Kept back: letters to this address come back.")
    return None


def _claim(letter: Letter, claim: str, records: Records, now: datetime) -> Letter | None:
    """The letter as ours to send, or None if it is not to be sent (by us)."""

    def attempt() -> Letter | None:
        current = records.get(letter.key(), Letter)
        if current is None:
            return None
        if current.status is LetterStatus.SENDING and current.claim == claim:
            return current  # our own claim, whose answer was lost
        if current.status is not LetterStatus.PENDING:
            return None
        claimed = current.claimed(claim, now)
        records.commit(claimed)
        return claimed.model_copy(update={"version": current.version + 1})

    return until_committed(attempt)


def _hand_over(
    mine: Letter, envelope: Envelope, composed: Composed, desk: Desk, now: datetime
) -> LetterStatus:
    try:
        message_id = desk.mailer.send(envelope, composed)
    except NotSent as error:
        if error.later:
            _settle(mine.back_in_line(str(error)), desk.letters)
            raise
        status = _settle(mine.failed(str(error)), desk.letters)
        tell_staff_it_failed(mine, str(error), desk.records, now)
        return status
    except Unanswered as error:
        return _settle(mine.unanswered(str(error)), desk.letters)
    return _settle(mine.sent(message_id, now), desk.letters)


def _settle(letter: Letter, records: Records) -> LetterStatus:
    try:
        records.commit(letter)
    except Conflict:
        # Somebody settled it meanwhile (an expired lease, or our own commit whose answer was lost).
        current = records.get(letter.key(), Letter)
        if current is not None and current.status is LetterStatus.UNKNOWN:
            records.commit(letter.model_copy(update={"version": current.version}))
    return letter.status


def tell_staff_it_failed(letter: Letter, why: str, records: Records, now: datetime) -> None:
    """Owe staff a letter about a letter; one that was itself for staff stays in the list."""
    notice = letter_about_failure(letter, why, now)
    if notice is not None:
        owe_once(notice, records)


def letter_about_failure(letter: Letter, why: str, now: datetime) -> Letter | None:
    """What staff are told of a letter that did not reach its reader; None if it was for staff."""
    if letter.letter.to_staff:
        return None
    return owe(
        LetterKind.STAFF_LETTER,
        f"{letter.letter}#{letter.name}",
        now,
        series=letter.series,
        learner=letter.learner,
        facts=(Fact(label="Letter", value=letter.letter.value.replace("_", " ")),),
        lines=(why,),
    )


def _envelope(letter: Letter, facts: LetterFacts, desk: Desk) -> Envelope:
    institute = facts.catalogue.institute if facts.catalogue else None
    sender = institute.sender if institute else desk.operator
    if letter.letter.to_staff or facts.learner is None:
        to_name = ""
        to = letter.staff or (institute.staff if institute else (desk.operator,))
    else:
        to_name, to = facts.learner.name, (facts.to_address or facts.learner.address,)
    return Envelope(
        sender_name=institute.name if institute else "Tending",
        sender=sender,
        reply_to=institute.contact if institute else desk.operator,
        to_name=to_name,
        to=tuple(to),
        letter_id=f"{letter.letter}#{letter.name}",
        unsubscribe=facts.links.get("unsubscribe"),
    )
