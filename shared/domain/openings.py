"""Openings: that somebody opened a recording, how often, and from how many networks.

A personal link is for one person. From how many places it is opened tells whether it went further.
Networks are kept as keyed hashes, apart from the rest, and for a month.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import ClassVar

from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.record import Key, Record
from shared.domain.value import Value

RULE_VERSION = "sharing-1"
ORIGINS_KEPT = timedelta(days=30)
# Home, work, a phone, a train and a friend's house make five.
MOST_IN_A_DAY = 6
MOST_IN_ALL = 20
# Enough to judge by; whoever comes from more places than this has long been noticed.
_MOST_KEPT = 60
_A_DAY = timedelta(days=1)
# Between two openings from one place, until the later one is worth writing down.
_SAME_VISIT = timedelta(hours=1)


class Opening(Record):
    """That somebody opened the recording of a session: the page so often, from first to last.

    `fetched_at` is when they first had the recording itself and not only its page, which a mail
    program may open before its reader does.
    """

    kind: ClassVar[str] = "opening"

    session: str
    count: int = 0
    first_at: datetime
    last_at: datetime
    fetched_at: datetime | None = None

    @staticmethod
    def prefix_of() -> str:
        """The sort-key prefix of all openings of a session."""
        return "OPENED#"

    @classmethod
    def key_of(cls, session: str, learner: str) -> Key:
        """Where that person's opening of that session stands."""
        return Key(f"SESSION#{session}", cls.prefix_of() + learner)

    def key(self) -> Key:
        return self.key_of(self.session, self.learner or "")


class Origin(Value):
    """A network that a link was opened from, unrecognisable, and when it last was."""

    name: str
    last_at: datetime


class Origins(Record):
    """The networks from which somebody's link of that generation was opened within a month."""

    kind: ClassVar[str] = "opening_origins"

    session: str
    generation: int = 0
    seen: tuple[Origin, ...] = ()

    @staticmethod
    def key_of(session: str, learner: str) -> Key:
        """Where they stand for that person and session."""
        return Key(f"SESSION#{session}", f"ORIGINS#{learner}")

    def key(self) -> Key:
        return self.key_of(self.session, self.learner or "")

    def knows(self, name: str, now: datetime) -> bool:
        """Whether it was opened from there just now."""
        return any(one.name == name and now - one.last_at < _SAME_VISIT for one in self.seen)

    def and_from(self, name: str, generation: int, now: datetime) -> "Origins":
        """The same with one more opening. A new link begins anew; what is too old is gone."""
        kept = self.within(ORIGINS_KEPT, now) if generation == self.generation else []
        seen = [Origin(name=name, last_at=now), *(one for one in kept if one.name != name)]
        return self.model_copy(
            update={
                "generation": generation,
                "seen": tuple(seen[:_MOST_KEPT]),
                "expires_at": int((now + ORIGINS_KEPT).timestamp()),
            }
        )

    def within(self, time: timedelta, now: datetime) -> list[Origin]:
        """Those that it was opened from within that time, the last one first."""
        return [one for one in self.seen if now - one.last_at < time]


def judge_sharing(origins: Origins, now: datetime) -> Decision:
    """Whether a link is opened as one person opens it; every reason to ask, if not."""
    day, month = (len(origins.within(time, now)) for time in (_A_DAY, ORIGINS_KEPT))
    reasons = tuple(_reasons(day, month))
    if reasons:
        return refused(RULE_VERSION, *reasons)
    return granted(RULE_VERSION, "like_one_person", "It is opened as one person opens a link.")


def _reasons(day: int, month: int) -> Iterable[Reason]:
    if day > MOST_IN_A_DAY:
        text = f"It was opened from {day} networks within a day. One person rarely uses more than "
        yield Reason(code="many_in_a_day", text=f"{text}{MOST_IN_A_DAY}.")
    if month > MOST_IN_ALL:
        text = f"It was opened from {month} networks within {ORIGINS_KEPT.days} days. One person "
        yield Reason(code="many_in_all", text=f"{text}rarely uses more than {MOST_IN_ALL}.")


def network_of(address: str) -> str:
    """The network that an address belongs to: phones change their address from hour to hour.

    Whatever is no address is taken as it is.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))
