"""Models of what crosses a boundary: events from S3 and the scheduler, inputs of workflows."""

from datetime import datetime
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from shared.domain.cloud_recordings import CloudFile
from shared.domain.value import Value


class _Message(Value):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class _Bucket(_Message):
    name: str


class _Object(_Message):
    key: str
    size: int = 0
    version_id: str = Field(default="", alias="version-id")


class _ObjectDetail(_Message):
    bucket: _Bucket
    object: _Object


class ObjectCreated(_Message):
    """S3's "Object Created" through EventBridge. The key comes as it is, not URL-encoded."""

    time: datetime
    detail: _ObjectDetail

    @property
    def key(self) -> str:
        """The object's key."""
        return self.detail.object.key


class OrderNotice(_Message):
    """That something happened to an order, or to a ticket (`attendee`) of an event: ids alone."""

    action: str
    order: str = Field(default="", pattern=r"^[0-9]{0,20}$")
    event: str = Field(default="", pattern=r"^[0-9]{0,20}$")
    attendee: str = Field(default="", pattern=r"^[0-9]{0,20}$")

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.order and not (self.event and self.attendee):
            raise ValueError("It names neither an order nor a ticket of an event.")
        return self


class FetchWanted(_Message):
    """That one file of a session's recording is to be fetched from Zoom, under which name.

    The token opens it for a day. It is a secret, and nowhere but in this message.
    """

    session: str
    series: str
    name: str
    file: CloudFile
    token: str = Field(default="", repr=False)

    def told(self) -> str:
        """The message, as it is put into the queue."""
        return self.model_dump_json()


class CommunityWanted(_Message):
    """That communities are to be brought in line: all, or a series'; or only what would change."""

    series: str = ""
    apply: bool = False


class CloseRequest(_Message):
    """That a session is to be closed: by its schedule, the sweep, a report, or staff.

    `report` is given when a report that came after the close opens it again; else it is empty.
    So are `learner` and `cause`, unless only that person is to be decided, because of that.
    """

    session: str
    ends_at: datetime
    report: str = ""
    learner: str = ""
    cause: str = ""


class CreditWanted(_Message):
    """That the credit of a session is to be decided: everybody's, or one person's for a cause."""

    session: str
    learner: str = ""
    cause: str = ""


class ReplayRequest(_Message):
    """That kept payment events are to be read again: one `event`, or `all` of them.

    With `apply`, what would be otherwise is written, by the name and for the reason given.
    """

    event: str = ""
    everything: bool = Field(default=False, alias="all")
    apply: bool = False
    by: str = ""
    why: str = ""

    @model_validator(mode="after")
    def _is_clear(self) -> "ReplayRequest":
        if bool(self.event) is self.everything:
            raise ValueError("Name one event, or say all.")
        if self.apply and not (self.by.strip() and self.why.strip()):
            raise ValueError("To apply it, say by whom and why.")
        return self


class ExportWanted(_Message):
    """That staff want the accreditor's list of a session."""

    session: str
    kind: Literal["csv", "pdf"] = "csv"


class ReportWanted(_Message):
    """The close waits: for which session, and under which token it is to be resumed."""

    session: str
    task_token: str


class NoticeDue(_Message):
    """That everybody of a session is to be told what a notice says."""

    session: str
    notice: str


class AppealAsked(_Message):
    """An appeal that is followed. What its person wrote is in no message."""

    appeal: str


class AppealWaits(AppealAsked):
    """That the machine waits for its answer under a token."""

    task_token: str


class ToBeTold(NoticeDue):
    """One line of a roster of people to be told."""

    learner: str


class RoundRequest(_Message):
    """That a scholarship round is due: by its alarm or the sweep. Or that staff end its voting."""

    series: str
    closes_at: datetime | None = None
    close_now: bool = False


class VotesWanted(_Message):
    """The round waits for votes: of which series, and under which token it is to be resumed."""

    series: str
    task_token: str


class Earned(_Message):
    """One line of a roster of certificates."""

    scope: str
    learner: str


class Printed(Earned):
    """A certificate whose document stands, with its hash."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Parked(Earned):
    """A certificate without a document: its name cannot be drawn, or a step `failed`."""

    failed: bool


class UploadedRecording(_Message):
    """A recording in the bucket. Step Functions carries the size as text."""

    session: str
    key: str
    object_version: str = ""
    size: int
    uploaded_at: datetime

    @property
    def name(self) -> str:
        """The file's name."""
        return self.key.rsplit("/", 1)[-1]


class Watcher(_Message):
    """One line of a roster of people who may watch."""

    session: str
    learner: str


class Announced(UploadedRecording):
    """A recording whose people have been owed their letters."""

    people: int = 0
