"""Records in DynamoDB: one table, commits as `TransactWriteItems`, reads consistent.

Why transactions even for one record: the SDK repeats a write whose answer was lost, and a lone
conditional put then takes its own write for somebody else's. A transaction carries a token that
makes the repetition the same write.
"""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.record import Key, Record
from shared.domain.registrations import SeatChange
from shared.failures import Conflict, SoldOut, Unavailable
from shared.ports import R

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_ATTEMPTS = 6
_MOST_AT_ONCE = 100
_BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_BUSY_ERRORS = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
        "InternalServerError",
        "ServiceUnavailable",
    }
)


class DynamoRecords:
    """The `records` table. `client` should try three times at most and give up within seconds."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._write = TypeSerializer().serialize
        self._read = TypeDeserializer().deserialize

    def get(self, key: Key, of: type[R]) -> R | None:
        if not all(key):
            return None  # nothing stands under an empty key, and the table calls asking an error
        found = self._ask(
            lambda: self._client.get_item(
                TableName=self._table, Key=_key_item(key), ConsistentRead=True
            )
        ).get("Item")
        return self.record(found, of) if found else None

    def find(
        self, partition: str, of: type[R], prefix: str = "", after: str = "", at_once: int = 0
    ) -> Iterator[R]:
        # Conditions, no expression: the same to DynamoDB, and the local stack parses expressions
        # anew for every record of a partition, so that ten thousand took fifteen times as long.
        conditions = {"pk": _is("EQ", partition)}
        if prefix:
            conditions["sk"] = _is("BEGINS_WITH", prefix)
        start: dict[str, Any] = {"Limit": at_once} if at_once else {}
        if after:
            start["ExclusiveStartKey"] = _key_item(Key(partition, after))
        yield from self._pages(of, KeyConditions=conditions, ConsistentRead=True, **start)

    def get_all(self, keys: Sequence[Key], of: type[R]) -> dict[Key, R]:
        records = (self.record(item, of) for item in self._at_once(keys))
        return {record.key(): record for record in records if record is not None}

    def get_each(self, wanted: Mapping[Key, type[Record]]) -> dict[Key, Record]:
        items = {Key(item["pk"]["S"], item["sk"]["S"]): item for item in self._at_once([*wanted])}
        records = {key: self.record(item, wanted[key]) for key, item in items.items()}
        return {key: record for key, record in records.items() if record is not None}

    def _at_once(self, keys: Sequence[Key]) -> Iterator[Any]:
        if len(keys) > _MOST_AT_ONCE:
            raise ValueError(f"{len(keys)} records are more than one question is for.")
        wanted: Any = {"Keys": [_key_item(key) for key in set(keys)], "ConsistentRead": True}
        while wanted.get("Keys"):
            answer = self._ask(
                lambda asked=wanted: self._client.batch_get_item(RequestItems={self._table: asked})
            )
            yield from answer["Responses"].get(self._table, [])
            wanted = answer.get("UnprocessedKeys", {}).get(self._table, {})

    def page(
        self, partition: str, of: type[R], prefix: str = "", after: str = "", most: int = 50
    ) -> list[R]:
        return list(islice(self.find(partition, of, prefix, after, most), most))

    def of_learner(self, learner: str, of: type[R]) -> list[R]:
        found = self._of_learner(learner)
        return [record for item in found if (record := self.record(item, of)) is not None]

    def page_of(self, learner: str, kinds: Sequence[type[Record]]) -> list[Record]:
        by_kind = {of.kind: of for of in kinds}
        found = ((item, by_kind.get(item["kind"]["S"])) for item in self._of_learner(learner))
        records = (self.record(item, of) for item, of in found if of is not None)
        return [record for record in records if record is not None]

    def _of_learner(self, learner: str) -> Iterator[Any]:
        if not learner:
            return iter(())  # the same as for `get`
        return self._items(
            IndexName="by_learner",
            KeyConditionExpression="learner = :learner",
            ExpressionAttributeValues={":learner": {"S": learner}},
        )

    def waiting(self, as_what: str, until: datetime, of: type[R]) -> list[R]:
        found = self._pages(
            of,
            IndexName="by_waiting",
            KeyConditionExpression="waiting = :what AND waiting_since <= :until",
            ExpressionAttributeValues={
                ":what": {"S": as_what},
                ":until": {"S": until.isoformat()},
            },
        )
        return list(found)

    def record(self, item: Any, of: type[R]) -> R | None:
        """The record that an item of the table holds, if it is of that kind."""
        if item["kind"]["S"] != of.kind:
            return None
        return of.model_validate({name: self._read(value) for name, value in item.items()})

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        items = [self._save(record) for record in records]
        items += [self._change_seats(change) for change in seats]
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._client.transact_write_items(TransactItems=items)
                return
            except ClientError as error:
                self._raise_if_decided(error, len(records), seats)
                if attempt == _ATTEMPTS:
                    raise Unavailable("The table is busy; nothing was written.") from error
            except BotoCoreError as error:
                # The answer is lost: it may stand or not. The caller's caller will come again.
                raise Unavailable("The table did not answer.") from error
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret

    def put_all(self, records: Iterable[Record]) -> None:
        waiting = iter(records)
        while chunk := list(islice(waiting, 25)):
            requests: list[Any] = [{"PutRequest": {"Item": self._item(record)}} for record in chunk]
            for attempt in range(1, _ATTEMPTS + 1):
                answer = self._ask(
                    lambda batch=requests: self._client.batch_write_item(
                        RequestItems={self._table: batch}
                    )
                )
                requests = list(answer["UnprocessedItems"].get(self._table, []))
                if not requests:
                    break
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311
            if requests:
                raise Unavailable("The table is busy; a batch was written in part.")

    def _pages(self, of: type[R], **query: Any) -> Iterator[R]:
        for item in self._items(**query):
            record = self.record(item, of)
            if record is not None:
                yield record

    def _items(self, **query: Any) -> Iterator[Any]:
        query["TableName"] = self._table
        while True:
            page = self._ask(lambda: self._client.query(**query))
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _ask(self, request: Any) -> Any:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return request()
            except ClientError as error:
                if error.response["Error"]["Code"] not in _BUSY_ERRORS:
                    raise
                if attempt == _ATTEMPTS:
                    raise Unavailable("The table is busy.") from error
            except BotoCoreError as error:
                if attempt == _ATTEMPTS:
                    raise Unavailable("The table did not answer.") from error
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311
        raise AssertionError("the loop above returns or raises")

    def _save(self, record: Record) -> "TransactWriteItemTypeDef":
        put: dict[str, Any] = {"TableName": self._table, "Item": self._item(record)}
        if record.version == 0:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put["ConditionExpression"] = "version = :read"
            put["ExpressionAttributeValues"] = {":read": {"N": str(record.version)}}
        return cast("TransactWriteItemTypeDef", {"Put": put})

    def _change_seats(self, change: SeatChange) -> "TransactWriteItemTypeDef":
        update: dict[str, Any] = {
            "TableName": self._table,
            "Key": _key_item(change.key()),
            "UpdateExpression": "ADD taken :by, version :one SET #kind = :kind, #session = :of",
            "ExpressionAttributeNames": {"#kind": "kind", "#session": "session"},
            "ExpressionAttributeValues": {
                ":by": {"N": str(change.by)},
                ":one": {"N": "1"},
                ":kind": {"S": "seats"},
                ":of": {"S": change.session},
            },
        }
        if change.by > 0:
            # Giving a seat back is always right, also in a class that was made smaller.
            update["ConditionExpression"] = "attribute_not_exists(taken) OR taken <= :room"
            update["ExpressionAttributeValues"][":room"] = {"N": str(change.capacity - change.by)}
        return cast("TransactWriteItemTypeDef", {"Update": update})

    def _item(self, record: Record) -> dict[str, Any]:
        partition, sort = record.key()
        fields = record.committed().model_dump(mode="json", exclude_none=True)
        fields |= {"pk": partition, "sk": sort, "kind": record.kind}
        return {name: self._write(value) for name, value in fields.items()}

    @staticmethod
    def _raise_if_decided(error: ClientError, saved: int, seats: Sequence[SeatChange]) -> None:
        """Raise what a refused transaction means; return if it was only busy."""
        code = error.response["Error"]["Code"]
        if code != "TransactionCanceledException":
            if code in _BUSY_ERRORS:
                return
            raise error
        answer = cast("dict[str, Any]", error.response)
        codes = [reason.get("Code") for reason in answer.get("CancellationReasons", [])]
        if "ConditionalCheckFailed" in codes[:saved]:
            raise Conflict("A record has changed since it was read.") from error
        for change, reason in zip(seats, codes[saved:], strict=False):
            if reason == "ConditionalCheckFailed":
                raise SoldOut(change.session) from error
        if not _BUSY & set(codes):
            raise error


def _is(how: str, value: str) -> dict[str, Any]:
    return {"ComparisonOperator": how, "AttributeValueList": [{"S": value}]}


def _key_item(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key.partition}, "sk": {"S": key.sort}}
