"""Everything that happened to a session and will, in order, by what is kept and what is planned."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.desk_session import Happening, Known
from shared.domain.notices import Notice, NoticeKind, holds
from shared.domain.recording_files import shown_key
from shared.domain.recording_release import Act
from shared.domain.recording_windows import Late
from shared.domain.recordings import Recording, RecordingStatus
from shared.domain.sessions import SessionPhase

_ACTS = {
    Act.RELEASE: "The recording was released by staff.",
    Act.ANNOUNCE: "It was announced again.",
}
_CHOICES = {
    Late.EXTEND_ALL: "Everybody got {days} more days to watch it.",
    Late.FROM_RELEASE: "Everybody got {days} days to watch it, from then on.",
    Late.DO_NOT_SHARE: "It was chosen to share the recording with nobody.",
}
_NOTICES = {
    NoticeKind.REMINDER: "Reminder, {before} before the start",
    NoticeKind.MOVED: "Letters that it has moved",
    NoticeKind.RECORDING_ENDS: "Reminder, {before} before the recording ends",
    NoticeKind.EVALUATION_WANTED: "Letters that ask for an evaluation",
}


def timeline(known: Known, now: datetime) -> tuple[Happening, ...]:
    """All of it, the earliest first. What is planned and not done says so by `ahead`."""
    found = [
        *_of_attendance(known),
        *_of_the_plan(known, now),
        *_of_counts(known),
        *(_of_notice(one, now) for one in known.notices if _is_told(one, known)),
        *(one for file in known.recordings for one in _of_file(file)),
        *_of_release(known),
    ]
    # Of the same moment, in the order in which one leads to the other.
    return tuple(sorted(found, key=lambda one: one.at))


def _of_the_plan(known: Known, now: datetime) -> Iterator[Happening]:
    state, session, catalogue = known.state, known.session, known.catalogue
    yield Happening(at=known.series.published_at, text="The catalogue that counts was published.")
    if state.moved is not None:
        yield Happening(at=state.moved.at, text="It was moved to the time it has now.")
    if known.cancellation is not None:
        told = known.cancellation
        text = f"It was cancelled; {told.people} people were seen to."
        yield Happening(at=told.at, text=text if told.done_at else "It was cancelled.")
        return
    yield _planned(session.starts_at, "It began.", "It begins.", now)
    yield _planned(session.ends_at, "It ended.", "It ends.", now)
    if state.closed_at is not None:
        without = state.phase is SessionPhase.CLOSED_WITHOUT_REPORT
        text = "It was closed without attendance." if without else "It was closed."
        yield Happening(at=state.closed_at, text=text)
    elif state.phase is SessionPhase.OPEN:
        waits = state.task_token is not None
        text = "Its close began, and waits for the attendance report." if waits else "Its close."
        yield Happening(at=state.closes_at, text=text, ahead=state.closes_at > now)
        if waits:
            hours = catalogue.policies.attendance.report_within_hours
            yield Happening(
                at=state.closes_at + timedelta(hours=hours),
                text="If no report has come by then, it is closed without one.",
                ahead=True,
            )
    closes_at = catalogue.recording_closes_at(session.id)
    if session.recorded and closes_at is not None:
        yield _planned(closes_at, "The time to watch ended.", "The time to watch ends.", now)
        kept = catalogue.policies.recording.delete_days_after_end
        gone_at = closes_at + timedelta(days=kept) if kept is not None else now
        if gone_at > now and known.files:
            text = "From then on its files are deleted, unless the time to watch is longer by then."
            yield Happening(at=gone_at, text=text, ahead=True)
    evaluated_until = catalogue.evaluation_closes_at(session.id)
    if evaluated_until is not None:
        yield _planned(evaluated_until, "Evaluations closed.", "Evaluations close.", now)


def _planned(at: datetime, was: str, will: str, now: datetime) -> Happening:
    return Happening(at=at, text=was if at <= now else will, ahead=at > now)


def _is_told(notice: Notice, known: Known) -> bool:
    """Whether it was told, or is still to be: one for a plan that has changed is neither."""
    return notice.told_at is not None or (
        notice.waiting is not None and holds(notice, known.catalogue)
    )


def _of_notice(notice: Notice, now: datetime) -> Happening:
    text = _NOTICES[notice.what].format(before=_before(notice.hours))
    if notice.told_at is not None:
        return Happening(at=notice.told_at, text=f"{text}: sent.")
    if notice.due_at <= now:
        return Happening(at=notice.due_at, text=f"{text}: due, and not all sent yet.")
    return Happening(at=notice.due_at, text=f"{text}.", ahead=True)


def _before(hours: int) -> str:
    days, rest = divmod(hours, 24)
    if days and not rest:
        return "1 day" if days == 1 else f"{days} days"
    return "1 hour" if hours == 1 else f"{hours} hours"


def _of_attendance(known: Known) -> Iterator[Happening]:
    for report in known.reports:
        counts = " It is the one that counts." if report.report == known.state.uploaded else ""
        text = f"An attendance report came, with {report.people} people.{counts}"
        yield Happening(at=report.uploaded_at, text=text)
    if known.state.accounted_at is not None:
        yield Happening(at=known.state.accounted_at, text="It was accounted for who was there.")


def _of_counts(known: Known) -> Iterator[Happening]:
    if known.counts is not None:
        came_to = known.counts.came_to
        text = f"{came_to.earned} of {came_to.decided} people had earned a certificate by then."
        if known.counts.unit is None and came_to.decided:
            yield Happening(at=known.counts.counted_at, text=text)


def _of_file(file: Recording) -> Iterator[Happening]:
    name = shown_key(file.name)
    if file.status is RecordingStatus.QUARANTINED:
        text = f"{name} was uploaded and set aside: {file.judged.why}"
        yield Happening(at=file.uploaded_at, text=text)
        return
    yield Happening(at=file.uploaded_at, text=f"{name} was uploaded.")
    if file.announced_at is not None:
        yield Happening(at=file.announced_at, text=f"Everybody who may watch was told of {name}.")
    if file.expired_at is not None and file.deleted_at is None:
        yield Happening(at=file.expired_at, text=f"{name} is to be deleted.")
    if file.deleted_at is not None:
        yield Happening(at=file.deleted_at, text=f"{name} was deleted: its time was over.")


def _of_release(known: Known) -> Iterator[Happening]:
    release = known.release
    if release is None:
        return
    if release.released_at is not None:
        yield Happening(at=release.released_at, text="The recording was there in full.")
    for word in release.words:
        yield Happening(at=word.at, text=_ACTS[word.act], by=word.by, why=word.why)
    for choice in release.choices:
        text = _CHOICES[choice.choice].format(days=choice.days)
        yield Happening(at=choice.at, text=text, by=choice.by, why=choice.why)
