"""What no page shows of a round: its alarm, its letters, its sweep, its links, and the clock."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from functions.catalogue_published.handler import publish
from functions.letter_outbox.handler import send_scholarship_letters
from functions.scholarship_round import handler as rounds
from functions.sweep.handler import sweep_scholarships
from shared import settings, wiring
from shared.domain.applications import Answers
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.links import has_expired, read
from tests.applicants import NAME, OWN_WORDS, POLICY, SERIES, TEXT, applied, on_own_page
from tests.cloud import CONTEXT, ENVIRON, IDENTITY_KEY, Cloud
from tests.from_template import machine, properties, substituted
from tests.gateway import keys_event
from tests.season import on_sale

APPLICATIONS = "SCHOLARSHIPS_TABLE"
KEYS = [IDENTITY_KEY.encode()]


@pytest.fixture
def open_round(cloud: Cloud) -> Cloud:
    """IDHA's series is published, and its round takes applications."""
    return on_sale(cloud)


def _posted(*letters: Letter) -> None:
    """The stream tells that these letters were written or changed."""
    answer = send_scholarship_letters(keys_event(*(one.key() for one in letters)), CONTEXT)
    assert answer == {"batchItemFailures": []}


def test_publishing_sets_the_alarm_of_the_deadline(cloud: Cloud) -> None:
    publish(cloud.publish("idha-2025"), CONTEXT)

    alarm = wiring.client("scheduler").get_schedule(
        Name=f"round-{SERIES}", GroupName=ENVIRON["CLOSE_SCHEDULE_GROUP"]
    )
    assert alarm["ScheduleExpression"] == "at(2025-06-14T04:00:00)"
    target = alarm["Target"]
    assert target["Arn"] == ENVIRON["ROUND_FUNCTION_ARN"]
    assert json.loads(target["Input"]) == {
        "series": SERIES, "closes_at": "2025-06-14T04:00:00+00:00",
    }  # fmt: skip
    assert target["DeadLetterConfig"] == {"Arn": ENVIRON["CLOSE_DLQ_ARN"]}


def test_an_alarm_can_be_moved_and_taken_back_any_number_of_times(cloud: Cloud) -> None:
    alarms, scheduler = wiring.close_schedules(), wiring.client("scheduler")
    later = POLICY.closes_at + timedelta(days=1)

    alarms.round_at(SERIES, POLICY.closes_at)
    alarms.round_at(SERIES, later)
    alarms.close_at(SERIES, later, later)

    names = [one["Name"] for one in scheduler.list_schedules()["Schedules"]]
    assert sorted(names) == [f"close-{SERIES}", f"round-{SERIES}"]
    alarms.cancel_round(SERIES)
    alarms.cancel_round(SERIES)
    assert [one["Name"] for one in scheduler.list_schedules()["Schedules"]] == [f"close-{SERIES}"]


