"""A queue's messages, or a table's changes, one after the other: what fails costs only itself."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.domain.record import Key

_MESSAGES = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
_CHANGES = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
_ONE_CHANGE = BatchProcessor(
    event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=True
)


def each_message(
    event: dict[str, Any], context: LambdaContext, take: Callable[[SQSRecord], None]
) -> Any:
    """Take in each message of a batch. Those that failed come again; the others are done."""
    return process_partial_response(
        event=event, record_handler=take, processor=_MESSAGES, context=context
    )


def each_change(
    event: dict[str, Any], context: LambdaContext, take: Callable[[DynamoDBRecord], None]
) -> Any:
    """Take in each change of a batch. Those that failed come again; the others are done."""
    return process_partial_response(
        event=event, record_handler=take, processor=_CHANGES, context=context
    )


def one_change(
    event: dict[str, Any], context: LambdaContext, take: Callable[[DynamoDBRecord], None]
) -> Any:
    """Take in a change that was handed on alone. If it fails, the call is made again."""
    return process_partial_response(
        event=event, record_handler=take, processor=_ONE_CHANGE, context=context
    )


def place_of(record: DynamoDBRecord) -> Key:
    """Where the record stands that has changed."""
    keys = (record.dynamodb.keys if record.dynamodb else None) or {}
    return Key(str(keys["pk"]), str(keys["sk"]))
