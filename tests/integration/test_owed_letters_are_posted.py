"""From a row in the table's stream to a letter in the post, once, and nothing lost on the way."""

import re
from io import StringIO

import pytest

from functions.letter_outbox.handler import send
from functions.payment_webhook.record import handler as record
from functions.recording_uploaded import handler as recording
from functions.sweep.handler import sweep
from shared import wiring
from shared.adapters.ses_mailer import SesMailer
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.links import read
from tests.cloud import CONTEXT, IDENTITY_KEY, OPERATOR, Cloud
from tests.gateway import queue_event, stream_event
from tests.payments import body_of, refund
from tests.season import AMARA, CLASS_1, IDHA, MP4, after, closed_season, open_season
from tests.wire import Wire, answer_lost, xml_error


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """Three confirmations are owed, and nobody waits for the second between two letters."""
    mailer = wiring.desk().mailer
    assert isinstance(mailer, SesMailer)
    mailer._sleep = lambda _: None
    return open_season(cloud)


def _post(cloud: Cloud) -> list[str]:
    """Hand every pending letter to the outbox, as the stream does; what is to come again."""
    owed = [
        item
        for item in cloud.items()
        if item["kind"]["S"] == "letter" and item["status"]["S"] == "PENDING"
    ]
    answer = send(stream_event(*owed), CONTEXT)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def _to(cloud: Cloud) -> list[str]:
    return sorted(str(letter["To"]) for letter in cloud.inbox())


def _through(wire: Wire) -> None:
    """Let letters leave through that wire."""
    desk = wiring.desk()
    mailer = SesMailer(wire.client, "letters", sleep=lambda _: None)
    mailer._pause = 0.0
    object.__setattr__(desk, "mailer", mailer)


def test_every_confirmation_that_is_owed_arrives_with_its_calendar_entry(season: Cloud) -> None:
    assert _post(season) == []

    assert _to(season) == [
        "Amara <amara@example.org>",
        "Bo <bo@example.org>",
        "Devika <devika@example.org>",
    ]
    letter = season.inbox()[0]
    assert str(letter["From"]).endswith("<letters@idha.example>")
    assert letter["Reply-To"] == "contact@idha-nyc.org"
    kinds = [part.get_content_type() for part in letter.walk()]
    assert {"text/plain", "text/html", "text/calendar"} <= set(kinds)
    assert {one.status for one in season.everything(Letter)} == {LetterStatus.SENT}


def test_the_same_rows_again_send_nothing_again(season: Cloud) -> None:
    owed = [item for item in season.items() if item["kind"]["S"] == "letter"]
    for _ in range(3):
        assert send(stream_event(*owed, *owed), CONTEXT) == {"batchItemFailures": []}

    assert len(season.inbox()) == 3


def test_a_certificate_travels_as_a_pdf_with_a_link_to_its_holders_page(season: Cloud) -> None:
    closed_season(season)
    _post(season)

    (letter,) = [
        one
        for one in season.inbox()
        if one["X-Tending-Letter"] == f"certificate#{CLASS_1.id}/{AMARA}"
    ]
    (document,) = [part for part in letter.walk() if part.get_content_type() == "application/pdf"]
    assert document.get_content().startswith(b"%PDF-")
    assert _token(letter, "my-certificate", "certificate", season) == f"{CLASS_1.id}/{AMARA}"


def test_a_recordings_letter_holds_a_link_that_is_for_its_reader_alone(season: Cloud) -> None:
    after(season)
    event = season.upload(f"recordings/{CLASS_1.id}/main.mp4", MP4)["detail"]["object"]
    upload = {
        "session": CLASS_1.id, "key": event["key"], "object_version": event["version-id"],
        "size": str(event["size"]), "uploaded_at": season.now.isoformat(),
    }  # fmt: skip
    recording.check_file(upload, CONTEXT)
    recording.owe_letter({"session": CLASS_1.id, "learner": AMARA}, CONTEXT)
    _post(season)

    (letter,) = [
        one for one in season.inbox() if str(one["X-Tending-Letter"]).startswith("recording#")
    ]
    assert _token(letter, "watch", "watch", season) == f"{CLASS_1.id}/{AMARA}"


def _token(letter: object, path: str, purpose: str, cloud: Cloud) -> str | None:
    """The subject of the link to that page in the letter's text."""
    text = letter.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    found = re.search(rf"https://pages\.example/live/{path}/(\S+)", text)
    assert found is not None
    return read(purpose, found[1], [IDENTITY_KEY.encode()], cloud.now)  # type: ignore[arg-type]


def test_what_belongs_to_no_institute_goes_to_the_operator(cloud: Cloud) -> None:
    record(queue_event(body_of("checkout.session.completed.paid")), CONTEXT)

    _post(cloud)

    (letter,) = cloud.inbox()
    assert str(letter["To"]) == OPERATOR
    assert letter["X-Tending-Letter"].startswith("staff_review#")


def test_a_letter_that_is_no_longer_true_is_not_sent(season: Cloud) -> None:
    record(queue_event(refund(IDHA, "general-class-1", 1)), CONTEXT)

    _post(season)

    (letter,) = [one for one in season.letters(LetterKind.CONFIRMATION) if one.learner == AMARA]
    assert letter.status is LetterStatus.WITHDRAWN


def test_a_service_that_asks_for_patience_gets_it_and_the_letters_stay_owed(
    season: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    wire = Wire("ses", wiring._ONCE)
    wire.faults = [xml_error("Throttling")]
    _through(wire)

    assert _post(season) == []

    assert len(season.inbox()) == 2
    assert '"LetterPutBack":[1.0]' in capsys.readouterr().out
    assert _post(season) == []
    assert len(season.inbox()) == 3


def test_a_letter_without_an_answer_is_not_sent_again_by_the_stream(season: Cloud) -> None:
    wire = Wire("ses", wiring._ONCE)
    wire.faults = [answer_lost]
    _through(wire)
    owed = [item for item in season.items() if item["kind"]["S"] == "letter"]
    for _ in range(2):
        assert send(stream_event(*owed), CONTEXT) == {"batchItemFailures": []}

    assert len(season.inbox()) == 3
    statuses = sorted(one.status for one in season.everything(Letter))
    assert statuses == ["SENT", "SENT", "UNKNOWN"]

    season.wait(minutes=20)
    sweep({}, CONTEXT)
    _post(season)
    assert len(season.inbox()) == 4, "once more, because it may never have arrived"


def test_one_row_that_cannot_be_read_comes_again_alone(season: Cloud) -> None:
    owed = [item for item in season.items() if item["kind"]["S"] == "letter"]
    broken = {**owed[1], "letter": {"S": "no_such_letter"}}

    answer = send(stream_event(owed[0], broken, owed[2]), CONTEXT)

    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["101"]
    assert len(season.inbox()) == 2


def test_what_is_logged_and_counted_of_letters_names_nobody(
    season: Cloud, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    _post(season)

    told = logged.getvalue() + capsys.readouterr().out
    assert '"LetterSent":[1.0,1.0,1.0]' in told
    for name in ("Amara", "amara", "Devika", "example.org"):
        assert name not in told
