"""What a queue's consumer leaves of a message that it could not handle: a line, and the reason."""

from shared import wiring
from shared.observability import log_failure, places_of
from shared.usecases.keep_failure import keep_failure


def message_failed(what: str, error: BaseException, message_id: str) -> None:
    """Log that it failed, and keep why with the id of the message, for the machine room.

    If that cannot be kept either, most likely for the same reason, the log says both.
    """
    log_failure(what, error)
    try:
        places = places_of(error)
        keep_failure(
            message_id,
            type(error).__name__,
            places[-1] if places else "",
            records=wiring.records(),
            now=wiring.now(),
        )
    except Exception as another:  # noqa: BLE001 - the first failure is the one that counts
        log_failure("Why a message failed could not be kept", another)
