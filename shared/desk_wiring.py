"""Builds what the staff desk needs: a part of `wiring`, for the functions of the desk alone."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from shared import settings, wiring

if TYPE_CHECKING:
    from shared.adapters.cognito_sign_in import CognitoSignIn
    from shared.adapters.dynamo_staff_sessions import DynamoStaffSessions
    from shared.adapters.s3_upload_forms import S3UploadForms
    from shared.adapters.step_functions import StepFunctions


@lru_cache
def sessions() -> "DynamoStaffSessions":
    """Who is signed in."""
    from shared.adapters.dynamo_staff_sessions import DynamoStaffSessions

    table = settings.read(settings.StaffSessionSettings).table
    return DynamoStaffSessions(wiring.client("dynamodb"), table)


@lru_cache
def sign_in() -> "CognitoSignIn":
    """The user pool of staff."""
    from shared.adapters.cognito_sign_in import CognitoSignIn, Pool

    told = settings.read(settings.SignInSettings)
    pool = Pool(id=told.pool, issuer=told.issuer, pages=told.pages, address=told.address)
    return CognitoSignIn(wiring.client("cognito-idp"), pool)


@lru_cache
def upload_forms() -> "S3UploadForms":
    """Forms by which staff put files into the bucket."""
    from shared.adapters.s3_upload_forms import S3UploadForms

    return S3UploadForms(wiring.client("s3"), settings.read(settings.UploadsSettings).bucket)


@lru_cache
def own_address() -> str:
    """Where the pages are, if the institute has an address of its own; empty if not."""
    return settings.read(settings.DeskSettings).public


@lru_cache
def is_local() -> bool:
    """Whether this is a laptop, which speaks plain HTTP on loopback."""
    return settings.read(settings.StageSettings).stage == "local"


def closes() -> "StepFunctions":
    """The state machine that closes sessions."""
    return wiring.close_machine()


def announcements() -> "StepFunctions":
    """The state machine that announces recordings."""
    return wiring.recording_machine()


def rounds() -> dict[str, Any]:
    """Where scholarship rounds are, as the use cases of the desk ask for it by name."""
    return {
        "records": wiring.records(),
        "applications": wiring.applications(),
        "key": wiring.identity_keys()[0],
    }
