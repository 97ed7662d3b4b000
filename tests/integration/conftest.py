"""The integration suite: adapters and entry points in an account in memory."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.cloud import Cloud, enter_environ, forget_wiring


@pytest.fixture(autouse=True)
def _own_environ(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    enter_environ(monkeypatch)
    forget_wiring()
    yield
    forget_wiring()


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """An account with the tables, buckets and queues of the template."""
    with mock_aws():
        yield Cloud().make(monkeypatch)
