"""Applications: taken once, in time or late, from whoever is no machine; nothing half-written."""

from datetime import datetime, timedelta

import pytest

from shared.domain.applications import Answers, Application, SentCount
from shared.domain.letters import Letter
from shared.domain.links import sign
from shared.domain.scholarship_views import FormView
from shared.usecases.submit_application import (
    PER_ADDRESS_AND_DAY,
    FormUsed,
    NoRound,
    Ready,
    Receipt,
    RoundClosed,
    RoundIsClosed,
    TooMany,
    check_form,
    check_message,
    open_form,
    submit,
)
from tests.scholarships import Scholarships, at, form_of, round_catalogue
from tests.world import KEY


@pytest.fixture
def world() -> Scholarships:
    return Scholarships()


def stored(world: Scholarships) -> int:
    applications = len(world.applications.everything(Application))
    assert applications == len(world.applications.everything(Answers))
    return applications


def ready(world: Scholarships, person: str, form: str) -> Ready:
    found = check_message({"series": world.series, **form_of(person)}, form, records=world.records)
    assert isinstance(found, Ready)
    return found


def send_ready(
    world: Scholarships, one: Ready, source: str = "192.0.2.1", limit: int = 20
) -> Receipt:
    return submit(one, source, limit, **world.both, key=KEY, now=world.now)


def test_an_application_is_stored_with_its_letter(world: Scholarships) -> None:
    reference = world.apply("ana")
    assert world.application("ana").reference == reference
    assert world.answers("ana").text == "I am Ana and would like to come."
    assert world.told("ana") == ["scholarship_received"]


def test_the_same_form_sent_twice_is_one_application(world: Scholarships) -> None:
    assert world.apply("ana") == world.apply("ana")
    assert stored(world) == 1
    assert len(world.applications.everything(Letter)) == 1


def test_the_same_form_with_other_content_changes_nothing(world: Scholarships) -> None:
    reference = world.apply("ana")
    with pytest.raises(FormUsed) as used:
        world.apply("ana", text=["Something else."])
    assert used.value.reference == reference
    assert world.answers("ana").text == "I am Ana and would like to come."


def test_a_second_form_of_the_same_person_replaces_the_first(world: Scholarships) -> None:
    world.apply("ana")
    world.wait(minutes=5)
    world.apply("ana", nonce="second", text=["Better words."])
    assert stored(world) == 2
    assert world.told("ana") == ["scholarship_received", "scholarship_replaced"]
    assert world.page("ana").state == "replaced"


def test_a_signed_message_that_comes_twice_is_one_application(world: Scholarships) -> None:
    one = ready(world, "ana", "msg_1")
    assert send_ready(world, one) == send_ready(world, one)
    assert stored(world) == 1


def test_a_message_says_its_fields_as_texts_or_lists(world: Scholarships) -> None:
    data = {"series": world.series, "name": "Ana", "email": "ana@people.example", "ask": "partial",
            "could_pay": 60, "roles": ["Peer"], "text": "Hello.", "consent": True}  # fmt: skip
    found = check_message(data, "msg_2", records=world.records)
    assert isinstance(found, Ready)
    assert found.submission.ask.could_pay is not None
    assert found.submission.ask.could_pay.minor == 6000
    assert isinstance(check_message({"series": world.series}, "m", records=world.records), tuple)
    assert isinstance(check_message({"series": "nothing"}, "m", records=world.records), NoRound)


@pytest.mark.parametrize(
    ("zone", "last", "first_late"),
    [
        ("America/New_York", "2025-06-14T03:59:59", "2025-06-14T04:00:00"),
        ("Etc/UTC", "2025-06-13T23:59:59", "2025-06-14T00:00:00"),
        ("Asia/Kolkata", "2025-06-13T18:29:59", "2025-06-13T18:30:00"),
        ("Etc/GMT+12", "2025-06-14T11:59:59", "2025-06-14T12:00:00"),
    ],
)
def test_the_last_second_of_the_day_is_in_time_and_the_next_is_late(
    zone: str, last: str, first_late: str
) -> None:
    world = Scholarships(catalogue=round_catalogue(zone=zone))
    for moment, late in ((last, False), (first_late, True)):
        receipt = submit(
            ready(world, "ana", moment), "192.0.2.1", 20, **world.both, key=KEY, now=at(moment)
        )
        assert receipt.late is late


def test_what_comes_late_is_kept_and_says_so(world: Scholarships) -> None:
    world.now = at("2025-06-14T10:00:00")
    form = open_form(world.series, records=world.records, key=KEY, nonce="n", now=world.now)
    assert isinstance(form, FormView)
    assert form.late
    world.apply("ana")
    assert world.application("ana").late


