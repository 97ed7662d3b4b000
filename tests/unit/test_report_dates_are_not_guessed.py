"""When a report says that somebody came: in any spelling, by the right clock, and never guessed."""

from datetime import UTC, datetime

import pytest

from shared.adapters.zoom_report import read_zoom_report
from shared.domain.reports import Expected, ReportQuestions

HEADINGS = "Name,Email,Join time,Leave time"


def _on(
    day: str, zone: str = "America/New_York", file: str = "a.csv", hours: str = "12-15"
) -> Expected:
    """A session on that day, between those hours of its own clocks."""
    from shared.domain.zones import to_utc

    first, last = (int(hour) for hour in hours.split("-"))
    starts, ends = (datetime.fromisoformat(f"{day}T{hour:02}:00") for hour in (first, last))
    return Expected(to_utc(starts, zone), to_utc(ends, zone), zone, file)


def _joined(expected: Expected, *rows: tuple[str, str], headings: str = HEADINGS) -> list[str]:
    lines = [f'Ana,ana@example.org,"{joined}","{left}"' for joined, left in rows]
    content = "\n".join((headings, *lines)).encode()
    return [
        f"{row.joined.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        for row in read_zoom_report(content, expected)
        if row.joined
    ]


def _asked(expected: Expected, *rows: tuple[str, str], headings: str = HEADINGS) -> str:
    with pytest.raises(ReportQuestions) as refused:
        _joined(expected, *rows, headings=headings)
    return " / ".join(str(question) for question in refused.value.questions)


