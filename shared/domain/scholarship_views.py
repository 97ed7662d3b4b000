"""What the scholarship pages show: values with everything a page needs, and nothing it may not say.

Pages draw these; they look nothing up. What a reviewer may not see yet is not in the value at all.
"""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.domain.applications import Answers, Application, Ask, Outcome
from shared.domain.awards import Award
from shared.domain.catalogue import Catalogue
from shared.domain.decisions import Decision
from shared.domain.forms import FieldProblem, Fields
from shared.domain.money import Money
from shared.domain.value import Value


class FormView(Value):
    """The form, empty or as it was sent with what is to be put right.

    `notice` stands above it when the whole is to be sent again (an expired form, a bot's haste).
    """

    catalogue: Catalogue
    token: str
    fields: Fields = Field(default_factory=dict)
    problems: tuple[FieldProblem, ...] = ()
    notice: str = ""
    late: bool = False


class ReceivedView(Value):
    """That an application arrived."""

    catalogue: Catalogue
    reference: str
    late: bool


class ReviewRow(Value):
    """One application in a reviewer's list. `mine` is what they said of it, if they did."""

    reference: str
    late: bool
    priority: bool
    votes: int
    voted: bool
    stood_aside: bool
    decided: bool
    link: str

    @property
    def waits(self) -> bool:
        """Whether it waits for this reviewer's vote: their own is wanted, and any is."""
        return not (self.voted or self.decided)


class ReviewListView(Value):
    """A reviewer's list: `rows` in the order of references, which says nothing of anybody."""

    catalogue: Catalogue
    rows: tuple[ReviewRow, ...]
    voting_closes_at: datetime
    closed: bool


class ReviewView(Value):
    """One application as a reviewer may see it.

    `name` and `votes` stay empty until they have voted or stood aside. `texts` are what the person
    wrote, the version that counts first; names are taken out of them until then.
    """

    catalogue: Catalogue
    reference: str
    late: bool
    priority: bool
    roles: tuple[str, ...]
    ask: Ask
    price: Money
    texts: tuple[str, ...]
    voted: bool
    closed: bool
    name: str = ""
    votes: tuple[str, ...] = ()
    back: str = ""
    # What was chosen in a vote that is to be put right.
    chosen: dict[str, str] = Field(default_factory=dict)
    problem: str = ""


MyState = Literal[
    "received", "replaced", "in_review", "waiting", "offered", "to_pay", "taken", "not_awarded",
    "turned_down", "lapsed", "withdrawn", "erased",
]  # fmt: skip


class MyApplicationView(Value):
    """A person's own page. `application` and `answers` are their own; `award` is what was offered.

    `back` is what they have paid and would get back, `due` what would be left to pay.
    """

    catalogue: Catalogue
    reference: str
    state: MyState
    application: Application | None = None
    answers: Answers | None = None
    award: Award | None = None
    due: Money | None = None
    back: Money | None = None
    decision: Decision | None = None
    erase_at: datetime | None = None
    may: tuple[Literal["withdraw", "accept", "decline", "erase"], ...] = ()
    export: str = ""
    problem: str = ""


def say_outcome(outcome: Outcome | None, award: Money | None) -> str:
    """A recommendation in words."""
    match outcome:
        case Outcome.FULL:
            return "A full scholarship"
        case Outcome.PARTIAL:
            return f"A partial scholarship of {award}" if award else "A partial scholarship"
        case Outcome.WAITLIST:
            return "The waiting list"
        case Outcome.DECLINE:
            return "No scholarship"
        case None:
            return "Stood aside"
