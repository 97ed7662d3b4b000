"""The season, step by step. Everything is done from outside: HTTP, files in a bucket, a clock.

The catalogue's dates are moved so that the first IDHA class and MISA's whole unit have just ended.
Nothing here writes a record; what the system did is read afterwards, in `outcome`.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devstack import console, desk, paths
from devstack.functions import invoke
from devstack.mailbox import Letter, read_inbox
from devstack.problems import Problem
from devstack.providers import deliver
from devstack.publishing import publish
from devstack.quiet import settle
from devstack.season import people
from devstack.season.attendance import zoom_report
from devstack.season.browser import Opened, watch
from devstack.season.payments import Till
from devstack.season.people import Person
from devstack.stack import Stack
from shared.domain.catalogue import Catalogue, Session
from shared.domain.sessions import CLOSE_AFTER, Series

IDHA, MISA = "idha-2025", "misa-just-clinic-2025"
_FILES = {IDHA: "idha-2025.yaml", MISA: "misa-2025.yaml"}
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"tending season" * 4096


@dataclass
class Season:
    """What happened, as the outside saw it."""

    stack: Stack
    answers: "Counter[str]" = field(default_factory=Counter)
    accepted: "Counter[str]" = field(default_factory=Counter)
    opened: dict[str, Opened] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def catalogue(self, series: str) -> Catalogue:
        """The catalogue as it is published now."""
        kept = desk.records(self.stack).get(Series.key_of(series), Series)
        if kept is None:
            raise Problem(f"The series {series} was not published.", "Look into .devstack/logs")
        return kept.catalogue

    def letters(self, person: Person, subject: str = "") -> list[Letter]:
        """The letters that arrived for a person, newest last."""
        arrived = read_inbox(self.stack.letters_folder, person.address)
        return [letter for letter in arrived if subject.lower() in letter.subject.lower()]


@contextmanager
def _act(season: Season, title: str) -> Iterator[None]:
    began = time.monotonic()
    with console.step(title):
        yield
    season.seconds[title] = round(time.monotonic() - began, 1)


def play(stack: Stack) -> Season:
    """Play the whole season against a running stack."""
    season = Season(stack)
    with _act(season, "Publish both catalogues"):
        now = desk.now()
        # The catalogue counts in minutes; this is the next full one that is not upon us already.
        close_due = (now + timedelta(seconds=85)).replace(second=0, microsecond=0)
        # MISA's first session has just ended, so that its recording can still be announced.
        _publish(season, MISA, now - timedelta(minutes=2))
        # IDHA's first class ended a quarter of an hour ago: its close is due in a moment.
        _publish(season, IDHA, close_due - CLOSE_AFTER)
    tills = {series: Till(season.catalogue(series)) for series in (IDHA, MISA)}
    with _act(season, "Twelve people pay, one of them five times over"):
        _pay(season, tills)
    with _act(season, "A forged payment is turned away"):
        _post(season, IDHA, tills[IDHA].paid(people.UNDERPAID, 8500), forged=True)
    with _act(season, "MISA's first recording is announced while its window is open"):
        _upload_recording(season, season.catalogue(MISA).sessions[0])
        _expect_letters(season, people.MISA, "recording")
    with _act(season, "The first class closes by its schedule and asks for the report"):
        _wait_until(lambda: _asked_for_report(season), "IDHA's first class to close")
    with _act(season, "The report arrives, credit is decided, certificates are printed"):
        attendees = [p for p in people.IDHA if 1 in p.attends]
        _upload_report(season, season.catalogue(IDHA).sessions[0], attendees)
        _wait_until(lambda: _closed(season, IDHA, 1), "the certificates")
        settle(stack)
    with _act(season, "The class's recording reaches everybody who registered"):
        _upload_recording(season, season.catalogue(IDHA).sessions[0])
        _expect_letters(season, [p for p in people.IDHA if p is not people.UNDERPAID], "recording")
    with _act(season, "One person takes the money back"):
        _post(season, IDHA, tills[IDHA].refunded(people.REFUNDED))
        settle(stack)
    with _act(season, "MISA's unit ends; reports first, then the sweep finds the overdue closes"):
        _publish(season, MISA, desk.now() - timedelta(days=28, minutes=30))
        _close_unit(season)
    with _act(season, "Everybody opens their links"):
        _open_links(season)
        settle(stack)
    return season


def _publish(season: Season, series: str, first_end: datetime) -> None:
    file = paths.REPO / "events" / "catalogue_published" / _FILES[series]
    verdict = publish(season.stack, file, first_end)
    if verdict.startswith("Nothing was changed"):
        raise Problem(f"{file.name} was refused: {verdict}")


def _pay(season: Season, tills: dict[str, Till]) -> None:
    till = tills[IDHA]
    for person in people.IDHA:
        if person is people.FIVE_TIMES:
            _post_five_times(season, till.paid(person))
        elif person is people.UNDERPAID:
            _post(season, IDHA, till.paid(person, 3000))
        elif person is people.PAYS_LATER:
            _post(season, IDHA, till.unpaid(person))
        else:
            _post(season, IDHA, till.paid(person))
    for person in people.MISA:
        _post(season, MISA, tills[MISA].paid(person))
    settle(season.stack)
    _post(season, IDHA, till.paid_later(people.PAYS_LATER))
    settle(season.stack)


def _post_five_times(season: Season, event: bytes) -> None:
    """Twice at once, as providers do, and three times more."""
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: _post(season, IDHA, event), range(2)))
    for _ in range(3):
        _post(season, IDHA, event)


def _post(season: Season, series: str, event: bytes, *, forged: bool = False) -> None:
    answer = deliver(season.stack, "stripe", event, forged=forged)
    season.answers[f"{series} {answer.status}"] += 1
    if answer.status == 200:
        season.accepted[series] += 1


def _upload_recording(season: Season, session: Session) -> None:
    _put(season, f"recordings/{session.id}/main.mp4", VIDEO + session.id.encode())


def _upload_report(season: Season, session: Session, attendees: list[Person]) -> None:
    _put(season, f"attendance/{session.id}/participants.csv", zoom_report(session, attendees))


def _put(season: Season, key: str, content: bytes) -> None:
    staff = season.stack.client("s3", "staff")
    staff.put_object(Bucket=season.stack.uploads, Key=key, Body=content)


def _close_unit(season: Season) -> None:
    for number, session in enumerate(season.catalogue(MISA).sessions, start=1):
        attendees = [person for person in people.MISA if number in person.attends]
        _upload_report(season, session, attendees)
    sessions = [session.id for session in season.catalogue(MISA).sessions]
    _wait_until(
        lambda: all(desk.session_state(season.stack, s).report for s in sessions),
        "the attendance reports",
    )
    invoke(season.stack, "SweepHourly", {})
    _wait_until(
        lambda: all(desk.session_state(season.stack, s).closed for s in sessions), "MISA's close"
    )
    settle(season.stack)


def _open_links(season: Season) -> None:
    """Everybody opens the newest link to a recording that they were sent."""
    for person in (*people.IDHA, *people.MISA):
        for letter in season.letters(person, "recording")[-1:]:
            (link,) = [word for word in letter.text.split() if "/watch/" in word]
            season.opened[person.address] = watch(link)


def _asked_for_report(season: Season) -> bool:
    state = desk.session_state(season.stack, season.catalogue(IDHA).sessions[0].id)
    return state.task_token is not None


def _closed(season: Season, series: str, number: int) -> bool:
    session = season.catalogue(series).sessions[number - 1]
    return desk.session_state(season.stack, session.id).closed


def _expect_letters(season: Season, who: "list[Person] | tuple[Person, ...]", about: str) -> None:
    _wait_until(lambda: all(season.letters(p, about) for p in who), f"the {about} letters")
    settle(season.stack)


def _wait_until(done: Callable[[], bool], what: str, timeout: float = 150) -> None:
    deadline = time.monotonic() + timeout
    while not done():
        if time.monotonic() > deadline:
            raise Problem(
                f"Waited {timeout:.0f} seconds for {what}, in vain.",
                "Look into .devstack/logs and run: python -m devstack status",
            )
        time.sleep(0.5)
