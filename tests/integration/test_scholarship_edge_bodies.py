"""How much is taken, of what kind, and how it may be packed: judged before anything is read."""

import base64
import gzip
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.scholarship_submission.reading import LARGEST_BODY
from shared.domain.applications import Answers
from tests.applicants import FORM, SERIES, answers, message, posted, sent, token_of_a_form
from tests.cloud import Cloud
from tests.season import on_sale

APPLICATIONS, TOKENS = "SCHOLARSHIPS_TABLE", "SUBMISSION_TOKENS_TABLE"


@pytest.fixture
def open_round(cloud: Cloud) -> Cloud:
    """IDHA's series is published, and its round takes applications."""
    return on_sale(cloud)


def _nothing_is_stored(cloud: Cloud) -> bool:
    return cloud.items(APPLICATIONS) == cloud.items(TOKENS) == []


def _form_of(length: int, token: str) -> str:
    """A form of exactly so many bytes that is right in everything but its length."""
    body = urlencode({"token": token, **answers(text="")}, doseq=True) + "&more="
    return body + "x" * (length - len(body.replace("%40", "@").replace("%20", " ")))


@pytest.mark.parametrize(("more", "status"), [(-1, 422), (0, 422), (1, 413)])
def test_a_form_of_up_to_32_kib_is_read(open_round: Cloud, more: int, status: int) -> None:
    body = _form_of(LARGEST_BODY + more, token_of_a_form(open_round))

    assert posted(body, FORM)["statusCode"] == status


@pytest.mark.parametrize(("more", "status"), [(-1, 422), (0, 422), (1, 413)])
def test_a_message_of_up_to_32_kib_is_read(open_round: Cloud, more: int, status: int) -> None:
    head = f'{{"data": {{"series": "{SERIES}", "more": "'
    body = head + "x" * (LARGEST_BODY + more - len(head) - 3) + '"}}'
    assert len(body) == LARGEST_BODY + more

    assert message(body=body)["statusCode"] == status


def test_whoever_writes_in_hindi_has_as_much_room_as_whoever_writes_in_english(
    open_round: Cloud,
) -> None:
    written = "यह मेरी कहानी है " * 350
    assert len(written) < 6000
    fields = {"token": token_of_a_form(open_round), **answers(text=written)}
    assert len(urlencode(fields, doseq=True)) > LARGEST_BODY

    assert sent(fields)["statusCode"] == 201

    (kept,) = open_round.everything(Answers, APPLICATIONS)
    assert kept.text == written.strip()


@pytest.mark.parametrize(
    "body",
    ["x" * 7_000_000, "%41" * (LARGEST_BODY + 1), "text=" + "é" * LARGEST_BODY, "&a=1" * 200],
    ids=["seven megabytes", "much, packed", "two bytes a letter", "very many fields"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_is_too_much_is_refused_before_it_is_read(
    open_round: Cloud, body: str, packed: bool
) -> None:
    whole = base64.b64encode(body.encode()).decode() if packed else body

    answer = posted(whole, FORM, base64=packed)

    assert answer["statusCode"] == 413
    assert _nothing_is_stored(open_round)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "text/html"},
        {"Content-Type": f"{FORM['Content-Type']}; charset=utf-16"},
        {"Content-Type": f"{FORM['Content-Type']}; charset=iso-8859-1"},
        {**FORM, "Content-Encoding": "gzip"},
        {**FORM, "content-encoding": "BR"},
    ],
    ids=str,
)
def test_what_is_no_form_is_refused(open_round: Cloud, headers: dict[str, str]) -> None:
    body = urlencode({"token": token_of_a_form(open_round), **answers()}, doseq=True)

    assert posted(body, headers)["statusCode"] == 415
    assert _nothing_is_stored(open_round)


def test_a_form_says_in_any_way_that_it_is_one(open_round: Cloud) -> None:
    body = urlencode({"token": token_of_a_form(open_round), **answers()}, doseq=True)
    encoded = base64.b64encode(body.encode()).decode()

    for kind in ("; charset=UTF-8", '; Charset="utf-8"', ""):
        headers = {"CONTENT-TYPE": FORM["Content-Type"].upper() + kind}
        assert posted(body, headers)["statusCode"] == 201
        assert posted(encoded, headers, base64=True)["statusCode"] == 201


@pytest.mark.parametrize(
    ("body", "packed"),
    [
        ("name=%FF%FE", False),
        ("name=\ud800", False),
        (base64.b64encode(b"name=\xff\xfe").decode(), True),
        (base64.b64encode(gzip.compress(b"name=x", mtime=0)).decode(), True),
        ("%%% no base64 %%%", True),
    ],
)
def test_bytes_that_are_no_text_are_refused(open_round: Cloud, body: str, packed: bool) -> None:
    assert posted(body, FORM, base64=packed)["statusCode"] == 415
    assert _nothing_is_stored(open_round)


@pytest.mark.parametrize("body", [None, "", "&&&", "token", "=", "token=&token=x"])
def test_an_empty_form_is_a_page_that_leads_back(open_round: Cloud, body: str | None) -> None:
    assert posted(body, FORM)["statusCode"] == 404
    assert _nothing_is_stored(open_round)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"data": null}',
        '{"data": []}',
        '{"data": {"series": "a", "series": "b"}}',
        '{"data": {"name": NaN}}',
        '{"data": {"name": "\\ud800"}}',
        '{"data": ' + "9" * 5000 + "}",
        "[" * 20_000,
        f'{{"data": {{"series": "{"x" * 3000}"}}}}',
        "\ufeff{}",
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_signed_message_that_is_not_plain_json_is_refused(open_round: Cloud, body: Any) -> None:
    answer = message(body=body)

    assert answer["statusCode"] == 415
    assert answer["headers"]["Content-Type"] == "application/json"
    assert _nothing_is_stored(open_round)
