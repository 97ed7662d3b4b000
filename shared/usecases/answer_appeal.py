"""Staff answer an appeal: the decision stands, or it is changed by their word, and why.

The answer, the word on the decision, that it is to be decided again, and the letter to the person
are one commit. The machine that waits is woken afterwards; if that is lost, it finds the answer by
itself when its time is up.
"""

from datetime import datetime

from shared.domain.appeals import Appeal, AppealOutcome
from shared.domain.letters import LetterKind, owe
from shared.domain.overrides import About, Override
from shared.domain.record import Record
from shared.ports import Records, Workflows
from shared.usecases.commit_again import until_committed
from shared.usecases.override_decision import NothingToOverride, overriding
from shared.usecases.owe_letters import not_yet_owed


class NothingToAnswer(LookupError):
    """There is no such appeal, it was answered otherwise, or the answer lacks its reason."""


def answer_appeal(
    appeal: str,
    outcome: AppealOutcome,
    *,
    by: str,
    why: str,
    about: About | None = None,
    records: Records,
    workflows: Workflows,
    now: datetime,
) -> Appeal:
    """Uphold the decision, or change it. Its person reads `why`; the same answer again is harmless.

    `about` says what is granted instead of what was refused, if that is another thing. Raises
    NothingToAnswer, with what to do.
    """
    reason = " ".join(why.split())
    if not reason:
        raise NothingToAnswer("Say why. The person reads it.")
    if outcome is AppealOutcome.CLOSED:
        raise NothingToAnswer("An appeal is upheld or changed.")

    def attempt() -> tuple[Appeal, str | None]:
        known = records.get(Appeal.key_of(appeal), Appeal)
        if known is None:
            raise NothingToAnswer("There is no such appeal.")
        if not known.open:
            if known.outcome is outcome:
                return known, None
            raise NothingToAnswer("It was answered before, and otherwise.")
        answered = known.answered(outcome, by=by, why=reason, now=now)
        letter = owe(
            LetterKind.APPEAL_ANSWERED, known.id, now, learner=known.learner, series=known.series
        )
        changes: list[Record] = [answered, *not_yet_owed([letter], records)]
        if outcome is AppealOutcome.CHANGED:
            word = Override(
                about=about or known.about, granted=True, by=by, why=f"Appeal: {reason}", at=now
            )
            try:
                changes += overriding(known.scope, known.learner, word, records, now)
            except NothingToOverride as gone:
                raise NothingToAnswer(str(gone)) from None
        records.commit(*changes)
        return answered, known.task_token

    answered, token = until_committed(attempt)
    if token is not None:
        workflows.resume(token, {"appeal": answered.id})
    return answered
