"""A catalogue in the bucket takes effect: what is sold, and when each alarm rings, in UTC."""

import json
from typing import Any

import pytest

from functions.catalogue_published.handler import publish
from shared import wiring
from shared.domain.letters import LetterKind
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.season import CLASS_1, after

ENDS_AT = "2025-06-22T18:30:00+00:00"


def _alarm(session: str) -> dict[str, Any]:
    alarm: dict[str, Any] = wiring.client("scheduler").get_schedule(
        Name=f"close-{session}", GroupName=ENVIRON["CLOSE_SCHEDULE_GROUP"]
    )
    return alarm


def test_a_catalogue_in_the_bucket_is_published_with_its_alarms_in_utc(cloud: Cloud) -> None:
    assert publish(cloud.publish("idha-2025"), CONTEXT) == {"outcome": "applied"}

    alarm = _alarm(CLASS_1.id)
    assert alarm["ScheduleExpression"] == "at(2025-06-22T18:45:00)"
    assert alarm["ScheduleExpressionTimezone"] == "UTC"
    assert alarm["Target"]["Arn"] == ENVIRON["CLOSE_FUNCTION_ARN"]
    assert alarm["Target"]["DeadLetterConfig"] == {"Arn": ENVIRON["CLOSE_DLQ_ARN"]}
    assert json.loads(alarm["Target"]["Input"]) == {"session": CLASS_1.id, "ends_at": ENDS_AT}


def test_a_catalogue_that_moves_a_class_moves_its_alarm(cloud: Cloud) -> None:
    event = cloud.publish("idha-2025")
    publish(event, CONTEXT)
    moved = cloud.s3.get_object(Bucket=ENVIRON["UPLOADS_BUCKET"], Key="catalogue/idha-2025.yaml")
    text = moved["Body"].read().replace(b"2025-06-22 14:30", b"2025-06-22 15:00")
    cloud.wait(minutes=1)

    assert publish(cloud.upload("catalogue/idha-2025.yaml", text), CONTEXT)["outcome"] == "applied"

    assert _alarm(CLASS_1.id)["ScheduleExpression"] == "at(2025-06-22T19:15:00)"


def test_a_class_that_is_over_has_no_alarm(cloud: Cloud) -> None:
    publish(cloud.publish("idha-2025"), CONTEXT)
    after(cloud)

    publish(cloud.publish("idha-2025"), CONTEXT)

    with pytest.raises(wiring.client("scheduler").exceptions.ResourceNotFoundException):
        _alarm(CLASS_1.id)


@pytest.mark.parametrize("name", ["refused/est-zone", "refused/unknown-session"])
def test_a_catalogue_with_mistakes_comes_back_as_questions_beside_it(
    cloud: Cloud, name: str
) -> None:
    assert publish(cloud.publish(name), CONTEXT) == {"outcome": "refused"}

    told = wiring.uploads().read(f"catalogue/{name}.yaml.report.txt").decode()
    assert told.startswith("Nothing was changed.\n\nLine ")
    assert len(cloud.letters(LetterKind.STAFF_CATALOGUE)) == 1


@pytest.mark.parametrize("key", ["catalogue/idha.yaml.report.txt", "catalogue/notes.md"])
def test_our_own_reports_and_other_notes_are_no_catalogues(cloud: Cloud, key: str) -> None:
    assert publish(cloud.upload(key, b"words"), CONTEXT) == {"outcome": "not_a_catalogue"}
