"""The SAM CLI, called as a person would call it, with its output kept for when it goes wrong."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from devstack import paths
from devstack.problems import Problem


def search_path() -> str:
    """A PATH on which the SAM CLI finds the Python that runs us before any other."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def build(stage: Path, to: Path, resource: str, runtime: str, architecture: str) -> None:
    """`sam build` of one resource, and its layers, of the template in `stage`."""
    _sam(
        [
            *("build", resource, "--base-dir", str(stage)),
            *("--template", str(stage / "template.yaml"), "--build-dir", str(to)),
            *(
                "--parameter-overrides",
                *_pairs(
                    {"PythonRuntime": runtime, "Architecture": architecture, "SenderAddresses": "*"}
                ),
            ),
        ],
        stage,
        {},
        "sam-build",
        "The packages could not be installed",
    )


def deploy(
    template: Path, stack: str, bucket: str, parameters: Mapping[str, str], env: Mapping[str, str]
) -> None:
    """`sam deploy` of a built template. Waits until the stack is there; no change is fine."""
    _sam(
        [
            *("deploy", "--template-file", str(template), "--stack-name", stack),
            *("--s3-bucket", bucket, "--no-progressbar", "--no-confirm-changeset"),
            *(
                "--no-fail-on-empty-changeset",
                "--capabilities",
                "CAPABILITY_IAM",
                "CAPABILITY_AUTO_EXPAND",
            ),
            *("--parameter-overrides", *_pairs(parameters)),
        ],
        template.parent,
        env,
        "sam-deploy",
        "The stack could not be deployed",
    )


def write_template(source: Path, to: Path, code: str, layers: str) -> None:
    """The template with every function's code at `code`, and layers at `layers` ("{layer}.zip").

    Done on the parsed template rather than left to `sam build`, which would copy the same folder
    once per function.
    """
    from samcli.yamlhelper import yaml_dump, yaml_parse  # slow to import

    template = yaml_parse(source.read_text())
    template["Globals"]["Function"]["CodeUri"] = code
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = layers.format(layer=name)
            # Already built: a second `sam build` would unpack it to build it again.
            resource.pop("Metadata", None)
    to.write_text(yaml_dump(template))


def _pairs(parameters: Mapping[str, str]) -> list[str]:
    return [f"ParameterKey={name},ParameterValue={value}" for name, value in parameters.items()]


def _sam(words: Sequence[str], cwd: Path, env: Mapping[str, str], name: str, trouble: str) -> None:
    log = paths.logs() / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as sink:
        answer = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "samcli", *words],
            cwd=cwd,
            env={**_without_aws(), "PATH": search_path(), **_quiet(), **env},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if answer.returncode:
        raise Problem(f"{trouble}: {_last_words(log)}", f"The whole story is in {log}.")


def _without_aws() -> dict[str, str]:
    # Whatever account this shell is signed in to has no part in this.
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def _quiet() -> dict[str, str]:
    # A folder of its own says that nothing is to be reported and no newer version looked up.
    folder = paths.LARGE / "sam"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(
        json.dumps({"telemetryEnabled": False, "lastVersionCheck": time.time()})
    )
    return {
        "__SAM_CLI_APP_DIR": str(folder),
        "SAM_CLI_TELEMETRY": "0",
        "NO_COLOR": "1",
        "SAM_CLI_POLL_DELAY": "0.1",
    }


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "Error" in line or "FAILED" in line]
    return " ".join((telling or lines or ["no output"])[-2:])[:600]
