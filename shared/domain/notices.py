"""Notices: what everybody of a session is told at a moment that is known beforehand.

Before a session (a reminder), when its time has changed, when it can be evaluated and before that
ends, before its recording is taken away. A
notice is about one plan, and when the plan has changed it is told to nobody: the new plan has
notices of its own.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal

from shared.domain.catalogue import Catalogue
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.entitlements import entitlements
from shared.domain.record import Key, Record
from shared.domain.registrations import Registration, RegistrationStatus
from shared.domain.sessions import SessionState
from shared.domain.zones import days_later

RULE_VERSION = "notices-1"
WAITING = "notice"
# A slip of the pen is often put right at once; until then nobody has heard of it.
SECOND_THOUGHTS = timedelta(minutes=10)
# A confirmation says all that a reminder says, so nobody gets the two within this time.
_QUIET_AFTER_CONFIRMATION = timedelta(hours=24)
# Later than this, a reminder would only surprise.
_MOST_LATE = timedelta(hours=12)


class NoticeKind(StrEnum):
    """What is told. Each has a letter of the same name."""

    REMINDER = "reminder"
    MOVED = "moved"
    RECORDING_ENDS = "recording_ends"
    EVALUATION_WANTED = "evaluation_wanted"


class Notice(Record):
    """One notice of one session. It waits as "notice" from `due_at` until everybody was told.

    `plan` is what it was made for (UTC): the start; start and end; or the end of the recording's
    window. `hours` is how long before that it is due. `was` is the start and the end that people
    had been told before, of a session that moved; `since` is when it moved. `alarm` is "wanted" if
    whoever made it could not set its alarm: the table's stream has it set.
    """

    kind: ClassVar[str] = "notice"

    session: str
    series: str
    what: NoticeKind
    plan: tuple[datetime, ...]
    hours: int = 0
    due_at: datetime
    was: tuple[datetime, datetime] | None = None
    since: datetime | None = None
    told_at: datetime | None = None
    alarm: Literal["wanted"] | None = None

    @property
    def name(self) -> str:
        """What tells it from the session's other notices: "reminder-24-20250622T1600Z"."""
        if self.since is not None:
            return f"{self.what}-{self.since:%Y%m%dT%H%M%SZ}"
        return f"{self.what}-{self.hours}-{self.plan[0]:%Y%m%dT%H%MZ}"

    @staticmethod
    def key_of(session: str, name: str) -> Key:
        """Where that notice of that session stands."""
        return Key(f"SESSION#{session}", f"NOTICE#{name}")

    def key(self) -> Key:
        return self.key_of(self.session, self.name)

    def told(self, now: datetime) -> "Notice":
        """The notice once everybody is owed the letter, or nobody is to get one any more."""
        return self.model_copy(update={"told_at": now, "waiting": None, "waiting_since": None})


def notices_of(catalogue: Catalogue, state: SessionState, now: datetime) -> Iterator[Notice]:
    """Every notice of that session which is still ahead, by the plan as it is now."""
    session = catalogue.session(state.session)
    about = {"session": session.id, "series": catalogue.series.id, "waiting": WAITING}
    if state.moved is not None and now < session.starts_at:
        due_at = min(state.moved.at + SECOND_THOUGHTS, session.starts_at)
        yield Notice.model_validate(
            {
                **about,
                "what": NoticeKind.MOVED,
                "plan": (session.starts_at, session.ends_at),
                "due_at": due_at,
                "waiting_since": due_at.isoformat(),
                "was": (state.moved.started_at, state.moved.ended_at),
                "since": state.moved.at,
            }
        )
    for what, end, hours, due_at in _dates(catalogue, session.id):
        if due_at > now:
            yield Notice.model_validate(
                {
                    **about,
                    "what": what,
                    "plan": (end,),
                    "hours": hours,
                    "due_at": due_at,
                    "waiting_since": due_at.isoformat(),
                }
            )


