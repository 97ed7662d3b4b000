"""Staff's word on a recording: release it, announce it again, choose for one that came late.

The word, what it changes for the files, and the notices of a new end are one commit. What follows
is the announcement; if it cannot be started, the sweep starts it.
"""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.notices import Notice, NoticeKind, notices_of
from shared.domain.recording_release import Act, Release, Word, decide_release, statuses
from shared.domain.recording_windows import Late, WindowChoice
from shared.domain.sessions import Series
from shared.ports import Records, Workflows
from shared.usecases.check_recording import files_of, upload_of
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import Found, find_session
from shared.usecases.start_recording import start_recording


class NothingToRule(Exception):
    """There is nothing that this word could be about; the text says what to do first."""


def release_recording(
    session: str,
    *,
    by: str,
    why: str,
    records: Records,
    workflows: Workflows,
    now: datetime,
    if_it_waits: bool = False,
) -> Release:
    """Share the recording although something is missing; a file that is yet to come as well.

    `if_it_waits` does it only while staff are asked about it. Raises NothingToRule.
    """
    word = Word(act=Act.RELEASE, by=by, why=why, at=now)

    def attempt() -> Release:
        found, release = _about(session, records, if_it_waits)
        if found.catalogue.recording_withheld(session):
            raise NothingToRule(
                f"The recording of '{session}' is shared with nobody. Choose extend-all or "
                "from-release first."
            )
        said = release.model_copy(update={"words": (*release.words, word)})
        return _commit(said, found, records, now)

    released = until_committed(attempt)
    _announce(session, records, workflows, f"{now:%Y%m%dT%H%M%S}")
    return released


def announce_again(
    session: str, *, by: str, why: str, records: Records, workflows: Workflows, now: datetime
) -> Release:
    """Write once more to everybody who may watch. Raises NothingToRule."""
    word = Word(act=Act.ANNOUNCE, by=by, why=why, at=now)

    def attempt() -> Release:
        found, release = _about(session, records)
        if all(not one.playable for one in files_of(session, records)):
            raise NothingToRule(f"There is nothing of '{session}' that may be watched now.")
        # What is to be announced anew was released, or it could not be watched.
        changes = {"words": (*release.words, word), "released_at": release.released_at or now}
        return _commit(release.model_copy(update=changes), found, records, now, anew=True)

    said = until_committed(attempt)
    _announce(session, records, workflows, f"{now:%Y%m%dT%H%M%S}")
    return said


def choose_window(
    session: str,
    late: Late,
    *,
    days: int | None = None,
    by: str,
    why: str,
    records: Records,
    workflows: Workflows,
    now: datetime,
    if_it_waits: bool = False,
) -> WindowChoice:
    """Choose for everybody how long a recording may be watched that came late, or that it is not.

    The last choice counts. `if_it_waits` makes it only while staff are asked. Raises NothingToRule.
    """
    if late is not Late.DO_NOT_SHARE and not days:
        raise NothingToRule("How many days? Say it with --days.")
    shared = late is not Late.DO_NOT_SHARE
    choice = WindowChoice(choice=late, days=days if shared else None, by=by, why=why, at=now)

    def attempt() -> None:
        found, release = _about(session, records, if_it_waits)
        if shared and found.catalogue.recording_closes_at(session) is None:
            raise NothingToRule(f"The recording of '{session}' may be watched without end.")
        series = found.series.with_choice(session, choice)
        said = release.model_copy(update={"choices": (*release.choices, choice)})
        _commit(said, Found(found.state, series), records, now, anew=shared, series=series)

    until_committed(attempt)
    if shared:
        _announce(session, records, workflows, f"{now:%Y%m%dT%H%M%S}")
    return choice


def reconsider(
    session: str, *, records: Records, workflows: Workflows, now: datetime
) -> Release | None:
    """Decide a release that waits again, because the catalogue may be another one now."""

    def attempt() -> Release | None:
        found = find_session(session, records)
        release = records.get(Release.key_of(session), Release)
        if found is None or release is None:
            return None
        decision = decide_release(found.catalogue, release, files_of(session, records))
        if decision == release.decision:
            return release
        return _commit(release, found, records, now)

    release = until_committed(attempt)
    if release is not None and release.released_at is not None:
        _announce(session, records, workflows, f"{now:%Y%m%dT%H}")
    return release


def _about(session: str, records: Records, if_it_waits: bool = False) -> tuple[Found, Release]:
    found = find_session(session, records)
    if found is None:
        raise NothingToRule(f"There is no session '{session}'.")
    if not found.session.recorded:
        raise NothingToRule(f"The catalogue says that '{session}' is not recorded.")
    release = records.get(Release.key_of(session), Release)
    if if_it_waits and (release is None or release.waiting is None):
        raise NothingToRule(
            "Nobody is asked about this recording any more: somebody was quicker. The page of the "
            "session says what became of it."
        )
    return found, release or Release(session=session, series=found.state.series)


def _commit(
    release: Release,
    found: Found,
    records: Records,
    now: datetime,
    *,
    anew: bool = False,
    series: Series | None = None,
) -> Release:
    """Commit the release as it is decided now. `anew` has all of its files announced again."""
    files = files_of(release.session, records)
    decision = decide_release(found.catalogue, release, files)
    decided = release.decided(decision, now, None)
    changed = {one.name: one for one in statuses(decision, files)}
    if anew:
        for one in files:
            if one.plays or one.deleted_at is not None:
                new = changed.get(one.name, one)
                changed[one.name] = new.model_copy(update={"announced_at": None})
    notices = _new_notices(found, records, now) if series is not None else ()
    records.commit(decided, *changed.values(), *([series] if series else []), *notices)
    return decided


def _new_notices(found: Found, records: Records, now: datetime) -> Iterable[Notice]:
    """What is told of a new end. The table's stream has its alarm set; without one, it is swept."""
    return [
        notice.model_copy(update={"alarm": "wanted"})
        for notice in notices_of(found.catalogue, found.state, now)
        if notice.what is NoticeKind.RECORDING_ENDS and records.get(notice.key(), Notice) is None
    ]


def _announce(session: str, records: Records, workflows: Workflows, again: str) -> None:
    """Start the announcement of what may be watched and was not announced, by its newest file."""
    files = [one for one in files_of(session, records) if one.playable and one.announced_at is None]
    newest = max(files, key=lambda one: one.uploaded_at, default=None)
    if newest is not None:
        start_recording(upload_of(newest), workflows=workflows, again=again)