def test_the_stream_brings_the_letter_that_is_owed_and_it_is_sent_once(
    open_round: Cloud, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = applied(open_round)
    (letter,) = open_round.letters(LetterKind.SCHOLARSHIP_RECEIVED)

    _posted(letter)
    _posted(letter, letter)

    (arrived,) = open_round.inbox()
    assert arrived["To"] == f"{NAME} <quillon@example.org>"
    part = arrived.get_body(("plain",))
    assert part is not None
    written = part.get_content()
    assert reference in written
    assert f"{ENVIRON['PUBLIC_BASE_URL']}/my-application/" in written
    assert TEXT not in written and OWN_WORDS not in written
    (kept,) = open_round.letters(LetterKind.SCHOLARSHIP_RECEIVED)
    assert kept.status is LetterStatus.SENT
    told = logged.getvalue() + capsys.readouterr().out
    assert '"LetterSent":[1.0]' in told
    for word in (*NAME.split(), "quillon", *TEXT.split()[:1], OWN_WORDS):
        assert word not in told


def test_a_place_where_no_letter_is_owed_is_passed_over(open_round: Cloud) -> None:
    applied(open_round)
    (answers,) = open_round.everything(Answers, APPLICATIONS)
    event = keys_event(("LETTER#scholarship_received#gone", "LETTER"), answers.key())

    assert send_scholarship_letters(event, CONTEXT) == {"batchItemFailures": []}
    assert open_round.inbox() == []


def test_the_stream_s_filter_lets_exactly_the_letters_through(open_round: Cloud) -> None:
    applied(open_round)
    filters = properties("OwedScholarshipLettersToSend")["FilterCriteria"]["Filters"]
    (pattern,) = (json.loads(one["Pattern"]) for one in filters)
    (prefix,) = pattern["dynamodb"]["Keys"]["pk"]["S"]

    for item in open_round.items(APPLICATIONS):
        is_letter = item["kind"] == {"S": "letter"}
        assert item["pk"]["S"].startswith(prefix["prefix"]) is is_letter


def test_reviewers_are_written_to_by_number_and_their_link_ends_with_the_round(
    open_round: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = applied(open_round)
    open_round.now = POLICY.closes_at
    monkeypatch.setattr(wiring, "resume", lambda token, data: False)
    rounds.ask_reviewers({"series": SERIES, "task_token": "a-token"}, CONTEXT)

    _posted(*open_round.letters(LetterKind.REVIEW_WANTED))

    letters = open_round.inbox()
    assert sorted(str(one["To"]) for one in letters) == sorted(POLICY.reviewers)
    for one in letters:
        part = one.get_body(("plain",))
        assert part is not None
        written = part.get_content()
        for word in (*NAME.split(), "quillon", TEXT, OWN_WORDS):
            assert word not in written
        token = written.partition(f"{ENVIRON['PUBLIC_BASE_URL']}/review/")[2].split()[0]
        assert read("review", token, KEYS, open_round.now) is not None
        assert not has_expired("review", token, KEYS, POLICY.voting_closes_at)
        assert has_expired("review", token, KEYS, POLICY.voting_closes_at + timedelta(days=60))
    assert reference


def test_the_sweep_says_how_much_it_found(
    open_round: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    definition, names = machine("ScholarshipRound")
    wiring.client("stepfunctions").create_state_machine(
        name=ENVIRON["ROUND_STATE_MACHINE_ARN"].rsplit(":", 1)[-1],
        definition=substituted(definition, names),
        roleArn=ENVIRON["CLOSE_SCHEDULE_ROLE_ARN"],
    )
    applied(open_round)
    assert set(sweep_scholarships({}, CONTEXT).values()) == {0}

    open_round.now = POLICY.closes_at + timedelta(minutes=1)
    swept = sweep_scholarships({}, CONTEXT)

    assert (swept["rounds"], swept["letters"], swept["erased"]) == (1, 1, 0)
    assert '"SweptRounds":[1.0]' in capsys.readouterr().out

    sweep_scholarships({}, CONTEXT)
    found = wiring.client("stepfunctions").list_executions(
        stateMachineArn=ENVIRON["ROUND_STATE_MACHINE_ARN"]
    )
    (execution,) = found["executions"]
    assert execution["name"] == f"round-{SERIES}-20250614T0400Z"


def test_when_their_term_ends_the_sweep_erases_what_people_wrote(open_round: Cloud) -> None:
    reference = applied(open_round)
    assert on_own_page(reference, "withdraw")["statusCode"] == 200

    open_round.wait(days=POLICY.keep_days + 2)
    # The deadline has passed long ago; the machine of its round is not looked at here.
    open_round.dynamodb.delete_item(
        TableName=ENVIRON["RECORDS_TABLE"],
        Key={"pk": {"S": f"SERIES#{SERIES}"}, "sk": {"S": "ROUND"}},
    )
    assert sweep_scholarships({}, CONTEXT)["erased"] == 1

    told = json.dumps(open_round.items(APPLICATIONS))
    for word in (*NAME.split(), TEXT, OWN_WORDS, "quillon"):
        assert word not in told


@pytest.mark.parametrize(
    ("event", "missing"),
    [
        ({}, "series"),
        ({"series": SERIES}, "closes_at"),
        ({"series": SERIES, "closes_at": "soon"}, "closes_at"),
    ],
    ids=str,
)
def test_an_event_that_names_no_deadline_starts_nothing(
    open_round: Cloud, event: dict[str, Any], missing: str
) -> None:
    with pytest.raises(ValueError, match=missing):
        rounds.start(event, CONTEXT)


@pytest.mark.parametrize(("stage", "ahead"), [("local", 8), ("staging", 0), ("prod", 0)])
def test_the_clock_is_set_ahead_on_the_local_stage_only(
    monkeypatch: pytest.MonkeyPatch, stage: str, ahead: int
) -> None:
    monkeypatch.setenv("STAGE", stage)
    monkeypatch.setenv("LOCAL_CLOCK_AHEAD_SECONDS", str(8 * 86400))

    shown = wiring.now() - datetime.now(UTC)

    assert abs(shown - timedelta(days=ahead)) < timedelta(seconds=5)


def test_without_a_word_about_it_the_clock_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "local")

    assert abs(wiring.now() - datetime.now(UTC)) < timedelta(seconds=5)
    monkeypatch.setenv("LOCAL_CLOCK_AHEAD_SECONDS", "soon")
    wiring._ahead.cache_clear()
    with pytest.raises(settings.MissingSetting, match="LOCAL_CLOCK_AHEAD_SECONDS"):
        wiring.now()
