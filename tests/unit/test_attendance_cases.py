"""Cases of attendance, each as a coordinator would tell it: what the file said, what came of it.

The files are read by the real reader and decided by the real rules, with the usual policy: fifteen
minutes late, early or away are fine.
"""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from shared.adapters.zoom_report import read_zoom_report
from shared.domain.attendance import Interval, Presence, decide_attendance, presence
from shared.domain.catalogue import AttendancePolicy
from shared.domain.reports import Expected, ReportQuestions
from shared.domain.zones import to_utc

HEADINGS = "Name,Email,Join time,Leave time,In waiting room"
NEW_YORK, INDIA = "America/New_York", "Asia/Kolkata"


class Held(NamedTuple):
    """When and by whose clocks the session is held."""

    day: str
    starts: str
    ends: str
    zone: str = NEW_YORK

    @property
    def expected(self) -> Expected:
        """What its report should be about."""
        times = (datetime.fromisoformat(f"{self.day}T{hour}") for hour in (self.starts, self.ends))
        starts_at, ends_at = (to_utc(time, self.zone) for time in times)
        return Expected(starts_at, ends_at, self.zone, "participants.csv")


class Case(NamedTuple):
    """One person's rows in a report ("joined - left", of the day), and what is to come of them."""

    told: str
    rows: tuple[str, ...]
    minutes: int
    codes: tuple[str, ...]
    held: Held = Held("2025-06-22", "12:00", "14:30")
    policy: AttendancePolicy = AttendancePolicy()


NOON = Held("2025-06-22", "12:00", "14:30")
FALL_BACK = Held("2025-11-02", "12:00", "14:30")
SPRING_FORWARD = Held("2025-03-09", "12:00", "14:30")
NIGHT_OF_THE_CHANGE = Held("2025-11-02", "00:00", "04:00")
MISA_1 = Held("2025-11-01", "18:00", "20:00", INDIA)
MISA_2 = Held("2025-11-08", "18:00", "20:00", INDIA)
STRICT = AttendancePolicy(grace_late=0, grace_early=0, longest_gap=0)
YES = ("attended",)

CASES = (
    Case("was there from before the start until after the end", ("11:50-14:40",), 150, YES),
    Case("was there to the second from start to end", ("12:00:00-14:30:00",), 150, YES),
    Case("came at a quarter past, to the second", ("12:15:00-14:30",), 135, YES),
    Case("came one second after a quarter past", ("12:15:01-14:30",), 134, ("late",)),
    Case("left at a quarter past two, to the second", ("12:00-14:15:00",), 135, YES),
    Case("left one second before a quarter past two", ("12:00-14:14:59",), 134, ("left_early",)),
    Case("was away for fifteen minutes", ("12:00-13:00", "13:15-14:30"), 135, YES),
    Case("was away for fifteen minutes and a second", ("12:00-13:00", "13:15:01-14:30"), 134,
         ("away",)),
    Case("was away three times for ten minutes", ("12:00-12:30", "12:40-13:00", "13:10-13:40",
         "13:50-14:30"), 120, YES),
    Case("came late, was away, and left early", ("12:20-12:40", "13:00-14:00"), 80,
         ("late", "left_early", "away")),
    Case("dropped out for a minute and came back", ("11:58:30-12:40:06", "12:41:00-14:30:59"), 149,
         YES),
    Case("laptop and phone at once", ("12:00-14:30", "12:20-14:30"), 150, YES),
    Case("the laptop dropped out while the phone stayed", ("12:00-13:00", "12:30-14:00",
         "13:50-14:30"), 150, YES),
    Case("two devices do not make up for coming late", ("12:30-14:30", "12:30-14:30"), 120,
         ("late",)),
    Case("joined on the phone from the train and on the laptop at home", ("12:00-12:35",
         "12:35-14:30"), 150, YES),
    Case("the same row twice", ("12:00-14:30", "12:00-14:30"), 150, YES),
    Case("rows in the wrong order", ("13:00-14:30", "12:00-13:00"), 150, YES),
    Case("only waited in the waiting room", ("11:50-14:40 waiting",), 0, ("absent",)),
    Case("let in from the waiting room at ten past", ("11:50-12:10 waiting", "12:10-14:30"), 140,
         YES),
    Case("let in from the waiting room at twenty past", ("11:50-12:20 waiting", "12:20-14:30"), 130,
         ("late",)),
    Case("only came for the chat after class", ("14:30-14:50",), 0, ("absent",)),
    Case("only tried the sound before class", ("11:30-12:00",), 0, ("absent",)),
    Case("looked in for a moment", ("12:00:00-12:00:01",), 0, ("left_early",)),
    Case("joined and left in the same second", ("12:00:00-12:00:00",), 0, ("absent",)),
    Case("is in the report as never having come", ("-- - --",), 0, ("absent",)),
    Case("a strict series asks for every second", ("12:00:01-14:30",), 149, ("late",),
         NOON, STRICT),
    Case("a strict series credits who was there all along", ("11:59-14:31",), 150, YES,
         NOON, STRICT),
    Case("a lenient series does not mind an hour", ("13:00-14:30",), 90, YES, NOON,
         AttendancePolicy(grace_late=60)),
    Case("the day New York's clocks go back, at noon", ("11:58-14:31",), 150, YES, FALL_BACK),
    Case("the day New York's clocks go forward, at noon", ("11:58-14:31",), 150, YES,
         SPRING_FORWARD),
    Case("the night the clocks go back lasts five hours", ("00:00-04:00",), 300, YES,
         NIGHT_OF_THE_CHANGE),
    Case("the night the clocks go back, late by its own clock", ("03:00-04:00",), 60, ("late",),
         NIGHT_OF_THE_CHANGE),
    Case("MISA's first session, while New York still has summer time", ("17:58-20:00",), 120, YES,
         MISA_1),
    Case("MISA's second session, after New York's clocks went back", ("17:58-20:00",), 120, YES,
         MISA_2),
    Case("MISA's session, late by India's clocks", ("18:16-20:00",), 104, ("late",), MISA_1),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.told)
