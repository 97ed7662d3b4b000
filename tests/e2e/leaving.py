"""Somebody who takes part in everything, and whose words stand nowhere else in the world.

Everything is done as people, providers and staff do it: by HTTP, files in buckets, an alarm.
"""

import json
import re
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from devstack import desk
from devstack.functions import invoke
from devstack.mailbox import read_inbox
from devstack.providers import deliver
from devstack.publishing import publish
from devstack.quiet import settle
from devstack.season import scholarships as web
from devstack.season.attendance import zoom_report
from devstack.season.browser import Opened
from devstack.season.payments import Till
from devstack.season.people import Person
from devstack.shift import shift_catalogue
from devstack.stack import Stack
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue, Session
from shared.domain.refund_requests import RefundRequest
from tests.e2e.ledger import everything, wait_until
from tests.faults.deliveries import series_file
from tests.zoom import MEETING, zoom_event

SERIES = "leaving-2026"
_PATIENCE = 180
_ORIGIN, _TAKEN = "198.51.100.77", 201
# A word of hers begins with "zq" and ends with "quill"; a word of whoever stays ends with "fern".
HERS = re.compile(r"zq[a-z]+quill")
OTHERS = re.compile(r"zq[a-z]+fern")
# What she says in an evaluation is kept apart from who said it: nobody can lead it back to her.
COMMENT = "zqcommentquill"
ZORA = Person("Zora Zqnamequill", "zqmailquill@leaves.example", f"{SERIES}-general-class-1")
LATER = Person(ZORA.name, ZORA.address, f"{SERIES}-general-class-2", stay="left after half")
AHEAD = Person(ZORA.name, ZORA.address, f"{SERIES}-general-class-3")
SECOND = "zqsecondquill@leaves.example"
STAYS = Person("Ana Zqstayfern", "zqmailfern@stays.example", f"{SERIES}-general-class-1")
# As her phone calls itself, which nobody registered.
PHONE = Person(f"{ZORA.name}'s zqphonequill", "", "")
# Their classes are held in Zoom meetings of their own.
_LINK = r"joining_link: https://zoom.example/j/982(\d+)"


