"""Signed messages of the institute's own form tool: believed if signed just now, taken once."""

import base64
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from standardwebhooks import Webhook

from functions.scholarship_submission import receive
from shared import wiring
from shared.domain.applications import Answers, Application
from shared.domain.letters import LetterKind
from shared.usecases.run_round import close_voting
from tests.applicants import NAME, OWN_WORDS, SERIES, TEXT, answers, message
from tests.cloud import ENVIRON, FORM_TOOL_SECRET, Cloud
from tests.season import on_sale

APPLICATIONS, TOKENS = "SCHOLARSHIPS_TABLE", "SUBMISSION_TOKENS_TABLE"
OTHER = "whsec_" + base64.b64encode(b"somebody else's key, or a new one").decode()


@pytest.fixture
def open_round(cloud: Cloud) -> Cloud:
    """IDHA's series is published, and its round takes applications."""
    return on_sale(cloud)


def _kept(cloud: Cloud) -> list[Application]:
    return cloud.everything(Application, APPLICATIONS)


def test_a_signed_message_is_an_application_like_any_other(open_round: Cloud) -> None:
    answer = message()

    assert answer["statusCode"] == 201
    (application,) = _kept(open_round)
    assert json.loads(answer["body"]) == {"reference": application.reference}
    (written,) = open_round.everything(Answers, APPLICATIONS)
    assert (written.name, written.text, written.own_words) == (NAME, TEXT, OWN_WORDS)
    assert len(open_round.letters(LetterKind.SCHOLARSHIP_RECEIVED)) == 1


def test_a_message_that_comes_again_is_the_same_application(open_round: Cloud) -> None:
    first = message()
    open_round.wait(days=3)
    for item in open_round.items(TOKENS):
        open_round.dynamodb.delete_item(TableName=ENVIRON[TOKENS], Key={"id": item["id"]})

    assert [message() for _ in range(2)] == [first] * 2
    assert len(_kept(open_round)) == 1


def test_another_application_under_the_same_message_id_is_refused(open_round: Cloud) -> None:
    message()

    answer = message({"series": SERIES, **answers(text="Something else.")})

    assert answer["statusCode"] == 409
    assert len(_kept(open_round)) == 1


@pytest.mark.parametrize(
    "signed",
    [
        {"secret": OTHER},
        {"ago": timedelta(minutes=6)},
        {"ago": timedelta(days=4)},
        {"ago": timedelta(minutes=-6)},
        {"message_id": "m" * 257},
        {"headers": {"Webhook-Id": ""}},
        {"headers": {"Webhook-Id": "msg_2"}},
        {"headers": {"Webhook-Signature": ""}},
        {"headers": {"Webhook-Signature": "v1"}},
        {"headers": {"Webhook-Signature": "v1,é"}},
        {"headers": {"Webhook-Signature": "v1,!!!"}},
        {"headers": {"Webhook-Signature": "v2,AAAA v1a,BBBB"}},
        {"headers": {"Webhook-Timestamp": ""}},
        {"headers": {"Webhook-Timestamp": "nan"}},
        {"headers": {"Webhook-Timestamp": "1e400"}},
        {"headers": {"Webhook-Timestamp": "yesterday"}},
    ],
    ids=str,
)
def test_what_the_form_tool_did_not_sign_just_now_writes_nothing(
    open_round: Cloud, signed: dict[str, Any]
) -> None:
    if "ago" in signed:
        signed = {"at": datetime.now(UTC) - signed["ago"]}

    assert message(**signed)["statusCode"] == 400
    assert open_round.items(APPLICATIONS) == open_round.items(TOKENS) == []


