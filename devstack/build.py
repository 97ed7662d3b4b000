"""From the checkout to what is uploaded: one zip for all functions, two layers, one template.

Three things `sam build` alone does not do. It copies the same folder once per function; here all
functions share one zip, uploaded once. It ships no bytecode, and Lambda's file system is
read-only, so every cold start would compile every module again; here each module is compiled by
the runtime's own Python into files that are never checked against their source. And it ships
whatever lies in the checkout; here only `functions/` and `shared/` do.

Third-party packages are installed by `sam build`, for the runtime's own platform, and again only
when their pins change.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from devstack import paths, sam
from devstack.problems import Problem
from shared.domain.languages import ENGLISH, Language

SHIPPED = ("functions", "shared")
# Layers by their names in the template, each of third-party packages only.
LAYERS = {"Typesetting": "layers/typesetting", "PaypalCertificates": "layers/paypal"}
# Every function has the same packages; this one uses no layer.
_PACKAGES_OF = "PaymentWebhookReceive"
# Counted up when packages are installed or compiled in another way than before.
_RECIPE = 6
# Of how the world's languages say dates (33 MB), what letters are written in.
_OTHER_LANGUAGES = tuple(one for one in get_args(Language) if one != ENGLISH)
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc", ".DS_Store")


@dataclass(frozen=True)
class Target:
    """What is built for: a runtime such as `python3.13` and an architecture Lambda knows."""

    runtime: str
    architecture: str

    @property
    def folder(self) -> Path:
        """Where everything built for this target lies."""
        return paths.BUILD / f"{self.runtime}-{self.architecture}"


@dataclass(frozen=True)
class Artifact:
    """What was built. `code` and layers are unpacked; the zips and `template` are uploaded."""

    target: Target
    folder: Path
    fingerprint: str

    @property
    def code(self) -> Path:
        return self.folder / "code"

    def layer(self, name: str) -> Path:
        """The layer of that name in the template."""
        return self.folder / name

    @property
    def template(self) -> Path:
        return self.folder / "template.yaml"


def this_machine() -> Target:
    """The runtime and architecture that the local stack runs: those of this very Python."""
    machine = os.uname().machine
    architecture = "arm64" if machine in ("arm64", "aarch64") else "x86_64"
    return Target(f"python{sys.version_info.major}.{sys.version_info.minor}", architecture)


def current(target: Target) -> Artifact | None:
    """The artifact for `target`, if it was built from what lies in the checkout now."""
    mark = fingerprint(target)
    folder = target.folder / f"artifact-{mark[:16]}"
    return Artifact(target, folder, mark) if folder.exists() else None


def build(target: Target) -> Artifact:
    """Build for `target`, or return what is there if nothing has changed since.

    Folders are named after their content, so a stack that is being deployed keeps its artifact
    while another is built. Raises Problem when the runtime's Python is missing or packages cannot
    be installed.
    """
    while True:
        mark = fingerprint(target)
        folder = _once(target, f"artifact-{mark[:16]}", lambda fresh: _assemble(target, fresh))
        # A file saved while it was being copied would leave a folder that is not what it is
        # called.
        if fingerprint(target) == mark:
            return Artifact(target, folder, mark)
        shutil.rmtree(folder, ignore_errors=True)


def _once(target: Target, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name`, made by `make` unless it is there. Whole or not at all; three are kept."""
    final = target.folder / name
    if final.exists():
        return final
    fresh = target.folder / f"{os.getpid()}-{name}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        make(fresh)
        try:
            fresh.rename(final)
        except OSError:
            if not final.exists():  # somebody else was quicker, with the same content
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    kind = name.partition("-")[0]
    for old in sorted(target.folder.glob(f"{kind}-*"), key=lambda one: one.stat().st_mtime)[:-3]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def fingerprint(target: Target) -> str:
    """A hash of all that goes into the artifact, this file included."""
    files = [paths.REPO / "template.yaml", Path(__file__), *_requirements()]
    for folder in SHIPPED:
        files += [file for file in sorted((paths.REPO / folder).rglob("*")) if _ships(file)]
    return _hash(files, target)


def _requirements() -> list[Path]:
    layers = [paths.REPO / layer / "requirements.txt" for layer in LAYERS.values()]
    return [paths.REPO / "requirements.txt", *layers]


