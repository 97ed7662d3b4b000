"""What is known of a series and its sessions beyond the catalogue: revision, close, report."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationInfo, field_validator

from shared.domain.catalogue import Catalogue
from shared.domain.record import Key, Record
from shared.domain.recording_windows import WindowChoice
from shared.domain.value import Value

# Zoom needs a while to write its report, and people a while to say good-bye.
WAITING = "session"
CLOSE_AFTER = timedelta(minutes=15)


# One string in the table: it is read on every payment, and a tree of attributes reads slowly.
KeptCatalogue = Annotated[
    Catalogue,
    BeforeValidator(
        lambda kept: Catalogue.model_validate_json(kept) if isinstance(kept, str) else kept
    ),
    PlainSerializer(lambda catalogue: catalogue.model_dump_json(), when_used="json"),
]


class CatalogueFile(Value):
    """Where the file stands that a series was published from: its key, and which version it is."""

    key: str
    version: str = ""


class Series(Record):
    """A published catalogue. The latest revision decides; earlier ones stay for explanations."""

    kind: ClassVar[str] = "series"

    series: str
    revision: str
    # What staff chose for recordings that came late, by session; before the catalogue, which is
    # read with them.
    choices: dict[str, WindowChoice] = Field(default_factory=dict)
    catalogue: KeptCatalogue
    published_at: datetime
    # What the uploaded file was, so that a late event for an older upload cannot undo a newer one.
    uploaded_at: datetime
    # None of those that were published before this was kept.
    file: CatalogueFile | None = None

    @field_validator("catalogue", mode="after")
    @classmethod
    def _with_choices(cls, catalogue: Catalogue, info: ValidationInfo) -> Catalogue:
        choices: Mapping[str, WindowChoice] = info.data.get("choices", {})
        return catalogue.with_choices(choices) if choices else catalogue

    def with_choice(self, session: str, choice: WindowChoice) -> "Series":
        """The series after staff chose how long that session's recording may be watched."""
        choices = {**self.choices, session: choice}
        catalogue = self.catalogue.with_choices(choices)
        return self.model_copy(update={"choices": choices, "catalogue": catalogue})

    @staticmethod
    def key_of(series: str, revision: str = "LATEST") -> Key:
        """Where the latest (or that) revision of the series stands."""
        return Key(f"SERIES#{series}", f"REVISION#{revision}")

    def key(self) -> Key:
        return self.key_of(self.series)


class SeriesRevision(Series):
    """One revision as it was published, for ever."""

    kind: ClassVar[str] = "series_revision"

    def key(self) -> Key:
        return self.key_of(self.series, self.revision)


def revision_of(content: bytes) -> str:
    """What a file's content is called among the revisions of its series."""
    return hashlib.sha256(content).hexdigest()[:16]


class SeriesPointer(Record):
    """That there is such a series: by these the desk lists them all."""

    kind: ClassVar[str] = "series_pointer"
    PARTITION: ClassVar[str] = "ALL_SERIES"

    series: str

    def key(self) -> Key:
        return Key(self.PARTITION, self.series)


class OfferPointer(Record):
    """Which series lists a provider's payment link, or an offer id.

    `award` is whose award it is, where the offer is one person's alone.
    """

    kind: ClassVar[str] = "offer_pointer"

    offer_id: str
    series: str
    award: str | None = None

    @staticmethod
    def key_of(offer_id: str) -> Key:
        """Where the pointer for that provider id or offer id stands."""
        return Key(f"OFFER#{offer_id}", "OFFER")

    def key(self) -> Key:
        return self.key_of(self.offer_id)


class SessionPhase(StrEnum):
    """Where a session is between being announced and being done with."""

    OPEN = "open"
    CLOSED = "closed"
    CLOSED_WITHOUT_REPORT = "closed_without_report"
    REMOVED = "removed"
    CANCELLED = "cancelled"


class Move(Value):
    """That a session's time was changed: when, and which start and end people had been told."""

    at: datetime
    started_at: datetime
    ended_at: datetime


class SessionState(Record):
    """Where one session is: when it ends, whether it was closed, what its close waits for.

    It waits as "session", since its end, until it has been closed: the sweep finds it there.
    """

    kind: ClassVar[str] = "session"

    session: str
    series: str
    ends_at: datetime
    phase: SessionPhase = SessionPhase.OPEN
    closed_at: datetime | None = None
    # The last time that its time was changed.
    moved: Move | None = None
    # The account of attendance that counts, and since when: what all sources say together.
    report: str | None = None
    accounted_at: datetime | None = None
    # The uploaded report that counts, and when it was uploaded (a corrected one replaces it).
    uploaded: str | None = None
    uploaded_at: datetime | None = None
    # Every report that ever counted, in the order in which they did.
    reports: tuple[str, ...] = ()
    # Step Functions' token of the close that waits for the report; never leaves the table.
    task_token: str | None = None
    # The account on which verdicts have been written; a unit is decided when all parts have one.
    decided_report: str | None = None

    @staticmethod
    def key_of(session: str) -> Key:
        """Where the state of that session stands."""
        return Key(f"SESSION#{session}", "SESSION")

    def key(self) -> Key:
        return self.key_of(self.session)

    @property
    def closes_at(self) -> datetime:
        """When its close is due (UTC)."""
        return self.ends_at + CLOSE_AFTER

    @property
    def closed(self) -> bool:
        """Whether the close has run to its end."""
        return self.phase is not SessionPhase.OPEN

    @property
    def was_held(self) -> bool:
        """Whether it is closed because it took place, not taken out and not cancelled."""
        return self.phase in (SessionPhase.CLOSED, SessionPhase.CLOSED_WITHOUT_REPORT)

    def at(self, phase: SessionPhase, now: datetime) -> "SessionState":
        """The session in another phase; what is closed or removed no longer waits to be closed."""
        ended = {"closed_at": now, "task_token": None, "waiting": None, "waiting_since": None}
        return self.model_copy(update={"phase": phase} | ended)


def open_session(session: str, series: str, ends_at: datetime) -> SessionState:
    """A session that waits for its end."""
    return SessionState(
        session=session,
        series=series,
        ends_at=ends_at,
        waiting=WAITING,
        waiting_since=ends_at.isoformat(),
    )


def close_name(session: str, ends_at: datetime, accounted_at: datetime | None = None) -> str:
    """The close's business key: the session and its end, and which account opens it again if any.

    At most 80 characters, as Step Functions takes them.
    """
    again = f"-{accounted_at:%Y%m%d%H%M%S%f}"[:18] if accounted_at else ""
    return f"close-{session}-{ends_at:%Y%m%dT%H%MZ}{again}"


def close_input(
    session: str, ends_at: datetime, *, report: str = "", learner: str = "", cause: str = ""
) -> dict[str, str]:
    """What an execution is told: ids and a time. With a learner and a cause it decides that person.

    Everything is always there, because a machine may not ask for what is not.
    """
    return {
        "session": session,
        "ends_at": ends_at.isoformat(),
        "report": report,
        "learner": learner,
        "cause": cause,
    }
