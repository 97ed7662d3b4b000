"""What is uploaded: compiled for its runtime, small, one zip for all, and complete by itself."""

import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from samcli.yamlhelper import yaml_parse

from devstack.build import LAYERS, Artifact, build, this_machine
from shared.domain.languages import ENGLISH, Language
from tests.template.expansion import REPO, written

pytestmark = pytest.mark.template

_MB = 1_000_000
_MOST = {"Typesetting": 110, "PaypalCertificates": 25}
# What Lambda itself brings.
_LAMBDA_BRINGS = ("boto3", "botocore", "s3transfer", "urllib3", "jmespath", "dateutil", "six.py")


@pytest.fixture(scope="module")
def artifact() -> Artifact:
    return build(this_machine())


def _without_valid_bytecode(folder: Path) -> Iterator[str]:
    """Modules that this Python would have to compile at every cold start."""
    for module in folder.rglob("*.py"):
        compiled = Path(importlib.util.cache_from_source(str(module)))
        head = compiled.read_bytes()[:16] if compiled.exists() else b""
        unchecked = head[:8] == importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
        if not unchecked or head[8:] != importlib.util.source_hash(module.read_bytes()):
            yield str(module.relative_to(folder))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_every_module_is_compiled_for_the_runtime_and_never_asked_again(artifact: Artifact) -> None:
    assert list(_without_valid_bytecode(artifact.code)) == []
    for layer in LAYERS:
        assert list(_without_valid_bytecode(artifact.layer(layer))) == []
    assert (artifact.code / "functions/payment_webhook/receive.py").exists()


@pytest.mark.parametrize("harm", ["no bytecode", "another Python's", "older than its source"])
def test_the_check_for_bytecode_notices(artifact: Artifact, tmp_path: Path, harm: str) -> None:
    copy = shutil.copytree(artifact.code / "functions", tmp_path / "functions")
    module = copy / "payment_webhook" / "receive.py"
    compiled = Path(importlib.util.cache_from_source(str(module)))
    if harm == "no bytecode":
        compiled.unlink()
    elif harm == "another Python's":
        compiled.write_bytes(b"\0\0\r\n" + compiled.read_bytes()[4:])
    else:
        module.write_text(module.read_text() + "\n")
    assert list(_without_valid_bytecode(copy)) == ["payment_webhook/receive.py"]


def test_code_and_layers_are_small(artifact: Artifact) -> None:
    assert _size(artifact.code) <= 60 * _MB
    assert set(_MOST) == set(LAYERS)
    for layer, most in _MOST.items():
        assert _size(artifact.layer(layer)) <= most * _MB, layer


def test_of_the_worlds_languages_only_those_of_letters_are_uploaded(artifact: Artifact) -> None:
    script = (
        "import sys\n"
        f"sys.path.insert(0, {str(artifact.code)!r})\n"
        "from shared.adapters.other_languages import spoken\n"
        "print(spoken('es').place('America/New_York'))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "Nueva York"
    kept = {file.stem for file in (artifact.code / "babel" / "locale-data").glob("*.dat")}
    assert kept == {"root", *get_args(Language)} - {ENGLISH}


def test_all_functions_share_one_upload(artifact: Artifact) -> None:
    template = yaml_parse(artifact.template.read_text())
    places = {template["Globals"]["Function"]["CodeUri"]} | {
        resource["Properties"]["CodeUri"]
        for resource in template["Resources"].values()
        if "CodeUri" in resource.get("Properties", {})
    }
    assert places == {"code.zip"}


def test_only_what_runs_is_shipped(artifact: Artifact) -> None:
    with zipfile.ZipFile(artifact.folder / "code.zip") as archive:
        names = archive.namelist()
    shipped = {name.partition("/")[0] for name in names}
    assert shipped.isdisjoint({"devstack", "tests", "docs", "benchmarks"})
    assert shipped.isdisjoint({"boto3", "typst", "cryptography", "layers"})
    assert {"functions", "shared", "pydantic"} <= shipped
    assert len(names) == len(set(names))


def test_the_same_checkout_gives_the_same_zip(artifact: Artifact) -> None:
    """Nothing is uploaded or deployed again for a change of clock."""
    assert build(this_machine()).fingerprint == artifact.fingerprint
    with zipfile.ZipFile(artifact.folder / "code.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_function_starts_from_what_is_built_alone(artifact: Artifact, tmp_path: Path) -> None:
    """A package missing from the zip is found here, not by the first learner."""
    lambdas = tmp_path / "lambda"
    lambdas.mkdir()
    for name in _LAMBDA_BRINGS:
        for folder in sys.path:
            if (Path(folder) / name).exists() and "site-packages" in folder:
                (lambdas / name).symlink_to(Path(folder) / name)
                break
    handlers = {
        resource["Properties"]["Handler"]
        for resource in written()["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    layers = [str(artifact.layer(layer) / "python") for layer in LAYERS]
    script = (
        "import sys, importlib\n"
        f"sys.path[:0] = {[str(artifact.code), *layers]!r}\n"
        f"sys.path.append({str(lambdas)!r})\n"
        f"for handler in {sorted(handlers)!r}:\n"
        "    module, _, name = handler.rpartition('.')\n"
        "    assert callable(getattr(importlib.import_module(module), name)), handler\n"
        "import pkgutil, shared, typst, fontpkg, tzdata\n"
        "for module in pkgutil.walk_packages(shared.__path__, 'shared.'):\n"
        "    importlib.import_module(module.name)\n"
        "assert not [m for m in sys.modules if m.startswith(('moto', 'rich', 'samcli'))]\n"
    )
    # -I and -S: nothing of this environment, neither its packages nor the checkout.
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"AWS_LAMBDA_FUNCTION_NAME": "test", "PATH": "/usr/bin:/bin"},
    )
    assert answer.returncode == 0, answer.stderr


def test_what_ships_is_what_was_tested() -> None:
    """The versions that ship are the versions that the tests run with."""
    pin = re.compile(r"^([A-Za-z0-9._-]+)==([^ ]+)", re.MULTILINE)
    tested = dict(pin.findall((REPO / "requirements-dev.txt").read_text()))
    for name in ("requirements.txt", "requirements-typesetting.txt", "requirements-paypal.txt"):
        shipped = dict(pin.findall((REPO / name).read_text()))
        assert shipped
        assert {package: tested.get(package) for package in shipped} == shipped
