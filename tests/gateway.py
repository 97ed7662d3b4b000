"""Requests as API Gateway (REST, Lambda proxy) hands them to a function."""

from typing import Any


def proxy_event(
    method: str,
    resource: str,
    parameters: dict[str, str] | None = None,
    *,
    headers: dict[str, str] | None = None,
    body: str | None = None,
    base64: bool = False,
) -> dict[str, Any]:
    """One request. `resource` is the path as the template has it ("/watch/{token}")."""
    parameters = parameters or {}
    headers = {"Host": "pages.example", "X-Forwarded-For": "203.0.113.7", **(headers or {})}
    path = resource
    for name, value in parameters.items():
        path = path.replace(f"{{{name}}}", value)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "abc123",
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/live{path}",
            "stage": "live",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "tests"},
            "apiId": "1234567890",
        },
        "body": body,
        "isBase64Encoded": base64,
    }


def queue_event(*bodies: str, provider: str | None = "stripe") -> dict[str, Any]:
    """A batch of messages as SQS hands it over; the ids are "message-0", "message-1" and so on.

    Without a provider they came from EventBridge, which says nothing beside the event.
    """
    named = {"provider": {"stringValue": provider, "dataType": "String"}} if provider else {}
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": f"handle-{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1749560312000"},
                "messageAttributes": named,
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:payment-events",
                "awsRegion": "eu-central-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def stream_event(*items: dict[str, Any]) -> dict[str, Any]:
    """New images of items as the table's stream hands them over, numbered "100", "101", …"""
    return {
        "Records": [
            {
                "eventID": f"event-{number}",
                "eventName": "MODIFY",
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": "eu-central-1",
                "dynamodb": {
                    "ApproximateCreationDateTime": 1749560312,
                    "Keys": {"pk": item["pk"], "sk": item["sk"]},
                    "NewImage": item,
                    "SequenceNumber": str(number),
                    "SizeBytes": 512,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
                "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/records/stream",
            }
            for number, item in enumerate(items, start=100)
        ]
    }


def keys_event(*keys: tuple[str, str]) -> dict[str, Any]:
    """Changes as a stream that tells keys only hands them over, numbered "100", "101", …"""
    event = stream_event(*({"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys))
    for record in event["Records"]:
        del record["dynamodb"]["NewImage"]
        record["dynamodb"]["StreamViewType"] = "KEYS_ONLY"
    return event
