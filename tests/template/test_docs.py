"""What the documents say of the code is so, and what people must know of the code is in them."""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

import shared.domain
from devstack.__main__ import build_parser
from devstack.commands import COMMANDS
from shared.domain.letters import LetterKind, LetterStatus
from shared.domain.record import Record
from shared.usecases.sweep import Swept
from tests.template.expansion import REPO, written

pytestmark = pytest.mark.template

DOCS = (REPO / "README.md", *sorted((REPO / "docs").rglob("*.md")))
PAGES = (*DOCS, REPO / "CONTRIBUTING.md", REPO / "CHANGELOG.md")
# Where a name of a metric is put together: its beginning, and everything that may follow.
PUT_TOGETHER = {
    "Attendance": {"Taken", "Unchanged", "Superseded", "Refused"},
    "Catalogue": {"Applied", "Unchanged", "Superseded", "Refused"},
    # A letter that is owed again is counted as put back.
    "Letter": {one.capitalize() for one in LetterStatus if one is not LetterStatus.PENDING},
    "Swept": {one.name.title().replace("_", "") for one in fields(Swept)},
}
# Hosts of package registries, in two halves, because this file may not name them either.
REGISTRIES = [
    ".".join(halves)
    for halves in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("anaconda", "org"),
        ("golang", "org/dl"),
    )
]
NOT_OURS = {".git", ".venv", ".devstack", ".aws-sam", ".hypothesis", "__pycache__"}


@cache
def doc(name: str) -> str:
    return (REPO / name).read_text(encoding="utf-8")


def names_in(text: str) -> set[str]:
    """Everything that stands in backticks, whole and by its words."""
    quoted = re.findall(r"`([^`\n]+)`", text)
    return {word for one in quoted for word in (one, *re.split(r"[^\w/-]+", one))}


def unnamed(names: set[str], *in_docs: str) -> list[str]:
    """The names that none of the documents has in backticks."""
    return sorted(names - set().union(*(names_in(doc(one)) for one in in_docs)))


# --- pictures --------------------------------------------------------------------------------


def pictures(text: str) -> Iterator[tuple[set[str], set[str]]]:
    """(boxes, what is outside) of every drawing: plain names are boxes, rounded ones are not."""
    for drawing in re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL):
        boxes: set[str] = set()
        outside: set[str] = set()
        for line in drawing.splitlines()[1:]:
            bare = re.sub(r"\|[^|]*\|", "", line).strip()
            outside |= set(re.findall(r"(\w+)\(\[", bare))
            bare = re.sub(r"\(\[.*?\]\)", "", bare)
            found = [one.strip() for one in bare.removeprefix("subgraph ").split("-->")]
            boxes |= {one for one in found if one not in ("", "end")}
        yield boxes - outside, outside


def is_ours(box: str) -> bool:
    """Whether a box is a folder, a module of `shared`, or a resource of the template."""
    folders = (REPO / box, REPO / "functions" / box, REPO / "shared" / box)
    is_module = (REPO / "shared" / f"{box}.py").is_file()
    return is_module or any(one.is_dir() for one in folders) or box in written()["Resources"]


def test_every_box_of_the_pictures_is_a_folder_or_a_resource() -> None:
    drawn = list(pictures(doc("docs/architecture.md")))

    assert len(drawn) == 2
    assert [box for boxes, _ in drawn for box in sorted(boxes) if not is_ours(box)] == []


def test_the_check_of_the_pictures_notices_a_box_that_is_nowhere() -> None:
    drawing = '```mermaid\nflowchart LR\n  they(["people"]) --> Api\n  Api -->|x| NoSuchBox\n```'

    ((boxes, outside),) = pictures(drawing)

    assert outside == {"they"}
    assert sorted(box for box in boxes if not is_ours(box)) == ["NoSuchBox"]


def test_whatever_works_or_keeps_something_is_in_the_picture() -> None:
    kinds = (
        *("AWS::Serverless::Function", "AWS::Serverless::StateMachine", "AWS::SQS::Queue"),
        *("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Serverless::Api"),
    )
    resources = {
        name for name, one in written()["Resources"].items() if one["Type"] in kinds
    }
    triggers = {one.parent.name for one in (REPO / "functions").glob("*/__init__.py")}
    boxes, _ = next(pictures(doc("docs/architecture.md")))

    assert sorted((resources | triggers) - boxes) == []