@pytest.mark.parametrize(
    ("joined", "left"),
    [
        ("09/14/2025 11:58:30 AM", "09/14/2025 02:30:59 PM"),
        ("9/14/2025 11:58:30 am", "9/14/2025 2:30:59 pm"),
        ("09/14/2025 11:58:30 a.m.", "09/14/2025 02:30:59 p.m."),
        ("09/14/2025 11:58:30", "09/14/2025 14:30:59"),
        ("14/09/2025 11:58:30", "14/09/2025 14:30:59"),
        ("14.09.2025 11:58:30", "14.09.2025 14:30:59"),
        ("14-09-2025 11:58:30 AM", "14-09-2025 02:30:59 PM"),
        ("14/09/25 11:58:30", "14/09/25 14:30:59"),
        ("2025-09-14 11:58:30", "2025-09-14 14:30:59"),
        ("2025/09/14 11:58:30", "2025/09/14 14:30:59"),
        ("2025-09-14T11:58:30", "2025-09-14T14:30:59"),
        ("2025-09-14T15:58:30Z", "2025-09-14T18:30:59Z"),
        ("2025-09-14T15:58:30.000Z", "2025-09-14T18:30:59.000Z"),
        ("2025-09-14T21:28:30+05:30", "2025-09-15T00:00:59+05:30"),
        ("2025-09-14T11:58:30-0400", "2025-09-14T14:30:59-0400"),
        ("Sep 14, 2025 11:58:30", "Sep 14, 2025 14:30:59"),
        ("Sept 14, 2025 11:58:30 AM", "Sept 14, 2025 02:30:59 PM"),
        ("September 14, 2025 11:58:30 AM", "September 14, 2025 2:30:59 PM"),
        ("14 Sep 2025 11:58:30", "14 Sep 2025 14:30:59"),
        ("14-Sep-2025 11:58:30", "14-Sep-2025 14:30:59"),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_of_any_country_write_it(joined: str, left: str) -> None:
    assert _joined(_on("2025-09-14"), (joined, left)) == ["2025-09-14T15:58:30Z"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("12:00:00 AM", "04:00:00"), ("12:30:00 PM", "16:30:00"), ("12:30", "16:30:00")],
)
def test_midnight_and_noon_are_not_mixed_up(written: str, meant: str) -> None:
    rows = ((f"09/14/2025 {written}", "09/14/2025 14:00"),)

    assert _joined(_on("2025-09-14"), *rows) == [f"2025-09-14T{meant}Z"]


@pytest.mark.parametrize(
    "written",
    ["", "--", "yesterday", "09/14/2025", "11:58", "09/14/2025 25:00:00", "09/14/2025 11:60:00",
     "13/14/2025 11:58:30", "09/14/2025 13:05:00 PM", "09/14/2025 00:05:00 AM",
     "Foo 14, 2025 11:58",
     "٠٩/١٤/٢٠٢٥ 11:58:30", "9/14/2025 11:58:30 EST", "2025-02-30 11:58:30", "9" * 400],
)  # fmt: skip
def test_a_time_that_is_none_is_asked_about_with_its_line(written: str) -> None:
    rows = (("09/14/2025 11:58", "09/14/2025 14:30"), (written, "09/14/2025 14:30"))

    assert _asked(_on("2025-09-14"), *rows).startswith("Line 3: ")


def test_one_row_that_can_only_be_read_one_way_tells_how_all_are_to_be_read() -> None:
    rows = (("07/06/2025 11:58", "07/06/2025 14:30"), ("28/05/2025 11:00", "28/05/2025 12:00"))

    assert _joined(_on("2025-06-07"), *rows)[0] == "2025-06-07T15:58:00Z"


@pytest.mark.parametrize(
    ("day", "meant"),
    [("2025-07-06", "2025-07-06T15:58:00Z"), ("2025-06-07", "2025-06-07T15:58:00Z")],
)
def test_the_day_of_the_session_tells_which_number_is_the_month(day: str, meant: str) -> None:
    assert _joined(_on(day), ("07/06/2025 11:58", "07/06/2025 14:30")) == [meant]


def test_on_the_sixth_of_june_it_does_not_matter_which_is_the_month() -> None:
    rows = (("06/06/2025 11:58", "06/06/2025 14:30"),)

    assert _joined(_on("2025-06-06"), *rows) == ["2025-06-06T15:58:00Z"]


def test_if_both_ways_of_reading_fit_the_session_staff_are_asked_and_nothing_is_taken() -> None:
    rows = (("07/06/2025 11:58", "07/06/2025 14:30"), ("06/07/2025 11:58", "06/07/2025 14:30"))

    asked = _asked(_on("2025-07-06"), *rows)

    assert asked.startswith("Line 2: '07/06/2025 11:58' can be month/day/year or day/month/year")
    assert "Which is it?" in asked


def test_two_orders_in_one_file_are_asked_about_with_both_lines() -> None:
    rows = (("09/14/2025 11:58", "09/14/2025 14:30"), ("14/09/2025 11:58", "14/09/2025 14:30"))

    asked = _asked(_on("2025-09-14"), *rows)

    assert "is written in another order than" in asked
    assert "line 2" in asked.lower()
    assert "line 3" in asked.lower()


@pytest.mark.parametrize(
    ("file", "headings", "meant"),
    [
        ("participants.csv", HEADINGS, "16:00"),
        ("participants UTC.csv", HEADINGS, "12:00"),
        ("participants Asia-Kolkata.csv", HEADINGS, "06:30"),
        ("participants_America_Los_Angeles.csv", HEADINGS, "19:00"),
        ("UTC.csv", "Name,Email,Join time (Asia/Kolkata),Leave time (Asia/Kolkata)", "06:30"),
        ("a.csv", "Name,Email,Join time (UTC),Leave time (UTC)", "12:00"),
    ],
)
def test_the_clock_is_named_by_the_headings_or_the_file_or_else_by_the_catalogue(
    file: str, headings: str, meant: str
) -> None:
    rows = (("09/14/2025 12:00:00", "09/14/2025 14:00:00"),)

    (joined,) = _joined(_on("2025-09-14", file=file), *rows, headings=headings)

    assert joined == f"2025-09-14T{meant}:00Z"


def test_a_zone_that_does_not_exist_is_asked_about() -> None:
    expected = _on("2025-09-14", file="report America-Brooklyn.csv")

    asked = _asked(expected, ("09/14/2025 12:00", "09/14/2025 14:00"))

    assert "There is no zone 'America/Brooklyn'" in asked


def test_misas_first_session_is_read_by_indias_clocks_while_new_york_still_has_summer_time() -> (
    None
):
    rows = (("11/01/2025 05:58:00 PM", "11/01/2025 08:00:00 PM"),)

    joined = _joined(_on("2025-11-01", "Asia/Kolkata", hours="18-20"), *rows)

    assert joined == ["2025-11-01T12:28:00Z"]


def test_an_hour_that_new_york_has_twice_is_asked_about() -> None:
    rows = (("11/02/2025 01:30:00 AM", "11/02/2025 03:30:00 AM"),)

    asked = _asked(_on("2025-11-02", hours="0-4"), *rows)

    assert "twice" in asked
    assert "offset" in asked


def test_an_hour_that_new_york_has_twice_is_clear_with_its_offset() -> None:
    rows = (("2025-11-02T01:30:00-05:00", "2025-11-02T03:30:00-05:00"),)

    assert _joined(_on("2025-11-02", hours="0-4"), *rows) == ["2025-11-02T06:30:00Z"]


def test_an_hour_that_new_york_skips_is_asked_about() -> None:
    rows = (("03/09/2025 02:30:00 AM", "03/09/2025 04:30:00 AM"),)

    assert "skip" in _asked(_on("2025-03-09", hours="1-5"), *rows)
