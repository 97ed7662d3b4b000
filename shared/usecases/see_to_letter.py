"""What staff do about a letter that failed: have it sent once more, or see to it themselves."""

from collections.abc import Callable

from shared.domain.letters import FAILED, Letter, LetterKind
from shared.ports import Records
from shared.usecases.commit_again import until_committed


class NothingToSeeTo(Exception):
    """No such letter waits; the message says so."""


def send_letter_again(letter: str, *, by: str, why: str, records: Records) -> Letter:
    """Owe it anew; it goes out if it is still true by then. Raises NothingToSeeTo.

    `letter` is "<kind>#<about>".
    """
    return _change(letter, records, lambda one: one.owed_again(f"Sent again by {by}: {why}"))


def say_seen_to(letter: str, *, by: str, why: str, records: Records) -> Letter:
    """Its reader was reached another way; it waits no more. Raises NothingToSeeTo."""

    def seen_to(one: Letter) -> Letter:
        note = f"{one.note or ''} Seen to by {by}: {why}".strip()
        return one.seen_to().model_copy(update={"note": note})

    return _change(letter, records, seen_to)


def _change(letter: str, records: Records, change: Callable[[Letter], Letter]) -> Letter:
    kind, _, about = letter.partition("#")

    def attempt() -> Letter:
        known = kind in LetterKind._value2member_map_
        kept = records.get(Letter.key_of(LetterKind(kind), about), Letter) if known else None
        if kept is None or kept.waiting != FAILED:
            raise NothingToSeeTo("That letter does not wait for anybody (any more).")
        changed = change(kept)
        records.commit(changed)
        return changed

    return until_committed(attempt)
