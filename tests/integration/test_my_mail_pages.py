"""The pages about a person's letters, through the entry point: what a link alone never does."""

from typing import Any
from urllib.parse import urlencode

import pytest

from functions.learner_pages.my_mail import handler
from shared.domain.letters import LetterKind
from shared.domain.mailboxes import AddressChange, Mailbox
from shared.domain.registrations import Learner
from tests.cloud import CONTEXT, IDENTITY_KEY, Cloud, link
from tests.gateway import proxy_event
from tests.integration.test_links_lead_to_pages import PRIVATE
from tests.reading import Reader
from tests.season import AMARA, open_season

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(method: str, resource: str, token: str = "", **form: str) -> dict[str, Any]:
    parameters = {"token": token} if "{token}" in resource else None
    event = proxy_event(method, resource, parameters, headers=FORM, body=urlencode(form))
    answer: dict[str, Any] = handler(event, CONTEXT)
    return answer


def _mailbox(cloud: Cloud) -> Mailbox | None:
    return cloud.records.get(Mailbox.key_of(AMARA), Mailbox)


@pytest.fixture
def bounced(cloud: Cloud) -> Cloud:
    """Letters to Amara come back."""
    open_season(cloud)
    cloud.records.commit(Mailbox(learner=AMARA, address_id=AMARA).bounced(cloud.now))
    return cloud


def test_opening_the_link_stops_nothing_and_pressing_the_button_does(cloud: Cloud) -> None:
    open_season(cloud)
    token = link("unsubscribe", AMARA)

    asked = ask("GET", "/unsubscribe/{token}", token)
    assert (asked["statusCode"], _mailbox(cloud)) == (200, None)
    assert "Stop reminders" in Reader(asked["body"]).text

    stopped = ask("POST", "/unsubscribe/{token}", token, **{"List-Unsubscribe": "One-Click"})
    assert stopped["statusCode"] == 200
    mailbox = _mailbox(cloud)
    assert mailbox is not None and not mailbox.wants_announcements


@pytest.mark.parametrize(
    ("method", "resource"),
    [
        ("GET", "/unsubscribe/{token}"),
        ("POST", "/unsubscribe/{token}"),
        ("GET", "/address/{token}"),
        ("POST", "/address/{token}"),
    ],
)
def test_every_wrong_token_gets_the_same_page(bounced: Cloud, method: str, resource: str) -> None:
    tokens = ["-", "made-up.token", link("me", AMARA), link("address", f"{AMARA}/none")]
    answers = [ask(method, resource, token) for token in tokens]

    assert {answer["statusCode"] for answer in answers} == {404}
    assert len({answer["body"] for answer in answers}) == 1
    for name, value in PRIVATE.items():
        assert answers[0]["multiValueHeaders"][name] == [value]


def test_another_address_counts_once_it_is_confirmed(bounced: Cloud) -> None:
    new = "amara@elsewhere.example"
    (order,) = {
        one.order
        for one in bounced.letters(LetterKind.CONFIRMATION)
        if one.learner == AMARA and one.order
    }
    form = {"reference": order, "address": new}
    known = ask("POST", "/address", **form)
    unknown = ask("POST", "/address", **(form | {"reference": "pi_nobody"}))
    assert known["body"] == unknown["body"]

    (change,) = bounced.everything(AddressChange)
    token = link("address", f"{AMARA}/{change.change}")
    assert new in ask("GET", "/address/{token}", token)["body"]
    person = bounced.records.get(Learner.key_of(AMARA), Learner)
    assert person is not None and person.address != new

    assert "is confirmed" in ask("POST", "/address/{token}", token)["body"]
    person = bounced.records.get(Learner.key_of(AMARA), Learner)
    assert person is not None and person.address == new


def test_what_is_no_address_comes_back_with_what_was_typed(cloud: Cloud) -> None:
    answer = ask("POST", "/address", reference='pi_"<b>', address="nothing")

    assert answer["statusCode"] == 422
    assert "<b>" not in answer["body"]
    assert "Could you look at the address once more?" in answer["body"]


def test_a_stranger_can_ask_only_so_often(bounced: Cloud) -> None:
    form = {"reference": "pi_1", "address": "a@b.example"}
    answers = [ask("POST", "/address", **form) for _ in range(11)]

    assert [one["statusCode"] for one in answers] == [200] * 10 + [429]
    assert IDENTITY_KEY not in str(answers)
