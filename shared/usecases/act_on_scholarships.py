"""What is done about a scholarship round from the desk: a vote, a decision, the end of voting.

By the same rules as behind the link in a reviewer's letter: whom the catalogue names votes, who
reads applications decides what the votes left open, and nobody does either on one of their own.
"""

from datetime import datetime

from shared.domain.applications import Application, Outcome
from shared.domain.desk_scholarships import may_read
from shared.domain.rounds import Round, RoundPhase
from shared.domain.scholarship_form import read_amount
from shared.domain.staff import Staff
from shared.ports import Records, Workflows
from shared.usecases.decide_application import CannotBeDecided, decide_application
from shared.usecases.offer_awards import closed_round, policy_of
from shared.usecases.review_applications import NotFound, Refused, reading_as, vote_as
from shared.usecases.reviewers import is_own, reviewer_id
from shared.usecases.run_round import Resume, close_now


class NotTaken(Exception):
    """A vote was not taken, or the voting not ended; the message says why and what to do."""


def vote_at_desk(
    series: str,
    reference: str,
    sent: dict[str, str],
    asks: Staff,
    *,
    records: Records,
    applications: Records,
    resume: Resume,
    key: bytes,
    now: datetime,
) -> None:
    """Cast the vote that was sent, once; the last that is needed ends the voting. Raises NotTaken.

    `sent` is as the form has it: `outcome`, `award`, `strength`, or `conflict`.
    """
    reading = reading_as(series, asks.name, records=records, applications=applications, key=key)
    if isinstance(reading, NotFound):
        raise NotTaken(
            "Whom the catalogue names under reviewers votes, by the address they sign in with. "
            "Yours is not there."
        )
    cast = vote_as(
        reading,
        reference,
        {name: (value,) for name, value in sent.items()},
        records=records,
        applications=applications,
        resume=resume,
        key=key,
        now=now,
    )
    if isinstance(cast, NotFound):
        raise NotTaken("That application is not in the round any more. Look at the list again.")
    if isinstance(cast, Refused):
        raise NotTaken(cast.view.problem)


def decide_at_desk(
    series: str,
    reference: str,
    outcome: str,
    amount: str,
    asks: Staff,
    *,
    why: str,
    records: Records,
    applications: Records,
    key: bytes,
    now: datetime,
) -> None:
    """Say what becomes of an application that the votes left open. Raises CannotBeDecided.

    `amount` is what a partial award pays, as somebody writes it.
    """
    catalogue = closed_round(series, records)
    if catalogue is None:
        raise CannotBeDecided("Voting is still open, or there is no such round.")
    policy = policy_of(catalogue)
    if not may_read(asks, policy):
        raise CannotBeDecided(
            "Who reads applications decides them: whom the catalogue names under reviewers, or who "
            "has the part of a reviewer. Ask one of them."
        )
    if outcome not in set(Outcome):
        raise CannotBeDecided("What becomes of it? Choose one.")
    one = applications.get(Application.key_of(series, reference), Application)
    if one is not None and is_own(one.learner or "", reviewer_id(asks.name, key)):
        raise CannotBeDecided("Somebody else decides this one.")
    currency = catalogue.offer(policy.covers).currency
    decide_application(
        series,
        reference,
        Outcome(outcome),
        read_amount(amount, currency) if amount else None,
        by=asks.name,
        why=why,
        records=records,
        applications=applications,
        now=now,
    )


def end_voting(
    series: str, *, records: Records, resume: Resume, workflows: Workflows, now: datetime
) -> None:
    """End the voting before its day. Raises NotTaken if it has ended, or not begun."""
    ended = close_now(series, records=records, resume=resume, workflows=workflows, now=now)
    if ended:
        return
    around = records.get(Round.key_of(series), Round)
    if around is not None and around.phase is not RoundPhase.CLOSED:
        raise NotTaken("People may still apply, so it cannot end yet. Move the deadline first.")
    raise NotTaken("There is no voting to end here (any more).")
