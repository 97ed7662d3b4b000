"""Who may do what in the local stack, besides the functions: staff, and the operator.

Both are users with policies that are enforced, because the administrator's key is checked against
nothing and would hide a missing permission.
"""

import json
from collections.abc import Mapping
from typing import Any

from devstack.stack import ROOT, Keys, Stack, client_for


def make_users(endpoint: str, region: str, outputs: Mapping[str, str]) -> dict[str, Keys]:
    """Create the two users and return their keys by name."""
    policies = {"staff": _staff(outputs), "operator": _operator(outputs)}
    iam = client_for("iam", endpoint, region, ROOT)
    keys = {}
    for name, statements in policies.items():
        iam.create_user(UserName=f"devstack-{name}")
        iam.put_user_policy(
            UserName=f"devstack-{name}",
            PolicyName=name,
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
        )
        made = iam.create_access_key(UserName=f"devstack-{name}")["AccessKey"]
        keys[name] = Keys(made["AccessKeyId"], made["SecretAccessKey"])
    return keys


def put_secrets(stack: Stack) -> None:
    """Do the operator's manual steps: put the signing secrets where what they sign is received.

    Stripe's key is an empty one, so nothing here calls Stripe and staff make payment links by hand.
    Left without any value, the secret would be refused on AWS; the local AWS gives empty text.
    """
    secrets = stack.client("secretsmanager")
    for output, value in (
        ("StripeWebhookSecretId", {"signing_secrets": [stack.stripe_signing_secret]}),
        ("RazorpayWebhookSecretId", {"signing_secrets": [stack.razorpay_signing_secret]}),
        ("ZoomWebhookSecretId", {"signing_secrets": [stack.zoom_secret_token]}),
        ("PaypalWebhookSecretId", {"webhook_ids": [stack.paypal_webhook_id]}),
        *_of_eventbrite(stack),
        ("ScholarshipFormSecretId", {"signing_secrets": [stack.form_signing_secret]}),
        ("StripeApiKeySecretId", {"api_key": ""}),
        ("PaypalApiKeySecretId", {"client_id": "", "client_secret": ""}),
        ("RazorpayApiKeySecretId", {"key_id": "", "key_secret": ""}),
    ):
        secrets.put_secret_value(SecretId=stack.outputs[output], SecretString=json.dumps(value))


def _of_eventbrite(stack: Stack) -> list[tuple[str, dict[str, Any]]]:
    # A stack that an older checkout started has no stand-in to ask.
    told = stack.eventbrite
    return [
        ("EventbriteWebhookSecretId", {"path_tokens": [told.segment] if told else []}),
        ("EventbriteApiSecretId", {"private_token": told.token if told else ""}),
    ]


def _staff(outputs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Put files and look at them. No list of people, no secret, no way to change a record."""
    uploads, documents = outputs["UploadsBucket"], outputs["DocumentsBucket"]
    return [
        {
            "Effect": "Allow",
            "Action": ["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion"],
            "Resource": [
                f"arn:aws:s3:::{uploads}/{folder}/*"
                for folder in ("catalogue", "attendance", "recordings")
            ],
        },
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": [
                f"arn:aws:s3:::{documents}/{folder}/*" for folder in ("certificates", "exports")
            ],
        },
        {
            "Effect": "Allow",
            "Action": ["s3:ListBucket", "s3:ListBucketVersions"],
            "Resource": [f"arn:aws:s3:::{uploads}", f"arn:aws:s3:::{documents}"],
        },
    ]


def _operator(outputs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Look at everything, start what may be started, put the signing secrets. Delete nothing.

    Records change only by the use cases: a reviewer's vote, and what staff say of a payment.
    """
    actions = [
        *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"),
        *("dynamodb:DescribeTable", "dynamodb:ListTables"),
        *("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:ListBucket"),
        *("s3:ListBucketVersions", "s3:ListAllMyBuckets"),
        *("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueues", "sqs:ReceiveMessage"),
        *("sqs:DeleteMessage", "sqs:SendMessage"),
        *("states:ListExecutions", "states:DescribeExecution", "states:GetExecutionHistory"),
        *("states:StartExecution", "states:StopExecution", "states:ListMapRuns"),
        *("states:DescribeMapRun", "states:DescribeStateMachine", "states:ListStateMachines"),
        *("states:SendTaskSuccess", "states:SendTaskFailure"),
        *("lambda:InvokeFunction", "lambda:ListEventSourceMappings", "lambda:ListFunctions"),
        *("lambda:GetFunction", "lambda:GetFunctionConfiguration"),
        # To set the clock of the local stack ahead.
        "lambda:UpdateFunctionConfiguration",
        *("scheduler:ListSchedules", "scheduler:GetSchedule"),
        *("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
        *("logs:DescribeLogGroups", "logs:FilterLogEvents", "logs:DescribeLogStreams"),
        *("logs:GetLogEvents", "cloudformation:DescribeStacks"),
        *("cloudformation:ListStackResources", "ses:GetSendQuota", "ses:ListIdentities"),
    ]
    records, scholarships = (
        f"arn:aws:dynamodb:*:*:table/{outputs[table]}"
        for table in ("RecordsTable", "ScholarshipsTable")
    )
    return [
        {"Effect": "Allow", "Action": actions, "Resource": "*"},
        # Payment events as they came are for the function that replays them, and for nobody.
        {
            "Effect": "Deny",
            "Action": "s3:GetObject*",
            "Resource": [f"arn:aws:s3:::{outputs['RawEventsBucket']}/*"],
        },
        {
            "Effect": "Allow",
            "Action": ["dynamodb:PutItem", "dynamodb:ConditionCheckItem"],
            "Resource": [records, scholarships],
        },
        {
            "Effect": "Allow",
            "Action": ["dynamodb:UpdateItem", "dynamodb:BatchWriteItem"],
            "Resource": [records],
        },
    ]
