"""Every letter of a whole season, by a clock that only this test moves.

Two institutes, nine sessions: one is cancelled, two are moved (one of them across the change of
clocks), one recording comes late, somebody pays half an hour before a class, money goes back. What
everybody gets, and when, stands in a table of its own to be read. Then the season is played again
with every event delivered twice, days later too, and in another order.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.domain.cancellations import Cancellation
from shared.domain.catalogue import Catalogue
from shared.domain.letters import Letter, LetterStatus
from shared.domain.notices import WAITING, Notice
from shared.domain.sessions import SessionPhase
from shared.usecases.cancel_class import cancel_page
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.refund_samples import cancelled
from tests.world import KEY, World, paid, who

TABLE = Path(__file__).with_name("test_a_whole_season_of_letters.txt")
PEOPLE = ("ana", "bo", "chen", "devi", "eli", "farah", "gita", "hari")
CLASSES, UNIT = classes_catalogue(), unit_catalogue()
C1, C2, C3, C4, C5 = (session.id for session in CLASSES.sessions)
P1, P2, P3, P4 = (session.id for session in UNIT.sessions)
Event = Callable[["Played"], object]


def at(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=UTC)


def moved(catalogue: Catalogue, session: str, starts: str, ends: str) -> Catalogue:
    """The catalogue with another time for one session, by the clocks of its zone."""
    to = {"starts": datetime.fromisoformat(starts), "ends": datetime.fromisoformat(ends)}
    sessions = tuple(
        one.model_copy(update=to) if one.id == session else one for one in catalogue.sessions
    )
    return catalogue.model_copy(update={"sessions": sessions})


# Class 2 is cancelled in July. Class 5 moves from September to the week after the clocks change.
WITHOUT_2 = cancelled(CLASSES, C2)
WITH_5_LATER = moved(WITHOUT_2, C5, "2025-11-08T12:00", "2025-11-08T14:30")
PART_3_ON_SUNDAY = moved(UNIT, P3, "2025-11-23T18:00", "2025-11-23T20:00")


@dataclass
class Played(World):
    """A world whose clock stops wherever an alarm is set, and whose post goes out at once."""

    def until(self, moment: datetime) -> None:
        """Let time pass, and every alarm on the way ring at its minute."""
        while (due := self._next_alarm()) is not None and due <= moment:
            self.now = max(self.now, due)
            self.tell()
            self.post()
        self.now = moment

    def _next_alarm(self) -> datetime | None:
        far = datetime(2030, 1, 1, tzinfo=UTC)
        return min((one.due_at for one in self.records.waiting(WAITING, far, Notice)), default=None)

    def published(self, catalogue: Catalogue, uploaded_at: datetime) -> None:
        self.publish(catalogue, at=uploaded_at)
        for one in self.records.everything(Cancellation):
            while cancel_page(one.session, records=self.records, identity_key=KEY, now=self.now):
                pass

    def ends(self, session: str) -> None:
        """The session is over, and its close begins."""
        self.close(session)

    def reported(self, session: str, catalogue: Catalogue, **joined: int) -> None:
        """Zoom's report: who was there, and how many minutes late."""
        held = catalogue.session(session)
        rows = [
            (f"{name}@example.org", held.starts_at + timedelta(minutes=late), held.ends_at)
            for name, late in joined.items()
        ]
        self.report(session, rows)
        if self.state(session).phase is not SessionPhase.CLOSED:
            self.finish_close(session)

    def table(self) -> str:
        """Every letter that went out: when (by the institute's clocks), what, to whom, of what."""
        names = {who(f"{name}@example.org"): name for name in PEOPLE}
        zones = {one.series.id: one.institute.zone for one in (CLASSES, UNIT)}
        rows = []
        for letter in self.records.everything(Letter):
            if letter.status is not LetterStatus.SENT or letter.sent_at is None:
                continue
            zone = ZoneInfo(zones[letter.series or self._series_of(letter)])
            to = names[letter.learner or ""] if not letter.letter.to_staff else "staff"
            what = letter.session or self._session_of(letter)
            local = f"{letter.sent_at.astimezone(zone):%a %Y-%m-%d %H:%M %z}"
            rows.append((letter.sent_at, f"{local}  {letter.letter:<22}{to:<7}{what}".rstrip()))
        return "\n".join(row for _, row in sorted(rows)) + "\n"

    @staticmethod
    def _series_of(letter: Letter) -> str:
        return UNIT.series.id if letter.about.startswith("tjc") else CLASSES.series.id

    @staticmethod
    def _session_of(letter: Letter) -> str:
        scope = letter.about.split("/")[0]
        return scope if scope.startswith(("tfc", "tjc", "just")) else ""


def pays(catalogue: Catalogue, offer: str, name: str, number: int) -> Event:
    fact = paid(catalogue, offer, f"{name}@example.org", number)
    return lambda world: world.deliver(fact)


def gets_back(catalogue: Catalogue, offer: str, name: str, number: int) -> Event:
    fact = paid(catalogue, offer, f"{name}@example.org", number)
    back = fact.model_copy(update={"event": f"evt_back_{number}", "says": "refunded"})
    return lambda world: world.deliver(back)


