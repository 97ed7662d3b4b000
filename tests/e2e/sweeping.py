"""The hourly sweep, as it will find things later: the use case itself, with the clock moved on."""

import json
from datetime import timedelta

from devstack import desk
from devstack.stack import Stack
from shared.adapters.dynamo_records import DynamoRecords
from shared.adapters.lambda_printing import LambdaPrinting
from shared.adapters.s3_files import S3Files
from shared.adapters.step_functions import StepFunctions
from shared.domain.letters import CLAIM_LEASE
from shared.usecases.sweep import Swept, sweep

# When whoever still holds a letter can no longer be sending it.
AFTER_THE_LEASE = CLAIM_LEASE + timedelta(minutes=1)


def sweep_later(stack: Stack) -> Swept:
    """What the sweep finds and does a quarter of an hour from now."""
    secret = stack.client("secretsmanager").get_secret_value(
        SecretId=stack.outputs["IdentityKeysSecretId"]
    )
    machines = stack.client("stepfunctions", "root")
    return sweep(
        records=DynamoRecords(stack.client("dynamodb", "root"), stack.table),
        uploads=S3Files(stack.client("s3", "root"), stack.uploads),
        close_machine=StepFunctions(machines, stack.outputs["CloseStateMachineArn"]),
        recording_machine=StepFunctions(machines, stack.outputs["RecordingStateMachineArn"]),
        notice_machine=StepFunctions(machines, stack.outputs["NoticeStateMachineArn"]),
        appeal_machine=StepFunctions(machines, stack.outputs["AppealStateMachineArn"]),
        printing=LambdaPrinting(
            stack.client("lambda", "root"), stack.function("SessionClosePrintCertificate")
        ),
        identity_key=json.loads(secret["SecretString"])["key"].encode(),
        live=False,
        now=desk.now(stack) + AFTER_THE_LEASE,
    )
