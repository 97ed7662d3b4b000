"""Settings: what the template tells a function, typed, and named when it is missing."""

import os
from typing import TypeVar

from pydantic import ConfigDict, Field, ValidationError

from shared.domain.value import Value


class MissingSetting(RuntimeError):
    """An environment variable that a function needs is not set or not usable."""


class _Settings(Value):
    model_config = ConfigDict(populate_by_name=True)


class StageSettings(_Settings):
    """Which deployment this is; only `prod` takes real money."""

    stage: str = Field(alias="STAGE", pattern="^(local|staging|prod)$")


class RecordsSettings(_Settings):
    """Where records are kept."""

    table: str = Field(alias="RECORDS_TABLE", min_length=3)


class ScholarshipsSettings(_Settings):
    """Where applications for scholarships are kept."""

    table: str = Field(alias="SCHOLARSHIPS_TABLE", min_length=3)


class SubmissionSettings(_Settings):
    """Where forms that were sent are known again, and how many an hour one address may send."""

    tokens_table: str = Field(alias="SUBMISSION_TOKENS_TABLE", min_length=3)
    per_hour: int = Field(alias="SUBMISSIONS_PER_HOUR", ge=1)


class FormToolSettings(_Settings):
    """The secret of the institute's own form tool."""

    secret_id: str = Field(alias="SCHOLARSHIP_FORM_SECRET_ID", min_length=3)


class StripeApiSettings(_Settings):
    """The secret with Stripe's key for making promotion codes and for listing events."""

    secret_id: str = Field(alias="STRIPE_API_SECRET_ID", min_length=3)


class PaypalApiSettings(_Settings):
    """The secret with PayPal's credentials for asking who paid and for listing events."""

    secret_id: str = Field(alias="PAYPAL_API_SECRET_ID", min_length=3)


class RazorpayApiSettings(_Settings):
    """The secret with Razorpay's key for listing payments."""

    secret_id: str = Field(alias="RAZORPAY_API_SECRET_ID", min_length=3)


class EventbriteSettings(StageSettings):
    """The secret with Eventbrite's private token; where its API is, which only `local` may say."""

    secret_id: str = Field(alias="EVENTBRITE_API_SECRET_ID", min_length=3)
    local_api: str = Field(alias="LOCAL_EVENTBRITE_API", default="")


class FetchSettings(_Settings):
    """The queue of files that are to be fetched from Zoom."""

    queue_url: str = Field(alias="RECORDING_FETCHES_QUEUE_URL", min_length=3)


class ZoomApiSettings(_Settings):
    """The secret with the institute's own key at Zoom."""

    secret_id: str = Field(alias="ZOOM_API_SECRET_ID", min_length=3)


class CommunitySettings(_Settings):
    """The secret with the key of the community's Admin API."""

    secret_id: str = Field(alias="COMMUNITY_KEY_SECRET_ID", min_length=3)


class RefundSettings(_Settings):
    """The secret with the keys with which money is given back, by provider."""

    secret_id: str = Field(alias="REFUND_KEYS_SECRET_ID", min_length=3)


class UploadsSettings(_Settings):
    """Where staff put files."""

    bucket: str = Field(alias="UPLOADS_BUCKET", min_length=3)


class DocumentsSettings(_Settings):
    """Where certificates and rosters are kept."""

    bucket: str = Field(alias="DOCUMENTS_BUCKET", min_length=3)


class RawEventsSettings(_Settings):
    """Where payment events are kept as they came."""

    bucket: str = Field(alias="RAW_EVENTS_BUCKET", min_length=3)


class IdentitySettings(_Settings):
    """The secret from which ids of people and signatures of links are made."""

    secret_id: str = Field(alias="IDENTITY_KEYS_SECRET_ID", min_length=3)


class StaffSessionSettings(_Settings):
    """Where sessions of staff are kept."""

    table: str = Field(alias="STAFF_SESSIONS_TABLE", min_length=3)


class DeskSettings(StageSettings):
    """Where the staff desk is, if the institute has an address of its own; empty if not."""

    public: str = Field(alias="OWN_BASE_URL", default="")


