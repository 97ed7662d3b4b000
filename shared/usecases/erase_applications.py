"""Erase what people wrote: when its term ends, or when they ask. What is left tells of nobody.

The tombstone stays, so that an old form sent again, or an old message, brings nothing back.
"""

from datetime import datetime

from shared.domain.applications import KEPT, LEFT_OPEN, Answers, Application
from shared.domain.awards import Award, AwardStatus
from shared.domain.record import Record
from shared.domain.reviews import Vote
from shared.ports import Records
from shared.usecases.answer_award import turn_down_award
from shared.usecases.commit_again import until_committed


def erase_due(*, records: Records, applications: Records, now: datetime) -> int:
    """Erase every application whose term has ended; how many were."""
    due = applications.waiting(KEPT, now, Application)
    due += [
        one
        for one in applications.waiting(LEFT_OPEN, now, Application)
        if one.keep_until is not None and one.keep_until <= now
    ]
    for application in due:
        erase_application(
            application.series,
            application.reference,
            records=records,
            applications=applications,
            now=now,
        )
    return len(due)


def erase_application(
    series: str, reference: str, *, records: Records, applications: Records, now: datetime
) -> bool:
    """Erase one application; False if there is none. An award that is not taken goes to the next.

    Seats that were taken stay: they are a registration like every other.
    """
    application = applications.get(Application.key_of(series, reference), Application)
    if application is None:
        return False
    if application.learner is not None:
        award = records.get(Award.key_of(series, application.learner), Award)
        of_this = award is not None and award.reference == reference
        if of_this and award and award.status in (AwardStatus.OFFERED, AwardStatus.ACCEPTED):
            turn_down_award(
                series, application.learner, records=records, applications=applications, now=now
            )

    def attempt() -> None:
        kept = applications.get(application.key(), Application)
        answers = applications.get(Answers.key_of(series, reference), Answers)
        votes = applications.find(Vote.key_of(series, "", "").partition, Vote, f"{reference}#")
        changes: list[Record] = [vote.erased() for vote in votes if vote.outcome is not None]
        if kept is not None and kept.erased_at is None:
            changes.append(kept.erased(now))
        if answers is not None and answers.erased_at is None:
            changes.append(answers.erased(now))
        if changes:
            applications.commit(*changes)

    until_committed(attempt)
    return True
