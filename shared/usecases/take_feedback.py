"""Take in what the mail service said of a letter: it arrived, came back, or was not wanted.

Everything that follows is one commit, so a message that comes twice, or late, changes nothing more.
"""

from datetime import datetime
from enum import StrEnum

from shared.domain.letters import Fact, Letter, LetterKind, LetterStatus, owe
from shared.domain.links import learner_id
from shared.domain.mailboxes import Feedback, Said
from shared.domain.people import clean_address
from shared.domain.record import Record
from shared.domain.registrations import Learner
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.mailbox_of import mailbox_of
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.send_letter import letter_about_failure

_SETTLED_BY_A_WORD = (LetterStatus.SENDING, LetterStatus.UNKNOWN, LetterStatus.FAILED)


class Taken(StrEnum):
    """What became of it."""

    TAKEN = "taken"
    NOTHING_NEW = "nothing_new"
    # A letter of a scholarship round, of another deployment, or of none.
    NOT_OURS = "not_ours"


def take_feedback(feedback: Feedback, *, records: Records, key: bytes, now: datetime) -> Taken:
    """Take in one thing that was said. Raises Unavailable: deliver it again."""
    kind, _, about = feedback.letter_id.partition("#")
    if kind not in set(LetterKind):
        return Taken.NOT_OURS

    def attempt() -> Taken:
        letter = records.get(Letter.key_of(LetterKind(kind), about), Letter)
        if letter is None:
            return Taken.NOT_OURS
        changes = [*_of_letter(letter, feedback, records, now)]
        changes += _of_mailbox(letter, feedback, records, key, now)
        if not changes:
            return Taken.NOTHING_NEW
        records.commit(*changes)
        return Taken.TAKEN

    return until_committed(attempt)


def _of_letter(letter: Letter, feedback: Feedback, records: Records, now: datetime) -> list[Record]:
    """The letter as it stands after that, and the letter to staff if it did not arrive."""
    if letter.message_id not in (None, feedback.message_id):
        return []  # said of an earlier time that the same letter was sent
    match feedback.said:
        case Said.SENT | Said.DELIVERED:
            heard = letter
            if letter.status in _SETTLED_BY_A_WORD:
                heard = letter.sent(feedback.message_id, feedback.at)
            if feedback.said is Said.DELIVERED:
                heard = heard.delivered(feedback.at)
            return [heard] if heard != letter else []
        case Said.BOUNCED | Said.REJECTED:
            if letter.status is LetterStatus.RETURNED:
                return []
            why = _WHY[feedback.said, feedback.for_good]
            returned = letter.returned(feedback.message_id, why)
            if feedback.for_good and letter.learner is not None:
                return [returned]  # staff hear of the address, once, and not of each letter
            told = letter_about_failure(letter, why, now)
            return [returned, *not_yet_owed([told] if told else [], records)]
        case _:
            return []


def _of_mailbox(
    letter: Letter, feedback: Feedback, records: Records, key: bytes, now: datetime
) -> list[Record]:
    """The person's mailbox as it is known after that, and what staff are told of it."""
    person = records.get(Learner.key_of(letter.learner or ""), Learner)
    if person is None:
        return []
    address_id = learner_id(person.address, key)
    said_of = {learner_id(clean_address(one) or "", key) for one in feedback.addresses}
    if address_id not in said_of:
        return []  # of an address that has been corrected since
    mailbox = mailbox_of(person, records, key)
    if feedback.said is Said.COMPLAINED and mailbox.complained_at is None:
        return [mailbox.model_copy(update={"complained_at": feedback.at})]
    if feedback.said is not Said.BOUNCED or not feedback.for_good or mailbox.bounced_at is not None:
        return []
    told = owe(
        LetterKind.STAFF_ADDRESS,
        f"{person.learner}/{address_id}",
        now,
        learner=person.learner,
        series=letter.series,
        facts=(Fact(label="Letter", value=letter.letter.value.replace("_", " ")),),
    )
    return [mailbox.bounced(feedback.at), *not_yet_owed([told], records)]


_WHY = {
    (Said.BOUNCED, True): "It came back: the address does not exist, or takes no letters.",
    (Said.BOUNCED, False): "It could not be delivered for hours, and was given up.",
    (Said.REJECTED, True): "The mail service would not send it.",
    (Said.REJECTED, False): "The mail service would not send it.",
}
