"""Look at one person: what they see themselves, everything that happened to them, in order.

What it reads grows with what the person has and never with how many others there are: one question
for the ledger, and those of their own page.
"""

from datetime import datetime, timedelta

from shared.domain.appeals import Appeal
from shared.domain.certificates import Certificate
from shared.domain.desk_person import PersonPage
from shared.domain.holds import Hold
from shared.domain.ledger import KINDS, ledger
from shared.domain.letters import Letter
from shared.domain.likeness import SamePerson
from shared.domain.links import sign
from shared.domain.mailboxes import Mailbox
from shared.domain.my_page import MyPageView
from shared.domain.overrides import Overrides
from shared.domain.payments import Order
from shared.domain.record import Record
from shared.domain.refund_requests import RefundRequest
from shared.domain.registrations import Learner
from shared.ports import Records
from shared.usecases.open_my_page import open_my_page

# The page is drawn at once; nobody ever holds this key to it.
_A_MOMENT = timedelta(minutes=1)


def look_at_person(
    learner: str, *, keys: list[bytes], records: Records, now: datetime
) -> PersonPage | None:
    """The page, or None if nobody of that id is known."""
    person = records.get(Learner.key_of(learner), Learner)
    if person is None:
        return None
    mine = open_my_page(
        sign("me", learner, keys[0], now + _A_MOMENT),
        keys=keys,
        records=records,
        # Staff look at what a person may open, and open nothing in their place.
        link=lambda purpose, subject, *_: f"{purpose}/{subject}",
        now=now,
    )
    if not isinstance(mine, MyPageView):
        return None
    kept = records.page_of(learner, KINDS)
    titles = {one.id: one.title for series in mine.series for one in series.catalogue.sessions} | {
        series.id: series.catalogue.series.title for series in mine.series
    }
    same = records.get(SamePerson.key_of(learner), SamePerson)
    return PersonPage(
        person=person,
        mailbox=records.get(Mailbox.key_of(learner), Mailbox),
        other=same.person if same and same.holds else "",
        joined=tuple(one for one in kept if isinstance(one, SamePerson)),
        mine=mine.model_copy(update={"token": ""}),
        ledger=ledger(kept, titles),
        orders=tuple(one for one in kept if isinstance(one, Order)),
        letters=_letters(kept),
        certificates=tuple(one for one in kept if isinstance(one, Certificate)),
        overrides=tuple(one for one in kept if isinstance(one, Overrides)),
        requests=tuple(one for one in kept if isinstance(one, RefundRequest)),
        appeals=tuple(one for one in kept if isinstance(one, Appeal)),
        hold=next((one for one in kept if isinstance(one, Hold)), None),
        titles=titles,
    )


def _letters(kept: list[Record]) -> tuple[Letter, ...]:
    """Letters to the person, the latest first."""
    to_them = [one for one in kept if isinstance(one, Letter) and not one.letter.to_staff]
    to_them.sort(key=lambda one: (one.sent_at or one.owed_at, one.name), reverse=True)
    return tuple(to_them)
