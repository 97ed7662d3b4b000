"""The form as browsers send it: shown, taken in once, and kept from everything but its table."""

import json
import time
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyKeyError

from functions.scholarship_submission import reading, storing
from shared import wiring
from shared.adapters.jinja_pages import content_security_policy
from shared.domain.applications import Answers, Application
from shared.domain.letters import LetterKind
from shared.domain.rounds import Round
from shared.usecases.run_round import close_voting
from shared.usecases.submit_application import Ready, check_form
from tests.applicants import (
    NAME,
    OWN_WORDS,
    POLICY,
    SERIES,
    TEXT,
    answers,
    applied,
    form_opened,
    reference_in,
    sent,
    token_of_a_form,
)
from tests.cloud import CONTEXT, ENVIRON, IDENTITY_KEY, Cloud, link
from tests.season import on_sale

APPLICATIONS, TOKENS = "SCHOLARSHIPS_TABLE", "SUBMISSION_TOKENS_TABLE"
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@pytest.fixture
def open_round(cloud: Cloud) -> Cloud:
    """IDHA's series is published, and its round takes applications."""
    return on_sale(cloud)


def _kept(cloud: Cloud) -> list[Application]:
    return cloud.everything(Application, APPLICATIONS)


def test_whoever_opens_the_form_gets_it_and_no_copy_stays_anywhere(open_round: Cloud) -> None:
    answer = form_opened()

    assert answer["statusCode"] == 200
    assert answer["headers"].items() >= PRIVATE.items()
    policy = answer["headers"]["Content-Security-Policy"]
    assert policy == content_security_policy(answer["body"])
    assert open_round.items(APPLICATIONS) == open_round.items(TOKENS) == []


@pytest.mark.parametrize("series", ["no-such-series", "x" * 9000, "", "misa-2025", "../idha-2025"])
def test_a_series_without_a_round_is_a_page_that_says_so(open_round: Cloud, series: str) -> None:
    answer = form_opened(series)

    assert answer["statusCode"] == 404
    assert answer["headers"].items() >= PRIVATE.items()


def test_what_is_sent_is_stored_with_a_number_and_a_letter(open_round: Cloud) -> None:
    reference = applied(open_round)

    (application,) = _kept(open_round)
    assert application.reference == reference
    assert not application.late
    (written,) = open_round.everything(Answers, APPLICATIONS)
    assert (written.name, written.text, written.own_words) == (NAME, TEXT, OWN_WORDS)
    (letter,) = open_round.letters(LetterKind.SCHOLARSHIP_RECEIVED)
    assert letter.reference == reference


def test_a_double_click_is_one_application_one_letter_and_one_number(open_round: Cloud) -> None:
    fields = {"token": token_of_a_form(open_round), **answers()}

    first, second, third = (sent(fields) for _ in range(3))

    assert first["statusCode"] == second["statusCode"] == third["statusCode"] == 201
    assert reference_in(first) == reference_in(second) == reference_in(third)
    assert len(_kept(open_round)) == 1
    assert len(open_round.letters(LetterKind.SCHOLARSHIP_RECEIVED)) == 1


def test_a_form_that_is_sent_again_with_other_content_changes_nothing(open_round: Cloud) -> None:
    token = token_of_a_form(open_round)
    first = sent({"token": token, **answers()})
    before = open_round.items(APPLICATIONS)

    answer = sent({"token": token, **answers(text="Something else.")})
    _forget_tokens(open_round)
    days_later = sent({"token": token, **answers(text="Something else.")})

    for refused in (answer, days_later):
        assert refused["statusCode"] == 409
        assert reference_in(refused) == reference_in(first)
    assert open_round.items(APPLICATIONS) == before
    assert open_round.items(TOKENS) == [], "a failure is not remembered"


def _forget_tokens(cloud: Cloud) -> None:
    for item in cloud.items(TOKENS):
        cloud.dynamodb.delete_item(TableName=ENVIRON[TOKENS], Key={"id": item["id"]})


