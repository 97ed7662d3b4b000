"""Whether one board's credit is earned: all or nothing, with every reason."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from shared.domain.attendance import Presence, decide_attendance
from shared.domain.catalogue import AttendancePolicy, Catalogue, Session
from shared.domain.credit_policy import Board
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.registrations import Registration
from shared.domain.standing import Practice, Standing
from shared.domain.value import Value
from shared.domain.zones import say_day

RULE_VERSION = "board-2"


class BoardCredit(Value):
    """What one board gives one person: its credit, or every reason why not.

    `practices` are the professions and licences for which it counts; empty if none was asked for.
    """

    board: str
    name: str
    hours: Decimal | None = None
    decision: Decision
    practices: tuple[Practice, ...] = ()


class PartSeen(NamedTuple):
    """One part of a unit as it counts for a board: when they were there, and what else is known.

    `made_up` is a part that was missed and made up for by its recording; `against` are the reasons
    of staff who said that they were not there.
    """

    who: Presence
    registration: Registration | None = None
    made_up: bool = False
    against: tuple[Reason, ...] = ()


def decide_board(
    board: Board,
    catalogue: Catalogue,
    session: Session,
    who: Presence,
    registration: Registration,
    standing: Standing,
    now: datetime,
) -> BoardCredit:
    """One board, one person, one session. What staff say is for the caller to know."""
    part = PartSeen(who, registration)
    reasons = [
        *_of_part(board, catalogue, session, part),
        *_of_person(board, catalogue, session, standing, now),
    ]
    hours = board.hours_of(session.id, session.credit_hours)
    return _credit(board, session.kind, reasons, hours, standing)


def decide_board_of_unit(
    board: Board,
    catalogue: Catalogue,
    parts: Mapping[str, PartSeen],
    standing: Standing,
    now: datetime,
) -> BoardCredit:
    """One board and one person over a unit: every part of it, by session id, or no credit at all.

    Its hours are those of all parts together, or those of the unit if neither it nor they have any.
    """
    held = catalogue.held_sessions
    reasons: list[Reason] = []
    for session in held:
        part = parts.get(session.id, PartSeen(Presence(intervals=())))
        reasons += [
            reason.model_copy(update={"text": f"{session.title}: {reason.text}"})
            for reason in _of_part(board, catalogue, session, part)
        ]
    reasons += _of_person(board, catalogue, held[-1], standing, now)
    hours = [board.hours_of(session.id, session.credit_hours) for session in held]
    known = [one for one in hours if one is not None]
    whole = sum(known, Decimal(0)) if known else catalogue.policies.certificate.hours
    return _credit(board, "unit", reasons, whole, standing)


def _credit(
    board: Board, what: str, reasons: list[Reason], hours: Decimal | None, standing: Standing
) -> BoardCredit:
    decision = (
        refused(RULE_VERSION, *dict.fromkeys(reasons))
        if reasons
        else granted(RULE_VERSION, "board_credit", f"{board.board} credits this {what}.")
    )
    return BoardCredit(
        board=board.id,
        name=board.board,
        hours=hours,
        decision=decision,
        practices=covered(board, standing),
    )


def _of_part(board: Board, catalogue: Catalogue, session: Session, part: PartSeen) -> list[Reason]:
    """What speaks against it in one session: attendance, the approval's days, the rate."""
    reasons = list(part.against)
    if part.made_up and board.live_only:
        text = f"{board.board} counts only what was attended live, and this was made up for."
        reasons.append(Reason(code="live_only", text=text))
    elif not part.made_up:
        policy = thresholds(board, catalogue.policies.attendance)
        attended = decide_attendance(
            policy, part.who, session.starts_at, session.ends_at, session.zone
        )
        reasons += () if attended.granted else attended.reasons
    reasons += _approval(board, session)
    if part.registration is not None:
        reasons += _tier(board, catalogue, part.registration)
    return reasons


