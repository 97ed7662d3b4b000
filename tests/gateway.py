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
