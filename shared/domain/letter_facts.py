"""What the words of a letter may draw on, and a letter once it is in words."""

from datetime import datetime

from pydantic import Field

from shared.domain.appeals import Appeal
from shared.domain.applications import Application
from shared.domain.awards import Award
from shared.domain.catalogue import Catalogue, Offer, Session, Tier
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.letters import Letter
from shared.domain.money import Money
from shared.domain.notices import Notice
from shared.domain.payments import Order
from shared.domain.progress import Progress
from shared.domain.refund_requests import RefundRequest
from shared.domain.registrations import Learner
from shared.domain.rounds import Round
from shared.domain.value import Value


class Upgrade(Value):
    """That somebody has paid as much class by class as the whole series costs, or more."""

    paid: Money
    bundle: Offer
    back: Money


class LetterFacts(Value):
    """All that the words of one letter may draw on. What a kind does not need stays empty.

    `sessions` are those the letter is about, in order; `links` are addresses of our own pages by
    what they open ("me", "evaluation", "watch", "my_certificate", "my_application", "review").
    """

    letter: Letter
    catalogue: Catalogue | None = None
    learner: Learner | None = None
    order: Order | None = None
    sessions: tuple[Session, ...] = ()
    tier: Tier | None = None
    certificate: Certificate | None = None
    document: bytes | None = None
    verdict: Verdict | None = None
    application: Application | None = None
    award: Award | None = None
    round: Round | None = None
    upgrade: Upgrade | None = None
    # How far the reader is through a unit, and until when they can make up for the part.
    progress: Progress | None = None
    make_up_until: datetime | None = None
    # What was asked to be looked at again, and how it was answered.
    appeal: Appeal | None = None
    # What a session is to be told by the clock.
    notice: Notice | None = None
    # What was asked back: the request that the letter is about, and those made with it.
    requests: tuple[RefundRequest, ...] = ()
    # What an award leaves to pay, and what of earlier payments it gives back; or
    # what a cancelled class gives back.
    due: Money | None = None
    back: Money | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    links: dict[str, str] = Field(default_factory=dict)
    # Where it goes, if not to the address on file; and an address it names, masked.
    to_address: str | None = None
    masked_address: str = ""


class Attachment(Value):
    """A file that goes with a letter."""

    filename: str
    media_type: str
    content: bytes
    parameters: dict[str, str] = Field(default_factory=dict)


class Composed(Value):
    """A letter in words, ready to be put in an envelope."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


class Envelope(Value):
    """Who writes to whom."""

    sender_name: str
    sender: str
    reply_to: str
    to_name: str
    to: tuple[str, ...]
    # Goes with the message as a header, so that what arrived can be told apart by machines.
    letter_id: str
    # Where one click stops announcements, of letters that are one.
    unsubscribe: str | None = None