def _ships(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"


def _hash(files: Iterable[Path], target: Target) -> str:
    digest = hashlib.sha256(f"{target.runtime} {target.architecture}".encode())
    for file in files:
        digest.update(str(file.relative_to(paths.REPO)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _packages(target: Target) -> Path:
    """The folder with `code` and the layers: third-party packages only, compiled. Made once."""
    mark = f"{_RECIPE}-{'-'.join(_OTHER_LANGUAGES)}-{_hash(_requirements(), target)}"
    return _once(target, f"packages-{mark[:16]}", lambda fresh: _install(target, fresh))


def _install(target: Target, folder: Path) -> None:
    _require_python(target)
    source, built = folder / "source", folder / "built"
    for part in (".", *LAYERS.values()):
        (source / part).mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.REPO / part / "requirements.txt", source / part)
    shutil.copy(paths.REPO / "template.yaml", source)
    for resource in (_PACKAGES_OF, *LAYERS):
        sam.build(source, built / resource, resource, target.runtime, target.architecture)
    code = folder / "code"
    (built / _PACKAGES_OF / _PACKAGES_OF).rename(code)
    # The build copies what it was given along with what it installed.
    (code / "template.yaml").unlink()
    shutil.rmtree(code / "layers")
    _keep_languages(code / "babel" / "locale-data")
    # A library that brings its own tests along: two megabytes that nobody would ever call.
    shutil.rmtree(code / "icalendar" / "tests")
    # A page that tries an API out in the browser: a megabyte and a half that no function serves.
    for asset in (code / "aws_lambda_powertools").rglob("swagger-ui*.min.*"):
        asset.unlink()
    # What an uninstaller would read: half a megabyte of names.
    for record in code.glob("*.dist-info/RECORD"):
        record.unlink()
    compile_folder(target, code, "/var/task")
    for layer in LAYERS:
        (built / layer / layer).rename(folder / layer)
        compile_folder(target, folder / layer, "/opt")
        _zip(folder / layer, folder / f"{layer}.zip")
    for scaffold in (source, built):
        shutil.rmtree(scaffold)


def _keep_languages(folder: Path) -> None:
    kept = {f"{name}.dat" for name in ("root", *_OTHER_LANGUAGES)}
    for file in folder.glob("*.dat"):
        if file.name not in kept:
            file.unlink()


def _assemble(target: Target, folder: Path) -> None:
    packages = _packages(target)
    # Hard links: packages are many small files, and nothing ever writes to them.
    shutil.copytree(packages / "code", folder / "code", copy_function=os.link)
    for layer in LAYERS:
        shutil.copytree(packages / layer, folder / layer, copy_function=os.link)
        os.link(packages / f"{layer}.zip", folder / f"{layer}.zip")
    for name in SHIPPED:
        shutil.copytree(paths.REPO / name, folder / "code" / name, ignore=_NOT_SHIPPED)
        compile_folder(target, folder / "code" / name, f"/var/task/{name}")
    _zip(folder / "code", folder / "code.zip")
    for definition in (paths.REPO / "functions").rglob("*.asl.json"):
        copy = folder / definition.relative_to(paths.REPO)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(definition, copy)
    template = folder / "template.yaml"
    sam.write_template(paths.REPO / "template.yaml", template, "code.zip", "{layer}.zip")


def compile_folder(target: Target, folder: Path, lies_at: str) -> None:
    """Compile every module below `folder` with the runtime's own Python.

    `lies_at` is the folder's place in Lambda, which tracebacks name. Unchecked: the file system
    is read-only there, so nothing can have changed, and nobody needs to ask.
    """
    answer = subprocess.run(  # noqa: S603
        [
            _python(target),
            *("-m", "compileall", "-q", "-f", "-j", "0"),
            *("--invalidation-mode", "unchecked-hash"),
            *("-s", str(folder), "-p", lies_at, str(folder)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    # Some packages carry files for other Pythons. One of ours that does not compile is found by
    # the tests, and by the very first call.
    if answer.returncode and not any(folder.rglob("*.pyc")):
        raise Problem(f"Nothing below {folder} could be compiled: {answer.stdout[-500:]}")


def _python(target: Target) -> str:
    if target.runtime == this_machine().runtime:
        return sys.executable
    return shutil.which(target.runtime, path=sam.search_path()) or target.runtime


def _require_python(target: Target) -> None:
    try:
        answer = subprocess.run(  # noqa: S603
            [_python(target), "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
        found = answer.stdout.strip()
    except FileNotFoundError:
        found = ""
    if found != target.runtime:
        raise Problem(
            f"Building for {target.runtime} needs {target.runtime} itself, and it is not here.",
            "Install it, or build for the Python you have: make build",
        )


def _zip(folder: Path, to: Path) -> None:
    """Zip `folder` so that the same content always gives the same bytes."""
    epoch = time.gmtime(315532800)[:6]
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(str(file.relative_to(folder)), epoch)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes(), compresslevel=3)
