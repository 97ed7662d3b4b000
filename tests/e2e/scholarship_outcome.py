"""What a played round came to: seats, awards, money and letters, read from what the stack keeps."""

from collections import Counter
from dataclasses import dataclass

from devstack import desk
from devstack.stack import Stack
from shared.domain.applications import Application, standing
from shared.domain.awards import Award, Fund, FundEntry
from shared.domain.letters import Letter
from shared.domain.links import learner_id
from shared.domain.registrations import Registration, SeatCount
from tests.e2e import scholarship_cast as cast
from tests.e2e.ledger import everything
from tests.e2e.scholarship_played import PlayedRound, letters_to
from tests.e2e.stacks import Kept


@dataclass(frozen=True)
class CameTo:
    """The end of a round. People go by what they are called in the cast; money is in cents."""

    stored: int
    counting: int
    late: int
    outcomes: dict[str, str]
    seats: dict[str, int]
    taken: list[int]
    awards: dict[str, tuple[str, int]]
    balance: int
    put_in: int
    movements: list[int]
    letters: dict[str, "Counter[str]"]
    to_reviewers: list["Counter[str]"]
    to_staff: "Counter[str]"


@dataclass(frozen=True)
class Rounds:
    """Two scholarship rounds that were played on a stack of their own, and what each came to."""

    kept: Kept
    ended: tuple[tuple[PlayedRound, CameTo], ...]

    @property
    def played(self) -> tuple[PlayedRound, ...]:
        return tuple(one for one, _ in self.ended)

    @property
    def stack(self) -> Stack:
        return self.played[0].stack


def read_outcome(one: PlayedRound) -> CameTo:
    """Read it, from outside."""
    records, learners = desk.records(one.stack), _learners(one)
    partition, prefix = Application.key_of(one.series, "").partition, Application.prefix()
    sent = list(desk.applications(one.stack).find(partition, Application, prefix))
    counting = standing(sent).values()
    fund = records.get(Fund.key_of(one.series), Fund)
    assert fund is not None
    entries = sorted(
        records.find(Fund.key_of(one.series).partition, FundEntry, "ENTRY#"),
        # What comes back and goes to the next does so in one breath, in this order.
        key=lambda entry: (entry.at, -entry.by),
    )
    sessions = [session.id for session in one.catalogue.sessions]
    return CameTo(
        stored=len(sent),
        counting=len(counting),
        late=sum(application.late for application in counting),
        outcomes={
            label: str(application.outcome)
            for application in counting
            if (label := learners.get(application.learner or ""))
        },
        seats=dict(
            Counter(
                learners[seat.learner]
                for seat in everything(one.stack, Registration)
                if seat.series == one.series and seat.grants and seat.learner
            )
        ),
        taken=[
            seats.taken if (seats := records.get(SeatCount.key_of(session), SeatCount)) else 0
            for session in sessions
        ],
        awards={
            learners[award.learner]: (str(award.status), award.amount.minor)
            for award in everything(one.stack, Award)
            if award.series == one.series
        },
        balance=fund.balance,
        put_in=fund.put_in,
        movements=[entry.by for entry in entries],
        letters={
            who.label: Counter(letters_to(one, cast.address_of(who, one.series)))
            for who in cast.CAST
        },
        to_reviewers=[
            Counter(letters_to(one, one.reader(number))) for number in range(len(cast.REVIEWERS))
        ],
        to_staff=Counter(
            str(letter.letter)
            for letter in everything(one.stack, Letter)
            if letter.series == one.series and letter.letter.to_staff
        ),
    )


def _learners(one: PlayedRound) -> dict[str, str]:
    """What each learner's id stands for in the cast."""
    key = desk.keys(one.stack)[0]
    return {learner_id(cast.address_of(who, one.series), key): who.label for who in cast.CAST}
