"""The warm webhook: what reading an event costs, and what the whole costs beside one call."""

import hashlib
import hmac
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.cold_start import _ENVIRONMENT, _EVENT, _SECRET, _aws, _delivery
from benchmarks.measurement import Measurement
from shared.adapters import stripe_events
from shared.adapters.stripe_signature import is_signed, sign


def measure(quick: bool = False) -> list[Measurement]:
    """Both ratios, each pair interleaved in one loop."""
    return [_reading(quick), _whole(quick)]


def _reading(quick: bool) -> Measurement:
    body = _as_large_as_stripes(_EVENT.read_bytes())
    now = int(time.time())
    header = sign(body, _SECRET, now)
    key = _SECRET.encode()

    def ours() -> None:
        is_signed(body, header, [_SECRET], now)
        stripe_events._reads_event().validate_json(body)  # noqa: SLF001 - the step to measure

    def floor() -> None:
        hmac.digest(key, body, hashlib.sha256)
        json.loads(body)

    one, other = _interleaved(ours, floor, rounds=9 if quick else 21, times=400)
    note = f"{one * 1e6:.0f} µs against {other * 1e6:.0f} µs"
    name = "verify and validate a 4.5 kB event against HMAC and json.loads"
    return Measurement(name, one / other, 0.75, "lower", note)


def _as_large_as_stripes(body: bytes) -> bytes:
    """The event with the further fields that Stripe sends and nobody here reads, 4.5 kB in all."""
    event = json.loads(body)
    session = event["data"]["object"]
    while len(json.dumps(event, indent=2)) < 4500:
        number = len(session)
        session[f"payment_method_option_{number}"] = {"request": "automatic", "limit": None}
    return json.dumps(event, indent=2).encode()


def _whole(quick: bool) -> Measurement:
    with _aws() as endpoint:
        os.environ |= {**_ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint}
        os.environ["POWERTOOLS_LOG_LEVEL"] = "WARNING"
        import boto3

        from functions.payment_webhook.receive import handler

        event: dict[str, Any] = json.loads(_delivery())
        client = boto3.Session().client("sqs")
        body = _EVENT.read_text(encoding="utf-8")
        queue = os.environ["PAYMENT_EVENTS_QUEUE_URL"]

        class Context:
            function_name, memory_limit_in_mb = "bench", 512
            invoked_function_arn, aws_request_id = "arn", "request"

        def ours() -> None:
            handler(event, Context())

        def one_call() -> None:
            client.send_message(QueueUrl=queue, MessageBody=body)

        with open(os.devnull, "w") as nowhere:
            import contextlib

            with contextlib.redirect_stdout(nowhere):
                one, other = _interleaved(ours, one_call, rounds=7 if quick else 15, times=30)
    note = f"{one * 1e3:.2f} ms against {other * 1e3:.2f} ms"
    name = "the whole warm webhook against the one AWS call it makes"
    return Measurement(name, one / other, 1.5, "lower", note)


def _interleaved(
    ours: Callable[[], None], theirs: Callable[[], None], rounds: int, times: int
) -> tuple[float, float]:
    """Median processor seconds of one call of each, in turn."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, seconds in zip((ours, theirs), found, strict=True):
            began = time.process_time()
            for _ in range(times):
                call()
            seconds.append((time.process_time() - began) / times)
    return statistics.median(found[0]), statistics.median(found[1])
