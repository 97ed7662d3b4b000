"""The running stack as the use cases see it: records, ids, links, time. For commands that look."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import cast

from devstack import clock
from devstack.problems import Problem
from devstack.stack import Stack
from shared.adapters.dynamo_records import DynamoRecords
from shared.adapters.step_functions import resume as resume_execution
from shared.domain.links import Purpose, sign
from shared.domain.people import clean_address
from shared.domain.sessions import SessionState
from shared.usecases.who_is import who_is

_PATHS = {"review": "review", "application": "my-application"}


def records(stack: Stack) -> DynamoRecords:
    """The records of the running stack."""
    return DynamoRecords(stack.client("dynamodb"), stack.table)


def applications(stack: Stack) -> DynamoRecords:
    """The applications for scholarships, their votes and their letters."""
    return DynamoRecords(stack.client("dynamodb"), stack.scholarships)


def keys(stack: Stack) -> list[bytes]:
    """The key that makes ids and signs links, then earlier ones whose links still open."""
    secret = stack.client("secretsmanager").get_secret_value(
        SecretId=stack.outputs["IdentityKeysSecretId"]
    )
    kept = json.loads(secret["SecretString"])
    return [key.encode() for key in (kept["key"], *kept.get("previous", []))]


def id_of(stack: Stack, address: str) -> str:
    """The id of whoever has that address. Raises Problem if it is not an address."""
    cleaned = clean_address(address)
    if cleaned is None:
        raise Problem(f"'{address}' is not an e-mail address.", "Is there a letter missing?")
    return who_is(cleaned, records(stack), keys(stack)[0])


def link(stack: Stack) -> Callable[[str, str], str]:
    """Makes the address of a page from (purpose, subject), as letters have it."""
    key = keys(stack)[0]

    def page(purpose: str, subject: str) -> str:
        return f"{stack.api_url}/{_PATHS[purpose]}/{sign(cast(Purpose, purpose), subject, key)}"

    return page


def resume(stack: Stack) -> Callable[[str, dict[str, str]], bool]:
    """Lets a waiting workflow go on, by its token; False if nothing waits any more."""
    return partial(resume_execution, stack.client("stepfunctions"))


def session_state(stack: Stack, session: str) -> SessionState:
    """Where a session is. Raises Problem if there is none of that id."""
    state = records(stack).get(SessionState.key_of(session), SessionState)
    if state is None:
        raise Problem(
            f"There is no session '{session}'.",
            "Publish its catalogue first: python -m devstack publish FILE",
        )
    return state


def now(stack: Stack | None = None) -> datetime:
    """The time; of a stack, the time by its own clock, which may have been set ahead."""
    ahead = clock.ahead(stack) if stack is not None else clock.NOT_AHEAD
    return datetime.now(UTC) + ahead
