"""Letters about classes that are given back, in words: what is on its way, what a person reads."""

from collections.abc import Iterable
from typing import Any, Final

from shared.domain.letter_facts import LetterFacts
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.refund_requests import RefundRequest, RefundState

NEEDS: Final[dict[LetterKind, tuple[str, ...]]] = {
    LetterKind.REFUND_REQUESTED: ("sessions", "requests"),
    LetterKind.REFUND_DECLINED: ("sessions", "requests"),
    LetterKind.REFUND_FAILED: ("sessions", "requests"),
    LetterKind.CLASS_CANCELLED: ("sessions",),
}
_BY_PERSON = (RefundState.STAFF, RefundState.DECLINED)


def of_refund(facts: LetterFacts) -> dict[str, Any]:
    """What the templates of these letters may name."""
    order = facts.order
    words: dict[str, Any] = {
        "gave_up": bool(order and order.paid and not order.paid.minor and order.given_up)
    }
    if facts.letter.letter not in NEEDS:
        return words
    by_person = [one for one in facts.requests if one.state in _BY_PERSON]
    moving = [one for one in facts.requests if one not in by_person and one.amount.minor]
    titles = {one.id: one.title for one in facts.sessions}
    return words | {
        "moving": _sum(moving),
        "by_person": _sum(by_person),
        "asked_of_person": [
            f"“{titles[s]}”" for one in by_person for s in one.sessions if s in titles
        ],
        "why": next((one.ruling.why for one in facts.requests if one.ruling), ""),
        "back": str(facts.back) if facts.back else "",
        "cancelled_because": facts.sessions[0].cancelled or "",
        "disputed": any(one.state is RefundState.STAFF for one in facts.requests),
        "rows": _rows(facts),
    }


def _sum(requests: Iterable[RefundRequest]) -> str:
    """What these bring back together; "" for nothing."""
    amounts = [one.amount for one in requests]
    if not sum(one.minor for one in amounts):
        return ""
    return str(Money(minor=sum(one.minor for one in amounts), currency=amounts[0].currency))


def _rows(facts: LetterFacts) -> list[tuple[str, str]]:
    rows = []
    if facts.requests and facts.letter.letter is not LetterKind.CLASS_CANCELLED:
        rows.append(("Amount", _sum(facts.requests)))
    if facts.order is not None:
        rows.append(("Payment", facts.order.order))
    return [row for row in rows if row[1]]
