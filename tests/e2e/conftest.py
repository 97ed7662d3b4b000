"""The end-to-end suite: two local stacks, raised together, and a third one for some minutes.

On one the season is played, in the background, while the tests that need faults, killed workers and
probes have the other to themselves. Tests that look at the season come after those. Last come the
scholarship rounds, on a stack whose clock is set ahead by months.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from devstack.season.play import Season, play
from devstack.stack import Stack
from tests.e2e.scholarship_outcome import Rounds, read_outcome
from tests.e2e.scholarship_round import play as play_rounds
from tests.e2e.stacks import Kept, lower, raise_in

_HERE = Path(__file__).parent
_SEASON_TAKES = 560
_SAID = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here, and put what waits for a season or a round behind what does not."""
    ours = [item for item in items if _HERE in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.e2e)
    places = [at for at, item in enumerate(items) if _HERE in item.path.parents]
    for at, item in zip(places, sorted(ours, key=_place), strict=True):
        items[at] = item


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what the runs under faults counted, so that a figure can be quoted and a run repeated."""
    for line in config.stash.get(_SAID, []):
        terminalreporter.write_line(line)


def _place(item: pytest.Item) -> tuple[bool, bool]:
    return _wants(item, "rounds"), _wants(item, "season")


def _wants(item: pytest.Item, fixture: str) -> bool:
    return fixture in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def _kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Kept]]:
    """Every stack that a test of this run asks for, being raised; all are down afterwards."""
    needed = [
        name
        for name in ("season", "stack")
        if any(_wants(item, name) for item in request.session.items)
    ]
    kept = {name: raise_in(tmp_path_factory.mktemp(f"{name}-stack")) for name in needed}
    try:
        yield kept
    finally:
        for one in kept.values():
            lower(one)


@pytest.fixture(scope="session")
def _season_being_played(_kept: dict[str, Kept]) -> Iterator["Future[Season] | None"]:
    if "season" not in _kept:
        yield None
        return
    stage = ThreadPoolExecutor(1, "season")
    yield stage.submit(play, _kept["season"].stack())
    # Not waited for: if it still plays, its stack is taken down next, and it ends with that.
    stage.shutdown(wait=False)


@pytest.fixture(scope="session")
def kept(_kept: dict[str, Kept], stack: Stack) -> Kept:
    """The folder, the log and the workers of `stack`."""
    return _kept["stack"]


@pytest.fixture(scope="session")
def stack(_kept: dict[str, Kept], _season_being_played: "Future[Season] | None") -> Stack:
    """A stack on which nothing happens but what tests do."""
    return _kept["stack"].stack()


@pytest.fixture(scope="session")
def kept_season(_kept: dict[str, Kept], season: Season) -> Kept:
    """The folder and the log of the stack on which the season was played."""
    return _kept["season"]


@pytest.fixture(scope="session")
def season(_season_being_played: "Future[Season] | None") -> Season:
    """The season, played to its end."""
    assert _season_being_played is not None
    return _season_being_played.result(timeout=_SEASON_TAKES)


@pytest.fixture(scope="session")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """Scholarship rounds, played to their end. Their stack's clock runs ahead from then on."""
    kept = raise_in(tmp_path_factory.mktemp("rounds-stack"))
    try:
        played = play_rounds(kept.stack(), tmp_path_factory.mktemp("rounds"))
        yield Rounds(kept, tuple((one, read_outcome(one)) for one in played))
    finally:
        lower(kept)


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Adds a line to what is said at the end of the run."""
    return request.config.stash.setdefault(_SAID, []).append
