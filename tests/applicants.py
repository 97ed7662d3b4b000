"""People who apply for a scholarship of IDHA's series, and people who read what they sent.

Everything goes through the entry points, as a browser or a form tool would send it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from standardwebhooks import Webhook

from functions.scholarship_pages import my_application, review
from functions.scholarship_submission import receive
from shared.domain.awards import Award
from shared.usecases.reviewers import reviewer_id
from tests.cloud import CONTEXT, FORM_TOOL_SECRET, IDENTITY_KEY, Cloud, link, who
from tests.gateway import proxy_event
from tests.season import IDHA

SERIES = IDHA.series.id
_POLICY = IDHA.policies.scholarship
assert _POLICY is not None
POLICY = _POLICY
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Words that stand nowhere else, so that wherever they turn up, somebody's answers did.
NAME, TEXT, OWN_WORDS = "Quillon Vantablack", "Zephyrine wrote this", "Ombrelune"

Fields = dict[str, str | list[str]]


def answers(address: str = "quillon@example.org", **changes: str | list[str]) -> Fields:
    """What somebody fills in; `changes` replace fields, and an empty list leaves one out."""
    filled: Fields = {
        "name": NAME,
        "email": address,
        "roles": [POLICY.roles[1]],
        "ask": "full",
        "text": TEXT,
        "priorities": [POLICY.priorities[3]],
        "own_words": OWN_WORDS,
        "consent": "yes",
    }
    return {name: value for name, value in (filled | changes).items() if value != []}


def form_opened(series: str = SERIES) -> dict[str, Any]:
    """The answer to whoever opens the form."""
    event = proxy_event("GET", "/scholarships/{series}", {"series": series})
    answer: dict[str, Any] = receive.handler(event, CONTEXT)
    return answer


def token_of_a_form(cloud: Cloud) -> str:
    """The token of a form that somebody opened, and took half a minute to fill in."""
    found = re.search(r'name="token" value="([^"]+)"', form_opened()["body"])
    assert found is not None
    cloud.wait(seconds=30)
    return found[1]


def sent(fields: Mapping[str, str | Sequence[str]], *, ip: str = "203.0.113.7") -> dict[str, Any]:
    """The form as a browser sends it."""
    return posted(urlencode(fields, doseq=True), FORM, ip=ip)


def posted(
    body: str | None, headers: dict[str, str], *, ip: str = "203.0.113.7", base64: bool = False
) -> dict[str, Any]:
    """Whatever somebody posts to where forms are taken."""
    event = proxy_event("POST", "/scholarships", headers=headers, body=body, base64=base64)
    event["requestContext"]["identity"]["sourceIp"] = ip
    answer: dict[str, Any] = receive.handler(event, CONTEXT)
    return answer


def applied(cloud: Cloud, address: str = "quillon@example.org", **changes: str | list[str]) -> str:
    """Somebody opened the form, filled it in and sent it; its reference number."""
    fields = {"token": token_of_a_form(cloud), **answers(address, **changes)}
    answer = sent(fields, ip=f"2001:db8:{len(cloud.items('SUBMISSION_TOKENS_TABLE')):x}::1")
    assert answer["statusCode"] == 201, answer
    return reference_in(answer)


def reference_in(answer: Mapping[str, Any]) -> str:
    """The reference number that an answer names."""
    found = re.search(r"S-[A-Z2-7]{8}", answer["body"])
    assert found is not None, answer
    return found[0]


def message(
    data: Any = None,
    *,
    message_id: str = "msg_1",
    secret: str = FORM_TOOL_SECRET,
    at: datetime | None = None,
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The answer to a message of the form tool, signed now (by the real clock) unless told."""
    told = {"series": SERIES, **answers()} if data is None else data
    body = json.dumps({"type": "form.submitted", "data": told}) if body is None else body
    at = at or datetime.now(UTC)
    signed = {
        "Content-Type": "application/json",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(message_id, at, body),
    }
    return posted(body, signed | (headers or {}))


def review_token(reviewer: str = POLICY.reviewers[0], series: str = SERIES) -> str:
    """The token of a reviewer's link."""
    return link("review", f"{series}/{reviewer_id(reviewer, IDENTITY_KEY.encode())}")


def reviewed(
    reference: str = "", reviewer: str = POLICY.reviewers[0], **vote: str
) -> dict[str, Any]:
    """What a reviewer sees of the list, of one application, or when they vote."""
    return _at(review.handler, "/review/{token}", review_token(reviewer), reference, vote)


def on_own_page(reference: str, act: str = "") -> dict[str, Any]:
    """What an applicant sees on their own page, or when they press one of its buttons."""
    token = link("application", f"{SERIES}/{reference}")
    form = {"act": act} if act else {}
    return _at(my_application.handler, "/my-application/{token}", token, "", form)


def _at(
    handler: Any, resource: str, token: str, reference: str, form: dict[str, str]
) -> dict[str, Any]:
    parameters = {"token": token}
    if reference:
        resource, parameters = f"{resource}/{{reference}}", {**parameters, "reference": reference}
    event = proxy_event(
        "POST" if form else "GET",
        resource,
        parameters,
        headers=FORM if form else None,
        body=urlencode(form) if form else None,
    )
    answer: dict[str, Any] = handler(event, CONTEXT)
    return answer


def award_of(cloud: Cloud, address: str) -> Award:
    """What somebody was awarded."""
    found = cloud.records.get(Award.key_of(SERIES, who(address)), Award)
    assert found is not None
    return found
