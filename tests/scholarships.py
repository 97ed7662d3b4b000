"""A scholarship round in memory, played by the real use cases: people apply, vote and answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.adapters.memory import MemoryRecords, MemoryWorkflows, PlainComposer
from shared.domain.applications import (
    UNDECIDED,
    Answers,
    Application,
    Ask,
    Outcome,
    reference_of,
)
from shared.domain.awards import Award, Fund, FundEntry
from shared.domain.catalogue import Catalogue
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.links import learner_id, sign
from shared.domain.record import Record
from shared.domain.reviews import Vote
from shared.domain.rounds import Round
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.scholarship_views import FormView, MyApplicationView
from shared.failures import NotSent
from shared.usecases import run_round
from shared.usecases.gather_letter_facts import Desk
from shared.usecases.offer_awards import decide_and_award
from shared.usecases.open_application import act_on_application, open_application
from shared.usecases.review_applications import Reading, reading_as, vote_as
from shared.usecases.reviewers import reviewer_id
from shared.usecases.send_letter import send_letter
from shared.usecases.submit_application import (
    Ready,
    Receipt,
    check_form,
    open_form,
    submit,
)
from shared.usecases.sweep_scholarships import SweptScholarships, sweep_scholarships
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, who

ONE, TWO, THREE = (f"{name}@idha.example" for name in ("one", "two", "three"))
PRICE = 21000


def round_catalogue(**policy: Any) -> Catalogue:
    """The five classes with a scholarship round; keywords change its policy."""
    catalogue = classes_catalogue()
    fields = {
        "deadline": "2025-06-13 23:59",
        "zone": "America/New_York",
        "covers": "all-five-general",
        "fund": 9 * PRICE,
        "reviewers": (ONE, TWO, THREE),
        "tie_break": THREE,
        "review_days": 4,
        "answer_days": 2,
        "pay_days": 2,
        "roles": ("Mental health provider", "Peer"),
        "priorities": ("Low income", "Disabled"),
    }
    scholarship = ScholarshipPolicy.model_validate(fields | policy)
    policies = catalogue.policies.model_copy(update={"scholarship": scholarship})
    return catalogue.model_copy(update={"policies": policies})


@dataclass
class Codes:
    """Promotion codes, made as often as asked and always the same."""

    has_key: bool = True

    def make(self, award: Award, title: str, address: str) -> str | None:
        return f"CODE-{award.reference}" if self.has_key else None


@dataclass
class Scholarships(World):
    """An institute with a round: its applications, its reviewers, and the machine that waits."""

    catalogue: Catalogue = field(default_factory=round_catalogue)
    applications: MemoryRecords = field(default_factory=MemoryRecords)
    round_machine: MemoryWorkflows = field(default_factory=MemoryWorkflows)
    codes: Codes = field(default_factory=Codes)

    def __post_init__(self) -> None:
        self.publish(self.catalogue)

    @property
    def series(self) -> str:
        return self.catalogue.series.id

    @property
    def both(self) -> dict[str, Any]:
        return {"records": self.records, "applications": self.applications}

    def change(self, **policy: Any) -> None:
        """Publish the series with another policy."""
        scholarship = self.catalogue.policies.scholarship
        assert scholarship is not None
        fields = scholarship.model_dump() | policy
        self.catalogue = self.catalogue.model_copy(
            update={
                "policies": self.catalogue.policies.model_copy(
                    update={"scholarship": ScholarshipPolicy.model_validate(fields)}
                )
            }
        )
        self.publish(self.catalogue)

    def send(self, fields: Mapping[str, Sequence[str]], nonce: str) -> Receipt | object:
        """Fill a form in for a minute and send it; what came of it."""
        form = open_form(self.series, records=self.records, key=KEY, nonce=nonce, now=self.now)
        if not isinstance(form, FormView):
            return form
        sent = {"token": [form.token], **fields}
        filled = self.now + timedelta(minutes=1)
        ready = check_form(sent, records=self.records, keys=[KEY], nonce="again", now=filled)
        if not isinstance(ready, Ready):
            return ready
        return submit(ready, "192.0.2.1", 1000, **self.both, key=KEY, now=filled)

    def apply(self, person: str, nonce: str = "", **changes: Sequence[str]) -> str:
        """Somebody applies; the reference number."""
        receipt = self.send(form_of(person, **changes), nonce or person)
        assert isinstance(receipt, Receipt), receipt
        return receipt.reference

    def reference(self, person: str, nonce: str = "") -> str:
        return reference_of(self.series, f"form.{nonce or person}", KEY)

    def to_the_deadline(self) -> None:
        policy = self.catalogue.policies.scholarship
        assert policy is not None
        self.now = max(self.now, policy.closes_at)

    def begin_review(self) -> str:
        """Let the deadline pass and the machine ask the reviewers; the token of its wait."""
        self.to_the_deadline()
        run_round.start_round(
            self.series, self.round().closes_at, workflows=self.round_machine, now=self.now
        )
        token = f"token-{len(self.round_machine.resumed)}-{self.now:%s}"
        self.round_machine.waiting.add(token)
        run_round.ask_reviewers(
            self.series, token, **self.both, key=KEY, resume=self.round_machine.resume, now=self.now
        )
        return token

    def reading(self, reviewer: str) -> Reading:
        reading = reading_as(self.series, reviewer, **self.both, key=KEY)
        assert isinstance(reading, Reading)
        return reading

    def vote(self, reviewer: str, person: str, outcome: str, **fields: str) -> object:
        said = {name: [value] for name, value in (fields | {"outcome": outcome}).items()}
        return vote_as(
            self.reading(reviewer), self.reference(person), said, **self.both,
            resume=self.round_machine.resume, key=KEY, now=self.now,
        )  # fmt: skip

    def both_vote(self, person: str, outcome: str, **fields: str) -> None:
        """The first two reviewers agree."""
        self.vote(ONE, person, outcome, **fields)
        self.vote(TWO, person, outcome, **fields)

    def close_round(self) -> None:
        """Walk the rest of the round as its state machine does."""
        run_round.close_voting(self.series, records=self.records, now=self.now)
        while decide_and_award(self.series, **self.both, key=KEY, now=self.now, at_most=3)["more"]:
            pass
        run_round.sum_up(self.series, **self.both, now=self.now)

    def token(self, person: str) -> str:
        return sign("application", f"{self.series}/{self.reference(person)}", KEY)

    def page(self, person: str) -> MyApplicationView:
        view = open_application(self.token(person), keys=[KEY], **self.both, now=self.now)
        assert isinstance(view, MyApplicationView)
        return view

    def act(self, person: str, act: str) -> MyApplicationView:
        view = act_on_application(
            self.token(person), act, keys=[KEY], **self.both, codes=self.codes, now=self.now
        )
        assert isinstance(view, MyApplicationView)
        return view

    def sweep_round(self) -> SweptScholarships:
        return sweep_scholarships(
            **self.both, workflows=self.round_machine, resume=self.round_machine.resume, key=KEY,
            now=self.now,
        )  # fmt: skip

    def post_round(self) -> None:
        """Let the outbox of the round work."""
        desk = Desk(
            records=self.records, letters=self.applications, documents=self.documents,
            composer=PlainComposer(), mailer=self.mailer, operator="operator@tending.example",
            link=lambda purpose, subject, _=None: f"https://pages.example/{purpose}/{subject}",
        )  # fmt: skip
        for letter in self.applications.everything(Letter):
            if letter.status is LetterStatus.PENDING:
                try:
                    send_letter(letter, f"claim-{letter.key()}", desk, self.now)
                except NotSent:
                    continue

    def told(self, person: str) -> list[str]:
        """The letters that person was owed about the round, in the order they were owed."""
        letters = [
            one for one in self.applications.everything(Letter) if one.learner == who_is(person)
        ]
        return [one.letter.value for one in sorted(letters, key=lambda one: one.owed_at)]

    def round_letters(self, kind: LetterKind) -> list[Letter]:
        return [one for one in self.applications.everything(Letter) if one.letter is kind]

    def round(self) -> Round:
        found = self.records.get(Round.key_of(self.series), Round)
        assert found is not None
        return found

    def fund(self) -> int:
        """What is left, after checking that the entries that were added add up to it."""
        fund = self.records.get(Fund.key_of(self.series), Fund)
        assert fund is not None
        assert fund.balance == sum(
            entry.by for entry in self.records.everything(FundEntry) if entry.waiting is None
        )
        return fund.balance

    def award(self, person: str) -> Award | None:
        return self.records.get(Award.key_of(self.series, who_is(person)), Award)

    def application(self, person: str, nonce: str = "") -> Application:
        key = Application.key_of(self.series, self.reference(person, nonce))
        found = self.applications.get(key, Application)
        assert found is not None
        return found

    def answers(self, person: str) -> Answers:
        key = Answers.key_of(self.series, self.reference(person))
        found = self.applications.get(key, Answers)
        assert found is not None
        return found

    def seats_of(self, person: str) -> int:
        """How many classes somebody has an active seat in."""
        return sum(
            self.seats(session.id).get(who_is(person)) == "active"
            for session in self.catalogue.sessions
        )


def form_of(person: str, **changes: Sequence[str]) -> dict[str, Sequence[str]]:
    """A form as somebody fills it in."""
    return {
        "name": [person.title()],
        "email": [f"{person}@people.example"],
        "roles": ["Peer"],
        "ask": ["full"],
        "text": [f"I am {person.title()} and would like to come."],
        "consent": ["yes"],
        **changes,
    }


def who_is(person: str) -> str:
    return who(f"{person}@people.example")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def crowded_round(people: int) -> Scholarships:
    """So many have applied, voting is on, and one reviewer has voted on every one of them."""
    world = Scholarships()
    world.begin_review()
    world.applications.put_all(many_applications(world.series, people, KEY, world.now))
    return world


def many_applications(series: str, people: int, key: bytes, now: datetime) -> Iterator[Record]:
    """So many applications, and one vote of two on each of them."""
    for number in range(people):
        reference = reference_of(series, f"crowd.{number}", key)
        yield Application(
            series=series,
            reference=reference,
            learner=learner_id(f"person{number}@people.example", key),
            submitted_at=now,
            content_sha256="x",
            late=False,
            priority=number % 3 == 0,
            ask=Ask(full=True),
            waiting=UNDECIDED,
            waiting_since=now.isoformat(),
        )
        yield Answers(series=series, reference=reference, name="Ana", text="I am Ana. " * 100)
        yield Vote(
            series=series,
            reference=reference,
            reviewer=reviewer_id(TWO, key),
            outcome=Outcome.FULL,
            cast_at=now,
        )
