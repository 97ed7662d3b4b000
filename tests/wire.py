"""The wire between the SDK and moto, where answers get lost: faults that no twin ever has.

Only the transport is touched. The SDK signs, repeats and parses as it does, and moto does the work.
"""

import json
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from shared import wiring

Deliver = Callable[[AWSPreparedRequest], AWSResponse]
Fault = Callable[[AWSPreparedRequest, Deliver], AWSResponse]


class Wire:
    """A client whose next requests meet `faults`, one each; after those, every request arrives.

    Like DynamoDB, and unlike moto, it remembers the token of a transaction: the same transaction
    sent again is answered and not done again.
    """

    def __init__(self, service: str, config: Config) -> None:
        self.client: Any = wiring._session().client(service, config=config)  # type: ignore[call-overload]
        self.faults: list[Fault | None] = []
        self.requests: list[AWSPreparedRequest] = []
        self._done: set[str] = set()
        events = self.client.meta.events
        events.unregister("before-send", botocore_stubber)
        events.register("before-send", self._send)

    def _send(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self.requests.append(request)
        fault = self.faults.pop(0) if self.faults else None

        def deliver(sent: AWSPreparedRequest) -> AWSResponse:
            token = _token(sent)
            if token in self._done:
                return _response(sent, 200, b"{}")
            answer = botocore_stubber(event_name, sent)
            assert answer is not None, "moto is not on"
            if token and answer.status_code == 200:
                self._done.add(token)
            return answer

        return fault(request, deliver) if fault else deliver(request)


def answer_lost(request: AWSPreparedRequest, deliver: Deliver) -> AWSResponse:
    """The request is carried out, and the connection breaks before its answer comes back."""
    deliver(request)
    raise ConnectionClosedError(endpoint_url=request.url)


def unreachable(request: AWSPreparedRequest, _: Deliver) -> AWSResponse:
    """Nobody is there, so the request was not carried out."""
    raise EndpointConnectionError(endpoint_url=request.url)


def json_error(code: str, status: int = 400, **body: Any) -> Fault:
    """DynamoDB refuses the request with that error."""

    def fault(request: AWSPreparedRequest, _: Deliver) -> AWSResponse:
        content = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **body}
        return _response(request, status, json.dumps(content).encode())

    return fault


def xml_error(code: str, status: int = 400) -> Fault:
    """SES refuses the request with that error."""

    def fault(request: AWSPreparedRequest, _: Deliver) -> AWSResponse:
        content = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{code}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        )
        return _response(request, status, content.encode())

    return fault


def _response(request: AWSPreparedRequest, status: int, content: bytes) -> AWSResponse:
    return AWSResponse(request.url, status, HTTPHeaders(), MockRawResponse(content))


def _token(request: AWSPreparedRequest) -> str | None:
    if not _text(request.headers.get("X-Amz-Target")).endswith("TransactWriteItems"):
        return None
    token: str = json.loads(_text(request.body))["ClientRequestToken"]
    return token


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
