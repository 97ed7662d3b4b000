"""A transcript: what somebody has earned in one series, what is missing, and until when.

Only certificates that count are credit. Everything else is listed with its reason or its date.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import Certificate, CertificateStatus, certificate_hours
from shared.domain.credit import Verdict, can_still_be_earned
from shared.domain.entitlements import Entitlements, entitlements
from shared.domain.registrations import Registration
from shared.domain.value import Value
from shared.domain.zones import say_day, say_short_day

State = Literal[
    "earned",
    "withdrawn",
    "on_its_way",
    "waits",
    "not_earned",
    "undecided",
    "ahead",
    "no_credit",
    "no_seat",
    "cancelled",
]
STATES: Final[dict[State, str]] = {
    "earned": "Counts",
    "withdrawn": "Does not count",
    "on_its_way": "On its way",
    "waits": "Not yet",
    "not_earned": "Not earned",
    "undecided": "Being looked at",
    "ahead": "Ahead",
    "no_credit": "No credit",
    "no_seat": "No seat",
    "cancelled": "Cancelled",
}


class TranscriptLine(Value):
    """One class (or the unit): `says` is the reason, or what comes next, in a sentence."""

    title: str
    held: str
    state: State
    hours: Decimal | None
    says: str
    number: str = ""
    public_url: str = ""

    @property
    def credit(self) -> Decimal:
        """What of it counts."""
        return self.hours or Decimal(0) if self.state == "earned" else Decimal(0)


class Transcript(Value):
    """All lines of a series in order, and their sum."""

    name: str
    catalogue: Catalogue
    lines: tuple[TranscriptLine, ...]

    @property
    def earned(self) -> Decimal:
        """What counts in all."""
        return sum((line.credit for line in self.lines), Decimal(0))

    @property
    def possible(self) -> Decimal:
        """What the whole series is worth."""
        return sum((line.hours or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def next_chance(self) -> str:
        """The first class ahead, in words; empty if there is none."""
        return next((line.held for line in self._in("ahead")), "")

    @property
    def missing(self) -> str:
        """What is missing, how much of it is still ahead, and until when; empty if nothing is."""
        label = self.catalogue.policies.certificate.hours_label
        missing = self.possible - self.earned
        if not missing:
            return ""
        ahead, waits = self._in("ahead"), self._worth(self._in("waits"))
        if not ahead and not waits:
            return f"{missing} {label} are missing, and no class of this series is ahead."
        said = [f"{missing} {label} are missing."]
        if waits:
            share = "All" if waits == missing else waits
            said.append(f"{share} of them wait for what you can still send.")
        if ahead:
            chance = self._worth(ahead)
            first, last = ahead[0].held, ahead[-1].held
            until = "" if first == last else f" until {last}"
            said.append(
                f"{'All' if chance == missing else chance} of them can still be earned{until}; "
                f"what is next is on {first}."
            )
        return " ".join(said)

    def _in(self, state: State) -> list[TranscriptLine]:
        return [line for line in self.lines if line.state == state]

    @staticmethod
    def _worth(lines: list[TranscriptLine]) -> Decimal:
        return sum((line.hours or Decimal(0) for line in lines), Decimal(0))


def transcript(
    catalogue: Catalogue,
    name: str,
    registrations: Mapping[str, Registration],
    verdicts: Mapping[str, Verdict],
    certificates: Mapping[str, Certificate],
    now: datetime,
) -> Transcript:
    """The transcript of one person; the maps are theirs, by session (or scope)."""
    unit = catalogue.policies.certificate.per == "unit"
    lines: tuple[TranscriptLine, ...]
    if unit:
        lines = (_unit(catalogue, registrations, verdicts, certificates, now),)
    else:
        lines = tuple(
            _line(
                catalogue,
                session.id,
                session.title,
                session,
                registrations.get(session.id),
                verdicts.get(session.id),
                certificates.get(session.id),
                now,
            )
            for session in catalogue.sessions
        )
    return Transcript(name=name, catalogue=catalogue, lines=lines)


def _unit(
    catalogue: Catalogue,
    registrations: Mapping[str, Registration],
    verdicts: Mapping[str, Verdict],
    certificates: Mapping[str, Certificate],
    now: datetime,
) -> TranscriptLine:
    """A unit is earned whole: its next part is what is ahead of it."""
    scope = catalogue.series.id
    parts = catalogue.held_sessions or catalogue.sessions
    part = next((part for part in parts if part.ends_at > now), parts[-1])
    return _line(
        catalogue,
        scope,
        catalogue.series.title,
        part,
        registrations.get(part.id),
        verdicts.get(scope),
        certificates.get(scope),
        now,
    )


def _line(
    catalogue: Catalogue,
    scope: str,
    title: str,
    session: Session,
    registration: Registration | None,
    verdict: Verdict | None,
    certificate: Certificate | None,
    now: datetime,
) -> TranscriptLine:
    hours = certificate_hours(catalogue, scope)
    held = say_day(session.starts_at, session.zone)
    if certificate is not None and certificate.given:
        text = certificate.text
        counts = certificate.status is CertificateStatus.ISSUED
        act = certificate.revocation
        return TranscriptLine(
            title=text.title,
            held=text.details.split(" · ")[0],
            state="earned" if counts else "withdrawn",
            hours=certificate.hours or hours,
            says="Certificate issued." if counts or act is None else f"Withdrawn: {act.why}",
            number=text.number,
            public_url=text.public_url,
        )
    if session.cancelled is not None:
        # Nobody can earn it, so nothing of it is missing.
        says = f"It does not take place. {session.cancelled}"
        return TranscriptLine(title=title, held=held, state="cancelled", hours=None, says=says)
    brings = entitlements(catalogue, session.id, registration, now)
    state, says = _without(catalogue, session, brings, verdict, now)
    return TranscriptLine(title=title, held=held, state=state, hours=hours, says=says)


def _without(
    catalogue: Catalogue,
    session: Session,
    brings: Entitlements,
    verdict: Verdict | None,
    now: datetime,
) -> tuple[State, str]:
    """What is said where no certificate was given."""
    seated = brings.seat.granted
    if verdict is not None and verdict.earned.granted:
        return "on_its_way", "Earned. The certificate is on its way."
    if verdict is not None:
        waits = can_still_be_earned(verdict.earned, catalogue, session, now)
        return "waits" if waits else "not_earned", verdict.earned.why
    if seated and not brings.credit.granted:
        return "no_credit", brings.credit.why
    if now < session.ends_at:
        day = say_short_day(session.starts_at, session.zone)
        if seated:
            return "ahead", f"Yours to attend on {day}."
        return "ahead", f"You have no seat yet; it can still be taken until {day}."
    if not seated:
        return "no_seat", "You had no seat in it."
    return "undecided", "It is over, and the record of attendance is being looked at."