def test_nothing_is_taken_after_the_round_or_for_no_round(world: Scholarships) -> None:
    on_its_way = ready(world, "ana", "msg_1")
    world.apply("ben")
    world.begin_review()
    world.close_round()
    assert isinstance(world.send(form_of("cy"), "n"), RoundClosed)
    with pytest.raises(RoundIsClosed):
        send_ready(world, on_its_way)
    assert stored(world) == 1
    for series in ("nothing", ""):
        assert isinstance(
            open_form(series, records=world.records, key=KEY, nonce="n", now=world.now), NoRound
        )


def test_a_round_whose_deadline_had_passed_when_it_was_published_never_opens() -> None:
    world = Scholarships(now=datetime.fromisoformat("2025-06-20T12:00:00+00:00"))
    assert isinstance(world.send(form_of("ana"), "n"), RoundClosed)


def checked(world: Scholarships, after: timedelta, **changes: list[str]) -> object:
    form = open_form(world.series, records=world.records, key=KEY, nonce="n", now=world.now)
    assert isinstance(form, FormView)
    fields = {"token": [form.token], **form_of("ana"), **changes}
    return check_form(fields, records=world.records, keys=[KEY], nonce="m", now=world.now + after)


def test_a_machine_is_asked_to_send_again_with_all_it_wrote(world: Scholarships) -> None:
    for found in (
        checked(world, timedelta(seconds=3)),
        checked(world, timedelta(minutes=1), website=["https://spam.example"]),
    ):
        assert isinstance(found, FormView)
        assert "machine" in found.notice
        assert found.fields["text"] == ("I am Ana and would like to come.",)
    assert stored(world) == 0


def test_a_person_who_was_too_quick_only_needs_to_send_it_again(world: Scholarships) -> None:
    found = checked(world, timedelta(seconds=1))
    assert isinstance(found, FormView)
    fields = {**found.fields, "token": [found.token]}
    again = check_form(
        fields, records=world.records, keys=[KEY], nonce="m", now=world.now + timedelta(seconds=9)
    )
    assert isinstance(again, Ready)


def test_a_form_that_was_open_for_days_loses_nothing(world: Scholarships) -> None:
    found = checked(world, timedelta(days=7))
    assert isinstance(found, FormView)
    assert "still here" in found.notice
    assert found.fields["name"] == ("Ana",)
    fields = {**found.fields, "token": [found.token]}
    later = world.now + timedelta(days=7, minutes=1)
    assert isinstance(
        check_form(fields, records=world.records, keys=[KEY], nonce="k", now=later), Ready
    )


@pytest.mark.parametrize("token", ["", "nonsense", "a.b", "x" * 500])
def test_a_forged_form_is_nobodys(world: Scholarships, token: str) -> None:
    assert isinstance(checked(world, timedelta(minutes=1), token=[token]), NoRound)


def test_a_link_for_something_else_is_no_form(world: Scholarships) -> None:
    token = sign("application", f"{world.series}/x/1", KEY)
    assert isinstance(checked(world, timedelta(minutes=1), token=[token]), NoRound)


def test_a_form_with_mistakes_stays_the_same_form(world: Scholarships) -> None:
    found = checked(world, timedelta(minutes=1), email=["ana"])
    assert isinstance(found, FormView)
    assert [problem.field for problem in found.problems] == ["email"]
    fields = {**form_of("ana"), "token": [found.token]}
    later = world.now + timedelta(minutes=2)
    again = check_form(fields, records=world.records, keys=[KEY], nonce="m", now=later)
    assert isinstance(again, Ready)
    assert again.form == "form.n"


def test_a_thousand_from_one_place_in_a_minute_store_no_more_than_the_limit(
    world: Scholarships,
) -> None:
    refused = 0
    for number in range(1000):
        try:
            send_ready(world, ready(world, f"bot{number}", f"msg_{number}"), limit=20)
        except TooMany:
            refused += 1
    assert (stored(world), refused) == (20, 980)
    assert send_ready(world, ready(world, "ana", "msg_a"), "198.51.100.7", 20).reference
    world.wait(hours=1)
    assert send_ready(world, ready(world, "ben", "msg_b"), limit=20).reference


def test_nobodys_mailbox_is_filled_by_a_stranger(world: Scholarships) -> None:
    for number in range(PER_ADDRESS_AND_DAY):
        send_ready(world, ready(world, "ana", f"msg_{number}"), f"192.0.2.{number}", 20)
    with pytest.raises(TooMany):
        send_ready(world, ready(world, "ana", "msg_more"), "203.0.113.9", 20)
    assert len(world.applications.everything(Letter)) == PER_ADDRESS_AND_DAY


def test_counts_say_nothing_of_where_anything_came_from(world: Scholarships) -> None:
    world.apply("ana")
    counts = world.applications.everything(SentCount)
    assert len(counts) == 2
    for count in counts:
        assert "192.0.2.1" not in str(count)
        assert "people.example" not in str(count)
        assert count.expires_at is not None
