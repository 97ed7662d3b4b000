"""Awards and the fund they are paid from. Money only moves together with the award it is for.

The fund is one record per series. Whoever spends commits it at the version it was read at, so two
awards never spend the same money; each movement leaves an entry, and the entries add up.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from shared.domain.money import Money
from shared.domain.record import Key, Record

WAITING = "award"
FUND_WAITING = "fund"
ENTRY_WAITING = "fund_entry"
_OFFER = "award-"


class AwardStatus(StrEnum):
    """Where an award is. ACCEPTED: a partial one that waits for the rest to be paid."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"

    @property
    def holds_money(self) -> bool:
        """Whether the fund has paid for it and has not got it back."""
        return self in (AwardStatus.OFFERED, AwardStatus.ACCEPTED, AwardStatus.TAKEN)


class Award(Record):
    """What a person is offered: at most one per series. It waits as "award" for its next date.

    `amount` is what the fund pays and `to_pay` what is left of the price. `credit` and what it
    covers are frozen when it is offered, because the letter says so.
    """

    kind: ClassVar[str] = "award"

    series: str
    learner: str
    reference: str
    amount: Money
    to_pay: Money
    covers: str
    credit: bool
    status: AwardStatus = AwardStatus.OFFERED
    offered_at: datetime
    answer_by: datetime
    answered_at: datetime | None = None
    pay_by: datetime | None = None
    # What was left to pay, and to give back, when it was accepted, after earlier payments.
    due: Money | None = None
    back: Money | None = None
    promotion_code: str | None = None
    # The order that brought the seats.
    order: str | None = None

    @staticmethod
    def key_of(series: str, learner: str) -> Key:
        """Where that person's award stands."""
        return Key(f"AWARD#{series}", learner)

    def key(self) -> Key:
        return self.key_of(self.series, self.learner)

    @property
    def full(self) -> bool:
        """Whether nothing is left to pay."""
        return self.to_pay.minor == 0

    @property
    def offer_id(self) -> str:
        """The price-book line that is this person's alone, and the id of its order."""
        return f"{_OFFER}{self.reference.lower()}"

    @property
    def asks(self) -> Money:
        """What its holder is to pay: what was left when they accepted, else what is left of it."""
        return self.to_pay if self.due is None else self.due

    def at(self, status: AwardStatus, now: datetime, **more: object) -> "Award":
        """The award in another state; what it waited for is over unless `more` says otherwise."""
        update = {"status": status, "waiting": None, "waiting_since": None, "answered_at": now}
        return self.model_copy(update=update | more)


def is_award(offer_id: str) -> bool:
    """Whether an offer's id is that of an award: one person's line of the price book."""
    return offer_id.startswith(_OFFER)


class Fund(Record):
    """What a series has to give. `put_in` is what the catalogue says the institute has put in."""

    kind: ClassVar[str] = "fund"

    series: str
    currency: str
    balance: int = Field(default=0, ge=0)
    put_in: int = Field(default=0, ge=0)

    @staticmethod
    def key_of(series: str) -> Key:
        """Where the fund of that series stands."""
        return Key(f"FUND#{series}", "FUND")

    def key(self) -> Key:
        return self.key_of(self.series)

    @property
    def left(self) -> Money:
        """What can still be given."""
        return Money(minor=self.balance, currency=self.currency)

    def covers(self, amount: Money) -> bool:
        """Whether it has that much left."""
        return amount.currency == self.currency and amount.minor <= self.balance

    def moved(self, by: int, now: datetime) -> "Fund":
        """The fund with so much more (or less) in it. Raises ValueError below zero.

        With more in it, it waits until the list has been gone down again.
        """
        if self.balance + by < 0:
            raise ValueError("The fund does not reach that far.")
        more = {"waiting": FUND_WAITING, "waiting_since": now.isoformat()} if by > 0 else {}
        return self.model_copy(update={"balance": self.balance + by, **more})


class FundEntry(Record):
    """One movement of the fund, in minor units: in is positive. `about` names it once for ever.

    What payments post waits as "fund_entry" until the sweep has added it to the fund.
    """

    kind: ClassVar[str] = "fund_entry"

    series: str
    about: str
    by: int
    at: datetime

    @staticmethod
    def key_of(series: str, about: str) -> Key:
        """Where that movement stands."""
        return Key(f"FUND#{series}", f"ENTRY#{about}")

    def key(self) -> Key:
        return self.key_of(self.series, self.about)
