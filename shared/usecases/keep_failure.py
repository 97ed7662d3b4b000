"""Keep why a message of a queue could not be handled, so that whoever finds it later can see."""

from datetime import datetime

from shared.domain.machine_room import KEPT_FOR, FailedMessage
from shared.ports import Records
from shared.usecases.commit_again import until_committed


def keep_failure(
    message: str, error: str, at_place: str, *, records: Records, now: datetime
) -> None:
    """Keep the kind of error and the place; the last failure of a message replaces the earlier."""

    def attempt() -> None:
        known = records.get(FailedMessage.key_of(message), FailedMessage)
        records.commit(
            FailedMessage(
                message=message,
                error=error,
                at_place=at_place,
                failed_at=now,
                tries=known.tries + 1 if known else 1,
                expires_at=int((now + KEPT_FOR).timestamp()),
                version=known.version if known else 0,
            )
        )

    until_committed(attempt)
