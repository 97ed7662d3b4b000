"""Count that a recording was opened, and tell staff once if one link is opened from everywhere.

That somebody may watch never hangs on being counted: where too many open one link at once, some of
them are not.
"""

from datetime import datetime

from shared.domain.applications import origin_of
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.openings import Opening, Origins, judge_sharing, network_of
from shared.domain.registrations import Learner
from shared.failures import Unavailable
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.make_up_part import note_opened
from shared.usecases.open_recording import Allowed
from shared.usecases.owe_letters import not_yet_owed


def count_opening(
    allowed: Allowed,
    opened_from: str,
    *,
    fetched: bool,
    records: Records,
    key: bytes,
    now: datetime,
) -> bool:
    """Count one opening of the page or, if `fetched`, of a file; False if it could not be.

    `opened_from` is the network address that asked; it is kept as a hash of its network. A player
    fetches again and again, which is one opening.
    """
    session, learner = allowed.session.id, allowed.learner
    place = origin_of(f"watch.{session}.{learner}", f"net.{network_of(opened_from)}", key)

    def attempt() -> None:
        changed = [
            *_opening(session, learner, records, now, fetched=fetched),
            *_origins(allowed, place, records, now),
        ]
        if changed:
            records.commit(*changed)

    try:
        until_committed(attempt)
        if fetched:
            # Whoever makes up for a missed part has had its recording first.
            note_opened(session, learner, records=records, now=now)
    except Unavailable:
        return False
    return True


def _opening(
    session: str, learner: str, records: Records, now: datetime, *, fetched: bool
) -> list[Opening]:
    kept = records.get(Opening.key_of(session, learner), Opening)
    if kept is None:
        first = Opening(session=session, learner=learner, count=1, first_at=now, last_at=now)
        return [first.model_copy(update={"fetched_at": now if fetched else None})]
    if not fetched:
        return [kept.model_copy(update={"count": kept.count + 1, "last_at": now})]
    if kept.fetched_at is None:
        return [kept.model_copy(update={"fetched_at": now, "last_at": now})]
    return []


def _origins(
    allowed: Allowed, place: str, records: Records, now: datetime
) -> list[Origins | Letter]:
    session, learner, generation = allowed.session.id, allowed.learner, allowed.generation
    kept = records.get(Origins.key_of(session, learner), Origins)
    before = kept or Origins(session=session, learner=learner)
    if before.generation == generation and before.knows(place, now):
        return []
    origins = before.and_from(place, generation, now)
    judged = judge_sharing(origins, now)
    if judged.granted:
        return [origins]
    person = records.get(Learner.key_of(learner), Learner)
    letter = owe(
        LetterKind.STAFF_SHARING,
        f"{session}/{learner}" + (f"/{generation}" if generation else ""),
        now,
        series=allowed.catalogue.series.id,
        session=session,
        facts=(
            Fact(label="Whose link", value=person.address if person else learner),
            Fact(label="Recording", value=allowed.session.title),
            Fact(label="Session", value=session),
        ),
        lines=tuple(reason.text for reason in judged.reasons),
    )
    return [origins, *not_yet_owed([letter], records)]
