"""Things that wait for a person: recordings, letters and joining links."""

from shared.domain.catalogue import Session
from shared.domain.letters import Fact, Letter
from shared.domain.recording_release import Release
from shared.domain.registrations import Learner
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
    what = letter.letter.value.removeprefix("staff_").replace("_", " ")
    to_whom = "staff" if letter.letter.to_staff else who(person)
    return WaitingItem(
        kind=WaitingKind.LETTER,
        name=f"{letter.letter}#{letter.about}",
        since=waits_since(letter.waiting_since),
        title=f"A letter did not arrive: {what}",
        reasons=(letter.note,) if letter.note else (),
        evidence=(Fact(label="To", value=to_whom),),
        act="Send it once more, or reach them another way and say so.",
        series=letter.series,
        session=letter.session,
        learner=letter.learner,
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
