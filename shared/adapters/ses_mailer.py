"""Letters through Amazon SES, as raw messages, one attempt each.

SES has no idempotency token, so a repeated call is a second letter. The client must be made with
one attempt; only a definite "not now" is tried again, and that by the outbox.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
)

from shared.adapters.mime import ascii_address, to_bytes
from shared.domain.letter_facts import Composed, Envelope
from shared.failures import NotSent, Unanswered

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

# Said before anything was accepted.
_LATER = frozenset(
    {"Throttling", "ThrottlingException", "TooManyRequestsException", "429", "ServiceUnavailable"}
)
_PAUSED = frozenset({"AccountSendingPausedException", "ConfigurationSetSendingPausedException"})


class SesMailer:
    """Sends no faster than the account may, as SES says it (asked once per worker)."""

    def __init__(
        self,
        client: "SESClient",
        configuration_set: str,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._configuration_set = configuration_set
        self._sleep = sleep
        self._clock = clock
        self._pause: float | None = None
        self._next_at = 0.0

    def send(self, envelope: Envelope, letter: Composed) -> str:
        self._wait_for_turn()
        try:
            answer = self._client.send_raw_email(
                Source=ascii_address(envelope.sender),
                Destinations=[ascii_address(address) for address in envelope.to],
                RawMessage={"Data": to_bytes(envelope, letter)},
                ConfigurationSetName=self._configuration_set,
            )
        except ClientError as error:
            raise _meaning(error) from error
        except (EndpointConnectionError, ConnectTimeoutError) as error:
            raise NotSent("The mail service could not be reached.", later=True) from error
        except BotoCoreError as error:
            raise Unanswered("The mail service did not answer.") from error
        return answer["MessageId"]

    def _wait_for_turn(self) -> None:
        if self._pause is None:
            self._pause = self._quota()
        wait = self._next_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next_at = max(self._clock(), self._next_at) + self._pause

    def _quota(self) -> float:
        """Seconds between two letters. Raises NotSent when today's quota is used up."""
        try:
            quota = self._client.get_send_quota()
        except (ClientError, BotoCoreError):
            return 1.0  # the sandbox's rate: slow, and never too fast
        if 0 < quota["Max24HourSend"] <= quota["SentLast24Hours"]:
            raise NotSent("Today's sending quota is used up.", later=True)
        return 1 / quota["MaxSendRate"] if quota["MaxSendRate"] > 0 else 1.0


def _meaning(error: ClientError) -> NotSent | Unanswered:
    """What an answer of the mail service says about the letter."""
    code = error.response["Error"]["Code"]
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    if code in _LATER or code in _PAUSED or status == 429:
        return NotSent(f"The mail service asks for patience ({code}).", later=True)
    if status >= 500:
        # It failed on its side, before or after taking the letter: nobody can tell.
        return Unanswered(f"The mail service failed ({code}).")
    return NotSent(f"The mail service refused it ({code}).", later=False)
