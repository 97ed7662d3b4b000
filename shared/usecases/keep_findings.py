"""Keep what the last sweeps found left lying, for the machine room."""

from collections.abc import Mapping
from datetime import datetime

from shared.domain.machine_room import SweepRuns
from shared.ports import Records
from shared.usecases.commit_again import until_committed


def keep_findings(
    which: str, counts: Mapping[str, int], *, records: Records, now: datetime
) -> None:
    """Put one more sweep at the head of the list."""

    def attempt() -> None:
        known = records.get(SweepRuns.key_of(which), SweepRuns)
        records.commit((known or SweepRuns(which=which)).with_run(now, counts))

    until_committed(attempt)
