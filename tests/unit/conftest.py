"""The unit suite knows the rules only: no AWS, no network."""

import socket
import sys
from collections.abc import Iterator

import pytest

from tests.world import World


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise AssertionError("A unit test opened a connection.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield
    assert "boto3" not in sys.modules, "a rule or use case has imported boto3"


@pytest.fixture
def world() -> World:
    """An institute in memory."""
    return World()
