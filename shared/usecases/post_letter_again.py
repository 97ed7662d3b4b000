"""Post a letter once more because staff say so: a new letter, written from what is true by then."""

from datetime import datetime

from shared.domain.letters import Letter, LetterKind, LetterStatus, owe
from shared.ports import Records
from shared.usecases.commit_again import until_committed

# Nobody needs one letter more often; after that, somebody should call.
MOST_COPIES = 20
_ON_THEIR_WAY = (LetterStatus.PENDING, LetterStatus.SENDING, LetterStatus.UNKNOWN)


class CannotBePosted(Exception):
    """There is no such letter, or it cannot be sent once more; the message says why."""


def post_letter_again(
    kind: LetterKind, about: str, learner: str, *, records: Records, now: datetime
) -> Letter:
    """Owe the letter once more, under an id of its own. What is no longer true is not sent.

    `about` names the first copy. One copy is on its way at a time, so that a form that is sent
    twice sends one letter. Raises CannotBePosted.
    """

    def attempt() -> Letter:
        first = records.get(Letter.key_of(kind, about), Letter)
        if first is None or first.learner != learner or kind.to_staff:
            raise CannotBePosted("There is no such letter to this person.")
        if first.letter.of_a_round:
            raise CannotBePosted("Letters of a scholarship round are sent by the round.")
        last = first
        for again in range(1, MOST_COPIES + 1):
            if last.status in _ON_THEIR_WAY:
                raise CannotBePosted("It is on its way already. Wait for what becomes of it.")
            copy = owe(
                kind,
                about,
                now,
                again=again,
                **first.model_dump(include={"learner", "series", "session", "order", "reference"}),
            )
            known = records.get(copy.key(), Letter)
            if known is None:
                records.commit(copy)
                return copy
            last = known
        raise CannotBePosted(f"It was posted {MOST_COPIES} times. Could you reach them otherwise?")

    return until_committed(attempt)
