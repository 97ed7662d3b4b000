"""Owed letters that nobody sent: put back in line, set aside, or given up and told to staff."""

from datetime import datetime, timedelta

from shared.domain.letters import CARRIED, CARRIED_FOR, CLAIM_LEASE, WAITING, Letter, LetterStatus
from shared.failures import Conflict
from shared.ports import Records
from shared.usecases.send_letter import tell_staff_it_failed

# Younger than this, the event itself is still at work.
PATIENCE = timedelta(minutes=10)


def sweep_letters(letters: Records, records: Records, now: datetime) -> tuple[int, int]:
    """(put back in line, given up) of the letters that stand in `letters`.

    Staff hear by `records` of those that are given up.
    """
    again = given_up = 0
    for letter in letters.waiting(WAITING, now - PATIENCE, Letter):
        current = letters.get(letter.key(), Letter)
        if current is None:
            continue
        try:
            match _next(current, now):
                case "again":
                    letters.commit(current.back_in_line("Put back in line by the sweep."))
                    again += 1
                case "unknown":
                    letters.commit(current.unanswered("Whoever was sending it stopped."))
                case "give up":
                    why = "The mail service never said whether it was sent."
                    letters.commit(current.failed(why))
                    tell_staff_it_failed(current, why, records, now)
                    given_up += 1
        except Conflict:
            continue  # it is being dealt with
    return again, given_up


def empty_carried(records: Records, now: datetime) -> int:
    """Letters to staff forget what they carried a month after they were sent; how many did now."""
    emptied = 0
    for letter in records.waiting(CARRIED, now - CARRIED_FOR, Letter):
        try:
            records.commit(letter.emptied())
            emptied += 1
        except Conflict:
            continue  # the next hour finds it
    return emptied


def _next(letter: Letter, now: datetime) -> str:
    """What the letter needs: "again", "unknown", "give up" or "nothing"."""
    since = letter.claimed_at or letter.owed_at
    match letter.status:
        case LetterStatus.PENDING:
            return "again"
        case LetterStatus.SENDING if now - since > CLAIM_LEASE:
            return "unknown"
        case LetterStatus.UNKNOWN if now - since > CLAIM_LEASE:
            return "again" if letter.may_be_sent_again else "give up"
    return "nothing"
