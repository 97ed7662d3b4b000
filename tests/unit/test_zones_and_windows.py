"""Clocks on walls: what an event's time means elsewhere, and how long "14 days" is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.zones import (
    days_later,
    say_day,
    say_elsewhere,
    say_short_day,
    say_span,
    say_time,
    to_utc,
    zone_name,
)
from tests.catalogues import classes_catalogue, unit_catalogue

NEW_YORK, INDIA, LONDON = "America/New_York", "Asia/Kolkata", "Europe/London"


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "starts_at", "ends_at"),
    [
        ("2025-06-22", "2025-06-22 16:00", "2025-06-22 18:30"),
        ("2025-07-13", "2025-07-13 16:00", "2025-07-13 18:30"),
        ("2025-08-03", "2025-08-03 16:00", "2025-08-03 18:30"),
        ("2025-08-24", "2025-08-24 16:00", "2025-08-24 18:30"),
        ("2025-09-14", "2025-09-14 16:00", "2025-09-14 18:30"),
    ],
)
def test_noon_in_new_york_in_summer_is_four_in_the_afternoon_utc(
    day: str, starts_at: str, ends_at: str
) -> None:
    (session,) = [s for s in classes_catalogue().sessions if f"{s.starts:%Y-%m-%d}" == day]

    assert (session.starts_at, session.ends_at) == (_utc(starts_at), _utc(ends_at))


@pytest.mark.parametrize(
    ("part", "starts_at", "in_new_york"),
    [
        # New York's clocks go back on November 2: the first part alone is at half past eight there.
        (0, "2025-11-01 12:30", "8:30 am New York"),
        (1, "2025-11-08 12:30", "7:30 am New York"),
        (2, "2025-11-22 12:30", "7:30 am New York"),
        (3, "2025-11-29 12:30", "7:30 am New York"),
    ],
)
def test_six_in_the_evening_in_india_is_an_hour_later_in_new_york_on_november_1(
    part: int, starts_at: str, in_new_york: str
) -> None:
    session = unit_catalogue().sessions[part]

    assert session.starts_at == _utc(starts_at)
    assert say_elsewhere(session.starts_at, session.zone).split(" · ")[0] == in_new_york


@pytest.mark.parametrize(
    ("zone", "wall", "says"),
    [
        (NEW_YORK, "2025-03-09 02:30", "the clocks of America/New_York skip 02:30 on March 9"),
        (NEW_YORK, "2025-11-02 01:30", "the clocks of America/New_York show 01:30 twice on"),
        (LONDON, "2025-03-30 01:00", "the clocks of Europe/London skip 01:00 on March 30, 2025"),
        (LONDON, "2025-10-26 01:59", "the clocks of Europe/London show 01:59 twice on"),
    ],
)
def test_a_time_that_a_change_of_clocks_hides_is_asked_about(
    zone: str, wall: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        to_utc(_wall(wall), zone)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        (NEW_YORK, "2025-03-09 01:59", "2025-03-09 06:59"),
        (NEW_YORK, "2025-03-09 03:00", "2025-03-09 07:00"),
        (NEW_YORK, "2025-11-02 00:59", "2025-11-02 04:59"),
        (NEW_YORK, "2025-11-02 02:00", "2025-11-02 07:00"),
        (INDIA, "2025-03-09 02:30", "2025-03-08 21:00"),
        (INDIA, "2025-11-02 01:30", "2025-11-01 20:00"),
    ],
)
def test_the_minutes_beside_a_change_of_clocks_are_plain(
    zone: str, wall: str, instant: str
) -> None:
    assert to_utc(_wall(wall), zone) == _utc(instant)


@pytest.mark.parametrize(
    ("zone", "wall", "days", "hours"),
    [
        (INDIA, "2025-11-01 20:00", 14, 14 * 24),
        (NEW_YORK, "2025-11-01 20:00", 14, 14 * 24 + 1),
        (NEW_YORK, "2025-03-01 20:00", 14, 14 * 24 - 1),
        (NEW_YORK, "2025-06-22 14:30", 14, 14 * 24),
        (LONDON, "2025-10-20 20:00", 14, 14 * 24 + 1),
        # Half past two does not exist on the day it lands on: it moves forward with the clocks.
        (NEW_YORK, "2025-03-08 02:30", 1, 24),
    ],
)
def test_days_are_counted_on_the_wall_and_not_in_hours(
    zone: str, wall: str, days: int, hours: int
) -> None:
    start = to_utc(_wall(wall), zone)

    assert days_later(start, days, zone) - start == timedelta(hours=hours)


def test_a_recording_of_november_1_closes_on_november_15_in_india() -> None:
    unit = unit_catalogue()

    closes_at = unit.recording_closes_at(unit.sessions[0].id)

    assert closes_at == _utc("2025-11-15 14:30")
    assert closes_at is not None
    assert say_span(unit.sessions[0].ends_at, closes_at, INDIA).startswith("Saturday, November 1")
    assert (say_day(closes_at, INDIA), say_time(closes_at, INDIA)) == (
        "Saturday, November 15, 2025",
        "8:00 pm",
    )


def test_a_recording_without_an_end_never_closes() -> None:
    classes = classes_catalogue()

    assert classes.recording_closes_at(classes.sessions[0].id) is None


def test_times_are_said_the_way_people_say_them() -> None:
    noon, half_two = _utc("2025-09-14 16:00"), _utc("2025-09-14 18:30")
    morning, midnight = _utc("2025-09-14 15:00"), _utc("2025-09-15 04:00")

    assert say_day(noon, NEW_YORK) == "Sunday, September 14, 2025"
    assert say_day(midnight, INDIA) == "Monday, September 15, 2025"
    assert say_short_day(noon, NEW_YORK) == "Sep 14"
    assert say_time(noon, INDIA) == "9:30 pm"
    assert say_time(noon, NEW_YORK) == "12:00 pm"
    assert say_time(midnight, NEW_YORK) == "12:00 am"
    assert say_span(noon, half_two, NEW_YORK) == (
        "Sunday, September 14, 2025, 12:00–2:30 pm, New York time"
    )
    assert say_span(morning, half_two, NEW_YORK) == (
        "Sunday, September 14, 2025, 11:00 am–2:30 pm, New York time"
    )


def test_a_start_elsewhere_leaves_out_the_own_zone_and_says_when_it_is_another_day() -> None:
    assert say_elsewhere(_utc("2025-09-14 16:00"), NEW_YORK) == (
        "9:00 am Los Angeles · 5:00 pm London · 9:30 pm India"
    )
    assert say_elsewhere(_utc("2025-09-14 19:00"), NEW_YORK) == (
        "12:00 pm Los Angeles · 8:00 pm London · 12:30 am India, Monday"
    )


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (INDIA, "India"),
        (NEW_YORK, "New York"),
        ("UTC", "UTC"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
    ],
)
def test_zones_have_names_that_people_know(zone: str, name: str) -> None:
    assert zone_name(zone) == name


@given(
    st.datetimes(min_value=_wall("2020-01-01"), max_value=_wall("2035-01-01")),
    st.sampled_from([NEW_YORK, INDIA, LONDON, "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_a_wall_clock_is_one_instant_that_shows_it_or_is_asked_about(
    wall: datetime, zone: str
) -> None:
    wall = wall.replace(second=0, microsecond=0)
    try:
        instant = to_utc(wall, zone)
    except ValueError:
        return
    assert days_later(instant, 0, zone) == instant
    assert f"{wall:%A, %B} {wall.day}, {wall.year}" == say_day(instant, zone)
