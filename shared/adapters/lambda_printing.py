"""Printing by the one function that carries the typesetter: asked for, and waited for."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.printing import Printed
from shared.domain.record import Key
from shared.failures import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class LambdaPrinting:
    """Calls the function of that name; it reads the words itself, so only ids are handed over."""

    def __init__(self, client: "LambdaClient", function: str) -> None:
        self._client = client
        self._function = function

    def print(self, key: Key) -> Printed:
        told = json.dumps({"partition": key.partition, "sort": key.sort})
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=told)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("Certificates cannot be printed now.") from error
        said = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise Unavailable("A certificate could not be printed.")
        return Printed(int(said["revision"]), str(said["sha256"]))
