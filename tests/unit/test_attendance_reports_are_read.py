"""Zoom's reports are read whole, or come back with every line that is unclear."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.zoom_report import read_zoom_report
from shared.domain.reports import Expected, ReportQuestions, ReportRow, Role

FILES = Path("events/attendance_reported")
NEW_YORK = Expected(
    datetime(2025, 6, 22, 16, 0, tzinfo=UTC),
    datetime(2025, 6, 22, 18, 30, tzinfo=UTC),
    "America/New_York",
    "participants.csv",
)
HEADINGS = (
    "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,"
    "Recording disclaimer response,In waiting room"
)
ANA = "Ana Ruiz-Gómez,ana@example.org,06/22/2025 11:58:30 AM,06/22/2025 02:30:59 PM,153,Yes,OK,No"
JOINED = datetime(2025, 6, 22, 15, 58, 30, tzinfo=UTC)
LEFT = datetime(2025, 6, 22, 18, 30, 59, tzinfo=UTC)
ANA_ROW = ReportRow("Ana Ruiz-Gómez", "ana@example.org", JOINED, LEFT, 2)
_NO_PARTNER = "Has a quotation mark no partner?"


def _file(*rows: str, headings: str = HEADINGS, end: str = "\r\n", mark: str = "\ufeff") -> bytes:
    return (mark + end.join((headings, *rows)) + end).encode()


def _questions(content: bytes, expected: Expected = NEW_YORK) -> list[str]:
    with pytest.raises(ReportQuestions) as refused:
        read_zoom_report(content, expected)
    return [str(question) for question in refused.value.questions]


def _people(name: str) -> dict[str, list[str]]:
    """Who was there by a file of events/, with from when to when on New York's clocks."""
    found: dict[str, list[str]] = {}
    for row in read_zoom_report((FILES / name).read_bytes(), NEW_YORK):
        times = [f"{time:%H:%M:%S}" for time in (row.joined, row.left) if time]
        found.setdefault(row.address or row.name, []).append("-".join(times))
    return found


def test_the_legacy_report_with_a_block_about_the_meeting_is_read() -> None:
    people = _people("meeting-with-block.csv")

    assert people["amara@example.org"] == ["15:58:30-16:40:06", "16:41:00-18:30:59"]
    assert people["devika@example.org"] == ["16:00:10-18:31:00", "16:20:00-18:31:00"]
    assert people["Priya"] == ["16:17:00-18:31:00"]
    assert set(people) >= {"iPhone", "bo@example.org"}


def test_the_newer_report_is_read_and_time_in_the_waiting_room_is_not_time_in_the_class() -> None:
    assert _people("participants.csv") == {
        "amara@example.org": ["15:58:30-18:30:59"],
        "devika@example.org": ["16:00:10-18:31:00"],
    }


def test_the_report_of_unique_users_says_who_and_not_when() -> None:
    rows = read_zoom_report((FILES / "unique-users.csv").read_bytes(), NEW_YORK)

    assert [(row.address, row.joined, row.left) for row in rows] == [
        ("amara@example.org", None, None),
        ("devika@example.org", None, None),
    ]


def test_the_webinar_report_is_read_section_by_section() -> None:
    rows = read_zoom_report((FILES / "webinar-attendees.csv").read_bytes(), NEW_YORK)

    assert [(row.name, row.role) for row in rows] == [
        ("IDHA Host", Role.HOST),
        ("Zena Sharman", Role.PANEL),
        ("Amara Okafor", Role.ATTENDEE),
        ("Amara Okafor", Role.ATTENDEE),  # the rejoin is a row without a name
        ("Devika Rao", Role.ATTENDEE),
    ]
    assert _people("webinar-attendees.csv")["amara@example.org"] == [
        "15:59:00-16:50:00",
        "16:52:00-18:31:00",
    ]


