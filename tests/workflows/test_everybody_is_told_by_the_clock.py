"""A notice, from its alarm to a letter for everybody who holds a seat, by the machine."""

import json
from datetime import timedelta

from functions.notice_due import handler as notices
from functions.sweep.handler import sweep
from shared.domain.letters import LetterKind
from shared.domain.notices import Notice
from tests.cloud import CONTEXT
from tests.machines import Execution, Stage
from tests.season import AMARA, BO, CLASS_1, DEVIKA

MACHINE = "NOTICE_STATE_MACHINE_ARN"
A_DAY_BEFORE = CLASS_1.starts_at - timedelta(hours=24)


def _due(stage: Stage) -> Notice:
    (found,) = [
        one
        for one in stage.cloud.everything(Notice)
        if (one.session, one.hours, str(one.what)) == (CLASS_1.id, 24, "reminder")
    ]
    return found


def _rings(stage: Stage) -> Execution:
    """The alarm of the day before rings, and the machine goes through it."""
    stage.cloud.now = A_DAY_BEFORE
    event = {"session": CLASS_1.id, "notice": _due(stage).name}
    assert notices.start(event, CONTEXT) == {"started": True}
    notices.start(event, CONTEXT)  # it rings twice
    return stage.ended(MACHINE)


def _told(stage: Stage) -> list[str]:
    return sorted(letter.learner or "" for letter in stage.cloud.letters(LetterKind.REMINDER))


def test_everybody_with_a_seat_is_owed_one_reminder(season: Stage) -> None:
    execution = _rings(season)

    assert execution.status == "SUCCEEDED"
    assert execution.states == [
        "Load who is to be told",
        "Is anybody to be told?",
        "Owe everyone a letter",
        "Remember that everyone was told",
        "Everyone was told",
    ]
    assert _told(season) == sorted((AMARA, BO, DEVIKA))
    assert _due(season).told_at == A_DAY_BEFORE


def test_where_nobody_is_to_be_told_no_roster_is_read(season: Stage) -> None:
    season.cloud.now = CLASS_1.ends_at
    notices.start({"session": CLASS_1.id, "notice": _due(season).name}, CONTEXT)

    assert "Owe everyone a letter" not in season.ended(MACHINE).states
    assert _told(season) == []


def test_a_letter_that_could_not_be_owed_stops_the_run_and_the_sweep_finishes_it(
    season: Stage,
) -> None:
    troubled = {DEVIKA}
    season.failing["NoticeOweLetter"] = lambda payload: (
        ValueError("a mistake of ours") if payload["learner"] in troubled else None
    )
    execution = _rings(season)
    assert (execution.status, execution.states[-1]) == ("FAILED", "The notice needs staff")
    assert DEVIKA not in _told(season)

    troubled.clear()
    season.cloud.wait(hours=1)
    assert sweep({}, CONTEXT)["notices"] >= 1
    for one in season.executions(MACHINE):
        season.ended(MACHINE, one.name)

    assert _told(season) == sorted((AMARA, BO, DEVIKA))


def test_nothing_that_a_run_leaves_behind_names_anybody(season: Stage) -> None:
    execution = _rings(season)

    told = json.dumps([execution.history, season.calls], default=str)
    assert AMARA in told
    for name in ("Amara", "amara", "Devika", "example.org"):
        assert name not in told
