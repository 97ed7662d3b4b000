"""The workflow suite: the machines as they are written, with the functions as they are deployed."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.cloud import Cloud, enter_environ, forget_wiring
from tests.machines import RUNNING, Stage
from tests.season import open_season


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """An account in which the state machines run."""
    enter_environ(monkeypatch)
    forget_wiring()
    with mock_aws(config=RUNNING):
        yield Stage(Cloud().make(monkeypatch)).make(monkeypatch)
    forget_wiring()


@pytest.fixture
def season(stage: Stage) -> Stage:
    """Amara (general), Bo (reduced) and Devika (supporter) paid for the first class."""
    open_season(stage.cloud)
    return stage
