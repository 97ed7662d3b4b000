"""The one place that builds the world: clients, adapters, and the ports the use cases ask for.

Everything is made once per worker, when it is first asked for. Adapters are imported where they are
built, so that a function pays at its cold start only for what it uses.
"""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from shared import settings

if TYPE_CHECKING:
    from shared.adapters.close_schedules import CloseSchedules
    from shared.adapters.dynamo_records import DynamoRecords
    from shared.adapters.jinja_pages import JinjaPages
    from shared.adapters.s3_files import S3Files
    from shared.adapters.step_functions import StepFunctions
    from shared.usecases.gather_letter_facts import Desk

# The SDK's back-off is slow: a few tries within seconds, then queue or machine try again.
_PATIENT = Config(
    retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=5
)
# A letter is handed over once; asking again could be a second letter.
_ONCE = Config(
    retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=2, read_timeout=10
)


def now() -> datetime:
    """The time. The only clock in the system; everything below is told."""
    return datetime.now(UTC)


@lru_cache
def _session() -> boto3.Session:
    return boto3.Session()


@lru_cache
def client(service: str, *, once: bool = False) -> Any:
    """The client of a service; all share one session."""
    config = _ONCE if once else _PATIENT
    if service == "s3":
        # Left to itself, boto3 signs links the old way, which buckets made today refuse.
        config = config.merge(Config(signature_version="s3v4"))
    return _session().client(service, config=config)  # type: ignore[call-overload]


@lru_cache
def records() -> "DynamoRecords":
    """The records table."""
    from shared.adapters.dynamo_records import DynamoRecords

    return DynamoRecords(client("dynamodb"), settings.read(settings.RecordsSettings).table)


@lru_cache
def uploads() -> "S3Files":
    """What staff put in."""
    from shared.adapters.s3_files import S3Files

    return S3Files(client("s3"), settings.read(settings.UploadsSettings).bucket)


@lru_cache
def documents() -> "S3Files":
    """What we keep."""
    from shared.adapters.s3_files import S3Files

    return S3Files(client("s3"), settings.read(settings.DocumentsSettings).bucket)


@lru_cache
def identity_keys() -> list[bytes]:
    """The key that makes ids and signs links, then earlier ones whose links still open."""
    secret_id = settings.read(settings.IdentitySettings).secret_id
    kept = json.loads(client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])
    keys = [kept["key"], *kept.get("previous", [])]
    if any(len(key) < 32 for key in keys):
        raise settings.MissingSetting(f"The keys in {secret_id} are shorter than 32 characters.")
    return [key.encode() for key in keys]


def takes_real_money() -> bool:
    """Whether payments here are real ones."""
    return settings.read(settings.StageSettings).stage == "prod"


@lru_cache
def close_machine() -> "StepFunctions":
    """The state machine that closes sessions."""
    from shared.adapters.step_functions import StepFunctions

    return StepFunctions(client("stepfunctions"), settings.read(settings.CloseMachineSettings).arn)


def resume(task_token: str, data: dict[str, str]) -> bool:
    """Let whatever waits under that token go on; False if nothing waits any more."""
    from shared.adapters.step_functions import resume as resume_execution

    return resume_execution(client("stepfunctions"), task_token, data)


@lru_cache
def recording_machine() -> "StepFunctions":
    """The state machine that announces recordings."""
    from shared.adapters.step_functions import StepFunctions

    return StepFunctions(
        client("stepfunctions"), settings.read(settings.RecordingMachineSettings).arn
    )


@lru_cache
def close_schedules() -> "CloseSchedules":
    """The alarms for the close of sessions."""
    from shared.adapters.close_schedules import CloseSchedules, CloseTarget

    told = settings.read(settings.CloseScheduleSettings)
    target = CloseTarget(told.group, told.function_arn, told.role_arn, told.dead_letter_arn)
    return CloseSchedules(client("scheduler"), target)


@lru_cache
def pages() -> "JinjaPages":
    """The pages that learners and the public see."""
    from shared.adapters.jinja_pages import JinjaPages

    return JinjaPages()


@lru_cache
def desk() -> "Desk":
    """Everything that writing and sending letters needs."""
    from shared.adapters.jinja_letters import JinjaComposer
    from shared.adapters.ses_mailer import SesMailer
    from shared.usecases.gather_letter_facts import Desk

    mail = settings.read(settings.MailSettings)
    return Desk(
        records=records(),
        documents=documents(),
        composer=JinjaComposer(),
        mailer=SesMailer(client("ses", once=True), mail.configuration_set),
        operator=mail.operator,
        link=_page_link,
    )


def certificate_page(public_id: str) -> str:
    """The address of a certificate's public page."""
    return f"{settings.read(settings.PublicSettings).base_url}/certificates/{public_id}"


_PATHS = {"watch": "watch", "certificate": "my-certificate"}


def _page_link(purpose: str, subject: str) -> str:
    from shared.domain.links import sign

    token = sign(purpose, subject, identity_keys()[0])  # type: ignore[arg-type]
    return f"{settings.read(settings.PublicSettings).base_url}/{_PATHS[purpose]}/{token}"
