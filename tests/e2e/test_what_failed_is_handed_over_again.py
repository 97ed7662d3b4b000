"""`python -m devstack redrive`: what lies in dead-letter queues, and workflows that failed.

Payment events are redriven in the drill under faults; here is the rest, on the season's stack.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

from devstack import paths
from devstack.season.play import Season
from devstack.stack import Stack
from shared.domain.sessions import close_input
from tests.e2e.ledger import wait_until, wait_until_still, waiting_in
from tests.e2e.stacks import Kept
from tests.e2e.workflow_settings import FAILING, a_step_fails, workflows_wait


def _redrive(kept: Kept) -> dict[str, int]:
    """Run the command as a person would; how much of each kind it handed over."""
    answer = subprocess.run(
        [sys.executable, "-m", "devstack", "redrive", "--json"],
        cwd=paths.REPO,
        env={**os.environ, "DEVSTACK_HOME": str(kept.home), "PYTHONPATH": str(paths.REPO)},
        capture_output=True,
        text=True,
        check=True,
    )
    counts: dict[str, int] = json.loads(answer.stdout)
    return counts


FILE = "catalogue/late.yaml"


def _of_a_file(stack: Stack) -> str:
    """S3's event for a file that is not there (yet), as EventBridge hands it to the function."""
    uploaded = {"bucket": {"name": stack.uploads}, "object": {"key": FILE}}
    return json.dumps({"time": "2026-01-31T18:30:00Z", "detail": uploaded})


def test_a_call_that_failed_is_made_again_and_done_once_its_cause_is_mended(
    season: Season, kept_season: Kept
) -> None:
    stack = season.stack
    stack.client("lambda").invoke(
        FunctionName=stack.function("CataloguePublished"),
        InvocationType="Event",
        Payload=_of_a_file(stack).encode(),
    )
    wait_until(lambda: waiting_in(stack, "UploadsDlqUrl") == 1, "the call to fail for good", 60)

    stack.client("s3", "staff").put_object(Bucket=stack.uploads, Key=FILE, Body=b"none")
    assert _redrive(kept_season)["calls"] == 1
    wait_until_still(stack, 60)
    assert _redrive(kept_season)["calls"] == 0


def test_what_a_rule_could_not_deliver_goes_to_the_function_it_was_for(
    season: Season, kept_season: Kept
) -> None:
    stack = season.stack
    function = stack.client("lambda").get_function_configuration(
        FunctionName=stack.function("CataloguePublished")
    )["FunctionArn"]
    before = _invocations(stack, "CataloguePublished")
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs["UploadsDlqUrl"],
        MessageBody=_of_a_file(stack),
        MessageAttributes={
            "ERROR_CODE": {"DataType": "String", "StringValue": "NO_PERMISSIONS"},
            "TARGET_ARN": {"DataType": "String", "StringValue": function},
        },
    )
    assert _redrive(kept_season)["calls"] == 1
    wait_until(lambda: _invocations(stack, "CataloguePublished") > before, "the call", 30)
    assert waiting_in(stack, "UploadsDlqUrl") == 0


def test_a_notice_of_an_unsent_letter_is_cleared_and_the_sweep_looks_for_the_letter(
    season: Season, kept_season: Kept
) -> None:
    stack = season.stack
    before = _invocations(stack, "SweepHourly")
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs["LettersDlqUrl"], MessageBody='{"DDBStreamBatchInfo": {}}'
    )
    assert _redrive(kept_season)["letters"] == 1
    assert _invocations(stack, "SweepHourly") == before + 1
    assert waiting_in(stack, "LettersDlqUrl") == 0


def test_a_failed_workflow_is_run_again_under_the_next_name_and_a_finished_one_is_not(
    season: Season, kept_season: Kept
) -> None:
    stack, key = season.stack, "close-nowhere"
    machines, arn = stack.client("stepfunctions", "root"), stack.outputs["CloseStateMachineArn"]
    told = json.dumps(close_input("nowhere", datetime(2026, 1, 31, 18, 30, tzinfo=UTC)))

    def runs() -> dict[str, str]:
        listed = machines.list_executions(stateMachineArn=arn)["executions"]
        return {run["name"]: run["status"] for run in listed if run["name"].startswith(key)}

    name, step = arn.rpartition(":")[2], "Is the close still due?"
    with workflows_wait(stack, 0), a_step_fails(stack, name, step):
        machines.start_execution(stateMachineArn=f"{arn}{FAILING}", name=key, input=told)
        wait_until(lambda: runs() == {key: "FAILED"}, "the run to fail", 30)

    assert _redrive(kept_season)["workflows"] == 1
    both = {key: "FAILED", f"{key}-r2": "SUCCEEDED"}
    wait_until(lambda: runs() == both, "the second run", 60)
    assert _redrive(kept_season)["workflows"] == 0


def _invocations(stack: Stack, function: str) -> int:
    """How often the function has been called, as its logs say."""
    name = stack.function(function)
    listed = stack.client("logs").filter_log_events(
        logGroupName="/tending/tending/functions", filterPattern=f'"{name}"'
    )
    return len(listed["events"])
