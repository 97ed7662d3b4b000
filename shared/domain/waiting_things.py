"""Things that wait for a person: recordings, letters, joining links and attendance reports."""

from datetime import timedelta

from shared.domain.catalogue import Catalogue, Session
from shared.domain.letters import Fact, Letter
from shared.domain.recording_release import Release
from shared.domain.registrations import Learner
from shared.domain.sessions import SessionState
from shared.domain.waiting_items import (
    LINK_IS_NEEDED,
    WaitingItem,
    WaitingKind,
    held,
    reasons_of,
    title_of,
    waits_since,
    who,
)
from shared.domain.zones import say_moment


def of_recording(release: Release, session: Session | None) -> WaitingItem:
    """A recording that is here and is not shared."""
    decision = release.decision
    return WaitingItem(
        kind=WaitingKind.RECORDING,
        name=release.session,
        since=waits_since(release.waiting_since),
        title=f"The recording of “{title_of(session, release.session)}”",
        reasons=reasons_of(decision.reasons if decision else ())[0],
        evidence=held(session),
        act="Upload what is missing, or share it as it is.",
        series=release.series,
        session=release.session,
    )


def of_letter(letter: Letter, person: Learner | None) -> WaitingItem:
    """A letter that was refused, or that nobody knows the fate of."""
    to_whom = "staff" if letter.letter.to_staff else who(person)
    item = of_letter_to(to_whom, letter, WaitingKind.LETTER)
    return item.model_copy(update={"session": letter.session, "learner": letter.learner})


def of_letter_to(to_whom: str, letter: Letter, kind: WaitingKind) -> WaitingItem:
    """The same, with no more of its reader than is said here."""
    what = letter.letter.value.removeprefix("staff_").replace("_", " ")
    return WaitingItem(
        kind=kind,
        name=f"{letter.letter}#{letter.about}",
        since=waits_since(letter.waiting_since),
        title=f"A letter did not arrive: {what}",
        reasons=(letter.note,) if letter.note else (),
        evidence=(Fact(label="To", value=to_whom),),
        act="Send it once more, or reach them another way and say so.",
        series=letter.series,
    )


def of_joining_link(session: Session, series: str) -> WaitingItem:
    """A session that is near, and nobody knows where to join it."""
    return WaitingItem(
        kind=WaitingKind.JOINING_LINK,
        name=session.id,
        since=session.starts_at - LINK_IS_NEEDED,
        title=f"“{session.title}” has no joining link",
        reasons=("It is less than a week away, and nobody has been told where to join.",),
        evidence=held(session),
        act="Write the link into the catalogue and apply it.",
        series=series,
        session=session.id,
    )


def of_report(state: SessionState, catalogue: Catalogue) -> WaitingItem:
    """A session that is over and whose close waits for the attendance report."""
    session = catalogue.session(state.session)
    hours = catalogue.policies.attendance.report_within_hours
    until = say_moment(state.closes_at + timedelta(hours=hours), session.zone)
    return WaitingItem(
        kind=WaitingKind.REPORT,
        name=session.id,
        since=state.closes_at,
        title=f"“{session.title}” has no attendance report",
        reasons=(
            "It is over, and nobody knows yet who was there.",
            f"Without one it is closed on {until}, and nobody gets a certificate.",
        ),
        evidence=held(session),
        act="Export Zoom's report of participants and upload it.",
        series=state.series,
        session=session.id,
    )
