"""Whether one board's credit is earned: all or nothing, with every reason."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from shared.domain.attendance import Presence, decide_attendance
from shared.domain.catalogue import AttendancePolicy, Catalogue, Session
from shared.domain.credit_policy import Board
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.registrations import Registration
from shared.domain.standing import Practice, Standing
from shared.domain.value import Value
from shared.domain.zones import say_day

RULE_VERSION = "board-1"


class BoardCredit(Value):
    """What one board gives one person: its credit, or every reason why not.

    `practices` are the professions and licences for which it counts; empty if none was asked for.
    """

    board: str
    name: str
    hours: Decimal | None
    decision: Decision
    practices: tuple[Practice, ...] = ()


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
    policy = thresholds(board, catalogue.policies.attendance)
    attended = decide_attendance(policy, who, session.starts_at, session.ends_at, session.zone)
    practices = covered(board, standing)
    reasons = [] if attended.granted else list(attended.reasons)
    reasons += _approval(board, session)
    reasons += _tier(board, catalogue, registration)
    reasons += _profession(board, catalogue, session, standing, practices)
    if board.evaluation:
        reasons += evaluation_missing(session, standing, now)
    decision = (
        refused(RULE_VERSION, *reasons)
        if reasons
        else granted(RULE_VERSION, "board_credit", f"{board.board} credits this {session.kind}.")
    )
    return BoardCredit(
        board=board.id,
        name=board.board,
        hours=board.hours_of(session.id, session.credit_hours),
        decision=decision,
        practices=practices,
    )


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
