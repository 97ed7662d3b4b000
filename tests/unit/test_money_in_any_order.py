"""Whatever is said of several payments of one person, in any order and any number: the same end."""

from datetime import datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.domain.awards import FundEntry
from shared.domain.payments import Order, PaymentFact
from shared.domain.registrations import Registration
from tests.money import ANA, dollars
from tests.scholarships import Scholarships
from tests.world import paid

# A Supporter's bundle, and a class of it bought before: the upgrade that pays for a seat twice.
BUNDLE, SINGLE = "stripe-pi_1", "stripe-pi_2"
AT = datetime.fromisoformat("2025-06-02T00:00:00+00:00")


def _said(order: str, says: str, event: str, **changes: object) -> PaymentFact:
    fields = {"provider": "stripe", "event": event, "order": order, "says": says, "at": AT,
              "live": False}  # fmt: skip
    return PaymentFact.model_validate(fields | changes)


def _pool(world: Scholarships) -> list[PaymentFact]:
    """Everything that may be said."""
    facts = []
    for order, offer, price, number in (
        (BUNDLE, "all-five-supporter", 297.0, 1),
        (SINGLE, "tfc-1-wisdom-supporter", 85.0, 2),
    ):
        share = dollars(59.40 if order == BUNDLE else 85.0)
        facts += [
            paid(world.catalogue, offer, ANA, number),
            _said(order, "pending", f"{order}-pending", amount=dollars(price)),
            _said(order, "refunded", f"{order}-sum", amount=share),
            *(
                _said(order, "refund", f"{order}-re-{state}", part="re", state=state, amount=share,
                      sessions=("tfc-1-wisdom",))
                for state in ("pending", "succeeded", "failed")
            ),
            *(
                _said(order, "dispute", f"{order}-dp-{state}", part="dp", state=state)
                for state in ("open", "won", "lost")
            ),
        ]  # fmt: skip
    return facts


POOL = _pool(Scholarships())


def _ends_with(world: Scholarships) -> dict[str, object]:
    orders = {
        order.order: order.model_dump(exclude={"version", "waiting_since", "first_seen_at"})
        for order in world.records.everything(Order)
    }
    seats = {
        (kept.session, kept.learner): (kept.status, sorted(kept.tiers))
        for kept in world.records.everything(Registration)
    }
    entries = [e for e in world.records.everything(FundEntry) if e.about.startswith("surplus")]
    return {"orders": orders, "seats": seats, "posted": sum(entry.by for entry in entries)}


class MoneyInAnyOrder(RuleBasedStateMachine):
    """The world as it is told, against one that is told the same things once, in a fixed order."""

    def __init__(self) -> None:
        super().__init__()
        self.world = Scholarships()
        self.told: set[int] = set()

    @rule(which=st.integers(0, len(POOL) - 1))
    def something_is_said(self, which: int) -> None:
        self.world.deliver(POOL[which])
        self.told.add(which)

    @rule(minutes=st.integers(1, 120))
    def time_passes_and_the_sweep_comes(self, minutes: int) -> None:
        self.world.wait(minutes=minutes)
        self.world.sweep()

    @invariant()
    def it_is_as_if_told_once_and_in_order(self) -> None:
        other = Scholarships(now=self.world.now)
        for which in sorted(self.told):
            other.deliver(POOL[which])
        assert _ends_with(self.world) == _ends_with(other)


TestMoneyInAnyOrder = MoneyInAnyOrder.TestCase
TestMoneyInAnyOrder.settings = settings(max_examples=40, stateful_step_count=14, deadline=None)
