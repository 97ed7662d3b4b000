"""Nobody's name, address or link is where only ids belong: logs, workflows, keys, queues, metrics.

The season's cast is searched for in all of them, in the spellings in which text travels.
"""

import json
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest

from devstack.season import people
from devstack.season.play import IDHA, Season
from devstack.stack import Stack
from shared.domain.payments import Order
from tests.e2e.ledger import bodies_in, everything
from tests.e2e.stacks import Kept

_MACHINES = ("CloseStateMachineArn", "RecordingStateMachineArn")
_DLQS = ("PaymentEventsDlqUrl", "UploadsDlqUrl", "SchedulesDlqUrl", "LettersDlqUrl")
# The mail service itself says whom it writes to; on AWS that line is nowhere.
_MAIL_SERVICE = " INFO [ses] "


@pytest.fixture(scope="module")
def places(season: Season, kept_season: Kept) -> dict[str, str]:
    """Every place where no personal data may be, and all that is written there."""
    stack = season.stack
    found = {
        "logs": _lines(_logged(stack)),
        "output of the local AWS": _lines(
            line for line in kept_season.log().splitlines() if _MAIL_SERVICE not in line
        ),
        "workflows": _lines(_workflows(stack)),
        "object keys": _lines(_object_keys(stack)),
        "rosters": _lines(_rosters(stack)),
        "dead-letter queues": _lines(body for dlq in _DLQS for body in bodies_in(stack, dlq)),
        "schedules": _lines(_schedules(stack)),
        "metrics": json.dumps(stack.client("cloudwatch", "root").list_metrics()["Metrics"]),
    }
    return {place: text.casefold() for place, text in found.items()}


def _lines(texts: Iterator[str]) -> str:
    return "\n".join(texts)


def _logged(stack: Stack) -> Iterator[str]:
    logs = stack.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        more: dict[str, str] = {}
        while True:
            page = logs.filter_log_events(logGroupName=group["logGroupName"], **more)
            yield from (event["message"] for event in page["events"])
            if not page.get("nextToken"):
                break
            more = {"nextToken": page["nextToken"]}


def _workflows(stack: Stack) -> Iterator[str]:
    machines = stack.client("stepfunctions")
    for output in _MACHINES:
        runs = machines.get_paginator("list_executions")
        for page in runs.paginate(stateMachineArn=stack.outputs[output]):
            for run in page["executions"]:
                arn = run["executionArn"]
                yield json.dumps(machines.describe_execution(executionArn=arn), default=str)
                history = machines.get_paginator("get_execution_history")
                for events in history.paginate(executionArn=arn):
                    yield json.dumps(events["events"], default=str)


def _object_keys(stack: Stack) -> Iterator[str]:
    files = stack.client("s3")
    for bucket in (stack.uploads, stack.documents):
        for page in files.get_paginator("list_object_versions").paginate(Bucket=bucket):
            yield from (version["Key"] for version in page.get("Versions", []))


def _rosters(stack: Stack) -> Iterator[str]:
    files = stack.client("s3")
    for one in files.list_objects_v2(Bucket=stack.documents, Prefix="rosters/")["Contents"]:
        yield files.get_object(Bucket=stack.documents, Key=one["Key"])["Body"].read().decode()


def _schedules(stack: Stack) -> Iterator[str]:
    schedules = stack.client("scheduler")
    for one in schedules.list_schedules()["Schedules"]:
        told: dict[str, Any] = schedules.get_schedule(Name=one["Name"], GroupName=one["GroupName"])
        yield json.dumps(told, default=str)


def _spellings(text: str) -> set[str]:
    """A text as it is, in JSON, and in an address."""
    return {
        text.casefold(),
        json.dumps(text)[1:-1].casefold(),
        urllib.parse.quote(text).casefold(),
        urllib.parse.quote_plus(text).casefold(),
    }


def _where(places: dict[str, str], text: str) -> set[str]:
    return {
        place
        for place, written in places.items()
        if any(spelling in written for spelling in _spellings(text))
    }


@pytest.mark.parametrize("person", [*people.IDHA, *people.MISA], ids=lambda one: one.address)
def test_a_persons_name_and_address_are_nowhere_but_where_they_belong(
    places: dict[str, str], person: people.Person
) -> None:
    assert _where(places, person.name) == set()
    assert _where(places, person.address) == set()


def test_the_links_in_letters_which_are_keys_are_written_nowhere(
    season: Season, places: dict[str, str]
) -> None:
    tokens = {
        word.rpartition("/")[2]
        for person in (*people.IDHA, *people.MISA)
        for letter in season.letters(person)
        for word in letter.text.split()
        if "/watch/" in word or "/my-certificate/" in word
    }
    assert len(tokens) >= 10
    assert {token: found for token in tokens if (found := _where(places, token))} == {}


def test_the_search_finds_the_ids_that_are_written_there(
    season: Season, places: dict[str, str]
) -> None:
    """The control: what belongs there is found, in each place by the same search."""
    order = next(order for order in everything(season.stack, Order) if order.series == IDHA)
    over, to_come = (session.id for session in season.catalogue(IDHA).sessions[:2])

    assert {"logs", "output of the local AWS"} <= _where(places, order.order)
    assert {"workflows", "object keys"} <= _where(places, over)
    assert "schedules" in _where(places, to_come)
    assert "rosters" in _where(places, order.learner or "")
    assert "metrics" in _where(places, "AWS/Lambda")


def test_the_search_finds_a_name_in_whatever_spelling_it_travels() -> None:
    name = people.SUPPORTER.name
    travelled = (name, json.dumps({"name": name}), f"?name={urllib.parse.quote_plus(name)}")
    for text in travelled:
        assert _where({"here": text.casefold()}, name) == {"here"}
