"""One scholarship round on a local stack, as the outside sees it: what it can do, what it knows."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from devstack import desk
from devstack.mailbox import read_inbox
from devstack.providers import deliver
from devstack.publishing import publish
from devstack.season import scholarships as web
from devstack.season.browser import Opened
from devstack.shift import shift_catalogue
from devstack.stack import Stack
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.rounds import Round, RoundPhase
from shared.domain.scholarship_policy import ScholarshipPolicy
from tests.e2e import scholarship_cast as cast
from tests.faults.deliveries import series_file
from tests.payments import changed

_KIND = re.compile(r"(?m)^X-Tending-Letter: ([a-z_]+)")


@dataclass
class PlayedRound:
    """One round as the outside sees it, and what was seen on the way that ought not to be."""

    stack: Stack
    series: str
    order: cast.Order
    folder: Path
    references: dict[str, list[str]] = field(default_factory=dict)
    refused: list[Opened] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    # What was sent, to be sent once more when all is forgotten.
    posted: list[tuple[web.Page, dict[str, list[str]]]] = field(default_factory=list)
    message: str = ""
    paid: list[str] = field(default_factory=list)
    own_pages: dict[str, str] = field(default_factory=dict)
    review_pages: list[str] = field(default_factory=list)

    @property
    def file(self) -> Path:
        """Its catalogue."""
        return self.folder / f"{self.series}.yaml"

    @property
    def turned(self) -> bool:
        return self.order == "turned"

    @property
    def catalogue(self) -> Catalogue:
        return read_catalogue(self.file.read_bytes())

    @property
    def policy(self) -> ScholarshipPolicy:
        """How its scholarships are awarded."""
        policy = self.catalogue.policies.scholarship
        assert policy is not None
        return policy

    def reader(self, number: int) -> str:
        """The address of a reviewer."""
        return f"{cast.REVIEWERS[number]}@{self.series}.example.org"

    def publish(self, deadline: datetime) -> None:
        """Publish its catalogue with that deadline (on New York's clocks)."""
        text = self.file.read_text() if self.file.exists() else self._made()
        text = re.sub(r"deadline: .*", f"deadline: {deadline:%Y-%m-%d %H:%M}", text)
        self.file.write_text(text)
        verdict = publish(self.stack, self.file)
        assert not verdict.startswith("Nothing was changed"), verdict

    def _made(self) -> str:
        readers = ", ".join(self.reader(number) for number in range(3))
        text = series_file(self.series, self.folder).read_text()
        for what, value in (
            ("covers", f"{self.series}-general-bundle"),
            ("fund", str(cast.FUND)),
            ("reviewers", f"[{readers}]"),
            ("tie_break", self.reader(2)),
        ):
            text, times = re.subn(rf"(?m)^(    {what}): .*", rf"\1: {value}", text)
            assert times == 1, what
        # With a limit, the seats are counted.
        text = text.replace("    credit_hours:", "    capacity: 40\n    credit_hours:")
        return shift_catalogue(text, desk.now() + timedelta(days=250))

    def people(self, late: bool) -> Iterator[tuple[cast.Applicant, int]]:
        """Who sends an application now, and which of theirs it is; each person's in their order."""
        chosen = [
            (who, number)
            for who in cast.CAST
            for number, sent in enumerate(who.sent)
            if sent.late is late
        ]
        if self.turned:
            chosen.sort(key=lambda one: one[0].label, reverse=True)
        return iter(chosen)

    def around(self) -> Round:
        """Where it is."""
        found = desk.records(self.stack).get(Round.key_of(self.series), Round)
        assert found is not None, f"There is no round of {self.series}."
        return found

    def phase_is(self, phase: RoundPhase) -> bool:
        return self.around().phase is phase

    def label_of(self, reference: str) -> str:
        """Whose application that is."""
        return next(label for label, known in self.references.items() if reference in known)

    def open_own_page(self, who: cast.Applicant) -> web.Page:
        """The page behind the newest link that they were sent."""
        address = cast.address_of(who, self.series)
        url = web.link_in_letters(self.stack, address, "my-application")
        self.own_pages[who.label] = url
        return web.open_page(url)

    def pays(self, who: cast.Applicant, amount: int, why: str) -> None:
        """They pay so much through the link of what the scholarship covers."""
        offer = self.catalogue.offer(self.policy.covers)
        key = f"{self.series}_{who.label}_{why}"
        event = changed(
            "checkout.session.completed.paid",
            event={"id": f"evt_{key}"},
            id=f"cs_{key}",
            payment_intent=f"pi_{key}",
            payment_link=offer.provider_ids["stripe"],
            amount_total=amount,
            amount_subtotal=amount,
            currency="usd",
            customer_details={
                "email": cast.address_of(who, self.series),
                "name": cast.name_of(who, self.series),
            },
        )
        self.paid.append(event)
        for _ in range(2 if self.turned else 1):
            assert deliver(self.stack, "stripe", event.encode()).status == 200

    def sends_a_message(self, fields: dict[str, list[str]]) -> Opened:
        """The institute's own form tool sends what somebody filled in there."""
        data = {name: many if name in ("roles", "priorities") else "".join(many)
                for name, many in fields.items()}  # fmt: skip
        self.message = json.dumps({"type": "application", "data": {"series": self.series, **data}})
        answer = deliver(self.stack, "form", self.message.encode())
        return Opened(answer.status, answer.body.encode())

    def expect(self, true: bool, what: str) -> None:
        """Note what is not as it must be."""
        if not true:
            self.wrong.append(f"{self.series}: {what}")


def letters_to(one: PlayedRound, address: str) -> list[str]:
    """The kinds of all letters that arrived for an address, about this round or its seats."""
    return [
        kind
        for letter in read_inbox(one.stack.letters_folder, address)
        for kind in _KIND.findall(letter.raw.decode("utf-8", "replace"))
    ]
