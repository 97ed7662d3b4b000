"""The hourly sweep, as it will find things later: the use case itself, with the clock moved on."""

from datetime import timedelta

from devstack import desk
from devstack.stack import Stack
from shared.adapters.dynamo_records import DynamoRecords
from shared.adapters.s3_files import S3Files
from shared.adapters.step_functions import StepFunctions
from shared.usecases.sweep import Swept, sweep


def sweep_later(stack: Stack, after: timedelta) -> Swept:
    """What the sweep finds and does so long from now."""
    machines = stack.client("stepfunctions", "root")
    return sweep(
        records=DynamoRecords(stack.client("dynamodb", "root"), stack.table),
        uploads=S3Files(stack.client("s3", "root"), stack.uploads),
        close_machine=StepFunctions(machines, stack.outputs["CloseStateMachineArn"]),
        recording_machine=StepFunctions(machines, stack.outputs["RecordingStateMachineArn"]),
        now=desk.now() + after,
    )
