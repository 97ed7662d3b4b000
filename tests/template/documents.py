"""Reading the documents, and reading off the code what they must say."""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import shared.domain
from devstack.__main__ import build_parser
from shared.domain.record import Record
from tests.template.expansion import REPO, written

_NOT_WRITTEN = {".git", ".venv", ".devstack", ".aws-sam", ".hypothesis", "__pycache__"}
# In two halves, because this file may not name them either.
REGISTRIES = [
    ".".join(halves)
    for halves in (
        *(("pypi", "org"), ("python" + "hosted", "org"), ("anaconda", "org"), ("crates", "io")),
        *(("npmjs", "org"), ("npmjs", "com"), ("rubygems", "org"), ("yarnpkg", "com")),
    )
]


# --- documents -------------------------------------------------------------------------------


@cache
def text(name: str) -> str:
    """The text of a file of the repository."""
    return (REPO / name).read_text(encoding="utf-8")


def named(document: str) -> set[str]:
    """Everything that stands in backticks, whole and by its words."""
    quoted = re.findall(r"`([^`\n]+)`", document)
    return {word for one in quoted for word in (one, *re.split(r"[^\w/-]+", one))}


def unnamed(names: set[str], *in_files: str) -> list[str]:
    """The names that none of the files has in backticks."""
    return sorted(names - set().union(*(named(text(one)) for one in in_files)))


def headings(document: str) -> set[str]:
    """The headings of a document, without their marks."""
    return set(re.findall(r"^#+ (.+)$", document, re.MULTILINE))


def anchors(document: str) -> set[str]:
    """The names by which links lead to its headings."""
    plain = (re.sub(r"[^\w\- ]", "", one.lower()) for one in headings(document))
    return {one.replace(" ", "-") for one in plain}


def dead_links(document: str, folder: Path) -> list[str]:
    """Links of a document in `folder` to files or headings that are not there."""
    targets = re.findall(r"\]\(([^)\s]+)\)", document)
    return [
        target
        for target in targets
        if not re.match(r"[a-z]+:", target) and not _leads_somewhere(target, document, folder)
    ]


def _leads_somewhere(target: str, document: str, folder: Path) -> bool:
    path, _, anchor = target.partition("#")
    to = (folder / path).resolve()
    if path and not to.exists():
        return False
    return not anchor or anchor in anchors(to.read_text("utf-8") if path else document)


def drawings(document: str) -> Iterator[tuple[set[str], set[str]]]:
    """(boxes, what is outside) of every drawing: plain names are boxes, rounded ones are not."""
    for drawing in re.findall(r"```mermaid\n(.*?)```", document, re.DOTALL):
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
    return is_module or any(one.is_dir() for one in folders) or box in _resources()


@cache
def _resources() -> frozenset[str]:
    # Read once: the template is long, and there are many boxes.
    return frozenset(written()["Resources"])


# --- code ------------------------------------------------------------------------------------


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Dotted name and syntax of every module that ships."""
    for folder in ("functions", "shared"):
        for file in sorted((REPO / folder).rglob("*.py")):
            name = ".".join(file.relative_to(REPO).with_suffix("").parts)
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def kinds_of_records() -> set[str]:
    """The kind of every record that is kept."""
    for module in pkgutil.iter_modules(shared.domain.__path__):
        importlib.import_module(f"shared.domain.{module.name}")
    found: set[str] = set()
    unseen: list[type[Record]] = [Record]
    while unseen:
        below = unseen.pop().__subclasses__()
        unseen += below
        found |= {one.kind for one in below if one.__module__.startswith("shared.")}
    return found


def waiting_words() -> set[str]:
    """Every word under which something is set to wait, wherever that is done."""
    found: set[str] = set()
    for name, tree in modules():
        if name.startswith("shared.adapters."):
            continue  # adapters put words to what waits; they set nothing to wait
        for node in ast.walk(tree):
            for value in _set_to_wait(node):
                if isinstance(value, ast.Constant) and value.value is not None:
                    found.add(str(value.value))
                elif isinstance(value, ast.Name):
                    found.add(str(getattr(importlib.import_module(name), value.id)))
    return found


def _set_to_wait(node: ast.AST) -> Iterator[ast.expr | None]:
    match node:
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "waiting":
                    yield value
        case ast.keyword(arg="waiting"):
            yield node.value
        case ast.AnnAssign(target=ast.Name(id="waiting")):
            yield node.value


def metrics(put_together: Mapping[str, set[str]], tables: Mapping[str, set[str]]) -> set[str]:
    """Every name that is counted.

    `put_together` says what may follow where a name is its beginning and something else, `tables`
    what a table of names holds. A count of any other making is a KeyError or a TypeError.
    """
    found: set[str] = set()
    for name, tree in modules():
        if name == "shared.observability":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "count":
                found |= _counted(node.args[0], put_together, tables)
    return found


def _counted(
    what: ast.expr, put_together: Mapping[str, set[str]], tables: Mapping[str, set[str]]
) -> set[str]:
    match what:
        case ast.Constant(value=str(name)):
            return {name}
        case ast.Subscript(value=ast.Name(id=table)):
            return tables[table]
        case (
            ast.JoinedStr(values=[ast.Constant(value=str(start)), *_])
            | ast.BinOp(left=ast.Constant(value=str(start)))
        ):
            return {start + rest for rest in put_together[start]}
    raise TypeError(f"Nobody can tell what is counted by: {ast.unparse(what)}")


def state_names(trigger: str) -> list[str]:
    """The names of all states of a trigger's state machine, those for one person included."""
    return list(_states(json.loads(text(f"functions/{trigger}/workflow.asl.json"))["States"]))


def _states(states: dict[str, dict[str, Any]]) -> Iterator[str]:
    for name, state in states.items():
        yield name
        if "ItemProcessor" in state:
            yield from _states(state["ItemProcessor"]["States"])


def commands() -> dict[str, set[str]]:
    """Every command of the command line with its options, as the parser knows them."""
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


def keys_of_dictionaries(file: str) -> set[str]:
    """Every plain key of every dictionary that is written out in a module."""
    return {
        key.value
        for node in ast.walk(ast.parse(text(file)))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def files() -> Iterator[Path]:
    """Every file of the checkout that somebody wrote."""
    unseen = [REPO]
    while unseen:
        for one in sorted(unseen.pop().iterdir()):
            if one.is_file():
                yield one
            elif one.name not in _NOT_WRITTEN and not one.name.endswith("_cache"):
                unseen.append(one)


def registries(content: bytes) -> list[str]:
    """The hosts of package registries that are named there."""
    return [host for host in REGISTRIES if host.encode() in content]
