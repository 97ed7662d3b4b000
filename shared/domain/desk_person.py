"""What the desk's page of one person shows: their own page, the ledger, and what can be done."""

from shared.domain.appeals import Appeal
from shared.domain.certificates import Certificate
from shared.domain.holds import Hold
from shared.domain.ledger import Entry
from shared.domain.letters import Letter
from shared.domain.likeness import SamePerson
from shared.domain.mailboxes import Mailbox
from shared.domain.my_page import MyPageView
from shared.domain.overrides import Overrides
from shared.domain.payments import Order
from shared.domain.refund_requests import RefundRequest
from shared.domain.registrations import Learner
from shared.domain.value import Value


class PersonPage(Value):
    """The whole page. `mine` is what the person sees themselves, with no way to open it.

    `other` is the id under which the rest of theirs stands, if staff said that they are one person
    with somebody; `joined` are the second addresses that count as theirs, or did once.
    """

    person: Learner
    mailbox: Mailbox | None
    other: str
    joined: tuple[SamePerson, ...] = ()
    mine: MyPageView
    ledger: tuple[Entry, ...]
    orders: tuple[Order, ...]
    letters: tuple[Letter, ...]
    certificates: tuple[Certificate, ...]
    overrides: tuple[Overrides, ...]
    requests: tuple[RefundRequest, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    hold: Hold | None = None
    titles: dict[str, str]

    @property
    def held(self) -> bool:
        """Whether staff hold their places."""
        return self.hold is not None and self.hold.holds


class FoundPerson(Value):
    """Somebody whom a search found."""

    learner: str
    name: str
    address: str


class FoundThing(Value):
    """Something else that a search found: the way to it from the top of all pages, and its name."""

    path: str
    text: str


class SearchPage(Value):
    """What a search found. `next` is where more people may be, if there are more to look at."""

    asked: str
    people: tuple[FoundPerson, ...] = ()
    things: tuple[FoundThing, ...] = ()
    next: str = ""
