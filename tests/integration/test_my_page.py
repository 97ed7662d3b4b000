"""A person's own page, through the entry point: what it says, to whom, and what it tells nobody."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.learner_pages.my_page import handler
from functions.letter_outbox.handler import send
from shared import page_wiring
from shared.adapters.jinja_pages import content_security_policy
from shared.domain.letters import LetterKind
from shared.domain.links import sign
from shared.domain.particulars import Particulars
from tests.cloud import CONTEXT, ENVIRON, IDENTITY_KEY, Cloud, link, who
from tests.gateway import proxy_event, stream_event
from tests.integration.test_links_lead_to_pages import PRIVATE
from tests.reading import Reader
from tests.season import AMARA, BO, CLASS_1, closed_season, open_season

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Every page of a person's own: how it is opened.
PAGES = [
    ("GET", "/me/{token}"),
    ("GET", "/me/{token}/particulars"),
    ("POST", "/me/{token}/particulars"),
    ("GET", "/me/{token}/evaluation/{session}"),
    ("POST", "/me/{token}/evaluation/{session}"),
    ("GET", "/me/{token}/make-up/{session}"),
    ("POST", "/me/{token}/make-up/{session}"),
    ("GET", "/me/{token}/appeal/{scope}"),
    ("POST", "/me/{token}/appeal/{scope}"),
    ("GET", "/me/{token}/erase"),
    ("POST", "/me/{token}/erase"),
    ("GET", "/me/{token}/calendar/{session}"),
    ("GET", "/me/{token}/name"),
    ("POST", "/me/{token}/name"),
    ("GET", "/me/{token}/address"),
    ("POST", "/me/{token}/address"),
]
HOSTILE = ["<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "A & B <3", '"><b>Bo', "محمد علي"]


def ask(
    method: str, resource: str, token: str = "", body: str | None = None, **more: str
) -> dict[str, Any]:
    """The answer to a request of that page."""
    parameters = {"token": token, "session": CLASS_1.id, "scope": CLASS_1.id, **more}
    if "{token}" not in resource:
        parameters = {}
    event = proxy_event(method, resource, parameters, headers=FORM, body=body)
    answer: dict[str, Any] = handler(event, CONTEXT)
    return answer


def headers_of(answer: dict[str, Any]) -> dict[str, str]:
    return {name: values[0] for name, values in answer["multiValueHeaders"].items()}


def ask_for_link(address: str) -> dict[str, Any]:
    return ask("POST", "/me", body=urlencode({"address": address}))


def tell(token: str, **fields: str) -> dict[str, Any]:
    """The answer to the form of particulars ("number_0" is "number-0")."""
    body = urlencode({name.replace("_0", "-0"): text for name, text in fields.items()})
    return ask("POST", "/me/{token}/particulars", token, body)


def wrong_tokens(cloud: Cloud) -> dict[str, str]:
    """One of each kind of token that must open nothing."""
    key = IDENTITY_KEY.encode()
    good = link("me", AMARA)
    return {
        "none": "-",
        "made up": "made-up.token",
        "forged": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "too long": good + "x" * 3000,
        "expired": sign("me", AMARA, key, cloud.now - timedelta(seconds=1)),
        "of another purpose": link("certificate", f"{CLASS_1.id}/{AMARA}"),
        "of a reviewer": link("review", AMARA),
        "of nobody": link("me", "lnobody"),
        "of another key": sign("me", AMARA, b"another key that is as long as ours, or so"),
        "of a subject with more in it": link("me", f"{AMARA}/{BO}"),
    }


def test_before_class_it_leads_into_the_class_and_says_what_will_be_here(cloud: Cloud) -> None:
    open_season(cloud)

    answer = ask("GET", "/me/{token}", link("me", AMARA))

    page = Reader(answer["body"])
    assert answer["statusCode"] == 200
    assert CLASS_1.joining_link in page.links
    for said in (
        "Amara a•••@example.org",
        CLASS_1.title,
        "Sunday, June 22, 2025, 12:00–2:30 pm, New York time",
        "9:00 am Los Angeles",
        "What your rate includes (General)",
        "After the class you find here the recording, when you were there and your certificate.",
    ):
        assert said in page.text
    assert "amara@example.org" not in answer["body"]


def test_after_class_it_says_when_they_were_there_and_leads_to_the_certificate(
    cloud: Cloud,
) -> None:
    closed_season(cloud)

    page = Reader(ask("GET", "/me/{token}", link("me", AMARA))["body"])

    assert "You were there from 12:00 pm to 2:30 pm: 150 minutes." in page.text
    assert CLASS_1.joining_link not in page.links
    assert [one for one in page.links if "/my-certificate/" in one]


def test_who_earned_no_certificate_reads_why(cloud: Cloud) -> None:
    closed_season(cloud)

    page = Reader(ask("GET", "/me/{token}", link("me", BO))["body"])

    assert "rate does not include CE credits" in page.text
    assert not [one for one in page.links if "/my-certificate/" in one]


@pytest.mark.parametrize(("method", "resource"), PAGES)
def test_every_wrong_token_gets_the_same_page_and_status(
    cloud: Cloud, method: str, resource: str
) -> None:
    closed_season(cloud)
    before = cloud.items()

    body = urlencode({"certificate_name": "Mallory"}) if method == "POST" else None
    answers = [ask(method, resource, token, body) for token in wrong_tokens(cloud).values()]

    assert {answer["statusCode"] for answer in answers} == {404}
    assert len({answer["body"] for answer in answers}) == 1
    assert len({str(headers_of(answer)) for answer in answers}) == 1
    assert "../" * (resource.count("/") - 1) + "me" in Reader(answers[0]["body"]).links
    assert sorted(map(str, cloud.items())) == sorted(map(str, before))


def test_nobody_sees_anything_of_another_person(cloud: Cloud) -> None:
    closed_season(cloud)

    body = ask("GET", "/me/{token}", link("me", BO))["body"]

    assert "Amara" not in body and "Devika" not in body and AMARA not in body


def test_every_page_is_private_and_runs_nothing_but_its_own_style(cloud: Cloud) -> None:
    open_season(cloud)
    answers = [
        ask("GET", "/me/{token}", link("me", AMARA)),
        ask("GET", "/me/{token}", "made-up"),
        ask("GET", "/me/{token}/particulars", link("me", AMARA)),
        tell(link("me", AMARA), number_0="1"),
        ask("GET", "/me"),
        ask("POST", "/me", body="address=nobody"),
        ask_for_link("amara@example.org"),
    ]
    for answer in answers:
        headers = headers_of(answer)
        assert PRIVATE.items() <= headers.items()
        assert headers["Content-Security-Policy"] == content_security_policy(answer["body"])
        assert "<script" not in answer["body"]


def test_a_fresh_link_comes_by_letter_and_opens_the_page(cloud: Cloud) -> None:
    open_season(cloud)

    assert ask_for_link("Amara@example.org ")["statusCode"] == 200
    (letter,) = cloud.letters(LetterKind.MY_PAGE_LINK)
    (item,) = [one for one in cloud.items() if one["pk"]["S"] == letter.key().partition]
    send(stream_event(item), CONTEXT)

    (mail,) = cloud.inbox()
    text = mail.get_body(("plain",))
    assert mail["To"] == "Amara <amara@example.org>" and text is not None
    (token,) = set(re.findall(r"https://pages\.example/live/me/(\S+)", text.get_content()))
    assert ask("GET", "/me/{token}", token)["statusCode"] == 200
    cloud.wait(days=365, seconds=1)
    assert ask("GET", "/me/{token}", token)["statusCode"] == 404


def test_known_and_unknown_addresses_get_the_same_answer(cloud: Cloud) -> None:
    open_season(cloud)

    known, unknown = (ask_for_link(f"{name}@example.org") for name in ("amara", "stranger"))

    assert known == unknown
    (letter,) = cloud.letters(LetterKind.MY_PAGE_LINK)
    assert letter.learner == who("amara@example.org")
    stored = str([one for one in cloud.items() if one["kind"]["S"] == "sent_count"])
    assert "stranger" not in stored and "203.0.113" not in stored


def test_too_many_links_in_an_hour_are_not_sent(cloud: Cloud) -> None:
    open_season(cloud)

    answers = [ask_for_link("amara@example.org") for _ in range(4)]

    assert [answer["statusCode"] for answer in answers] == [200, 200, 200, 429]
    assert len(cloud.letters(LetterKind.MY_PAGE_LINK)) == 1


@pytest.mark.parametrize(
    "body",
    ["", "address=", "address=nobody", "other=1", "=", "address=%00%0d%0aBcc: x", "x" * 99_999],
)
def test_what_is_no_address_gets_the_form_back(cloud: Cloud, body: str) -> None:
    open_season(cloud)

    answer = ask("POST", "/me", body=body)

    assert answer["statusCode"] == 422
    assert "Could you look at the address once more?" in answer["body"]
    assert cloud.letters(LetterKind.MY_PAGE_LINK) == []


def test_when_something_of_ours_fails_the_reader_gets_a_page_and_nothing_of_the_reason(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    open_season(cloud)
    cloud.dynamodb.delete_table(TableName=ENVIRON["RECORDS_TABLE"])

    answer = ask("GET", "/me/{token}", link("me", AMARA))

    assert (answer["statusCode"], answer["body"]) == (503, page_wiring.pages().trouble())
    assert '"PageTrouble":[1.0]' in capsys.readouterr().out


def test_particulars_are_told_shown_and_changed_without_a_script(cloud: Cloud) -> None:
    open_season(cloud)
    token = link("me", AMARA)
    licence = {"profession_0": "Psychologists", "state_0": "NY", "number_0": "012345"}

    saved = tell(token, certificate_name="Amara Osei, PhD", **licence)

    assert saved["statusCode"] == 200 and "Saved." in saved["body"]
    page = Reader(ask("GET", "/me/{token}", token)["body"])
    for said in ("Name for certificates Amara Osei, PhD", "License 012345, New York"):
        assert said in page.text
    form = Reader(ask("GET", "/me/{token}/particulars", token)["body"])
    assert ("input", "value", "012345") in form.attributes
    assert ("option", "value", "NY") in form.attributes
    assert tell(token, certificate_name="Amara Osei")["statusCode"] == 200
    assert "012345" not in ask("GET", "/me/{token}", token)["body"]


def test_a_licence_without_its_number_is_asked_about_and_nothing_typed_is_lost(
    cloud: Cloud,
) -> None:
    open_season(cloud)

    row = {"profession_0": "other", "other_0": "Nurse", "state_0": "NY"}
    answer = tell(link("me", AMARA), certificate_name="Amara", **row)

    page = Reader(answer["body"])
    assert answer["statusCode"] == 422
    assert "#number-0" in page.links
    assert ("input", "aria-invalid", "true") in page.attributes
    assert ("input", "value", "Nurse") in page.attributes
    assert cloud.everything(Particulars) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_profession_or_number_is_ever_more_than_words(cloud: Cloud, name: str) -> None:
    open_season(cloud)
    token = link("me", AMARA)
    row = {"profession_0": "other", "state_0": "other"}
    tell(token, certificate_name="Amara", other_0="Nurse", number_0="1", **row)
    plain = [ask("GET", one, token)["body"] for one in ("/me/{token}", "/me/{token}/particulars")]

    tell(token, certificate_name=name, other_0=name, number_0=name, **row)
    hostile = [ask("GET", one, token)["body"] for one in ("/me/{token}", "/me/{token}/particulars")]

    for before, after in zip(plain, hostile, strict=True):
        assert Reader(before).tags == Reader(after).tags
        assert content_security_policy(before) == content_security_policy(after)
    assert name in Reader(hostile[0]).text


def test_a_licence_number_is_in_no_log_key_or_metric(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    open_season(cloud)
    capsys.readouterr()

    tell(link("me", AMARA), profession_0="Psychologists", state_0="NY", number_0="SECRET-4711")

    assert "SECRET-4711" not in capsys.readouterr().out
    keys = [(item["pk"]["S"], item["sk"]["S"]) for item in cloud.items()]
    assert "SECRET-4711" not in str(keys)
    holding = {item["kind"]["S"] for item in cloud.items() if "SECRET-4711" in str(item)}
    assert holding == {"particulars", "particulars_told"}