@dataclass
class Leaving:
    """A person's time with an institute, and everything that came in about her."""

    stack: Stack
    folder: Path
    catalogue: Catalogue = field(init=False)
    delivered: list[tuple[str, bytes]] = field(default_factory=list)
    reports: list[tuple[str, bytes]] = field(default_factory=list)
    forms: list[tuple[web.Page, dict[str, list[str]]]] = field(default_factory=list)

    @property
    def over(self) -> tuple[Session, Session]:
        """The two classes that are over."""
        first, second = self.catalogue.sessions[:2]
        return first, second

    @property
    def page(self) -> str:
        """The address of her own page, as a letter has it."""
        return web.link_in_letters(self.stack, ZORA.address, "me").split("?")[0]

    @property
    def letters(self) -> int:
        """How many letters have come to any address of hers."""
        return sum(
            len(read_inbox(self.stack.letters_folder, one)) for one in (ZORA.address, SECOND)
        )

    def send(self, url: str, **fields: str | list[str]) -> Opened:
        """Open a page of hers, fill in its form and send it."""
        page = web.open_page(url)
        (form,) = (one for one in page.forms if one.method == "post")
        several = {n: [v] if isinstance(v, str) else v for n, v in fields.items()}
        held = {name: [value] for name, value in form.hidden.items()}
        body = urllib.parse.urlencode(held | several, doseq=True).encode()
        answer = web.post(urllib.parse.urljoin(url, form.action), body, {})
        assert answer.status == 200, (url, answer.status, answer.text)
        return answer

    def hand_over(self, provider: str, body: bytes) -> None:
        """A provider tells something."""
        self.delivered.append((provider, body))
        assert deliver(self.stack, provider, body).status == 200

    def upload(self, session: Session, people: Iterable[Person], name: str) -> None:
        """Staff upload a report."""
        self.reports.append((f"attendance/{session.id}/{name}", zoom_report(session, people)))
        self.put(*self.reports[-1])

    def put(self, key: str, content: bytes) -> None:
        """Staff put a file in the bucket."""
        staff = self.stack.client("s3", "staff")
        staff.put_object(Bucket=self.stack.uploads, Key=key, Body=content)

    def close(self, session: Session) -> None:
        """The alarm of a class's end rings."""
        ends_at = session.ends_at.isoformat()
        invoke(self.stack, "SessionCloseStart", {"session": session.id, "ends_at": ends_at})

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Wait until it is so."""
        wait_until(done, what, _PATIENCE)


def take_part(stack: Stack, folder: Path) -> Leaving:
    """She takes part in everything, beside somebody who stays."""
    played = Leaving(stack, folder)
    _publish(played)
    form = web.open_form(stack, SERIES)
    refunded = _pay(played)
    _apply(played, form)
    _attend(played)
    _say(played)
    _ask_back(played, refunded)
    _have_another_address(played)
    for session in played.over:
        invoke(stack, "SessionCloseExport", {"session": session.id, "kind": "csv"})
    settle(stack, _PATIENCE)
    return played


def _publish(played: Leaving) -> None:
    text = series_file(SERIES, played.folder).read_text(encoding="utf-8")
    text = re.sub(_LINK, r"\g<0>\n    zoom: {meeting_id: 733\1}", text)
    text = text.replace("days_before: 7", "days_before: 60")
    text = text.replace("\npolicies:\n", "\npolicies:\n  evaluation:\n    required: false\n")
    first, second = (one.ends_at for one in read_catalogue(text.encode()).sessions[:2])
    text = shift_catalogue(text, desk.now() - (second - first) - timedelta(minutes=30))
    deadline = desk.now() + timedelta(days=1)
    text = re.sub(r"deadline: .*", f"deadline: {deadline:%Y-%m-%d %H:%M}", text)
    file = played.folder / f"{SERIES}.yaml"
    file.write_text(text, encoding="utf-8")
    said = publish(played.stack, file, timeout=_PATIENCE)
    assert not said.startswith("Nothing was changed"), said
    played.catalogue = read_catalogue(text.encode())


def _apply(played: Leaving, form: web.Page) -> None:
    fields = {
        "name": [ZORA.name], "email": [ZORA.address], "roles": ["Peer"], "ask": ["full"],
        "could_pay": [""], "text": ["I would like to come because of zqtextquill, at night."],
        "priorities": ["Low income"], "own_words": ["In my own words: zqownquill."],
        "profession": [], "consent": ["yes"],
    }  # fmt: skip
    played.forms.append((form, fields))
    # Sent within seconds it is a machine's. The same form is one application, however often sent.
    played.until(lambda: web.send_form(form, fields, _ORIGIN).status == _TAKEN, "the application")


def _pay(played: Leaving) -> bytes:
    """They pay; the event that the class ahead was refunded, for when it is."""
    tills = [Till(played.catalogue) for _ in range(3)]
    for till, person in zip(tills, (ZORA, LATER, AHEAD), strict=True):
        played.hand_over("stripe", till.paid(person))
    assert deliver(played.stack, "stripe", tills[0].paid(STAYS)).status == 200
    played.until(lambda: played.letters >= 3, "her seats")
    return tills[2].refunded(AHEAD)


def _attend(played: Leaving) -> None:
    """Both classes: she is there to the end of the first, and leaves the second half-way."""
    first, second = played.over
    played.send(
        f"{played.page}/particulars",
        **{
            "certificate_name": "Dr. Zora Zqprintquill", "profession-0": "other",
            "other-0": "Healer", "state-0": "other", "number-0": "ZQLICENCEQUILL",
        },
    )  # fmt: skip
    for event, at in (("joined", second.starts_at), ("left", second.ends_at)):
        told = zoom_event(
            f"meeting.participant_{event}", at, name=f"{ZORA.name}'s zqlivequill", device="77"
        )
        number = str(second.zoom_meeting).encode()
        played.hand_over("zoom", told.replace(MEETING.encode(), number))
    played.upload(first, (ZORA, PHONE, STAYS), "participants.csv")
    played.upload(second, (LATER, PHONE, STAYS), "participants.csv")
    for session in played.over:
        of = partial(desk.session_state, played.stack, session.id)
        played.until(lambda of=of: bool(of().report), "the report")  # type: ignore[misc]
        played.close(session)
    for session in played.over:
        of = partial(desk.session_state, played.stack, session.id)
        played.until(lambda of=of: of().closed, "the close")  # type: ignore[misc]
    settle(played.stack, _PATIENCE)


def _say(played: Leaving) -> None:
    """What she writes on pages of her own."""
    _, second = played.over
    played.send(f"{played.page}/appeal/{second.id}", reason="I listened by zqappealquill.")
    evaluation = web.open_page(f"{played.page}/evaluation/{second.id}")
    (form,) = (one for one in evaluation.forms if one.method == "post")
    marks = {name: "5" for name, value in form.choices if value == "5"}
    assert marks
    played.send(evaluation.url, **marks, comment=f"It was {COMMENT}.")


def _ask_back(played: Leaving, refunded: bytes) -> None:
    """She asks for the money of the class ahead, late; staff give it back by hand."""
    order = json.loads(refunded)["data"]["object"]["payment_intent"]
    third = played.catalogue.sessions[2]
    url = f"{played.page}/refund/stripe-{order}?on=1&class={third.id}"
    played.send(url, note="It is for zqnotequill that I ask.")
    played.until(lambda: len(everything(played.stack, RefundRequest)) > 0, "the request")
    played.hand_over("stripe", refunded)


def _have_another_address(played: Leaving) -> None:
    played.send(f"{played.page}/address", address=SECOND)
    for address in (ZORA.address, SECOND):
        links = partial(web.links_in_letters, played.stack, address, "address")
        played.until(lambda links=links: bool(links()), "both letters")  # type: ignore[misc]
        played.send(links()[-1])
