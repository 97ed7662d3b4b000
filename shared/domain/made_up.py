"""A part of a unit that somebody missed and made up for: the recording, and a reflection on it."""

from datetime import datetime
from typing import ClassVar

from shared.domain.record import Key, Record

WAITING = "reflection"
REFLECTION_LEAST = 200
REFLECTION_LIMIT = 6000


class MadeUp(Record):
    """One person's making up for one part. `opened_at` is when they first opened the recording.

    `approved` is staff's word where the policy asks for one; None while they have not said it, and
    then it waits for them. Of a reflection that was not accepted the person reads `approved_why`.
    """

    kind: ClassVar[str] = "made_up"

    session: str
    series: str
    learner: str
    opened_at: datetime | None = None
    reflection: str = ""
    sent_at: datetime | None = None
    approved: bool | None = None
    approved_by: str | None = None
    approved_why: str = ""

    @staticmethod
    def partition_of(session: str) -> str:
        """The partition that holds everybody who makes up for a session."""
        return f"MADE_UP#{session}"

    @classmethod
    def key_of(cls, session: str, learner: str) -> Key:
        """Where that person's making up for that session stands."""
        return Key(cls.partition_of(session), learner)

    def key(self) -> Key:
        return self.key_of(self.session, self.learner)

    def with_reflection(self, text: str, now: datetime, *, by_staff: bool) -> "MadeUp":
        """The record with what the person wrote, which waits for staff where `by_staff` says so."""
        waits = {"waiting": WAITING, "waiting_since": now.isoformat()} if by_staff else {}
        sent = {"reflection": text, "sent_at": now, "approved": None, "approved_why": ""}
        return self.model_copy(update=sent | waits)

    def with_word(self, *, approved: bool, by: str, why: str) -> "MadeUp":
        """The record with staff's word."""
        said = {"approved": approved, "approved_by": by, "approved_why": why}
        return self.model_copy(update=said | {"waiting": None, "waiting_since": None})

    def complete(self, *, by_staff: bool) -> bool:
        """Whether it counts: opened, reflected on, and approved where `by_staff` asks for that."""
        sent = self.opened_at is not None and self.sent_at is not None
        return sent and (self.approved is True or (not by_staff and self.approved is None))
