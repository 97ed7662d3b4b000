"""The integration suite: adapters and entry points in an account in memory."""

from collections.abc import Iterator
from io import StringIO
from logging import StreamHandler
from typing import Any, cast

import pytest
from moto import mock_aws

from shared.observability import logger
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


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What is logged while the test runs."""
    handler = cast("StreamHandler[Any]", logger.registered_handler)
    lines = StringIO()
    before = handler.setStream(lines)
    yield lines
    if before is not None:
        handler.setStream(before)
