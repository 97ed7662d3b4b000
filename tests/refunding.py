"""Giving classes back in a few words: somebody's page, the hands that move money, the provider."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.adapters.memory_providers import MemoryRefunds
from shared.domain.cancellations import Cancellation
from shared.domain.links import sign
from shared.domain.money import Money
from shared.domain.payments import Order, PaymentFact
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.refund_views import RefundView
from shared.usecases.ask_refund import ask_refund, open_refund
from shared.usecases.cancel_class import PAGE, cancel_page
from shared.usecases.move_money import Moved, move_money
from shared.usecases.rule_on_refund import accept_refund, decline_refund
from tests.money import ANA, BUNDLE, ORDER, bought
from tests.refund_samples import cancelled
from tests.scholarships import Scholarships
from tests.world import KEY, who

PAYMENT = "pi_ana"


@dataclass
class Refunding(Scholarships):
    """An institute where Ana has bought the Supporter's bundle, and Stripe, which has her money."""

    stripe: MemoryRefunds = field(default_factory=MemoryRefunds)

    def __post_init__(self) -> None:
        super().__post_init__()
        offer = self.catalogue.offer(BUNDLE)
        self.stripe.payments[PAYMENT] = Money(minor=offer.amount, currency=offer.currency)

    def ana_buys(self, offer: str = BUNDLE) -> None:
        self.stripe.payments[PAYMENT] = self.catalogue.offer(offer).price
        self.deliver(bought(self, offer))

    def quote(self, *chosen: str, order: str = ORDER, address: str = ANA) -> RefundView:
        view = open_refund(
            sign("me", who(address), KEY), order, chosen,
            keys=[KEY], records=self.records, now=self.now,
        )  # fmt: skip
        assert isinstance(view, RefundView), view
        return view

    def ask(
        self, *chosen: str, seal: str = "", note: str = "", order: str = ORDER, address: str = ANA
    ) -> RefundView:
        seal = seal or self.quote(order=order, address=address).quote.seal_of(chosen)
        view = ask_refund(
            sign("me", who(address), KEY), order, chosen, seal, note,
            keys=[KEY], records=self.records, now=self.now,
        )  # fmt: skip
        assert isinstance(view, RefundView), view
        return view

    def requests(self, order: str = ORDER) -> list[RefundRequest]:
        return [one for one in self.records.everything(RefundRequest) if one.order == order]

    def states(self, order: str = ORDER) -> list[str]:
        return [one.state.value for one in self.requests(order)]

    def move(self) -> list[Moved]:
        """Hand over whatever is to be, as the table's stream does."""
        return [
            move_money(
                one.order, one.request, refunds={"stripe": self.stripe}, records=self.records,
                identity_key=KEY, now=self.now,
            )
            for one in self.records.everything(RefundRequest)
            if one.state is RefundState.ASKED
        ]  # fmt: skip

    def said_of(self, request: str, state: str = "succeeded") -> PaymentFact:
        """What the provider says of the refund that it made for that request."""
        made = self.stripe.made[f"re_{request}"]
        return PaymentFact.model_validate(
            {
                "provider": "stripe", "event": f"evt_{request}_{state}",
                "order": request.rpartition("-r")[0], "says": "refund",
                "at": datetime(2025, 6, 3, tzinfo=UTC), "live": False, "amount": made.amount,
                "part": f"re_{request}", "state": state, "sessions": made.sessions,
                "request": request,
            }
        )  # fmt: skip

    def stripe_says(self, request: str, state: str = "succeeded") -> None:
        if state == "failed":
            self.stripe.failed.add(f"re_{request}")
        self.deliver(self.said_of(request, state))

    def accept(self, request: str, *sessions: str, minor: int | None = None) -> RefundRequest:
        return accept_refund(
            request, by="Noor", why="They were ill.", sessions=sessions, minor=minor,
            records=self.records, identity_key=KEY, now=self.now,
        )  # fmt: skip

    def decline(self, request: str) -> RefundRequest:
        return decline_refund(
            request, by="Noor", why="The class had begun.", records=self.records,
            identity_key=KEY, now=self.now,
        )  # fmt: skip

    def cancel(self, *sessions: str, page: int = PAGE) -> None:
        """Publish that these classes are cancelled, and see to everybody."""
        self.now = max(self.now, datetime(2025, 6, 2, tzinfo=UTC))
        self.catalogue = cancelled(self.catalogue, *sessions)
        self.publish(self.catalogue)
        self.see_to_cancelled(page)

    def see_to_cancelled(self, page: int = PAGE) -> None:
        for one in self.records.everything(Cancellation):
            while cancel_page(
                one.session, records=self.records, identity_key=KEY, now=self.now, page=page
            ):
                pass

    def order(self, order: str = ORDER) -> Order:
        found = self.records.get(Order.key_of(order), Order)
        assert found is not None
        return found