def test_the_same_form_a_day_later_is_still_the_same_application(open_round: Cloud) -> None:
    fields = {"token": token_of_a_form(open_round), **answers()}
    first = sent(fields)
    _forget_tokens(open_round)

    assert reference_in(sent(fields)) == reference_in(first)
    assert len(_kept(open_round)) == 1


def _in_progress(cloud: Cloud, fields: dict[str, Any]) -> None:
    """Another worker is at it, just now."""
    tokens = wiring.submission_tokens()
    storing._once_a_form()[0].register_lambda_context(CONTEXT)
    read = {name: [value] if isinstance(value, str) else value for name, value in fields.items()}
    keys = [IDENTITY_KEY.encode()]
    ready = check_form(read, records=cloud.records, keys=keys, nonce="n", now=cloud.now)
    assert isinstance(ready, Ready)
    tokens.configure(storing._once_a_form()[0], key_prefix="scholarship-form")
    tokens.save_inprogress({"id": ready.form, "payload": ready.payload()}, 20_000)


def test_while_it_is_being_stored_a_second_click_waits_and_then_says_so(
    open_round: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "_PATIENCE", 0.3)
    monkeypatch.setattr(storing, "_PAUSE", 0.1)
    fields = {"token": token_of_a_form(open_round), **answers()}
    _in_progress(open_round, fields)

    answer = sent(fields)

    assert answer["statusCode"] == 409
    assert "still storing" in answer["body"]
    assert _kept(open_round) == []


def test_a_second_click_that_waits_gets_the_first_answer_as_soon_as_it_is_there(
    open_round: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"token": token_of_a_form(open_round), **answers()}
    _in_progress(open_round, fields)
    paused = []

    def other_worker_is_done(seconds: float) -> None:
        paused.append(seconds)
        _forget_tokens(open_round)

    monkeypatch.setattr(time, "sleep", other_worker_is_done)

    assert sent(fields)["statusCode"] == 201
    assert paused == [0.25]


def test_without_a_form_s_own_id_nothing_is_stored(open_round: Cloud) -> None:
    read = {name: [value] if isinstance(value, str) else value for name, value in answers().items()}
    read["token"] = [token_of_a_form(open_round)]
    ready = check_form(
        read, records=open_round.records, keys=[IDENTITY_KEY.encode()], nonce="n",
        now=open_round.now,
    )  # fmt: skip
    assert isinstance(ready, Ready)

    with pytest.raises(IdempotencyKeyError):
        storing.store(Ready(SERIES, "", ready.submission), "203.0.113.7", 20, CONTEXT)

    assert open_round.items(APPLICATIONS) == open_round.items(TOKENS) == []


