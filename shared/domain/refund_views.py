"""What the page for giving classes back shows, and what may be posted from it."""

from typing import Literal

from pydantic import Field

from shared.domain.catalogue import Catalogue
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.refund_quote import RefundLine, RefundQuote
from shared.domain.refund_requests import RefundRequest
from shared.domain.value import Value

LONGEST_NOTE = 500
# Choose classes; look once more at what was chosen; it was asked for.
Step = Literal["choose", "confirm", "asked"]


class RefundView(Value):
    """One order as its holder may give it back. `wording` is the policy as it stood at purchase.

    `chosen` are the classes that were chosen, `problem` is what stands in the way, for people.
    """

    step: Step
    catalogue: Catalogue
    order: Order
    quote: RefundQuote
    wording: str
    chosen: tuple[str, ...] = ()
    problem: str = ""
    requests: tuple[RefundRequest, ...] = Field(default=())

    @property
    def lines(self) -> tuple[RefundLine, ...]:
        """The lines of what was chosen, or of everything while nothing was."""
        if not self.chosen:
            return self.quote.lines
        return tuple(line for line in self.quote.lines if line.session in self.chosen)

    @property
    def seal(self) -> str:
        """What is handed back with the request for what was chosen."""
        return self.quote.seal_of(self.chosen)

    def sum_of(self, way: str) -> Money:
        """What the chosen lines bring back that way."""
        lines = [line for line in self.lines if line.way == way]
        currency = self.quote.lines[0].share.currency
        return Money(minor=sum(line.share.minor for line in lines), currency=currency)
