"""Five thousand letters through a mail service that throttles, forgets to answer, and tells later.

The service takes a letter or does not, and says so or does not; what it took it tells of within a
few minutes, in any order and sometimes twice. Workers get every letter twice, as a stream may hand
it over, and some die while they send.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from shared.domain.letter_facts import Composed, Envelope
from shared.domain.letters import Letter, LetterKind, LetterStatus, owe
from shared.domain.mailboxes import Feedback, Said
from shared.domain.record import Record
from shared.domain.registrations import Learner
from shared.failures import NotSent, Unanswered
from shared.usecases.send_letter import send_letter
from shared.usecases.sweep_letters import sweep_letters
from shared.usecases.take_feedback import take_feedback
from tests.catalogues import an_order, classes_catalogue
from tests.world import KEY, World

CLASSES = classes_catalogue()
# Links are sent once more if nobody knows what became of them; the others are not.
LINKS, OTHERS = 3000, 2000
OFFER = "all-five-general"
FAILED: dict[str, object] = {"paid": None, "failed": True}
OPEN = (LetterStatus.PENDING, LetterStatus.SENDING, LetterStatus.UNKNOWN)


class Died(BaseException):
    """A worker is gone in the middle of its work, and nobody hears of it."""


@dataclass
class BusyService:
    """A mail service on a bad day. `taken` counts how often it took each letter."""

    chance: random.Random
    taken: Counter[str] = field(default_factory=Counter)
    to_tell: list[Feedback] = field(default_factory=list)
    world: World = field(default_factory=World)
    _count: int = 0

    def send(self, envelope: Envelope, letter: Composed) -> str:
        luck = self.chance.random()
        if luck < 0.25:
            raise NotSent("The mail service asks for patience (Throttling).", later=True)
        if luck < 0.28:
            raise Unanswered("The connection broke on the way there.")
        message_id = self._take(envelope)
        if luck < 0.32:
            raise Unanswered("The mail service did not answer.")
        if luck < 0.33:
            raise Died
        return message_id

    def _take(self, envelope: Envelope) -> str:
        self.taken[envelope.letter_id] += 1
        self._count += 1
        message_id = f"message-{self._count}"
        told = Feedback(
            said=Said.DELIVERED,
            letter_id=envelope.letter_id,
            message_id=message_id,
            at=self.world.now,
            addresses=envelope.to,
        )
        self.to_tell.append(told)
        if self.chance.random() < 0.2:
            self.to_tell += [told, told.model_copy(update={"said": Said.SENT})]
        return message_id


@dataclass
class Office(World):
    """The institute with that mail service, and workers who send what is owed."""

    service: BusyService = field(default_factory=lambda: BusyService(random.Random(7)))

    def __post_init__(self) -> None:
        self.service.world = self
        self.mailer = self.service  # type: ignore[assignment]

    def owe(self, links: int, others: int) -> None:
        """So many people asked for their link, and the payments of so many did not go through."""
        self.publish(CLASSES)
        kept: list[Record] = []
        for number in range(links + others):
            learner, order = f"learner{number}", f"stripe-pi_{number}"
            address = f"a{number}@example.org"
            named_by = (self.now, order)
            kept.append(Learner(learner=learner, name="Ana", address=address, named_by=named_by))
            kind = LetterKind.MY_PAGE_LINK if number < links else LetterKind.PAYMENT_FAILED
            kept.append(an_order(CLASSES, OFFER, order=order, learner=learner, **FAILED))
            whose = {"learner": learner, "order": order, "series": CLASSES.series.id}
            kept.append(owe(kind, order, self.now, **whose))
        self.records.put_all(kept)

    def work(self, *, told: bool = True, claims: bool = True) -> None:
        """Send, hear what became of it, sweep, until no letter is on its way."""
        for _ in range(60):
            owed = [one for one in self.letters_of_people() if one.status in OPEN]
            if not owed:
                return
            for letter in owed:
                if letter.status is LetterStatus.PENDING:
                    self._two_workers(letter, claims=claims)
            self.wait(minutes=5)
            if told:
                self._hear()
            sweep_letters(self.records, self.records, self.now)
        raise AssertionError("Letters are on their way for ever.")

    def _two_workers(self, letter: Letter, *, claims: bool) -> None:
        for worker in ("one", "two"):
            try:
                send_letter(letter, f"{worker}-{self.now}", self.desk, self.now)
            except (NotSent, Died):
                continue
            finally:
                if not claims:
                    self._unclaim(letter)

    def _unclaim(self, letter: Letter) -> None:
        """As if nobody had written down that somebody is at it."""
        current = self.records.get(letter.key(), Letter)
        if current is not None and current.status is not LetterStatus.WITHDRAWN:
            self.records.commit(current.back_in_line("Nobody wrote down who sends it."))

    def _hear(self) -> None:
        self.service.chance.shuffle(self.service.to_tell)
        for told in self.service.to_tell:
            take_feedback(told, records=self.records, key=KEY, now=self.now)
        self.service.to_tell.clear()

    def letters_of_people(self) -> list[Letter]:
        return [one for one in self.records.everything(Letter) if not one.letter.to_staff]

    def listed(self) -> set[str]:
        """The letters that staff were told did not arrive."""
        return {letter.about for letter in self.letters(LetterKind.STAFF_LETTER)}


def name_of(letter: Letter) -> str:
    return f"{letter.letter}#{letter.about}"


@pytest.fixture(scope="module")
def played() -> Office:
    office = Office()
    office.owe(LINKS, OTHERS)
    office.work()
    return office


def test_of_five_thousand_letters_none_comes_twice(played: Office) -> None:
    assert len(played.letters_of_people()) == LINKS + OTHERS
    assert [name for name, times in played.service.taken.items() if times > 1] == []


def test_of_five_thousand_letters_none_is_lost_without_a_word(played: Office) -> None:
    arrived = set(played.service.taken)
    names = {name_of(letter) for letter in played.letters_of_people()}
    missing = names - arrived

    assert missing == played.listed() - arrived
    assert 0 < len(missing) < (LINKS + OTHERS) // 20


def test_every_letter_without_an_answer_is_settled_or_listed_for_staff(played: Office) -> None:
    arrived, listed = set(played.service.taken), played.listed()
    for letter in played.letters_of_people():
        if letter.status is LetterStatus.SENT:
            assert name_of(letter) in arrived
            assert letter.delivered_at is not None
        else:
            assert letter.status is LetterStatus.FAILED
            assert name_of(letter) in listed


def test_a_link_that_never_left_is_sent_once_more_and_arrives(played: Office) -> None:
    again = [
        letter
        for letter in played.letters_of_people()
        if letter.letter is LetterKind.MY_PAGE_LINK and letter.attempts > 1
    ]
    assert len(again) > 30
    sent = [one for one in again if one.status is LetterStatus.SENT]
    assert len(sent) > 0.9 * len(again)


def test_without_claims_the_same_day_would_send_many_twice() -> None:
    """The negative control: two workers who do not write down that they are at it."""
    office = Office()
    office.owe(links=200, others=0)
    for letter in office.letters_of_people():
        office._two_workers(letter, claims=False)

    assert max(office.service.taken.values()) > 1


def test_without_hearing_what_became_of_them_some_would_be_sent_twice() -> None:
    """The other control: what the service took without an answer is then sent once more."""
    office = Office()
    office.owe(links=200, others=0)
    office.work(told=False)

    assert max(office.service.taken.values()) == 2
