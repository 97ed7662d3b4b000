"""The scholarship round of a series, as its catalogue sets it: who reads, until when, what for.

Every moment of a round is computed here, in the round's own zone, from what the file says.
"""

from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import EmailStr, Field, model_validator

from shared.domain.catalogue_values import Amount, Id, Line, Moment, Part, Zone, exists, question
from shared.domain.zones import end_of_day, to_utc


class ScholarshipPolicy(Part):
    """Awards for the entire series: until when people apply, who decides, and what happens then.

    `covers` is the line of the price book that a full award pays; `fund` is what the institute has
    put in, in all, in minor units of that line's currency. `keep_days` after the decision the text
    and everything that people said of themselves are erased.
    """

    deadline: Moment
    zone: Zone
    covers: Id
    fund: Amount = 0
    credit: bool = False
    reviewers: tuple[EmailStr, ...] = Field(min_length=1, max_length=20)
    tie_break: EmailStr | None = None
    votes_needed: int = Field(default=2, ge=1, le=9)
    review_days: int = Field(default=5, ge=0, le=90)
    remind_days_before: tuple[Annotated[int, Field(ge=0, le=60)], ...] = Field(
        default=(2, 1), max_length=5
    )
    answer_days: int = Field(default=5, ge=1, le=60)
    pay_days: int = Field(default=5, ge=1, le=60)
    keep_days: int = Field(default=90, ge=1, le=3650)
    roles: tuple[Line, ...] = Field(default=(), max_length=12)
    priorities: tuple[Line, ...] = Field(default=(), max_length=12)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        exists(self.deadline, self.zone, "deadline")
        readers = {reviewer.lower() for reviewer in self.reviewers}
        if len(readers) < len(self.reviewers):
            raise question("a reviewer is listed twice. Is one of them another?", "reviewers")
        if self.votes_needed > len(readers):
            raise question(
                f"each application needs {self.votes_needed} votes, and the number of reviewers is "
                f"{len(readers)}. Is somebody missing?",
                "reviewers",
            )
        if self.tie_break is not None and self.tie_break.lower() not in readers:
            raise question(
                f"'{self.tie_break}' breaks ties and is not among the reviewers. "
                "Could the address be added there?",
                "tie_break",
            )
        return self

    @property
    def closes_at(self) -> datetime:
        """The first moment (UTC) that is too late to apply: the deadline's minute counts whole."""
        return to_utc(self.deadline, self.zone) + timedelta(minutes=1)

    @property
    def voting_closes_at(self) -> datetime:
        """When voting ends (UTC): with the day that is `review_days` after the deadline."""
        return end_of_day(to_utc(self.deadline, self.zone), self.zone, self.review_days)

    @property
    def reminders_at(self) -> tuple[datetime, ...]:
        """When reviewers are reminded (UTC), in order; only moments while voting is open."""
        days = sorted(set(self.remind_days_before), reverse=True)
        moments = (self.voting_closes_at - timedelta(days=day, hours=12) for day in days)
        return tuple(at for at in moments if self.closes_at < at < self.voting_closes_at)

    def answer_by(self, offered_at: datetime) -> datetime:
        """The end (UTC) of the last day on which an award offered then can be accepted."""
        return end_of_day(offered_at, self.zone, self.answer_days)

    def pay_by(self, accepted_at: datetime) -> datetime:
        """The end (UTC) of the last day on which the rest of a partial award can be paid."""
        return end_of_day(accepted_at, self.zone, self.pay_days)

    def erase_at(self, decided_at: datetime) -> datetime:
        """When (UTC) what was written for an application decided then is erased."""
        return end_of_day(decided_at, self.zone, self.keep_days)
