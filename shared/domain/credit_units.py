"""Who earned the certificate of a unit: every session of the series that was held, or nothing."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from shared.domain.attendance import Interval, Presence
from shared.domain.catalogue import Catalogue, Session
from shared.domain.credit import (
    RULE_VERSION,
    UNIT_MADE_UP,
    Ruling,
    as_staff_say,
    both,
    with_terms,
)
from shared.domain.credit_boards import BoardCredit, PartSeen, decide_board_of_unit
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.entitlements import entitlements
from shared.domain.registrations import Registration
from shared.domain.standing import NOTHING_KNOWN, Standing
from shared.domain.zones import say_short_day

_STAFF_YES, _STAFF_NO = "staff_attendance_yes", "staff_attendance_no"


def decide_unit(
    catalogue: Catalogue,
    registrations: Mapping[str, Registration],
    attended: Mapping[str, Decision],
    now: datetime,
    standing: Standing = NOTHING_KNOWN,
    made_up: frozenset[str] = frozenset(),
    presences: Mapping[str, Presence] = MappingProxyType({}),
) -> Ruling:
    """One person over all sessions of the series, all mappings keyed by session id.

    A session without an entry in `attended` has not been decided for this person: they were not
    registered for it. `made_up` are the parts that were missed and made up for. `presences` is what
    the boards go by.
    """
    reasons: list[Reason] = []
    credit: Decision | None = None
    unseated: dict[str, tuple[Reason, ...]] = {}
    for session in catalogue.held_sessions:
        registration = registrations.get(session.id)
        rights = entitlements(catalogue, session.id, registration, now)
        if not rights.seat.granted:
            unseated[session.id] = rights.seat.reasons
            reasons += [
                Reason(code=why.code, text=f"{session.title}: {why.text}")
                for why in rights.seat.reasons
            ]
            continue
        credit = rights.credit
        verdict = attended.get(session.id)
        if session.id not in made_up and (verdict is None or not verdict.granted):
            why_not = verdict.why if verdict else "No attendance was recorded."
            day = say_short_day(session.starts_at, session.zone)
            reasons.append(Reason(code="part_missed", text=f"{session.title} ({day}): {why_not}"))
    if reasons or credit is None:
        whole = refused(RULE_VERSION, *reasons)
    else:
        parts = len(catalogue.held_sessions)
        code, text = "unit_complete", f"You attended all {parts} parts."
        if made_up:
            code = UNIT_MADE_UP
            text = (
                f"You completed all {parts} parts, {len(made_up)} of them by the "
                "recording and a reflection."
            )
        whole = granted(RULE_VERSION, code, text)
    whole = as_staff_say(standing.overrides, "attendance", whole)
    earned = both(whole, credit) if credit else whole
    seen = {
        session.id: _seen(
            session,
            registrations.get(session.id),
            attended.get(session.id),
            presences.get(session.id, Presence(intervals=())),
            standing,
            whole,
        )._replace(made_up=session.id in made_up)
        for session in catalogue.held_sessions
    }
    for part, reasons_of_seat in unseated.items():
        seen[part] = seen[part]._replace(against=reasons_of_seat)
    boards = tuple(
        _beside(decide_board_of_unit(board, catalogue, seen, standing, now), credit)
        for board in catalogue.policies.credit.boards
    )
    earned = with_terms(catalogue, catalogue.held_sessions[-1], earned, boards, standing, now)
    if credit is not None:
        earned = as_staff_say(standing.overrides, "credit", earned)
    return Ruling(attended=whole, earned=earned, boards=boards)


def _seen(
    session: Session,
    registration: Registration | None,
    verdict: Decision | None,
    who: Presence,
    standing: Standing,
    whole: Decision,
) -> PartSeen:
    """One part as the boards see it; staff's word on the part, or on the unit, holds here too."""
    of_part = verdict.reasons[0].code if verdict and verdict.reasons else ""
    of_unit = standing.overrides is not None and standing.overrides.counts("attendance") is not None
    if of_part == _STAFF_YES or (of_unit and whole.granted):
        who = Presence(intervals=(Interval(session.starts_at, session.ends_at),))
    against = verdict.reasons[:1] if verdict and of_part == _STAFF_NO else ()
    if of_unit and not whole.granted:
        against = whole.reasons[:1]
    return PartSeen(who, registration, against=against)


def _beside(found: BoardCredit, credit: Decision | None) -> BoardCredit:
    """The board's credit, if the rate brings any."""
    if credit is None or credit.granted:
        return found
    own = () if found.decision.granted else found.decision.reasons
    reasons = dict.fromkeys((*credit.reasons, *own))
    return found.model_copy(update={"decision": refused(RULE_VERSION, *reasons)})
