"""What the documents say of the code is so, and what people must know of the code is in them."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks import cost
from devstack.commands import COMMANDS
from devstack.redrive import Redriven
from devstack.samples.occasions import OCCASIONS
from devstack.samples.staff import listed_for_staff, told_to_staff
from functions.payment_webhook.outcomes import _METRICS
from functions.refunds.handler import _MOVED
from shared.domain.letters import LetterKind, LetterStatus
from shared.domain.mailboxes import Said
from shared.usecases.sweep import Swept
from shared.usecases.sweep_scholarships import SweptScholarships
from tests.template import documents
from tests.template.documents import text, unnamed
from tests.template.expansion import REPO, written

pytestmark = pytest.mark.template

ARCHITECTURE, DATA_MODEL = "docs/architecture.md", "docs/data-model.md"
RUNBOOK, WORKFLOWS, DEVSTACK = "docs/runbook.md", "docs/workflows.md", "docs/devstack.md"
PAGES = sorted((*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md")))
DECISIONS = sorted((REPO / "docs" / "decisions").glob("*.md"))
# Where a metric's name is put together: its beginning, and everything that may follow.
PUT_TOGETHER = {
    "Attendance": {"Taken", "Unchanged", "Superseded", "Refused"},
    "Catalogue": {"Applied", "Unchanged", "Superseded", "Refused"},
    "Feedback": {one.capitalize() for one in Said},
    # A letter that is owed again is counted as put back.
    "Letter": {one.capitalize() for one in LetterStatus if one is not LetterStatus.PENDING},
    "Swept": {
        one.name.title().replace("_", "")
        for counts in (Swept, SweptScholarships)
        for one in fields(counts)
    },
}
# Whatever of these the template has is in the picture.
DRAWN = {
    *("AWS::Serverless::Api", "AWS::Serverless::Function", "AWS::Serverless::StateMachine"),
    *("AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::DynamoDB::Table"),
}


def test_every_box_of_the_pictures_is_a_folder_or_a_resource() -> None:
    drawn = list(documents.drawings(text(ARCHITECTURE)))

    assert len(drawn) == 3
    assert [box for boxes, _ in drawn for box in sorted(boxes) if not documents.is_ours(box)] == []


def test_a_box_that_is_nowhere_is_noticed() -> None:
    drawing = '```mermaid\nflowchart LR\n  they(["people"]) --> Api\n  Api -->|x| NoSuchBox\n```'

    ((boxes, outside),) = documents.drawings(drawing)

    assert outside == {"they"}
    assert sorted(box for box in boxes if not documents.is_ours(box)) == ["NoSuchBox"]


def test_whatever_works_or_keeps_something_is_in_the_picture() -> None:
    resources = {name for name, one in written()["Resources"].items() if one["Type"] in DRAWN}
    triggers = {one.parent.name for one in (REPO / "functions").glob("*/__init__.py")}
    *of_resources, _ = documents.drawings(text(ARCHITECTURE))
    boxes = set().union(*(boxes for boxes, _ in of_resources))

    assert len(resources) > 20
    assert sorted((resources | triggers) - boxes) == []


def test_every_kind_of_record_is_in_the_data_model() -> None:
    kinds = documents.kinds_of_records()

    assert {"order", "letter", "session"} <= kinds
    assert unnamed(kinds, DATA_MODEL) == []


def test_every_word_for_waiting_is_in_the_data_model() -> None:
    words = documents.waiting_words()

    assert {"letter", "review", "session", "round", "award", "application", "fund"} <= words
    assert unnamed(words, DATA_MODEL) == []


@pytest.mark.parametrize("trigger", ["session_closed", "recording_uploaded", "scholarship_round"])
def test_every_state_is_told_by_its_own_name(trigger: str) -> None:
    names = documents.state_names(trigger)

    assert len(names) > 10
    assert [name for name in names if f"**{name}**" not in text(WORKFLOWS)] == []


def test_every_alarm_says_what_to_do() -> None:
    resources = written()["Resources"]
    alarms = {n: r for n, r in resources.items() if r["Type"] == "AWS::CloudWatch::Alarm"}

    assert len(alarms) >= 10
    assert set(alarms) <= documents.headings(text(RUNBOOK))
    for name, alarm in alarms.items():
        (part,) = re.findall(r'runbook, "(.+?)"', alarm["Properties"]["AlarmDescription"])
        assert part in documents.headings(text(RUNBOOK)), f"{name} leads nowhere"


def test_every_letter_to_staff_says_which_act_it_asks_for() -> None:
    kinds = {kind.value for kind in LetterKind if kind.to_staff}

    assert unnamed(kinds, RUNBOOK) == []


def test_every_kind_of_letter_can_be_looked_at_before_it_is_sent() -> None:
    """Whoever adds one says when it is written, and what it carries if it goes to staff."""
    assert [kind for kind in LetterKind if kind not in OCCASIONS] == []
    carried = {
        kind: (*told_to_staff(kind)[0], *listed_for_staff(kind))
        for kind in OCCASIONS
        if kind.to_staff
    }
    assert all(carried.values())


def test_every_state_of_a_letter_is_explained() -> None:
    assert unnamed({status.value for status in LetterStatus}, RUNBOOK) == []


def test_everything_that_is_counted_is_in_the_runbook() -> None:
    counted = documents.metrics(
        PUT_TOGETHER, {"_METRICS": set(_METRICS.values()), "_MOVED": set(_MOVED.values())}
    )

    assert {"WebhookTaken", "PaymentInReview", "LetterSent", "SweptSessions"} <= counted
    assert unnamed(counted, RUNBOOK) == []


def test_everything_that_can_be_set_or_asked_of_a_deployed_stack_is_explained() -> None:
    names = set(written()["Parameters"]) | set(written()["Outputs"])

    assert unnamed(names, "README.md", RUNBOOK, DEVSTACK) == []


def test_every_command_and_option_has_its_row() -> None:
    rows = re.findall(r"^\| `(\w+)[^|]*\|(.+)$", text(DEVSTACK), re.MULTILINE)

    assert [name.rpartition(".")[2] for name in COMMANDS] == list(documents.commands())
    for command, options in documents.commands().items():
        said = [documents.named(rest) for name, rest in rows if name == command]
        assert said, f"{command} has no row"
        assert sorted(options - said[0]) == [], command


def test_every_key_of_the_json_is_promised() -> None:
    keys = {one.name for counts in (Swept, Redriven) for one in fields(counts)}
    for file in ("status", "build", "down"):
        keys |= documents.keys_of_dictionaries(f"devstack/commands/{file}.py")
    keys |= documents.keys_of_dictionaries("shared/usecases/look_up.py")

    assert {"entitlements", "waiting_for_report", "endpoint", "layer"} <= keys
    assert unnamed(keys, DEVSTACK) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert documents.dead_links(page.read_text("utf-8"), page.parent) == []


def test_a_link_that_leads_nowhere_is_noticed() -> None:
    links = (
        "[a](README.md) [b](NOWHERE.md) [c](docs/runbook.md#alarms) [d](docs/runbook.md#nothing)"
    )

    assert documents.dead_links(links, REPO) == ["NOWHERE.md", "docs/runbook.md#nothing"]


def test_decisions_are_counted_without_a_gap() -> None:
    assert [int(one.name[:4]) for one in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_when_why_and_at_what_cost_on_one_screen(page: Path) -> None:
    said = page.read_text(encoding="utf-8")

    assert re.match(rf"# {page.name[:4]}\. .+\n\nAccepted, 20\d\d-\d\d-\d\d\.\n", said)
    assert {"Context", "Decision", "Consequences"} <= documents.headings(said)
    assert len(said.splitlines()) <= 40


def test_no_file_names_the_host_of_a_package_registry() -> None:
    found = {str(file): documents.registries(file.read_bytes()) for file in documents.files()}

    assert len(found) > 200
    assert {file: hosts for file, hosts in found.items() if hosts} == {}


def test_the_host_of_a_package_registry_is_noticed() -> None:
    (host,) = documents.REGISTRIES[:1]

    assert documents.registries(f"--index-url https://{host}/simple".encode()) == [host]


def test_the_page_of_costs_is_the_one_that_was_counted() -> None:
    assert (REPO / "docs" / "cost.md").read_text(encoding="utf-8") == cost.page()