def publishes(catalogue: Catalogue, when: str) -> Event:
    return lambda world: world.published(catalogue, at(when))


def ends(session: str) -> Event:
    return lambda world: world.ends(session)


def report(catalogue: Catalogue, session: str, **joined: int) -> Event:
    return lambda world: world.reported(session, catalogue, **joined)


def recording(session: str) -> Event:
    return lambda world: world.upload_recording(session)


SEASON: list[tuple[str, list[Event]]] = [
    ("2025-06-01T12:00", [publishes(CLASSES, "2025-06-01T12:00")]),
    (
        "2025-06-02T09:00",
        [
            pays(CLASSES, "all-five-general", "ana", 1),
            pays(CLASSES, "all-five-supporter", "devi", 2),
            pays(CLASSES, f"{C5}-general", "chen", 3),
        ],
    ),
    ("2025-06-22T15:30", [pays(CLASSES, f"{C1}-reduced", "bo", 4)]),
    ("2025-06-22T18:45", [ends(C1)]),
    ("2025-06-23T14:00", [report(CLASSES, C1, ana=0, bo=2, devi=24)]),
    ("2025-06-24T10:00", [recording(C1)]),
    ("2025-07-01T10:00", [pays(CLASSES, f"{C3}-general", "eli", 5)]),
    ("2025-07-05T10:00", [publishes(WITHOUT_2, "2025-07-05T10:00")]),
    ("2025-07-30T10:00", [gets_back(CLASSES, f"{C3}-general", "eli", 5)]),
    ("2025-08-03T18:45", [ends(C3)]),
    ("2025-08-04T10:00", [report(WITHOUT_2, C3, ana=0, devi=0), recording(C3)]),
    ("2025-08-24T18:45", [ends(C4)]),
    ("2025-08-25T10:00", [report(WITHOUT_2, C4, ana=1)]),
    ("2025-08-30T10:00", [publishes(WITH_5_LATER, "2025-08-30T10:00")]),
    ("2025-09-20T10:00", [recording(C4)]),
    ("2025-10-01T10:00", [publishes(UNIT, "2025-10-01T10:00")]),
    (
        "2025-10-02T10:00",
        [
            pays(UNIT, "unit-standard", "farah", 11),
            pays(UNIT, "unit-standard", "gita", 12),
            pays(UNIT, "unit-standard", "hari", 13),
        ],
    ),
    ("2025-11-01T14:45", [ends(P1)]),
    ("2025-11-02T10:00", [report(UNIT, P1, farah=0, gita=3, hari=0), recording(P1)]),
    ("2025-11-08T14:45", [ends(P2)]),
    ("2025-11-08T19:45", [ends(C5)]),
    ("2025-11-09T10:00", [report(WITH_5_LATER, C5, ana=0, chen=5), report(UNIT, P2, farah=0)]),
    ("2025-11-10T10:00", [gets_back(UNIT, "unit-standard", "hari", 13), recording(C5)]),
    ("2025-11-12T10:00", [publishes(PART_3_ON_SUNDAY, "2025-11-12T10:00")]),
    ("2025-11-20T10:00", [recording(P2)]),
    ("2025-11-23T14:45", [ends(P3)]),
    ("2025-11-24T10:00", [report(PART_3_ON_SUNDAY, P3, farah=0, gita=0), recording(P3)]),
    ("2025-11-29T13:45", [ends(P4)]),
    ("2025-11-30T10:00", [report(PART_3_ON_SUNDAY, P4, farah=0, gita=0)]),
    ("2025-12-31T10:00", []),
]


def play(chance: random.Random | None = None, *, forgetful: bool = False) -> Played:
    """The season; with `chance`, every event comes twice, some again days later, in any order."""
    world = Played(now=at("2025-06-01T12:00"))
    before: list[Event] = []
    for when, events in SEASON:
        world.until(at(when))
        coming = list(events)
        if chance is not None:
            coming += [*events, *chance.sample(before, min(3, len(before)))]
            chance.shuffle(coming)
        for event in coming:
            event(world)
            world.post()
        before += events
        if forgetful:
            _forget(world)
    return world


def _forget(world: Played) -> None:
    """What a system does that keeps no letters: it does not know what it has sent."""
    for letter in world.records.everything(Letter):
        world.records.commit(letter.back_in_line("Forgotten."))


def test_everybody_gets_these_letters_at_these_times() -> None:
    world = play()

    assert world.table() == TABLE.read_text(encoding="utf-8")
    assert len(world.mailer.sent) == len(world.table().splitlines())


@pytest.mark.parametrize("seed", range(2))
def test_the_same_season_with_every_event_twice_and_in_any_order_sends_the_same_letters(
    seed: int,
) -> None:
    world = play(random.Random(seed))

    assert world.table() == TABLE.read_text(encoding="utf-8")
    assert len(world.mailer.sent) == len(world.table().splitlines())


def test_a_system_that_forgets_what_it_sent_would_be_noticed() -> None:
    """The negative control: the same season, and letters are sent again."""
    assert len(play(forgetful=True).mailer.sent) > len(TABLE.read_text("utf-8").splitlines())
