"""How a certificate states the credits of boards: in as few lines as it has room for."""

from collections.abc import Iterable

from shared.domain.catalogue import CertificatePolicy
from shared.domain.credit_boards import BoardCredit
from shared.domain.credit_policy import Board

# What one statement of a certificate holds, and how many statements there are.
ROOM = 600
MOST = 4


def credit_lines(
    boards: Iterable[Board], earned: Iterable[BoardCredit], policy: CertificatePolicy
) -> tuple[str, ...]:
    """The boards that credit this person, with hours, approval and statement."""
    hours = {one.board: one.hours for one in earned if one.decision.granted}
    said = (
        _said(board, f"{hours[board.id]:f}" if hours[board.id] else "", policy)
        for board in boards
        if board.id in hours
    )
    return packed(said)


def widest(boards: Iterable[Board], policy: CertificatePolicy) -> tuple[str, ...]:
    """The lines of somebody whom every board credits: the most that has to fit."""
    return packed(_said(board, "24.00", policy) for board in boards)


def packed(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts in as few lines as hold them, in their order."""
    lines: list[str] = []
    for text in texts:
        if lines and len(lines[-1]) + 1 + len(text) <= ROOM:
            lines[-1] = f"{lines[-1]} {text}"
        else:
            lines.append(text)
    return tuple(lines)


def _said(board: Board, hours: str, policy: CertificatePolicy) -> str:
    number = f", approval {board.approval_number}" if board.approval_number else ""
    amount = f"{hours} {policy.hours_label}" if hours else policy.hours_label
    whom = f" for {' and '.join(board.professions)}" if board.professions else ""
    statement = f" {board.statement}" if board.statement else ""
    return f"{amount}{whom}: {board.board}{number}.{statement}"
