"""A small AWS account in memory (moto), made from the template: what entry points are tested in.

Nothing of ours is replaced but the clock: a test sets the time, and everything else is as deployed.
"""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from functions.payment_webhook import receive, receive_paypal, record
from functions.scholarship_submission import receive as receive_application
from shared import (
    appeal_wiring,
    desk_wiring,
    machine_wiring,
    page_wiring,
    provider_wiring,
    recording_wiring,
    wiring,
)
from shared.adapters.dynamo_records import DynamoRecords
from shared.domain.letters import Letter, LetterKind
from shared.domain.links import learner_id, sign
from shared.domain.record import Record
from shared.observability import metrics
from tests import from_template
from tests.staff_pool import ISSUER, POOL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

R = TypeVar("R", bound=Record)

REGION = "eu-central-1"
STRIPE_SECRET = "whsec_for_tests"
RAZORPAY_SECRET = "a secret that somebody chose, for tests"
ZOOM_SECRET = "a secret token, for tests"
# No secret of PayPal's: the webhook that its deliveries are made out to.
PAYPAL_WEBHOOK = "7TE40172NX558931G"
EVENTBRITE_SEGMENT = "5ec9" * 16
# As form tools have them: what stands behind the prefix is base64.
FORM_TOOL_SECRET = "whsec_" + base64.b64encode(b"a form tool's key, for tests").decode()
IDENTITY_KEY = "an identity key for tests, and long enough for that"
OPERATOR = "operator@tending.example"
SENDERS = ("letters@idha.example", "letters@misa.example", OPERATOR)
_CLOSE_ROLE = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/close"
_CLOSE_FUNCTION = f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:close"
_ROUND_FUNCTION = f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:round"
_NOTICE_FUNCTION = f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:notice"
_CLOSE_DLQ = f"arn:aws:sqs:{REGION}:{DEFAULT_ACCOUNT_ID}:schedules-dlq"
_MACHINE = f"arn:aws:states:{REGION}:{DEFAULT_ACCOUNT_ID}:stateMachine"
ENVIRON = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "POWERTOOLS_SERVICE_NAME": "tending",
    "POWERTOOLS_METRICS_NAMESPACE": "Tending",
    "STAGE": "staging",
    "RECORDS_TABLE": "records",
    "SCHOLARSHIPS_TABLE": "scholarships",
    "SUBMISSION_TOKENS_TABLE": "submission-tokens",
    "SUBMISSIONS_PER_HOUR": "20",
    "UPLOADS_BUCKET": "uploads",
    "DOCUMENTS_BUCKET": "documents",
    "RAW_EVENTS_BUCKET": "raw-events",
    "IDENTITY_KEYS_SECRET_ID": "identity-keys",
    "STRIPE_WEBHOOK_SECRET_ID": "stripe-webhook-secret",
    "RAZORPAY_WEBHOOK_SECRET_ID": "razorpay-webhook-secret",
    "ZOOM_WEBHOOK_SECRET_ID": "zoom-webhook-secret",
    "PAYPAL_WEBHOOK_SECRET_ID": "paypal-webhook-secret",
    "EVENTBRITE_WEBHOOK_SECRET_ID": "eventbrite-webhook-secret",
    "EVENTBRITE_API_SECRET_ID": "eventbrite-api-token",
    "SCHOLARSHIP_FORM_SECRET_ID": "scholarship-form-secret",
    "STRIPE_API_SECRET_ID": "stripe-api-key",
    "PAYPAL_API_SECRET_ID": "paypal-api-key",
    "RAZORPAY_API_SECRET_ID": "razorpay-api-key",
    "REFUND_KEYS_SECRET_ID": "refund-keys",
    "ZOOM_API_SECRET_ID": "zoom-api-key",
    "COMMUNITY_KEY_SECRET_ID": "community-key",
    "PUBLIC_BASE_URL": "https://pages.example/live",
    "SES_CONFIGURATION_SET": "letters",
    "OPERATOR_ADDRESS": OPERATOR,
    "CLOSE_STATE_MACHINE_ARN": f"{_MACHINE}:session-close",
    "RECORDING_STATE_MACHINE_ARN": f"{_MACHINE}:recording-uploaded",
    "ROUND_STATE_MACHINE_ARN": f"{_MACHINE}:scholarship-round",
    "PRINT_CERTIFICATE_FUNCTION": "print-certificate",
    "BADGE_KEY_ID": "alias/badges",
    "STAFF_SESSIONS_TABLE": "staff-sessions",
    "STAFF_POOL_ID": POOL,
    "STAFF_POOL_ISSUER": ISSUER,
    "CLOSE_SCHEDULE_GROUP": "closes",
    "CLOSE_SCHEDULE_ROLE_ARN": _CLOSE_ROLE,
    "CLOSE_FUNCTION_ARN": _CLOSE_FUNCTION,
    "ROUND_FUNCTION_ARN": _ROUND_FUNCTION,
    "CLOSE_DLQ_ARN": _CLOSE_DLQ,
    "NOTICE_FUNCTION_ARN": _NOTICE_FUNCTION,
    "NOTICE_STATE_MACHINE_ARN": f"{_MACHINE}:notice",
    "APPEAL_STATE_MACHINE_ARN": f"{_MACHINE}:appeal",
}
_TABLES = {
    "Records": "RECORDS_TABLE",
    "Scholarships": "SCHOLARSHIPS_TABLE",
    "SubmissionTokens": "SUBMISSION_TOKENS_TABLE",
    "StaffSessions": "STAFF_SESSIONS_TABLE",
}
_BUCKETS = {
    "Uploads": "UPLOADS_BUCKET",
    "Documents": "DOCUMENTS_BUCKET",
    "RawEvents": "RAW_EVENTS_BUCKET",
}
# What the machine that runs the tests needs to find programs; nothing of ours reads these.
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "PYTEST_CURRENT_TEST")


