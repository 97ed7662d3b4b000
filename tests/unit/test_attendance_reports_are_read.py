"""Zoom's report of participants is read whole, or comes back with the lines that are unclear."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.zoom_report import read_zoom_report
from shared.domain.reports import ReportQuestions, ReportRow

NEW_YORK = "America/New_York"
HEADINGS = (
    "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,"
    "Recording disclaimer response,In waiting room"
)
ANA = "Ana Ruiz-Gómez,ana@example.org,09/14/2025 11:58:30 AM,09/14/2025 02:30:59 PM,153,Yes,OK,No"
ANA_ROW = ReportRow(
    "Ana Ruiz-Gómez",
    "ana@example.org",
    datetime(2025, 9, 14, 15, 58, 30, tzinfo=UTC),
    datetime(2025, 9, 14, 18, 30, 59, tzinfo=UTC),
)


def _file(*rows: str, headings: str = HEADINGS, end: str = "\r\n", mark: str = "\ufeff") -> bytes:
    return (mark + end.join((headings, *rows)) + end).encode()


_NO_PARTNER = "Has a quotation mark no partner?"


def _questions(content: bytes) -> list[str]:
    with pytest.raises(ReportQuestions) as refused:
        read_zoom_report(content, NEW_YORK)
    return [str(question) for question in refused.value.questions]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_report_as_zoom_gives_it_is_read(mark: str, end: str) -> None:
    assert read_zoom_report(_file(ANA, mark=mark, end=end), NEW_YORK) == [ANA_ROW]


def test_time_in_the_waiting_room_is_not_time_in_the_class() -> None:
    waiting = ANA.replace("11:58:30 AM", "11:40:00 AM").replace(",No", ",Yes")

    assert read_zoom_report(_file(waiting, ANA), NEW_YORK) == [ANA_ROW]


def test_every_rejoin_and_every_device_is_a_row_of_its_own() -> None:
    again = ANA.replace("11:58:30 AM", "12:20:00 PM")

    assert len(read_zoom_report(_file(ANA, again, ANA), NEW_YORK)) == 3


def test_the_clock_of_the_file_is_the_wall_clock_of_the_session() -> None:
    rows = read_zoom_report(_file(ANA), "Asia/Kolkata")

    assert rows[0].joined == datetime(2025, 9, 14, 6, 28, 30, tzinfo=UTC)


def test_names_with_commas_quotes_and_hidden_characters_are_read() -> None:
    row = '"Usha ""Didi"" (Usha Rao, LCSW)\u202e",usha@example.org,' + ANA.split(",", 2)[2]

    (read,) = read_zoom_report(_file(row), NEW_YORK)

    assert read.name == 'Usha "Didi" (Usha Rao, LCSW)'


def test_a_row_without_an_address_is_kept_for_staff_to_see() -> None:
    (read,) = read_zoom_report(_file(ANA.replace("ana@example.org", "")), NEW_YORK)

    assert (read.name, read.address) == ("Ana Ruiz-Gómez", "")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("09/14/2025 11:58:30 AM", (15, 58, 30)),
        ("09/14/2025 12:00:00 AM", (4, 0, 0)),
        ("09/14/2025 12:00:00 PM", (16, 0, 0)),
        ("09/14/2025 11:58:30", (15, 58, 30)),
        ("2025-09-14 11:58:30", (15, 58, 30)),
        (" 09/14/2025 11:58:30 AM ", (15, 58, 30)),
    ],
)
def test_times_are_read_as_people_of_both_clocks_write_them(
    written: str, meant: tuple[int, int, int]
) -> None:
    (read,) = read_zoom_report(_file(ANA.replace("09/14/2025 11:58:30 AM", written)), NEW_YORK)

    assert read.joined == datetime(2025, 9, 14, *meant, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "14/09/2025 11:58:30 AM", "09/14/2025", "11:58", "09/14/2025 25:00:00",
     "Sep 14, 2025 11:55:00", "--", "01/01/0001 00:00:00"],
)  # fmt: skip
def test_a_time_that_is_none_is_asked_about_with_its_line(written: str) -> None:
    bad = ANA.replace("09/14/2025 11:58:30 AM", f'"{written}"')

    with pytest.raises(ReportQuestions) as refused:
        read_zoom_report(_file(ANA, ANA, bad), "Asia/Kolkata")

    assert [str(question) for question in refused.value.questions] == [
        f"Line 4: '{written}' is not a time like 09/14/2025 12:05:00 PM."
    ]


def test_every_unclear_line_is_named_and_nothing_is_taken() -> None:
    left_first = ANA.replace("11:58:30 AM", "02:31:00 PM")
    ragged = "Ana,ana@example.org"

    assert _questions(_file(left_first, ANA, ragged)) == [
        "Line 2: Somebody left before joining. Is the row right?",
        "Line 4: This row has fewer cells than there are headings.",
    ]


def test_a_row_may_have_cells_to_spare_and_lines_may_be_blank() -> None:
    short = ANA.removesuffix(",OK,No")

    rows = read_zoom_report(_file(f"{ANA},,,", "", ",,,,", short), NEW_YORK)

    assert rows == [ANA_ROW, ANA_ROW]


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    headings = "Email,LEAVE TIME, Join Time ,Name (original name)"
    row = "ana@example.org,09/14/2025 02:30:59 PM,09/14/2025 11:58:30 AM,Ana Ruiz-Gómez"

    assert read_zoom_report(_file(row, headings=headings), NEW_YORK) == [ANA_ROW]


@pytest.mark.parametrize(
    ("what", "content", "says"),
    [
        ("nothing", b"", "Line 1: There is no column 'name (original name)'."),
        ("headings only", _file(), "The file has headings and no rows."),
        ("another report", _file("Ana,a@example.org,9", headings="Name (Original Name),Email,Min"),
         "Line 1: There is no column 'join time'."),
        ("semicolons", _file(ANA.replace(",", ";"), headings=HEADINGS.replace(",", ";")),
         "Line 1: There is no column"),
        ("the older layout", b"Meeting ID,Topic\r\n1,Class\r\n\r\n" + _file(ANA),
         "Line 1: There is no column"),
        ("an Excel file", _file(ANA, mark="").decode().encode("cp1252"),
         "The file is not in UTF-8."),
        ("UTF-16", _file(ANA).decode().encode("utf-16"), "The file is not in UTF-8."),
        ("UTF-16 without a mark", "Name\r\n".encode("utf-16-le"), "The file is not plain text."),
        ("a null", _file(ANA.replace("Ana", "A\0na")), "The file is not plain text."),
        ("a picture", b"\x89PNG\r\n\x1a\n", "The file is not in UTF-8."),
        ("an open quotation mark", _file(ANA.replace("Ana", '"Ana', 1)), _NO_PARTNER),
        ("one in the headings", b'"Name (original name),Email', _NO_PARTNER),
        ("old line ends", _file(ANA, end="\r"), "Line 1: This line cannot be read."),
        ("nine megabytes", b"x" * 9 * 1024 * 1024, "The file is over 8 MB."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_report_is_refused_whole(
    what: str, content: bytes, says: str
) -> None:
    (question,) = _questions(content)

    assert says in question, what


def test_people_of_a_large_class_are_read_within_a_moment() -> None:
    many = [ANA.replace("ana@", f"ana{number}@") for number in range(2000)]

    assert len(read_zoom_report(_file(*many), NEW_YORK)) == 2000


@given(st.binary(max_size=300), st.sampled_from([b"", HEADINGS.encode() + b"\r\n"]))
def test_whatever_is_uploaded_is_read_or_asked_about(content: bytes, before: bytes) -> None:
    assert _read_or_asked(before + content)


_cell = st.text(alphabet='aé",\r\n0/: \u202e', max_size=12)


@given(st.lists(st.lists(_cell, max_size=9).map(",".join), max_size=6))
def test_rows_of_any_shape_are_read_or_asked_about(rows: list[str]) -> None:
    assert _read_or_asked(_file(*rows))


def _read_or_asked(content: bytes) -> tuple[object, ...]:
    try:
        return tuple(read_zoom_report(content, NEW_YORK))
    except ReportQuestions as refused:
        return refused.questions
