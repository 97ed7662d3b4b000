"""Sessions of staff in a small table of their own: who they are, under the hash of a secret."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.staff import roles_of
from shared.domain.staff_sessions import StaffSession
from shared.failures import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")


class DynamoStaffSessions:
    """The `StaffSessions` table, which forgets what is over by itself, hours late."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def keep(self, session: StaffSession) -> None:
        item: dict[str, Any] = {
            "id": {"S": session.id},
            "name": {"S": session.name},
            "roles": {"SS": sorted(session.roles)},
            "expires_at": {"N": str(int(session.expires_at.timestamp()))},
        }
        _ask(lambda: self._client.put_item(TableName=self._table, Item=item))

    def find(self, session_id: str) -> StaffSession | None:
        found: Any = _ask(
            lambda: self._client.get_item(
                TableName=self._table, Key={"id": {"S": session_id}}, ConsistentRead=True
            )
        ).get("Item")
        if not found:
            return None
        return StaffSession(
            id=session_id,
            name=found["name"]["S"],
            roles=roles_of(found["roles"]["SS"]),
            expires_at=datetime.fromtimestamp(int(found["expires_at"]["N"]), UTC),
        )

    def end(self, session_id: str) -> None:
        _ask(lambda: self._client.delete_item(TableName=self._table, Key={"id": {"S": session_id}}))


def _ask(request: Callable[[], T]) -> T:
    try:
        return request()
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The table of sessions did not answer.") from error
