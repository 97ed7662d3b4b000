"""A class with as many people as a test wants, and a table that counts what it is asked."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.decisions import granted
from shared.domain.findings import findings_of_name
from shared.domain.links import learner_id
from shared.domain.money import Money
from shared.domain.payments import Order, OrderStatus
from shared.domain.record import Record
from shared.domain.registrations import Grant, Learner, Registration
from shared.domain.takings import Line, Takings
from shared.ports import Records
from tests.catalogues import a_certificate, classes_catalogue
from tests.world import KEY, World

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
_YES = granted("test-1", "present", "You were there.")
_NAMES = ("Amara Osei", "Bo Lin", "Devika Rao", "Zoë Brown", "अनन्या शर्मा", "Mario Ortega")


class Counted:
    """Other records, and how many questions they were asked."""

    def __init__(self, beneath: Records) -> None:
        self._beneath = beneath
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._beneath, name)
        if name in ("commit", "put_all"):
            return found

        def asking(*args: Any, **more: Any) -> Any:
            self.asked.append(name)
            return found(*args, **more)

        return asking


def address_of(number: int) -> str:
    return f"person{number}@example.org"


def crowd(people: int, key: bytes, now: datetime) -> Iterator[Record]:
    """So many people in class 1, all decided, as the payments and the close would leave them."""
    for number in range(people):
        learner = learner_id(address_of(number), key)
        name = f"{_NAMES[number % len(_NAMES)]} {number}"
        order = f"stripe-pi_{number}"
        yield Learner(learner=learner, name=name, address=address_of(number), named_by=(now, order))
        yield from findings_of_name(name, learner, key)
        yield Order(
            order=order,
            provider="stripe",
            first_seen_at=now,
            live=False,
            learner=learner,
            paid=Money(minor=6000, currency="USD"),
            series=CLASSES.series.id,
            tier="general",
            sessions=(CLASS_1.id,),
        )
        yield Registration(
            session=CLASS_1.id,
            series=CLASSES.series.id,
            learner=learner,
            grants={order: Grant(tier="general", status=OrderStatus.PAID)},
            registered_at=now + timedelta(seconds=number),
        )
        yield Verdict(
            scope=CLASS_1.id,
            series=CLASSES.series.id,
            learner=learner,
            attended=_YES,
            earned=_YES,
            minutes=150,
            revision="r1",
            report="abc",
            decided_at=now,
        )
        if number % 2:
            yield _certificate(learner, number, now)
    line = Line(
        provider="stripe", tier="general", currency="USD", orders=people, paid=6000 * people
    )
    yield Takings(series=CLASSES.series.id, part=0, lines=(line,), seats={CLASS_1.id: people})


def _certificate(learner: str, number: int, now: datetime) -> Certificate:
    made = a_certificate(CLASSES, learner=learner)
    return made.model_copy(
        update={
            "scope": CLASS_1.id,
            "learner": learner,
            "public_id": f"{number:026}",
            "status": CertificateStatus.ISSUED,
            "issued_at": now,
        }
    )


def full_class(people: int) -> World:
    """The series is published, class 1 is over and that many people are in it."""
    world = World()
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(hours=2)
    world.records.put_all(crowd(people, KEY, world.now))
    return world


def formulas_in(content: str) -> list[str]:
    """Whatever a spreadsheet would take for a formula."""
    cells = [cell for row in csv.reader(content.splitlines()) for cell in row]
    return [cell for cell in cells if cell[:1] in set("=+-@\t\r")]
