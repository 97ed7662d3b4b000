"""What the desk's first page shows: each thing that waits for a person, and what they can do."""

from datetime import datetime

from pydantic import Field

from shared.domain.staff import What
from shared.domain.value import Value


class Choice(Value):
    """One of several values, and what it is called."""

    value: str
    label: str


class Blank(Value):
    """Something a person fills in before they do it; with `choices` one of them is taken."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    several: bool = False
    required: bool = True


class Deed(Value):
    """One act: `what` names it in its address, `ids` say of what, `blanks` are filled in by hand.

    `why` is the label of the reason they give; empty if the act needs none.
    """

    what: str
    label: str
    ids: dict[str, str] = Field(default_factory=dict)
    blanks: tuple[Blank, ...] = ()
    why: str = "Why? One sentence, kept with it"


class Waits(Value):
    """One thing that waits: since when, why, what is known of it, and what can be done.

    `suggested` is the act that is most likely right; None if only a person can tell. `link` is the
    way to more, from the top of all pages.
    """

    word: str
    since: datetime
    title: str
    reasons: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    suggested: Deed | None = None
    others: tuple[Deed, ...] = ()
    link: str = ""
    link_label: str = ""
    for_whom: What


class TodayView(Value):
    """Everything that waits, oldest first; `more` of it is not shown."""

    at: datetime
    waits: tuple[Waits, ...]
    more: int = 0