def _dates(
    catalogue: Catalogue, session_id: str
) -> Iterator[tuple[NoticeKind, datetime, int, datetime]]:
    """(what, the moment it counts to, hours before, due) of everything that comes by the clock."""
    session = catalogue.session(session_id)
    for hours in catalogue.policies.reminder_hours_before:
        due_at = session.starts_at - timedelta(hours=hours)
        yield NoticeKind.REMINDER, session.starts_at, hours, due_at
    yield from _evaluation_dates(catalogue, session_id)
    closes_at = catalogue.recording_closes_at(session_id)
    if closes_at is None or not session.recorded:
        return
    for days in catalogue.policies.recording.remind_days_before_end:
        due_at = days_later(closes_at, -days, session.zone)
        # Right after it was announced, nobody needs to hear of it again.
        if due_at - session.ends_at >= timedelta(days=days + 1):
            yield NoticeKind.RECORDING_ENDS, closes_at, days * 24, due_at


def _evaluation_dates(
    catalogue: Catalogue, session_id: str
) -> Iterator[tuple[NoticeKind, datetime, int, datetime]]:
    """The same of a session that is to be evaluated: when it opens, and before it closes."""
    session, policy = catalogue.session(session_id), catalogue.policies.evaluation
    closes_at = catalogue.evaluation_closes_at(session_id)
    if policy is None or closes_at is None:
        return
    what, open_for = NoticeKind.EVALUATION_WANTED, closes_at - session.ends_at
    yield what, closes_at, int(open_for.total_seconds()) // 3600, session.ends_at
    for hours in policy.remind_hours_before:
        if timedelta(hours=2 * hours) <= open_for:
            yield what, closes_at, hours, closes_at - timedelta(hours=hours)


def holds(notice: Notice, catalogue: Catalogue) -> bool:
    """Whether the plan is still the one that the notice is about."""
    if all(session.id != notice.session for session in catalogue.held_sessions):
        return False
    session = catalogue.session(notice.session)
    match notice.what:
        case NoticeKind.REMINDER:
            return notice.plan == (session.starts_at,)
        case NoticeKind.MOVED:
            return notice.plan == (session.starts_at, session.ends_at)
        case NoticeKind.RECORDING_ENDS:
            return notice.plan == (catalogue.recording_closes_at(session.id),)
        case NoticeKind.EVALUATION_WANTED:
            return notice.plan == (catalogue.evaluation_closes_at(session.id),)


def decide_notice(
    notice: Notice, catalogue: Catalogue, registration: Registration | None, now: datetime
) -> Decision:
    """Whether that person is to be told now, and why not if not."""
    if not holds(notice, catalogue):
        return _not("plan_changed", "The plan has changed since.")
    if now >= _too_late_at(notice):
        return _not("too_late", "By now it would come too late.")
    rights = entitlements(catalogue, notice.session, registration, now)
    match notice.what:
        case NoticeKind.RECORDING_ENDS:
            return rights.recording
        case NoticeKind.EVALUATION_WANTED:
            return rights.credit if _is_required(catalogue) else rights.seat
        case NoticeKind.MOVED:
            kept = registration is not None and registration.status is RegistrationStatus.HELD
            if not rights.seat.granted and not kept:
                return rights.seat
        case NoticeKind.REMINDER:
            if not rights.seat.granted:
                return rights.seat
    told_since = _told_since(notice)
    if registration is not None and registration.registered_at > told_since:
        return _not("just_confirmed", "The confirmation has just said the same.")
    return granted(RULE_VERSION, "to_be_told", "You hold a seat in this session.")


def _is_required(catalogue: Catalogue) -> bool:
    """Whether certificates wait for the evaluation: then it is a letter for those who get them."""
    policy = catalogue.policies.evaluation
    return policy is not None and policy.required


def _too_late_at(notice: Notice) -> datetime:
    if notice.what is NoticeKind.REMINDER:
        return notice.due_at + min(_MOST_LATE, timedelta(hours=notice.hours) / 2)
    return notice.plan[0]


def _told_since(notice: Notice) -> datetime:
    """Whoever registered after this has had a confirmation that says what the notice says."""
    if notice.since is not None:
        return notice.since
    return notice.due_at - min(_QUIET_AFTER_CONFIRMATION, timedelta(hours=notice.hours))


def _not(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))