@pytest.mark.parametrize("name", ["after-excel.csv", "unicode-text.csv"])
def test_what_excel_made_of_a_report_is_read(name: str) -> None:
    assert list(_people(name)) == ["amara@example.org", "devika@example.org"]


def test_the_host_of_the_meeting_is_known_by_the_block_above() -> None:
    rows = read_zoom_report((FILES / "meeting-with-block.csv").read_bytes(), NEW_YORK)

    assert [row.name for row in rows if row.role is Role.HOST] == ["IDHA Host"]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_report_is_read_with_any_ends_of_lines(mark: str, end: str) -> None:
    assert read_zoom_report(_file(ANA, mark=mark, end=end), NEW_YORK) == [ANA_ROW]


@pytest.mark.parametrize(
    ("what", "content"),
    [
        ("UTF-16 with its mark", _file(ANA, mark="").decode().encode("utf-16")),
        ("UTF-16 without", _file(ANA, mark="").decode().encode("utf-16-le")),
        ("UTF-16 the other way", _file(ANA, mark="").decode().encode("utf-16-be")),
        ("Windows' code page", _file(ANA, mark="").decode().encode("cp1252")),
        ("semicolons", _file(ANA.replace(",", ";"), headings=HEADINGS.replace(",", ";"))),
        ("tabs", _file(ANA.replace(",", "\t"), headings=HEADINGS.replace(",", "\t"))),
        ("Excel's word on semicolons", b"sep=;\r\n" + _file(
            ANA.replace(",", ";"), headings=HEADINGS.replace(",", ";"), mark="")),
        ("NULs", _file(ANA.replace("Ana", "A\0n\0a"))),
        ("a line before the headings", b"Exported by somebody\r\n" + _file(ANA, mark="")),
        ("blank lines and spare cells", _file("", f"{ANA},,,", ",,,,")),
    ],
)  # fmt: skip
def test_whatever_the_file_went_through_it_says_the_same(what: str, content: bytes) -> None:
    (row,) = read_zoom_report(content, NEW_YORK)

    assert row._replace(line=2) == ANA_ROW, what


def test_every_rejoin_and_every_device_is_a_row_of_its_own() -> None:
    again = ANA.replace("11:58:30 AM", "12:20:00 PM")

    assert len(read_zoom_report(_file(ANA, again, ANA), NEW_YORK)) == 3


def test_names_with_commas_quotes_and_hidden_characters_are_read() -> None:
    row = '"Usha ""Didi"" (Usha Rao, LCSW)\u202e",usha@example.org,' + ANA.split(",", 2)[2]

    (read,) = read_zoom_report(_file(row), NEW_YORK)

    assert read.name == 'Usha "Didi" (Usha Rao, LCSW)'


def test_a_row_without_an_address_is_kept_for_staff_to_see() -> None:
    (read,) = read_zoom_report(_file(ANA.replace("ana@example.org", "")), NEW_YORK)

    assert (read.name, read.address) == ("Ana Ruiz-Gómez", "")


def test_nobody_hides_the_others_by_calling_themselves_like_a_heading() -> None:
    names = ("Topic", "Attendee Report", "Host Details", "Meeting ID", "Email")

    rows = read_zoom_report(_file(*(ANA.replace("Ana Ruiz-Gómez", n) for n in names)), NEW_YORK)

    assert [row.name for row in rows] == list(names)


def test_somebody_who_never_came_is_nobody_in_any_layout() -> None:
    absent = "Bo Lee,bo@example.org,--,--,--,Yes,,"

    assert read_zoom_report(_file(ANA, absent), NEW_YORK) == [ANA_ROW]


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    headings = "Email,LEAVE TIME, Join Time ,Name (original name),Registrant ID"
    row = "ana@example.org,06/22/2025 02:30:59 PM,06/22/2025 11:58:30 AM,Ana Ruiz-Gómez,abc-1"

    (read,) = read_zoom_report(_file(row, headings=headings), NEW_YORK)

    assert read == ANA_ROW._replace(registrant="abc-1")