def test_a_case_of_attendance(case: Case) -> None:
    who = _presence(case)
    expected = case.held.expected
    decided = decide_attendance(
        case.policy, who, expected.starts_at, expected.ends_at, case.held.zone
    )

    assert who.seconds // 60 == case.minutes
    assert tuple(reason.code for reason in decided.reasons) == case.codes
    assert decided.granted == (case.codes == YES)


def test_there_are_enough_cases_and_each_is_told_once() -> None:
    assert len({case.told for case in CASES}) == len(CASES) >= 35


def _presence(case: Case) -> Presence:
    """When Ana was there, by a report that lists her and one who was there all along."""
    held = case.held
    lines = [HEADINGS, _line("Noor", held, held.starts, held.ends)]
    for row in case.rows:
        span = row.removesuffix(" waiting")
        joined, _, left = span.partition(" - " if " - " in span else "-")
        lines.append(_line("Ana", held, joined, left, waiting="waiting" in row))
    rows = read_zoom_report("\r\n".join(lines).encode(), held.expected)
    assert any(row.name == "Noor" for row in rows)
    intervals = [
        Interval(row.joined, row.left)
        for row in rows
        if row.name == "Ana" and row.joined and row.left
    ]
    return presence(intervals, held.expected.starts_at, held.expected.ends_at)


def _line(name: str, held: Held, joined: str, left: str, *, waiting: bool = False) -> str:
    times = [time if time == "--" else f"{held.day} {time}" for time in (joined, left)]
    return ",".join((name, f"{name.lower()}@example.org", *times, "Yes" if waiting else "No"))


class Quirk(NamedTuple):
    """What a file looks like, and whether it is read (Ana, noon to half past two) or refused."""

    told: str
    content: bytes
    read: bool


def _csv(*lines: str) -> str:
    return "\r\n".join(("Name,Email,Join time,Leave time,Guest", *lines, ""))


ANA = 'Ana,ana@example.org,"06/22/2025 12:00:00 PM","06/22/2025 02:30:00 PM",Yes'
QUIRKS = (
    Quirk("as Zoom wrote it, with its mark at the front", ("\ufeff" + _csv(ANA)).encode(), True),
    Quirk("saved by Excel with semicolons", _csv(ANA).replace(",", ";").encode("cp1252"), True),
    Quirk("saved by Excel as Unicode text", _csv(ANA).replace(",", "\t").encode("utf-16"), True),
    Quirk("with the day before the month", _csv(ANA).replace("06/22", "22/06").encode(), True),
    Quirk("with the year first", _csv(ANA).replace("06/22/2025", "2025-06-22").encode(), True),
    Quirk("with the month's name", _csv(ANA).replace("06/22/2025", "Jun 22, 2025").encode(), True),
    Quirk("with blank lines between", _csv("", ANA, "").encode(), True),
    Quirk("with a comma in a name", _csv(ANA.replace("Ana", '"Ana, LCSW"', 1)).encode(), True),
    Quirk("with NULs in the name", _csv(ANA.replace("Ana", "A\0na", 1)).encode(), True),
    Quirk("with a time that is cut off", _csv(ANA.replace("12:00:00 PM", "12:0")).encode(), False),
    Quirk("with half a row", _csv(ANA, "Bo,bo@example.org").encode(), False),
    Quirk("with a quotation mark that is never closed", _csv(f'"{ANA}').encode(), False),
    Quirk("with a zone that is an abbreviation", _csv(ANA).replace(
        "Join time", "Join time (EST)").encode(), False),
    Quirk("with somebody who left before coming", _csv(
        ANA.replace("02:30:00 PM", "11:30:00 AM")).encode(), False),
)  # fmt: skip


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: f"a file {quirk.told}")
def test_a_case_of_a_file(quirk: Quirk) -> None:
    if not quirk.read:
        with pytest.raises(ReportQuestions) as refused:
            read_zoom_report(quirk.content, NOON.expected)
        assert all(question.text for question in refused.value.questions)
        return

    (ana,) = read_zoom_report(quirk.content, NOON.expected)

    assert ana.joined == datetime(2025, 6, 22, 16, tzinfo=UTC)
    assert ana.left == datetime(2025, 6, 22, 18, 30, tzinfo=UTC)
