"""What pages and acts of the desk ask of the table is in the role of their function.

The account in memory judges no roles, so what is asked is written down here and compared with the
template. That roles hold no more than is needed, the tests of the template see to.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from shared import wiring
from shared.domain.decisions import granted
from shared.domain.likeness import WAITING, Likeness, SamePerson
from shared.domain.staff import Role
from tests.cloud import Cloud
from tests.season import AMARA, BO, CLASS_1, PrintsHere, closed_season
from tests.staff import Browser, signed_in
from tests.template.expansion import Template, expand, named, of_type

SERIES = "idha-2025"
PAGES = (
    *("/staff", "/staff/today.csv", "/staff/series", "/staff/series.csv"),
    *(f"/staff/series/{SERIES}", f"/staff/series/{SERIES}/people.csv"),
    *(f"/staff/series/{SERIES}/{name}.csv" for name in ("orders", "sessions", "money")),
    *(f"/staff/sessions/{CLASS_1.id}", f"/staff/people/{AMARA}"),
    *(f"/staff/sessions/{CLASS_1.id}/{name}.csv" for name in ("roster", "ready", "timeline")),
    *(f"/staff/people/{AMARA}/{name}.csv" for name in ("sessions", "orders", "letters", "ledger")),
    *("/staff/search?q=ama", "/staff/search?q=pi_1", "/staff/search.csv?q=ama"),
)
ACTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("hold-person", {"learner": AMARA}),
    ("lift-hold", {"learner": AMARA}),
    ("override", {"learner": AMARA, "scope": CLASS_1.id, "about": "credit", "granted": "no"}),
    ("take-back-override", {"learner": AMARA, "word": f"{CLASS_1.id}#credit"}),
    ("revoke-certificate", {"learner": AMARA, "scope": CLASS_1.id, "ground": "mistake"}),
    ("reinstate-certificate", {"learner": AMARA, "scope": CLASS_1.id}),
    ("correct-certificate", {"learner": AMARA, "scope": CLASS_1.id, "name": "Amara O."}),
    ("change-address", {"learner": AMARA, "address": "elsewhere@example.org"}),
    ("same-person", {"pair": f"{SERIES}/{'+'.join(sorted((AMARA, BO)))}"}),
    ("two-after-all", {}),
)


@pytest.fixture
def asked(cloud: Cloud) -> Iterator[set[str]]:
    """What is asked of DynamoDB from now on, as roles name it."""
    closed_season(cloud)
    found: set[str] = set()

    def told(model: Any, **_: Any) -> None:
        operation = model.name
        writes = "dynamodb:PutItem" if operation == "TransactWriteItems" else ""
        found.add(writes or f"dynamodb:{operation}")

    events = wiring.client("dynamodb").meta.events
    events.register("before-call.dynamodb", told)
    yield found
    events.unregister("before-call.dynamodb", told)


def _may(function: str) -> set[str]:
    """What the role of a function allows to be done with tables."""
    template = expand("staging")
    role = named(of_type(template, "AWS::Lambda::Function")[function]["Role"])
    properties = of_type(template, "AWS::IAM::Role")[role]
    documents = [one["PolicyDocument"] for one in properties.get("Policies", [])]
    documents += [_managed(template, arn) for arn in properties.get("ManagedPolicyArns", [])]
    actions = [
        action
        for document in documents
        for statement in document.get("Statement", [])
        for action in _list(statement["Action"])
    ]
    return {action for action in actions if action.startswith("dynamodb:")}


def _managed(template: Template, arn: Any) -> dict[str, Any]:
    policy = of_type(template, "AWS::IAM::ManagedPolicy").get(named(arn))
    return dict(policy["PolicyDocument"]) if policy else {}


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def test_every_page_reads_with_what_the_role_of_pages_allows(cloud: Cloud, asked: set[str]) -> None:
    robin = signed_in(cloud, Role.COORDINATOR)
    asked.clear()
    for page in PAGES:
        assert robin.get(page).status == 200, page

    assert asked - _sessions() <= _may("StaffPages"), asked
    assert "dynamodb:BatchGetItem" in asked


def test_every_act_does_what_the_role_of_acts_allows(
    cloud: Cloud, asked: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "printing", PrintsHere)
    robin = signed_in(cloud, Role.COORDINATOR)
    pair: Any = tuple(sorted((AMARA, BO)))
    cloud.records.commit(
        Likeness(
            series=SERIES, pair=pair, noticed_at=cloud.now, found=granted("r", "x", "Y."),
            waiting=WAITING, waiting_since=cloud.now.isoformat(),
        )
    )  # fmt: skip
    asked.clear()
    for act, fields in ACTS:
        _do(robin, cloud, act, fields)

    assert asked <= _may("StaffActs"), asked - _may("StaffActs")
    assert "dynamodb:BatchGetItem" in asked, "two are told apart by looking at both at once"


def _do(robin: Browser, cloud: Cloud, act: str, fields: dict[str, str]) -> None:
    if act == "two-after-all":
        said = [cloud.records.get(SamePerson.key_of(one), SamePerson) for one in (AMARA, BO)]
        (other,) = [one.other for one in said if one is not None]
        fields = {"other": other}
    answer = robin.post(f"/staff/acts/{act}", why="She told us.", **fields)
    assert answer.status == 303, f"{act}: {answer.status}"


def _sessions() -> set[str]:
    """Who is signed in is asked by another function, before any page."""
    return {"dynamodb:GetItem"}
