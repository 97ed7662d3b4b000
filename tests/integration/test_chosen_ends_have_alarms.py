"""A notice of an end that staff chose gets an alarm of its own, and the alarm names it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.notice_due.set_alarm import handler
from shared import wiring
from shared.domain.notices import WAITING, Notice, NoticeKind
from shared.domain.sessions import Series
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.gateway import stream_event
from tests.season import open_season

SERIES = "idha-2025"


@pytest.fixture
def chosen(cloud: Cloud) -> Notice:
    """A notice three days before the recording of a session that is over is taken away."""
    open_season(cloud)
    series = cloud.records.get(Series.key_of(SERIES), Series)
    assert series is not None
    policies = series.catalogue.policies
    recording = policies.recording.model_copy(update={"days_after_event": 30})
    with_end = policies.model_copy(update={"recording": recording})
    catalogue = series.catalogue.model_copy(update={"policies": with_end})
    cloud.records.commit(series.model_copy(update={"catalogue": catalogue}))
    session = catalogue.sessions[0]
    ends = catalogue.recording_closes_at(session.id)
    assert ends is not None
    due = ends - timedelta(days=3)
    cloud.now = session.ends_at + timedelta(days=5)
    notice = Notice(
        session=session.id, series=SERIES, what=NoticeKind.RECORDING_ENDS, plan=(ends,), hours=72,
        due_at=due, waiting=WAITING, waiting_since=due.isoformat(),
    )  # fmt: skip
    cloud.records.commit(notice)
    return notice


def _event(notice: Notice) -> dict[str, Any]:
    place = notice.key()
    keys = {"pk": {"S": place.partition}, "sk": {"S": place.sort}}
    event: dict[str, Any] = stream_event(keys | {"kind": {"S": "notice"}})
    return event


def _alarms() -> list[str]:
    found = wiring.client("scheduler").list_schedules(
        GroupName=ENVIRON["CLOSE_SCHEDULE_GROUP"], NamePrefix="tell-"
    )["Schedules"]
    return [one["Name"] for one in found if "-ends-" in one["Name"]]


def test_the_alarm_rings_when_it_is_due_and_starts_that_notice(chosen: Notice) -> None:
    for _ in range(2):
        assert handler(_event(chosen), CONTEXT) == {"batchItemFailures": []}

    (name,) = _alarms()
    assert name == f"tell-{chosen.session}-ends-72"
    alarm = wiring.client("scheduler").get_schedule(
        GroupName=ENVIRON["CLOSE_SCHEDULE_GROUP"], Name=name
    )
    assert alarm["ScheduleExpression"] == f"at({chosen.due_at:%Y-%m-%dT%H:%M:%S})"
    assert alarm["Target"]["Arn"] == ENVIRON["NOTICE_FUNCTION_ARN"]
    told = {"session": chosen.session, "notice": chosen.name}
    assert json.loads(alarm["Target"]["Input"]) == told


def test_of_an_end_that_was_chosen_anew_meanwhile_no_alarm_is_set(
    cloud: Cloud, chosen: Notice
) -> None:
    earlier = chosen.model_copy(update={"plan": (chosen.plan[0] - timedelta(days=1),)})
    cloud.records.commit(earlier)

    handler(_event(earlier), CONTEXT)

    assert _alarms() == []
