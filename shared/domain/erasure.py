"""Taking everything away: what goes, what must stay and until when, and what keeps it from coming
back.

Records are overwritten, never deleted: what is left of each is what others rest on (amounts, seats,
ids that tell nothing without our key). What an accreditor asks for stays until its term ends, and
nobody is named by it in public.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from shared.domain.catalogue import Catalogue
from shared.domain.certificates import Certificate
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.payments import REVIEW, Order, OrderStatus
from shared.domain.record import Key, Record
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.zones import days_later

RULE_VERSION = "erasure-1"
WAITING = "erasure"
KEPT = "erasure_kept"
_MOVING = (RefundState.ASKED, RefundState.MOVING, RefundState.SENT, RefundState.STAFF)


class Erasure(Record):
    """That a person took everything away, and what is left to be done.

    It waits as "erasure" until everything is gone, then as "erasure_kept" until the last term of
    what must stay has ended. `others` are the ids of their further addresses. It names nobody, and
    stays for good: whatever is older than `asked_at` and comes again brings nothing back.
    """

    kind: ClassVar[str] = "erasure"

    learner: str
    asked_at: datetime
    others: tuple[str, ...] = ()
    done_at: datetime | None = None
    kept: tuple[str, ...] = ()
    kept_until: datetime | None = None

    @staticmethod
    def key_of(learner: str) -> Key:
        """Where that person's erasure stands."""
        return Key(f"LEARNER#{learner}", "ERASED")

    def key(self) -> Key:
        return self.key_of(self.learner)

    def done(
        self, certificates: Iterable[Certificate], until: datetime | None, now: datetime
    ) -> "Erasure":
        """The erasure once nothing is left but these, until then."""
        waits = {"waiting": KEPT, "waiting_since": until.isoformat()} if until else {}
        return self.model_copy(
            update={
                "waiting": None, "waiting_since": None, "done_at": now,
                "kept": tuple(sorted(one.scope for one in certificates)), "kept_until": until,
            } | waits
        )  # fmt: skip


class Forgotten(Record):
    """By what erased people would be named in reports of one session: ids, nothing to read.

    Whoever takes a report in, or hears of somebody live, writes down no words of theirs.
    """

    kind: ClassVar[str] = "forgotten"

    session: str
    names: tuple[str, ...] = ()

    @staticmethod
    def key_of(session: str) -> Key:
        """Where those of that session stand."""
        return Key(f"FORGOTTEN#{session}", "NAMES")

    def key(self) -> Key:
        return self.key_of(self.session)

    def knows(self, *ids: str | None) -> bool:
        """Whether any of these is somebody's who took everything away."""
        return any(one in self.names for one in ids if one)


def may_erase(orders: Iterable[Order], requests: Iterable[RefundRequest]) -> Decision:
    """Whether everything can be taken away now; no, with every reason, while money is on its way.

    Then somebody still has to be found: to give it back, or to answer a bank.
    """
    reasons = [*_of_orders(orders)]
    if any(one.state in _MOVING for one in requests):
        text = "Money is going back to you. When it has arrived, you can take everything away."
        reasons.append(Reason(code="refund_moving", text=text))
    if reasons:
        return refused(RULE_VERSION, *{reason.code: reason for reason in reasons}.values())
    return granted(RULE_VERSION, "open", "Nothing is in the way.")


def _of_orders(orders: Iterable[Order]) -> Iterable[Reason]:
    for order in orders:
        if order.dispute == "open":
            text = "You asked your bank for money back, and the answer is still to come."
            yield Reason(code="disputed", text=text)
        if order.status is OrderStatus.PENDING:
            text = "A payment of yours is still on its way."
            yield Reason(code="payment_pending", text=text)
        if order.waiting == REVIEW:
            text = "A payment of yours is being looked at by the institute."
            yield Reason(code="payment_in_review", text=text)


def kept_until(certificate: Certificate, catalogue: Catalogue | None) -> datetime | None:
    """Until when the accreditor asks for it; None if it was never given, so that it need not stay.

    Counted in days of the institute's calendar, so that the day is the same wherever one looks.
    """
    if not certificate.given or certificate.issued_at is None:
        return None
    since = certificate.corrected_at or certificate.issued_at
    zone = catalogue.institute.zone if catalogue else "UTC"
    years = catalogue.policies.certificate.keep_years if catalogue else 7
    return days_later(since, round(years * 365.25), zone)
