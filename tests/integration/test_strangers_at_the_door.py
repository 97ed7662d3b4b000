"""Whatever anybody sends to any address: an answer as described, no server error, no stack trace.

Requests are made from docs/openapi.yaml by schemathesis: what fits the description and what does
not, with keys that open something and with keys that do not.
"""

import json
from io import StringIO
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks

from functions.payment_webhook import receive
from shared.adapters.payment_providers import read_event
from shared.adapters.stripe_events import UnreadableEvent
from tests.applicants import SERIES, applied, review_token
from tests.cloud import Cloud, link
from tests.front_door import FrontDoor
from tests.openapi import described, description
from tests.providers import Provider, each_provider
from tests.season import AMARA, CLASS_1, open_season
from tests.staff_pool import StaffPool

EACH = 60  # requests at each address, for the daily run


def _as_json(value: object) -> bytes:
    return json.dumps(value).encode()


_OPENS_NOTHING = "nothing-of-ours"
_TRACES = ("Traceback", 'File "', "botocore", "pydantic")
checks.load_all_checks()
_CHECKS = checks.CHECKS.get_by_names(
    [
        *("not_a_server_error", "status_code_conformance"),
        *("content_type_conformance", "response_schema_conformance"),
    ]
)


def _opening(path: str, cloud: Cloud) -> dict[str, str]:
    """What opens something at that path, part by part."""
    reference = applied(cloud)
    tokens = {
        "/watch/": link("watch", f"{CLASS_1.id}/{AMARA}"),
        "/my-certificate/": link("certificate", f"{CLASS_1.id}/{AMARA}"),
        "/me/": link("me", AMARA),
        "/review/": review_token(),
        "/unsubscribe/": link("unsubscribe", AMARA),
        "/my-application/": link("application", f"{SERIES}/{reference}"),
    }
    known = {
        "token": tokens.get(path.split("{")[0], _OPENS_NOTHING),
        "reference": reference,
        "provider": "stripe",
        "series": SERIES,
        "session": CLASS_1.id,
        "scope": CLASS_1.id,
        "order": "stripe-pi_1",
        "public_id": "7K3FQ2MN",
    }
    return {name: value for name, value in known.items() if f"{{{name}}}" in path}


def _knocked(door: FrontDoor, method: str, path: str, known: dict[str, str]) -> list[int]:
    """The answers to many requests at that address, each of which was as described."""
    api: Any = schemathesis.openapi.from_dict(description())
    api.app = door
    operation = api[path][method]
    answers: list[int] = []

    @settings(
        max_examples=EACH, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        case=st.one_of(
            operation.as_strategy(),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
            operation.as_strategy(**({"path_parameters": known} if known else {})),
        )
    )
    def knock(case: Any) -> None:
        answer = case.call()
        case.validate_response(answer, checks=_CHECKS)
        assert not any(trace in answer.text for trace in _TRACES)
        answers.append(answer.status_code)

    knock()
    return answers


@pytest.mark.parametrize(("method", "path"), described(), ids=lambda part: part)
def test_every_request_gets_an_answer_as_described(
    cloud: Cloud, staff_pool: StaffPool, logged: StringIO, method: str, path: str
) -> None:
    open_season(cloud)
    door = FrontDoor()
    known = _opening(path, cloud)

    answers = _knocked(door, method, path, known)

    assert door.failures == []
    assert "could not be" not in logged.getvalue()
    # Of certificates and badges there is none yet, and nothing decided that could be questioned.
    none_yet = "certificate" in path or path.startswith("/badges/") or "/appeal/" in path
    if known and not none_yet and known.get("token") != _OPENS_NOTHING:
        assert set(answers) != {404}, "with the right key something opens"


def test_a_door_that_breaks_at_an_absent_body_is_noticed(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "_raw_body", lambda event: event["body"].encode())

    with pytest.raises(BaseExceptionGroup) as noticed:
        _knocked(FrontDoor(), "POST", "/webhooks/{provider}", {"provider": "stripe"})

    assert noticed.group_contains(schemathesis.core.failures.Failure)


# --- what is signed and still not what it should be ------------------------------------------

_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def _changed_events(draw: st.DrawFn, provider: Provider) -> bytes:
    """A model event of the provider in which up to three things are otherwise or not there."""
    files = sorted(provider.events.glob("*.json"))
    event = json.loads(draw(st.sampled_from(files)).read_text("utf-8"))
    for _ in range(draw(st.integers(0, 3))):
        _change_one(draw, event)
    return json.dumps(event).encode()


def _change_one(draw: st.DrawFn, place: dict[str, Any]) -> None:
    while place:
        name = draw(st.sampled_from(sorted(place)))
        if isinstance(place[name], dict) and draw(st.integers(0, 3)):
            place = place[name]
        elif draw(st.booleans()):
            place[name] = draw(_ODD)
            return
        else:
            del place[name]
            return


def _refusal(provider: Provider, body: bytes) -> str:
    """Why the body is not read; empty if it is. Anything but a refusal in words is an error."""
    try:
        read_event(provider.name, body, live=False)
    except UnreadableEvent as why:
        return str(why)
    return ""


@each_provider
def test_a_signed_event_that_changed_its_shape_is_read_or_refused_in_words(
    provider: Provider,
) -> None:
    said: set[str] = set()

    @settings(max_examples=400, deadline=None, database=None)
    @given(body=_changed_events(provider))
    def deliver(body: bytes) -> None:
        said.add(_refusal(provider, body))

    deliver()

    assert "" in said, "some are read"
    assert len(said) > 1, "and some are not"
    assert all(why == "" or why.endswith(".") for why in said)
    assert not any("@" in why for why in said)


@each_provider
@settings(max_examples=300, deadline=None, database=None)
@given(
    body=st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(str.encode), _ODD.map(_as_json)
    )
)
def test_whatever_else_is_signed_is_refused_in_words(provider: Provider, body: bytes) -> None:
    assert _refusal(provider, body).endswith(".")
