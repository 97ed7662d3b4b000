"""What the use cases need of the world: small protocols, each with an adapter and a memory twin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from shared.domain.awards import Award
from shared.domain.decisions import Decision
from shared.domain.letter_facts import Composed, Envelope, LetterFacts
from shared.domain.notices import Notice
from shared.domain.printing import Printed
from shared.domain.record import Key, Record
from shared.domain.refund_requests import Repayment
from shared.domain.registrations import SeatChange

R = TypeVar("R", bound=Record)


class Records(Protocol):
    """Everything that is kept."""

    def get(self, key: Key, of: type[R]) -> R | None:
        """The record there, read consistently, or None."""

    def find(self, partition: str, of: type[R], prefix: str = "", after: str = "") -> Iterator[R]:
        """All records of that kind in a partition whose sort key begins with `prefix`, in order.

        With `after`, the sort key of a record that was found before, those that come behind it.
        """

    def get_all(self, keys: Sequence[Key], of: type[R]) -> dict[Key, R]:
        """What stands at those keys, at most 100, by one question; no entry where there is none."""

    def get_each(self, wanted: Mapping[Key, type[Record]]) -> dict[Key, Record]:
        """The same of several kinds by one question: at each key the kind that is wanted there."""

    def page(
        self, partition: str, of: type[R], prefix: str = "", after: str = "", most: int = 50
    ) -> list[R]:
        """The first so many that `find` would find, and no more is read than those."""

    def of_learner(self, learner: str, of: type[R]) -> list[R]:
        """All records of that kind that stand on one person's page (eventually consistent)."""

    def page_of(self, learner: str, kinds: Sequence[type[Record]]) -> list[Record]:
        """All records of those kinds that stand on one person's page, asked for once (the same)."""

    def waiting(self, as_what: str, until: datetime, of: type[R]) -> list[R]:
        """What has been waiting under that word since before `until`, oldest first."""

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        """Save all of them or none: each new if its version is 0, else unchanged since it was read.

        At most 100 in all. Raises Conflict, SoldOut or Unavailable. If the answer is lost, the
        same call is safe to repeat.
        """

    def put_all(self, records: Iterable[Record]) -> None:
        """Write records that only ever have one writer and one content, in batches, not as one."""


class Files(Protocol):
    """Objects in a bucket."""

    def read(self, key: str, version: str | None = None, first: int | None = None) -> bytes:
        """The object's bytes (only the first so many). Raises KeyError if there is none."""

    def write(self, key: str, content: bytes, media_type: str) -> None:
        """Put the object."""

    def write_once(self, key: str, content: bytes, media_type: str) -> bytes:
        """Put the object unless there is one; the bytes that stand there afterwards."""

    def link(self, key: str, version: str | None, seconds: int, media_type: str, name: str) -> str:
        """An address at which anybody can fetch the object for so many seconds."""

    def mark(self, key: str, version: str | None, label: str, value: str) -> None:
        """Label the object, for lifecycle rules and for people in the console."""

    def forget(self, key: str) -> None:
        """Take the object away for good, every version of it. Nothing happens if there is none."""

    def under(self, prefix: str) -> Iterator[tuple[str, int, datetime]]:
        """(key, size in bytes, last modified) of all objects under a prefix."""


class Schedules(Protocol):
    """One-time alarms: the close of a session, its notices, the deadline of a scholarship round."""

    def close_at(self, session: str, ends_at: datetime, at: datetime) -> None:
        """Have the close of that session started at `at`; replaces an earlier alarm."""

    def cancel(self, session: str) -> None:
        """Take the alarm back, if there is one."""

    def tell_at(self, notice: Notice) -> None:
        """Have people told when the notice is due; replaces the alarm of one for another plan."""

    def round_at(self, series: str, closes_at: datetime) -> None:
        """Have the review of that round started at its deadline; replaces an earlier alarm."""

    def cancel_round(self, series: str) -> None:
        """Take the round's alarm back, if there is one."""

    def standing(self) -> Mapping[str, datetime]:
        """Every alarm that is set, by its name: when it rings, to the second."""

    def take_back(self, name: str) -> None:
        """Take the alarm of that name back, if there is one."""


class Workflows(Protocol):
    """Running state machines."""

    def start(self, name: str, data: dict[str, str]) -> bool:
        """Start an execution of that name; False if there already was one."""

    def resume(self, task_token: str, data: dict[str, str]) -> bool:
        """Let a waiting execution go on; False if it no longer waits."""


class PromotionCodes(Protocol):
    """Codes with which one person pays less, at the payment provider."""

    def make(self, award: Award, title: str, address: str) -> str | None:
        """The code that leaves `award.due` to pay, the same one each time; None if there is no key.

        Raises Unavailable if the provider did not answer.
        """


class Refunds(Protocol):
    """Giving money back at one payment provider."""

    def give_back(self, repayment: Repayment) -> str | Decision | None:
        """Give it back once, however often it is asked: the provider's id of the refund.

        Why not, if the provider refuses for good; None if there is no key to ask with. Raises
        Unavailable if the provider did not answer, or knows of refunds that we have not heard of.
        """


class Printing(Protocol):
    """Whoever prints certificates."""

    def print(self, key: Key) -> Printed:
        """Print the words that are frozen there; what was printed before stands as it was.

        Raises Unavailable if nobody prints now.
        """


class ProviderPayments(Protocol):
    """What a payment provider says of one payment when it is asked."""

    def about(self, order: str) -> bytes | None:
        """The event that tells of the payment of that order and of who paid, as JSON.

        None if there is no key to ask with, or it knows no more. Raises Unavailable if it did not
        answer.
        """


class Signer(Protocol):
    """A key that signs and shows nobody its private half."""

    def sign(self, message: bytes) -> bytes:
        """The signature (RSA, PKCS #1 v1.5, SHA-256). Raises Unavailable."""

    def public_key(self) -> bytes:
        """Its public half as SubjectPublicKeyInfo in DER. Raises Unavailable."""


class ProviderEvents(Protocol):
    """What a payment provider says it has told us."""

    def since(self, at: datetime) -> Iterator[bytes]:
        """Every event we need that was made at `at` or later, oldest first, as JSON, as delivered.

        None if there is no key to ask with. Raises Unavailable if the provider did not answer.
        """


class ProviderOrders(Protocol):
    """What a provider answers when it is asked for an order, because its webhook says nothing."""

    def order(self, order: str) -> bytes:
        """The order of that id with its tickets, as JSON, as it is now.

        Raises Unavailable if there is no such answer just now.
        """

    def order_of(self, event: str, attendee: str) -> str:
        """The id of the order to which a ticket of an event belongs. Raises the same."""


class Mailer(Protocol):
    """The mail service."""

    def send(self, envelope: Envelope, letter: Composed) -> str:
        """Send once; the service's message id. Raises NotSent or Unanswered."""


class Composer(Protocol):
    """Puts a letter into words."""

    def compose(self, facts: LetterFacts) -> Composed:
        """Subject, text, HTML and attachments of the letter."""
