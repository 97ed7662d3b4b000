"""The one place that builds the world: clients, adapters, and the ports the use cases ask for.

Everything is made once per worker, when it is first asked for. Adapters are imported where they are
built, so that a function pays at its cold start only for what it uses.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config

from shared import settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

    from shared.adapters.close_schedules import CloseSchedules
    from shared.adapters.dynamo_records import DynamoRecords
    from shared.adapters.eventbrite_api import EventbriteOrders
    from shared.adapters.kms_signer import KmsSigner
    from shared.adapters.lambda_printing import LambdaPrinting
    from shared.adapters.s3_files import S3Files
    from shared.adapters.step_functions import StepFunctions
    from shared.adapters.stripe_promotion_codes import StripePromotionCodes
    from shared.ports import Files, ProviderEvents, Records, Refunds
    from shared.usecases.ask_who_paid import Asking
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
    return datetime.now(UTC) + _ahead()


@lru_cache
def _ahead() -> timedelta:
    """How far the local stack's clock was set ahead; nothing in any other stage."""
    told = settings.read(settings.ClockSettings)
    return timedelta(seconds=told.ahead if told.stage == "local" else 0)


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
def applications() -> "DynamoRecords":
    """The table of applications for scholarships."""
    from shared.adapters.dynamo_records import DynamoRecords

    return DynamoRecords(client("dynamodb"), settings.read(settings.ScholarshipsSettings).table)


@lru_cache
def submission_tokens() -> "DynamoDBPersistenceLayer":
    """Forms that were sent within the last day, with the number each was given."""
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

    table = settings.read(settings.SubmissionSettings).tokens_table
    return DynamoDBPersistenceLayer(table, boto3_client=client("dynamodb"))


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
def raw_events() -> "S3Files":
    """Payment events as they came."""
    from shared.adapters.s3_files import S3Files

    return S3Files(client("s3"), settings.read(settings.RawEventsSettings).bucket)


@lru_cache
def identity_keys() -> list[bytes]:
    """The key that makes ids and signs links, then earlier ones whose links still open."""
    secret_id = settings.read(settings.IdentitySettings).secret_id
    kept = secret(secret_id)
    keys = [kept.get("key", ""), *kept.get("previous", [])]
    if any(len(key) < 32 for key in keys):
        raise settings.MissingSetting(f"The keys in {secret_id} are shorter than 32 characters.")
    return [key.encode() for key in keys]


def form_tool_secrets() -> list[str]:
    """Every secret that the institute's form tool may sign with now; none if nobody put one.

    Asked for anew each time: whoever calls often keeps it for a while.
    """
    kept = secret(settings.read(settings.FormToolSettings).secret_id)
    return [secret for secret in kept.get("signing_secrets", ()) if secret]


@lru_cache
def promotion_codes() -> "StripePromotionCodes":
    """Codes for what is left to pay of an award."""
    from shared.adapters.stripe_promotion_codes import StripePromotionCodes

    # Asked for when a code is made: who withdraws needs no key.
    return StripePromotionCodes(_stripe_api_key)


@lru_cache
def refunds() -> "dict[str, Refunds]":
    """The payment providers through which money can be given back. Keys are asked for each time."""
    from shared import provider_wiring

    return provider_wiring.refunds()


def provider_events() -> "dict[str, ProviderEvents]":
    """What each payment provider says it told us, for those that can be asked.

    Made anew each time: asked once an hour, a key that was put in meanwhile counts.
    """
    from shared import provider_wiring
    from shared.adapters.stripe_event_list import StripeEventList

    return {"stripe": StripeEventList(_stripe_api_key()), **provider_wiring.events()}


def asking() -> "Asking":
    """How providers are asked who paid."""
    from shared import provider_wiring

    return provider_wiring.asking()


def eventbrite_orders() -> "EventbriteOrders":
    """Eventbrite's orders, one by one or as a list."""
    from shared import provider_wiring

    return provider_wiring.eventbrite_orders()


def _stripe_api_key() -> str:
    return str(secret(settings.read(settings.StripeApiSettings).secret_id).get("api_key", ""))


def secret(secret_id: str) -> dict[str, Any]:
    """What an operator, or the stack itself, put there; empty if nobody has."""
    secrets = client("secretsmanager")
    try:
        kept = secrets.get_secret_value(SecretId=secret_id)
    except secrets.exceptions.ResourceNotFoundException:
        return {}
    found: dict[str, Any] = json.loads(kept["SecretString"] or "{}")
    return found


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
def printing() -> "LambdaPrinting":
    """The function that prints certificates."""
    from shared.adapters.lambda_printing import LambdaPrinting

    return LambdaPrinting(client("lambda"), settings.read(settings.PrintingSettings).function)


@lru_cache
def signer() -> "KmsSigner":
    """The key that signs badges."""
    from shared.adapters.kms_signer import KmsSigner

    return KmsSigner(client("kms"), settings.read(settings.BadgeSettings).key_id)


@lru_cache
def recording_machine() -> "StepFunctions":
    """The state machine that announces recordings."""
    from shared.adapters.step_functions import StepFunctions

    return StepFunctions(
        client("stepfunctions"), settings.read(settings.RecordingMachineSettings).arn
    )


@lru_cache
def round_machine() -> "StepFunctions":
    """The state machine that holds scholarship rounds."""
    from shared.adapters.step_functions import StepFunctions

    return StepFunctions(client("stepfunctions"), settings.read(settings.RoundMachineSettings).arn)


@lru_cache
def notice_machine() -> "StepFunctions":
    """The state machine that tells everybody of a session what a notice says."""
    from shared.adapters.step_functions import StepFunctions

    return StepFunctions(client("stepfunctions"), settings.read(settings.NoticeMachineSettings).arn)


@lru_cache
def close_schedules() -> "CloseSchedules":
    """The alarms for the close of sessions and for the deadlines of rounds."""
    from shared.adapters.close_schedules import CloseSchedules, CloseTarget

    told = settings.read(settings.CloseScheduleSettings)
    target = CloseTarget(
        group=told.group,
        function_arn=told.function_arn,
        round_function_arn=told.round_function_arn,
        notice_function_arn=told.notice_function_arn,
        role_arn=told.role_arn,
        dead_letter_arn=told.dead_letter_arn,
    )
    return CloseSchedules(client("scheduler"), target)


@lru_cache
def desk() -> "Desk":
    """Everything that writing and sending letters needs."""
    return _desk(records(), documents())


@lru_cache
def scholarship_desk() -> "Desk":
    """The same for the letters of scholarship rounds, which are owed among the applications.

    Nothing is attached to them, and who sends them may read no file.
    """
    return _desk(applications(), cast("Files", None))


def _desk(letters: "Records", attached: "Files") -> "Desk":
    from shared import page_wiring
    from shared.adapters.jinja_letters import JinjaComposer
    from shared.adapters.ses_mailer import SesMailer
    from shared.usecases.gather_letter_facts import Desk

    mail = settings.read(settings.MailSettings)
    return Desk(
        records=records(),
        letters=letters,
        documents=attached,
        composer=JinjaComposer(),
        mailer=SesMailer(client("ses", once=True), mail.configuration_set),
        operator=mail.operator,
        link=page_wiring.page_link,
        staff_page=page_wiring.staff_page(),
    )
