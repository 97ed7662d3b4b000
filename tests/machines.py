"""The real state machines, run by moto's interpreter, with our own entry points as their tasks.

The interpreter lacks one reader (JSON Lines), which is taught to it here, and reads a percentage
only with a decimal point. Everything else is as in functions/*/workflow.asl.json: paths, choices,
retries, catches, waits for a token, one child each.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_output_transformer.transformer_json import (  # noqa: E501
    ResourceOutputTransformerJson,
)

from shared import wiring
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.from_template import handler_of, machine, substituted

# What moto is to be, for machines to run in it.
RUNNING: Any = {
    "stepfunctions": {"execute_state_machine": True},
    "lambda": {"use_docker": False},
}
_PATIENCE = 20.0  # seconds, after which a test gives up on an execution


@dataclass
class Stage:
    """An account in which the machines run. `before` and `failing` are where tests step in.

    `before` holds what happens just before a function (by logical id) is called next; `failing` the
    error with which it answers. Both may tell by the payload whether they are meant.
    """

    cloud: Cloud
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    failing: dict[str, Callable[[dict[str, Any]], Exception | None]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    # Workers are processes of their own; here they share one, so they take turns.
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def make(self, monkeypatch: pytest.MonkeyPatch) -> "Stage":
        """Create the machines from the template, their tasks being the functions it names."""

        def invoke(
            _: object, function: str, _qualifier: object, body: Any, _headers: object, answer: Any
        ) -> bytes:
            return self._call(function, json.loads(body), answer)

        monkeypatch.setattr(LambdaSimpleBackend, "invoke", invoke)
        monkeypatch.setattr(ResourceOutputTransformerJson, "_eval_body", _read_json_lines)
        # No time is lost between two attempts.
        monkeypatch.setattr(retrier_decl, "time", SimpleNamespace(sleep=lambda _: None))
        for logical_id, setting in (
            ("SessionClose", "CLOSE_STATE_MACHINE_ARN"),
            ("RecordingUploaded", "RECORDING_STATE_MACHINE_ARN"),
            ("ScholarshipRound", "ROUND_STATE_MACHINE_ARN"),
            ("NoticeDue", "NOTICE_STATE_MACHINE_ARN"),
            ("Appeal", "APPEAL_STATE_MACHINE_ARN"),
        ):
            definition, names = machine(logical_id)
            names["DocumentsBucket"] = ENVIRON["DOCUMENTS_BUCKET"]
            wiring.client("stepfunctions").create_state_machine(
                name=ENVIRON[setting].rsplit(":", 1)[-1],
                definition=_as_moto_reads(substituted(definition, names)),
                roleArn=ENVIRON["CLOSE_SCHEDULE_ROLE_ARN"],
            )
        return self

    def _call(self, function: str, payload: dict[str, Any], answer: dict[str, str]) -> bytes:
        with self._turn:
            self.calls.append((function, payload))
            if function in self.before:
                self.before.pop(function)()
            module, _, name = handler_of(function).rpartition(".")
            try:
                error = self._failure(function, payload)
                if error is not None:
                    raise error
                entry_point: Callable[..., Any] = getattr(import_module(module), name)
                result = entry_point(payload, CONTEXT)
            except Exception as error:  # noqa: BLE001 - Lambda answers with whatever was raised
                answer["x-amz-function-error"] = "Unhandled"
                result = {"errorType": type(error).__name__, "errorMessage": "It failed."}
            return json.dumps(result).encode()

    def _failure(self, function: str, payload: dict[str, Any]) -> Exception | None:
        failing = self.failing.get(function)
        return failing(payload) if failing else None

    def ended(self, setting: str, name: str = "") -> "Execution":
        """The only execution of the machine (or that of the name), when it has come to its end."""
        give_up_at = time.monotonic() + _PATIENCE
        while True:
            found = self.executions(setting, name)
            assert len(found) == 1, [one.name for one in found]
            if found[0].status != "RUNNING":
                return found[0]
            assert time.monotonic() < give_up_at, f"still in {found[0].states[-1]}"
            time.sleep(0.02)

    @staticmethod
    def executions(setting: str, name: str = "") -> list["Execution"]:
        """The executions of the machine, those of the name if it is given."""
        client = wiring.client("stepfunctions")
        found = client.list_executions(stateMachineArn=ENVIRON[setting])["executions"]
        return [
            Execution(one["executionArn"], one["name"])
            for one in found
            if name in ("", one["name"])
        ]

    def until(self, true: Callable[[], object]) -> None:
        """Wait for something that an execution does on its way."""
        give_up_at = time.monotonic() + _PATIENCE
        while not true():
            assert time.monotonic() < give_up_at
            time.sleep(0.02)


@dataclass(frozen=True)
class Execution:
    """One run of a machine."""

    arn: str
    name: str

    @property
    def status(self) -> str:
        """RUNNING, SUCCEEDED, FAILED or TIMED_OUT."""
        return str(
            wiring.client("stepfunctions").describe_execution(executionArn=self.arn)["status"]
        )

    @property
    def history(self) -> list[dict[str, Any]]:
        """Everything that is kept of it for 90 days."""
        events: list[dict[str, Any]] = wiring.client("stepfunctions").get_execution_history(
            executionArn=self.arn, maxResults=1000
        )["events"]
        return events

    @property
    def states(self) -> list[str]:
        """The states it went through, those of children left out."""
        entered = [event.get("stateEnteredEventDetails") for event in self.history]
        return [str(details["name"]) for details in entered if details]


def _as_moto_reads(definition: str) -> str:
    definition = definition.replace('"InputType": "JSONL"', '"InputType": "JSON"')
    return definition.replace('FailurePercentage": 100', 'FailurePercentage": 100.0')


def _read_json_lines(_: object, env: Any) -> None:
    env.stack.pop()
    text: str = env.stack.pop()
    env.stack.append([json.loads(line) for line in text.splitlines()])
