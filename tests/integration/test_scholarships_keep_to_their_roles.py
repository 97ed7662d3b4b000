"""What the desk asks of the table of what people wrote is in the role of whoever asks it.

The account in memory judges no roles, so what is asked is written down here, with the table and the
index, and compared with the template.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.daily_digest.handler import owe as owe_digests
from functions.scholarship_round import handler as rounds
from shared import wiring
from shared.domain.letters import Letter
from shared.domain.staff import Role
from tests.applicants import POLICY, SERIES, applied, reviewed
from tests.cloud import CONTEXT, Cloud
from tests.season import on_sale
from tests.staff import signed_in
from tests.template.expansion import expand, named, of_type

ROUND = f"/staff/scholarships/{SERIES}"
ANA, BO = POLICY.reviewers[:2]
# (what is done, to which table or index), as a role has it.
Asked = set[tuple[str, str]]
_TABLES = {"records": "Records", "scholarships": "Scholarships", "staff-sessions": "StaffSessions"}


@pytest.fixture
def asked(cloud: Cloud) -> Iterator[Asked]:
    """What is asked of DynamoDB from now on, as roles name it."""
    on_sale(cloud)
    found: Asked = set()

    def told(params: dict[str, Any], model: Any, **_: Any) -> None:
        match model.name:
            case "TransactWriteItems":
                tables = [one["Put"]["TableName"] for one in params["TransactItems"]]
                found.update(("dynamodb:PutItem", _named(table)) for table in tables)
            case "BatchGetItem":
                tables = list(params["RequestItems"])
                found.update(("dynamodb:BatchGetItem", _named(table)) for table in tables)
            case name:
                index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
                found.add((f"dynamodb:{name}", _named(params["TableName"]) + index))

    events = wiring.client("dynamodb").meta.events
    events.register("provide-client-params.dynamodb", told)
    yield found
    events.unregister("provide-client-params.dynamodb", told)


def _named(table: str) -> str:
    return _TABLES.get(table, table)


def _may(function: str) -> Asked:
    """What the role of a function allows to be done with tables."""
    template = expand("staging")
    role = of_type(template, "AWS::IAM::Role")[
        named(of_type(template, "AWS::Lambda::Function")[function]["Role"])
    ]
    shared = of_type(template, "AWS::IAM::ManagedPolicy")
    policies = [one["PolicyDocument"] for one in role.get("Policies", [])]
    policies += [
        shared[named(one)]["PolicyDocument"]
        for one in role["ManagedPolicyArns"]
        if named(one) in shared
    ]
    return {
        (action, named(resource).replace("${", "").replace(".Arn}", ""))
        for policy in policies
        for statement in policy["Statement"]
        for action in _list(statement["Action"])
        for resource in _list(statement["Resource"])
        if action.startswith("dynamodb:")
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_the_desk(asked: Asked) -> Asked:
    """Who is signed in is asked by another function, before any page."""
    return {one for one in asked if one[1] != "StaffSessions"}


def test_every_page_and_act_of_a_round_does_what_the_role_of_its_function_allows(
    cloud: Cloud, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = applied(cloud, "quillon@example.org"), applied(cloud, "other@example.org")
    cloud.now = POLICY.closes_at
    rounds.ask_reviewers({"series": SERIES, "task_token": "none"}, CONTEXT)
    monkeypatch.setattr("shared.wiring.resume", lambda token, data: True)
    ana = signed_in(cloud, Role.REVIEWER, Role.COORDINATOR, name=ANA)
    reviewed(first, BO, outcome="full")
    pages = ("/staff/scholarships", f"{ROUND}", f"{ROUND}/{first}")
    files = ("/staff/scholarships.csv", f"{ROUND}/fund.csv", f"{ROUND}/applications.csv")
    ids = {"series": SERIES, "reference": first}
    asked.clear()

    for page in (*pages, *files):
        assert ana.get(page).status == 200, page
    assert ana.post("/staff/acts/vote-on-application", outcome="full", **ids).status == 303
    assert ana.post("/staff/acts/end-voting", series=SERIES, why="So.").status == 303
    done = _of_the_desk(asked)
    rounds.close_voting({"series": SERIES}, CONTEXT)
    rounds.decide_and_award({"series": SERIES}, CONTEXT)
    asked.clear()
    decide = {"outcome": "full", "why": "So.", **ids, "reference": second}
    assert ana.post("/staff/acts/decide-application", **decide).status == 303
    (letter,) = cloud.applications.waiting("letter", cloud.now, Letter)[:1]
    cloud.applications.commit(letter.failed("No."))
    name = f"{letter.letter}#{letter.about}"
    assert ana.post("/staff/acts/send-round-letter-again", letter=name, why="So.").status == 303

    done |= _of_the_desk(asked)
    assert done <= _may("StaffScholarships"), done - _may("StaffScholarships")
    assert ("dynamodb:PutItem", "Scholarships") in done, "the control: it was listened to"


def test_who_only_lists_what_waits_asks_that_index_and_nothing_else_of_the_table(
    cloud: Cloud, asked: Asked
) -> None:
    applied(cloud, "quillon@example.org")
    cloud.now = POLICY.closes_at
    rounds.ask_reviewers({"series": SERIES, "task_token": "none"}, CONTEXT)
    rounds.close_voting({"series": SERIES}, CONTEXT)
    rounds.decide_and_award({"series": SERIES}, CONTEXT)
    cloud.wait(hours=12)
    ana = signed_in(cloud, Role.REVIEWER, Role.COORDINATOR, name=ANA)
    asked.clear()

    assert "was left open by the votes" in ana.get("/staff").body
    assert _of_the_desk(asked) <= _may("StaffPages")
    of_rounds = {one for one in asked if one[1].startswith("Scholarships")}
    asked.clear()
    assert owe_digests({}, CONTEXT) == {"owed": 1}
    assert asked <= _may("DailyDigestOwe"), asked - _may("DailyDigestOwe")

    of_rounds |= {one for one in asked if one[1].startswith("Scholarships")}
    assert of_rounds == {("dynamodb:Query", "Scholarships/index/by_waiting")}
