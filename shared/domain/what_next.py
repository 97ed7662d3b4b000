"""What happens next for one person, with dates: computed from the schedules as they are now.

Nothing here is remembered. A session that moves moves every date that hangs on it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.awards import Award, AwardStatus
from shared.domain.catalogue import Catalogue
from shared.domain.my_page import MySeries, MySession, Upcoming


def what_next(
    series: MySeries, now: datetime, *, award: Award | None = None, reminded: bool = True
) -> tuple[Upcoming, ...]:
    """Everything that is still ahead in one series, the soonest first.

    `reminded` is whether the person wants reminders at all.
    """
    found = [
        one
        for session in series.sessions
        for one in _of_session(session, series.catalogue, now, reminded=reminded)
    ]
    found += _of_unit(series)
    found += _of_award(award, series.catalogue)
    return tuple(sorted((one for one in found if one.at > now), key=lambda one: (one.at, one.text)))


def _of_session(
    one: MySession, catalogue: Catalogue, now: datetime, *, reminded: bool
) -> Iterator[Upcoming]:
    session = one.session
    if session.cancelled is not None or not (one.seat.granted or one.verdict):
        return
    title, zone = session.title, session.zone

    def at(when: datetime, what: str, text: str) -> Upcoming:
        return Upcoming(at=when, zone=zone, what=what, text=text)

    if one.seat.granted:
        yield at(session.starts_at, "starts", f"{title} begins.")
        hours = catalogue.policies.reminder_hours_before if reminded else ()
        dues = [session.starts_at - timedelta(hours=before) for before in hours]
        due = min((due for due in dues if due > now), default=None)
        if due is not None:
            yield at(due, "reminder", f"A letter reminds you of {title}.")
        until = _recording_until(one, catalogue)
        if until is not None:
            text = f"The recording of {title} can be watched until then."
            yield at(until, "recording_ends", text)
    if one.verdict is None:
        yield at(_decided_by(one, catalogue), "decided", _decided(one, catalogue))
    if one.appeal is not None and one.appeal.latest is not None and one.appeal.latest.open:
        text = f"By then you have our answer about {title}."
        yield at(one.appeal.latest.answer_by, "appeal_answered", text)
    if one.evaluation is not None and one.evaluation_until is not None:
        policy = catalogue.policies.evaluation
        if one.evaluation.granted or not one.over:
            waits = " Your certificate waits for it." if policy and policy.required else ""
            text = f"The last moment to evaluate {title}.{waits}"
            yield at(one.evaluation_until, "evaluation_ends", text)
    if one.make_up and not one.made_up:
        days = catalogue.policies.credit.make_up_days
        until = session.ends_at + timedelta(days=days)
        yield at(until, "make_up_ends", f"The last moment to make up for {title}.")


def _recording_until(one: MySession, catalogue: Catalogue) -> datetime | None:
    """Until when there is, or will be, a recording to watch; None where there is none or no end."""
    session = one.session
    if not session.recorded or (one.over and not one.recording.granted):
        return None
    return None if catalogue.recording_withheld(session.id) else one.watch_until


def _decided_by(one: MySession, catalogue: Catalogue) -> datetime:
    """When the close gives up waiting for the report of who was there."""
    return one.session.ends_at + timedelta(hours=catalogue.policies.attendance.report_within_hours)


def _decided(one: MySession, catalogue: Catalogue) -> str:
    said = f"By then it is decided whether you attended {one.session.title}"
    if catalogue.policies.certificate.per == "unit":
        return f"{said}."
    return f"{said}, and a certificate that you earned comes by letter."


def _of_unit(series: MySeries) -> Iterator[Upcoming]:
    """When the one certificate of a unit can come: once its last part is decided."""
    catalogue = series.catalogue
    if catalogue.policies.certificate.per != "unit" or series.unit is not None:
        return
    held = [one for one in series.sessions if one.session.cancelled is None and one.seat.granted]
    last = max(held, key=lambda one: one.session.ends_at, default=None)
    if last is not None:
        yield Upcoming(
            at=_decided_by(last, catalogue),
            zone=last.session.zone,
            what="unit_decided",
            text="By then your certificate for all parts comes by letter, if they are complete.",
        )


def _of_award(award: Award | None, catalogue: Catalogue) -> Iterator[Upcoming]:
    if award is None:
        return
    zone = catalogue.institute.zone
    if award.status is AwardStatus.OFFERED:
        text = "The last moment to answer the scholarship you are offered."
        yield Upcoming(at=award.answer_by, zone=zone, what="award_answer", text=text)
    if award.status is AwardStatus.ACCEPTED and award.pay_by is not None:
        text = "The last moment to pay the rest of your scholarship place."
        yield Upcoming(at=award.pay_by, zone=zone, what="award_pay", text=text)
