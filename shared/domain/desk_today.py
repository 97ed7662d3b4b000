"""What the desk's first page shows: each thing that waits for a person, and what they can do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import Field

from shared.domain.staff import Staff, What, may
from shared.domain.value import Value
from shared.domain.waiting_items import WaitingItem, WaitingKind

# Whose part each kind of thing is.
FOR_WHOM: Final[Mapping[WaitingKind, What]] = {
    WaitingKind.PAYMENT: "rule on money",
    WaitingKind.REFUND: "rule on money",
    WaitingKind.ATTENDANCE: "rule on people",
    WaitingKind.RECORDING: "rule on recordings",
    WaitingKind.ADDRESS: "rule on people",
    WaitingKind.LETTER: "rule on letters",
    WaitingKind.CERTIFICATE: "rule on people",
    WaitingKind.LIKENESS: "rule on people",
    WaitingKind.JOINING_LINK: "publish catalogues",
    WaitingKind.REPORT: "rule on recordings",
    WaitingKind.REFLECTION: "rule on people",
    WaitingKind.APPEAL: "rule on people",
    WaitingKind.APPLICATION: "rule on scholarships",
    WaitingKind.ROUND_LETTER: "rule on letters",
}


def kinds_for(asks: Staff) -> frozenset[WaitingKind]:
    """What of all that waits is theirs to answer."""
    return frozenset(kind for kind, what in FOR_WHOM.items() if may(asks, what))


class Choice(Value):
    """One of several values, and what it is called."""

    value: str
    label: str


class Blank(Value):
    """Something a person fills in before they do it; with `choices` one of them is taken.

    `several` lets more than one be taken, or none.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    several: bool = False
    required: bool = True


class Deed(Value):
    """One act: `what` names it in its address, `ids` say of what, `blanks` are filled in by hand.

    `why` is the label of the reason they give; empty if the act needs none. `told` if the person it
    is about reads that reason, which then has more room.
    """

    what: str
    label: str
    ids: dict[str, str] = Field(default_factory=dict)
    blanks: tuple[Blank, ...] = ()
    why: str = "Why? One sentence, kept with it"
    told: bool = False


class Offered(Value):
    """What can be done about one thing, or one part of it, which then has a `title`.

    `suggested` is the act that is most likely right; None if only a person can tell. `said` is read
    before it is done.
    """

    title: str = ""
    said: str = ""
    suggested: Deed | None = None
    others: tuple[Deed, ...] = ()
    # A page on which more can be done, from the top of all pages, and what it is called.
    link: str = ""
    link_label: str = ""


class Entry(Value):
    """One thing that waits, and what can be done about it."""

    item: WaitingItem
    offered: tuple[Offered, ...]


class TodayView(Value):
    """What waits, oldest first: so many `in_all`; `after` names where the rest begins, if any."""

    entries: tuple[Entry, ...]
    in_all: int
    after: str = ""
    at: datetime