def _of_person(
    board: Board, catalogue: Catalogue, session: Session, standing: Standing, now: datetime
) -> list[Reason]:
    """What speaks against it in what they told us, or did not."""
    practices = covered(board, standing)
    reasons = _profession(board, catalogue, session, standing, practices)
    if board.evaluation:
        reasons += evaluation_missing(session, standing, now)
    return reasons


def thresholds(board: Board, series: AttendancePolicy) -> AttendancePolicy:
    """The board's own minutes where it has any, else those of the series."""
    own = {
        name: minutes
        for name in ("grace_late", "grace_early", "longest_gap", "least_minutes")
        if (minutes := getattr(board, name)) is not None
    }
    return series.model_copy(update=own)


def covered(board: Board, standing: Standing) -> tuple[Practice, ...]:
    """Which of the professions and licences that somebody told us the board speaks for."""
    names = {profession.casefold() for profession in board.professions}
    return tuple(
        practice
        for practice in standing.practices or ()
        if (not names or practice.profession.casefold() in names)
        and (not board.states or practice.state in board.states)
    )


def evaluation_missing(session: Session, standing: Standing, now: datetime) -> list[Reason]:
    """The reason, if an evaluation is asked for and was not sent, with until when it can be."""
    if standing.evaluated:
        return []
    until = standing.evaluation_closes_at
    if until is None:
        return [Reason(code="evaluation_missing", text="You have not sent your evaluation.")]
    day = say_day(until, session.zone)
    if now < until:
        text = f"You have not sent your evaluation yet. It is open until {day}."
        return [Reason(code="evaluation_missing", text=text)]
    text = f"Your evaluation did not come while it was open, until {day}."
    return [Reason(code="evaluation_late", text=text)]


def _approval(board: Board, session: Session) -> list[Reason]:
    day: date = session.starts.date()
    first, last = board.approved_from or day, board.approved_to or day
    if first <= day <= last:
        return []
    return [
        Reason(
            code="not_approved",
            text=f"The approval of {board.board} does not cover the day of this {session.kind}.",
        )
    ]


def _tier(board: Board, catalogue: Catalogue, registration: Registration) -> list[Reason]:
    if not board.tiers or registration.tiers & set(board.tiers):
        return []
    titles = " or ".join(tier.title for tier in catalogue.tiers if tier.id in board.tiers)
    return [
        Reason(
            code="tier_without_board",
            text=f"Credit by {board.board} comes with the {titles} rate.",
        )
    ]


def _profession(
    board: Board,
    catalogue: Catalogue,
    session: Session,
    standing: Standing,
    practices: tuple[Practice, ...],
) -> list[Reason]:
    """Nothing, where nobody is asked and nobody told; else whether the board speaks for them."""
    if not board.professions and not board.states:
        return []
    if standing.practices is None:
        asked = catalogue.policies.credit.ask_particulars
        return [PARTICULARS_MISSING] if asked else []
    if late := particulars_late(catalogue, session, standing):
        return late
    if practices:
        return []
    of_profession = covered(board.model_copy(update={"states": ()}), standing)
    if of_profession:
        where = ", ".join(board.states)
        text = f"{board.board} credits licences of {where}, and yours is of another state."
        return [Reason(code="other_state", text=text)]
    names = " and ".join(board.professions)
    return [
        Reason(
            code="other_profession",
            text=f"{board.board} credits {names}, and you told us another profession.",
        )
    ]


PARTICULARS_MISSING = Reason(
    code="particulars_missing",
    text="We do not know your profession and license yet. You can tell us on your page, and the "
    "certificate follows.",
)


def particulars_late(catalogue: Catalogue, session: Session, standing: Standing) -> list[Reason]:
    """The reason, if people are asked who they are and their answer came when none counts."""
    policy = catalogue.policies.credit
    until = session.ends_at + timedelta(days=policy.answer_days)
    if not policy.ask_particulars or standing.told_at is None or standing.told_at <= until:
        return []
    days, kind = policy.answer_days, session.kind
    text = f"You told us your profession more than {days} days after the {kind}."
    return [Reason(code="particulars_late", text=text)]
