"""The integration suite: adapters and entry points in an account in memory."""

from collections.abc import Iterator
from io import StringIO
from logging import StreamHandler
from typing import Any, cast

import pytest
from moto import mock_aws

from shared.observability import logger
from tests.cloud import Cloud, enter_environ, forget_wiring
from tests.staff_pool import POOL, StaffPool, standing


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


@pytest.fixture(scope="session")
def _staff_pool() -> Iterator[StaffPool]:
    # One for all: clients of services are kept from test to test, and know where it is.
    with standing() as pool:
        yield pool


@pytest.fixture
def staff_pool(_staff_pool: StaffPool, monkeypatch: pytest.MonkeyPatch) -> StaffPool:
    """A stand-in for the user pool of staff."""
    _staff_pool.forget()
    monkeypatch.setenv("STAFF_SIGN_IN_URL", _staff_pool.address)
    monkeypatch.setenv("STAFF_POOL_URL", f"{_staff_pool.address}/{POOL}")
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", _staff_pool.address)
    return _staff_pool


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What is logged while the test runs."""
    handler = cast("StreamHandler[Any]", logger.registered_handler)
    lines = StringIO()
    before = handler.setStream(lines)
    yield lines
    if before is not None:
        handler.setStream(before)
