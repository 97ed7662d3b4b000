"""The running stack as the use cases see it: records, ids, time. For commands that look."""

import json
from datetime import UTC, datetime

from devstack.problems import Problem
from devstack.stack import Stack
from shared.adapters.dynamo_records import DynamoRecords
from shared.domain.links import learner_id
from shared.domain.people import clean_address
from shared.domain.sessions import SessionState


def records(stack: Stack) -> DynamoRecords:
    """The records of the running stack."""
    return DynamoRecords(stack.client("dynamodb"), stack.outputs["RecordsTable"])


def id_of(stack: Stack, address: str) -> str:
    """The id of whoever has that address. Raises Problem if it is not an address."""
    cleaned = clean_address(address)
    if cleaned is None:
        raise Problem(f"'{address}' is not an e-mail address.", "Is there a letter missing?")
    secret = stack.client("secretsmanager").get_secret_value(
        SecretId=stack.outputs["IdentityKeysSecretId"]
    )
    return learner_id(cleaned, json.loads(secret["SecretString"])["key"].encode())


def session_state(stack: Stack, session: str) -> SessionState:
    """Where a session is. Raises Problem if there is none of that id."""
    state = records(stack).get(SessionState.key_of(session), SessionState)
    if state is None:
        raise Problem(
            f"There is no session '{session}'.",
            "Publish its catalogue first: python -m devstack publish FILE",
        )
    return state


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)