def enter_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the whole environment, so that no test reads the developer's account or settings."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in (ENVIRON | kept).items():
        monkeypatch.setenv(name, value)


def forget_wiring() -> None:
    """Let the next test build its world anew, as a new worker does. Clients know nothing: kept."""
    for module in (
        wiring,
        appeal_wiring,
        provider_wiring,
        recording_wiring,
        page_wiring,
        desk_wiring,
        machine_wiring,
    ):
        for name, made_once in vars(module).items():
            clear: Callable[[], None] | None = getattr(made_once, "cache_clear", None)
            if clear is not None and name not in ("client", "_session"):
                clear()
    receive._kept.pop("secrets", None)
    receive_paypal._kept.clear()
    record._quiet.clear()
    receive_application._kept.pop("secrets", None)
    # Powertools read its settings when it was imported, before the environment was ours.
    metrics.namespace = ENVIRON["POWERTOOLS_METRICS_NAMESPACE"]
    metrics.service = ENVIRON["POWERTOOLS_SERVICE_NAME"]
    metrics.clear_metrics()


@dataclass(frozen=True)
class LambdaContext:
    """What Lambda says of an invocation."""

    function_name: str = "tending-test"
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:tending"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 30_000


CONTEXT = cast("Any", LambdaContext())


class Snapshot(NamedTuple):
    """What an account in memory held."""

    now: datetime
    items: list[Any]
    documents: dict[str, bytes]


