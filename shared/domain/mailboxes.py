"""What is known of a person's mailbox: whether letters reach it, and which are not wanted there.

What a mail service says of letters comes late, twice and in any order, so it is kept as facts about
one address. A corrected address begins anew; what is still said of the old one no longer counts.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.domain.record import Key, Record
from shared.domain.value import Value

WAITING = "mailbox"
# How long a new address may be confirmed.
LINK_LASTS = timedelta(days=3)


class Said(StrEnum):
    """What a mail service says of a letter."""

    SENT = "sent"
    DELIVERED = "delivered"
    # For good, or given up after trying for hours.
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    REJECTED = "rejected"


class Feedback(Value):
    """One thing that the mail service said of one letter.

    `letter_id` is what the letter carries as its header; `addresses` are those it was said of.
    `for_good` says that the address itself takes no letters, so that trying again is useless.
    """

    said: Said
    letter_id: str
    message_id: str
    at: datetime
    addresses: tuple[str, ...] = ()
    for_good: bool = False


class Mailbox(Record):
    """What is known of the address of one person. It waits as "mailbox" while letters bounce.

    `address_id` is the id made from the address, so that the address itself stands in one place.
    """

    kind: ClassVar[str] = "mailbox"

    address_id: str
    bounced_at: datetime | None = None
    complained_at: datetime | None = None
    unsubscribed_at: datetime | None = None

    @staticmethod
    def key_of(learner: str) -> Key:
        """Where what is known of that person's mailbox stands."""
        return Key(f"LEARNER#{learner}", "MAILBOX")

    def key(self) -> Key:
        return self.key_of(self.learner or "")

    @property
    def wants_announcements(self) -> bool:
        """Whether letters that are not about something they have or did may be sent there."""
        return self.complained_at is None and self.unsubscribed_at is None

    def bounced(self, at: datetime) -> "Mailbox":
        """The mailbox once a letter came back from it for good."""
        since = min(self.bounced_at or at, at)
        told = {"bounced_at": since, "waiting": WAITING, "waiting_since": since.isoformat()}
        return self.model_copy(update=told)

    def corrected(self, address_id: str) -> "Mailbox":
        """The mailbox of another address of the same person: nothing has come back from it yet."""
        anew = {"address_id": address_id, "bounced_at": None, "complained_at": None}
        return self.model_copy(update=anew | {"waiting": None, "waiting_since": None})


class AddressChange(Record):
    """An address that somebody says is theirs now; it counts once a letter to it was answered.

    Asked for on their own page (`from_page`), it is to be confirmed from the earlier address too,
    unless letters to that one come back: whoever has a link to the page may not be its owner.
    `answered_at` is when the new address did, `agreed_at` when the earlier one did.
    """

    kind: ClassVar[str] = "address_change"

    change: str
    address: str
    asked_at: datetime
    from_page: bool = False
    answered_at: datetime | None = None
    agreed_at: datetime | None = None
    confirmed_at: datetime | None = None

    def heard(self, *, old: bool, now: datetime) -> "AddressChange":
        """The change once one of its two ends has said yes. The first time is kept."""
        field = "agreed_at" if old else "answered_at"
        return self.model_copy(update={field: getattr(self, field) or now})

    def complete(self, *, bounces: bool) -> bool:
        """Whether everybody who is asked has said yes; `bounces` if the earlier address is dead."""
        return self.answered_at is not None and (
            not self.from_page or bounces or self.agreed_at is not None
        )

    @staticmethod
    def key_of(learner: str, change: str) -> Key:
        """Where that change of that person's address stands."""
        return Key(f"LEARNER#{learner}", f"ADDRESS#{change}")

    def key(self) -> Key:
        return self.key_of(self.learner or "", self.change)