@pytest.mark.parametrize(
    "token",
    [[], "", "made.up", link("application", f"{SERIES}/x/1"), link("form", SERIES)],
    ids=["none", "empty", "made up", "for another purpose", "of another shape"],
)
def test_a_form_that_is_none_of_ours_is_refused(open_round: Cloud, token: str | list[str]) -> None:
    assert sent({"token": token, **answers()})["statusCode"] == 404

    assert open_round.items(APPLICATIONS) == open_round.items(TOKENS) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"consent": []}, "Please tick the box"),
        ({"email": "quillon at example"}, "not an e-mail address"),
        ({"website": "https://spam.example"}, "We could not tell you from a machine"),
        ({"ask": "partial"}, "How much could you pay"),
        ({"roles": ["Astronaut"]}, "not among the choices"),
        ({"text": "x" * 6001}, "6,001 characters"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_all_that_was_written(
    open_round: Cloud, changes: dict[str, Any], says: str
) -> None:
    fields = {"token": token_of_a_form(open_round), **answers(**changes)}

    answer = sent(fields)

    assert answer["statusCode"] == 422
    assert says in answer["body"]
    assert OWN_WORDS in answer["body"]
    assert open_round.items(APPLICATIONS) == open_round.items(TOKENS) == []


def test_a_form_that_is_filled_in_within_a_second_comes_back_and_may_be_sent_again(
    open_round: Cloud,
) -> None:
    fields = {"token": token_of_a_form(open_round), **answers()}
    open_round.wait(seconds=-29)
    assert sent(fields)["statusCode"] == 422

    open_round.wait(seconds=29)
    assert sent(fields)["statusCode"] == 201


def test_what_comes_after_the_deadline_is_stored_as_late_and_told_so(open_round: Cloud) -> None:
    open_round.now = POLICY.closes_at

    applied(open_round)

    (application,) = _kept(open_round)
    assert application.late


def test_a_closed_round_takes_nothing_and_says_whom_to_write_to(open_round: Cloud) -> None:
    token = token_of_a_form(open_round)
    close_voting(SERIES, records=open_round.records, now=open_round.now)
    assert open_round.records.get(Round.key_of(SERIES), Round) is not None

    assert form_opened()["statusCode"] == 410
    assert sent({"token": token, **answers()})["statusCode"] == 410
    assert open_round.items(APPLICATIONS) == []


def test_a_thousand_forms_from_one_address_in_a_minute_store_the_limit(open_round: Cloud) -> None:
    statuses = []
    for number in range(1000):
        token = link("form", f"{SERIES}/n{number}/{int(open_round.now.timestamp()) - 60}")
        fields = {"token": token, **answers(f"person-{number}@example.org")}
        answer = sent(fields)
        statuses.append(answer["statusCode"])
    assert answer["headers"]["Retry-After"] == "3600"

    limit = int(ENVIRON["SUBMISSIONS_PER_HOUR"])
    assert statuses == [201] * limit + [429] * (1000 - limit)
    assert len(_kept(open_round)) == len(open_round.everything(Answers, APPLICATIONS)) == limit
    assert len(open_round.letters(LetterKind.SCHOLARSHIP_RECEIVED)) == limit
    assert len(open_round.items(TOKENS)) == limit


def test_the_address_that_counts_is_the_one_the_gateway_saw() -> None:
    def seen(ip: Any) -> str:
        event = {
            "headers": {"X-Forwarded-For": "198.51.100.1"},
            "requestContext": {"identity": {"sourceIp": ip}},
        }
        return reading.sent_from(event)

    assert seen("203.0.113.7") == "203.0.113.7"
    assert seen("2001:db8:1:2::1") == seen("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert seen("2001:db8:1:3::1") != seen("2001:db8:1:2::1")
    assert seen("::ffff:203.0.113.7") == "203.0.113.7"
    assert seen(None) == reading.sent_from({}) == ""


def test_nothing_of_what_was_written_is_logged_counted_or_kept_with_the_token(
    open_round: Cloud, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    token = token_of_a_form(open_round)
    sent({"token": token, **answers()})
    sent({"token": token, **answers(text="Zephyrine wrote more")})
    sent({"token": token, **answers(consent=[])})
    sent({"token": "none", **answers()})
    open_round.dynamodb.delete_table(TableName=ENVIRON[APPLICATIONS])
    trouble = sent({"token": token_of_a_form(open_round), **answers()})
    assert trouble["statusCode"] == 503

    captured = capsys.readouterr()
    told = logged.getvalue() + captured.out + captured.err + json.dumps(open_round.items(TOKENS))
    assert "ApplicationTaken" in told
    assert "ApplicationTrouble" in told
    assert "error_type" in told
    for word in (*NAME.split(), "Zephyrine", OWN_WORDS, "quillon", "203.0.113.7", token):
        assert word not in told


def test_our_own_trouble_is_a_page_that_asks_to_come_again(open_round: Cloud) -> None:
    token = token_of_a_form(open_round)
    open_round.dynamodb.delete_table(TableName=ENVIRON[TOKENS])

    answer = sent({"token": token, **answers()})

    assert answer["statusCode"] == 503
    assert answer["headers"].items() >= PRIVATE.items()
    assert _kept(open_round) == []
