"""Applications for a scholarship: what somebody sent, and where it stands.

Two records each. The application is what the round works with: ids, dates, the decision. The
answers are what a person wrote; they stand apart, to be shown to few and erased whole.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.domain.decisions import Decision
from shared.domain.keyed_ids import keyed_id
from shared.domain.money import Money
from shared.domain.record import Key, Record
from shared.domain.value import Value

_ROUND = "ROUND#"
# What an application waits for: to be decided, since voting was to end; for the institute, since
# its votes left it open; to be erased, since then.
UNDECIDED = "undecided"
LEFT_OPEN = "open_application"
KEPT = "application"


class Ask(Value):
    """What somebody asks for: all of the price, or all but what they could pay."""

    full: bool
    could_pay: Money | None = None


class Outcome(StrEnum):
    """What reviewers recommend, and what an application comes to."""

    FULL = "full"
    PARTIAL = "partial"
    WAITLIST = "waitlist"
    DECLINE = "decline"


class Application(Record):
    """One application: who sent it (an id), when, for how much, and what was decided.

    `late` says that it came after the deadline as it was then. `decided` is what the votes came to:
    `outcome`, the `award` that it would be, and how strongly (0 to 3, in hundredths). While the
    institute is to decide it, `keep_until` is when it is erased even so.
    """

    kind: ClassVar[str] = "application"

    series: str
    reference: str
    learner: str | None = None
    submitted_at: datetime
    # Of all that was sent, until it is erased: tells a repetition from another use of one form.
    content_sha256: str | None = None
    late: bool
    priority: bool
    ask: Ask
    withdrawn_at: datetime | None = None
    outcome: Outcome | None = None
    award: Money | None = None
    strength: int = 0
    decided: Decision | None = None
    decided_at: datetime | None = None
    keep_until: datetime | None = None
    erased_at: datetime | None = None

    @staticmethod
    def key_of(series: str, reference: str) -> Key:
        """Where that application stands."""
        return Key(f"{_ROUND}{series}", f"APPLICATION#{reference}")

    @staticmethod
    def prefix() -> str:
        """What the sort keys of all applications of a round begin with."""
        return "APPLICATION#"

    def key(self) -> Key:
        return self.key_of(self.series, self.reference)

    @property
    def open(self) -> bool:
        """Whether it is still in the round: neither taken back nor erased."""
        return self.withdrawn_at is None and self.erased_at is None

    @property
    def left_open(self) -> bool:
        """Whether its votes came to nothing, so that the institute is to decide it."""
        return self.open and self.decided is not None and self.outcome is None

    @property
    def erase_at(self) -> datetime | None:
        """When what was written for it is erased; None while that is not known."""
        if self.waiting == KEPT and self.waiting_since is not None:
            return datetime.fromisoformat(self.waiting_since)
        return self.keep_until

    def erased(self, now: datetime) -> "Application":
        """What is left when all that tells of the person, or adds up to a number, is gone."""
        return Application(
            series=self.series,
            reference=self.reference,
            learner=None,
            submitted_at=now,
            content_sha256=None,
            late=False,
            priority=False,
            ask=Ask(full=True),
            erased_at=now,
            version=self.version,
        )


class Answers(Record):
    """What a person wrote. For reviewers and themselves; erased when its term ends."""

    kind: ClassVar[str] = "answers"

    series: str
    reference: str
    name: str = ""
    address: str = ""
    roles: tuple[str, ...] = ()
    text: str = ""
    priorities: tuple[str, ...] = ()
    own_words: str = ""
    profession: str = ""
    consented_at: datetime | None = None
    erased_at: datetime | None = None

    @staticmethod
    def key_of(series: str, reference: str) -> Key:
        """Where the answers of that application stand."""
        return Key(f"ANSWERS#{series}", reference)

    def key(self) -> Key:
        return self.key_of(self.series, self.reference)

    def erased(self, now: datetime) -> "Answers":
        """The place where answers were."""
        return Answers(
            series=self.series, reference=self.reference, erased_at=now, version=self.version
        )


class SentCount(Record):
    """How much was sent from somewhere within one stretch of time. Never says from where."""

    kind: ClassVar[str] = "sent_count"

    origin: str
    stretch: str
    sent: int = 0

    @staticmethod
    def key_of(origin: str, stretch: str) -> Key:
        """Where that count stands."""
        return Key(f"SENT#{origin}", stretch)

    def key(self) -> Key:
        return self.key_of(self.origin, self.stretch)


def reference_of(series: str, form: str, key: bytes) -> str:
    """The reference number of what is sent by one form (or one signed message): always the same."""
    return "S-" + keyed_id(f"application.{series}.{form}", key, 5).upper()


def origin_of(series: str, of: str, key: bytes) -> str:
    """Somewhere that something comes from, unrecognisable; `series` is what it is sent to."""
    return keyed_id(f"origin.{series}.{of}", key)


def standing(applications: Iterable[Application]) -> dict[str, Application]:
    """The one application that counts of each person, by reference.

    The last one sent in time; of somebody who sent none in time, the last one. The order in which
    they are given does not matter.
    """
    of_person: dict[str, Application] = {}
    for application in applications:
        if not application.open or application.learner is None:
            continue
        known = of_person.get(application.learner)
        if known is None or _counts_before(application) > _counts_before(known):
            of_person[application.learner] = application
    return {application.reference: application for application in of_person.values()}


def _counts_before(application: Application) -> tuple[bool, datetime, str]:
    return not application.late, application.submitted_at, application.reference
