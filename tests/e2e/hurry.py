"""Workflows that do not wait: their pauses, those before another try too, take no time or less."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from devstack.stack import Stack


@contextmanager
def workflows_wait(stack: Stack, scale: float) -> Iterator[None]:
    """For as long as the block lasts, every pause of a workflow takes that part of its time."""
    _set(stack, scale)
    try:
        yield
    finally:
        _set(stack, 1.0)


def _set(stack: Stack, scale: float) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{stack.endpoint}/_ministack/config",
        data=json.dumps({"stepfunctions._SFN_WAIT_SCALE": scale}).encode(),
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
        assert json.load(answer)["applied"]