# --- records ---------------------------------------------------------------------------------


def kinds_of_records() -> set[str]:
    for module in pkgutil.iter_modules(shared.domain.__path__):
        importlib.import_module(f"shared.domain.{module.name}")
    found, unseen = set(), [Record]
    while unseen:
        below = unseen.pop().__subclasses__()
        unseen += below
        found |= {one.kind for one in below if one.__module__.startswith("shared.")}
    return found


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Dotted name and syntax of every module that ships."""
    for folder in ("functions", "shared"):
        for file in sorted((REPO / folder).rglob("*.py")):
            name = ".".join(file.relative_to(REPO).with_suffix("").parts)
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def waiting_words() -> set[str]:
    """Every word under which something is set to wait, wherever that is done."""
    found = set()
    for name, tree in modules():
        for node in ast.walk(tree):
            values: list[ast.expr | None] = []
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                values = [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "waiting"]
            elif isinstance(node, ast.keyword) and node.arg == "waiting":
                values = [node.value]
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                values = [node.value] if node.target.id == "waiting" else []
            for value in values:
                if isinstance(value, ast.Constant):
                    found.add(value.value)
                elif isinstance(value, ast.Name):
                    found.add(getattr(importlib.import_module(name), value.id))
    return {word for word in found if word is not None}


def test_every_kind_of_record_is_in_the_data_model() -> None:
    assert {"order", "letter", "session"} <= kinds_of_records()
    assert unnamed(kinds_of_records(), "docs/data-model.md") == []


def test_every_word_for_waiting_is_in_the_data_model() -> None:
    assert {"letter", "review", "session"} <= waiting_words()
    assert unnamed(waiting_words(), "docs/data-model.md") == []


# --- workflows -------------------------------------------------------------------------------


def state_names(states: dict[str, dict[str, object]]) -> Iterator[str]:
    for name, state in states.items():
        yield name
        inner = state.get("ItemProcessor")
        if isinstance(inner, dict):
            yield from state_names(inner["States"])


@pytest.mark.parametrize("trigger", ["session_closed", "recording_uploaded"])
def test_every_state_is_told_by_its_own_name(trigger: str) -> None:
    definition = json.loads(doc(f"functions/{trigger}/workflow.asl.json"))
    names = list(state_names(definition["States"]))

    assert len(names) > 10
    assert [name for name in names if f"**{name}**" not in doc("docs/workflows.md")] == []


# --- runbook ---------------------------------------------------------------------------------


def headings(text: str) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", text, re.MULTILINE))


def test_every_alarm_says_what_to_do() -> None:
    resources = written()["Resources"]
    alarms = {n: r for n, r in resources.items() if r["Type"] == "AWS::CloudWatch::Alarm"}

    assert len(alarms) >= 10
    assert unnamed(set(alarms), "docs/runbook.md") == []
    for name, alarm in alarms.items():
        (part,) = re.findall(r'runbook, "(.+?)"', alarm["Properties"]["AlarmDescription"])
        assert part in headings(doc("docs/runbook.md")), f"{name} leads nowhere"


def test_every_letter_to_staff_says_which_act_it_asks_for() -> None:
    kinds = {kind.value for kind in LetterKind if kind.to_staff}

    assert unnamed(kinds, "docs/runbook.md") == []


def test_every_state_of_a_letter_is_explained() -> None:
    assert unnamed({status.value for status in LetterStatus}, "docs/runbook.md") == []


def metrics() -> set[str]:
    """Every name that is counted. One that is put together in a way unknown here is a KeyError."""
    from functions.payment_webhook.record import _METRICS

    found = set(_METRICS.values())
    for name, tree in modules():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id != "count" or name == "shared.observability":
                continue
            first = node.args[0]
            start = first
            if isinstance(first, ast.JoinedStr):
                start = first.values[0]
            elif isinstance(first, ast.BinOp):
                start = first.left
            if isinstance(first, ast.Subscript):
                assert ast.unparse(first.value) == "_METRICS", f"{name} counts by another table"
            elif isinstance(first, ast.Constant):
                found.add(str(first.value))
            else:
                assert isinstance(start, ast.Constant), f"{name} counts something nameless"
                found |= {f"{start.value}{rest}" for rest in PUT_TOGETHER[str(start.value)]}
    return found


def test_everything_that_is_counted_is_in_the_runbook() -> None:
    assert {"WebhookTaken", "PaymentInReview", "SweptSessions"} <= metrics()
    assert unnamed(metrics(), "docs/runbook.md") == []


# --- deploying and the command line ----------------------------------------------------------


def test_everything_that_can_be_set_or_asked_of_a_deployed_stack_is_explained() -> None:
    template = written()
    names = set(template["Parameters"]) | set(template["Outputs"])

    assert unnamed(names, "README.md", "docs/runbook.md", "docs/devstack.md") == []


def commands() -> dict[str, set[str]]:
    """Every command with its options, as the parser knows them."""
    (choices,) = (
        action.choices for action in build_parser()._actions if isinstance(action.choices, dict)
    )
    return {
        name: {
            option
            for action in parser._actions
            for option in action.option_strings
            if option not in ("-h", "--help")
        }
        for name, parser in choices.items()
    }


def test_every_command_and_option_has_its_row() -> None:
    rows = re.findall(r"^\| `(\w+)[^|]*\|(.+)$", doc("docs/devstack.md"), re.MULTILINE)

    assert [name.rpartition(".")[2] for name in COMMANDS] == list(commands())
    for command, options in commands().items():
        said = [names_in(rest) for name, rest in rows if name == command]
        assert said, f"{command} has no row"
        assert sorted(options - said[0]) == [], command


def test_every_key_of_the_json_is_promised() -> None:
    """Keys are read off the code: every plain key of the dictionaries that are shown."""
    shown = (
        *("shared/usecases/look_up.py", "devstack/commands/status.py"),
        *("devstack/commands/build.py", "devstack/commands/down.py"),
    )
    keys = {one.name for one in fields(Swept)}
    for file in shown:
        for node in ast.walk(ast.parse(doc(file))):
            if isinstance(node, ast.Dict):
                keys |= {str(k.value) for k in node.keys if isinstance(k, ast.Constant)}

    assert {"entitlements", "waiting_for_report", "endpoint", "layer"} <= keys
    assert unnamed(keys, "docs/devstack.md") == []


# --- the documents themselves ----------------------------------------------------------------


def links(page: Path) -> Iterator[tuple[str, str]]:
    """(path, heading) of every link from a page to a place in the repository."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


