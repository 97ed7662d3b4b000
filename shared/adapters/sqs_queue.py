"""A queue in SQS."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from shared.failures import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsQueue:
    """The queue at that address."""

    def __init__(self, client: "SQSClient", address: str) -> None:
        self._client = client
        self._address = address

    def put(self, message: str) -> None:
        try:
            self._client.send_message(QueueUrl=self._address, MessageBody=message)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The queue did not take the message.") from error
