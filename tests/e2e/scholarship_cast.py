"""Who applies in a round, what reviewers say of them, and what is to become of each: data only.

Forty applications: ten late, three by people who send two, two by machines. Reviewers recommend
twelve awards, and the fund reaches for nine. No two on the list are equal, so no lot is drawn and
the order in which things happen may change nothing.

Each person bears four words that stand nowhere else in the world: in their name, in what they
write, in what they say of themselves, and in their address.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.domain.awards import AwardStatus

REVIEWERS = ("first.reader", "second.reader", "third.reader")  # the last one breaks ties
PRICE = 21_000
FUND = 151_000
LEFT_IN_THE_END = 1_000

Says = Literal["full", "partial", "waitlist", "decline", "aside"]
Order = Literal["plain", "turned"]


@dataclass(frozen=True)
class Vote:
    """What one reviewer says; `award` in whole dollars where it is partial."""

    outcome: Says
    strength: int = 2
    award: int = 0


@dataclass(frozen=True)
class Sent:
    """One application as it is sent. `could_pay` in whole dollars; None asks for everything."""

    late: bool = False
    priority: bool = False
    could_pay: int | None = None


@dataclass(frozen=True)
class Applicant:
    """A person of the cast. `votes` are by reviewer; `ends` is their award's last state."""

    label: str
    sent: tuple[Sent, ...]
    votes: Mapping[int, Vote] = field(default_factory=dict)
    ends: AwardStatus | None = None
    amount: int = 0  # of the award, in cents
    withdraws: bool = False
    waits_first: bool = False

    @property
    def taken(self) -> bool:
        """Whether they hold the five seats in the end."""
        return self.ends is AwardStatus.TAKEN

    @property
    def rest(self) -> int:
        """What is left for them to pay of their award, in cents."""
        return PRICE - self.amount if self.ends else 0


def _both(outcome: Says, first: int, second: int, award: int = 0) -> dict[int, Vote]:
    return {0: Vote(outcome, first, award), 1: Vote(outcome, second, award)}


_PLAIN = Sent()
_PRIORITY = Sent(priority=True)
_LATE = Sent(late=True)
_LATE_PRIORITY = Sent(late=True, priority=True)
_TAKEN = AwardStatus.TAKEN

# In the order in which money is offered: nine, then those who wait for what comes back.
_AWARDS = (
    Applicant("award-01", (_PRIORITY,), _both("full", 3, 3), _TAKEN, 21_000),
    Applicant(
        "award-02",
        # The second one says more of them and asks for less; it is the one that counts.
        (_PLAIN, Sent(priority=True, could_pay=90)),
        {0: Vote("partial", 2, 110), 2: Vote("partial", 3, 120)},
        _TAKEN,
        12_000,
    ),
    Applicant("award-03", (_PRIORITY,), _both("full", 2, 2), AwardStatus.DECLINED, 21_000),
    Applicant(
        "award-04",
        # The second one is late, so the first one still counts.
        (_PRIORITY, Sent(late=True, could_pay=10)),
        {1: Vote("full", 1), 2: Vote("full", 2)},
        _TAKEN,
        21_000,
    ),
    Applicant(
        "award-05",
        (Sent(priority=True, could_pay=100),),
        _both("partial", 1, 1, 100),
        AwardStatus.LAPSED,
        10_000,
    ),
    Applicant("award-06", (_PLAIN,), _both("full", 3, 3), _TAKEN, 21_000),
    Applicant("award-07", (Sent(could_pay=50),), _both("partial", 2, 3, 150), _TAKEN, 15_000),
    Applicant(
        "award-08",
        (_PLAIN,),
        {0: Vote("waitlist"), 1: Vote("decline"), 2: Vote("full", 2)},
        _TAKEN,
        21_000,
    ),
    Applicant(
        "award-09",
        (Sent(could_pay=110),),
        {0: Vote("aside"), 1: Vote("partial", 1, 90), 2: Vote("partial", 2, 90)},
        _TAKEN,
        9_000,
    ),
    # What award-03 turns down is theirs.
    Applicant("award-10", (_PLAIN,), _both("full", 1, 1), _TAKEN, 21_000, waits_first=True),
    # Late: behind everybody who was in time.
    Applicant("award-11", (_LATE_PRIORITY,), _both("partial", 3, 3, 105)),
    Applicant("award-12", (_LATE_PRIORITY,), _both("full", 2, 3)),
)
_LISTED = (
    # What award-05 lets lapse is theirs: 90 of the 100, and so 10 stay in the fund.
    Applicant(
        "listed-1",
        (Sent(priority=True, could_pay=120),),
        _both("waitlist", 3, 3),
        _TAKEN,
        9_000,
        waits_first=True,
    ),
    Applicant("listed-2", (_PRIORITY,), _both("waitlist", 2, 2)),
    Applicant("listed-3", (_PLAIN,), _both("waitlist", 3, 3)),
    Applicant("listed-4", (_LATE,), _both("waitlist", 3, 3)),
)
_OTHERS = (
    Applicant("gone-1", (_PLAIN,), withdraws=True),
    Applicant("other-01", (_PLAIN, _PLAIN), _both("decline", 2, 2)),
    *(
        Applicant(f"other-{number:02}", (_PLAIN,), _both("decline", 1, 2))
        for number in range(2, 13)
    ),
    *(
        Applicant(f"other-{number:02}", (_LATE,), _both("decline", 2, 3))
        for number in range(13, 19)
    ),
)
CAST = (*_AWARDS, *_LISTED, *_OTHERS)
SPAM = ("filled in what nobody sees", "filled in within a second")