def test_a_message_that_was_changed_on_its_way_is_refused(open_round: Cloud) -> None:
    body = json.dumps({"data": {"series": SERIES, **answers()}})
    signed = message(body=body, message_id="msg_9")
    assert signed["statusCode"] == 201

    for at in (2, len(body) // 2, len(body) - 2):
        changed = body[:at] + chr(ord(body[at]) ^ 1) + body[at + 1 :]
        answer = _as_signed_for(body, changed)
        assert answer["statusCode"] == 400
    assert len(_kept(open_round)) == 1


def _as_signed_for(body: str, changed: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    signature = Webhook(FORM_TOOL_SECRET).sign("msg_9", now, body)
    return message(
        body=changed,
        message_id="msg_9",
        headers={
            "Webhook-Timestamp": str(int(now.timestamp())),
            "Webhook-Signature": signature,
        },
    )


def test_while_the_secret_is_rolled_both_count(open_round: Cloud) -> None:
    secrets = {"signing_secrets": [OTHER, FORM_TOOL_SECRET]}
    open_round.set_secret("SCHOLARSHIP_FORM_SECRET_ID", secrets)

    assert message(secret=OTHER, message_id="msg_1")["statusCode"] == 201
    assert message(message_id="msg_2")["statusCode"] == 201


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_believed_until_there_is_one(
    open_round: Cloud, secrets: list[str]
) -> None:
    open_round.set_secret("SCHOLARSHIP_FORM_SECRET_ID", {"signing_secrets": secrets})
    assert message()["statusCode"] == 400

    open_round.set_secret("SCHOLARSHIP_FORM_SECRET_ID", {"signing_secrets": [FORM_TOOL_SECRET]})
    assert message()["statusCode"] == 201, "and no worker has to be replaced for that"


def test_a_secret_that_nobody_ever_put_is_no_secret(open_round: Cloud) -> None:
    secrets = wiring.client("secretsmanager")
    secrets.delete_secret(
        SecretId=ENVIRON["SCHOLARSHIP_FORM_SECRET_ID"], ForceDeleteWithoutRecovery=True
    )

    assert message()["statusCode"] == 400


def test_a_secret_that_is_none_is_our_trouble_and_not_the_sender_s(open_round: Cloud) -> None:
    secrets = {"signing_secrets": [FORM_TOOL_SECRET, "whsec_é"]}
    open_round.set_secret("SCHOLARSHIP_FORM_SECRET_ID", secrets)

    assert message()["statusCode"] == 503
    assert _kept(open_round) == []


def test_what_is_missing_is_told_field_by_field(open_round: Cloud) -> None:
    answer = message({"series": SERIES, **answers(consent=[], email="nowhere")})

    assert answer["statusCode"] == 422
    problems = json.loads(answer["body"])["problems"]
    assert {one["field"] for one in problems} == {"consent", "email"}
    assert all(one["text"].endswith((".", "?")) for one in problems)
    assert open_round.items(APPLICATIONS) == []


def test_a_message_for_no_round_or_a_closed_one_is_told_so(open_round: Cloud) -> None:
    assert message({"series": "no-such-series", **answers()})["statusCode"] == 404
    assert message({**answers()})["statusCode"] == 404

    close_voting(SERIES, records=open_round.records, now=open_round.now)
    assert message()["statusCode"] == 410
    assert open_round.items(APPLICATIONS) == []


def test_a_form_tool_passes_on_more_than_one_browser_sends_and_not_without_end(
    open_round: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUBMISSIONS_PER_HOUR", "1")
    monkeypatch.setattr(receive, "_OF_A_FORM_TOOL", 3)

    statuses = [
        message({"series": SERIES, **answers(f"p{n}@example.org")}, message_id=f"msg_{n}")[
            "statusCode"
        ]
        for n in range(5)
    ]

    assert statuses == [201, 201, 201, 429, 429]


def test_nothing_of_a_message_is_logged_or_kept_with_its_token(
    open_round: Cloud, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    message()
    message({"series": SERIES, **answers(text="Zephyrine wrote more")})
    message({"series": SERIES, **answers(consent=[])}, message_id="msg_2")
    message(secret=OTHER)
    open_round.dynamodb.delete_table(TableName=ENVIRON[APPLICATIONS])
    assert message(message_id="msg_3")["statusCode"] == 503

    captured = capsys.readouterr()
    told = logged.getvalue() + captured.out + captured.err + json.dumps(open_round.items(TOKENS))
    assert "The signature does not fit." in told
    for word in (*NAME.split(), "Zephyrine", OWN_WORDS, "quillon", FORM_TOOL_SECRET, "203.0.113"):
        assert word not in told
