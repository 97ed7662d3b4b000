"""The unit suite knows the rules only: no connection is opened."""

import socket

import pytest

from tests.world import World


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("A unit test opened a connection.")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def world() -> World:
    """An institute in memory."""
    return World()
