"""What has happened before a coordinator comes in: a class ended last night, and things wait.

Everything here is done as the world does it: HTTP, files in buckets, what the mail service says.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from devstack import desk
from devstack.feedback import say
from devstack.functions import invoke
from devstack.providers import deliver
from devstack.publishing import publish
from devstack.quiet import settle
from devstack.season.attendance import zoom_report
from devstack.season.payments import Till
from devstack.season.people import Person
from devstack.season.play import VIDEO
from devstack.stack import Stack
from shared.domain.catalogue import Catalogue
from shared.domain.links import sign
from shared.domain.mailboxes import Mailbox
from shared.domain.sessions import Series
from tests.e2e.ledger import wait_until

ZONE = ZoneInfo("America/New_York")
SERIES = "morning-2026"
ANA = Person("Ana Brandt", "ana.brandt@example.org", "morning-both", certificate=True)
BO = Person("Bo Tanaka", "bo.tanaka@example.org", "morning-first", certificate=True)
CY = Person("Cyrus Vance", "cyrus.vance@example.org", "morning-first", certificate=True)
DANA = Person("Dana Ortiz", "dana.ortiz@example.org", "morning-first", stay="left after half")
# Paid what the second class costs through the link of the first.
ELI = Person("Eli Marsh", "eli.marsh@example.org", "morning-first")
FAY = Person("Fay Lindqvist", "fay.l@example.org", "morning-second")
FAYS_NEW = "fay@new.example.org"
# As they called themselves in the meeting, where nobody knows them.
STRANGE = (
    Person("Bo Tanaka", "bo.at.home@elsewhere.example", "", certificate=True),
    Person("Cyrus V. Vance", "", "", certificate=True),
)
_CATALOGUE = """\
catalogue: 1
institute:
  id: morning
  name: Institute for Mornings
  short_name: Mornings
  sender: letters@morning.example
  contact: contact@morning.example
  staff: [desk@morning.example]
  zone: America/New_York
  signatory:
    name: Training Team
    office: Institute for Mornings
series:
  id: {series}
  title: Two classes
  page: https://morning.example/two-classes
  accessibility: Every class has captions.
sessions:
  - id: morning-2026-1
    title: The first class
    kind: class
    starts: {first_starts}
    ends: {first_ends}
    zone: America/New_York
    faculty: [Rae Johnson]
    credit_hours: 2
    recorded: true
    captions: human
    joining_link: https://zoom.example/j/1
  - id: morning-2026-2
    title: The second class
    kind: class
    starts: {second_starts}
    ends: {second_ends}
    zone: America/New_York
    faculty: [Rae Johnson]
    credit_hours: 2
    recorded: true
    captions: human
    joining_link: https://zoom.example/j/2
tiers:
  - id: general
    title: General
    includes: [The live class and its recording]
    credit: true
prices:
  - id: morning-first
    title: The first class
    tier: general
    sessions: [morning-2026-1]
    amount: 6000
    currency: USD
    provider_ids: {{stripe: plink_1MorningFirst}}
  - id: morning-second
    title: The second class
    tier: general
    sessions: [morning-2026-2]
    amount: 7000
    currency: USD
    provider_ids: {{stripe: plink_1MorningSecond}}
  - id: morning-both
    title: Both classes
    tier: general
    sessions: [morning-2026-1, morning-2026-2]
    amount: 11000
    currency: USD
    provider_ids: {{stripe: plink_1MorningBoth}}
policies:
  refund:
    wording: Write to us, and we find a way.
  recording:
    days_after_event: 60
    captions_required: true
  certificate:
    per: session
    hours_label: hours
  reminder_hours_before: [24]
"""


@dataclass
class Night:
    """What was done before the morning; `text` is the catalogue as it was published."""

    stack: Stack
    text: str = ""
    letters: set[str] = field(default_factory=set)

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue as it holds now."""
        kept = desk.records(self.stack).get(Series.key_of(SERIES), Series)
        assert kept is not None
        return kept.catalogue

    def page(self, person: Person, where: str) -> str:
        """The address of a page below somebody's own."""
        token = sign("me", desk.id_of(self.stack, person.address), desk.keys(self.stack)[0])
        return f"{self.stack.api_url}/me/{token}{where}"


def night(stack: Stack, folder: Path) -> Night:
    """Let all of it happen, and wait until the stack is quiet."""
    kept = Night(stack)
    _publish(kept, folder)
    till = Till(kept.catalogue)
    for person in (ANA, BO, CY, DANA, FAY):
        assert deliver(stack, "stripe", till.paid(person)).status == 200
    assert deliver(stack, "stripe", till.paid(ELI, 7000)).status == 200
    settle(stack)
    say(stack, "bounce.permanent", FAY.address)
    first = kept.catalogue.sessions[0]
    staff = stack.client("s3", "staff")
    report = zoom_report(first, (ANA, DANA, *STRANGE))
    staff.put_object(
        Bucket=stack.uploads, Key=f"attendance/{first.id}/participants.csv", Body=report
    )
    film = VIDEO + uuid.uuid4().bytes
    staff.put_object(Bucket=stack.uploads, Key=f"recordings/{first.id}/main.mp4", Body=film)
    wait_until(lambda: bool(desk.session_state(stack, first.id).report), "the report", 60)
    state = desk.session_state(stack, first.id)
    invoke(stack, "SessionCloseStart", {"session": first.id, "ends_at": state.ends_at.isoformat()})
    wait_until(lambda: desk.session_state(stack, first.id).closed, "the close", 120)
    settle(stack)
    mailbox = Mailbox.key_of(desk.id_of(stack, FAY.address))
    wait_until(
        lambda: bool((found := desk.records(stack).get(mailbox, Mailbox)) and found.waiting),
        "the bounce",
        30,
    )
    _appeal(kept, first.id)
    return kept


def _publish(kept: Night, folder: Path) -> None:
    now = desk.now().astimezone(ZONE).replace(second=0, microsecond=0, tzinfo=None)
    ends, later = now - timedelta(minutes=30), now + timedelta(days=20)
    kept.text = _CATALOGUE.format(
        series=SERIES,
        first_starts=_clock(ends - timedelta(hours=2)),
        first_ends=_clock(ends),
        second_starts=_clock(later),
        second_ends=_clock(later + timedelta(hours=2)),
    )
    file = folder / f"{SERIES}.yaml"
    file.write_text(kept.text, encoding="utf-8")
    said = publish(kept.stack, file)
    assert not said.startswith("Nothing was changed"), said


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _appeal(kept: Night, session: str) -> None:
    body = urlencode({"reason": "I was there to the end, and listened by phone."})
    address = kept.page(DANA, f"/appeal/{session}")
    request = Request(address, data=body.encode(), method="POST")  # noqa: S310 - loopback
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        assert answer.status == 200