def anchors(page: Path) -> set[str]:
    kept = (re.sub(r"[^\w\- ]", "", one.lower()) for one in headings(page.read_text("utf-8")))
    return {one.replace(" ", "-") for one in kept}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, anchor in links(page):
        to = (page.parent / path).resolve() if path else page
        assert to.exists(), f"{path} is not there"
        assert not anchor or anchor in anchors(to), f"{path} has no part {anchor}"


DECISIONS = sorted((REPO / "docs" / "decisions").glob("*.md"))


def test_decisions_are_counted_without_a_gap() -> None:
    numbers = [int(one.name[:4]) for one in DECISIONS]

    assert numbers == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_when_why_and_at_what_cost_on_one_screen(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert re.match(rf"# {page.name[:4]}\. .+\n\nAccepted, 20\d\d-\d\d-\d\d\.\n", text)
    assert {"Context", "Decision", "Consequences"} <= headings(text)
    assert len(text.splitlines()) <= 40


def files() -> Iterator[Path]:
    """Every file of the checkout that somebody wrote."""
    unseen = [REPO]
    while unseen:
        for one in sorted(unseen.pop().iterdir()):
            if one.is_dir() and one.name not in NOT_OURS and not one.name.endswith("_cache"):
                unseen.append(one)
            elif one.is_file():
                yield one


def test_no_file_names_the_host_of_a_package_registry() -> None:
    found = []
    for file in files():
        content = file.read_bytes()
        found += [f"{file} names {host}" for host in REGISTRIES if host.encode() in content]

    assert found == []
