"""Reviewing: votes, what they come to, and the order in which awards are offered.

Reviewers do not see who applied until they have voted. Nothing here looks at when something was
sent: coming first is no merit, and the order of events must not decide who gets a place.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from shared.domain.applications import Answers, Application, Outcome
from shared.domain.decisions import Decision, Reason
from shared.domain.money import Money
from shared.domain.record import Key, Record
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.value import Value

RULE_VERSION = "scholarship-review-1"
_SHORTEST_MASKED = 3


class Vote(Record):
    """What one reviewer said of one application. Cast once.

    `outcome` is None when they know the person and stand aside. `award` is what they would give of
    a partial scholarship; `strength` is 1 (if money is left), 2, or 3 (strongly).
    """

    kind: ClassVar[str] = "vote"

    series: str
    reference: str
    reviewer: str
    outcome: Outcome | None = None
    award: Money | None = None
    strength: int = Field(default=2, ge=1, le=3)
    cast_at: datetime

    @staticmethod
    def key_of(series: str, reference: str, reviewer: str) -> Key:
        """Where that reviewer's vote on that application stands."""
        return Key(f"VOTES#{series}", f"{reference}#{reviewer}")

    def key(self) -> Key:
        return self.key_of(self.series, self.reference, self.reviewer)

    def erased(self) -> "Vote":
        """That somebody voted, and no longer how."""
        return self.model_copy(update={"outcome": None, "award": None, "strength": 2})


class Verdict(Value):
    """What votes come to. `outcome` is None while more votes are needed, and `decided` says why."""

    outcome: Outcome | None
    award: Money | None
    strength: int
    decided: Decision


def decide(votes: Iterable[Vote], policy: ScholarshipPolicy, tie_breaker: str | None) -> Verdict:
    """What the votes on one application come to; `tie_breaker` is the id of who breaks ties.

    What more than half of at least `votes_needed` reviewers recommend is decided. If no outcome has
    more than half, it is what the tie-breaker recommends, or waits for one more vote.
    """
    cast = sorted((vote for vote in votes if vote.outcome), key=lambda vote: vote.reviewer)
    if len(cast) < policy.votes_needed:
        text = f"{len(cast)} of {policy.votes_needed} votes have been cast."
        return _open("votes_missing", text)
    (outcome, most), *_ = Counter(vote.outcome for vote in cast).most_common()
    if 2 * most <= len(cast):
        chosen = next((vote for vote in cast if vote.reviewer == tie_breaker), None)
        if chosen is None:
            return _open("tie", "The votes differ, and nobody has broken the tie yet.")
        outcome, code, text = chosen.outcome, "tie_broken", "The votes differed; the tie was broken"
    else:
        code, text = "majority", f"{most} of {len(cast)} reviewers recommended this"
    assert outcome is not None  # noqa: S101 - votes without one were left out above
    agreeing = [vote for vote in cast if vote.outcome is outcome]
    return Verdict(
        outcome=outcome,
        award=_middle([vote.award for vote in agreeing if vote.award]),
        strength=sum(vote.strength * 100 for vote in agreeing) // len(agreeing),
        decided=Decision(
            granted=outcome in (Outcome.FULL, Outcome.PARTIAL),
            reasons=(Reason(code=code, text=f"{text}."),),
            rule_version=RULE_VERSION,
        ),
    )


def without_quorum(verdict: Verdict) -> Verdict:
    """What becomes of an application that voting left open: it is neither declined nor awarded.

    It waits beside the list, without an outcome, until staff say: money is not given unread.
    """
    why = verdict.decided.reasons
    waits = Reason(code="waits", text="Voting has ended, so it waits for the institute to decide.")
    decided = Decision(granted=False, reasons=(*why, waits), rule_version=RULE_VERSION)
    return verdict.model_copy(update={"decided": decided})


def down_the_list(applications: Iterable[Application]) -> list[Application]:
    """Decided applications that may be offered an award, in the order in which money is offered.

    First those who were in time, awards before the waiting list, priority groups first, the more
    strongly recommended first; who is equal in all of this is drawn by lot.
    """
    able = [
        application
        for application in applications
        if application.open and application.outcome not in (None, Outcome.DECLINE)
    ]
    return sorted(able, key=_place)


def _place(application: Application) -> tuple[bool, bool, bool, int, bytes]:
    lot = f"{application.series}.{application.learner}".encode()
    return (
        application.late,
        application.outcome is Outcome.WAITLIST,
        not application.priority,
        -application.strength,
        hashlib.sha256(lot).digest(),
    )


def award_of(application: Application, price: Money) -> Money:
    """What an award to that application would give: as voted, or else as asked."""
    match application.outcome:
        case Outcome.PARTIAL if application.award is not None:
            given = application.award.minor
        case Outcome.WAITLIST if not application.ask.full and application.ask.could_pay:
            given = price.minor - application.ask.could_pay.minor
        case _:
            given = price.minor
    return Money(minor=max(1, min(given, price.minor)), currency=price.currency)


def hide_names(text: str, answers: Answers) -> str:
    """The text without the name and the address of who wrote it, as far as they stand in it."""
    words = [word for word in answers.name.split() if len(word) >= _SHORTEST_MASKED]
    hidden = [answers.address, answers.name, *sorted(words, key=len, reverse=True)]
    for one in hidden:
        if one:
            text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "•••", text, flags=re.IGNORECASE)
    return text


def _open(code: str, text: str) -> Verdict:
    decided = Decision(
        granted=False, reasons=(Reason(code=code, text=text),), rule_version=RULE_VERSION
    )
    return Verdict(outcome=None, award=None, strength=0, decided=decided)


def _middle(amounts: Sequence[Money]) -> Money | None:
    """The middle one; of two in the middle the larger, in favour of who applied."""
    if not amounts:
        return None
    return sorted(amounts, key=lambda money: money.minor)[len(amounts) // 2]
