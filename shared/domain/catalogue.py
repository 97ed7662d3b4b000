"""The catalogue: what an institute offers, as one validated value per series.

One file per series says everything that differs between institutes; code says nothing of them.
Validation messages are questions to the person who wrote the file, because that person reads them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import EmailStr, Field, PrivateAttr, model_validator

from shared.domain.appeal_policy import AppealPolicy
from shared.domain.catalogue_values import (
    PAPER,
    Accent,
    Amount,
    Currency,
    Day,
    Format,
    Id,
    Label,
    Line,
    Link,
    Moment,
    Name,
    Objective,
    Part,
    ShortName,
    Text,
    Zone,
    contrast,
    exists,
    question,
)
from shared.domain.credit_policy import CreditPolicy
from shared.domain.evaluation_policy import EvaluationPolicy
from shared.domain.languages import ENGLISH, Language
from shared.domain.money import Money
from shared.domain.recording_policy import RecordingPolicy
from shared.domain.recording_windows import Late, WindowChoice
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.zones import days_later, to_utc
from shared.domain.zoom_meetings import Domain, ZoomMeeting, meeting_number_in

__all__ = [
    "PAPER",
    "AttendancePolicy",
    "Catalogue",
    "CertificatePolicy",
    "Community",
    "Id",
    "Institute",
    "Line",
    "Link",
    "Objective",
    "Offer",
    "Policies",
    "RecordingPolicy",
    "RefundPolicy",
    "SeriesText",
    "Session",
    "Signatory",
    "Text",
    "Tier",
    "contrast",
]


class Signatory(Part):
    """Who signs certificates."""

    name: Name
    office: Name


class Institute(Part):
    """The institute that offers the series, as letters and certificates name it."""

    id: Id
    name: Name
    short_name: ShortName
    sender: EmailStr
    contact: EmailStr
    staff: tuple[EmailStr, ...] = Field(min_length=1, max_length=10)
    zone: Zone
    # In order: a letter is written in the first of them that has it.
    languages: tuple[Language, ...] = Field(default=(ENGLISH,), min_length=1)
    accent: Accent = "#0B5D5A"
    postal_address: Text | None = None
    # Whose addresses people are registered at Zoom under, if not their own.
    alias_domain: Domain | None = None
    signatory: Signatory
    certificate_statements: tuple[Text, ...] = Field(default=(), max_length=4)


class Session(Part):
    """One dated meeting. `starts` and `ends` are wall clocks in `zone`."""

    id: Id
    title: Line
    kind: Literal["class", "session", "circle"]
    starts: Moment
    ends: Moment
    zone: Zone
    faculty: tuple[Name, ...] = Field(min_length=1, max_length=8)
    objectives: tuple[Objective, ...] = Field(default=(), max_length=8)
    credit_hours: Decimal | None = Field(default=None, gt=0, le=24, decimal_places=2)
    recorded: bool
    # How many days after it its recording may be watched, where that is not as in the policy.
    recording_days: int | None = Field(default=None, ge=1, le=3650)
    captions: Literal["none", "automated", "human"]
    sign_language: Line | None = None
    # None while it is not known: until then people are told that it follows.
    joining_link: Link | None = None
    capacity: int | None = Field(default=None, ge=1, le=100_000)
    zoom: ZoomMeeting | None = None
    # Why it does not take place, in a sentence for the people who hold a seat.
    cancelled: Text | None = None

    @model_validator(mode="after")
    def _times(self) -> Self:
        start = exists(self.starts, self.zone, "starts")
        end = exists(self.ends, self.zone, "ends")
        if end <= start:
            raise question(f"'{self.id}' ends before it starts. Are the two swapped?", "ends")
        if end - start > timedelta(hours=12):
            raise question(f"'{self.id}' lasts over 12 hours. Is its end on the right day?", "ends")
        return self

    @property
    def starts_at(self) -> datetime:
        """The start as an instant (UTC)."""
        return to_utc(self.starts, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The end as an instant (UTC)."""
        return to_utc(self.ends, self.zone)

    @property
    def zoom_meeting(self) -> str | None:
        """The number of its Zoom meeting or webinar: as it is said, or as the link shows it."""
        said = self.zoom.meeting_id if self.zoom else None
        return said or meeting_number_in(self.joining_link or "")


class Tier(Part):
    """A rate that people choose, and what comes with it."""

    id: Id
    title: Line
    includes: tuple[Text, ...] = Field(min_length=1)
    credit: bool


class Offer(Part):
    """One line of the price book. What a payment bought is found here, never in the request."""

    id: Id
    title: Line
    tier: Id
    sessions: tuple[Id, ...] = Field(min_length=1)
    amount: Amount
    currency: Currency
    provider_ids: dict[Literal["stripe", "razorpay", "paypal", "eventbrite"], Line] = Field(
        default_factory=dict
    )
    valid_from: Day | None = None
    valid_to: Day | None = None
    example: bool = False

    @property
    def price(self) -> Money:
        """The listed price."""
        return Money(minor=self.amount, currency=self.currency)