BOUGHT_BEFORE = "award-06"
TURNS_DOWN = "award-03"
LETS_LAPSE = "award-05"
BY_ANOTHER_TOOL = "other-12"
# A tie that is broken, and a reader who stands aside.
MORE_VOTES = ("award-08", "award-09")


def words_of(who: Applicant, series: str) -> dict[str, str]:
    """Their four words, by what they stand in. Long enough that no other text holds them."""
    bare = f"{series.rpartition('-')[2]}{who.label}".replace("-", "")
    return {part: f"zq{part}{bare}x" for part in ("name", "text", "own", "mail")}


def name_of(who: Applicant, series: str) -> str:
    """Their name."""
    return f"Marisol {words_of(who, series)['name'].capitalize()}"


def address_of(who: Applicant, series: str) -> str:
    """Their address."""
    return f"{words_of(who, series)['mail']}@applies.example.org"


def fields_of(who: Applicant, sent: Sent, series: str) -> dict[str, list[str]]:
    """What they fill in."""
    words = words_of(who, series)
    return {
        "name": [name_of(who, series)],
        "email": [address_of(who, series)],
        "roles": ["Peer"],
        "ask": ["full" if sent.could_pay is None else "partial"],
        "could_pay": ["" if sent.could_pay is None else str(sent.could_pay)],
        "text": [
            f"I am {name_of(who, series)}, and {words['text']} is why I would like to come.\n\n"
            "I work nights in a peer respite house, and cannot pay for this myself."
        ],
        "priorities": ["Low income", "Disabled"] if sent.priority else [],
        "own_words": [f"In my own words: {words['own']}."] if sent.priority else [],
        "profession": [],
        "consent": ["yes"],
    }


def letters_of(who: Applicant, order: Order) -> "Counter[str]":
    """How many of each kind of letter come to them in a round whose events have that order."""
    due: Counter[str] = Counter()
    for number, sent in enumerate(who.sent):
        replaces = number and not (sent.late and not who.sent[0].late)
        due["scholarship_replaced" if replaces else "scholarship_received"] += 1
    if who.withdraws:
        due["scholarship_withdrawn"] += 1
        return due
    if not who.ends or who.waits_first:
        declined = who.votes[1].outcome == "decline"
        due["scholarship_not_awarded" if declined else "scholarship_waiting"] += 1
    if who.ends:
        due["scholarship_offered"] += 1
        due["scholarship_lapsed"] += who.ends is AwardStatus.LAPSED
        due["confirmation"] += who.taken + (who.label == BOUGHT_BEFORE)
        due["scholarship_pay"] += accepts(who, order) and who.rest > 0
    return +due


def accepts(who: Applicant, order: Order) -> bool:
    """Whether they press "accept".

    When events come in turned order, award-07 pays the rest straight away instead, and award-05
    accepts and then does not pay.
    """
    plain = who.taken
    if order == "turned":
        return {"award-05": True, "award-07": False}.get(who.label, plain)
    return plain
