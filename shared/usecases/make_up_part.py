"""Make up for a missed part of a unit: open its recording, then say what one took from it.

Only where the catalogue lets that kind of part be made up, and as long as it does. A reflection and
that the unit is to be decided again are one commit.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.attendance import RULE_VERSION
from shared.domain.catalogue import Catalogue, Session
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.decisions_wanted import want_decision
from shared.domain.entitlements import entitlements
from shared.domain.made_up import REFLECTION_LEAST, REFLECTION_LIMIT, WAITING, MadeUp
from shared.domain.record import Record
from shared.domain.registrations import Registration
from shared.domain.zones import say_day
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.decide_again import not_yet_wanted
from shared.usecases.find_session import Found, find_session


def note_opened(session: str, learner: str, *, records: Records, now: datetime) -> None:
    """Remember that the person opened the recording, where that can make up for the part."""

    def attempt() -> None:
        found = find_session(session, records)
        if found is None or not can_be_made_up(found.catalogue, found.session):
            return
        kept = records.get(MadeUp.key_of(session, learner), MadeUp)
        if kept is None or kept.opened_at is None:
            new = kept or MadeUp(session=session, series=found.series.series, learner=learner)
            records.commit(new.model_copy(update={"opened_at": now}))

    until_committed(attempt)


def may_make_up(session: str, learner: str, *, records: Records, now: datetime) -> Decision:
    """Whether that person can make up for that part now, and why not if not."""
    found = find_session(session, records)
    if found is None:
        return _no("unknown", "There is no such part.")
    return _may(found, learner, records, now)


def make_up_part(
    session: str, learner: str, reflection: str, *, records: Records, now: datetime
) -> Decision:
    """Take the reflection in, and have the unit decided again. A refusal changes nothing."""
    text = " ".join(reflection.split())

    def attempt() -> Decision:
        found = find_session(session, records)
        if found is None:
            return _no("unknown", "There is no such part.")
        may = _may(found, learner, records, now)
        if not may.granted:
            return may
        if not REFLECTION_LEAST <= len(text) <= REFLECTION_LIMIT:
            return _no(
                "length",
                f"Your reflection has {len(text)} characters. Between {REFLECTION_LEAST} and "
                f"{REFLECTION_LIMIT} are asked for.",
            )
        kept = records.get(MadeUp.key_of(session, learner), MadeUp)
        assert kept is not None  # noqa: S101 - it may be made up for, so its recording was opened
        by_staff = found.catalogue.policies.credit.make_up_approved_by_staff
        sent = kept.with_reflection(reflection.strip(), now, by_staff=by_staff)
        records.commit(sent, *_decided_again(sent, found, records, now))
        return granted(RULE_VERSION, "made_up", "Thank you. Your reflection is in.")

    return until_committed(attempt)


def approve_reflection(
    session: str,
    learner: str,
    *,
    approved: bool,
    by: str,
    why: str = "",
    records: Records,
    now: datetime,
) -> bool:
    """Staff's word on a reflection; False if there is none to speak of.

    Whoever is told no reads `why` on their page, and can write another while there is time.
    """

    def attempt() -> bool:
        found = find_session(session, records)
        kept = records.get(MadeUp.key_of(session, learner), MadeUp)
        if found is None or kept is None or kept.sent_at is None:
            return False
        said = kept.with_word(approved=approved, by=by, why=why)
        records.commit(said, *_decided_again(said, found, records, now))
        return True

    return until_committed(attempt)


def reflections_in_review(*, records: Records, now: datetime) -> Iterator[tuple[MadeUp, Session]]:
    """Every reflection that waits for staff, oldest first, and the part that it is about."""
    for kept in records.waiting(WAITING, now, MadeUp):
        found = find_session(kept.session, records)
        if found is not None:
            yield kept, found.session


def made_up_by(learner: str, catalogue: Catalogue, records: Records) -> frozenset[str]:
    """The parts of the unit that the person has made up for."""
    return frozenset(
        part.id
        for part in catalogue.held_sessions
        if can_be_made_up(catalogue, part)
        and counts(records.get(MadeUp.key_of(part.id, learner), MadeUp), catalogue)
    )


def counts(made_up: MadeUp | None, catalogue: Catalogue) -> bool:
    """Whether it stands for having been there."""
    by_staff = catalogue.policies.credit.make_up_approved_by_staff
    return made_up is not None and made_up.complete(by_staff=by_staff)


def can_be_made_up(catalogue: Catalogue, part: Session) -> bool:
    """Whether the catalogue lets this part be made up for at all."""
    per_unit = catalogue.policies.certificate.per == "unit"
    return per_unit and part.recorded and part.kind in catalogue.policies.credit.make_up


def _may(found: Found, learner: str, records: Records, now: datetime) -> Decision:
    catalogue, part = found.catalogue, found.session
    if not can_be_made_up(catalogue, part):
        return _no("live_only", f"This {part.kind} counts only for those who were there.")
    registration = records.get(Registration.key_of(part.id, learner), Registration)
    seat = entitlements(catalogue, part.id, registration, now).seat
    if not seat.granted:
        return seat
    verdict = records.get(Verdict.key_of(part.id, learner), Verdict)
    if verdict is None:
        return _no("not_decided", "Your attendance has not been decided yet.")
    if verdict.attended.granted:
        return _no("attended", "You were there. There is nothing to make up for.")
    until = part.ends_at + timedelta(days=catalogue.policies.credit.make_up_days)
    if now >= until:
        day = say_day(until, part.zone)
        return _no("over", f"This {part.kind} could be made up for until {day}.")
    kept = records.get(MadeUp.key_of(part.id, learner), MadeUp)
    if kept is None or kept.opened_at is None:
        return _no("not_opened", "Please open the recording first.")
    if kept.approved:
        return _no("done", "Your reflection was accepted.")
    if kept.waiting:
        return _no("waits", "Your reflection is with us. Somebody reads it.")
    if kept.approved is False:
        why = f" {kept.approved_why}" if kept.approved_why else ""
        text = f"Your reflection could not be accepted as it is.{why} You can change it."
        return granted(RULE_VERSION, "again", text)
    return granted(RULE_VERSION, "open", "Tell us what you took from the recording.")


def _decided_again(made_up: MadeUp, found: Found, records: Records, now: datetime) -> list[Record]:
    cause = f"made-up/{made_up.version}"
    wanted = want_decision(made_up.session, found.series.series, made_up.learner, cause, now)
    return list(not_yet_wanted([wanted], records))


def _no(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))