class SignInSettings(_Settings):
    """The user pool of staff: its id, who its tokens say they are from, its pages, and itself."""

    pool: str = Field(alias="STAFF_POOL_ID", min_length=3)
    issuer: str = Field(alias="STAFF_POOL_ISSUER", min_length=8)
    pages: str = Field(alias="STAFF_SIGN_IN_URL", pattern="^https?://.*[^/]$")
    address: str = Field(alias="STAFF_POOL_URL", pattern="^https?://.*[^/]$")


class ClockSettings(StageSettings):
    """How far ahead of the real time the local stage is, in seconds. No other stage listens."""

    ahead: int = Field(alias="LOCAL_CLOCK_AHEAD_SECONDS", default=0)


class PublicSettings(_Settings):
    """Where our pages are, without a slash at the end."""

    base_url: str = Field(alias="PUBLIC_BASE_URL", pattern="^https?://.*[^/]$")


class MailSettings(_Settings):
    """How letters leave, and who hears of what belongs to no institute."""

    configuration_set: str = Field(alias="SES_CONFIGURATION_SET", min_length=1)
    operator: str = Field(alias="OPERATOR_ADDRESS", min_length=3)


class CloseMachineSettings(_Settings):
    """The state machine that closes sessions."""

    arn: str = Field(alias="CLOSE_STATE_MACHINE_ARN", min_length=3)


class RecordingMachineSettings(_Settings):
    """The state machine that announces recordings."""

    arn: str = Field(alias="RECORDING_STATE_MACHINE_ARN", min_length=3)


class PrintingSettings(_Settings):
    """The function that prints certificates."""

    function: str = Field(alias="PRINT_CERTIFICATE_FUNCTION", min_length=3)


class BadgeSettings(_Settings):
    """The key that signs badges."""

    key_id: str = Field(alias="BADGE_KEY_ID", min_length=3)


class RoundMachineSettings(_Settings):
    """The state machine that holds scholarship rounds."""

    arn: str = Field(alias="ROUND_STATE_MACHINE_ARN", min_length=3)


class NoticeMachineSettings(_Settings):
    """The state machine that tells everybody of a session what a notice says."""

    arn: str = Field(alias="NOTICE_STATE_MACHINE_ARN", min_length=3)


class AppealMachineSettings(_Settings):
    """The state machine that follows appeals."""

    arn: str = Field(alias="APPEAL_STATE_MACHINE_ARN", min_length=3)


class CloseScheduleSettings(_Settings):
    """How alarms are set: for the close of sessions, their notices, and the deadline of a round."""

    group: str = Field(alias="CLOSE_SCHEDULE_GROUP", min_length=1)
    role_arn: str = Field(alias="CLOSE_SCHEDULE_ROLE_ARN", min_length=3)
    function_arn: str = Field(alias="CLOSE_FUNCTION_ARN", min_length=3)
    round_function_arn: str = Field(alias="ROUND_FUNCTION_ARN", min_length=3)
    notice_function_arn: str = Field(alias="NOTICE_FUNCTION_ARN", min_length=3)
    dead_letter_arn: str = Field(alias="CLOSE_DLQ_ARN", min_length=3)


class MachineRoomSettings(_Settings):
    """What the machine room looks at, each as JSON.

    `dead_letters` by name: the way it is handed over again, its address, and where to; `machines`
    the state machines by name; `sweeps` the functions that sweep.
    """

    dead_letters: str = Field(alias="DEAD_LETTERS", min_length=2)
    machines: str = Field(alias="MACHINES", min_length=2)
    sweeps: str = Field(alias="SWEEPS", min_length=2)


S = TypeVar("S", bound=_Settings)


def read(settings: type[S]) -> S:
    """These settings from the environment. Raises MissingSetting naming what is wrong."""
    try:
        return settings.model_validate(dict(os.environ))
    except ValidationError as error:
        names = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        raise MissingSetting(
            f"{settings.__name__} needs {names}. Is it in the function's Environment in "
            "template.yaml?"
        ) from None


class WatchSettings(_Settings):
    """For how long the address of a file is good that a player is led on to.

    Long enough to begin watching, short enough that a copied address is worthless: the page asks
    for a new one when it has run out.
    """

    media_link_seconds: int = Field(default=600, alias="MEDIA_LINK_SECONDS", ge=1, le=3600)