def test_every_unclear_line_is_named_and_nothing_is_taken() -> None:
    left_first = ANA.replace("11:58:30 AM", "02:31:00 PM")
    no_time = ANA.replace("06/22/2025 11:58:30 AM", "yesterday")
    ragged = "Ana,ana@example.org"

    assert _questions(_file(left_first, ANA, ragged, no_time)) == [
        "Line 2: Somebody left before joining. Is the row right?",
        "Line 4: This row has fewer cells than there are headings.",
        "Line 5: 'yesterday' is not a time like 09/14/2025 12:05:00 PM.",
    ]


def test_a_file_with_a_thousand_bad_lines_is_answered_with_the_first_of_them() -> None:
    asked = _questions(_file(*(["Ana,ana@example.org"] * 1000)))

    assert len(asked) == 41
    assert asked[-1] == "And 960 more lines like these."


@pytest.mark.parametrize(
    ("what", "content", "says"),
    [
        ("nothing", b"", "No line of this file is headed like"),
        ("headings only", _file(), "The report lists nobody who came."),
        ("half of the times", _file("Ana,a@example.org,9", headings="Name,Email,Join Time"),
         "Line 1: There is no column 'leave time' beside 'join time'."),
        ("an abbreviation", _file(ANA, headings=HEADINGS.replace("Join time", "Join time (EST)")),
         "There is no zone 'EST'"),
        ("a section without headings", b"Attendee Details,,\r\nYes,Ana,a@example.org\r\n",
         "Line 2: There are no headings above this row."),
        ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x03\x02", "The file is not plain text."),
        ("an open quotation mark", _file(ANA.replace("Ana", '"Ana', 1)), _NO_PARTNER),
        ("one in the headings", b'"Name (original name),Email', _NO_PARTNER),
        ("nine megabytes", b"x" * 9 * 1024 * 1024, "The file is over 8 MB."),
        ("too many lines", _file() + b"a\r\n" * 100_001, "The file has over 100,000 lines."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_report_is_refused_whole(
    what: str, content: bytes, says: str
) -> None:
    asked = _questions(content)

    assert says in asked[0], what


def test_a_report_without_times_of_another_day_is_refused_by_its_block() -> None:
    times = "06/01/2025 12:00:00 PM,06/01/2025 2:00:00 PM"
    block = f"Meeting ID,Topic,Start Time,End Time\r\n1,Class,{times}\r\n"
    people = "Name,User Email,Total Duration (Minutes)\r\nAna,ana@example.org,120\r\n"

    (asked,) = _questions((block + people).encode())

    assert asked.startswith("Line 2: This meeting was at '06/01/2025 12:00:00 PM'")


def test_people_of_a_large_class_are_read_within_a_moment() -> None:
    many = [ANA.replace("ana@", f"ana{number}@") for number in range(5000)]

    assert len(read_zoom_report(_file(*many), NEW_YORK)) == 5000


@given(st.binary(max_size=300), st.sampled_from([b"", HEADINGS.encode() + b"\r\n"]))
def test_whatever_is_uploaded_is_read_or_asked_about(content: bytes, before: bytes) -> None:
    assert _read_or_asked(before + content)


_cell = st.one_of(
    st.text(alphabet='aé",\r\n0/: \u202e;\t\0', max_size=12),
    st.sampled_from(["--", "Yes", "No", "06/07/25 1:05", "2025-13-40 99:99", "Host Details",
                     "Topic", "Meeting ID", "Start Time", "Attended", "Email", "Join Time"]),
)  # fmt: skip


@given(st.lists(st.lists(_cell, max_size=9).map(",".join), max_size=6))
def test_rows_of_any_shape_are_read_or_asked_about(rows: list[str]) -> None:
    assert _read_or_asked(_file(*rows))


def _read_or_asked(content: bytes) -> tuple[object, ...]:
    try:
        return tuple(read_zoom_report(content, NEW_YORK))
    except ReportQuestions as refused:
        return refused.questions