@dataclass
class Cloud:
    """The account while moto is on, and the clock that the functions are told."""

    now: datetime = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
    dynamodb: "DynamoDBClient" = field(default_factory=lambda: wiring.client("dynamodb"))
    s3: "S3Client" = field(default_factory=lambda: wiring.client("s3"))
    sqs: "SQSClient" = field(default_factory=lambda: wiring.client("sqs"))
    queue: str = ""
    notices: str = ""

    def make(self, monkeypatch: pytest.MonkeyPatch) -> "Cloud":
        """Make everything that the functions read and write."""
        for logical_id, name in _TABLES.items():
            from_template.make_table(self.dynamodb, logical_id, ENVIRON[name])
        for logical_id, name in _BUCKETS.items():
            from_template.make_bucket(self.s3, logical_id, ENVIRON[name], REGION)
        self.queue = from_template.make_queue(self.sqs, "PaymentEvents", "payment-events")
        monkeypatch.setenv("PAYMENT_EVENTS_QUEUE_URL", self.queue)
        self.set_secret("IDENTITY_KEYS_SECRET_ID", {"key": IDENTITY_KEY})
        self.set_secret("STRIPE_WEBHOOK_SECRET_ID", {"signing_secrets": [STRIPE_SECRET]})
        self.set_secret("RAZORPAY_WEBHOOK_SECRET_ID", {"signing_secrets": [RAZORPAY_SECRET]})
        self.set_secret("PAYPAL_WEBHOOK_SECRET_ID", {"webhook_ids": [PAYPAL_WEBHOOK]})
        self.notices = from_template.make_queue(self.sqs, "EventbriteNotices", "eventbrite-notices")
        monkeypatch.setenv("EVENTBRITE_NOTICES_QUEUE_URL", self.notices)
        self.zoom_events = from_template.make_queue(self.sqs, "ZoomEvents", "zoom-events")
        monkeypatch.setenv("ZOOM_EVENTS_QUEUE_URL", self.zoom_events)
        self.fetches = from_template.make_queue(self.sqs, "RecordingFetches", "recording-fetches")
        monkeypatch.setenv("RECORDING_FETCHES_QUEUE_URL", self.fetches)
        self.set_secret("ZOOM_API_SECRET_ID", {})
        self.set_secret("COMMUNITY_KEY_SECRET_ID", {})
        self.set_secret("ZOOM_WEBHOOK_SECRET_ID", {"signing_secrets": [ZOOM_SECRET]})
        self.set_secret("EVENTBRITE_WEBHOOK_SECRET_ID", {"path_tokens": [EVENTBRITE_SEGMENT]})
        self.set_secret("EVENTBRITE_API_SECRET_ID", {"private_token": ""})
        self.set_secret("SCHOLARSHIP_FORM_SECRET_ID", {"signing_secrets": [FORM_TOOL_SECRET]})
        self.set_secret("STRIPE_API_SECRET_ID", {"api_key": ""})
        self.set_secret("PAYPAL_API_SECRET_ID", {"client_id": "", "client_secret": ""})
        self.set_secret("RAZORPAY_API_SECRET_ID", {"key_id": "", "key_secret": ""})
        self.set_secret("REFUND_KEYS_SECRET_ID", {})
        mail = wiring.client("ses")
        for sender in SENDERS:
            mail.verify_email_identity(EmailAddress=sender)
        mail.create_configuration_set(ConfigurationSet={"Name": ENVIRON["SES_CONFIGURATION_SET"]})
        wiring.client("scheduler").create_schedule_group(Name=ENVIRON["CLOSE_SCHEDULE_GROUP"])
        monkeypatch.setattr(wiring, "now", lambda: self.now)
        return self

    def set_secret(self, setting: str, value: dict[str, Any]) -> None:
        """Put a secret, or replace it."""
        secrets = wiring.client("secretsmanager")
        name, text = ENVIRON[setting], json.dumps(value)
        try:
            secrets.create_secret(Name=name, SecretString=text)
        except secrets.exceptions.ResourceExistsException:
            secrets.put_secret_value(SecretId=name, SecretString=text)

    @property
    def records(self) -> DynamoRecords:
        """The records as the functions see them."""
        return wiring.records()

    @property
    def applications(self) -> DynamoRecords:
        """The applications for scholarships as the functions see them."""
        return wiring.applications()

    def everything(self, of: type[R], where: str = "RECORDS_TABLE") -> list[R]:
        """All records of a kind."""
        found = [self.records.record(item, of) for item in self.items(where)]
        return [record for record in found if record is not None]

    def items(self, where: str = "RECORDS_TABLE") -> list[Any]:
        """Everything in a table, as DynamoDB writes it."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=ENVIRON[where])
        return [item for page in pages for item in page["Items"]]

    def snapshot(self) -> "Snapshot":
        """The table and the documents as they are now."""
        files = wiring.documents()
        documents = {key: files.read(key) for key, *_ in files.under("")}
        return Snapshot(self.now, self.items(), documents)

    def put_back(self, kept: "Snapshot") -> None:
        """Put the table, the documents and the clock back as they were."""
        self.now, items = kept.now, kept.items
        for key, content in kept.documents.items():
            wiring.documents().write(key, content, "application/octet-stream")
        for at in range(0, len(items), 25):
            chunk: list[Any] = [{"PutRequest": {"Item": item}} for item in items[at : at + 25]]
            self.dynamodb.batch_write_item(RequestItems={ENVIRON["RECORDS_TABLE"]: chunk})

    def letters(self, kind: LetterKind) -> list[Letter]:
        """All letters of a kind, owed, sent or neither."""
        where = "SCHOLARSHIPS_TABLE" if kind.of_a_round else "RECORDS_TABLE"
        return [letter for letter in self.everything(Letter, where) if letter.letter is kind]

    def upload(self, key: str, content: bytes) -> dict[str, Any]:
        """Put a file in the bucket of staff; the event with which EventBridge tells of it."""
        put = self.s3.put_object(Bucket=ENVIRON["UPLOADS_BUCKET"], Key=key, Body=content)
        return {
            "version": "0",
            "detail-type": "Object Created",
            "source": "aws.s3",
            "time": f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
            "region": REGION,
            "detail": {
                "version": "0",
                "bucket": {"name": ENVIRON["UPLOADS_BUCKET"]},
                "object": {"key": key, "size": len(content), "version-id": put["VersionId"]},
                "reason": "PutObject",
            },
        }

    @staticmethod
    def document(key: str) -> bytes:
        """A file of the bucket of documents."""
        return wiring.documents().read(key)

    def publish(self, name: str) -> dict[str, Any]:
        """The event of a published catalogue, one of those in events/."""
        file = Path("events/catalogue_published") / f"{name}.yaml"
        return self.upload(f"catalogue/{name}.yaml", file.read_bytes())

    @staticmethod
    def raw_events() -> dict[str, bytes]:
        """Payment events as they came, by their keys."""
        files = wiring.raw_events()
        return {key: files.read(key) for key, *_ in files.under("")}

    def queued(self) -> list[str]:
        """The bodies of the messages that wait in the queue of payment events."""
        received = self.sqs.receive_message(
            QueueUrl=self.queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return [message["Body"] for message in received.get("Messages", [])]

    @staticmethod
    def inbox() -> list[EmailMessage]:
        """Every letter that SES took, as the bytes that would travel."""
        sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
        return [message_from_bytes(_raw(message), policy=policy.default) for message in sent]

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


def _raw(message: Any) -> bytes:
    raw: str | bytes = message.raw_data
    return raw if isinstance(raw, bytes) else raw.encode()


def who(address: str) -> str:
    """The id of whoever has that address."""
    return learner_id(address, IDENTITY_KEY.encode())


def link(purpose: Any, subject: str, expires_at: datetime | None = None) -> str:
    """The token of a link in a letter."""
    return sign(purpose, subject, IDENTITY_KEY.encode(), expires_at)