class RefundPolicy(Part):
    """Until when a class can be given back by its holder; None leaves it to staff."""

    days_before: int | None = Field(default=None, ge=0, le=365)
    wording: Text


class AttendancePolicy(Part):
    """What counts as having been there, in minutes."""

    grace_late: int = Field(default=15, ge=0, le=240)
    grace_early: int = Field(default=15, ge=0, le=240)
    longest_gap: int = Field(default=15, ge=0, le=240)
    least_minutes: int = Field(default=0, ge=0, le=720)
    report_within_hours: int = Field(default=72, ge=0, le=24 * 30)


class CertificatePolicy(Part):
    """What a certificate is given for, and what it says."""

    per: Literal["session", "unit"]
    heading: Label = "Certificate of completion"
    hours: Decimal | None = Field(default=None, gt=0, le=500, decimal_places=2)
    hours_label: Label = "hours"
    professions: tuple[Line, ...] = ()
    # How long an accreditor asks for the record of who was given one.
    keep_years: int = Field(default=7, ge=1, le=30)


class Policies(Part):
    """The rules of one series."""

    refund: RefundPolicy
    recording: RecordingPolicy = RecordingPolicy()
    attendance: AttendancePolicy = AttendancePolicy()
    certificate: CertificatePolicy
    evaluation: EvaluationPolicy | None = None
    credit: CreditPolicy = CreditPolicy()
    scholarship: ScholarshipPolicy | None = None
    appeal: AppealPolicy = AppealPolicy()
    reminder_hours_before: tuple[Annotated[int, Field(ge=1, le=24 * 60)], ...] = Field(
        default=(168, 24, 1), max_length=8
    )


class Community(Part):
    """The place where learners and faculty meet between classes.

    `network` is its id or subdomain at Mighty Networks, if people are to be invited by themselves.
    """

    name: Line
    invitation: Link
    network: Id | None = None


class SeriesText(Part):
    """The series itself, without its sessions."""

    id: Id
    title: Line
    subtitle: Line | None = None
    page: Link
    accessibility: Text
    before_class: Text | None = None
    community: Community | None = None
    # The spelling that certificates print. When it is given, nobody else may teach a session.
    faculty: tuple[Name, ...] = Field(default=(), max_length=60)


class Catalogue(Part):
    """One file: an institute, one series, its sessions, tiers, price book and policies."""

    catalogue: Annotated[Literal[1], Format]
    institute: Institute
    series: SeriesText
    sessions: tuple[Session, ...] = Field(min_length=1, max_length=40)
    tiers: tuple[Tier, ...] = Field(min_length=1, max_length=20)
    prices: tuple[Offer, ...] = Field(min_length=1, max_length=200)
    policies: Policies
    # What staff chose for recordings that came late, by session. Never in a file, and not kept with
    # it: whoever holds both puts them together.
    _choices: Mapping[str, WindowChoice] = PrivateAttr(default_factory=dict)

    def with_choices(self, choices: Mapping[str, WindowChoice]) -> Self:
        """This catalogue with what staff chose for recordings that came late."""
        catalogue = self.model_copy()
        catalogue._choices = dict(choices)  # noqa: SLF001 - its own kind
        return catalogue

    def session(self, session_id: str) -> Session:
        """The session of that id. Raises KeyError."""
        return {session.id: session for session in self.sessions}[session_id]

    @property
    def held_sessions(self) -> tuple[Session, ...]:
        """The sessions that take place: all but those that the institute cancelled."""
        return tuple(session for session in self.sessions if session.cancelled is None)

    def tier(self, tier_id: str) -> Tier:
        """The tier of that id. Raises KeyError."""
        return {tier.id: tier for tier in self.tiers}[tier_id]

    def offer(self, offer_id: str) -> Offer:
        """The price-book line of that id. Raises KeyError."""
        return {offer.id: offer for offer in self.prices}[offer_id]

    def recording_closes_at(self, session_id: str) -> datetime | None:
        """Until when (UTC) the recording of a session may be watched; None is without end.

        Counted from the event, in the event's zone: the same wall clock, so many days later.
        """
        session = self.session(session_id)
        days = session.recording_days or self.policies.recording.days_after_event
        if days is None:
            return None
        planned, choice = days_later(session.ends_at, days, session.zone), self.choice(session_id)
        return planned if choice is None else choice.end(planned, session.zone)

    def choice(self, session_id: str) -> WindowChoice | None:
        """What staff chose for the recording of that session, if they were asked."""
        return self._choices.get(session_id)

    def recording_withheld(self, session_id: str) -> bool:
        """Whether staff chose to share the recording of that session with nobody."""
        choice = self.choice(session_id)
        return choice is not None and choice.choice is Late.DO_NOT_SHARE

    def evaluation_closes_at(self, session_id: str) -> datetime | None:
        """Until when (UTC) a session can be evaluated, from its end on; None if nobody asks.

        Counted as the window of a recording is.
        """
        policy = self.policies.evaluation
        session = self.session(session_id)
        return None if policy is None else days_later(session.ends_at, policy.days, session.zone)
